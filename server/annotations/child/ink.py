"""Ink on paper: a stroke whose width follows the pressure, as segments with round caps; the marker as one band."""

from __future__ import annotations

from itertools import pairwise

from server.annotations.child import paths
from server.annotations.child.paths import XY
from server.annotations.wire import Ink

# As the tablet draws and codes it (clients/kit/ink): width from half of `w` without pressure to 1.5 times at full;
# lengths in hundredths of a point, pressure in hundredths.
_STEPS = 100
_LEAST = 0.5
Point = tuple[float, float, float]


def points(ink: Ink) -> list[Point]:
    """The centre line: x and y in points, pressure 0 to 1."""
    found: list[Point] = []
    x = y = p = 0
    for at in range(0, len(ink.pts) - 2, 3):
        x, y, p = x + ink.pts[at], y + ink.pts[at + 1], p + ink.pts[at + 2]
        found.append((x / _STEPS, y / _STEPS, min(1.0, max(0.0, p / _STEPS))))
    return found


def centre(ink: Ink) -> list[XY]:
    """The centre line without pressure: what ``/InkList`` holds."""
    return [(x, y) for x, y, _ in points(ink)]


def box(ink: Ink) -> paths.Rect:
    """What the stroke covers at most."""
    return paths.around(centre(ink), ink.w * (_LEAST + 1) / 2 + 1)


def draw(ink: Ink) -> str:
    """The stroke, in its colour."""
    line = points(ink)
    colour = paths.nums(*paths.rgb(ink.color))
    (x, y, p), *rest = line
    if not rest:
        return f"{colour} rg\n{paths.disc((x, y), _width(ink, p) / 2)}"
    if ink.marker:  # one path: where a band crosses itself it does not get darker
        return f"{colour} RG {paths.num(ink.w)} w 1 J 1 j\n{paths.polyline(centre(ink))}"
    parts = (
        paths.segment(a[:2], b[:2], _width(ink, (a[2] + b[2]) / 2)) for a, b in pairwise(line)
    )  # fmt: skip
    return f"{colour} RG 1 J 1 j\n" + "".join(parts)


def _width(ink: Ink, pressure: float) -> float:
    return ink.w if ink.marker else ink.w * (_LEAST + pressure)
