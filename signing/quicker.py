"""Slow spots of the engine underneath made quick, with the same answers: long hex strings, names of certificates."""

import binascii
from collections.abc import Callable
from typing import Any, BinaryIO, TypeVar

from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils import generic

_PIECE_BYTES = 4096
# Kept between files; no file can fill the memory.
_LARGEST_NAME, _MOST_NAMES = 2048, 256
_SPACES = b" \n\r\t\x00\x0c"

T = TypeVar("T")
_read_hex_string = generic.read_hex_string_from_stream
_hashable = asn1_x509.RDNSequence.hashable.fget
_compared: dict[bytes, object] = {}
_hashed: dict[bytes, str] = {}


def _read_hex_string_at_once(stream: BinaryIO) -> Any:  # noqa: ANN401  # the engine's text or bytes
    """A string in angle brackets, by pieces; the engine reads letter by letter, and a signature has 16,000."""
    start = stream.tell()
    stream.read(1)
    digits, closed = bytearray(), b""
    while not closed and (piece := stream.read(_PIECE_BYTES)):
        before, closed, _ = piece.partition(b">")
        digits += before
    bare = digits.translate(None, _SPACES)
    try:
        value = binascii.unhexlify(bare + b"0" * (len(bare) % 2)) if closed else None
    except ValueError:
        value = None
    if value is None:
        # Odd or cut off: what is to be said about it, the engine says.
        stream.seek(start)
        return _read_hex_string(stream)
    stream.seek(start + len(digits) + 2)
    return generic.pdf_string(value)


def _compare(name: asn1_x509.RDNSequence) -> object:
    """A name as RFC 5280 §7.1 compares it: of each part the number of its members, their types and prepared texts."""
    return tuple((len(part), {one["type"].native: one.prepped_value for one in part}) for part in name)


def _kept(store: dict[bytes, T], name: asn1_x509.RDNSequence, work: Callable[[asn1_x509.RDNSequence], T]) -> T:
    """What `work` makes of a name, once: the same few stand in every certificate of a file."""
    der = name.contents
    if der in store:
        return store[der]
    made = work(name)
    if len(der) <= _LARGEST_NAME:
        if len(store) >= _MOST_NAMES:
            store.clear()
        store[der] = made
    return made


def _equal(one: asn1_x509.RDNSequence, other: object) -> bool:
    if not isinstance(other, asn1_x509.RDNSequence):
        return False
    return _kept(_compared, one, _compare) == _kept(_compared, other, _compare)


def quicken() -> None:
    """Put these in the place of the engine's own, for this process."""
    generic.read_hex_string_from_stream = _read_hex_string_at_once
    asn1_x509.RDNSequence.__eq__ = _equal
    asn1_x509.RDNSequence.__ne__ = lambda one, other: not _equal(one, other)
    asn1_x509.RDNSequence.hashable = property(lambda name: _kept(_hashed, name, _hashable))
