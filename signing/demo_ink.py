"""A handwritten-looking blue signature for demo and tests, drawn from a name; the same name gives the same picture."""

import hashlib
import io
import math
import random
from unicodedata import normalize

from PIL import Image, ImageDraw

BLUE = (27, 75, 159)
_OVERSAMPLING = 3


def draw_signature(name: str, *, width: int = 600, height: int = 240) -> bytes:
    """A transparent PNG of `width` × `height` pixels with one pen line: a large initial, waves, a flourish below."""
    seed = int.from_bytes(hashlib.sha256(normalize("NFC", name).encode()).digest()[:8], "big")
    chance = random.Random(seed)  # noqa: S311  # a picture, no secret; must repeat
    letters = max(3, min(9, len(name) // 2))
    ink = Image.new("L", (width * _OVERSAMPLING, height * _OVERSAMPLING), 0)
    pen = ImageDraw.Draw(ink)
    path = _smooth(_points(chance, letters))
    before = (path[0][0] * width * _OVERSAMPLING, path[0][1] * height * _OVERSAMPLING)
    for number, (x, y) in enumerate(path):
        # A pen presses harder on the way down and lifts towards the end.
        fall = path[number][1] - path[max(0, number - 4)][1]
        thick = (2.4 + 26 * max(0.0, fall) + 0.9 * math.sin(number / 23)) * _OVERSAMPLING * height / 240
        thick *= 1 - 0.55 * number / len(path)
        at_x, at_y, r = x * width * _OVERSAMPLING, y * height * _OVERSAMPLING, max(1.2 * _OVERSAMPLING, thick)
        pen.line((*before, at_x, at_y), fill=255, width=round(2 * r))
        before = (at_x, at_y)
        pen.ellipse((at_x - r, at_y - r, at_x + r, at_y + r), fill=255)
    out = io.BytesIO()
    picture = Image.new("RGBA", (width, height), (*BLUE, 0))
    picture.putalpha(ink.resize((width, height), Image.Resampling.LANCZOS))
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _points(chance: random.Random, letters: int) -> list[tuple[float, float]]:
    """Support points of the line in the unit square, y downwards."""

    def near(x: float, y: float) -> tuple[float, float]:
        return x + chance.uniform(-0.012, 0.012), y + chance.uniform(-0.05, 0.05)

    points = [near(0.12, 0.55), near(0.2, 0.15), near(0.27, 0.12), near(0.22, 0.5), near(0.13, 0.8), near(0.09, 0.66)]
    step = 0.5 / letters
    for letter in range(letters):
        x, rise = 0.26 + letter * step, chance.choice((0.42, 0.36, 0.22))
        points += [near(x + 0.3 * step, rise), near(x + 0.55 * step, 0.58), near(x + 0.2 * step, 0.6)]
    points += [near(0.8, 0.44), near(0.9, 0.3), near(0.84, 0.62)]
    return [*points, near(0.5, 0.82), near(0.2, 0.86), near(0.92, 0.78)]


def _smooth(points: list[tuple[float, float]], steps: int = 60) -> list[tuple[float, float]]:
    """A Catmull-Rom curve through the points."""
    ends = [points[0], *points, points[-1]]
    curve: list[tuple[float, float]] = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for number in range(steps):
            t = number / steps
            curve.append((_blend(a[0], b[0], c[0], d[0], t), _blend(a[1], b[1], c[1], d[1], t)))
    return curve


def _blend(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
