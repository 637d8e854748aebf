"""The reducer of the tests: applies a stream's operations to a state, exactly as a client does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import select

from server.core.journal.tables import operation
from server.core.wire import Entity
from server.core.wiregen import structs

if TYPE_CHECKING:
    from server.core.context import Core
    from server.core.db import Read

State = dict[tuple[str, str], Any]


def _entity_types() -> dict[str, type[Entity]]:
    return {str(cls.__struct_config__.tag): cls for cls in structs() if issubclass(cls, Entity)}


def apply(state: State, event: dict[str, Any]) -> State:
    """The state after one event (its JSON): whole entities put, named ones gone."""
    types = _entity_types()
    after = dict(state)
    for entity in event["put"]:
        after[entity["kind"], entity["id"]] = msgspec.convert(entity, types[entity["kind"]])
    for ref in event["gone"]:
        after.pop((ref["kind"], ref["id"]), None)
    return after


async def apply_log(core: Core, stream: str, state: State, *, since: int) -> State:
    """The state after every operation of ``stream`` beyond ``since``. Not for private streams: their log is sealed."""

    def bodies(read: Read) -> list[bytes]:
        query = select(operation.c.body).where(operation.c.stream == stream, operation.c.seq > since)
        return [bytes(row.body) for row in read.rows(query.order_by(operation.c.seq))]

    for body in await core.db.read(bodies):
        state = apply(state, msgspec.json.decode(body))
    return state
