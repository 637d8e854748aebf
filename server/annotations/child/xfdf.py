"""Marks as XFDF (ISO 19444-1:2019): what Acrobat and others import into their own copy of a paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from server.annotations.child import ink, looks, paths
from server.annotations.child.job import Mark
from server.annotations.child.lettering import plain
from server.annotations.wire import Highlight, Ink, Note, Shape, Text

if TYPE_CHECKING:
    from server.annotations.wire import Annotation, Body

NAMESPACE = "http://ns.adobe.com/xfdf/"
_SUBTYPES = {"highlight": "highlight", "underline": "underline", "strike": "strikeout"}
_PIN = 18.0


def document(marks: Sequence[Mark], *, pages: Iterable[int] = ()) -> bytes:
    """The marks (those on ``pages``, where some are named) as an XFDF document in UTF-8."""
    wanted = frozenset(pages)
    root = ET.Element("xfdf", {"xmlns": NAMESPACE, "xml:space": "preserve"})
    there = ET.SubElement(root, "annots")
    for mark in marks:
        if not mark.waiting and (not wanted or mark.annotation.page in wanted):
            there.append(_element(mark))
    text: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _element(mark: Mark) -> ET.Element:
    kept, body = mark.annotation, mark.annotation.body
    shared = {
        "page": str(kept.page - 1),
        "rect": _rect(_box(body)),
        "name": kept.id,
        "title": _words(kept.owner_name),
        "subject": "Ghi chú riêng" if mark.private else "Ghi chú chung",
        "date": _date(kept.updated_at),
        "creationdate": _date(kept.created_at),
        "flags": "print",
        "color": _colour(body, private=mark.private),
    }
    name, own, children = _particular(body)
    element = ET.Element(name, shared | own)
    for child, text in children:
        ET.SubElement(_parent(element, child), child.rpartition("/")[2]).text = text
    return element


def _particular(body: Body) -> tuple[str, dict[str, str], list[tuple[str, str]]]:
    """The element's name, its own attributes, and its children with their text."""
    match body:
        case Ink():
            gesture = ";".join(_comma(point) for point in ink.centre(body))
            opacity = {"opacity": paths.num(looks.MARKER_OPACITY)} if body.marker else {}
            return "ink", {"width": paths.num(body.w), **opacity}, [("inklist/gesture", gesture)]
        case Highlight():
            coords = _comma([value for quad in body.quads for value in quad])
            return _SUBTYPES[body.style], {"coords": coords}, [("contents", _words(body.quote))]
        case Note():
            return "text", {"icon": "Note"}, [("contents", _words(body.text))]
        case Text():
            look = f"{paths.nums(*paths.rgb(body.color))} rg /TiRo {paths.num(body.size)} Tf"
            return "freetext", {"width": "0"}, [("contents", _words(body.text)), ("defaultappearance", look)]
        case Shape():
            if body.shape == "rect":
                return "square", {"width": paths.num(body.w)}, []
            ends = {"start": _comma((body.x1, body.y1)), "end": _comma((body.x2, body.y2))}
            head = {"head": "None", "tail": "OpenArrow" if body.shape == "arrow" else "None"}
            return "line", {"width": paths.num(body.w), **ends, **head}, []


def _parent(element: ET.Element, path: str) -> ET.Element:
    outer = path.rpartition("/")[0]
    return ET.SubElement(element, outer) if outer else element


def _box(body: Body) -> paths.Rect:
    match body:
        case Note():
            return paths.around([(body.x, body.y)], _PIN / 2)
        case Text():
            lines = 1 + body.text.count("\n")
            return body.x, body.y - lines * body.size * looks.LINE_HEIGHT, body.x + body.width, body.y
        case _:
            return looks.look(body, None, number=0, private=True, rotate=0).box


def _colour(body: Annotation | Body, *, private: bool) -> str:
    if isinstance(body, Note):
        return looks.PRIVATE if private else looks.SHARED
    assert isinstance(body, Ink | Highlight | Shape | Text)
    return body.color


def _rect(box: paths.Rect) -> str:
    return _comma(box)


def _comma(values: Iterable[float]) -> str:
    return ",".join(map(paths.num, values))


def _words(text: str) -> str:
    """Text that XML can hold."""
    return plain(text).replace("\ufffe", "").replace("\uffff", "")


def _date(stamp: str) -> str:
    return datetime.fromisoformat(stamp).strftime("D:%Y%m%d%H%M%SZ")
