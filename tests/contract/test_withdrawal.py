"""Access that ends while somebody is listening: what was committed after it reaches them by no way any more.

Order is asserted, not time: of every stream that was taken away, nothing beyond its head at the acknowledgement.
"""

from __future__ import annotations

import asyncio
import io
import os
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pikepdf
import pytest
from sqlalchemy import select

from server.accounts import actions as accounts
from server.accounts.wire import AccountGive, GrantsChange
from server.core.journal.tables import stream as stream_table
from server.documents import actions as documents
from server.documents.wire import PaperEdit, PaperRecall
from server.meetings import actions as meetings
from server.meetings.wire import ItemCreate, ItemEdit, MeetingEdit, ParticipantInput, ParticipantsSet
from tests.support.sitting_clients import Client, connected
from tests.support.world import upload, write_note

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable

    from server.core.db import Read
    from server.documents.wire import Paper
    from server.meetings.wire import ItemDetail
    from tests.contract.asking import Asker
    from tests.support.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATIENCE = 10
SECONDS_TO_END = 1.0


async def heads(world: World, streams: Iterable[str]) -> dict[str, int]:
    def read(read: Read) -> dict[str, int]:
        query = select(stream_table.c.id, stream_table.c.head).where(stream_table.c.id.in_(list(streams)))
        return {row.id: row.head for row in read.rows(query)}

    return await world.server.core.db.read(read)


def last_heard(client: Client, stream: str) -> int:
    frames = [frame for frame in client.heard.get("stream.ops", []) if frame["stream"] == stream]
    return max((operation["seq"] for frame in frames for operation in frame["ops"]), default=0)


def left(client: Client) -> set[str]:
    return {each["stream"] for each in client.heard.get("stream.left", [])}


async def until(true: Any) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():
            await asyncio.sleep(0.005)


class Trial:
    """Somebody and a witness who hear the same streams, before and after access ends for the first."""

    def __init__(self, world: World, victim: Client, streams: tuple[str, ...], *, witness: str = "own") -> None:
        self.world, self.victim, self.streams = world, victim, streams
        self.witness = Client(world.server, world.ids[witness], "")
        self.witness.headers = world.clients[witness].headers

    async def run(self, withdraw: Awaitable[Any], speak: Any, *, farewell: bool = True) -> None:
        """Both hear; access ends while more is being said; then the witness alone hears."""
        for stream in self.streams:
            assert "error" not in await self.victim.join(stream)
            assert "error" not in await self.witness.join(stream)
        before = await heads(self.world, self.streams)
        await speak()
        await until(lambda: all(last_heard(self.victim, stream) > before[stream] for stream in self.streams))
        storm = asyncio.create_task(self._storm(speak))
        await withdraw
        began = asyncio.get_running_loop().time()
        at_end = await heads(self.world, self.streams)
        if farewell:
            await until(lambda: set(self.streams) <= left(self.victim))
            assert asyncio.get_running_loop().time() - began < SECONDS_TO_END
        else:
            await until(lambda: not self.victim.io.connected)
        await storm
        await speak()
        await until(lambda: all(last_heard(self.witness, stream) > at_end[stream] for stream in self.streams))
        for stream in self.streams:
            assert last_heard(self.victim, stream) <= at_end[stream], stream

    async def _storm(self, speak: Any) -> None:
        for _ in range(5):
            await speak()

    async def rejoins_nothing(self) -> None:
        """Asking again, from anywhere in the stream, is refused."""
        for stream in self.streams:
            for last_seq in (0, 1, 10_000):
                page = await self.victim.say("stream.join", stream=stream, last_seq=last_seq)
                assert page["error"]["code"] == "denied"


async def paper_in(world: World, item: str, words: str = "PAPER") -> tuple[Paper, str]:
    paper = await upload(world, item, "own", f"Tài liệu {world.number()}", f"{words}-{world.number()}")
    assert paper.version is not None
    return paper, paper.version.id


async def open_item(world: World) -> ItemDetail:
    wanted = ItemCreate(title=f"Mục mở {world.number()}")
    return await meetings.create_item(world.server.core, world.spots["open"].meeting, wanted, actor=world.act("own"))


def speaker(world: World, *, meeting: str = "", paper: str = "", version: str = "") -> Any:
    """Says something in the streams of a meeting, of a paper's item, of its notes."""

    async def speak() -> None:
        core, own, number = world.server.core, world.act("own"), world.number()
        if meeting:
            await meetings.edit(core, meeting, MeetingEdit(place=f"Phòng {number}"), actor=own)
        if paper:
            await documents.edit(core, paper, PaperEdit(symbol=f"{number}/TB"), actor=own)
        if version:
            await write_note(world, "own", f"s:{version}", "nói thêm", "own")

    return speak


