"""Pushes that share a transaction: looked up at once, decided in memory in order, written at once.

Together they are answered, logged and stored as they would be one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from server.annotations import store
from server.annotations.actions import layers
from server.annotations.actions.deciding import Asked, Done, Known, decide, shared_stream
from server.annotations.wire import PushResult
from server.core import access, journal, wire
from server.core.errors import DomainError

if TYPE_CHECKING:
    from server.core.db import Read, Tx
    from server.core.sealing import Sealing


def push_txn(tx: Tx, pushes: Sequence[tuple[Asked, Sealing]]) -> list[PushResult | DomainError]:
    """Answer each push, in order; one that is refused has had no effect."""
    known = _look_up(tx, [asked for asked, _ in pushes])
    may_moderate = _moderators(tx)
    answers: list[list[Done] | DomainError] = []
    accepted: list[tuple[Asked, list[Done]]] = []
    for asked, _ in pushes:
        try:
            done = decide(known, asked, may_moderate)
        except DomainError as refusal:
            answers.append(refusal)
        else:
            answers.append(done)
            accepted.append((asked, done))
    _write_txn(tx, known, accepted, pushes[0][1])
    return [each if isinstance(each, DomainError) else _result(each) for each in answers]


def _result(done: list[Done]) -> PushResult:
    return PushResult(results=tuple(each.result for each in done))


def _look_up(read: Read, pushes: Sequence[Asked]) -> Known:
    """All that deciding needs, by a few statements however many pushes there are; streams in id order."""
    readers: defaultdict[str, set[str]] = defaultdict(set)
    annotations: defaultdict[str, set[str]] = defaultdict(set)
    for asked in pushes:
        readers[asked.stream].add(asked.actor.person_id)
        readers[shared_stream(asked.name)].add(asked.actor.person_id)
        annotations[asked.stream].update(op.ann_id for op in asked.ops)
    op_ids = sorted({op.op_id for asked in pushes for op in asked.ops})
    allowed = {stream: journal.who_may_read(read, stream, sorted(who)) for stream, who in readers.items()}
    return Known(
        readers=allowed,
        openable=frozenset(_openable(read, pushes, allowed)),
        answers=dict(journal.recall_many(read, op_ids)),
        held={
            (stream, ann_id): held
            for stream, ids in sorted(annotations.items())
            for ann_id, held in store.held(read, stream, sorted(ids)).items()
        },
    )


def _openable(read: Read, pushes: Sequence[Asked], allowed: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, str]]:
    """Who may begin a layer of a group that is not there yet."""
    for asked in pushes:
        person = asked.actor.person_id
        if asked.name.group is None or person in allowed[asked.stream]:
            continue
        if layers.may_open(read, asked.name, person):
            yield asked.stream, person


def _moderators(read: Read) -> Callable[[Asked], bool]:
    """Who may delete what is another's: the chair and the secretariat, and only where it is shared."""

    def may_moderate(asked: Asked) -> bool:
        relations = access.relations(read, asked.actor, "version", asked.name.version_id)
        return asked.name.shared and access.allowed("annotations.moderate", relations)

    return may_moderate


def _write_txn(tx: Tx, known: Known, accepted: list[tuple[Asked, list[Done]]], sealing: Sealing) -> None:
    """Rows, operations and receipts; each answer gets the number that the journal gave."""
    for asked, done in accepted:
        person = asked.actor.person_id
        if person not in known.readers[asked.stream]:  # written into before it was read
            _open_txn(tx, asked)
        for each in done:
            if each.entry is not None:
                if asked.name.private:
                    each.entry.sealed = sealing.seal_txn(tx, person, asked.stream, each.entry.body)
                journal.add(tx, each.entry)
    _write_rows_txn(tx, known, accepted, sealing)
    journal.flush(tx)
    receipts = []
    for asked, done in accepted:
        for each in done:
            if each.entry is not None:
                each.result = msgspec.structs.replace(each.result, seq=each.entry.seq)
                receipts.append((asked.actor.person_id, each.key, wire.encode(each.result)))
            elif each.first is not None:
                each.result = msgspec.structs.replace(each.first.result, st="dup")
    journal.store_many_txn(tx, receipts)


def _open_txn(tx: Tx, asked: Asked) -> None:
    """Begin one's own private stream, or a layer of one's group."""
    if asked.name.group is not None:
        layers.open_txn(tx, asked.name)
    else:
        journal.open_stream(tx, asked.stream, audience=f"u:{asked.actor.person_id}")


def _write_rows_txn(tx: Tx, known: Known, accepted: list[tuple[Asked, list[Done]]], sealing: Sealing) -> None:
    """Each annotation once, as it is after all pushes."""
    names = {asked.stream: asked.name for asked, _ in accepted}
    added: list[store.Row] = []
    changed: list[store.Row] = []
    for (stream, ann_id), held in known.held.items():
        if held.changed_at is None:
            continue
        name, standing, body = names[stream], held.standing, held.body
        if body and name.owner is not None:
            body = sealing.seal_txn(tx, name.owner, stream, body)
        row = store.Row(
            stream=stream,
            id=ann_id,
            version_id=name.version_id,
            owner_id=standing.owner_id,
            owner_name=held.owner_name,
            type=standing.type,
            page=standing.page,
            body=body,
            rev=standing.rev,
            deleted=int(standing.deleted),
            created_at=held.created_at,
            updated_at=held.changed_at,
            carried=held.carried,
        )
        (changed if held.stored else added).append(row)
    store.insert_txn(tx, added)
    store.change_txn(tx, changed)
