"""Two bodies that must not hear of each other: meetings, a closed item, notes, a signature asked for, and ten people.

What nobody but a few may learn is written down as it is made (:class:`World.secrets`), so that a test can search every
answer that a person ever gets for what that person may not know.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

import msgspec
import pikepdf

from server.accounts import actions as accounts
from server.accounts.wire import SignInByCode
from server.annotations import actions as annotation_acts
from server.annotations.wire import AnnotationsPush, Note, NoteGroupMake, Put
from server.core.access import Actor, Role
from server.core.ids import new_id
from server.directory import actions as directory
from server.directory.wire import BodyCreate, PersonCreate
from server.documents import actions as documents
from server.documents.wire import ArrivalQuery, PaperRecall, UploadMeta, UploadQuery
from server.drafting import actions as drafting
from server.drafting.wire import DraftBegin, DraftSave
from server.invitations import actions as invitations
from server.invitations import jobs as invitation_jobs
from server.invitations.wire import InvitationSend
from server.live import actions as live
from server.live.wire import CurrentItem, PresenterChange
from server.meetings import actions as meetings
from server.meetings import jobs as meeting_jobs
from server.meetings.wire import ItemCreate, MeetingCreate, ParticipantInput, ParticipantsSet, ScreenAdd
from server.signatures import actions as signatures
from server.signatures.wire import SigningAsk
from tests.support.house import actor
from tests.support.images import image
from tests.support.sitting_clients import Client, sign_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from server.documents.wire import Paper
    from tests.support.house import Server

STARTS_AT = "2026-11-27T08:00:00+07:00"
NOBODY = "nobody"
# The display in the hall of body A's meeting: signed in, and no person.
SCREEN = "screen"
# Body A: who prepares, sits and signs. `own` is the meeting's secretary and made all of it; `colleague` is a secretary
# of the same body; `invitee` alone is invited to the closed item; `removed` was, and is no participant any more;
# `named` is on the closed item's list and takes no part in the meeting. Body B: `outsider` is its secretary.
PEOPLE = (
    "administrator", "own", "colleague", "chair", "member", "invitee", "official", "removed", "named", "outsider",
)  # fmt: skip
SITTING = frozenset({"own", "colleague", "chair", "member", "invitee"})
INSIDE = frozenset({"own", "chair", "invitee"})
DESK = frozenset({"own", "colleague"})
GROUP = frozenset({"member", "invitee"})  # share a layer of notes on the open paper

_ROLES: dict[str, tuple[Role, bool]] = {  # the role, and whether it is held in the person's own body alone
    "administrator": (Role.ADMINISTRATOR, False),
    "own": (Role.SECRETARY, True),
    "colleague": (Role.SECRETARY, True),
    "official": (Role.OFFICIAL, True),
    "outsider": (Role.SECRETARY, True),
}


@dataclass(frozen=True, kw_only=True)
class Spot:
    """The ids of one place in the world, by the names that paths give them."""

    meeting: str
    item: str
    paper: str
    version: str
    doomed: str  # a paper that a test may recall
    request_id: str
    participant: str
    private: str  # the stream of one person's private notes on the version, and who that is
    owner: str
    incoming: str = ""  # what came in and is no paper yet
    upload: str = ""  # what somebody has begun to send
    group: str = ""  # a group that shares a layer of notes on the version
    dossier: str = ""  # the way of the paper that is to be signed
    draft: str = ""  # a paper that is being written

    @classmethod
    def nowhere(cls) -> Spot:
        """Ids of nothing."""
        return cls(
            meeting=new_id(), item=new_id(), paper=new_id(), version=new_id(), doomed=new_id(), request_id=new_id(),
            participant=new_id(), private=f"p:{new_id()}:{new_id()}", owner="", incoming=new_id(), group=new_id(),
            upload=new_id(), dossier=new_id(), draft=new_id(),
        )  # fmt: skip


@dataclass(frozen=True)
class Secret:
    """Text or an id that only ``knows`` may ever be told."""

    text: str
    knows: frozenset[str]


@dataclass
class World:
    """All of it. ``ids`` are people by name, ``spots`` places by name: open, closed, recalled, other,
    and house, for what is at no place.
    """

    server: Server
    bodies: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    postings: dict[str, str] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    spots: dict[str, Spot] = field(default_factory=dict)
    secrets: list[Secret] = field(default_factory=list)
    devices: dict[str, str] = field(default_factory=dict)
    sitting: tuple[ParticipantInput, ...] = ()
    agenda: tuple[str, ...] = ()
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def act(self, name: str) -> Actor:
        """A person as the actor of one command."""
        return self.actors[name]

    def hide(self, text: str, *knows: str) -> str:
        """Write a secret down."""
        self.secrets.append(Secret(text, frozenset(knows)))
        return text

    def leaks(self, name: str, told: str | bytes, *, asked: str = "") -> list[str]:
        """The secrets in what a person was told that are not theirs to know, apart from what they asked by name."""
        text = told.decode("utf-8", "replace") if isinstance(told, bytes) else told
        if asked:
            text = text.replace(asked, "")
        return [secret.text for secret in self.secrets if name not in secret.knows and secret.text in text]

    def number(self) -> int:
        """A number that was not used before."""
        return next(self.numbers)


def pdf(words: str, *, pages: int = 2) -> bytes:
    """A PDF whose very bytes say ``words`` (ASCII)."""
    made = pikepdf.new()
    for _ in range(pages):
        page = made.add_blank_page(page_size=(595, 842))
        page.Contents = made.make_stream(f"BT /F1 12 Tf 72 700 Td ({words}) Tj ET".encode())
    out = io.BytesIO()
    made.save(out, compress_streams=False, static_id=True)
    return out.getvalue()


async def once(data: bytes) -> AsyncIterator[bytes]:
    """An upload in one piece."""
    yield data


# ---- making it


async def make_world(server: Server) -> World:
    """People, a live meeting of body A with an open and a closed item, a convened one of body B, notes of many."""
    world = World(server, spots={"house": Spot.nowhere()})
    await _people(world)
    for name in (*PEOPLE, "spare", "b_chair"):
        await _enter(world, name)
    await _meeting_a(world)
    await _meeting_b(world)
    return world


async def _enter(world: World, name: str) -> None:
    """Give a person access with their role, and sign them in; the device's id is nobody else's business."""
    who = world.actors[name]
    roles, body = tuple(grant.role for grant in who.grants), next((grant.body_id for grant in who.grants), None)
    client = world.clients[name] = await sign_in(world.server, who.person_id, *roles, body=body)
    _status, me = await client.request("GET", "/accounts/me")
    world.devices[name] = world.hide(me["device_id"], name)


async def _people(world: World) -> None:
    core, root = world.server.core, actor("house", Role.ADMINISTRATOR)
    for key, name in (("a", "Ủy ban nhân dân thành phố Tân Giang"), ("b", "Ủy ban nhân dân phường Hạ Lưu")):
        entered = BodyCreate(code=key.upper(), name=name, tier="commune", valid_from="2025-07-01")
        world.bodies[key] = (await directory.create_body(core, entered, actor=root)).id
    for number, name in enumerate((*PEOPLE, "spare", "b_chair")):
        body = world.bodies["b" if name in {"outsider", "b_chair"} else "a"]
        command = PersonCreate(
            code=f"N{number}", full_name=f"Người Thứ {name}", body_id=body, title="Ủy viên", valid_from="2025-07-01"
        )
        person = await directory.create_person(core, command, actor=root)
        world.ids[name], world.postings[name] = person.id, person.postings[0].id
        role, within = _ROLES.get(name, (None, False))
        roles = () if role is None else (role,)
        world.actors[name] = actor(person.id, *roles, body=body if within else None, name=person.full_name)


async def _meeting_a(world: World) -> None:
    core, own = world.server.core, world.act("own")
    title = world.hide("Phiên họp thường kỳ của A", *SITTING, "official", SCREEN)
    meeting = await meetings.create(core, _convocation(world, "a", title, "own", "chair"), actor=own)
    world.hide(meeting.id, *SITTING, "official", "removed", "named", SCREEN)  # `removed` had it in "my meetings"
    opened = await meetings.create_item(core, meeting.id, ItemCreate(title="Báo cáo quý IV"), actor=own)
    closed = await meetings.create_item(
        core,
        meeting.id,
        ItemCreate(
            title=world.hide("Công tác nhân sự: miễn nhiệm", *INSIDE, "removed"),
            questions=(world.hide("Có đồng ý miễn nhiệm không?", *INSIDE, "removed"),),
            restricted=True,
            invitees=tuple(world.ids[name] for name in ("invitee", "removed", "named")),
        ),
        actor=own,
    )
    world.agenda = (opened.id, closed.id)
    at_first = tuple(ParticipantInput(person_id=world.ids[name]) for name in ("member", "invitee", "removed"))
    await meetings.set_participants(core, meeting.id, ParticipantsSet(participants=at_first), actor=own)
    await _invite(world, meeting.id, own)
    world.spots["open"] = await _spot(world, meeting.id, opened.id, "own", note_of="member", knows=SITTING)
    inside = INSIDE | {"official", "removed"}
    world.spots["closed"] = await _spot(world, meeting.id, closed.id, "own", note_of="invitee", knows=inside)
    await _ask_to_sign(world)
    await _recalled(world)
    for name in ("removed", "chair", "own"):
        await write_note(world, name, f"p:{world.spots['closed'].version}:{world.ids[name]}", f"riêng của {name}", name)
    shared = f"s:{world.spots['closed'].version}"
    await write_note(world, "invitee", shared, "ý kiến trong phần kín", *INSIDE, "removed")
    await write_note(world, "member", f"s:{world.spots['open'].version}", "ý kiến chung của A", *SITTING, "removed")
    await _share_in_group(world)
    await _sit(world, meeting.id, opened.id)
    await _show(world, meeting.id)


async def _share_in_group(world: World) -> None:
    """A member shares a layer with one who is invited, and with one who is then taken off the list."""
    spot, core = world.spots["open"], world.server.core
    name = world.hide("Nhóm của thành viên", *GROUP, "removed")
    others = tuple(world.ids[each] for each in ("invitee", "removed"))
    command = NoteGroupMake(name=name, person_ids=others)
    group = await annotation_acts.make_group(core, spot.version, command, actor=world.act("member"))
    world.hide(group.id, *GROUP, "removed")
    world.spots["open"] = replace(spot, group=group.id)
    for who in GROUP:
        await write_note(world, who, f"g:{spot.version}:{group.id}", "trong nhóm", *GROUP, "removed")


async def _sit(world: World, meeting: str, item: str) -> None:
    core, own = world.server.core, world.act("own")
    names = ("chair", "own", "member", "invitee")
    world.sitting = tuple(
        ParticipantInput(person_id=world.ids[name], role=role)  # type: ignore[arg-type]
        for name, role in zip(names, ("chair", "secretary", "member", "member"), strict=True)
    )
    await meetings.set_participants(core, meeting, ParticipantsSet(participants=world.sitting), actor=own)
    await live.start(core, meeting, actor=own)
    await live.move(core, meeting, CurrentItem(item_id=item), actor=own)
    await live.set_presenter(core, meeting, PresenterChange(person_id=world.ids["chair"]), actor=own)
    await settle(world)


async def _show(world: World, meeting: str) -> None:
    """A display of the hall, signed in by its code."""
    core = world.server.core
    given = await meetings.add_screen(core, meeting, ScreenAdd(name="Hội trường A"), actor=world.act("own"))
    entered = await accounts.sign_in_by_code(core, SignInByCode(code=given.code), visitor=accounts.Visitor("192.0.2.7"))
    world.ids[SCREEN] = given.id
    world.clients[SCREEN] = Client(world.server, given.id, entered.token)
    world.hide(given.id, *DESK, SCREEN)


async def _meeting_b(world: World) -> None:
    core, outsider = world.server.core, world.act("outsider")
    title = world.hide("Cuộc họp riêng của B", "outsider")
    meeting = await meetings.create(core, _convocation(world, "b", title, "outsider", "b_chair"), actor=outsider)
    world.hide(meeting.id, "outsider")
    item = await meetings.create_item(core, meeting.id, ItemCreate(title="Việc của phường B"), actor=outsider)
    world.hide(item.id, "outsider")
    await _invite(world, meeting.id, outsider)
    knows = frozenset({"outsider"})
    world.spots["other"] = await _spot(world, meeting.id, item.id, "outsider", note_of="outsider", knows=knows)
    ask = SigningAsk(official_id=world.ids["b_chair"])
    request = await signatures.ask(core, world.spots["other"].paper, ask, actor=outsider)
    world.hide(request.id, "outsider")
    world.hide(request.dossier_id, "outsider")
    world.spots["other"] = replace(world.spots["other"], request_id=request.id, dossier=request.dossier_id)


def _convocation(world: World, body: str, title: str, secretary: str, chair: str) -> MeetingCreate:
    return MeetingCreate(
        title=title, body_id=world.bodies[body], starts_at=STARTS_AT, secretary_id=world.ids[secretary],
        chair_id=world.ids[chair],
    )  # fmt: skip


async def _invite(world: World, meeting: str, secretary: Actor) -> None:
    await invitations.send(world.server.core, meeting, InvitationSend(mail=False), actor=secretary)
    await settle(world)


async def settle(world: World) -> None:
    """Do what background work has to do, now."""
    await invitation_jobs.settle(world.server.core)
    await meeting_jobs.settle(world.server.core)


async def _spot(world: World, meeting: str, item: str, secretary: str, *, note_of: str, knows: frozenset[str]) -> Spot:
    number = world.number()
    title = world.hide(f"Tờ trình mật số {number:03}", *knows)
    paper = await upload(world, item, secretary, title, world.hide(f"SECRET-BYTES-{number:03}", *knows))
    doomed = await upload(world, item, secretary, f"Bản bỏ đi {number}", f"DOOMED-{number}")
    assert paper.version is not None
    for each in (paper.id, paper.version.id, paper.version.sha256):
        world.hide(each, *knows)
    agenda = await meetings.view(world.server.core, meeting, actor=world.act(secretary))
    participant = next((each for each in agenda.participants if each.person.id == world.ids["member"]), None)
    participant = participant or agenda.participants[0]
    private = f"p:{paper.version.id}:{world.ids[note_of]}"
    await write_note(world, note_of, private, f"ghi riêng số {number:03}", note_of)
    return Spot(
        meeting=meeting, item=item, paper=paper.id, version=paper.version.id, doomed=doomed.id, request_id=new_id(),
        participant=participant.id, private=private, owner=note_of, group=new_id(), dossier=new_id(),
        incoming=await bring(world, item, secretary), upload=await begin(world, item, secretary),
        draft=await write(world, meeting, item, secretary, *(DESK if "colleague" in knows else {secretary})),
    )  # fmt: skip


async def upload(world: World, item: str, by: str, title: str, words: str) -> Paper:
    """A paper as somebody uploads it."""
    query = UploadQuery(filename="to-trinh.pdf", title=title)
    return await documents.upload(world.server.core, item, query, once(pdf(words)), actor=world.act(by))


async def bring(world: World, item: str, by: str) -> str:
    """The first of two photographs that somebody brings; the other one never comes, so nothing is made of it."""
    number = world.number()
    query = ArrivalQuery(filename=f"{number}.png", batch=f"batch-{number}", parts=2)
    arrival = documents.Arrival(query=query, item_id=item)
    come = await documents.arrive(world.server.core, arrival, once(image(words=str(number))), actor=world.act(by))
    return come.id


async def write(world: World, meeting: str, item: str, by: str, *knows: str) -> str:
    """A paper that somebody is writing; what it is about is a secret of those who know it."""
    command = DraftBegin(draft_kind="decision", item_id=item)
    draft = await drafting.begin(world.server.core, meeting, command, actor=world.act(by))
    subject = f"Về việc chưa ban hành số {world.number():03}"
    if knows:
        world.hide(subject, *knows)
        world.hide(draft.id, *knows)
    text = msgspec.structs.replace(draft.text, subject=subject)
    await drafting.save(world.server.core, draft.id, DraftSave(revision=1, text=text), actor=world.act(by))
    return draft.id


async def begin(world: World, item: str, by: str) -> str:
    """An upload that somebody has begun and of which nothing has come."""
    meta, place = UploadMeta(filename="to-trinh.pdf"), documents.Place(item_id=item)
    return (await documents.begin(world.server.core, place, meta, 100, actor=world.act(by))).id


async def write_note(world: World, by: str, stream: str, words: str, *knows: str) -> Put:
    """A note on a paper; its words and its id are secrets of those who know it."""
    ann_id, text = new_id(), f"{words} ({world.number()})"
    note = Put(op_id=new_id(), ann_id=ann_id, page=1, body=Note(x=10, y=10, text=text))
    push = AnnotationsPush(stream=stream, ops=(note,))
    pushed = await annotation_acts.push(world.server.core, push, actor=world.act(by))
    assert pushed.results[0].st == "applied"
    for each in (ann_id, note.op_id, text):
        world.hide(each, *knows)
    return note


async def _ask_to_sign(world: World) -> None:
    spot, ask = world.spots["closed"], SigningAsk(official_id=world.ids["official"])
    request = await signatures.ask(world.server.core, spot.paper, ask, actor=world.act("own"))
    for each in (request.id, request.dossier_id):
        world.hide(each, "own", "chair", "official")
    world.spots["closed"] = replace(spot, request_id=request.id, dossier=request.dossier_id)


async def _recalled(world: World) -> None:
    """A paper of the open item that was taken back, and everything about it."""
    core, spot = world.server.core, world.spots["open"]
    paper = await upload(world, spot.item, "own", "Bản đã thu hồi", world.hide("RECALLED-BYTES", "own", "colleague"))
    assert paper.version is not None
    await write_note(world, "member", f"s:{paper.version.id}", "ý kiến trên bản thu hồi")
    await documents.recall(core, paper.id, PaperRecall(), actor=world.act("own"))
    world.spots["recalled"] = replace(spot, paper=paper.id, version=paper.version.id, doomed=paper.id)
