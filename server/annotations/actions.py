"""Verbs of annotations: push, and reading for snapshots and export."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from server.annotations import rules, store
from server.annotations.models import StreamName, parse_stream
from server.annotations.wire import (
    Annotation,
    Annotations,
    AnnotationsPush,
    AnnotationsPushed,
    Body,
    Delete,
    OpResult,
    PushResult,
    Put,
)
from server.core import access, journal, wire
from server.core.errors import DomainError
from server.core.journal import OpKey
from server.core.wire import Ref

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.core.journal import Entry
    from server.core.sealing import Sealing

_decode_body = msgspec.json.Decoder(Body).decode


async def push(core: Core, command: AnnotationsPush, *, actor: Actor) -> PushResult:
    """Apply operations to one stream, in order, in one transaction; answered after commit.

    Whoever is in the stream's audience may push; each operation is answered for itself, and one that was applied
    before gets its first answer as ``dup``. Emits ``annotations.pushed`` for each applied one.
    """
    name = parse_stream(command.stream)
    if name is None:
        raise DomainError("denied")
    at = wire.stamp(core.clock.now())
    return await core.db.write(lambda tx: _Push(core.sealing, tx, actor, name, command.stream, at).run(command.ops))


class _Push:
    """One push under way: the transaction, who pushes, and where to."""

    def __init__(self, sealing: Sealing, tx: Tx, actor: Actor, name: StreamName, stream: str, at: str) -> None:
        self._sealing = sealing
        self._tx = tx
        self._actor = actor
        self._name = name
        self._stream = stream
        self._at = at
        self._moderator: bool | None = None

    def run(self, ops: tuple[Put | Delete, ...]) -> PushResult:
        if not _may_push(self._tx, self._actor, self._stream, self._name):
            raise DomainError("denied")
        done = [self._one(op) for op in ops]
        journal.flush(self._tx)
        return PushResult(results=tuple(self._settle(*each) for each in done))

    def _one(self, op: Put | Delete) -> tuple[OpKey, OpResult, Entry | None]:
        key = OpKey(op.op_id, hashlib.sha256(self._stream.encode() + wire.encode(op)).digest())
        try:
            stored = journal.recall(self._tx, self._actor.person_id, key)
        except DomainError:  # the id was used for another operation
            return key, OpResult(op_id=op.op_id, st="denied", seq=None, rev=None), None
        if stored is not None:
            first = msgspec.json.decode(stored, type=OpResult)
            return key, msgspec.structs.replace(first, st="dup" if first.st == "applied" else first.st), None
        return self._apply(op, key)

    def _apply(self, op: Put | Delete, key: OpKey) -> tuple[OpKey, OpResult, Entry | None]:
        standing = store.standing(self._tx, self._stream, op.ann_id)
        own = standing is None or standing.owner_id == self._actor.person_id
        moderator = isinstance(op, Delete) and not own and self._may_moderate()
        outcome = rules.decide(op, standing, actor=self._actor.person_id, moderator=moderator)
        if outcome != "applied":
            rev = standing.rev if standing else None
            return key, OpResult(op_id=op.op_id, st=outcome, seq=None, rev=rev), None
        rev = (standing.rev if standing else 0) + 1
        event = self._delete_txn(op) if isinstance(op, Delete) else self._put_txn(op, rev)
        entry = journal.append(
            self._tx,
            self._stream,
            event,
            actor=self._actor.person_id,
            op_id=op.op_id,
            seal=self._seal if self._name.private else None,
        )
        return key, OpResult(op_id=op.op_id, st="applied", seq=None, rev=rev), entry

    def _settle(self, key: OpKey, result: OpResult, entry: Entry | None) -> OpResult:
        """Fill in the number that the journal gave, and keep the answer of what was applied."""
        if entry is None:
            return result
        result = msgspec.structs.replace(result, seq=entry.seq)
        journal.store_txn(self._tx, self._actor.person_id, key, wire.encode(result))
        return result

    def _put_txn(self, op: Put, rev: int) -> AnnotationsPushed:
        clear = wire.encode(op.body)
        body = self._seal(clear) if self._name.private else clear
        created = self._at
        if rev == 1:
            store.insert_txn(
                self._tx,
                store.Row(
                    stream=self._stream,
                    id=op.ann_id,
                    version_id=self._name.version_id,
                    owner_id=self._actor.person_id,
                    owner_name=self._actor.name,
                    type=str(type(op.body).__struct_config__.tag),
                    page=op.page,
                    body=body,
                    rev=rev,
                    deleted=0,
                    created_at=self._at,
                    updated_at=self._at,
                ),
            )
        else:
            created = store.created_at(self._tx, self._stream, op.ann_id)
            store.change_txn(self._tx, self._stream, op.ann_id, body=body, rev=rev, at=self._at)
        shown = Annotation(
            id=op.ann_id,
            version_id=self._name.version_id,
            owner_id=self._actor.person_id,
            owner_name=self._actor.name,
            page=op.page,
            body=op.body,
            rev=rev,
            created_at=created,
            updated_at=self._at,
        )
        return AnnotationsPushed(put=(shown,))

    def _delete_txn(self, op: Delete) -> AnnotationsPushed:
        store.delete_txn(self._tx, self._stream, op.ann_id, at=self._at)
        return AnnotationsPushed(gone=(Ref("annotation", op.ann_id),))

    def _seal(self, clear: bytes) -> bytes:
        return self._sealing.seal_txn(self._tx, self._actor.person_id, self._stream, clear)

    def _may_moderate(self) -> bool:
        if self._moderator is None:
            relations = access.relations(self._tx, self._actor, "version", self._name.version_id)
            self._moderator = not self._name.private and access.allowed("annotations.moderate", relations)
        return self._moderator


def _may_push(tx: Tx, actor: Actor, stream: str, name: StreamName) -> bool:
    """Only who may read a stream may write into it; a private one only its owner, who must still see the version."""
    if journal.may_read(tx, stream, actor.person_id):
        return name.owner in {None, actor.person_id}
    return name.private and make_private_stream(tx, stream, actor.person_id)


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
