"""An issued paper goes out: one package, sealed by the body, queued for each recipient in one transaction."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from server.core import access
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.printing import words
from server.core.wire import stamp
from server.directory import actions as directory
from server.exchange import rules, store
from server.exchange.actions.organs import record_txn
from server.exchange.child import build_file, look, seal_file
from server.exchange.models import Enclosed, Found, Organ, Package
from server.exchange.rules import packing
from server.exchange.store import Message
from server.exchange.wire import Exchange, Exchanged, Outgoing
from server.signatures.actions import dossiers, keys, making, sealing, signing, trust

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.exchange.wire import ExchangeSend
    from server.signatures.wire import Annex, Dossier

_SENT = ("issued", "delivered")
SECONDS, MEMORY_MIB = 60.0, 2048


@dataclass(frozen=True)
class _Sending:
    """What is sent from whom to whom; the annexes in the order of the item's papers."""

    dossier: Dossier
    annexes: tuple[Annex, ...]
    sender: Organ
    recipients: tuple[Organ, ...]


async def send(core: Core, dossier_id: str, command: ExchangeSend, *, actor: Actor) -> Exchange:
    """Send an issued paper to other bodies, with its annexes.

    Raises ``exchange.not_issued``, ``.no_recipients``, ``.no_organ``, ``.no_annex``, ``documents.too_large``, and what
    opening the key of the body's seal raises. Nothing is sent then.
    """
    actor = signing.without_password(actor, "exchange", dossier_id, *command.bodies, *_named(command))
    done = await core.answered(actor, Exchange)
    if done is not None:
        return done
    sending = await core.db.read(lambda read: _look(read, actor, dossier_id, command))
    holder = keys.body(sending.dossier.body_id)
    key, signer = await keys.signer_for(core, holder, actor=actor, secret=command.password)
    package = packing.package_of(
        sending.dossier, sending.sender, sending.recipients, annexes=[one.title for one in sending.annexes],
        now=words.local(core.clock.now()),
    )  # fmt: skip
    sha256 = await _sealed(core, sending, package, key, signer)

    def txn(tx: Tx) -> Exchange:
        held = _look(tx, actor, dossier_id, command)
        if held.dossier.sha256 != sending.dossier.sha256:
            raise DomainError("exchange.not_issued")
        if held.annexes != sending.annexes:
            raise DomainError("exchange.no_annex")
        at = stamp(core.clock.now())
        queued = [
            _queued(held, one, package.message.document_id, sha256, actor.person_id, at) for one in held.recipients
        ]
        store.add_txn(tx, queued)
        for one in queued:
            said = Exchanged(act="sent", subject_id=dossier_id, document_id=one.document_id, organ_id=one.organ_id)
            record_txn(tx, actor, said)
        return Exchange(outgoing=tuple(map(shown, store.of_dossier(tx, dossier_id))))

    return await core.perform(txn, actor=actor, returns=Exchange)


async def sent(core: Core, dossier_id: str, *, actor: Actor) -> Exchange:
    """To whom a dossier's paper went, and where it stands there."""

    def read(read: Read) -> Exchange:
        access.require("exchange.read", access.relations(read, actor, "dossier", dossier_id))
        return Exchange(outgoing=tuple(map(shown, store.of_dossier(read, dossier_id))))

    return await core.db.read(read)


async def package(core: Core, dossier_id: str, *, actor: Actor) -> tuple[str, str]:
    """Bytes (SHA-256) and file name of the package that was sent last. Raises ``not_found`` before that."""

    def read(read: Read) -> tuple[str, str]:
        access.require("exchange.read", access.relations(read, actor, "dossier", dossier_id))
        found = store.of_dossier(read, dossier_id)
        if not found:
            raise DomainError("not_found")
        return found[-1].sha256, rules.file_name(found[-1].document_id)

    return await core.db.read(read)


def shown(one: Message) -> Outgoing:
    """A message as people see it."""
    return Outgoing(
        id=one.id, organ_id=one.organ_id, organ_name=one.organ_name, document_id=one.document_id, sha256=one.sha256,
        state=one.state, remarks=one.remarks, sent_at=one.sent_at, changed_at=one.changed_at,
    )  # fmt: skip


def _named(command: ExchangeSend) -> tuple[str, ...]:
    """The annexes as the command's receipt knows them: another choice is another command."""
    return () if command.annexes is None else ("annexes", *command.annexes)


