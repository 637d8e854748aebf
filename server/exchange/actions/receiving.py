"""Messages arrive: checked for authenticity and integrity (Decree 30/2020/NĐ-CP, Art. 21), kept, answered."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
import structlog

from server.core import access
from server.core.access import SYSTEM, Actor, Role
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.printing import words
from server.core.wire import stamp
from server.directory import actions as directory
from server.exchange import rules, store
from server.exchange.actions.organs import record_txn
from server.exchange.actions.sending import looked
from server.exchange.child import status_file
from server.exchange.models import Attachment, Found, Organ, Seal
from server.exchange.rules import packing
from server.exchange.store import Arrival, Message
from server.exchange.wire import Exchanged, Received, ReceivedFile, ReceivedPage
from server.signatures.actions import making

if TYPE_CHECKING:
    from server.core.blobs import BlobRef
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.exchange.actions.axis import Axis
    from server.exchange.wire import ReceivedAnswer

PAGE = 200
MOST_KEPT = 4 * rules.MAX_PACKAGE_BYTES  # what is too large to be read is kept to be sent back; beyond that it waits
# Whose fault it is that a file cannot be looked at.
_OF_THE_FILE = ("documents.", "exchange.", "worker_failed", "worker_timeout")
_SYSTEM = Actor(person_id=SYSTEM, device_id="")
_ANSWERS = {True: ("received", "03"), False: ("refused", "02")}
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Came:
    """A message that lies among our blobs, and the status message that answers it (empty if none is due)."""

    arrival: Arrival
    answer_sha256: str


async def receive_some(core: Core, axis: Axis) -> int:
    """Take in what waits on the axis for our bodies; returns how many messages that were."""
    count = 0
    for body_id, organ_id in (await core.db.read(store.organs)).items():
        for axis_id in await axis.waiting(organ_id):
            try:
                count += await _take(core, axis, axis_id, body_id, organ_id)
            except DomainError as why:
                _log.warning("exchange.not_taken", message=axis_id, organ=organ_id, why=why.code)
    return count


async def _take(core: Core, axis: Axis, axis_id: str, body_id: str, organ_id: str) -> bool:
    """Take one message in, unless it is here; whether it was new. Raises DomainError where it has to wait."""
    known = await core.db.read(lambda read: store.has_arrived(read, axis_id, body_id))
    if not known:
        await _receive(core, axis, axis_id, body_id, organ_id)
    # Only now, when it is safe here: an axis that is not told gives it again, and we know it.
    await axis.confirm(organ_id, axis_id)
    return not known


async def arrivals(core: Core, *, actor: Actor) -> ReceivedPage:
    """What arrived for the bodies whose registry clerk one is, the newest first."""

    def read(read: Read) -> ReceivedPage:
        access.require("exchange.arrivals", access.relations(read, actor, "person", actor.person_id))
        bodies = [one for one in store.organs(read) if actor.has(Role.CLERK, one)]
        return ReceivedPage(incoming=tuple(shown(one, actor.lang) for one in store.arrivals(read, bodies, PAGE)))

    return await core.db.read(read)


async def answer(core: Core, arrival_id: str, command: ReceivedAnswer, *, actor: Actor) -> Received:
    """Receive a package or send it back; the sender is told by a status message (03, 02).

    Raises ``exchange.no_remarks``, ``.invalid`` (what is forged can only go back), ``.answered``.
    """
    remarks = rules.clean(command.remarks)
    if not command.accept and not remarks:
        raise DomainError("exchange.no_remarks")
    done = await core.answered(actor, Received)
    if done is not None:
        return done
    held = await core.db.read(lambda read: _answerable(read, actor, arrival_id))
    if command.accept and held.found.verdict == "invalid":
        raise DomainError("exchange.invalid")
    said, code = _ANSWERS[command.accept]
    sha256 = await _status(core, held, code, remarks)

    def txn(tx: Tx) -> Received:
        now = _answerable(tx, actor, arrival_id)
        store.answer_txn(tx, arrival_id, said, remarks)
        _tell_txn(core, tx, now, sha256, actor)
        event = Exchanged(act="answered", subject_id=arrival_id, document_id=now.document_id, said=said)
        record_txn(tx, actor, event)
        return shown(msgspec.structs.replace(now, answer=said, remarks=remarks), actor.lang)

    return await core.perform(txn, actor=actor, returns=Received)


async def content(core: Core, arrival_id: str, *, actor: Actor) -> tuple[str, str]:
    """Bytes (SHA-256) and file name of a package that arrived."""

    def read(read: Read) -> tuple[str, str]:
        held = _held(read, actor, "exchange.arrival", arrival_id)
        return held.sha256, rules.file_name(held.document_id)

    return await core.db.read(read)


async def attachment(core: Core, arrival_id: str, sha256: str, *, actor: Actor) -> tuple[str, str]:
    """Bytes (SHA-256) and file name of one file of a package that arrived; the package is taken apart anew.

    Raises ``not_found``, and what ``child.look`` raises.
    """
    held = await core.db.read(lambda read: _held(read, actor, "exchange.arrival", arrival_id))
    if all(one.sha256 != sha256 for one in held.found.attachments):
        raise DomainError("not_found")
    async with making.folder(core) as folder, core.blobs.as_file(held.sha256) as source:
        found = next(one for one in (await looked(core, str(source), folder)).attachments if one.sha256 == sha256)
        ref = await core.blobs.put_stream(making.pieces(found.path), max_bytes=rules.MAX_UNPACKED_BYTES)
    return ref.sha256, found.name


def shown(one: Arrival, lang: str) -> Received:
    """A package that arrived as people see it."""
    found, head = one.found, one.found.package
    return Received(
        id=one.id, body_id=one.body_id, organ_id=one.organ_id, document_id=one.document_id, arrived_at=one.arrived_at,
        organ_name=head.message.sender.organ_name if head else "", subject=head.message.subject if head else "",
        sha256=one.sha256, size=found.size, verdict=found.verdict, signer=found.seal.signer,
        reasons=rules.sentences(dict.fromkeys((*found.seal.reasons, *found.faults)), lang),
        files=tuple(map(_file, found.attachments)), answer=one.answer, remarks=one.remarks,  # type: ignore[arg-type]
    )  # fmt: skip


def to_arrival(read: Read, actor: Actor, arrival_id: str) -> set[access.Relation]:
    """Relations to what arrived: the registry clerk's of the body for which it did."""
    held = store.arrival(read, arrival_id)
    return {access.Relation.CLERK} if held is not None and actor.has(Role.CLERK, held.body_id) else set()


