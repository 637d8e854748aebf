"""A copy of a paper: opened, its marks placed, its pages chosen, never taken for the signed original."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pikepdf
from pikepdf import AccessMode, Array, Dictionary, Name

# What makes a file a signed one, and means nothing in a copy (ISO 32000-2 §12.8, PAdES).
_OF_SIGNATURES = ("/AcroForm", "/Perms", "/DSS", "/Legal")


@contextmanager
def opened(path: str) -> Iterator[pikepdf.Pdf]:
    """A paper, read as far as needed: a large one is never whole in memory."""
    with pikepdf.open(path, access_mode=AccessMode.stream) as pdf:
        yield pdf


def unsign(pdf: pikepdf.Pdf) -> None:
    """Keep how signatures and seals look and take away what claims that this file is signed.

    A rewritten file under an old signature would be told as forged by every reader.
    """
    flatten_forms(pdf)
    for key in _OF_SIGNATURES:
        if key in pdf.Root:
            del pdf.Root[key]


def flatten_forms(pdf: pikepdf.Pdf) -> None:
    """Draw form fields into their pages; other annotations stay what they are."""
    aside: list[tuple[Any, list[Any]]] = []
    for page in pdf.pages:
        notes = page.obj.get("/Annots")
        if not isinstance(notes, Array):
            continue
        widgets = [note for note in notes if _is_widget(note)]
        if widgets:
            aside.append((page.obj, [note for note in notes if not _is_widget(note)]))
            page.obj["/Annots"] = Array(widgets)
    if not aside:
        return
    others = [page.obj for page in pdf.pages if not any(page.obj.objgen == held.objgen for held, _ in aside)]
    parked = [(obj, obj["/Annots"]) for obj in others if "/Annots" in obj]
    for obj, _ in parked:
        del obj["/Annots"]
    pdf.flatten_annotations("all")
    for obj, kept in [*aside, *((obj, list(notes)) for obj, notes in parked)]:
        obj["/Annots"] = Array(kept)


def append(target: pikepdf.Pdf, source: pikepdf.Pdf, pages: Sequence[int] = ()) -> None:
    """Add pages (from 1; all where none are named) at the end of ``target``; ``source`` stays open until it is saved.

    Links between pages that are both taken go on leading there; others lead nowhere, and carry nothing along.
    """
    wanted = [page - 1 for page in pages] or list(range(len(source.pages)))
    first = len(target.pages)
    places = {source.pages[page].obj.objgen: first + order for order, page in enumerate(wanted)}
    leads = [_taken_leads(source.pages[page], places) for page in wanted]
    for page in wanted:
        for key in ("/B", "/StructParents", "/AA"):  # threads, structure: of the whole file, not of a page
            if key in source.pages[page].obj:
                del source.pages[page].obj[key]
    target.add_pages_from(source, wanted, forms="strip")
    for order, links in enumerate(leads):
        _lead_again(target, target.pages[first + order], links)


def _is_widget(note: object) -> bool:
    return isinstance(note, Dictionary) and note.get("/Subtype") == Name.Widget


def _taken_leads(page: pikepdf.Page, places: dict[tuple[int, int], int]) -> dict[int, tuple[int, list[Any]]]:
    """Which of a page's annotations lead straight to a page that is taken: their place in the list, and where to.

    Those are taken off here, since a reference to a page is not copied with its annotation. Named places stay.
    """
    found: dict[int, tuple[int, list[Any]]] = {}
    notes = page.obj.get("/Annots")
    for at, note in enumerate(notes if isinstance(notes, Array) else ()):
        if not isinstance(note, Dictionary) or note.get("/Subtype") != Name.Link:
            continue
        holder, key = _destination(note)
        if holder is None or not isinstance(holder[key], Array) or len(holder[key]) == 0:
            continue
        to, *how = list(holder[key])
        del holder[key]
        if holder is not note:
            del note["/A"]
        if isinstance(to, Dictionary) and to.objgen in places:
            found[at] = places[to.objgen], [each if isinstance(each, Name) else _plain(each) for each in how]
    return found


def _destination(note: Any) -> tuple[Any, str]:  # noqa: ANN401 - a dictionary of pikepdf
    if "/Dest" in note:
        return note, "/Dest"
    action = note.get("/A")
    if isinstance(action, Dictionary) and action.get("/S") == Name.GoTo and "/D" in action:
        return action, "/D"
    return None, ""


def _plain(value: Any) -> Any:  # noqa: ANN401 - a number or null
    return None if value is None else float(value)


def _lead_again(target: pikepdf.Pdf, page: pikepdf.Page, links: dict[int, tuple[int, list[Any]]]) -> None:
    notes = page.obj.get("/Annots")
    for at, (to, how) in links.items():
        if isinstance(notes, Array) and at < len(notes):
            notes[at]["/Dest"] = Array([target.pages[to].obj, *how])