def _look(read: Read, actor: Actor, dossier_id: str, command: ExchangeSend) -> _Sending:
    dossier = dossiers.find(read, actor, "exchange.send", dossier_id)
    if dossier.state not in _SENT or dossier.number is None or dossier.dated is None:
        raise DomainError("exchange.not_issued")
    wanted = tuple(dict.fromkeys(one for one in command.bodies if one != dossier.body_id))
    if not wanted:
        raise DomainError("exchange.no_recipients")
    sender, *recipients = _organs(read, (dossier.body_id, *wanted))
    return _Sending(dossier, _annexes(read, dossier, command.annexes), sender, tuple(recipients))


def _annexes(read: Read, dossier: Dossier, wanted: tuple[str, ...] | None) -> tuple[Annex, ...]:
    """Those that go along: what nobody sealed beside the paper proves nothing about itself elsewhere."""
    sealed = [one for one in sealing.annexes_of(read, dossier) if one.sealed]
    if wanted is None:
        return tuple(sealed)
    if not set(wanted) <= {one.paper_id for one in sealed}:
        raise DomainError("exchange.no_annex")
    return tuple(one for one in sealed if one.paper_id in wanted)


def _organs(read: Read, bodies: tuple[str, ...]) -> list[Organ]:
    known, names = store.organs(read), directory.body_names(read, bodies)
    for one in bodies:
        if one not in known:
            raise DomainError("exchange.no_organ", name=names.get(one, one))
    return [Organ(organ_id=known[one], organ_name=names[one], organization_in_charge=names[one]) for one in bodies]


async def _sealed(core: Core, sending: _Sending, package: Package, key: Any, signer: Any) -> str:  # noqa: ANN401 - keys
    """The sealed package among the blobs, after it was looked at as a recipient would; its SHA-256."""
    async with making.folder(core) as folder, AsyncExitStack() as held:
        target = f"{folder}/package.edxml"
        half = await core.workers.run(
            build_file, target, package, await _enclosed(core, sending, held), key.certificate, key.chain,
            signer.algorithm, timeout=SECONDS, memory_mib=MEMORY_MIB,
        )  # fmt: skip
        raw = await signer.sign_raw(half.to_sign)
        await core.workers.run(
            seal_file, target, half, key.certificate, signer.algorithm, raw, timeout=SECONDS, memory_mib=MEMORY_MIB
        )
        found = await looked(core, target, folder)
        if found.seal.reasons and found.seal.verdict == "invalid":
            raise DomainError("exchange.self_check", why="; ".join(rules.sentences(found.seal.reasons)))
        ref = await core.blobs.put_stream(making.pieces(target), max_bytes=rules.MAX_PACKAGE_BYTES)
        return ref.sha256


async def _enclosed(core: Core, sending: _Sending, held: AsyncExitStack) -> tuple[Enclosed, ...]:
    """The paper and behind it its annexes, as files for as long as ``held``."""
    dossier = sending.dossier
    said = [(dossier.sha256, dossier.paper_title), *((one.sha256, one.title) for one in sending.annexes)]
    names = packing.file_names(dossier.symbol, len(sending.annexes))
    paths = [await held.enter_async_context(core.blobs.as_file(sha256)) for sha256, _ in said]
    return tuple(
        Enclosed(path=str(path), name=name, description=title)
        for path, name, (_, title) in zip(paths, names, said, strict=True)
    )


async def looked(core: Core, path: str, folder: str) -> Found:
    """What a message holds and is worth now, by whom this house trusts. Raises what ``child.look`` raises."""
    trusted = await trust.authorities(core)
    return await core.workers.run(
        look, path, folder, trusted.roots, core.clock.now().isoformat(), trusted.hosts, trusted.seconds,
        timeout=SECONDS, memory_mib=MEMORY_MIB,
    )  # fmt: skip


def _queued(sending: _Sending, to: Organ, document_id: str, sha256: str, person_id: str, at: str) -> Message:
    return Message(
        id=new_id(), dossier_id=sending.dossier.id, sha256=sha256, sender=sending.sender.organ_id,
        organ_id=to.organ_id, organ_name=to.organ_name, document_id=document_id, state="queued", due_at=at,
        sent_by=person_id, sent_at=at, changed_at=at,
    )  # fmt: skip
