"""What a file must be before it is signed, and where on it the signature goes; refuses, never repairs."""

import io
from collections.abc import Iterable
from typing import Any, BinaryIO

from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, enumerate_sig_fields

from signing.errors import SigningError
from signing.stamp import Stamp

FIELD_PREFIX = "ChuKy"
_LONGEST_TREE = 64
_TAIL = 4096


class AppendingWriter(IncrementalPdfFileWriter):
    """Writes behind a copy of its file: that copy was made where it costs least, not here piece by piece."""

    def _write_header(self, stream: BinaryIO) -> None:
        stream.seek(0, io.SEEK_END)


def open_for_signing(pdf: bytes | BinaryIO) -> IncrementalPdfFileWriter:
    """A writer that appends to `pdf` and leaves its bytes as they are.

    To an open file it writes what is appended alone: what it is told to write to holds a copy of the file already.

    Raises:
        SigningError: pdf_unreadable, pdf_encrypted, pdf_hybrid, pdf_xfa, pdf_trailing_bytes, pdf_locked.
    """
    try:
        if isinstance(pdf, bytes):
            writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=True)
        else:
            writer = AppendingWriter(pdf, strict=True)
        reader = writer.prev
        encrypted = reader.encrypted
        hybrid = reader.xrefs.hybrid_xrefs_present
        form = resolved(reader.root, "/AcroForm")
        pages = int(reader.root["/Pages"]["/Count"])
    except Exception as why:  # the parser answers bad files with many classes; none is a fault of ours
        if "hybrid" in str(why).lower():
            raise SigningError("pdf_hybrid") from why
        raise SigningError("pdf_unreadable") from why
    if encrypted:
        raise SigningError("pdf_encrypted")
    if hybrid:
        raise SigningError("pdf_hybrid")
    if isinstance(form, DictionaryObject) and "/XFA" in form:
        raise SigningError("pdf_xfa")
    if pages < 1:
        raise SigningError("pdf_unreadable")
    tail = _tail(pdf)
    if tail[tail.rfind(b"%%EOF") :].rstrip(b"\r\n") != b"%%EOF":
        raise SigningError("pdf_trailing_bytes")
    return writer


def _tail(pdf: bytes | BinaryIO) -> bytes:
    """The end of the file, with its last marker in it: the parser saw one there."""
    if isinstance(pdf, bytes):
        return pdf[-_TAIL:]
    pdf.seek(max(0, pdf.seek(0, io.SEEK_END) - _TAIL))
    return pdf.read()


def refuse_locked(reader: PdfFileReader, field: str) -> None:
    """An earlier signature may have closed the file or this field; the writer below would sign all the same."""
    perms = resolved(reader.root, "/Perms")
    if isinstance(perms, DictionaryObject) and "/DocMDP" in perms:
        raise SigningError("pdf_certified")
    try:
        locks = [(one.fq_name, one.docmdp_level, one.fieldmdp) for one in reader.embedded_signatures]
    except Exception as why:  # an unreadable earlier signature: see above
        raise SigningError("pdf_unreadable") from why
    for by, level, fields in locks:
        if level == MDPPerm.NO_CHANGES or (fields is not None and fields.is_locked(field)):
            raise SigningError("pdf_locked", by=str(by))


def place(reader: PdfFileReader, field: str | None, stamp: Stamp | None) -> tuple[str, SigFieldSpec | None]:
    """The field's name, and how to make it if it does not exist yet.

    Args:
        reader: the file as it is.
        field: an empty signature field of the file or a new name; None takes the next free one (ChuKy1, ChuKy2, …).
        stamp: its box and page place a new field; an existing one keeps its own.

    Raises:
        SigningError: field_taken, field_not_signature, field_without_box, page_missing, page_rotated,
            box_outside_page.
    """
    names = form_fields(reader)
    if field is None:
        field = next(f"{FIELD_PREFIX}{n}" for n in range(1, len(names) + 2) if f"{FIELD_PREFIX}{n}" not in names)
    if field in names:
        _check_existing(reader, field, names[field][0], stamp)
        return field, None
    if stamp is None:
        return field, SigFieldSpec(field)
    check_place(reader, stamp.page, stamp.box)
    box: Any = stamp.box  # declared as whole points, but fractions are written as they are
    return field, SigFieldSpec(field, on_page=stamp.page, box=box)


