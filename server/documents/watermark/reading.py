"""Reading the unseen mark from what a page looks like, in a child: a file, a screenshot, a picture of a page.

Nothing of the file's own structure is asked: a page is drawn, and only brightness counts. So it makes no difference
who saved or printed the file again. The size of the squares is searched for, and so is where they begin.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Iterator, Sequence
from itertools import product

from msgspec import Struct
from PIL import Image

from server.documents.intake.opening import opened
from server.documents.models import Reading
from server.documents.watermark.pattern import CELLS, SIDE, SYNC, number_of
from server.documents.watermark.prepare import CELL_POINTS

DPI = 150
MOST_PAGES = 5
MOST_PIXELS = 40_000_000
# What is further than this from the paper's own brightness is ink, a picture, a shadow.
_WINDOW = 12
# Widths and heights in points that a whole page has; tried before all other sizes.
_WIDTHS = (595.28, 841.89, 612.0, 792.0, 419.53, 841.89, 1190.55, 960.0, 720.0)
_TURNED = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180)
# Pixels a cell: from 45 dpi to 430 dpi, in steps in which the middle of a page drifts by half of one.
_LEAST, _MOST, _STEP = 2.5, 24.0, 1.008
_FINE = tuple(1 + 0.001 * step for step in range(-6, 7))
# Sizes are first looked for in so many cells: of a wrong one the squares drift apart less than in all of a page.
_MIDDLE = 4 * SIDE
# By how many deviations squares stand out. The highest of 1,024 chance values is 3.3 deviations above their mean, of
# 600 such tries 4.9.
SURE, LIKELY, CLEAR, _HINT = 8.0, 5.5, 14.0, 4.0


class _Found(Struct, frozen=True):
    strength: float
    light: list[float]
    cell: float


def read_marks(path: str) -> list[Reading]:
    """The marks of a PDF (its first pages) or a picture, the clearest first; none where there is none to be seen."""
    found = []
    for page, image, cell in _images(path):
        best = _best(image, cell)
        if best is not None:
            found.append(Reading(number_of(best.light), round(best.strength, 1), page))
            if best.strength >= SURE:
                break
    return sorted(found, key=lambda each: -each.strength)


def _images(path: str) -> Iterator[tuple[int, Image.Image, float | None]]:
    """Each page's picture, and how large a cell is in it if that is known."""
    with open(path, "rb") as file:  # noqa: PTH123 - a path of the caller's
        is_pdf = b"%PDF-" in file.read(1024)
    if not is_pdf:
        Image.MAX_IMAGE_PIXELS = MOST_PIXELS
        with Image.open(path) as image:
            yield 1, image.convert("L"), None
        return
    document = opened(path)
    for number in range(min(len(document), MOST_PAGES)):
        page = document[number]
        dots = min(DPI, math.sqrt(MOST_PIXELS / max(1.0, page.get_width() * page.get_height())) * 72)
        yield number + 1, page.render(scale=dots / 72).to_pil().convert("L"), CELL_POINTS * dots / 72
    document.close()


def _best(image: Image.Image, cell: float | None) -> _Found | None:
    """The clearest squares in any size and turn; a page drawn by ourselves is tried in its own size first."""
    upright = _levelled(image)
    turned = [upright, *(upright.transpose(turn) for turn in _TURNED)]
    best: _Found | None = None
    for sizes in (_whole_page, _any_size):
        for each in turned:
            found = _clearest(each, ([cell] if cell else []) + sizes(each))
            if found is not None and (best is None or found.strength > best.strength):
                best = found
            if best is not None and best.strength >= SURE:
                return best
    return best if best is not None and best.strength >= LIKELY else None


def _whole_page(image: Image.Image) -> list[float]:
    return [image.width * CELL_POINTS / width for width in _WIDTHS]


def _any_size(_image: Image.Image) -> list[float]:
    return [_LEAST * _STEP**step for step in range(math.ceil(math.log(_MOST / _LEAST) / math.log(_STEP)) + 1)]


def _levelled(image: Image.Image) -> Image.Image:
    """Brightness as compared to the paper, which is the commonest; 0 for what is no paper."""
    counts = image.histogram()
    paper = max(range(256), key=counts.__getitem__)
    near = range(max(0, paper - _WINDOW), min(256, paper + _WINDOW + 1))
    mean = sum(value * counts[value] for value in near) / max(1, sum(counts[value] for value in near))
    return image.point([value - mean if value in near else 0.0 for value in range(256)], "F")


