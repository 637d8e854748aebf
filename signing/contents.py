"""What a file holds that an official paper must not: things that run, files inside, borrowed fonts, odd pages."""

import io
import logging
from collections.abc import Iterator
from typing import Any, BinaryIO

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from signing.errors import SigningError

MAX_BYTES = 200 * 1024 * 1024
MAX_PAGES = 2000
_A4 = (595.0, 842.0)
_A4_TOLERANCE = 6.0  # points; printers' drivers round
# Going to a place in the same file, or opening an address when somebody taps it, is reading; anything else acts.
_HARMLESS = frozenset({"/GoTo", "/URI", "/Named", "/GoToR"})
_TRIGGERS = ("/A", "/AA", "/OpenAction")
_BASE_FONTS = frozenset({"/Type3"})
_MOST_OBJECTS = 200_000

logging.getLogger("pypdf").addHandler(logging.NullHandler())


def refuse_active(pdf: bytes | BinaryIO, *, attachments: bool = False) -> None:
    """Refuse a file in which something runs, or in which other files lie.

    Args:
        pdf: the whole file or an open one, sure to be readable and not encrypted.
        attachments: files inside were declared, so they may be there.

    Raises:
        SigningError: pdf_too_large, pdf_active, pdf_attachments.
    """
    file = io.BytesIO(pdf) if isinstance(pdf, bytes) else pdf
    if file.seek(0, io.SEEK_END) > MAX_BYTES:
        raise SigningError("pdf_too_large", limit=f"{MAX_BYTES // 1024 // 1024} MiB")
    # Words in the bytes say nothing, since objects may be packed and names written with #xx: the objects are read.
    reader = PdfReader(file, strict=False)
    if len(reader.pages) > MAX_PAGES:
        raise SigningError("pdf_too_large", limit=f"{MAX_PAGES} trang")
    root = reader.root_object
    names = _at(root, "/Names")
    if "/JavaScript" in names:
        raise SigningError("pdf_active", what="JavaScript")
    if not attachments and ("/EmbeddedFiles" in names or "/AF" in root or "/Collection" in root):
        raise SigningError("pdf_attachments")
    for holder in _holders(reader):
        kind = str(holder.get("/Subtype", ""))
        if kind == "/FileAttachment" and not attachments:
            raise SigningError("pdf_attachments")
        if kind in {"/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"}:
            raise SigningError("pdf_active", what=kind[1:])
        for action in _actions(holder):
            raise SigningError("pdf_active", what=action[1:])


def check_draft(pdf: bytes | BinaryIO) -> tuple[SigningError, ...]:
    """Everything that keeps a readable, unsigned file from becoming an official paper; nothing is raised.

    What `refuse_active` refuses, pages that are turned or not A4, and fonts that are not in the file.
    """
    found: list[SigningError] = []
    try:
        refuse_active(pdf)
    except SigningError as why:
        found.append(why)
    fonts: set[str] = set()
    file = io.BytesIO(pdf) if isinstance(pdf, bytes) else pdf
    for number, page in enumerate(PdfReader(file, strict=False).pages, 1):
        if int(page.get("/Rotate", 0)) % 360:
            found.append(SigningError("page_rotated"))
        size = sorted((float(page.cropbox.width), float(page.cropbox.height)))
        if any(abs(one - wanted) > _A4_TOLERANCE for one, wanted in zip(size, _A4, strict=True)):
            found.append(SigningError("page_not_a4", page=number))
        fonts |= set(_borrowed(page))
    return (*found, *(SigningError("font_not_embedded", font=one) for one in sorted(fonts)))


def _holders(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Whatever may carry an action: catalogue, pages, annotations, form fields."""
    yield reader.root_object
    for page in reader.pages:
        yield page
        yield from _each(page.get("/Annots"))
    waiting, seen = list(_each(_at(reader.root_object, "/AcroForm").get("/Fields"))), 0
    while waiting and seen < _MOST_OBJECTS:
        field, seen = waiting.pop(), seen + 1
        yield field
        waiting += _each(field.get("/Kids"))


def _actions(holder: DictionaryObject) -> Iterator[str]:
    """The kinds of action, as names, that run by themselves or are no reading."""
    for trigger in _TRIGGERS:
        given = _resolved(holder.get(trigger))
        if not isinstance(given, DictionaryObject):
            continue
        steps = [given, *(_resolved(one) for one in given.values())] if trigger == "/AA" else [given]
        for step in steps:
            kind = str(step.get("/S", "")) if isinstance(step, DictionaryObject) else ""
            if kind and (kind not in _HARMLESS or (trigger != "/A" and kind == "/URI")):
                yield kind


def _borrowed(page: DictionaryObject) -> Iterator[str]:
    resources = _resolved(page.get("/Resources", {}))
    fonts = _at(resources, "/Font") if isinstance(resources, DictionaryObject) else DictionaryObject()
    for one in fonts.values():
        font = _resolved(one)
        if not isinstance(font, DictionaryObject) or font.get("/Subtype") in _BASE_FONTS:
            continue
        carrier = next(iter(_each(font.get("/DescendantFonts"))), font)
        described = _at(carrier, "/FontDescriptor")
        if not {"/FontFile", "/FontFile2", "/FontFile3"} & described.keys():
            yield str(font.get("/BaseFont", "?")).lstrip("/")


def _at(holder: DictionaryObject, key: str) -> DictionaryObject:
    found = _resolved(holder.get(key))
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _each(given: Any) -> list[DictionaryObject]:  # noqa: ANN401  # PDF objects
    found = _resolved(given)
    members = [_resolved(one) for one in found] if isinstance(found, ArrayObject) else []
    return [one for one in members if isinstance(one, DictionaryObject)]


def _resolved(given: Any) -> Any:  # noqa: ANN401  # PDF objects
    return given.get_object() if isinstance(given, IndirectObject) else given
