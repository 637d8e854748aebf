"""What bodies of annotations may hold: each bound, just inside and just outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from server.annotations.wire import Body, Highlight

if TYPE_CHECKING:
    from collections.abc import Mapping

SHAPE = {"type": "shape", "shape": "line", "color": "#112233", "w": 2, "x1": 0, "y1": 0, "x2": 5, "y2": 5}
TEXT = {"type": "text", "x": 0, "y": 0, "width": 100, "size": 12, "color": "#112233", "text": "đã rõ"}
HIGHLIGHT = {"type": "highlight", "color": "#112233", "quads": [[0, 9, 9, 9, 0, 0, 9, 0]]}


def read(body: Mapping[str, object], **changes: object) -> Body:
    """The body with changes, as it comes over the wire."""
    found: Body = msgspec.json.decode(msgspec.json.encode({**body, **changes}), type=Body)
    return found


@pytest.mark.parametrize(
    ("body", "field", "inside", "outside"),
    [
        (SHAPE, "shape", ["arrow", "line", "rect"], ["ellipse", "", None]),
        (SHAPE, "w", [0.1, 60], [0, 60.1, "2"]),
        (SHAPE, "color", ["#AbCdEf"], ["red", "#12345", "#1122334"]),
        *((SHAPE, key, [-20_000, 20_000], [-20_001, 20_001]) for key in ("x1", "y1", "x2", "y2")),
        (TEXT, "x", [-20_000, 20_000], [-20_001, 20_001]),
        (TEXT, "y", [-20_000, 20_000], [-20_001, 20_001]),
        (TEXT, "width", [10, 20_000], [9, 20_001]),
        (TEXT, "size", [4, 144], [3.9, 145]),
        (TEXT, "color", ["#000000"], ["black"]),
        (TEXT, "text", ["x", "ữ" * 2000], ["", "x" * 2001]),
        (TEXT, "fork_of", [None, "a"], [1]),
        (HIGHLIGHT, "style", ["highlight", "underline", "strike"], ["squiggly", ""]),
        (HIGHLIGHT, "prefix", ["", "ệ" * 64], ["x" * 65]),
        (HIGHLIGHT, "suffix", ["", "ệ" * 64], ["x" * 65]),
        (HIGHLIGHT, "quads", [[[0.5] * 8]], [[], [[0] * 7], [[0] * 9]]),
    ],
)
def test_each_bound(body: Mapping[str, object], field: str, inside: list[object], outside: list[object]) -> None:
    for value in inside:
        read(body, **{field: value})
    for value in outside:
        with pytest.raises(msgspec.ValidationError):
            read(body, **{field: value})


@pytest.mark.parametrize("body", [SHAPE, TEXT, HIGHLIGHT])
def test_nothing_unknown_is_taken(body: Mapping[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        read(body, more=1)


def test_a_highlight_that_was_stored_before_styles_is_read_as_one() -> None:
    found = read(HIGHLIGHT)
    assert isinstance(found, Highlight)
    assert (found.style, found.prefix, found.suffix) == ("highlight", "", "")
