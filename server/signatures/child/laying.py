"""Laying fields on a paper before anybody signs, and telling which ones wait there. Runs in a child."""

from __future__ import annotations

from pathlib import Path

from server.signatures.child import told
from server.signatures.models import Place
from signing.field import Field


def lay_fields(source: str, target: str, fields: tuple[Field, ...]) -> None:
    """The file with these fields, as an incremental update, in ``target``. Raises DomainError ``signing.…``."""
    from signing import add_fields  # noqa: PLC0415 - pyHanko is for children only

    told(add_fields, Path(source), fields, into=Path(target))


def empty_places(path: str) -> list[tuple[str, Place]]:
    """Fields that nobody has signed or filled yet, and where they are. Raises DomainError ``signing.…``."""
    return told(_empty, Path(path))


def _empty(pdf: Path) -> list[tuple[str, Place]]:
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 - for children only

    from signing import SigningError  # noqa: PLC0415 - the same
    from signing.places import field_place  # noqa: PLC0415 - the same
    from signing.preflight import form_fields, resolved  # noqa: PLC0415 - the same

    try:
        with pdf.open("rb") as file:
            reader = PdfFileReader(file, strict=False)
            waiting = [
                name
                for name, (_, where) in form_fields(reader).items()
                if where is None or not resolved(reader.get_object(where), "/V")
            ]
    except SigningError:
        raise
    except Exception as why:  # the parser answers bad files with many classes
        raise SigningError("pdf_unreadable") from why
    found = []
    for name in waiting:
        try:
            page, box = field_place(pdf, name)
        except SigningError:
            continue  # it has no place that could be shown
        found.append((name, Place(page=page, box=box)))
    return found
