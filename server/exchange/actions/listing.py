"""What went out of one's bodies, as a list for the desk; and handing over anew what did not get to the axis."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from server.core import access
from server.core.access import Role
from server.core.errors import DomainError
from server.core.wire import stamp
from server.exchange import rules, store
from server.exchange.actions.organs import record_txn
from server.exchange.wire import Exchanged, Sent, SentPage
from server.signatures.actions import dossiers

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx
    from server.exchange.store import Message
    from server.signatures.wire import Dossier

PAGE = 200


async def outgoing(core: Core, *, actor: Actor) -> SentPage:
    """What went out of the bodies whose registry clerk one is, the newest first."""
    return await core.db.read(lambda read: _page(core, read, actor))


async def send_again(core: Core, message_id: str, *, actor: Actor) -> SentPage:
    """Queue a package that failed, or waits long for its next try, to be handed over at once.

    Raises ``exchange.not_stuck`` where it is on the axis already or is just being handed over, ``not_found``.
    """

    def txn(tx: Tx) -> SentPage:
        one = store.lock_txn(tx, message_id)
        if one is None or not one.dossier_id:
            raise DomainError("not_found")
        dossiers.find(tx, actor, "exchange.send", one.dossier_id)
        now = core.clock.now()
        if not rules.may_go_again(one.state, datetime.fromisoformat(one.due_at), now):
            raise DomainError("exchange.not_stuck")
        store.change_txn(tx, one.id, state="queued", attempts=0, due_at=stamp(now), changed_at=stamp(now))
        said = Exchanged(act="again", subject_id=one.id, document_id=one.document_id, organ_id=one.organ_id)
        record_txn(tx, actor, said)
        return _page(core, tx, actor)

    return await core.perform(txn, actor=actor, returns=SentPage)


def _page(core: Core, read: Read, actor: Actor) -> SentPage:
    access.require("exchange.list", access.relations(read, actor, "person", actor.person_id))
    codes = [code for body_id, code in store.organs(read).items() if actor.has(Role.CLERK, body_id)]
    found = store.sent_by(read, codes, PAGE)
    papers = {each: dossiers.load(read, each) for each in {one.dossier_id for one in found}}
    now = core.clock.now()
    shown = [_shown(one, paper, now) for one in found if (paper := papers[one.dossier_id]) is not None]
    kept = tuple(each for each in shown if actor.has(Role.CLERK, each.body_id))
    return SentPage(outgoing=kept, axis=core.config.axis_folder is not None)


def _shown(one: Message, paper: Dossier, now: datetime) -> Sent:
    return Sent(
        id=one.id, dossier_id=one.dossier_id, body_id=paper.body_id, symbol=paper.symbol, title=paper.paper_title,
        organ_id=one.organ_id, organ_name=one.organ_name, state=one.state, remarks=one.remarks, attempts=one.attempts,
        due_at=one.due_at if one.state == "queued" else None, sent_at=one.sent_at, changed_at=one.changed_at,
        again=rules.may_go_again(one.state, datetime.fromisoformat(one.due_at), now),
    )  # fmt: skip