async def test_who_is_removed_from_the_meeting_hears_and_reads_no_more(world: World, asker: Asker) -> None:
    meeting, member = world.spots["open"].meeting, world.clients["member"]
    item = await open_item(world)
    paper, version = await paper_in(world, item.id)
    stay = ParticipantsSet(participants=tuple(each for each in world.sitting if each.person_id != member.person))
    trial = Trial(world, member, (f"m:{meeting}", f"i:{item.id}", f"s:{version}"))
    content = f"/api/v1/versions/{version}/content"
    async with connected(member, trial.witness):
        assert (await asker.ask("member", "GET", content, headers={"Range": "bytes=0-9"})).status == 206
        withdraw = meetings.set_participants(world.server.core, meeting, stay, actor=world.act("own"))
        speak = speaker(world, meeting=meeting, paper=paper.id, version=version)
        await trial.run(withdraw, speak)
        await trial.rejoins_nothing()
        own_notes = await member.say("stream.join", stream=f"p:{version}:{member.person}")
        assert own_notes["error"]["code"] == "denied"  # never begun, and the paper is not theirs to see any more
    for path in (content, f"/api/v1/versions/{version}/annotations", f"/api/v1/meetings/{meeting}"):
        assert (await asker.ask("member", "GET", path)).code == "not_found"


async def test_who_is_not_invited_to_an_item_that_is_closed_hears_no_more_of_it(world: World, asker: Asker) -> None:
    item = await open_item(world)
    paper, version = await paper_in(world, item.id)
    invitee = world.clients["invitee"]
    trial = Trial(world, invitee, (f"i:{item.id}", f"s:{version}"))
    secret = "Tên mới chỉ người trong cuộc biết"
    async with connected(invitee, trial.witness):
        close = ItemEdit(title=secret, restricted=True, invitees=())
        withdraw = meetings.edit_item(world.server.core, item.id, close, actor=world.act("own"))
        await trial.run(withdraw, speaker(world, paper=paper.id, version=version))
        await trial.rejoins_nothing()
        assert secret in trial.witness.everything()
        assert secret not in invitee.everything()  # it came in the very act that closed the item
    assert (await asker.ask("invitee", "GET", f"/api/v1/versions/{version}/content")).code == "not_found"


async def test_a_recalled_paper_is_read_and_annotated_no_more(world: World, asker: Asker) -> None:
    item = world.spots["closed"].item
    paper, version = await paper_in(world, item)
    invitee, core = world.clients["invitee"], world.server.core
    witness = Client(world.server, world.ids["own"], "")
    witness.headers = world.clients["own"].headers
    content = f"/api/v1/versions/{version}/content"
    async with connected(invitee, witness):
        for client in (invitee, witness):
            await client.join(f"s:{version}")
            await client.join(f"i:{item}")
        assert (await asker.ask("invitee", "GET", content)).status == 200
        await documents.recall(core, paper.id, PaperRecall(), actor=world.act("own"))
        for client in (invitee, witness):
            await until(lambda client=client: f"s:{version}" in left(client))
            page = await client.say("stream.join", stream=f"s:{version}")
            assert page["error"]["code"] == "denied"
            told = [op["event"] for frame in await client.until("stream.ops") for op in frame["ops"]]
            assert told[-1]["name"] == "documents.recalled"
            assert told[-1]["versions"] == [version]
    for part in ("/content", "/pages/1/thumbnail", "/text", "/words", ""):
        assert (await asker.ask("invitee", "GET", f"/api/v1/versions/{version}{part}")).code == "gone"
    assert (await asker.ask("invitee", "GET", f"/api/v1/versions/{version}/annotations")).code == "not_found"


async def test_a_device_that_is_signed_out_hears_no_more(world: World, asker: Asker) -> None:
    meeting = world.spots["open"].meeting
    lost = Client(world.server, world.ids["chair"], "")
    lost.headers = {**world.clients["chair"].headers, "Cookie": await asker.fresh_token("chair")}
    _status, me = await lost.request("GET", "/accounts/me")
    trial = Trial(world, lost, (f"m:{meeting}", f"d:{meeting}"))
    async with connected(lost, trial.witness):
        withdraw = accounts.revoke_device(world.server.core, me["device_id"], actor=world.act("chair"))
        speak = both(speaker(world, meeting=meeting), answers(world, meeting))
        await trial.run(withdraw, speak, farewell=False)
    assert (await lost.request("GET", f"/meetings/{meeting}"))[0] == 401


