"""A body with its registry clerk and papers that are signed and wait for a number, made without the way there."""

from __future__ import annotations

import io
import shutil
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import pikepdf

from server import app as application
from server.core.access import Role
from server.core.ids import new_id
from server.core.wire import stamp
from server.directory import actions as directory
from server.directory.wire import BodyCreate
from server.documents import actions as documents
from server.features import House, set_up
from server.signatures import store
from server.signatures.wire import Dossier, Step
from signing import Field, add_fields
from tests.support.house import actor, config_for
from tests.support.sitting import People, add_item, draft, invite

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from server.core.access import Actor
    from server.core.context import Core
    from server.meetings.wire import ItemDetail, Meeting
    from server.signatures.wire import ActKind, PaperKind

FIELDS = (
    Field(name="ChuKy", box=(330, 150, 505, 229), leaves=("So", "NgayThang", "ConDau")),
    Field(name="So", box=(110, 720, 150, 738), kind="text"),
    Field(name="NgayThang", box=(330, 700, 520, 718), kind="text"),
    Field(name="ConDau", box=(285, 138, 417, 240), leaves=(), closes=True),
)


def blank(fields: tuple[Field, ...] = FIELDS) -> bytes:
    """A page with the fields of an official paper."""
    made, out = pikepdf.new(), io.BytesIO()
    made.add_blank_page(page_size=(595, 842))
    made.save(out, static_id=True)
    return add_fields(out.getvalue(), fields)


BODY = "Ủy ban nhân dân thành phố Tân Giang"
_bodies = count(1)


@dataclass(frozen=True)
class Registry:
    """Who and what the tests of the registry act on."""

    people: People
    secretary: Actor
    clerk: Actor
    member: Actor
    stranger: Actor
    meeting: Meeting
    item: ItemDetail


async def set_registry(core: Core, people: People) -> Registry:
    """A new body with these people at its desk, and a meeting with one item; nobody has been invited yet."""
    number = next(_bodies)
    new = BodyCreate(code=f"UB{number}", name=BODY, tier="commune", valid_from="2025-07-01")
    body = await directory.create_body(core, new, actor=actor("administrator", Role.ADMINISTRATOR))
    people = People(body.id, people.all)
    secretary = actor(people.secretary, Role.SECRETARY, body=people.body)
    clerk = actor(people.all[5], Role.CLERK, body=people.body, name="Văn thư")
    meeting = await draft(core, people, secretary)
    item = await add_item(core, meeting, "Chủ trương đầu tư", secretary=secretary)
    await invite(core, meeting, people.members[:2], secretary=secretary)
    stranger = actor(people.members[2], Role.CLERK, body=new_id())
    return Registry(people, secretary, clerk, actor(people.members[0]), stranger, meeting, item)


async def signed(
    core: Core,
    registry: Registry,
    title: str = "Quyết định",
    *,
    kind: PaperKind = "decision",
    symbol: str = "",
    pdf: bytes | None = None,
    after: tuple[ActKind, ...] = ("number", "seal", "issue"),
) -> Dossier:
    """A paper whose dossier is signed; its number, seal and issue wait for any clerk of the body."""
    paper = await documents.publish_bytes(
        core, registry.item.id, pdf or blank(), title, "paper", registry.secretary, symbol=symbol, never_rewrite=True
    )
    assert paper.version is not None
    at = stamp(core.clock.now())
    sign = Step(
        id=new_id(), act="sign", rank=1, person_id=registry.people.chair, person_name="Người 1", post="Chủ tịch",
        capacity="TM.", acting_for="ỦY BAN NHÂN DÂN", state="done", done_at=at,
        version_id=paper.version.id, sha256=paper.version.sha256,
    )  # fmt: skip
    steps = [
        Step(
            id=new_id(), act=act, rank=2 + n, person_id="", person_name="", post="",
            state="pending" if n else "waiting",
        )
        for n, act in enumerate(after)
    ]  # fmt: skip
    waiting = Dossier(
        id=new_id(), meeting_id=registry.meeting.id, meeting_title=registry.meeting.title, item_id=registry.item.id,
        paper_id=paper.id, paper_title=title, pages=1, body_id=registry.people.body,
        body_name=BODY, paper_kind=kind, state="signed",
        approved_sha256=paper.version.sha256, steps=(sign, *steps), opened_by=registry.people.secretary,
        opened_at=at, version_id=paper.version.id, sha256=paper.version.sha256,
    )  # fmt: skip
    await core.db.write(lambda tx: store.dossiers.insert_txn(tx, waiting))
    return waiting


@asynccontextmanager
async def opened(folder: Path, url: str) -> AsyncIterator[Core]:
    """A core for a module of tests: children that have loaded what signing needs serve them all."""
    core, _, _ = await application.build_core(config_for(folder / "data", url))
    set_up(House(core))
    try:
        yield core
    finally:
        await application.close_core(core)


def sqlite_of(migrated: Path, folder: Path) -> str:
    """A migrated SQLite database of one's own."""
    shutil.copyfile(migrated, folder / "phien.db")
    return f"sqlite:///{folder / 'phien.db'}"
