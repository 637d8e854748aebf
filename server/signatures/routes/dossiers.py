"""HTTP edge of dossiers: opening, acting, going back; signing several papers at once; who signs for whom."""

from __future__ import annotations

from server.core.access import Actor
from server.core.context import Core
from server.core.http import Routes
from server.signatures import actions
from server.signatures.actions import dossiers, opening
from server.signatures.wire import (
    Act,
    Delegation,
    DelegationGive,
    Delegations,
    Dossier,
    DossierOpen,
    DossierRemarks,
    Dossiers,
    SignBatch,
    SignedBatch,
    SigningRequest,
    SigningReturn,
)

routes = Routes("signatures")


@routes.post("/papers/{paper}/dossiers", verb="signatures.open", status=201)
async def open_dossier(core: Core, actor: Actor, paper: str, body: DossierOpen) -> Dossier:
    """Open a dossier on the current version of a paper: a draft with its steps."""
    return await opening.open_dossier(core, paper, body, actor=actor)


@routes.get("/papers/{paper}/dossiers", verb="signatures.dossiers")
async def dossiers_of_paper(core: Core, actor: Actor, paper: str) -> Dossiers:
    """The dossiers of a paper, the newest first."""
    return await dossiers.of_paper(core, paper, actor=actor)


@routes.get("/dossiers/{dossier}", verb="signatures.dossier")
async def view_dossier(core: Core, actor: Actor, dossier: str) -> Dossier:
    """One dossier."""
    return await dossiers.view(core, dossier, actor=actor)


@routes.post("/dossiers/{dossier}/submit", verb="signatures.steer")
async def submit_dossier(core: Core, actor: Actor, dossier: str) -> Dossier:
    """Check the format and send the dossier on its way; what was found stands in it."""
    return await opening.submit(core, dossier, actor=actor)


@routes.post("/dossiers/{dossier}/withdraw", verb="signatures.steer")
async def withdraw_dossier(core: Core, actor: Actor, dossier: str) -> Dossier:
    """Take a dossier back before anybody signed."""
    return await opening.withdraw(core, dossier, actor=actor)


@routes.post("/dossiers/{dossier}/replace", verb="signatures.steer")
async def replace_dossier(core: Core, actor: Actor, dossier: str) -> Dossier:
    """End a dossier that will not be issued."""
    return await opening.replace(core, dossier, actor=actor)


@routes.post("/dossiers/{dossier}/recall", verb="signatures.recall")
async def recall_dossier(core: Core, actor: Actor, dossier: str, body: DossierRemarks) -> Dossier:
    """Take an issued paper back."""
    return await actions.recall(core, dossier, body, actor=actor)


# ---- acts of one person


@routes.post("/signing/{request_id}/check", verb="signatures.act")
async def check(core: Core, actor: Actor, request_id: str, body: Act) -> SigningRequest:
    """Pass the check of the format."""
    return await actions.look_over(core, request_id, body, actor=actor)


@routes.post("/signing/{request_id}/initial", verb="signatures.act")
async def initial(core: Core, actor: Actor, request_id: str, body: Act) -> SigningRequest:
    """Initial the bytes that were seen."""
    return await actions.initial(core, request_id, body, actor=actor)


@routes.post("/signing/{request_id}/approve", verb="signatures.act")
async def approve(core: Core, actor: Actor, request_id: str, body: Act) -> SigningRequest:
    """Approve the bytes that were seen; from now on they are frozen."""
    return await actions.approve(core, request_id, body, actor=actor)


@routes.post("/signing/{request_id}/reject", verb="signatures.return")
async def reject(core: Core, actor: Actor, request_id: str, body: SigningReturn) -> SigningRequest:
    """Refuse the paper: its dossier ends."""
    return await actions.reject(core, request_id, body, actor=actor)


@routes.post("/signing/batch", verb="signatures.batch")
async def sign_batch(core: Core, actor: Actor, body: SignBatch) -> SignedBatch:
    """Sign several papers that were seen with one unlocking."""
    return await actions.sign_batch(core, body, actor=actor)


# ---- who signs for whom


@routes.post("/bodies/{body_id}/delegations", verb="signatures.delegate", status=201)
async def delegate(core: Core, actor: Actor, body_id: str, body: DelegationGive) -> Delegation:
    """Enter that somebody signs for another within dates."""
    return await actions.delegate(core, body_id, body, actor=actor)


@routes.get("/bodies/{body_id}/delegations", verb="signatures.delegations")
async def delegations(core: Core, actor: Actor, body_id: str) -> Delegations:
    """All that was ever entrusted in a body."""
    return await actions.delegations(core, body_id, actor=actor)


@routes.post("/delegations/{delegation}/end", verb="signatures.delegate")
async def end_delegation(core: Core, actor: Actor, delegation: str) -> Delegation:
    """Take an entrustment back."""
    return await actions.end_delegation(core, delegation, actor=actor)
