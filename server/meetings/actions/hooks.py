"""What other features do in the transaction of a meeting's change; each adds its function once, at set-up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias, TypeVar

from server.core.access import Actor
from server.core.db import Tx
from server.meetings.wire import Meeting, Participant

# (tx, item_id, audience): the item's stream now has this audience; all that hangs on the item follows.
AudienceHook: TypeAlias = Callable[[Tx, str, str], None]
# (tx, item_id): the item goes; who keeps something in it may refuse by a DomainError.
RemovalHook: TypeAlias = Callable[[Tx, str], None]
# (tx, actor, before, after): title, time, place, chair or state of a meeting changed.
ChangeHook: TypeAlias = Callable[[Tx, Actor, Meeting, Meeting], None]
# (tx, actor, meeting, participants): these no longer take part.
LeftHook: TypeAlias = Callable[[Tx, Actor, Meeting, Sequence[Participant]], None]

item_audience: list[AudienceHook] = []
item_removed: list[RemovalHook] = []
meeting_changed: list[ChangeHook] = []
participants_left: list[LeftHook] = []

Hook = TypeVar("Hook")


def add(hooks: list[Hook], hook: Hook) -> None:
    """Add ``hook`` unless it is there already: several applications may be set up in one process."""
    if hook not in hooks:
        hooks.append(hook)
