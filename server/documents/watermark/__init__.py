"""The name on each recipient's copy: drawn once a version, patched for each recipient as bytes go out, read again.

``pattern`` (the unseen mark), ``line`` (the seen one) and ``splice`` (both put into bytes) are what serving needs;
the functions here run in a child, and load there what serving does not: fontTools, qpdf, a renderer.
"""

from __future__ import annotations

from server.documents.models import Places, Reading


def make_ready(source: str, target: str) -> Places | None:
    """Write ``source``, a PDF that is not signed, to ``target`` with marks drawn that are still nobody's.

    Returns where each recipient's own go; None where this file cannot carry any.
    """
    from server.documents.watermark.prepare import prepare  # noqa: PLC0415 - for children only

    return prepare(source, target)


def name_picture(picture: bytes, name: str, at: str) -> bytes:
    """A small picture of a page (JPEG) with its reader's name and a time over it."""
    from server.documents.watermark import picture as drawing  # noqa: PLC0415 - for children only

    return drawing.name_picture(picture, name, at)


def read_marks(path: str) -> list[Reading]:
    """The marks of a PDF (its first pages) or a picture of a page, the clearest first; none where none is seen."""
    from server.documents.watermark import reading  # noqa: PLC0415 - for children only

    return reading.read_marks(path)
