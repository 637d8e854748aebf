"""What a PDF would unpack to: streams that grow without measure and images without end are refused before rendering."""

from __future__ import annotations

import base64
import zlib
from typing import Any

import pikepdf
from pikepdf import Array, Name, Stream

from server.documents.intake.refusal import Refused
from server.documents.models import Bounds

_PIECE = 1024 * 1024
_ZLIB_FILTERS = {"/FlateDecode", "/Fl"}
_TEXT_FILTERS = {"/ASCII85Decode": base64.a85decode, "/ASCIIHexDecode": base64.b16decode}


def weigh(pdf: pikepdf.Pdf, bounds: Bounds) -> None:
    """Refuse with ``bomb`` or ``pixels`` what would not fit into a tablet.

    Images are bounded by their pixels, everything else by its unpacked bytes. Filters other than Flate grow by
    factors that the child's own memory bound holds.
    """
    total = 0
    for held in pdf.objects:
        if not isinstance(held, Stream):
            continue
        if _name(held.get("/Subtype")) == "/Image":
            _weigh_image(held, bounds)
            continue
        total += _unpacked(held, bounds.stream_bytes)
        if total > bounds.streams_bytes:
            raise Refused("bomb")


def _weigh_image(image: Any, bounds: Bounds) -> None:  # noqa: ANN401 - a stream
    try:
        pixels = int(image.get("/Width", 0)) * int(image.get("/Height", 0))
        bilevel = bool(image.get("/ImageMask", False)) or int(image.get("/BitsPerComponent", 8)) == 1
    except (TypeError, ValueError):
        return  # a reader draws nothing
    if pixels > (bounds.bilevel_pixels if bilevel else bounds.image_pixels):
        raise Refused("pixels")


def _unpacked(stream: Any, limit: int) -> int:  # noqa: ANN401 - a stream
    """Bytes after the leading Flate and text filters, each step held to ``limit``."""
    data: bytes = stream.read_raw_bytes()
    size = len(data)
    for name in _filters(stream.get("/Filter")):
        if name in _ZLIB_FILTERS:
            data = _inflated(data, limit)
        elif name in _TEXT_FILTERS:
            data = _from_text(name, data)
        else:
            break
        size = max(size, len(data))
    return size


def _filters(value: object) -> list[str]:
    if isinstance(value, Name):
        return [str(value)]
    return [str(part) for part in value] if isinstance(value, Array) else []


def _inflated(data: bytes, limit: int) -> bytes:
    """What ``data`` inflates to; a damaged stream counts for what readers would get out of it."""
    unpacker, parts, size = zlib.decompressobj(), [], 0
    pending = data
    while pending and not unpacker.eof:
        try:
            part = unpacker.decompress(pending, _PIECE)
        except zlib.error:
            break
        size += len(part)
        if size > limit:
            raise Refused("bomb")
        parts.append(part)
        pending = unpacker.unconsumed_tail
    return b"".join(parts)


def _from_text(name: str, data: bytes) -> bytes:
    try:
        if name == "/ASCII85Decode":
            return base64.a85decode(data.strip().removesuffix(b"~>"))
        return base64.b16decode(b"".join(data.split()).removesuffix(b">"), casefold=True)
    except ValueError:
        return data


def _name(value: object) -> str | None:
    return str(value) if isinstance(value, Name) else None