async def test_a_grant_that_is_taken_ends_what_it_opened(world: World, asker: Asker) -> None:
    meeting, colleague = world.spots["open"].meeting, world.clients["colleague"]
    trial = Trial(world, colleague, (f"m:{meeting}", f"d:{meeting}", f"i:{world.spots['open'].item}"))
    async with connected(colleague, trial.witness):
        withdraw = accounts.change_grants(
            world.server.core, colleague.person, GrantsChange(grants=()), actor=world.act("administrator")
        )
        paper = speaker(world, meeting=meeting, paper=world.spots["open"].paper)
        await trial.run(withdraw, both(paper, answers(world, meeting)), farewell=False)
    async with connected(colleague):
        await trial.rejoins_nothing()
    assert (await asker.ask("colleague", "GET", f"/api/v1/meetings/{meeting}")).code == "not_found"


async def test_access_that_is_revoked_ends_on_every_device(world: World, asker: Asker) -> None:
    outsider, other = world.clients["outsider"], world.spots["other"]
    async with connected(outsider):
        await outsider.join(f"m:{other.meeting}")
        await accounts.revoke(world.server.core, outsider.person, actor=world.act("administrator"))
        await until(lambda: not outsider.io.connected)
    path = f"/api/v1/meetings/{other.meeting}"
    assert (await asker.ask("outsider", "GET", path)).code == "unauthenticated"
    again = AccountGive(user=f"u-{outsider.person[-12:]}", grants=world.act("outsider").grants)
    administrator, origin = world.act("administrator"), world.server.url
    await accounts.give(world.server.core, outsider.person, again, actor=administrator, origin=origin)
    assert (await asker.ask("outsider", "GET", path)).code == "unauthenticated"  # the old session stays ended


def both(*speakers: Any) -> Any:
    async def speak() -> None:
        for each in speakers:
            await each()

    return speak


def answers(world: World, meeting: str) -> Any:
    """Says something in the desk's stream: the list of participants is turned around."""

    async def speak() -> None:
        core, own = world.server.core, world.act("own")
        listed = (await meetings.view(core, meeting, actor=own)).participants
        turned = tuple(ParticipantInput(person_id=each.person.id, role=each.role) for each in reversed(listed))
        await meetings.set_participants(core, meeting, ParticipantsSet(participants=turned), actor=own)

    return speak


async def test_a_download_under_way_stops(world: World) -> None:
    item = await open_item(world)
    size = 24 * 1024 * 1024
    paper = await big_paper(world, item.id, size)
    assert paper.version is not None
    reader, writer = await slow_download(world, "invitee", f"/api/v1/versions/{paper.version.id}/content")
    assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
    got = len(await reader.readexactly(1024))
    close = ItemEdit(restricted=True, invitees=())
    await meetings.edit_item(world.server.core, item.id, close, actor=world.act("own"))
    async with asyncio.timeout(PATIENCE):
        while piece := await reader.read(1 << 16):
            got += len(piece)
    writer.close()
    assert got < size  # what lay in the buffers of both sides came; the rest did not


async def big_paper(world: World, item: str, size: int) -> Paper:
    """A paper that no buffer holds: pages with pictures of noise."""
    made = pikepdf.new()
    for _ in range(4):
        page = made.add_blank_page(page_size=(595, 842))
        picture = made.make_stream(os.urandom(size // 4))
        picture.update(
            {
                "/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": size // 4 // 3 // 1024,
                "/Height": 1024, "/ColorSpace": pikepdf.Name.DeviceRGB, "/BitsPerComponent": 8,
            }
        )  # fmt: skip
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=picture))
        page.Contents = made.make_stream(b"q 500 0 0 700 40 40 cm /Im Do Q")
    out = io.BytesIO()
    made.save(out)
    return await documents.publish_bytes(world.server.core, item, out.getvalue(), "Lớn", "paper", world.act("own"))


async def slow_download(world: World, name: str, path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection that takes little at a time."""
    address = urlsplit(world.server.url)
    sock = socket.create_connection((address.hostname, address.port))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 * 1024)
    sock.setblocking(False)
    reader, writer = await asyncio.open_connection(sock=sock, limit=64 * 1024)
    cookie = world.clients[name].headers["Cookie"]
    lines = (f"GET {path} HTTP/1.1", f"Host: {address.netloc}", f"Cookie: {cookie}", "Connection: close", "", "")
    writer.write("\r\n".join(lines).encode())
    await writer.drain()
    return reader, writer
