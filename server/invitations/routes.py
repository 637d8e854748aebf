"""HTTP edge of invitations."""

from __future__ import annotations

from server.core.access import Actor
from server.core.context import Core
from server.core.http import Routes
from server.documents.wire import Paper
from server.invitations import actions
from server.invitations.wire import (
    Invitation,
    InvitationAnswer,
    InvitationPrint,
    InvitationSend,
    InvitationSent,
    SubstituteDecision,
)
from server.meetings.wire import Participant

routes = Routes("invitations")


@routes.post("/meetings/{meeting}/invitation/send", verb="invitations.send")
async def send(core: Core, actor: Actor, meeting: str, body: InvitationSend) -> InvitationSent:
    """Send the invitation to all who have not been invited."""
    return await actions.send(core, meeting, body, actor=actor)


@routes.post("/meetings/{meeting}/invitation/print", verb="invitations.print")
async def print_invitation(core: Core, actor: Actor, meeting: str, body: InvitationPrint) -> Paper:
    """Print the giấy mời and put it among the meeting's papers."""
    return await actions.print_invitation(core, meeting, body, actor=actor)


@routes.get("/meetings/{meeting}/invitation", verb="invitations.receive")
async def own(core: Core, actor: Actor, meeting: str) -> Invitation:
    """One's own invitation."""
    return await actions.own(core, meeting, actor=actor)


@routes.post("/meetings/{meeting}/invitation/delivered", verb="invitations.receive")
async def delivered(core: Core, actor: Actor, meeting: str) -> Invitation:
    """Note that the invitation has reached this device."""
    return await actions.mark(core, meeting, "delivered", actor=actor)


@routes.post("/meetings/{meeting}/invitation/opened", verb="invitations.receive", reads=True)
async def opened(core: Core, actor: Actor, meeting: str) -> Invitation:
    """Note that the invitation was opened."""
    return await actions.mark(core, meeting, "opened", actor=actor)


@routes.post("/meetings/{meeting}/invitation/answer", verb="invitations.answer")
async def answer(core: Core, actor: Actor, meeting: str, body: InvitationAnswer) -> Invitation:
    """Accept, decline with a reason, or propose a substitute."""
    return await actions.answer(core, meeting, body, actor=actor)


@routes.post("/meetings/{meeting}/participants/{participant}/substitute", verb="invitations.decide")
async def decide(core: Core, actor: Actor, meeting: str, participant: str, body: SubstituteDecision) -> Participant:
    """Accept or refuse a proposed substitute."""
    return await actions.decide(core, meeting, participant, body, actor=actor)