def _clearest(image: Image.Image, cells: Sequence[float]) -> _Found | None:
    """The best of these sizes, as seen in the middle of the page, sought again finely on all of it."""
    best: _Found | None = None
    for cell in cells:
        found = _look(image, cell, most=_MIDDLE)
        if found is not None and (best is None or found.strength > best.strength):
            best = found
            if best.strength >= SURE:
                break
    if best is None or best.strength < _HINT:
        return best
    finer = ((factor, dx, dy) for factor in _FINE for dx, dy in product((0.0, 0.5), repeat=2))
    for factor, dx, dy in [(1.0, 0.0, 0.0), *finer]:
        found = _look(image, best.cell * factor, dx, dy)
        if found is not None and found.strength > best.strength:
            best = found
        if best.strength >= CLEAR:
            break
    return best


def _look(image: Image.Image, cell: float, dx: float = 0.0, dy: float = 0.0, most: int = CELLS) -> _Found | None:
    """The squares of one size that begin (dx, dy) cells off, in the middle ``most`` cells of a picture."""
    across, down = int(image.width / cell - dx), int(image.height / cell - dy)
    if across < SIDE or down < SIDE:
        return None
    left, top = max(0, across - most) // 2, max(0, down - most) // 2
    across, down = min(across, most) // SIDE * SIDE, min(down, most) // SIDE * SIDE
    box = ((dx + left) * cell, (dy + top) * cell, (dx + left + across) * cell, (dy + top + down) * cell)
    light = _folded(image.resize((across, down), Image.Resampling.BOX, box=box))
    shift, strength = _aligned(light)
    return _Found(abs(strength), _shifted(light, shift, 1 if strength > 0 else -1), cell)


def _folded(small: Image.Image) -> list[float]:
    """The mean of all squares. Rows of squares become single rows, which a resize then averages."""
    across, down = small.size
    columns = Image.frombytes("F", (SIDE, down * (across // SIDE)), small.tobytes())
    narrow = columns.resize((SIDE, down), Image.Resampling.BOX)
    rows = Image.frombytes("F", (CELLS, down // SIDE), narrow.tobytes())
    one = rows.resize((CELLS, 1), Image.Resampling.BOX)
    return list(memoryview(one.tobytes()).cast("f"))


def _aligned(light: Sequence[float]) -> tuple[int, float]:
    """Where the square begins (a cell), and how clearly, in deviations; negative where it is inverted."""
    spectrum = _fourier(light, 1)
    product_ = [each * known for each, known in zip(spectrum, _KNOWN, strict=True)]
    fits = [each.real for each in _fourier(product_, -1)]
    mean = sum(fits) / CELLS
    deviation = math.sqrt(sum((each - mean) ** 2 for each in fits) / CELLS) or 1.0
    at = max(range(CELLS), key=lambda each: abs(fits[each] - mean))
    return at, (fits[at] - mean) / deviation


def _shifted(light: Sequence[float], at: int, sign: int) -> list[float]:
    top, left = divmod(at, SIDE)
    return [
        sign * light[(row + top) % SIDE * SIDE + (column + left) % SIDE]
        for row in range(SIDE)
        for column in range(SIDE)
    ]


def _fourier(values: Sequence[complex], sign: int) -> list[complex]:
    """The two-dimensional transform of a square, not scaled."""
    rows = [_transform(values[start : start + SIDE], sign) for start in range(0, CELLS, SIDE)]
    columns = [_transform([row[column] for row in rows], sign) for column in range(SIDE)]
    return [columns[column][row] for row in range(SIDE) for column in range(SIDE)]


def _transform(values: Sequence[complex], sign: int) -> list[complex]:
    count = len(values)
    if count == 1:
        return list(values)
    even, odd = _transform(values[::2], sign), _transform(values[1::2], sign)
    turned = [each * turn for each, turn in zip(odd, _TURNS[sign, count], strict=True)]
    return [a + b for a, b in zip(even, turned, strict=True)] + [a - b for a, b in zip(even, turned, strict=True)]


_TURNS = {
    (sign, 1 << power): [cmath.exp(-2j * math.pi * sign * k / (1 << power)) for k in range(1 << power >> 1)]
    for sign in (1, -1)
    for power in range(1, 6)
}
_KNOWN = [each.conjugate() for each in _fourier(SYNC, 1)]
