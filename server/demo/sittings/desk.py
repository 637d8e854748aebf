"""What the secretariat does for each of the demo's meetings: make it, fill the agenda, publish, invite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from server.demo import cast
from server.demo.papers import PAPERS
from server.documents import actions as documents
from server.documents.wire import Paper
from server.invitations import actions as invitations
from server.invitations.wire import InvitationAnswer, InvitationPrint, InvitationSend
from server.meetings import actions as meetings
from server.meetings.wire import ItemCreate, Meeting, MeetingCreate, ParticipantInput, ParticipantsSet

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.demo.making import PaperMaking
    from server.demo.stage import Stage

_SPECS = {paper.key: paper for paper in PAPERS}


class Point(NamedTuple):
    """An agenda item: its key, title, minutes, who presents it; questions; who is invited where it is closed."""

    key: str
    title: str
    minutes: int
    presenter: str
    questions: tuple[str, ...] = ()
    invited: tuple[str, ...] = ()


class Reply(NamedTuple):
    """What somebody did with the invitation, so many hours after it was sent; nothing is said where ``answer`` is."""

    user: str
    hours: float
    answer: Literal["accepted", "declined", "substitute", "opened", "delivered"] = "accepted"
    reason: str = ""
    substitute: str = ""


class Desk:
    """One meeting as the secretariat prepares it. ``items`` are ids by key; the general one's key is empty."""

    def __init__(self, stage: Stage, making: PaperMaking, meeting: Meeting) -> None:
        self.stage = stage
        self.making = making
        self.meeting = meeting
        self.items: dict[str, str] = {}
        self.papers: dict[str, Paper] = {}

    @classmethod
    async def create(
        cls,
        stage: Stage,
        making: PaperMaking,
        title: str,
        start: datetime,
        minutes: int,
        *,
        sites: tuple[str, ...] = (),
    ) -> Desk:
        """Make a draft under the chair, with its general item."""
        secretary = stage.actor(cast.SECRETARY)
        command = MeetingCreate(
            title=title,
            body_id=stage.body,
            starts_at=start.isoformat(),
            ends_at=(start + timedelta(minutes=minutes)).isoformat(),
            place="Phòng họp số 1, trụ sở UBND thành phố",
            chair_id=stage.people[cast.CHAIR],
            secretary_id=stage.people[cast.SECRETARY],
            sites=sites,
        )
        desk = cls(stage, making, await meetings.create(stage.core, command, actor=secretary))
        found = await meetings.view(stage.core, desk.meeting.id, actor=secretary)
        desk.items[""] = next(item.id for item in found.items if item.general)
        return desk

    async def seat(
        self, members: Iterable[str], guests: Iterable[str] = (), sites: Mapping[str, str] | None = None
    ) -> None:
        """Set the participants: members vote, guests may speak; ``sites`` says who takes part from where, by name."""
        places = {site.name: site.id for site in self.meeting.sites}
        at = {user: places[name] for user, name in (sites or {}).items()}
        people = self.stage.people
        wanted = [
            ParticipantInput(person_id=people[user], scope="vote", voting_right=True, site_id=at.get(user))
            for user in members
        ] + [
            ParticipantInput(person_id=people[user], role="invitee", scope="speak", site_id=at.get(user))
            for user in guests
        ]
        self.meeting = await meetings.set_participants(
            self.stage.core, self.meeting.id, ParticipantsSet(participants=tuple(wanted)), actor=self.secretary
        )

    async def plan(self, points: Sequence[Point]) -> None:
        """Add agenda items."""
        people = self.stage.people
        for point in points:
            command = ItemCreate(
                title=point.title,
                minutes=point.minutes,
                presenter_id=people[point.presenter],
                questions=point.questions,
                restricted=bool(point.invited),
                invitees=tuple(people[user] for user in point.invited),
            )
            made = await meetings.create_item(self.stage.core, self.meeting.id, command, actor=self.secretary)
            self.items[point.key] = made.id

    async def publish(self, key: str, item: str | None = None) -> Paper:
        """Publish a paper of ``server.demo.papers`` in its item, or in the one that is given."""
        spec, where = _SPECS[key], _SPECS[key].item if item is None else item
        pdf = await self.making.paper(key)
        purpose: Literal["paper", "agenda"] = "paper" if spec.item else "agenda"
        return await self.put(key, where, pdf, spec.title, purpose, spec.symbol)

    async def publish_draft(self, key: str) -> bool:
        """Publish the draft that went out before a paper, if there was one; ``replace`` puts the paper in its place."""
        spec, pdf = _SPECS[key], await self.making.earlier(key)
        if pdf is not None:
            await self.put(key, spec.item, pdf, spec.title, "paper", spec.symbol)
        return pdf is not None

    async def replace(self, key: str) -> Paper:
        """Publish a paper as the next version of what went out before."""
        before, pdf = self.papers[key], await self.making.paper(key)
        self.papers[key] = await documents.publish_bytes(
            self.stage.core, before.item_id, pdf, before.title, "paper", self.secretary, paper_id=before.id
        )
        return self.papers[key]

    async def put(
        self, key: str, item: str, pdf: bytes, title: str, purpose: Literal["paper", "agenda"], symbol: str = ""
    ) -> Paper:
        """Publish a PDF in an item."""
        self.papers[key] = await documents.publish_bytes(
            self.stage.core, self.items[item], pdf, title, purpose, self.secretary, symbol=symbol
        )
        return self.papers[key]

    async def invite(self, at: datetime, *, mail: bool = True) -> Paper:
        """Print the giấy mời and send it, in the app and by mail."""
        self.stage.at(at)
        command = InvitationPrint(signer_id=self.stage.people[cast.OFFICIAL])
        paper = await invitations.print_invitation(self.stage.core, self.meeting.id, command, actor=self.secretary)
        send = InvitationSend(mail=mail)
        await invitations.send(self.stage.core, self.meeting.id, send, actor=self.secretary)
        await self.stage.settle()
        return paper

    async def hear(self, sent: datetime, replies: Iterable[Reply]) -> None:
        """Let people receive, open and answer the invitation, each at the hour that is theirs."""
        for reply in sorted(replies, key=lambda reply: reply.hours):
            self.stage.at(sent + timedelta(hours=reply.hours))
            actor = self.stage.actor(reply.user)
            what: Literal["delivered", "opened"] = "delivered" if reply.answer == "delivered" else "opened"
            await invitations.mark(self.stage.core, self.meeting.id, what, actor=actor)
            if reply.answer == "delivered" or reply.answer == "opened":  # noqa: PLR1714 - narrows the type
                continue
            substitute = self.stage.people[reply.substitute] if reply.substitute else None
            command = InvitationAnswer(answer=reply.answer, reason=reply.reason, substitute_id=substitute)
            await invitations.answer(self.stage.core, self.meeting.id, command, actor=actor)
        await self.stage.settle()

    async def receive(self, users: Iterable[str], key: str, *, opened: Iterable[str]) -> None:
        """Let tablets receive a paper, and some people open it."""
        version = self.papers[key].version
        assert version is not None  # published a moment ago
        reads = set(opened)
        for user in users:
            what: Literal["received", "opened"] = "opened" if user in reads else "received"
            await documents.mark(self.stage.core, version.id, what, actor=self.stage.actor(user))

    @property
    def secretary(self) -> Actor:
        """Who prepares it."""
        return self.stage.actor(cast.SECRETARY)
