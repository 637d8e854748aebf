"""The registry's work on files, in a child: number and date in their fields, copies that claim no signature."""

from __future__ import annotations

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


def texts_of(pdf: Path) -> dict[str, str]:
    """Number and date as the fields of a file hold them, "" for an empty one. Raises DomainError ``signing.…``."""
    from signing.preflight import form_fields, open_for_signing, resolved  # noqa: PLC0415 - pyHanko is for children

    with pdf.open("rb") as file:
        fields = form_fields(told(open_for_signing, file).prev)
        return {
            name: str(resolved(where.get_object(), "/V", ""))
            for name, (kind, where) in fields.items()
            if name in {NUMBER_FIELD, DATE_FIELD} and kind == "/Tx" and where is not None
        }


def fillable(source: str, target: str) -> tuple[str, ...]:
    """The fields of a file that wait for number, date and signatures.

    They are filled once in vain, into ``target``, so that no number is taken for a file that refuses it: DomainError
    ``signing.…``.
    """
    from signing.preflight import form_fields, open_for_signing, resolved  # noqa: PLC0415 - pyHanko is for children

    with Path(source).open("rb") as file:
        fields = form_fields(told(open_for_signing, file).prev)
        waiting = tuple(
            name for name, (_, where) in fields.items() if where is not None and not resolved(where.get_object(), "/V")
        )
    _fill(source, target, *_LONGEST, [name for name in (NUMBER_FIELD, DATE_FIELD) if name in waiting])
    return waiting


def fill_file(source: str, target: str, number: int, dated: str) -> Filled:
    """The file with number and date in its fields, as an incremental update. Raises DomainError ``signing.…``."""
    from signing.files import sha256  # noqa: PLC0415 - with pyHanko's kinds

    _fill(source, target, number, date.fromisoformat(dated), list(texts_of(Path(source))))
    return Filled(base_sha256=sha256(Path(source)))


def _fill(source: str, target: str, number: int, dated: date, fields: Sequence[str]) -> None:
    from server.core.printing.fonts import times_font  # noqa: PLC0415 - fontTools is for children only
    from signing.fields import fill_fields  # noqa: PLC0415 - pyHanko is for children only

    font = times_font()
    said = {NUMBER_FIELD: written(number), DATE_FIELD: words.long_date(dated)}
    texts = {name: said[name] for name in fields}
    told(
        fill_fields, Path(source), texts, font=str(font.regular), font_size=POINTS,
        fonts={DATE_FIELD: str(font.italic)}, into=Path(target),
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
