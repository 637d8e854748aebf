"""What a long act on a meeting has worked out, between the snapshot it was read from and the transaction it is for."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from server.core.journal import Entry
from server.meetings.wire import Meeting, Participant


class ListPlan(Struct, frozen=True):
    """What a wanted list changes: worked out from what is there, before it is written."""

    meeting: Meeting  # with its chair, secretary and count as they will be
    added: list[dict[str, Any]]
    changed: list[dict[str, Any]]
    left: list[Participant]
    told: list[Entry]  # to the desk's stream
    batch: str = ""  # where the added ones are laid before, if they are many
