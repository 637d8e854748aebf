"""Verbs of annotations: push, groups that share a layer, and reading for snapshots and export."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from server.annotations import store
from server.annotations.actions import layers
from server.annotations.actions.carrying import carry_own, reissued, settle
from server.annotations.actions.counting import marks_on_paper
from server.annotations.actions.deciding import Asked
from server.annotations.actions.groups import add_members, make_group, note_readers, on_left, remove_member
from server.annotations.actions.groups import snapshot as groups_of
from server.annotations.actions.layers import follow_versions_txn
from server.annotations.actions.layers import make_stream as make_group_stream
from server.annotations.actions.pushing import push_txn
from server.annotations.models import parse_stream
from server.annotations.wire import Annotation, Annotations, AnnotationsPush, Body, Carried, PushResult
from server.core import journal, wire
from server.core.errors import DomainError

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.core.sealing import Sealing

__all__ = [
    "add_members",
    "carry_own",
    "follow_versions_txn",
    "group_snapshot",
    "groups_of",
    "make_group",
    "make_group_stream",
    "make_private_stream",
    "marks_on_paper",
    "note_readers",
    "on_left",
    "private_opener",
    "private_snapshot",
    "push",
    "reissued",
    "remove_member",
    "settle",
    "shared_snapshot",
    "visible",
]

_decode_body = msgspec.json.Decoder(Body).decode
_decode_carried = msgspec.json.Decoder(Carried).decode


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
    """The annotations of a version that one may see: shared, of one's groups, and one's own private ones.

    Raises ``not_found`` for who may not see the version.
    """

    def read(read: Read) -> Annotations:
        if not journal.may_read(read, f"s:{version_id}", actor.person_id):
            raise DomainError("not_found")
        own = f"p:{version_id}:{actor.person_id}"
        shared = list(shared_snapshot(read, f"s:{version_id}", None))
        grouped = [
            each
            for group_id in store.groups_of(read, actor.person_id)
            for each in group_snapshot(read, layers.stream_of(version_id, group_id), None)
        ]
        private = list(private_snapshot(core.sealing)(read, own, None))
        return Annotations(annotations=(*shared, *grouped, *private))

    return await core.db.read(read)


def shared_snapshot(read: Read, stream: str, after: tuple[str, str] | None) -> Iterator[Annotation]:
    """The state of a shared stream, in key order."""
    for row in store.rows(read, stream, after[1] if after else ""):
        yield _shown(row, row.body)


def group_snapshot(read: Read, stream: str, after: tuple[str, str] | None) -> Iterator[Annotation]:
    """The state of a group's layer, in key order."""
    yield from shared_snapshot(read, stream, after)


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
        carried=None if row.carried is None else _decode_carried(row.carried),
    )
