"""Verbs of annotations: push, and reading for snapshots and export."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from server.annotations import store
from server.annotations.actions.deciding import Asked
from server.annotations.actions.pushing import push_txn
from server.annotations.models import parse_stream
from server.annotations.wire import Annotation, Annotations, AnnotationsPush, Body, PushResult
from server.core import journal, wire
from server.core.errors import DomainError

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.core.sealing import Sealing

_decode_body = msgspec.json.Decoder(Body).decode


async def push(core: Core, command: AnnotationsPush, *, actor: Actor) -> PushResult:
    """Apply operations to one stream, in order, in one transaction; answered after commit.

    Whoever is in the stream's audience may push; each operation is answered for itself, and one that was applied
    before gets its first answer as ``dup``. Emits ``annotations.pushed`` for each applied one. Pushes that wait for
    the writer at the same time share that transaction.
    """
    name = parse_stream(command.stream)
    if name is None:
        raise DomainError("denied")
    at = wire.stamp(core.clock.now())
    asked = Asked(actor=actor, stream=command.stream, name=name, ops=command.ops, at=at)
    return await core.db.write_together(push_txn, (asked, core.sealing), weight=len(command.ops))


def make_private_stream(tx: Tx, stream: str, person: str) -> bool:
    """Make ``p:<version>:<person>`` for its owner, if that person may read the version now."""
    name = parse_stream(stream)
    if name is None or name.owner != person or not journal.may_read(tx, f"s:{name.version_id}", person):
        return False
    journal.open_stream(tx, stream, audience=f"u:{person}")
    return True


async def visible(core: Core, version_id: str, *, actor: Actor) -> Annotations:
    """The shared annotations of a version and one's own private ones; ``not_found`` for who may not see it."""

    def read(read: Read) -> Annotations:
        if not journal.may_read(read, f"s:{version_id}", actor.person_id):
            raise DomainError("not_found")
        own = f"p:{version_id}:{actor.person_id}"
        shared = list(shared_snapshot(read, f"s:{version_id}", None))
        private = list(private_snapshot(core.sealing)(read, own, None))
        return Annotations(annotations=(*shared, *private))

    return await core.db.read(read)


def shared_snapshot(read: Read, stream: str, after: tuple[str, str] | None) -> Iterator[Annotation]:
    """The state of a shared stream, in key order."""
    for row in store.rows(read, stream, after[1] if after else ""):
        yield _shown(row, row.body)


def private_snapshot(
    sealing: Sealing,
) -> Callable[[Read, str, tuple[str, str] | None], Iterable[Annotation]]:
    """The same of a private stream, opened with its owner's key."""

    def snapshot(read: Read, stream: str, after: tuple[str, str] | None) -> Iterator[Annotation]:
        for row in store.rows(read, stream, after[1] if after else ""):
            yield _shown(row, sealing.open(read, row.owner_id, stream, row.body))

    return snapshot


def private_opener(sealing: Sealing) -> Callable[[Read, str, str, bytes], bytes]:
    """Opens the stored body of an operation of a private stream."""

    def opener(read: Read, stream: str, owner: str, sealed: bytes) -> bytes:
        return sealing.open(read, owner, stream, sealed)

    return opener


def _shown(row: store.Row, body: bytes) -> Annotation:
    return Annotation(
        id=row.id,
        version_id=row.version_id,
        owner_id=row.owner_id,
        owner_name=row.owner_name,
        page=row.page,
        body=_decode_body(body),
        rev=row.rev,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
