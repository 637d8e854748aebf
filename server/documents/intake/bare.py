"""Pictures as they came, without what stands beside them: place, time, owner, preview, what follows the end.

The picture's own bytes are copied, never decoded: nothing is lost of it (ITU-T T.81, annex B; T.800, annex I).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
# Segments that programs write for themselves, and comments. Of these stay what tells how to draw the picture: JFIF,
# Adobe's colours and the colour profile.
_BESIDE = frozenset({*range(0xE0, 0xF0), 0xFE})
_KEPT = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
# In a scan 0xFF is followed by 0 where it is a value, and by 0xD0 to 0xD7 where the scan goes on.
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
# Boxes of a JPEG 2000 file that say something beside the picture.
_SAYING = frozenset({b"xml ", b"uuid", b"uinf"})
_JP2 = b"\0\0\0\x0cjP  "


def jpeg(data: bytes) -> bytes:
    """The same picture with nothing beside it. Raises ValueError for what is no JPEG.

    One that breaks off keeps what there is of its last scan.
    """
    kept = bytearray(data[:2])
    for marker, at, following in _segments(data):
        if marker not in _BESIDE or data.startswith(_KEPT.get(marker, b"\xff"), at + 4):
            kept += data[at:following]
    return bytes(kept)


def jpeg_bytes(data: bytes) -> int:
    """How many of the first bytes of ``data`` are a whole JPEG. Raises ValueError where it does not come to an end."""
    for marker, _at, following in _segments(data):
        if marker == _END:
            return following
    raise ValueError("no end of image")


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(marker, begin, end) of each segment to the end of the picture, a scan together with its head."""
    if data[:2] != bytes((0xFF, _START)):
        raise ValueError("no start of image")
    at = 2
    while at < len(data) or at == 2:  # noqa: PLR2004 - behind the start there is something
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        if at + 2 > len(data) or data[at] != 0xFF:  # noqa: PLR2004 - every marker begins with it
            raise ValueError("no marker")
        marker = data[at + 1]
        if marker == _END:
            yield marker, at, at + 2
            return
        following = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _SCAN:
            found = _MARKER.search(data, following)
            following = found.start() if found else len(data)
        yield marker, at, following
        at = following


def jpeg2000(data: bytes) -> bytes:
    """The same for JPEG 2000. Raises ValueError for what is no file of boxes."""
    if not data.startswith(_JP2):
        raise ValueError("no boxes")
    kept, at = bytearray(), 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        following = at + size if size else len(data)
        if following < at + 8:
            raise ValueError("no box")
        if data[at + 4 : at + 8] not in _SAYING:
            kept += data[at:following]
        at = following
    return bytes(kept)
