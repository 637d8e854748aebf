"""Fields placed by hand on a dossier's paper, before it sets out: which are there, and laying more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.core.errors import DomainError
from server.documents import actions as documents
from server.documents import rules as document_rules
from server.signatures.actions import dossiers, making, registry
from server.signatures.child.laying import empty_places, lay_fields
from server.signatures.rules import acts
from server.signatures.rules.format import wanted_fields
from server.signatures.rules.placing import fields_of
from server.signatures.wire import Dossier, FieldPlace, FieldsThere

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Tx
    from server.documents.models import Rendition
    from server.signatures.wire import FieldsPlace

_BEFORE = frozenset({"draft", "returned"})


async def fields(core: Core, dossier_id: str, *, actor: Actor) -> FieldsThere:
    """The fields of a dossier's paper that wait to be filled, and which official ones its steps still miss."""
    dossier = await core.db.read(lambda read: dossiers.find(read, actor, "signatures.dossier", dossier_id))
    async with core.blobs.as_file(dossier.sha256) as source:
        found = await core.workers.run(empty_places, str(source), timeout=making.SECONDS, memory_mib=making.MEMORY_MIB)
    there = tuple(FieldPlace(name=name, page=place.page, box=place.box) for name, place in found)
    names = {each.name for each in there}
    return FieldsThere(fields=there, missing=tuple(each for each in wanted_fields(dossier) if each not in names))


async def place(core: Core, dossier_id: str, command: FieldsPlace, *, actor: Actor) -> Dossier:
    """Lay fields on the paper of a draft: the file with them becomes its next version, and the dossier's.

    Raises ``signatures.not_in_state`` once it has set out, ``.other_bytes``, ``.fields_…``, ``signing.…``.
    """
    done = await core.answered(actor, Dossier)
    if done is not None:
        return done
    dossier = await core.db.read(lambda read: dossiers.find(read, actor, "signatures.steer", dossier_id))
    _require_before(dossier, command.sha256)
    laid = fields_of(command.fields, dossier)
    async with making.folder(core) as folder, core.blobs.as_file(dossier.sha256) as source:
        target = f"{folder}/laid.pdf"
        await core.workers.run(
            lay_fields, str(source), target, laid, timeout=making.SECONDS, memory_mib=making.MEMORY_MIB
        )
        rendition = await making.admit(core, target)

    def txn(tx: Tx) -> Dossier:
        return _publish_txn(core, tx, actor, dossier_id, command.sha256, rendition)

    return await core.perform(txn, actor=actor, returns=Dossier)


def _publish_txn(
    core: Core, tx: Tx, actor: Actor, dossier_id: str, seen: str, rendition: Rendition
) -> Dossier:  # fmt: skip
    held, meeting, item = dossiers.hold_txn(tx, actor, "signatures.steer", dossier_id)
    document_rules.require_open(meeting.state, signed=True)
    _require_before(held, seen)
    wanted = documents.Wanted(item_id=held.item_id, paper_id=held.paper_id)
    with dossiers.own_update(held.id):
        content = dossiers.content_of(documents.publish_txn(core, tx, wanted, rendition, actor))
    if content is None:
        raise DomainError("signatures.recalled")
    after = acts.restarted(held, content)
    dossiers.settle_txn(tx, actor, after, restricted=item.restricted, now=core.clock.now())
    return after


def _require_before(dossier: Dossier, seen: str) -> None:
    if dossier.state not in _BEFORE:
        raise DomainError("signatures.not_in_state")
    registry.require_seen(dossier, seen)
