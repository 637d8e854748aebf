"""Carrying annotations over to a new version of their paper; the old version keeps everything as it is.

An annotation has the same id in every version that it was carried to. So carrying twice makes nothing twice, a
deletion in the new version is not undone by carrying again, and work that was cut off is simply begun again. What is
shared is carried when the version is published, in the background; what is private when its owner asks with a tablet,
since nobody else's act may open it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar, cast

import msgspec
import structlog
from msgspec import Struct, structs

from server.annotations import store
from server.annotations.actions import fitting, layers
from server.annotations.models import Held, StreamName, parse_stream
from server.annotations.wire import Annotation, AnnotationsCarried, Body, Carried, CarriedOver
from server.core import journal, wire
from server.core.errors import DomainError
from server.documents import actions as documents

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.documents.wire import Paper

# A transaction writes so many rows; an operation carries so many bytes of them.
CHUNK = 25
EVENT_BYTES = 32 * 1024
_PASSAGES_AT_ONCE = 200
# A stroke that just fits into an operation would not, with where it came from; it stays in the old version.
_BODY_BYTES = wire.OPERATION_BYTES - 2048

T = TypeVar("T")
_body = msgspec.json.Decoder(Body).decode
_carried = msgspec.json.Decoder(Carried).decode
_log = structlog.get_logger(__name__)


class Due(Struct, frozen=True, kw_only=True):
    """An annotation of an older version that is not in the new one yet; its body in clear."""

    row: store.Row
    body: Body
    origin: Carried  # the version and page that its coordinates belong to


class Ready(Struct, frozen=True, kw_only=True):
    """The same with its place in the new version."""

    row: store.Row  # as it is in the old version
    fit: fitting.Fit
    origin: Carried


def reissued(tx: Tx, _actor: Actor, paper: Paper) -> None:
    """A paper has another current version: shared annotations are to follow (hook of documents)."""
    if paper.version is not None and paper.versions > 1:
        store.ask_carry_txn(tx, paper.version.id)


async def settle(core: Core) -> int:
    """Carry shared annotations to every version that waits for them; returns how many annotations were carried."""
    carried = 0
    for version_id in await core.db.read(store.to_carry):
        try:
            done = await _carry_shared(core, version_id)
        except DomainError as error:  # busy, or bytes are lost: there is another time, and others have theirs
            _log.info("annotations not carried", code=error.code)
            continue
        await core.db.write(lambda tx, version_id=version_id: store.carried_txn(tx, version_id))  # type: ignore[misc]
        carried += done
    return carried


async def carry_own(core: Core, version_id: str, *, actor: Actor) -> CarriedOver:
    """Carry one's private annotations of earlier versions, and what was shared there since, to this version.

    Repeated it does what is left to do. Raises ``not_found`` for who may not see the version.
    """
    person = actor.person_id
    if not await core.db.read(lambda read: journal.may_read(read, f"s:{version_id}", person)):
        raise DomainError("not_found")
    await _carry_shared(core, version_id)
    ready = await _carry(core, version_id, StreamName(version_id, owner=person))
    return CarriedOver(carried=len(ready), waiting=sum(each.fit.waiting for each in ready))


async def _carry_shared(core: Core, version_id: str) -> int:
    """Carry what is shared with all or with a group."""

    def names(read: Read) -> list[StreamName]:
        older = documents.lineage(read, version_id)[1:]
        found = [parse_stream(stream) for held in older for stream in store.streams_on(read, held.id)]
        shared = {structs.replace(name, version_id=version_id) for name in found if name and not name.private}
        return sorted(shared, key=stream_id)

    return sum([len(await _carry(core, version_id, name)) for name in await core.db.read(names)])


async def _carry(core: Core, version_id: str, target: StreamName) -> list[Ready]:
    """Carry all that one stream lacks of those before it; returns what was carried."""
    lineage = await core.db.read(lambda read: documents.lineage(read, version_id))
    if not lineage:
        return []
    due = await core.db.read(lambda read: _due(core, read, lineage, target))
    ready = await _fitted(core, lineage, due)
    done: list[Ready] = []
    for chunk in _parts(ready, CHUNK):
        done += await core.db.write(lambda tx, chunk=chunk: _write_txn(core, tx, target, chunk))  # type: ignore[misc]
    return done


def stream_id(name: StreamName) -> str:
    """The id of a stream by its parts."""
    if name.owner is not None:
        return f"p:{name.version_id}:{name.owner}"
    return f"s:{name.version_id}" if name.group is None else layers.stream_of(name.version_id, name.group)


def _due(core: Core, read: Read, lineage: Sequence[documents.Held], target: StreamName) -> list[Due]:
    """What is alive in an older version and never was in a newer one, the newest version first."""
    known = set(store.ids(read, stream_id(target)))
    due: list[Due] = []
    for held in lineage[1:]:
        stream = stream_id(structs.replace(target, version_id=held.id))
        there = store.ids(read, stream)
        wanted = [each for each, deleted in there.items() if not deleted and each not in known]
        rows = (row for row in store.chosen(read, stream, wanted) if len(row.body) <= _BODY_BYTES)
        due += (_opened(core, read, row, target) for row in rows)
        known.update(there)
    return due


def _opened(core: Core, read: Read, row: store.Row, target: StreamName) -> Due:
    clear = row.body if target.owner is None else core.sealing.open(read, target.owner, row.stream, row.body)
    origin = Carried(version_id=row.version_id, page=row.page)
    if row.carried is not None and (before := _carried(row.carried)).waiting:
        origin = structs.replace(before, waiting=False)  # it never had a place in that version
    return Due(row=row, body=_body(clear), origin=origin)


async def _fitted(core: Core, lineage: Sequence[documents.Held], due: Sequence[Due]) -> list[Ready]:
    """Each with its place: the same, that of its words, or none yet. In the order given."""
    new, older = lineage[0], {held.id: held for held in lineage[1:]}
    fits: dict[int, fitting.Fit] = {}
    sought: list[tuple[int, documents.Passage]] = []
    pages = {each: await _pages(core, older[each], new) for each in sorted({one.origin.version_id for one in due})}
    for at, each in enumerate(due):
        known, page = pages[each.origin.version_id], each.origin.page
        fit = fitting.in_place(known, page, each.body)
        passage = None if fit else fitting.passage(known, page, each.body)
        if passage is not None:
            sought.append((at, passage))
        fits[at] = fit or fitting.waiting(known, page, each.body)
    for some in _parts(sought, _PASSAGES_AT_ONCE):
        found = await documents.find_passages(core, new, [passage for _, passage in some])
        for (at, _), place in zip(some, found, strict=True):
            fits[at] = fitting.at_words(due[at].body, place) or fits[at]
    return [Ready(row=each.row, fit=fits[at], origin=each.origin) for at, each in enumerate(due)]


async def _pages(core: Core, old: documents.Held, new: documents.Held) -> fitting.Pages:
    origins = await documents.origins(core, old, new)

    def read(read: Read) -> fitting.Pages:
        tables = [documents.stored(read, held.id) for held in (old, new)]
        here, there = (table.boxes if table else () for table in tables)
        return fitting.Pages(origins=origins, old=here, new=there)

    return await core.db.read(read)


def _write_txn(core: Core, tx: Tx, target: StreamName, chunk: Sequence[Ready]) -> list[Ready]:
    """Write those that are still alive in the old version and still missing in the new one; returns them."""
    stream = stream_id(target)
    ids = sorted(each.row.id for each in chunk)
    # The old rows are locked first: of two who carry the same at once the second finds what the first has done.
    old = {name: store.held(tx, name, ids) for name in sorted({each.row.stream for each in chunk})}
    present = store.held(tx, stream, ids)
    ready = [each for each in chunk if each.row.id not in present and _is_as_read(old[each.row.stream], each.row)]
    if not ready or not _open_txn(tx, target):
        return []
    rows = [_row(core, tx, target, each) for each in ready]
    store.insert_txn(tx, rows)
    for event in _events([_shown(target, each) for each in ready]):
        _append_txn(core, tx, target, event)
    return ready


def _is_as_read(old: dict[str, Held], row: store.Row) -> bool:
    held = old.get(row.id)
    return held is not None and not held.standing.deleted and held.standing.rev == row.rev


def _open_txn(tx: Tx, target: StreamName) -> bool:
    """See that the stream is there; False where its owner may not see the version any more."""
    if target.owner is not None:
        if not journal.may_read(tx, f"s:{target.version_id}", target.owner):
            return False
        journal.open_stream(tx, stream_id(target), audience=f"u:{target.owner}")
    elif target.group is not None:
        layers.open_txn(tx, target)
    return True


def _row(core: Core, tx: Tx, target: StreamName, each: Ready) -> store.Row:
    stream, body = stream_id(target), wire.encode(each.fit.body)
    if target.owner is not None:
        body = core.sealing.seal_txn(tx, target.owner, stream, body)
    return structs.replace(
        each.row, stream=stream, version_id=target.version_id, page=each.fit.page, body=body, rev=1,
        carried=wire.encode(_origin(each)),
    )  # fmt: skip


def _shown(target: StreamName, each: Ready) -> Annotation:
    row = each.row
    return Annotation(
        id=row.id, version_id=target.version_id, owner_id=row.owner_id, owner_name=row.owner_name,
        page=each.fit.page, body=each.fit.body, rev=1, created_at=row.created_at, updated_at=row.updated_at,
        carried=_origin(each),
    )  # fmt: skip


def _origin(each: Ready) -> Carried:
    return structs.replace(each.origin, waiting=each.fit.waiting)


def _events(shown: Sequence[Annotation]) -> Iterator[AnnotationsCarried]:
    """Operations that each stay far below what one may weigh, unless a single stroke is that long."""
    part: list[Annotation] = []
    size = 0
    for each in shown:
        body = wire.encode(each)
        if part and size + len(body) > EVENT_BYTES:
            yield AnnotationsCarried(put=tuple(part))
            part, size = [], 0
        part.append(cast("Annotation", msgspec.Raw(body)))  # encoded already
        size += len(body)
    if part:
        yield AnnotationsCarried(put=tuple(part))


def _append_txn(core: Core, tx: Tx, target: StreamName, event: AnnotationsCarried) -> None:
    stream, owner = stream_id(target), target.owner
    if owner is None:
        journal.append(tx, stream, event, actor=None)
    else:
        seal = core.sealing.seal_txn
        journal.append(tx, stream, event, actor=owner, seal=lambda clear: seal(tx, owner, stream, clear))


def _parts(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (values[start : start + size] for start in range(0, len(values), size))
