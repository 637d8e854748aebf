"""Marks as annotations of a PDF (ISO 32000-2 §12.5), each with an appearance of its own.

Readers differ in what they draw of an annotation that has none, and lose Vietnamese letters in it; with one they agree.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from server.annotations.child import ink, looks, paths
from server.annotations.child.job import Mark, Noted
from server.annotations.child.lettering import Face
from server.annotations.wire import Highlight, Ink, Note, Shape, Text

if TYPE_CHECKING:
    from server.annotations.child.looks import Look
    from server.annotations.wire import Body

_PRINT = 4
_WORDED = (Note, Text)
_SUBTYPES = {"highlight": Name.Highlight, "underline": Name.Underline, "strike": Name.StrikeOut}


def place(pdf: pikepdf.Pdf, marks: Sequence[Mark], font: str, *, pages: Sequence[int] = ()) -> list[Noted]:
    """Add marks to their pages (all, or those of ``pages``); returns the notes numbered through, and those that wait.

    ``font``: the file that letters are taken from. A mark on a page that is not there is left out.
    """
    wanted = set(pages) or range(1, len(pdf.pages) + 1)
    by_page: dict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        if not mark.waiting and mark.annotation.page in wanted and mark.annotation.page <= len(pdf.pages):
            by_page[mark.annotation.page].append(mark)
    face = _face(pdf, font, (mark for there in by_page.values() for mark in there))
    notes: list[Noted] = []
    for page in sorted(by_page):
        there = sorted(by_page[page], key=_reading_order)
        _on_page(pdf, page, there, face, notes)
    return [*notes, *(_waiting(mark) for mark in marks if mark.waiting and isinstance(mark.annotation.body, _WORDED))]


def rotation(page: pikepdf.Page) -> int:
    """By how much a page is turned clockwise when shown: 0, 90, 180 or 270."""
    turned: int = int(page.rotation) if hasattr(page, "rotation") else int(_inherited(page.obj, "/Rotate") or 0)
    return turned % 360


def _waiting(mark: Mark) -> Noted:
    """A note that has no place in this version yet: its words are not lost with it."""
    kept = mark.annotation
    assert isinstance(kept.body, _WORDED)
    text = kept.body.text
    return Noted(
        number=0, page=kept.page, author=kept.owner_name, private=mark.private, text=text, waiting=True
    )  # fmt: skip


def _reading_order(mark: Mark) -> tuple[int, str]:
    """Marker bands below, then ink and shapes, notes on top; each in the order of their making (ids are in time)."""
    body = mark.annotation.body
    layer = 0 if isinstance(body, Highlight) else 2 if isinstance(body, Note) else 1
    return layer, mark.annotation.id


def _face(pdf: pikepdf.Pdf, font: str, marks: Iterable[Mark]) -> Face | None:
    bodies = [mark.annotation.body for mark in marks]
    texts = [body.text for body in bodies if isinstance(body, Text)]
    return Face(pdf, font, texts) if texts or any(isinstance(body, Note) for body in bodies) else None


def _on_page(pdf: pikepdf.Pdf, number: int, marks: Sequence[Mark], face: Face | None, notes: list[Noted]) -> None:
    page = pdf.pages[number - 1]
    turned = rotation(page)
    before = page.obj.get("/Annots")
    there = list(before) if isinstance(before, Array) else []
    for mark in marks:
        body = mark.annotation.body
        if isinstance(body, Note):
            notes.append(
                Noted(
                    number=len(notes) + 1, page=number, author=mark.annotation.owner_name, private=mark.private,
                    text=body.text,
                )
            )  # fmt: skip
        seen = looks.look(body, face, number=len(notes), private=mark.private, rotate=turned)
        there.append(pdf.make_indirect(_annotation(pdf, page, mark, seen, face)))
    page.obj["/Annots"] = Array(there)


def _annotation(pdf: pikepdf.Pdf, page: pikepdf.Page, mark: Mark, seen: Look, face: Face | None) -> Dictionary:
    kept, body = mark.annotation, mark.annotation.body
    return Dictionary(
        {
            "/Type": Name.Annot,
            "/P": page.obj,
            "/Rect": _numbers(seen.box),
            "/NM": String(kept.id),
            "/T": String(kept.owner_name),
            "/M": String(_date(kept.updated_at)),
            "/CreationDate": String(_date(kept.created_at)),
            "/Subj": String("Ghi chú riêng" if mark.private else "Ghi chú chung"),
            "/F": _PRINT,
            "/C": Array([round(part, 4) for part in paths.rgb(_colour(body, private=mark.private))]),
            "/CA": round(seen.opacity, 2),
            "/AP": Dictionary(N=pdf.make_indirect(_appearance(pdf, seen, face))),
            **_particular(body),
        }
    )


def _particular(body: Body) -> dict[str, Any]:
    """What each type of annotation has beside what all have."""
    match body:
        case Ink():
            line = Array([round(value, 2) for point in ink.centre(body) for value in point])
            return {"/Subtype": Name.Ink, "/InkList": Array([line]), "/BS": _border(body.w)}
        case Highlight():
            quads = Array([round(value, 2) for quad in body.quads for value in quad])
            return {"/Subtype": _SUBTYPES[body.style], "/QuadPoints": quads, "/Contents": String(body.quote)}
        case Note():
            return {"/Subtype": Name.Text, "/Name": Name.Note, "/Open": False, "/Contents": String(body.text)}
        case Text():
            colour = paths.nums(*paths.rgb(body.color))
            look = f"{colour} rg /TiRo {paths.num(body.size)} Tf"
            return {"/Subtype": Name.FreeText, "/Contents": String(body.text), "/DA": String(look), "/Q": 0,
                    "/BS": Dictionary(W=0)}  # fmt: skip
        case Shape():
            if body.shape == "rect":
                return {"/Subtype": Name.Square, "/BS": _border(body.w)}
            ends = Array([Name("/None"), Name.OpenArrow if body.shape == "arrow" else Name("/None")])
            line = _numbers((body.x1, body.y1, body.x2, body.y2))
            return {"/Subtype": Name.Line, "/L": line, "/LE": ends, "/BS": _border(body.w)}


def _appearance(pdf: pikepdf.Pdf, seen: Look, face: Face | None) -> Stream:
    state = Dictionary(CA=seen.opacity, ca=seen.opacity, BM=Name.Multiply if seen.multiply else Name.Normal)
    form = Stream(pdf, f"/G gs\n{seen.content}".encode())
    form.Type, form.Subtype = Name.XObject, Name.Form
    resources = Dictionary(ExtGState=Dictionary(G=state))
    if seen.size is not None and face is not None:
        resources.Font = Dictionary(F=face.font)
        form.BBox = _numbers((0.0, 0.0, *seen.size))
        form.Matrix = Array([round(part) for part in _turn(seen.turned)] + [0, 0])
    else:
        form.BBox = _numbers(seen.box)
    if seen.multiply or seen.opacity < 1:  # blends with the page as one thing
        form.Group = Dictionary(S=Name.Transparency)
    form.Resources = resources
    return form


def _turn(degrees: int) -> tuple[float, float, float, float]:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return c, s, -s, c


def _colour(body: Body, *, private: bool) -> str:
    if isinstance(body, Note):
        return looks.PRIVATE if private else looks.SHARED
    return body.color


def _border(width: float) -> Dictionary:
    return Dictionary(W=round(width, 2), S=Name.S)


def _numbers(values: Sequence[float]) -> Array:
    return Array([round(value, 2) for value in values])


def _date(stamp: str) -> str:
    """A moment of ours (ISO, UTC) as the format writes it."""
    return datetime.fromisoformat(stamp).strftime("D:%Y%m%d%H%M%SZ")


def _inherited(obj: Any, key: str) -> Any:  # noqa: ANN401 - a page of pikepdf
    while obj is not None:
        if key in obj:
            return obj[key]
        obj = obj.get("/Parent")
    return None
