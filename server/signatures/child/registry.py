"""The registry's work on files, in a child: which fields there are, number and date, the seal, copies without forms."""

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


class Filled(Struct, frozen=True, kw_only=True):
    """A numbered file: the SHA-256 of the one it was made from."""

    base_sha256: str


def fields_of(path: str) -> tuple[str, ...]:
    """The names of all form fields of a file. Raises DomainError ``signing.…``."""
    from signing.preflight import form_fields, open_for_signing  # noqa: PLC0415 - pyHanko is for children only

    return tuple(form_fields(told(open_for_signing, Path(path).read_bytes()).prev))


def fill_file(source: str, target: str, number: int, dated: str) -> Filled:
    """The file with number and date in its two fields, as an incremental update. Raises DomainError ``signing.…``."""
    from server.core.printing.fonts import times_font  # noqa: PLC0415 - fontTools is for children only
    from signing.fields import fill_fields  # noqa: PLC0415 - pyHanko is for children only

    pdf, font = Path(source).read_bytes(), times_font()
    base = hashlib.sha256(pdf).hexdigest()
    upright, slanted = str(font.regular), str(font.italic)
    texts = {NUMBER_FIELD: written(number), DATE_FIELD: words.long_date(date.fromisoformat(dated))}
    filled = told(fill_fields, pdf, texts, font=upright, font_size=POINTS, fonts={DATE_FIELD: slanted})
    Path(target).write_bytes(filled)
    return Filled(base_sha256=base)


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
