"""Who drafted a paper, on which machine, and with what: taken out of the rendition, kept in the original.

The title that a word processor wrote is often the first draft's; what a paper is called is decided at the desk.
"""

from __future__ import annotations

from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

from server.documents.intake import camera
from server.documents.intake.walk import dictionaries, pattern

# Notes that readers see; their text stays, the name of who wrote them does not (ISO 32000-2, table 172).
_KINDS = """
Text FreeText Line Square Circle Polygon PolyLine Highlight Underline Squiggly StrikeOut Stamp Caret Ink Popup
"""
_NOTES = frozenset(f"/{kind}" for kind in _KINDS.split())
# Descriptions, private data of programs, and where pages of the web were taken from.
_KEYS = ("/Metadata", "/PieceInfo", "/SpiderInfo")
_WANTED = pattern({*_NOTES, *_KEYS})


def wipe(pdf: pikepdf.Pdf) -> None:
    """Take what tells of drafters out of ``pdf`` in place."""
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    for holder in list(dictionaries(pdf, _WANTED)):
        for key in _told(holder):
            del holder[key]
    camera.wipe(pdf)


def _told(holder: Any) -> list[str]:  # noqa: ANN401 - a dictionary or a stream
    found = [key for key in _KEYS if isinstance(holder.get(key), (Dictionary, pikepdf.Stream))]
    kind = holder.get("/Subtype")
    if isinstance(kind, Name) and str(kind) in _NOTES and "/Rect" in holder and "/T" in holder:
        found.append("/T")
    return found
