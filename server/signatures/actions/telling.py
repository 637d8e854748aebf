"""How requests are decided and told: to the official always, to the desk unless the item is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from server.core import journal
from server.signatures import store
from server.signatures.wire import SigningChanged

if TYPE_CHECKING:
    from typing import Literal

    from server.core.access import Actor
    from server.core.db import Tx
    from server.signatures.wire import SigningRequest


def desk_stream(meeting_id: str) -> str:
    """The stream of secretariat and chair."""
    return f"d:{meeting_id}"


def official_stream(person_id: str) -> str:
    """One person's stream."""
    return f"u:{person_id}"


def decide_txn(
    tx: Tx,
    actor: Actor,
    request: SigningRequest,
    state: Literal["signed", "returned", "withdrawn"],
    *,
    at: str,
    restricted: bool,
    remarks: str = "",
    signed_version_id: str | None = None,
) -> SigningRequest:
    """Store what became of a request, and tell it."""
    decided = msgspec.structs.replace(
        request, state=state, remarks=remarks, decided_at=at, signed_version_id=signed_version_id
    )
    store.decide_txn(tx, decided)
    tell_txn(tx, actor, decided, restricted=restricted)
    return decided


def tell_txn(tx: Tx, actor: Actor, request: SigningRequest, *, restricted: bool) -> None:
    """Put a request into the streams that carry it. ``restricted``: its paper is of a closed item."""
    own = official_stream(request.official_id)
    journal.open_stream(tx, own, audience=own)
    streams = [own] if restricted else [own, desk_stream(request.meeting_id)]
    for stream in streams:
        op_id = actor.op.op_id if actor.op else None
        journal.append(tx, stream, SigningChanged(put=(request,)), actor=actor.person_id, op_id=op_id)
