"""What a camera or a scanner wrote inside the pictures of a PDF: taken out, without drawing the pictures anew."""

from __future__ import annotations

from typing import Any

import pikepdf
from pikepdf import Array, Name, Stream

from server.documents.intake import bare

_BARE = {"/DCTDecode": bare.jpeg, "/JPXDecode": bare.jpeg2000}


def wipe(pdf: pikepdf.Pdf) -> None:
    """Take place, time, owner and previews out of every JPEG in ``pdf``, in place; nothing else holds such things."""
    for held in pdf.objects:
        if isinstance(held, Stream) and (filters := _filters(held)) and filters[-1] in _BARE:
            _wipe(pdf, held, filters)


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
