"""The form of an official paper: places for signatures with their locks, and the texts filled in between them."""

import hashlib
import io
from collections.abc import Collection, Mapping, Sequence
from os import PathLike
from typing import Any, overload
from unicodedata import normalize

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    MDPPerm,
    SigFieldSpec,
    append_signature_field,
    enumerate_sig_fields,
)

from signing.errors import SigningError
from signing.field import Align, Field
from signing.files import Source, copied, opened, sha256
from signing.preflight import check_place, form_fields, open_for_signing, refuse_locked, resolved
from signing.stamp import Room, TextLine, font_for

_PRINTED = 4  # annotation flag
_QUADDING: tuple[Align, ...] = ("left", "centre", "right")  # as /Q counts


@overload
def add_fields(pdf: Source, fields: Sequence[Field], *, together: bool = False) -> bytes: ...
@overload
def add_fields(pdf: Source, fields: Sequence[Field], *, together: bool = False, into: PathLike[str]) -> None: ...
def add_fields(
    pdf: Source, fields: Sequence[Field], *, together: bool = False, into: PathLike[str] | None = None
) -> bytes | None:
    """The file with these fields, as an incremental update; the same file and fields give the same bytes.

    Args:
        pdf: the whole file, or where it lies.
        fields: what is added.
        into: where the file with them is written, whole or not at all; it is not held in memory then.
        together: these are signed beside the signatures that the file waits for already, in any order: what locks all
            fields but some of those leaves these open too.

    Raises:
        SigningError: see `prepare` for the file; pdf_foreign_signature (somebody signed already), field_exists,
            field_without_box (a text field needs one), page_missing, page_rotated, box_outside_page.
    """
    made_of = sha256(pdf), repr(fields)
    with opened(pdf) as given:
        writer = open_for_signing(given)
        known = form_fields(writer.prev)
        _require_room(writer.prev, known, fields)
        # Signature fields first: they make the form, where there is none yet.
        for field in sorted(fields, key=lambda one: one.kind):
            _add_signature(writer, field) if field.kind == "signature" else _add_text(writer, field)
        if together:
            _leave_open(writer, known, [field.name for field in fields])
        _make_repeatable(writer, *made_of)
        return _written(writer, pdf, into)


def _require_room(reader: PdfFileReader, known: Collection[str], fields: Sequence[Field]) -> None:
    """Nobody has signed, no name is taken, and every box lies on a page."""
    for name, value, _ in enumerate_sig_fields(reader):
        if value is not None:
            raise SigningError("pdf_foreign_signature", field=str(name))
    taken = set(known)
    for field in fields:
        if field.name in taken:
            raise SigningError("field_exists", field=field.name)
        taken.add(field.name)
        if field.box is not None:
            check_place(reader, field.page, field.box)
        elif field.kind == "text":
            raise SigningError("field_without_box", field=field.name)


@overload
def fill_fields(
    pdf: Source,
    values: Mapping[str, str],
    *,
    font: str,
    font_size: float = 13.0,
    fonts: Mapping[str, str] | None = None,
) -> bytes: ...
@overload
def fill_fields(
    pdf: Source,
    values: Mapping[str, str],
    *,
    font: str,
    font_size: float = 13.0,
    fonts: Mapping[str, str] | None = None,
    into: PathLike[str],
) -> None: ...
def fill_fields(
    pdf: Source,
    values: Mapping[str, str],
    *,
    font: str,
    font_size: float = 13.0,
    fonts: Mapping[str, str] | None = None,
    into: PathLike[str] | None = None,
) -> bytes | None:
    """The file with texts in its empty text fields, as they are seen and as they are read; an incremental update.

    Args:
        pdf: the whole file, or where it lies.
        values: field → text (NFC); one line each, aligned as the field says, shrunk until it fits.
        font: path to a TrueType file that has all the letters.
        font_size: points at most.
        fonts: field → path, for those that are set otherwise (a date in italics).
        into: where the filled file is written, whole or not at all; it is not held in memory then.

    Raises:
        SigningError: pdf_locked, field_missing, field_taken (it holds a text already), glyph_missing, font_missing,
            font_invalid, stamp_text_too_long; see `prepare` for the file.
    """
    with opened(pdf) as given:
        writer = open_for_signing(given)
        known = form_fields(writer.prev)
        for name, value in values.items():
            kind, where = known.get(name, ("", None))
            if kind != "/Tx" or where is None:
                raise SigningError("field_missing", field=name)
            refuse_locked(writer.prev, name)
            entry: Any = writer.get_object(where)
            if resolved(entry, "/V"):
                raise SigningError("field_taken", field=name)
            _fill(writer, entry, normalize("NFC", value), (fonts or {}).get(name, font), font_size)
        return _written(writer, pdf, into)


