"""Where things are in a PDF: the box of a page, the page and box of a form field."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject

from signing.errors import SigningError
from signing.field import Box
from signing.files import Source, opened

_LONGEST_NAME = 64


def page_box(pdf: Source, page: int = 0) -> Box:
    """What of a page (index from 0, negative from the end) is shown.

    Raises:
        SigningError: pdf_unreadable, page_missing.
    """
    with _reading(pdf) as reader:
        if not -len(reader.pages) <= page < len(reader.pages):
            raise SigningError("page_missing", page=page, pages=len(reader.pages))
        shown = reader.pages[page].cropbox
        return float(shown.left), float(shown.bottom), float(shown.right), float(shown.top)


def field_place(pdf: Source, name: str) -> tuple[int, Box]:
    """Page (index from 0) and box of a form field; of one that is shown in several places the first.

    Raises:
        SigningError: pdf_unreadable, field_missing, field_without_box.
    """
    with _reading(pdf) as reader:
        for page, widget in _widgets(reader):
            if _name(widget) == name:
                edges: Any = widget["/Rect"]
                x1, y1, x2, y2 = (float(edge.get_object()) for edge in edges)
                if x1 == x2 or y1 == y2:
                    raise SigningError("field_without_box", field=name)
                return page, (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
    raise SigningError("field_missing", field=name)


@contextmanager
def _reading(pdf: Source) -> Iterator[PdfReader]:
    with opened(pdf) as file:
        try:
            reader = PdfReader(file, strict=False)
            len(reader.pages)
        except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as why:
            raise SigningError("pdf_unreadable") from why
        yield reader


def _widgets(reader: PdfReader) -> Iterator[tuple[int, DictionaryObject]]:
    for index, page in enumerate(reader.pages):
        for one in page.annotations or ():
            entry = one.get_object()
            if isinstance(entry, DictionaryObject) and entry.get("/Subtype") == "/Widget":
                yield index, entry


def _name(widget: DictionaryObject) -> str:
    """The full name: the own part behind those of the fields above."""
    parts: list[str] = []
    here: object = widget
    while isinstance(here, DictionaryObject) and len(parts) < _LONGEST_NAME:
        if "/T" in here:
            parts.append(str(here["/T"]))
        here = here.get("/Parent")
    return ".".join(reversed(parts))
