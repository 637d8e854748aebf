"""A draft while its meeting goes on: what the meeting changed is taken over, what was written stays. Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct, structs

from server.drafting.wire import Attendee, DraftPart, DraftText

T = TypeVar("T", bound=Struct)


def refilled(text: DraftText, begun: DraftText, now: DraftText) -> DraftText:
    """The text after the meeting went from what made ``begun`` to what makes ``now``.

    Attendance goes person by person, parts go item by item; a part of an item that is gone stays once it was written
    in. Everything else: a field that the meeting changed is as the meeting has it.
    """
    merged = _fields(text, begun, now, leave=frozenset({"parts", "sitting"}))
    sitting = _fields(text.sitting, begun.sitting, now.sitting, leave=frozenset({"attendance"}))
    attendance = _rows(text.sitting.attendance, begun.sitting.attendance, now.sitting.attendance, _who)
    return structs.replace(
        merged, parts=_parts(text.parts, begun.parts, now.parts),
        sitting=structs.replace(sitting, attendance=attendance),
    )  # fmt: skip


def _fields(text: T, begun: T, now: T, *, leave: frozenset[str]) -> T:
    names = (name for name in text.__struct_fields__ if name not in leave)
    changed = {name: getattr(now, name) for name in names if getattr(begun, name) != getattr(now, name)}
    return structs.replace(text, **changed)


def _who(attendee: Attendee) -> Hashable:
    return attendee.person_id or attendee.name


def _rows(
    kept: Sequence[Attendee], begun: Sequence[Attendee], now: Sequence[Attendee], key: Callable[[Attendee], Hashable]
) -> tuple[Attendee, ...]:
    """Rows that the meeting changed, in their place; those it took out are gone, those it added come behind."""
    was, new = {key(each): each for each in begun}, {key(each): each for each in now}
    stay = [new[key(each)] if _moved(was, new, key(each)) else each for each in kept if _still(was, new, key(each))]
    there = {key(each) for each in stay}
    added = [each for who, each in new.items() if who not in was and who not in there]
    return (*stay, *added)


def _moved(was: Mapping[Hashable, Attendee], new: Mapping[Hashable, Attendee], who: Hashable) -> bool:
    return who in new and who in was and was[who] != new[who]


def _still(was: Mapping[Hashable, Attendee], new: Mapping[Hashable, Attendee], who: Hashable) -> bool:
    return who in new or who not in was


def _parts(kept: Sequence[DraftPart], begun: Sequence[DraftPart], now: Sequence[DraftPart]) -> tuple[DraftPart, ...]:
    was, new = {each.id: each for each in begun}, {each.id: each for each in now}
    stay: list[DraftPart] = []
    for each in kept:
        before, after = was.get(each.id), new.get(each.id)
        if before is not None and after is None and each == before:
            continue  # of an item that is gone, and nobody wrote in it
        stay.append(_fields(each, before, after, leave=frozenset()) if before and after else each)
    added = [each for name, each in new.items() if name not in was]
    return tuple(_beside(stay, added))


def _beside(stay: list[DraftPart], added: Sequence[DraftPart]) -> list[DraftPart]:
    """New items come behind the last item's part, before what closes the text."""
    place = max((index + 1 for index, each in enumerate(stay) if each.item_id), default=len(stay))
    return [*stay[:place], *added, *stay[place:]]
