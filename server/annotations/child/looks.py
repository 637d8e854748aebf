"""How each mark looks on paper: its box and the drawing operators of its appearance, in the page's own space."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msgspec import Struct

from server.annotations.child import ink, paths
from server.annotations.child.paths import XY, Rect
from server.annotations.wire import Body, Highlight, Ink, Note, Shape, Text

if TYPE_CHECKING:
    from server.annotations.child.lettering import Face

# As on the tablet: purple is mine alone, orange is what everybody sees.
PRIVATE, SHARED = "#5a2c91", "#9a3d08"
PIN = 15.0
LINE_HEIGHT = 1.35
# A line under or through words, as share of their height.
_LINE = 0.07
_ARROW_HEAD, _ARROW_ANGLE = 4.0, math.radians(26)
MARKER_OPACITY = 0.5


class Look(Struct, frozen=True):
    """An appearance. ``box`` is where it lies on the page; ``turned`` by so many degrees around its own corner.

    The operators are in page space, except of what is turned: there the box begins at 0, 0 and stands upright.
    """

    box: Rect
    content: str
    multiply: bool = False
    opacity: float = 1.0
    turned: int = 0
    size: tuple[float, float] | None = None


def look(body: Body, face: Face | None, *, number: int, private: bool, rotate: int) -> Look:
    """How a mark is drawn; ``face`` is there where it has letters, ``number`` is a note's.

    ``rotate`` is the page's own turn, against which words stand upright.
    """
    match body:
        case Ink():
            multiply = body.marker
            return Look(ink.box(body), ink.draw(body), multiply, MARKER_OPACITY if multiply else 1.0)
        case Highlight():
            return _highlight(body)
        case Shape():
            return _shape(body)
        case Note():
            assert face is not None
            return _pin(body, face, number, SHARED if not private else PRIVATE, rotate)
        case Text():
            assert face is not None
            return _text(body, face, rotate)


def corners(body: Highlight) -> list[tuple[XY, XY, XY, XY]]:
    """Each quad as upper left, upper right, lower left, lower right."""
    return [((q[0], q[1]), (q[2], q[3]), (q[4], q[5]), (q[6], q[7])) for q in body.quads]


def _highlight(body: Highlight) -> Look:
    colour = paths.nums(*paths.rgb(body.color))
    quads = corners(body)
    box = paths.around([corner for quad in quads for corner in quad], 2)
    if body.style == "highlight":
        content = "".join(paths.polygon((ul, ur, lr, ll), "f") for ul, ur, ll, lr in quads)
        return Look(box, f"{colour} rg\n{content}", multiply=True)
    share = 0.5 if body.style == "strike" else 0.06
    lines = (
        paths.segment(_between(ll, ul, share), _between(lr, ur, share), max(0.8, math.dist(ul, ll) * _LINE))
        for ul, ur, ll, lr in quads
    )
    return Look(box, f"{colour} RG\n" + "".join(lines))


def _shape(body: Shape) -> Look:
    a, b = (body.x1, body.y1), (body.x2, body.y2)
    colour = f"{paths.nums(*paths.rgb(body.color))} RG 1 J 1 j\n"
    if body.shape == "rect":
        (x1, y1), (x2, y2) = a, b
        drawn = f"{paths.num(body.w)} w " + paths.polygon(((x1, y1), (x2, y1), (x2, y2), (x1, y2)), "S")
        return Look(paths.around((a, b), body.w / 2 + 1), colour + drawn)
    drawn = paths.segment(a, b, body.w)
    points = [a, b]
    if body.shape == "arrow" and a != b:
        wings = _wings(a, b, _ARROW_HEAD * max(body.w, 1.5))
        drawn += f"{paths.num(body.w)} w " + paths.polyline((wings[0], b, wings[1]))
        points += wings
    return Look(paths.around(points, body.w + 1), colour + drawn)


def _wings(a: XY, b: XY, length: float) -> tuple[XY, XY]:
    """The two ends of an arrow's head."""
    back = math.atan2(a[1] - b[1], a[0] - b[0])
    first, second = back - _ARROW_ANGLE, back + _ARROW_ANGLE
    return (
        (b[0] + length * math.cos(first), b[1] + length * math.sin(first)),
        (b[0] + length * math.cos(second), b[1] + length * math.sin(second)),
    )


def _pin(body: Note, face: Face, number: int, colour: str, rotate: int) -> Look:
    size = 8.0
    label = str(number)
    side = max(PIN, face.width(label, size) + 6)
    left, base = (side - face.width(label, size)) / 2, (PIN - size * 0.66) / 2
    content = (
        f"{paths.nums(*paths.rgb(colour))} rg\n{paths.rounded((0, 0, side, PIN), 3.5)}"
        f"BT 1 g /F {paths.num(size)} Tf {paths.nums(left, base)} Td {face.show(label)} ET\n"
    )
    wide, high = (side, PIN) if rotate % 180 == 0 else (PIN, side)
    box = body.x - wide / 2, body.y - high / 2, body.x + wide / 2, body.y + high / 2
    return Look(box, content, turned=rotate, size=(side, PIN))


def _text(body: Text, face: Face, rotate: int) -> Look:
    lines = face.wrapped(body.text, body.size, body.width)
    leading = body.size * LINE_HEIGHT
    width = max(body.width, *(face.width(line, body.size) for line in lines))
    height = leading * len(lines)
    first = height - leading / 2 - body.size * 0.33
    shown = "".join(f"{face.show(line)} {paths.nums(0, -leading)} Td\n" for line in lines)
    colour, size = paths.nums(*paths.rgb(body.color)), paths.num(body.size)
    content = f"BT {colour} rg /F {size} Tf {paths.nums(0, first)} Td\n{shown}ET\n"
    return Look(_hung((body.x, body.y), width, height, rotate), content, turned=rotate, size=(width, height))


def _hung(at: XY, width: float, height: float, rotate: int) -> Rect:
    """The box in page space of what hangs from its upper left corner ``at`` as the page is shown."""
    x, y = at
    match rotate % 360:
        case 90:
            return x, y, x + height, y + width
        case 180:
            return x - width, y, x, y + height
        case 270:
            return x - height, y - width, x, y
        case _:
            return x, y - height, x + width, y


def _between(a: XY, b: XY, share: float) -> XY:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share