# ---- one message


async def _receive(core: Core, axis: Axis, axis_id: str, body_id: str, organ_id: str) -> None:
    async with making.folder(core) as folder:
        path = f"{folder}/message.edxml"
        await axis.fetch(organ_id, axis_id, Path(path))
        ref = await core.blobs.put_stream(making.pieces(path), max_bytes=MOST_KEPT)
        found = await _judged(core, path, folder, ref)
        came = Arrival(
            id=new_id(), axis_id=axis_id, body_id=body_id, kind=found.kind, sha256=ref.sha256,
            organ_id=_sender(found), document_id=_document(found), found=found, arrived_at=stamp(core.clock.now()),
        )  # fmt: skip
    told = await _status(core, came, "01", "") if found.package is not None else ""
    await core.db.write(lambda tx: _arrive_txn(core, tx, _Came(came, told)))


async def _judged(core: Core, path: str, folder: str, ref: BlobRef) -> Found:
    """What it holds; a file that is refused is a package that is not valid, and is kept to be seen."""
    try:
        found = await looked(core, path, folder)
    except DomainError as why:
        if not why.code.startswith(_OF_THE_FILE):
            raise  # ours, and no verdict on what somebody sent: it waits until we can judge
        _log.warning("exchange.refused", why=why.code)
        return Found(
            kind="document", sha256=ref.sha256, size=ref.size, faults=(why.code,), verdict="invalid",
            seal=Seal(verdict="unclear", present=False),
        )  # fmt: skip
    kept = tuple(msgspec.structs.replace(one, path="") for one in found.attachments)
    return msgspec.structs.replace(found, attachments=kept)


