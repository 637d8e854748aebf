"""Which field of a paper a signature goes into; for papers that several sign, all fields are made before the first.

Runs in a child. A field that the paper was printed with is used if it stands where the signer's name is, or is the
only one for this act; where there is none, one is made above the name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.signatures.child.placing import corners, find_place, place_above
from server.signatures.models import Place
from signing.field import Field

if TYPE_CHECKING:
    from pathlib import Path

    from server.signatures.models import Job

OFFICIAL, INITIAL, SEAL, SEVERAL = "ChuKy", "KyNhay", "ConDau", "ChuKy"


def field_for(given: Path, into: Path, job: Job) -> tuple[Path, str | None, Place]:
    """The file, the field's name, and its place.

    Where several will sign and nobody has, the file with new fields is written to ``into``. The name is None where a
    new field is made with the signature itself. Raises SigningError.
    """
    pdf, known = given, _fields(given)
    if job.several and not any(known.values()):
        pdf = _with_fields(given, into, job, known)
        known = _fields(pdf)
    empty = [name for name, signed in known.items() if not signed and name != SEAL]
    if job.act == "initial":
        found = next((name for name in empty if name.startswith(INITIAL)), None)
    else:
        found = _own(pdf, given, [name for name in empty if not name.startswith(INITIAL)], job)
    return pdf, found, _place(pdf, found) if found else find_place(str(given), job.name, below=job.below)


def _own(pdf: Path, given: Path, empty: list[str], job: Job) -> str | None:
    """The empty field that bears the signer's turn, else the one above their name, else the one for the only signer."""
    if job.several and (numbered := _numbered(job.turn)) in empty:
        return numbered
    wanted = find_place(str(given), job.name, below=job.below)
    here = [name for name in empty if _meets(_place(pdf, name), wanted)]
    if here:
        return here[0]
    return OFFICIAL if not job.several and OFFICIAL in empty else None


def _numbered(turn: int) -> str:
    return f"{SEVERAL}{1 + turn}"


def _with_fields(pdf: Path, into: Path, job: Job, known: dict[str, bool]) -> Path:
    """A file with a field for everybody who will sign and has none."""
    from signing import add_fields  # noqa: PLC0415 - pyHanko is for children only

    path = str(pdf)
    printed = [_place(pdf, name) for name in known if name != SEAL]
    fields: list[Field] = []
    for turn, person in enumerate(job.several):
        place = place_above(path, person, below=job.several[turn + 1 :].count(person))
        if _numbered(turn) in known or (place is not None and any(_meets(place, each) for each in printed)):
            continue
        if place is None:
            made = [Place(page=field.page, box=field.box) for field in fields if field.box]
            place = next(each for each in corners(path) if not any(_meets(each, other) for other in (*printed, *made)))
        fields.append(Field(name=_numbered(turn), page=place.page, box=place.box))
    if not fields:
        return pdf
    add_fields(pdf, fields, together=True, into=into)
    return into


def _fields(pdf: Path) -> dict[str, bool]:
    """Signature fields that are seen, in order, and whether each is signed."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 - for children only
    from pyhanko.sign.fields import enumerate_sig_fields  # noqa: PLC0415 - the same

    from signing import SigningError  # noqa: PLC0415 - the same

    try:
        with pdf.open("rb") as file:
            found = list(enumerate_sig_fields(PdfFileReader(file, strict=False)))
    except Exception as why:  # the parser answers bad files with many classes
        raise SigningError("pdf_unreadable") from why
    return {str(name): value is not None for name, value, _ in found if value is not None or _seen(pdf, str(name))}


def _seen(pdf: Path, name: str) -> bool:
    from signing import SigningError  # noqa: PLC0415 - for children only

    try:
        _place(pdf, name)
    except SigningError:
        return False
    return True


def _place(pdf: Path, name: str) -> Place:
    from signing.places import field_place  # noqa: PLC0415 - pypdf is for children only

    page, box = field_place(pdf, name)
    return Place(page=page, box=box)


def _meets(one: Place, other: Place) -> bool:
    """Whether two boxes lie on one page and share some of it."""
    (a, b, c, d), (e, f, g, h) = one.box, other.box
    return one.page == other.page and min(c, g) > max(a, e) and min(d, h) > max(b, f)
