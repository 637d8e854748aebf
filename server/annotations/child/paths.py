"""Drawing operators of PDF (ISO 32000-2 §8.5): numbers, colours, lines, discs and boxes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Rect = tuple[float, float, float, float]  # left, bottom, right, top, in points
XY = tuple[float, float]

# A quarter of a circle by one Bézier curve: the usual constant, wrong by 0.03 % of the radius.
_ARC = 0.5523


def num(value: float) -> str:
    """A number as the format wants it: no exponent, no more digits than can be seen."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"


def nums(*values: float) -> str:
    """Several numbers, apart."""
    return " ".join(map(num, values))


def rgb(colour: str) -> tuple[float, float, float]:
    """The parts of ``#rrggbb``, each 0 to 1."""
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def polygon(points: Sequence[XY], paint: str) -> str:
    """A closed shape, painted by an operator such as ``f``, ``S`` or ``B``."""
    (x, y), *rest = points
    return f"{nums(x, y)} m " + "".join(f"{nums(*each)} l " for each in rest) + f"h {paint}\n"


def polyline(points: Iterable[XY]) -> str:
    """An open line, stroked."""
    first, *rest = points
    return f"{nums(*first)} m " + "".join(f"{nums(*each)} l " for each in rest) + "S\n"


def segment(a: XY, b: XY, width: float) -> str:
    """One straight line of its own width."""
    return f"{num(width)} w {nums(*a)} m {nums(*b)} l S\n"


def disc(at: XY, radius: float) -> str:
    """A filled circle: what a line without length looks like, which not every renderer paints."""
    return _round(at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius, radius)


def rounded(box: Rect, radius: float) -> str:
    """A filled box with round corners."""
    return _round(*box, radius)


def around(points: Iterable[XY], by: float) -> Rect:
    """The box around points, larger by so much on each side."""
    listed = list(points)
    xs, ys = [x for x, _ in listed], [y for _, y in listed]
    return min(xs) - by, min(ys) - by, max(xs) + by, max(ys) + by


def _round(left: float, bottom: float, right: float, top: float, radius: float) -> str:
    k = radius * (1 - _ARC)
    return (
        f"{nums(left + radius, bottom)} m {nums(right - radius, bottom)} l "
        f"{nums(right - k, bottom, right, bottom + k, right, bottom + radius)} c {nums(right, top - radius)} l "
        f"{nums(right, top - k, right - k, top, right - radius, top)} c {nums(left + radius, top)} l "
        f"{nums(left + k, top, left, top - k, left, top - radius)} c {nums(left, bottom + radius)} l "
        f"{nums(left, bottom + k, left + k, bottom, left + radius, bottom)} c h f\n"
    )
