"""What people draw on the demo's papers: marks laid on words where they stand on the page."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Literal, NamedTuple

from server.annotations.actions import push
from server.annotations.wire import AnnotationsPush, Body, Highlight, Ink, Note, Put
from server.core.errors import DomainError
from server.core.ids import new_id
from server.demo.finding import find_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from server.demo.stage import Stage
    from server.documents.wire import Paper

# Tokens --ink-shared and --ink-private of the design, and the marker's yellow.
SHARED, PRIVATE, YELLOW = "#9A3D08", "#5A2C91", "#F2C94C"
_STEPS = 100  # ink is in 1/100 pt
_MARGIN = 75.0  # beside the text, which begins 30 mm from the edge (Decree 30/2020)


class Mark(NamedTuple):
    """A mark on the first place of ``words`` on a page (from 1); ``text`` is what a note says beside them."""

    kind: Literal["underline", "circle", "highlight", "bar", "note"]
    page: int
    words: str
    text: str = ""


class Box(NamedTuple):
    """Where words stand, in points, origin bottom-left."""

    left: float
    bottom: float
    right: float
    top: float


async def draw(stage: Stage, paper: Paper, user: str, marks: Sequence[Mark], *, private: bool = False) -> None:
    """Let somebody draw ``marks`` on the current version of a paper, for all or for themselves alone."""
    assert paper.version is not None  # published a moment ago
    pdf = await stage.core.blobs.read(paper.version.sha256)
    boxes = await stage.core.workers.run(find_words, pdf, [(mark.page, mark.words) for mark in marks])
    actor = stage.actor(user)
    colour = PRIVATE if private else SHARED
    hand = random.Random(f"{user} {paper.title}")  # noqa: S311 - a shaking hand, the same at every start
    stream = f"p:{paper.version.id}:{actor.person_id}" if private else f"s:{paper.version.id}"
    ops = tuple(
        Put(op_id=new_id(), ann_id=new_id(), page=mark.page, body=_body(mark, Box(*box), colour, hand))
        for mark, box in zip(marks, boxes, strict=True)
    )
    done = await push(stage.core, AnnotationsPush(stream=stream, ops=ops), actor=actor)
    refused = [each.st for each in done.results if each.st != "applied"]
    if refused:
        raise DomainError("conflict")


def _body(mark: Mark, box: Box, colour: str, hand: random.Random) -> Body:
    if mark.kind == "highlight":
        quad = (box.left, box.top, box.right, box.top, box.left, box.bottom, box.right, box.bottom)
        return Highlight(color=YELLOW, quads=(quad,), quote=mark.words)
    if mark.kind == "note":
        return Note(x=box.right + 8, y=box.top, text=mark.text)
    points = {"underline": _underline, "circle": _circle, "bar": _bar}[mark.kind](box, hand)
    return Ink(color=colour, w=1.6, pts=_coded(points, hand))


def _underline(box: Box, hand: random.Random) -> list[tuple[float, float]]:
    steps = max(8, int((box.right - box.left) / 4))
    lift = hand.uniform(-1.2, 1.2)
    return [
        (
            box.left + (box.right - box.left) * at / steps,
            box.bottom - 2 + lift * at / steps + 0.5 * math.sin(at / 2.7) + hand.uniform(-0.15, 0.15),
        )
        for at in range(steps + 1)
    ]


def _circle(box: Box, hand: random.Random) -> list[tuple[float, float]]:
    """An ellipse that does not quite close, as a pen leaves it."""
    middle = ((box.left + box.right) / 2, (box.bottom + box.top) / 2)
    wide, high = (box.right - box.left) / 2 + 7, (box.top - box.bottom) / 2 + 5
    begin = hand.uniform(1.9, 2.4)
    return [
        (
            middle[0] + (wide + at / 24) * math.cos(begin + at / 48 * 2 * math.pi),
            middle[1] + (high + at / 40) * math.sin(begin + at / 48 * 2 * math.pi),
        )
        for at in range(52)
    ]


def _bar(box: Box, hand: random.Random) -> list[tuple[float, float]]:
    """A line in the margin beside the words."""
    high, low = box.top + 3, box.bottom - 22
    return [(_MARGIN + hand.uniform(-0.5, 0.5), high - (high - low) * at / 14) for at in range(15)]


def _coded(points: list[tuple[float, float]], hand: random.Random) -> tuple[int, ...]:
    """Points as the wire has them: the first absolute, the rest differences; a pen presses less at both ends."""
    coded: list[int] = []
    before = (0, 0, 0)
    for place, (x, y) in enumerate(points):
        ends = min(place, len(points) - 1 - place, 4) / 4
        now = (round(x * _STEPS), round(y * _STEPS), round(70 + 90 * ends + hand.uniform(-12, 12)))
        coded += [now[0] - before[0], now[1] - before[1], now[2] - before[2]]
        before = now
    return tuple(coded)
