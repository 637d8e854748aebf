"""Where annotations belong in a new version: rules over made-up pages and every kind of mark."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from server.annotations.actions import fitting
from server.annotations.actions.fitting import Pages
from server.annotations.wire import Body, Highlight, Ink, Note, Shape, Text
from server.documents.actions import Found
from server.documents.models import Box, Origin

A4: Box = (0.0, 0.0, 595.0, 842.0, 0)
QUAD = (1.0, 2.0, 3.0, 2.0, 1.0, 1.0, 3.0, 1.0)
BODIES: list[Body] = [
    Ink(color="#5a2c91", w=1.6, pts=(100, 200, 128, 5, 5, 0)),
    Highlight(color="#ffe38a", quads=(QUAD,), quote="Tổng vốn", prefix="a", suffix="b", style="strike"),
    Note(x=1, y=2, text="Xem lại"),
    Shape(shape="arrow", color="#5a2c91", w=1, x1=1, y1=2, x2=3, y2=4),
    Text(x=1, y=2, width=100, size=12, color="#5a2c91", text="Chữ"),
]
bodies = st.sampled_from(BODIES)
OLD_PAGES = 6


@st.composite
def maps(draw: st.DrawFn) -> Pages:
    """What became of six pages: any of them anywhere, each once, the same or changed, and new ones between."""
    kept = draw(st.lists(st.integers(1, OLD_PAGES), unique=True, max_size=OLD_PAGES))
    origins = [Origin(page, same=draw(st.booleans())) for page in kept]
    for _ in range(draw(st.integers(0 if kept else 1, 3))):
        origins.insert(draw(st.integers(0, len(origins))), Origin(None, same=False))
    return Pages(origins=tuple(origins), old=(A4,) * OLD_PAGES, new=(A4,) * len(origins))


@given(maps(), st.integers(1, OLD_PAGES), bodies)
def test_a_mark_keeps_its_place_exactly_where_its_page_is_the_same(pages: Pages, page: int, body: Body) -> None:
    fit = fitting.in_place(pages, page, body)
    same = [at for at, origin in enumerate(pages.origins, 1) if origin == Origin(page, same=True)]
    assert (fit.page if fit else None) == (same[0] if same else None)
    assert fit is None or (fit.body == body and not fit.waiting)


@given(maps(), st.integers(1, OLD_PAGES), bodies)
def test_what_waits_is_as_it_was_and_has_a_page_to_go_to(pages: Pages, page: int, body: Body) -> None:
    fit = fitting.waiting(pages, page, body)
    assert fit.waiting
    assert fit.body == body
    assert 1 <= fit.page <= len(pages.origins)
    became = [at for at, origin in enumerate(pages.origins, 1) if origin.old == page]
    assert not became or fit.page == became[0]


@given(bodies, st.integers(-500, 500), st.integers(-500, 500))
def test_moving_there_and_back_is_no_move(body: Body, dx: int, dy: int) -> None:
    moved = fitting.shifted(body, dx, dy)
    assert (moved == body) is (dx == dy == 0)
    assert fitting.shifted(moved, -dx, -dy) == body
    assert msgspec.convert(msgspec.to_builtins(moved), type=Body) == moved


def test_a_page_whose_box_begins_elsewhere_carries_its_marks_along() -> None:
    pages = Pages(origins=(Origin(1, same=True),), old=(A4,), new=((10.0, 20.0, 605.0, 862.0, 0),))
    found = [fitting.in_place(pages, 1, body) for body in BODIES]
    assert all(found)
    assert [fit.body for fit in found if fit] == [fitting.shifted(body, 10, 20) for body in BODIES]
    turned = Pages(origins=pages.origins, old=(A4,), new=((0.0, 0.0, 842.0, 595.0, 90),))
    assert fitting.in_place(turned, 1, BODIES[0]) is None


def test_only_marked_text_is_looked_for_and_only_its_place_changes() -> None:
    pages = Pages(origins=(Origin(None, same=False), Origin(1, same=False)), old=(A4,), new=(A4, A4))
    sought = [fitting.passage(pages, 1, body) for body in BODIES]
    assert [each is not None for each in sought] == [False, True, False, False, False]
    assert sought[1] is not None
    assert (sought[1].quote, sought[1].prefix, sought[1].suffix, sought[1].page) == ("Tổng vốn", "a", "b", 2)
    place = Found(2, ((5.0,) * 8,))
    fit = fitting.at_words(BODIES[1], place)
    assert fit is not None
    assert fit.page == 2
    assert fit.body == msgspec.structs.replace(BODIES[1], quads=place.quads)
    assert fitting.at_words(BODIES[1], None) is None
    assert fitting.at_words(BODIES[0], place) is None
    assert fitting.passage(pages, 1, Highlight(color="#ffe38a", quads=(QUAD,), quote=" ")) is None
