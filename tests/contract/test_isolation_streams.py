"""What the socket carries: who may hear which stream, and what everybody has heard after a whole sitting.

And what lies on the disk: nothing of a private note in the database, its log, a backup or what the server prints.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec
import pytest
import socketio
from sqlalchemy import select, text

from server.core import audit, backup
from server.core.ids import new_id
from server.core.journal.tables import stream as stream_table
from server.core.wire import PROTOCOL
from server.documents import actions as documents
from server.documents.wire import PaperRecall, UploadQuery
from server.invitations import actions as invitations
from server.invitations.wire import InvitationAnswer
from server.live import actions as live
from server.live.wire import CurrentItem, PresenterChange
from server.meetings import actions as meetings
from server.meetings.wire import ItemCreate, ItemEdit
from server.signatures import actions as signatures
from server.signatures.wire import SigningReturn
from tests.contract.asking import asking
from tests.support.sitting_clients import connected
from tests.support.world import DESK, GROUP, INSIDE, PEOPLE, SITTING, once, pdf, settle, upload, write_note

if TYPE_CHECKING:
    from pathlib import Path

    from server.core.db import Read
    from tests.support.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

NONE: frozenset[str] = frozenset()
HOMES = text(
    "SELECT i.id AS item, i.meeting_id AS meeting, i.restricted AS closed, v.id AS version, p.state AS state "
    "FROM meeting_item i LEFT JOIN paper p ON p.item_id = i.id LEFT JOIN paper_version v ON v.paper_id = p.id"
)


async def hearers(world: World) -> dict[str, frozenset[str]]:
    """Who may hear each stream there is; said here a second time, apart from the code that decides."""

    def read(read: Read) -> tuple[list[str], list[Any]]:
        streams = [row.id for row in read.rows(select(stream_table.c.id))]
        return streams, list(read.rows(HOMES))

    streams, homes = await world.server.core.db.read(read)
    found: dict[str, frozenset[str]] = {}
    for home in homes:
        ours = home.meeting == world.spots["open"].meeting
        sitting = (INSIDE if home.closed else SITTING) if ours else frozenset({"outsider"})
        found[f"m:{home.meeting}"] = SITTING if ours else sitting
        found[f"d:{home.meeting}"] = DESK | {"chair"} if ours else sitting
        found[f"i:{home.item}"] = sitting
        found[f"s:{home.version}"] = NONE if home.state == "recalled" else sitting
    for name in PEOPLE:
        found[f"u:{world.ids[name]}"] = frozenset({name})
    for stream in streams:
        if stream.startswith("p:"):  # whoever began it may read it for ever
            owner = stream.rpartition(":")[2]
            found[stream] = frozenset(name for name in PEOPLE if world.ids[name] == owner)
        elif stream.startswith("g:"):  # its members, as far as they may read the paper
            found[stream] = frozenset(GROUP) & found[f"s:{stream.split(':')[1]}"]
    return {stream: found.get(stream, NONE) for stream in streams}


def made_up(world: World) -> list[str]:
    """Streams that are not there, private ones of papers that their person may not see among them."""
    closed, opened = world.spots["closed"].version, world.spots["open"].version
    unseen = [f"p:{closed}:{world.ids[name]}" for name in ("colleague", "member", "administrator", "official")]
    unseen += [f"g:{closed}:{new_id()}", f"g:{opened}:{new_id()}", f"g:{opened}", "g:", "g::"]
    unseen += [f"p:{opened}:{world.ids[name]}" for name in ("outsider", "administrator")]
    return [*unseen, f"m:{new_id()}", "x:nothing", "p:", "s:", "p::", "", "m", f"s:{closed}:", f"p:{closed}"]


async def test_a_stream_is_joined_by_those_who_may_hear_it_and_by_nobody_else(world: World) -> None:
    entitled = await hearers(world)
    assert sum(map(bool, entitled.values())) > 20
    entitled |= dict.fromkeys(made_up(world), NONE)
    for name in PEOPLE:
        client = world.clients[name]
        async with connected(client):
            for stream, who in entitled.items():
                page = await client.say("stream.join", stream=stream, last_seq=0)
                assert ("error" not in page) == (name in who), (name, stream, page)
                if "error" in page:
                    assert page["error"] == {"code": "denied", "text": "Không có quyền làm việc này.", "args": {}}
                assert not world.leaks(name, msgspec.json.encode(page), asked=stream), (name, stream)


async def test_the_handshake_opens_no_more(world: World) -> None:
    entitled = await hearers(world)
    asked = [*entitled, *made_up(world)]
    for name in PEOPLE:
        heard: dict[str, list[Any]] = {}
        io = socketio.AsyncClient(reconnection=False)
        io.on("*", lambda event, data, heard=heard: heard.setdefault(event, []).append(data))
        auth = {"proto": PROTOCOL, "device": "t", "streams": dict.fromkeys(asked, 0)}
        headers = dict(world.clients[name].headers)
        await io.connect(world.server.url, headers=headers, auth=auth, transports=["websocket"], wait_timeout=20)
        async with asyncio.timeout(20):
            while len(heard.get("stream.page", [])) + len(heard.get("stream.left", [])) < len(asked):
                await asyncio.sleep(0.01)
        await io.disconnect()
        assert {page["stream"] for page in heard["stream.page"]} == {s for s, who in entitled.items() if name in who}
        assert {left["code"] for left in heard["stream.left"]} == {"denied"}
        told = msgspec.json.encode({event: data for event, data in heard.items() if event != "stream.left"})
        assert not world.leaks(name, told), name


async def test_nobody_has_no_socket_and_nobody_from_another_page(world: World) -> None:
    ours, cookie = world.server.url, world.clients["own"].headers["Cookie"]
    refused = ({"Origin": ours}, {"Cookie": cookie}, {"Cookie": cookie, "Origin": "https://evil.example"})
    for headers in refused:
        async with aiohttp.ClientSession() as session:
            io = socketio.AsyncClient(reconnection=False, http_session=session)
            with pytest.raises(socketio.exceptions.ConnectionError):
                await io.connect(ours, headers=dict(headers), auth={"proto": PROTOCOL}, transports=["websocket"])


async def test_a_whole_sitting_is_heard_by_each_as_far_as_they_may(
    world: World, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    entitled = await hearers(world)
    everybody = [world.clients[name] for name in PEOPLE]
    async with connected(*everybody):
        for name in PEOPLE:
            for stream, who in entitled.items():
                if name in who:
                    await world.clients[name].join(stream)
        last = await play(world)
        for name in ("own", "chair", "invitee"):  # the last event is in the room of the closed item
            while last not in world.clients[name].everything():
                await asyncio.sleep(0.01)
        await asyncio.sleep(1.2)  # a round of presence and of follower counts
        for name in PEOPLE:
            assert not world.leaks(name, world.clients[name].everything()), name
    await nothing_private_at_rest(world, tmp_path)
    printed = capfd.readouterr()
    assert not [words for words in private_words(world) if words in printed.out + printed.err]
    async with asking(world) as asker:  # what each may look up afterwards
        for name in PEOPLE:
            for path in ("/meetings?when=all", f"/meetings/{world.spots['open'].meeting}", "/signing", "/accounts"):
                answer = await asker.ask(name, "GET", f"/api/v1{path}")
                assert not world.leaks(name, answer.told), (name, path)


async def play(world: World) -> str:
    """A sitting with everything that happens in one; returns the text of the last event."""
    core, own, chair, closed = world.server.core, world.act("own"), world.act("chair"), world.spots["closed"]
    meeting, shared = closed.meeting, f"s:{closed.version}"
    presents = {"item_id": closed.item, "version_id": closed.version, "page": 2, "fraction": 0.5}
    await write_note(world, "member", f"s:{world.spots['open'].version}", "chung lúc họp", *SITTING)
    for name in ("member", "invitee", "colleague", "chair"):
        private = f"p:{world.spots['open'].version}:{world.ids[name]}"
        await write_note(world, name, private, f"riêng lúc họp của {name}", name)
    await live.move(core, meeting, CurrentItem(item_id=closed.item), actor=chair)
    await live.set_presenter(core, meeting, PresenterChange(person_id=world.ids["invitee"]), actor=chair)
    await world.clients["invitee"].say("live.present", **presents)
    await world.clients["invitee"].say("live.scroll", **presents)
    await world.clients["own"].say("live.follow", item_id=closed.item, following=True)
    await write_note(world, "invitee", shared, "chung lúc họp kín", *INSIDE)
    await write_note(world, "invitee", closed.private, "riêng lúc họp kín", "invitee")
    title = world.hide("Miễn nhiệm và điều động", *INSIDE)
    await meetings.edit_item(core, closed.item, ItemEdit(title=title), actor=own)
    for what in ("received", "opened"):
        await documents.mark(core, closed.version, what, actor=world.act("invitee"))
    await signatures.give_back(core, closed.request_id, SigningReturn(remarks="Sai"), actor=world.act("official"))
    await papers_come_and_go(world)
    await closed_from_the_first(world)
    decline = InvitationAnswer(answer="declined", reason=world.hide("Lý do nhà riêng", *DESK, "chair", "member"))
    await invitations.answer(core, meeting, decline, actor=world.act("member"))
    await settle(world)
    words = "lời cuối trong phần kín"
    await write_note(world, "own", shared, words, *INSIDE)
    return words


async def papers_come_and_go(world: World) -> None:
    core, own, closed = world.server.core, world.act("own"), world.spots["closed"]
    title = world.hide("Danh sách nhân sự", *INSIDE)
    paper = await upload(world, closed.item, "own", title, world.hide("NEW-SECRET-BYTES", *INSIDE))
    query = UploadQuery(filename="b.pdf", title=world.hide("Danh sách nhân sự (sửa)", *INSIDE))
    assert paper.version is not None
    again = await documents.upload_version(core, paper.id, query, once(pdf("NEXT-SECRET-BYTES")), actor=own)
    assert again.version is not None
    for each in (paper.id, paper.version.id, again.version.id, paper.version.sha256, again.version.sha256):
        world.hide(each, *INSIDE)
    await write_note(world, "chair", f"s:{again.version.id}", "chung trên bản sửa", *INSIDE)
    await documents.recall(core, paper.id, PaperRecall(reason=world.hide("Lộ danh sách", *INSIDE)), actor=own)


async def closed_from_the_first(world: World) -> None:
    """An item that is closed when it is made, given a paper, taken off again."""
    core, own, meeting = world.server.core, world.act("own"), world.spots["closed"].meeting
    knows = INSIDE - {"invitee"}
    wanted = ItemCreate(title=world.hide("Kỷ luật ông X", *knows), restricted=True, questions=("Mức nào?",))
    item = await meetings.create_item(core, meeting, wanted, actor=own)
    await meetings.edit_item(core, item.id, ItemEdit(title=world.hide("Kỷ luật ông Y", *knows)), actor=own)
    await meetings.remove_item(core, item.id, actor=own)


def private_words(world: World) -> list[str]:
    """The words of all private notes."""
    return [each.text for each in world.secrets if each.text.startswith(("ghi riêng", "riêng"))]


async def nothing_private_at_rest(world: World, tmp_path: Path) -> None:
    """No words of a private note, and no private stream in the audit, wherever the bytes of the house lie."""
    core = world.server.core
    private = private_words(world)
    assert len(private) >= 10
    shared = "ý kiến chung của A"
    await asyncio.to_thread(backup.save, core.config, tmp_path / "backup")
    base = core.config.data_dir.parent
    files = [path for folder in (base, tmp_path / "backup") for path in folder.rglob("*") if path.is_file()]
    held = b"\n".join(path.read_bytes() for path in files if path.name != "sealing.key")
    assert shared.encode() in held  # else the search itself is blind
    assert msgspec.json.encode(shared)[1:-1] in held
    for words in private:
        assert words.encode() not in held
        assert words.encode("unicode_escape") not in held
    report = await core.db.read(audit.verify)
    heads = await core.db.read(lambda read: read.rows(select(stream_table.c.id, stream_table.c.chain)))
    assert report.broken == ()
    assert {row.chain for row in heads if row.id.startswith("p:")} == {audit.GENESIS}
    assert report.streams == sum(not row.id.startswith("p:") for row in heads)
