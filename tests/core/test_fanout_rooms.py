"""Rooms: order, bookkeeping, and that a leaver costs its own rooms only."""

from __future__ import annotations

from typing import Any, NoReturn, cast

from server.core.fanout import Fanout, Link
from server.core.fanout.frames import event_frame


class FakeLink:
    def __init__(self, *, takes: bool = True) -> None:
        self.rooms: dict[str, None] = {}
        self.closing = False
        self.out = None
        self.takes = takes
        self.sent: list[tuple[bytes, bool]] = []
        self.shut_down = False

    def send_frame(self, frame: bytes, *, volatile: bool = False) -> bool:
        if self.takes:
            self.sent.append((frame, volatile))
        return self.takes

    def shut(self) -> None:
        self.shut_down = self.closing = True


def link(*, takes: bool = True) -> Link:
    return cast("Link", FakeLink(takes=takes))


def test_a_room_lists_its_links_in_the_order_they_came_and_once() -> None:
    fanout, links = Fanout(), [link() for _ in range(5)]
    for each in [*links, links[0]]:
        fanout.enter(each, "r")
    assert list(fanout.room("r")) == links


def test_a_room_that_nobody_is_in_is_empty_and_not_kept() -> None:
    fanout, one = Fanout(), link()
    assert list(fanout.room("r")) == []
    fanout.enter(one, "r")
    fanout.leave(one, "r")
    fanout.leave(one, "r")
    assert (list(fanout.room("r")), one.rooms, fanout._rooms) == ([], {}, {})


def test_a_broadcast_is_one_frame_for_all_but_the_one_left_out() -> None:
    fanout, links = Fanout(), [link() for _ in range(3)]
    for each in links:
        fanout.enter(each, "r")
    assert fanout.broadcast("r", "a.b", b"1", volatile=True, skip=links[1]) == 2
    frame = event_frame("a.b", b"1")
    assert [each.sent for each in links] == [[(frame, True)], [], [(frame, True)]]
    assert links[0].sent[0][0] is links[2].sent[0][0]


def test_a_broadcast_counts_only_who_took_it() -> None:
    fanout = Fanout()
    for takes in (True, False, True):
        fanout.enter(link(takes=takes), "r")
    assert fanout.broadcast("r", "a.b", b"1") == 2
    assert fanout.tally.written == 2


def test_a_broadcast_to_nobody_does_nothing() -> None:
    assert Fanout().broadcast("r", "a.b", b"1") == 0


class Unscannable(dict[str, Any]):
    """Fails the moment anybody walks over it."""

    def _no(self, *_: object) -> NoReturn:
        raise AssertionError("all rooms were scanned for one leaver")

    __iter__ = keys = values = items = copy = _no


def test_leaving_everything_looks_at_the_own_rooms_only() -> None:
    fanout, leaver, other = Fanout(), link(), link()
    fanout._rooms = Unscannable()
    for room in ("a", "b"):
        fanout.enter(leaver, room)
    fanout.enter(other, "b")
    fanout.leave_all(leaver)
    assert leaver.rooms == {}
    assert (list(fanout.room("a")), list(fanout.room("b"))) == ([], [other])


def test_a_link_that_is_closing_enters_nothing() -> None:
    fanout, late = Fanout(), link()
    late.closing = True
    fanout.enter(late, "r")
    assert (list(fanout.room("r")), late.rooms) == ([], {})


def test_who_is_kicked_hears_why_first() -> None:
    fanout, one = Fanout(), link()
    fanout.kick(one, "access_withdrawn")
    assert one.sent == [(event_frame("fanout.kicked", b'{"code":"access_withdrawn"}'), False)]
    assert one.shut_down
