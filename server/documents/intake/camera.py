"""What a camera or a scanner wrote inside the pictures of a PDF: taken out, without drawing the pictures anew."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from typing import Any

import pikepdf
from pikepdf import Array, Name, Stream

from server.documents.intake import bare

_BARE = {"/DCTDecode": bare.jpeg, "/JPXDecode": bare.jpeg2000}
# A JPEG within drawing commands (ISO 32000-2 §8.9.7): its dictionary, the length that it may tell, and by what it was
# packed, the last step first; each of these has a word for each step's parameters beside it.
_INLINE = re.compile(rb"(?<![^\s])BI\s[^\xff]{0,1000}?/DCT(?:Decode)?\b[^\xff]{0,1000}?\bID\s")
_LENGTH = re.compile(rb"(/(?:L|Length)\s+)\d+")
_PACKED = re.compile(rb"/(?:F|Filter)\s*\[(?P<steps>[^\]]*)\]")
_PARAMETERS = re.compile(rb"/(?:DP|DecodeParms)\s*\[[^\]]*\]")
# By what drawing commands may be packed; no more of them is looked at than a paper may have.
_FLATE = [["/FlateDecode"], ["/Fl"]]
_NAMES = "/FlateDecode /Fl /LZWDecode /LZW /ASCII85Decode /A85 /ASCIIHexDecode /AHx /RunLengthDecode /RL"
_GENERAL = frozenset(_NAMES.split())
_MOST_BYTES = 64 * 1024 * 1024


def wipe(pdf: pikepdf.Pdf) -> None:
    """Take place, time, owner and previews out of every JPEG in ``pdf``, in place; nothing else holds such things."""
    for held in pdf.objects:
        if not isinstance(held, Stream):
            continue
        filters = _filters(held)
        if filters and filters[-1] in _BARE:
            _wipe(pdf, held, filters)
        elif _GENERAL.issuperset(filters) and _draws(held):
            _wipe_inline(held, filters)


def _wipe_inline(held: Any, filters: list[str]) -> None:  # noqa: ANN401 - a stream of the file
    """The same for pictures among drawing commands: of a page, a form, a stamp's face, a pattern or a letter."""
    try:
        data = _commands(held, filters)
    except (pikepdf.PikepdfError, zlib.error):
        return
    kept, at = bytearray(), 0
    for found in _INLINE.finditer(data) if len(data) < _MOST_BYTES else ():
        if found.start() < at:
            continue
        packed = _PACKED.search(found[0])
        steps = packed["steps"].split()[:-1] if packed else []
        try:
            picture, size = _unpacked(data[found.end() :], steps)
            left = bare.jpeg(picture)
        except ValueError:
            continue
        head = _PARAMETERS.sub(b"", _PACKED.sub(b"/F /DCT", found[0]))
        kept += data[at : found.start()] + _LENGTH.sub(rb"\g<1>%d" % len(left), head) + left
        at = found.end() + size
    if at:
        held.write(bytes(kept + data[at:]))


def _commands(held: Any, filters: list[str]) -> bytes:  # noqa: ANN401 - a stream of the file
    if filters in _FLATE and "/DecodeParms" not in held:
        return zlib.decompressobj().decompress(held.read_raw_bytes(), _MOST_BYTES)
    data: bytes = held.read_bytes()  # what grows beyond measure here ends with the child
    return data


def _unpacked(data: bytes, steps: list[bytes]) -> tuple[bytes, int]:
    """A JPEG that ``data`` begins with, packed by ``steps``, and how many bytes it takes there. Raises ValueError."""
    size = None
    for step in steps:
        data, used = _step(data, step)
        size = used if size is None else size
    picture = data[: bare.jpeg_bytes(data)]
    return picture, len(picture) if size is None else size


def _step(data: bytes, step: bytes) -> tuple[bytes, int]:
    """What stands before the end of one step's packing, unpacked, and how many bytes that is."""
    if step in {b"/A85", b"/ASCII85Decode"}:
        end = data.index(b"~>")
        return base64.a85decode(data[:end]), end + 2
    if step in {b"/AHx", b"/ASCIIHexDecode"}:
        end = data.index(b">")
        return binascii.unhexlify(b"".join(data[:end].split())), end + 1
    if step not in {b"/Fl", b"/FlateDecode"}:
        raise ValueError("not a way of packing that is known here")
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(data, _MOST_BYTES)
    except zlib.error as error:
        raise ValueError("not packed so") from error
    return unpacked, len(data) - len(unpacker.unused_data)


def _draws(held: Any) -> bool:  # noqa: ANN401 - a stream of the file
    """Whether a stream can be drawing commands: a form, a pattern, or one that does not say to be anything else."""
    if held.get("/Subtype") == Name.Form or "/PatternType" in held:
        return True
    is_named = held.get("/Type", Name.XObject) not in (Name.XObject, Name.Pattern)
    return not is_named and not any(key in held for key in ("/Subtype", "/Length1", "/N"))


def _wipe(pdf: pikepdf.Pdf, held: Any, filters: list[str]) -> None:  # noqa: ANN401 - a stream of the file
    parms = held.get("/DecodeParms")
    own = parms[len(filters) - 1] if isinstance(parms, Array) and len(parms) == len(filters) else parms
    try:
        data = _packed(pdf, held, filters[:-1], parms)
        left = _BARE[filters[-1]](data)
    except (pikepdf.PikepdfError, ValueError):
        return  # not one that can be read; whoever draws it decides what it is
    if len(left) < len(data):
        held.write(left, filter=Name(filters[-1]), decode_parms=own if isinstance(own, pikepdf.Dictionary) else None)


def _packed(pdf: pikepdf.Pdf, held: Any, before: list[str], parms: object) -> bytes:  # noqa: ANN401 - a stream
    """The JPEG itself, where it was packed once more."""
    raw: bytes = held.read_raw_bytes()
    if not before:
        return raw
    outer = Stream(pdf, raw)
    outer.Filter = Array([Name(each) for each in before])
    if isinstance(parms, Array):
        outer.DecodeParms = Array(list(parms)[: len(before)])
    unpacked: bytes = outer.read_bytes()
    return unpacked


def _filters(held: Any) -> list[str]:  # noqa: ANN401 - a stream of the file
    said = held.get("/Filter")
    return [str(each) for each in said] if isinstance(said, Array) else [str(said)] if isinstance(said, Name) else []
