"""What a file is by its first bytes, and whether its name says the same."""

from __future__ import annotations

from pathlib import PurePath

# What a file of each kind may be called, beside its own name.
_ENDINGS = {"jpeg": {"jpg", "jpe", "jfif"}, "tiff": {"tif"}, "pptx": {"ppsx"}, "ppt": {"pps"}}

# A PDF may begin with other bytes (mail gateways, printers), but readers look no further than this.
HEADER_BYTES = 1024

_STARTS = (
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"BM", "bmp"),
    (b"{\\rtf", "rtf"),
    (b"MZ", "exe"),
    (b"\x7fELF", "exe"),
    (b"#!", "script"),
)


def kind_of(head: bytes) -> str | None:
    """The kind of a file by its first ``HEADER_BYTES``: ``pdf``, ``zip``, ``png`` …; None where it is unknown.

    What begins as something else is not taken for a PDF because the words ``%PDF-`` follow: such a file means two
    things to two programs.
    """
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head.startswith(b"RIFF"):
        return "webp" if head[8:12] == b"WEBP" else "riff"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<"):
        return "markup"
    return "pdf" if b"%PDF-" in head[:HEADER_BYTES] else None


def extension(filename: str) -> str:
    """The last part of the name in lower case, without the dot."""
    return PurePath(filename.replace("\\", "/")).suffix.lower().removeprefix(".")


def agrees(kind: str | None, filename: str) -> bool:
    """Whether a file of this kind may be called so."""
    ending = extension(filename)
    return kind is not None and (ending == kind or ending in _ENDINGS.get(kind, ()))


def reason_against(head: bytes, filename: str) -> str | None:
    """Why a file with this beginning and name is refused: ``empty``, ``type``, ``mismatch``, or None."""
    if not head:
        return "empty"
    if kind_of(head) != "pdf":
        return "type"
    return None if agrees("pdf", filename) else "mismatch"
