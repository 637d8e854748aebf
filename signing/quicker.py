"""Slow spots of the engine underneath made quick, with the same answers: hex strings, keys, names, signatures."""

import binascii
import gc
import hashlib
import re
from collections.abc import Callable
from typing import Any, BinaryIO, TypeVar

from asn1crypto import algos
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PDF_DELIMITERS, PDF_WHITESPACE, read_until_delimiter
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko_certvalidator import sig_validate
from pyhanko_certvalidator.sig_validate import DEFAULT_VALIDATION_CONTEXT, SignatureValidationContext

from signing.streams import leave_in_file, subsumed

_PIECE_BYTES = 4096
# Kept between files; no file can fill the memory.
_LARGEST_NAME, _MOST_NAMES = 2048, 256
_MOST_PROVEN = 4096
_SPACES = b" \n\r\t\x00\x0c"
# A file becomes some ten thousand objects that live until it is judged: looking among them for garbage finds nothing.
_OBJECTS_BETWEEN_LOOKS = 20_000

T = TypeVar("T")
# What a key is made of nearly always: nothing in it has to be decoded or refused.
_PLAIN_NAME = re.compile(rb"[A-Za-z0-9_.+-]*\Z")
_DELIMITER = re.compile(b"[" + re.escape(PDF_WHITESPACE + PDF_DELIMITERS) + b"]")
_TOKEN_BYTES = 48

_read_hex_string = generic.read_hex_string_from_stream
_decode_name = generic._decode_name  # noqa: SLF001  # it is put in the place of this very function
_hashable = asn1_x509.RDNSequence.hashable.fget
_subsume = HistoricalResolver._subsume_object  # noqa: SLF001  # as above
_check_signature = sig_validate._validate_raw  # noqa: SLF001  # as above
_compared: dict[bytes, object] = {}
_hashed: dict[bytes, str] = {}
_proven: set[bytes] = set()
_COMPOUND = (generic.DictionaryObject, generic.ArrayObject, generic.IndirectObject, generic.DecryptedObjectProxy)


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


def _decode_name_at_once(name: bytes) -> generic.NameObject:
    """A key of the file, from its bytes without the slash."""
    if _PLAIN_NAME.match(name):
        return generic.NameObject("/" + name.decode("ascii"))
    odd: generic.NameObject = _decode_name(name)
    return odd


def _read_until_delimiter_at_once(stream: BinaryIO) -> bytes:
    """A token, up to what ends it; the engine asks for it byte by byte."""
    start = stream.tell()
    piece = stream.read(_TOKEN_BYTES)
    found = _DELIMITER.search(piece)
    if found is None:
        stream.seek(start)
        return read_until_delimiter(stream)
    stream.seek(start + found.start())
    return piece[: found.start()]


def _compare(name: asn1_x509.RDNSequence) -> object:
    """A name as RFC 5280 §7.1 compares it: of each part the number of its members, their types and prepared texts."""
    return tuple((len(part), {one["type"].native: one.prepped_value for one in part}) for part in name)


def _kept(store: dict[bytes, T], name: asn1_x509.RDNSequence, work: Callable[[asn1_x509.RDNSequence], T]) -> T:
    """What `work` makes of a name, once: the same few stand in every certificate of a file."""
    # A name that was read is not written to: that nothing in it changed since need not be looked up in all its parts.
    der = name._contents if name._contents and not name._mutated else name.contents  # noqa: SLF001  # as above
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


def _subsume_at_once(version: HistoricalResolver, part: generic.PdfObject) -> generic.PdfObject:
    """The part of an object as one version of the file sees it; a number or a text is the same in all of them."""
    if not isinstance(part, _COMPOUND):
        return part
    if isinstance(part, generic.StreamObject):
        made: generic.PdfObject = subsumed(version, part)
    else:
        made = _subsume(version, part)  # type: ignore[no-untyped-call]
    return made


def _check_signature_once(
    signature: bytes,
    signed: bytes,
    key: asn1_keys.PublicKeyInfo,
    how: algos.SignedDigestAlgorithm,
    context: SignatureValidationContext = DEFAULT_VALIDATION_CONTEXT,
) -> None:
    """What was found right once is right for ever: authorities and their lists stand behind every paper of an office.

    Only that is remembered, and by the digests of everything that was looked at; what is wrong is looked at again.
    """
    given = (signature, signed, key.dump(), how.dump(), repr(context).encode())
    name = b"".join(hashlib.sha256(part).digest() for part in given)
    if name in _proven:
        return
    _check_signature(signature, signed, key, how, context)
    if len(_proven) >= _MOST_PROVEN:
        _proven.clear()
    _proven.add(name)


def quicken() -> None:
    """Put these in the place of the engine's own, for this process."""
    HistoricalResolver._subsume_object = _subsume_at_once  # type: ignore[method-assign]  # noqa: SLF001  # as above
    vars(sig_validate).update(_validate_raw=_check_signature_once)
    leave_in_file()
    gc.freeze()  # what is loaded by now stays, and need not be looked through
    gc.set_threshold(max(_OBJECTS_BETWEEN_LOOKS, gc.get_threshold()[0]), *gc.get_threshold()[1:])
    vars(generic).update(
        read_hex_string_from_stream=_read_hex_string_at_once,
        read_until_delimiter=_read_until_delimiter_at_once,
        _decode_name=_decode_name_at_once,
    )
    asn1_x509.RDNSequence.__eq__ = _equal
    asn1_x509.RDNSequence.__ne__ = lambda one, other: not _equal(one, other)
    asn1_x509.RDNSequence.hashable = property(lambda name: _kept(_hashed, name, _hashable))