def _fill(writer: IncrementalPdfFileWriter, entry: Any, text: str, font: str, size: float) -> None:  # noqa: ANN401  # PDF objects
    x1, y1, x2, y2 = (float(n) for n in entry["/Rect"])
    room = Room(abs(x2 - x1), abs(y2 - y1))
    align = _QUADDING[int(resolved(entry, "/Q", 0)) % len(_QUADDING)]
    line = TextLine(writer, room, text, font_for(font, text), size, align=align)
    entry[pdf_name("/V")] = generic.pdf_string(text)
    entry[pdf_name("/AP")] = DictionaryObject({pdf_name("/N"): writer.add_object(line.as_form_xobject())})
    writer.update_container(entry)


def _add_signature(writer: IncrementalPdfFileWriter, field: Field) -> None:
    box: Any = field.box  # declared as whole points, but fractions are written as they are
    lock = None
    if field.closes or field.leaves == ():
        lock = FieldMDPSpec(FieldMDPAction.ALL)
    elif field.leaves is not None:
        lock = FieldMDPSpec(FieldMDPAction.EXCLUDE, list(field.leaves))
    closed = MDPPerm.NO_CHANGES if field.closes else None
    append_signature_field(
        writer,
        SigFieldSpec(field.name, on_page=field.page, box=box, field_mdp_spec=lock, doc_mdp_update_value=closed),
    )


def _leave_open(writer: IncrementalPdfFileWriter, known: Mapping[str, tuple[str, Any]], names: Sequence[str]) -> None:
    """Add names to what the locks of fields leave open. Nobody has signed yet, so no lock is in force."""
    for _, where in known.values():
        entry: Any = writer.get_object(where) if where is not None else {}
        lock: Any = resolved(entry, "/Lock")
        if lock is None or resolved(lock, "/Action") != "/Exclude":
            continue
        lock["/Fields"] = ArrayObject([*resolved(lock, "/Fields"), *(generic.pdf_string(name) for name in names)])
        writer.update_container(lock)


def _add_text(writer: IncrementalPdfFileWriter, field: Field) -> None:
    assert field.box is not None  # add_fields asked
    page = writer.find_page_for_modification(field.page)[0]
    entry = DictionaryObject({
        pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/Widget"), pdf_name("/P"): page,
        pdf_name("/FT"): pdf_name("/Tx"), pdf_name("/T"): generic.pdf_string(field.name),
        pdf_name("/F"): NumberObject(_PRINTED), pdf_name("/DA"): generic.pdf_string("/Helv 13 Tf 0 g"),
        pdf_name("/Rect"): ArrayObject([FloatObject(n) for n in field.box]),
        pdf_name("/Q"): NumberObject(_QUADDING.index(field.align)),
    })  # fmt: skip
    reference = writer.add_object(entry)
    writer.register_annotation(page, reference)
    form = _form(writer)
    if "/Fields" not in form:
        form[pdf_name("/Fields")] = ArrayObject()
    form["/Fields"].append(reference)
    writer.update_container(form["/Fields"])
    writer.update_container(form)


def _form(writer: IncrementalPdfFileWriter) -> Any:  # noqa: ANN401  # PDF objects
    if "/AcroForm" not in writer.root:
        writer.root[NameObject("/AcroForm")] = writer.add_object(DictionaryObject())
        writer.update_root()
    return writer.root["/AcroForm"]


def _make_repeatable(writer: IncrementalPdfFileWriter, *made_of: str) -> None:
    """An identifier that comes from what the revision is made of, and no time; the library would draw lots for one."""
    own = generic.ByteStringObject(hashlib.sha256("\0".join(made_of).encode()).digest()[:16])
    first = writer._document_id[0] if "/ID" in writer.prev.trailer else own  # noqa: SLF001  # there is no other way
    writer._document_id = ArrayObject([first, own])  # noqa: SLF001  # the same
    vars(writer)["_update_meta"] = lambda: None  # it would write the clock's time


def _written(writer: IncrementalPdfFileWriter, pdf: Source, into: PathLike[str] | None) -> bytes | None:
    with copied(pdf, into) as out:
        writer.write(out)
        return out.getvalue() if isinstance(out, io.BytesIO) else None
