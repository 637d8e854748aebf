"""Recalling what was issued: the dossier says so and why, its number stays used, and the paper leaves every tablet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from server.core.wire import stamp
from server.documents import actions as documents
from server.documents.wire import PaperRecall
from server.signatures import rules
from server.signatures.actions import dossiers
from server.signatures.rules import acts
from server.signatures.wire import Dossier

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Tx
    from server.signatures.wire import DossierRemarks


async def recall(core: Core, dossier_id: str, command: DossierRemarks, *, actor: Actor) -> Dossier:
    """Recall an issued paper. Raises ``signatures.not_in_state``, ``signatures.no_remarks``.

    The dossier first, then the paper: sent again after a crash in between, it completes the second.
    """
    remarks = rules.remarks(command.remarks)

    def txn(tx: Tx) -> Dossier:
        held, _meeting, item = dossiers.hold_txn(tx, actor, "signatures.recall", dossier_id)
        now = core.clock.now()
        after = acts.recalled(held, stamp(now), remarks)
        dossiers.settle_txn(tx, actor, after, restricted=item.restricted, now=now)
        return after

    recalled = await core.perform(txn, actor=actor, returns=Dossier)
    unbound = msgspec.structs.replace(actor, op=None)  # recalling twice changes nothing
    await documents.recall(core, recalled.paper_id, PaperRecall(reason=remarks), actor=unbound)
    return recalled
