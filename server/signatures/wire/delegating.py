"""Messages of delegation: who signs for whom."""

from __future__ import annotations

from server.core.wire import Command, Event, View
from server.signatures.wire.kinds import Capacity, PaperKind


class DelegationChanged(Event, tag="signatures.delegation_changed", frozen=True, kw_only=True):
    """Who may sign for whom was entered or ended (audit only)."""

    delegation_id: str
    from_id: str
    to_id: str
    capacity: Capacity
    ended: bool


class DelegationGive(Command, frozen=True, kw_only=True):
    """Enter that ``to_id`` signs for ``from_id`` (a person; empty: for the body itself, TM.) within two moments.

    ``kinds`` empty: every kind of paper. ``acting_for``: post or body as printed above the signature.
    """

    from_id: str = ""
    to_id: str
    capacity: Capacity
    acting_for: str
    valid_from: str
    valid_until: str
    kinds: tuple[PaperKind, ...] = ()


class Delegation(View, frozen=True, kw_only=True):
    """Who may sign for whom, in a body, from and until when; ``ended_at``: taken back before its time."""

    id: str
    body_id: str
    from_id: str
    from_name: str
    to_id: str
    to_name: str
    capacity: Capacity
    acting_for: str
    valid_from: str
    valid_until: str
    kinds: tuple[PaperKind, ...]
    ended_at: str | None = None


class Delegations(View, frozen=True, kw_only=True):
    """Of a body, the newest first."""

    delegations: tuple[Delegation, ...]
