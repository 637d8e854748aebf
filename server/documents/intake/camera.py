"""What a camera or a scanner wrote inside the pictures of a PDF: taken out, without drawing the pictures anew."""

from __future__ import annotations

import re
import zlib
from typing import Any

import pikepdf
from pikepdf import Array, Name, Stream

from server.documents.intake import bare

_BARE = {"/DCTDecode": bare.jpeg, "/JPXDecode": bare.jpeg2000}
# A picture within drawing commands (ISO 32000-2 §8.9.7), its dictionary, and the length that it may tell.
_INLINE = re.compile(rb"(?<![^\s])BI\s(?P<said>[^\xff]{0,1000}?)\bID\s(?=\xff\xd8)")
_LENGTH = re.compile(rb"(/(?:L|Length)\s+)\d+")
# Drawing commands are packed by this or not at all, and no more of them is looked at than a paper may have.
_FLATE = [["/FlateDecode"], ["/Fl"]]
_MOST_BYTES = 64 * 1024 * 1024


def wipe(pdf: pikepdf.Pdf) -> None:
    """Take place, time, owner and previews out of every JPEG in ``pdf``, in place; nothing else holds such things."""
    for held in pdf.objects:
        if not isinstance(held, Stream):
            continue
        filters = _filters(held)
        if filters and filters[-1] in _BARE:
            _wipe(pdf, held, filters)
        elif (not filters or filters in _FLATE) and _draws(held):
            _wipe_inline(held)


def _wipe_inline(held: Any) -> None:  # noqa: ANN401 - a stream of the file
    """The same for pictures that stand among drawing commands: of a page, a form, a stamp's face or a pattern."""
    data: bytes = held.read_raw_bytes()
    if "/Filter" in held:
        try:
            data = zlib.decompressobj().decompress(data, _MOST_BYTES)
        except zlib.error:
            return
    if b"\xff\xd8" not in data or len(data) == _MOST_BYTES:
        return
    kept, at = bytearray(), 0
    for found in _INLINE.finditer(data):
        try:
            size = bare.jpeg_bytes(data[found.end() :])
            left = bare.jpeg(data[found.end() : found.end() + size])
        except ValueError:
            continue
        if found.start() >= at:
            head = _LENGTH.sub(rb"\g<1>%d" % len(left), found[0])
            kept += data[at : found.start()] + head + left
            at = found.end() + size
    if at:
        held.write(bytes(kept + data[at:]))


def _draws(held: Any) -> bool:  # noqa: ANN401 - a stream of the file
    """Whether a stream can be drawing commands: a form, a pattern, or one that says nothing of itself."""
    if held.get("/Subtype") == Name.Form or "/PatternType" in held:
        return True
    return "/DecodeParms" not in held and not any(key in held for key in ("/Type", "/Subtype", "/Length1", "/N"))


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
