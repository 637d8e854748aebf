"""A process that takes files in, converts and publishes them, again and again the same: to be killed anywhere.

Its words: folder, ``image`` or ``office``, number of the round. Every command has its own key, so that a process that
was killed is begun anew by the same words. Each word of the server's goes to standard output as soon as it is given.
"""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from server.app import with_core
from server.core.access import Actor, Grant, Role
from server.core.journal import OpKey
from server.core.workers import Workers
from server.directory import actions as directory
from server.directory.wire import BodyCreate, PersonCreate
from server.documents import actions as documents
from server.documents import receiving
from server.documents.actions import converting, incoming
from server.documents.conversion.office import Office
from server.documents.store.tables import incoming as rows
from server.documents.wire import ArrivalQuery, Incoming, IncomingPublish, Paper, UploadFinish, UploadMeta
from server.meetings import actions as meetings
from server.meetings.wire import ItemCreate, MeetingCreate
from tests.crash.loading import say, serve
from tests.support import pdfs
from tests.support.house import config_for
from tests.support.images import image
from tests.support.office import pages

if TYPE_CHECKING:
    from server.core.context import Core
    from server.core.db import Read

FILES = 2
PARTS = 3


async def chunks(data: bytes) -> AsyncIterator[bytes]:
    """The file as it comes."""
    yield data


def secretary(person: str, op: str = "") -> Actor:
    """The one who brings and publishes."""
    key = OpKey(op, op.encode()) if op else None
    return Actor(person_id=person, device_id="desk", name="Thư ký", grants=(Grant(Role.SECRETARY),), op=key)


async def stage(core: Core, kept: Path) -> tuple[str, str]:
    """(person, item): made once for all rounds."""
    if kept.is_file():
        person, item = kept.read_text(encoding="utf-8").split()
        return person, item
    admin = Actor(person_id="seed", device_id="seed", grants=(Grant(Role.ADMINISTRATOR),))
    since = "2025-07-01"
    body = await directory.create_body(
        core, BodyCreate(code="TG", name="UBND", tier="city", valid_from=since), actor=admin
    )
    named = PersonCreate(code="N1", full_name="Thư ký", body_id=body.id, title="Thư ký", valid_from=since)
    person = (await directory.create_person(core, named, actor=admin)).id
    wanted = MeetingCreate(title="Phiên họp", body_id=body.id, starts_at="2026-12-01T01:00:00Z")
    meeting = await meetings.create(core, wanted, actor=secretary(person))
    made = await meetings.create_item(core, meeting.id, ItemCreate(title="Nội dung"), actor=secretary(person))
    kept.write_text(f"{person} {made.id}", encoding="utf-8")
    return person, made.id


async def work(core: Core, folder: Path, kind: str, number: str) -> None:
    """One round: bring, convert, publish; whatever was done before is not done twice."""
    person, item = await stage(core, folder / "stage.txt")
    office = Office(folder / "data" / "intake")
    try:
        come = await bring(core, item, kind, number, person)
        say("arrived", come.id)
        if kind == "image":
            say("published", (await send(core, item, number, person)).id)
        waiting = True
        while waiting:
            say("converting")
            while await documents.convert_next(core, office):
                pass
            waiting = await core.db.read(lambda read: "waiting" in stages(read) or "converting" in stages(read))
        for row in await core.db.read(lambda read: [each.id for each in read.rows(select(rows.c.id))]):
            paper = await incoming.publish(core, row, IncomingPublish(), actor=secretary(person, f"publish-{row}"))
            say("published", paper.id)
    finally:
        await office.close()
    say("done")


async def bring(core: Core, item: str, kind: str, number: str, person: str) -> Incoming:
    """A picture or an office paper in one piece; it is converted."""
    ending, data = ("docx", pages(60)) if kind == "office" else ("png", image(words=number))
    arrival = documents.Arrival(query=ArrivalQuery(filename=f"{number}.{ending}"), item_id=item)
    come = await documents.arrive(core, arrival, chunks(data), actor=secretary(person, f"bring-{number}"))
    assert isinstance(come, Incoming)
    return come


async def send(core: Core, item: str, number: str, person: str) -> Paper:
    """A PDF that comes in parts, each told to be received, from where it is said to be; it is a paper at once."""
    data = pdfs.pdf(f"Round {number}", pages=4)
    receiving.PART_BYTES = len(data) // PARTS + 1
    meta = UploadMeta(filename=f"{number}.pdf", sha256=hashlib.sha256(data).hexdigest())
    who = secretary(person, f"send-{number}")
    upload = await documents.begin(core, documents.Place(item_id=item), meta, len(data), actor=who)
    at = (await documents.upload_state(core, upload.id, actor=who)).received
    if at < len(data):
        assert (await documents.append(core, upload.id, at, chunks(data[at:]), actor=who)).received == len(data)
    arrived = await documents.finish(core, upload.id, UploadFinish(), actor=who)
    assert arrived.paper is not None
    return arrived.paper


def stages(read: Read) -> set[str]:
    """What stages anything is in."""
    return {row.stage for row in read.rows(select(rows.c.stage))}


def main(where: str, kind: str, number: str) -> None:
    """Run a round."""
    folder = Path(where)
    converting.LEASE_SECONDS = 0.6
    converting.TRIES = 50  # the test kills more often than a machine fails
    config = config_for(folder / "data", f"sqlite:///{folder / 'data' / 'phien.sqlite'}")
    config = msgspec.structs.replace(config, key_file=folder / "data" / "keys" / "sealing.key")

    async def run(core: Core) -> None:
        gate = Workers(size=1, nice=0, walled=True)  # beside a meeting they yield to everybody; here nobody waits
        try:
            await work(dataclasses.replace(core, gate=gate), folder, kind, number)
        finally:
            await gate.close()

    asyncio.run(with_core(config, run))


if __name__ == "__main__":
    serve(main)