def _arrive_txn(core: Core, tx: Tx, came: _Came) -> None:
    one = came.arrival
    if store.has_arrived(tx, one.axis_id, one.body_id):
        return
    store.arrive_txn(tx, one)
    status = one.found.status
    if status is not None and not one.found.faults:
        for sent in store.sent_to(tx, one.document_id, one.organ_id):
            state = rules.after_status(sent.state, status.status_code)
            store.change_txn(tx, sent.id, state=state, remarks=status.description, changed_at=one.arrived_at)
    if came.answer_sha256:
        _tell_txn(core, tx, one, came.answer_sha256, _SYSTEM)
    said = status.status_code if status is not None else one.found.verdict
    act: Literal["status", "arrived"] = "status" if status is not None else "arrived"
    event = Exchanged(act=act, subject_id=one.id, document_id=one.document_id, organ_id=one.organ_id, said=said)
    record_txn(tx, _SYSTEM, event)


def _tell_txn(core: Core, tx: Tx, one: Arrival, sha256: str, actor: Actor) -> None:
    """Queue a status message to the sender of what arrived, if the sender can be answered."""
    own = store.organs(tx).get(one.body_id)
    if own is None or not sha256:
        return
    at, head = stamp(core.clock.now()), one.found.package
    message = Message(
        id=new_id(), dossier_id="", sha256=sha256, sender=own, organ_id=one.organ_id,
        organ_name=head.message.sender.organ_name if head else "", document_id=one.document_id, state="queued",
        due_at=at, sent_by=actor.person_id, sent_at=at, changed_at=at,
    )  # fmt: skip
    store.add_txn(tx, [message])


async def _status(core: Core, one: Arrival, code: str, said: str) -> str:
    """A status message among the blobs; its SHA-256, or nothing where the sender cannot be answered."""
    head = one.found.package
    if head is None or not rules.organ_is_well_formed(one.organ_id):
        return ""
    own = await core.db.read(lambda read: _own(read, one.body_id))
    status = packing.status_of(
        code, head.message, own, words=said or rules.STATUS_WORDS[code], now=words.local(core.clock.now())
    )
    async with making.folder(core) as folder:
        target = f"{folder}/status.edxml"
        await core.workers.run(status_file, target, status)
        ref = await core.blobs.put_stream(making.pieces(target), max_bytes=rules.MAX_PACKAGE_BYTES)
    return ref.sha256


def _own(read: Read, body_id: str) -> Organ:
    name = directory.body_names(read, [body_id]).get(body_id, "")
    return Organ(organ_id=store.organs(read).get(body_id, ""), organ_name=name)


def _held(read: Read, actor: Actor, verb: str, arrival_id: str) -> Arrival:
    access.require(verb, access.relations(read, actor, "exchange", arrival_id))
    held = store.arrival(read, arrival_id)
    if held is None:
        raise DomainError("not_found")
    return held


def _answerable(read: Read, actor: Actor, arrival_id: str) -> Arrival:
    held = _held(read, actor, "exchange.answer", arrival_id)
    if held.answer:
        raise DomainError("exchange.answered")
    return held


def _sender(found: Found) -> str:
    if found.status is not None:
        return found.status.sender.organ_id
    return found.package.message.sender.organ_id if found.package is not None else ""


def _document(found: Found) -> str:
    if found.status is not None:
        return found.status.response_for.document_id
    return found.package.message.document_id if found.package is not None else ""


def _file(one: Attachment) -> ReceivedFile:
    return ReceivedFile(
        name=one.name, description=one.description, size=one.size, sha256=one.sha256, verdict=one.verdict
    )