def check_place(reader: PdfFileReader, page: int, box: tuple[float, float, float, float]) -> None:
    """Refuse a box that does not lie on an upright page of the file.

    Raises:
        SigningError: page_missing, page_rotated, box_outside_page.
    """
    _check_page(_page(reader, page), box)


def form_fields(reader: PdfFileReader) -> dict[str, tuple[str, Any]]:
    """Full name → kind (/FT) and reference of every form field."""
    kinds: dict[str, tuple[str, Any]] = {}

    def walk(fields: Iterable[Any], prefix: str, kind: str, depth: int) -> None:
        for one in fields if depth < _LONGEST_TREE else ():
            entry = one.get_object()
            own = resolved(entry, "/T")
            name = ".".join(part for part in (prefix, str(own) if own is not None else "") if part)
            here = str(resolved(entry, "/FT", kind))
            if here and name:
                kinds.setdefault(name, (here, getattr(one, "reference", None)))
            walk(resolved(entry, "/Kids", ()), name, here, depth + 1)

    form = resolved(reader.root, "/AcroForm")
    if isinstance(form, DictionaryObject):
        walk(resolved(form, "/Fields", ()), "", "", 0)
    return kinds


def resolved(mapping: DictionaryObject, key: str, otherwise: Any = None) -> Any:  # noqa: ANN401  # PDF objects
    """The object under `key` itself, never a reference to it (the library's own `get` hands those out)."""
    if key in mapping:
        return mapping[key]
    return otherwise


def _check_existing(reader: PdfFileReader, field: str, kind: str, stamp: Stamp | None) -> None:
    if kind != "/Sig":
        raise SigningError("field_not_signature", field=field)
    _, value, where = next(iter(enumerate_sig_fields(reader, with_name=field)))
    if value is not None:
        raise SigningError("field_taken", field=field)
    if stamp is None:
        return
    widget = where.get_object()
    x1, y1, x2, y2 = (float(n) for n in resolved(widget, "/Rect", (0, 0, 0, 0)))
    if x1 == x2 or y1 == y2:
        raise SigningError("field_without_box", field=field)
    if "/P" in widget:
        _check_page(widget["/P"], (x1, y1, x2, y2))


def _page(reader: PdfFileReader, index: int) -> DictionaryObject:
    count = int(reader.root["/Pages"]["/Count"])
    if not -count <= index < count:
        raise SigningError("page_missing", page=index, pages=count)
    found: Any = reader.find_page_container(index if index >= 0 else count + index)
    container, nth, _ = found
    page: DictionaryObject = container.get_object()["/Kids"][nth]
    return page


def _check_page(page: DictionaryObject, box: tuple[float, float, float, float]) -> None:
    if int(_inherited(page, "/Rotate", 0)) % 360:
        raise SigningError("page_rotated")
    edges = [float(n) for n in _inherited(page, "/CropBox", None) or _inherited(page, "/MediaBox", (0, 0, 612, 792))]
    left, right = sorted((edges[0], edges[2]))
    low, high = sorted((edges[1], edges[3]))
    if not (left <= box[0] < box[2] <= right and low <= box[1] < box[3] <= high):
        raise SigningError("box_outside_page", box=list(box), page=[left, low, right, high])


def _inherited(page: DictionaryObject, key: str, otherwise: Any) -> Any:  # noqa: ANN401  # PDF objects
    """A page attribute, from the page or the tree above it."""
    here: Any = page
    for _ in range(_LONGEST_TREE):
        if key in here:
            return here[key]
        if "/Parent" not in here:
            break
        here = here["/Parent"]
    return otherwise
