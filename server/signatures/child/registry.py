"""The registry's work on files, in a child: number and date in their fields, copies that claim no signature."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from server.core.printing import words
from server.signatures.child import told
from server.signatures.rules.numbering import DATE_FIELD, NUMBER_FIELD, written

# As the letterhead is set (Decree 30/2020/NĐ-CP, Annex I): the number upright, the date in italics.
POINTS = 13.0
_LONGEST = (9999, date(2888, 12, 28))


class Filled(Struct, frozen=True, kw_only=True):
    """A numbered file: the SHA-256 of the one it was made from."""

    base_sha256: str


def fields_of(path: str) -> tuple[str, ...]:
    """The names of all form fields of a file. Raises DomainError ``signing.…``."""
    from signing.preflight import form_fields, open_for_signing  # noqa: PLC0415 - pyHanko is for children only

    return tuple(form_fields(told(open_for_signing, Path(path).read_bytes()).prev))


def texts_of(pdf: bytes) -> dict[str, str]:
    """Number and date as the fields of a file hold them, "" for an empty one. Raises DomainError ``signing.…``."""
    from signing.preflight import form_fields, open_for_signing, resolved  # noqa: PLC0415 - pyHanko is for children

    fields = form_fields(told(open_for_signing, pdf).prev)
    return {
        name: str(resolved(where.get_object(), "/V", ""))
        for name, (kind, where) in fields.items()
        if name in {NUMBER_FIELD, DATE_FIELD} and kind == "/Tx" and where is not None
    }


def fillable(path: str) -> tuple[str, ...]:
    """The fields of a file that wait for number, date and signatures.

    They are filled once in vain, so that no number is taken for a file that refuses it: DomainError ``signing.…``.
    """
    from signing.preflight import form_fields, open_for_signing, resolved  # noqa: PLC0415 - pyHanko is for children

    pdf = Path(path).read_bytes()
    fields = form_fields(told(open_for_signing, pdf).prev)
    waiting = tuple(
        name for name, (_, where) in fields.items() if where is not None and not resolved(where.get_object(), "/V")
    )
    _filled(pdf, *_LONGEST, [name for name in (NUMBER_FIELD, DATE_FIELD) if name in waiting])
    return waiting


def fill_file(source: str, target: str, number: int, dated: str) -> Filled:
    """The file with number and date in its fields, as an incremental update. Raises DomainError ``signing.…``."""
    pdf = Path(source).read_bytes()
    Path(target).write_bytes(_filled(pdf, number, date.fromisoformat(dated), list(texts_of(pdf))))
    return Filled(base_sha256=hashlib.sha256(pdf).hexdigest())


def _filled(pdf: bytes, number: int, dated: date, fields: Sequence[str]) -> bytes:
    from server.core.printing.fonts import times_font  # noqa: PLC0415 - fontTools is for children only
    from signing.fields import fill_fields  # noqa: PLC0415 - pyHanko is for children only

    font = times_font()
    said = {NUMBER_FIELD: written(number), DATE_FIELD: words.long_date(dated)}
    texts = {name: said[name] for name in fields}
    return told(
        fill_fields, pdf, texts, font=str(font.regular), font_size=POINTS, fonts={DATE_FIELD: str(font.italic)}
    )  # fmt: skip


def copy_file(source: str, target: str, pages: Sequence[int]) -> int:
    """A new file that looks like the source and claims no signature, of some pages (from 1) or of all; page count."""
    import pikepdf  # noqa: PLC0415 - for children only

    with pikepdf.open(source) as pdf:
        pdf.flatten_annotations("print")
        for key in ("/AcroForm", "/Perms", "/DSS", "/Legal"):  # what makes a file a signed one (ISO 32000-2 §12.8)
            if key in pdf.Root:
                del pdf.Root[key]
        wanted = set(pages)
        for index in reversed(range(len(pdf.pages))):
            if wanted and index + 1 not in wanted:
                del pdf.pages[index]
        pdf.save(target)
        return len(pdf.pages)
