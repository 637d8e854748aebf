"""Two bodies with codes on the axis, one of them with an issued paper and a seal; the axis is a folder."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from server import app as application
from server import features
from server.config import DEMO_MARKER
from server.core.access import Role
from server.core.clock import SystemClock
from server.core.context import Core
from server.core.ids import new_id
from server.core.wire import stamp
from server.directory import actions as directory
from server.directory.wire import BodyCreate
from server.documents import actions as documents
from server.exchange import actions
from server.exchange.actions import FolderAxis
from server.exchange.wire import OrganSet
from server.features import set_up
from server.signatures import actions as signatures
from server.signatures import store as signature_store
from server.signatures.actions import keys
from server.signatures.wire import Dossier, Step
from tests.exchange.support import CITY, WARD, signed_paper
from tests.signing import papers
from tests.support.house import actor, config_for
from tests.support.sitting import People, add_item, draft, enter_people

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from server.core.access import Actor
    from server.directory.wire import BodyView
    from server.meetings.wire import ItemDetail, Meeting

PASSWORD = "con dấu thử 1"
ADMINISTRATOR = actor("administrator", Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Offices:
    """Who exchanges what with whom. ``clerk`` and ``theirs`` are the registry clerks of the two bodies."""

    core: Core
    body: str
    other: BodyView
    clerk: Actor
    secretary: Actor
    member: Actor
    theirs: Actor
    dossier: Dossier
    axis: FolderAxis

    async def outgoing(self) -> list[str]:
        """Where the paper stands at each recipient, as the sender sees it."""
        return [one.state for one in (await actions.sent(self.core, self.dossier.id, actor=self.clerk)).outgoing]


House = tuple[Core, People]
_bodies = count(1)


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=["sqlite", "postgres"])
async def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A core for a module of tests: children that have loaded what signing needs serve them all."""
    folder = tmp_path_factory.mktemp("exchange")
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), folder / "phien.db")
        url = f"sqlite:///{folder / 'phien.db'}"
    else:
        postgres = request.getfixturevalue("postgres")
        url = postgres.url(postgres.lend())
    core, _, _ = await application.build_core(config_for(folder / "data", url))
    set_up(features.House(core))
    (core.config.data_dir / DEMO_MARKER).touch()
    try:
        await signatures.add_root(core, "demo", papers.pki().root_pem)
        yield core, await enter_people(core, 4)
    finally:
        await application.close_core(core)


@pytest_asyncio.fixture(loop_scope="module")
async def offices(house: House, tmp_path: Path) -> AsyncIterator[Offices]:
    core, people = house
    made = await set_offices(core, people, tmp_path / "axis")
    yield made
    object.__setattr__(core, "clock", SystemClock())
    while await actions.deliver_some(core, made.axis):
        pass
    for one in (await actions.organs(core, actor=made.clerk)).organs:
        await actions.set_organ(core, one.body_id, OrganSet(organ_id=""), actor=ADMINISTRATOR)


async def set_offices(core: Core, everybody: People, axis: Path) -> Offices:
    city = await new_body(core, "Ủy ban nhân dân thành phố Tân Giang")
    other = await new_body(core, "Ủy ban nhân dân phường Hòa Lâm")
    people = People(city.id, everybody.all)
    secretary = actor(people.secretary, Role.SECRETARY, body=people.body)
    for body, organ_id in ((people.body, CITY), (other.id, WARD)):
        await actions.set_organ(core, body, OrganSet(organ_id=organ_id), actor=ADMINISTRATOR)
    p12 = papers.pki().person(city.name).pkcs12(PASSWORD)
    await keys.enrol_seal(core, people.body, p12, PASSWORD, None, width_mm=36, actor=ADMINISTRATOR)
    meeting = await draft(core, people, secretary)
    item = await add_item(core, meeting, "Chủ trương đầu tư", secretary=secretary)
    return Offices(
        core=core,
        body=people.body,
        other=other,
        clerk=actor(people.all[2], Role.CLERK, body=people.body),
        secretary=secretary,
        member=actor(people.members[0]),
        theirs=actor(people.all[3], Role.CLERK, body=other.id),
        dossier=await issued(core, people, meeting, item, city.name, secretary),
        axis=FolderAxis(axis),
    )


async def new_body(core: Core, name: str) -> BodyView:
    new = BodyCreate(code=f"EX{next(_bodies)}", name=name, tier="commune", valid_from="2025-07-01")
    return await directory.create_body(core, new, actor=ADMINISTRATOR)


async def issued(
    core: Core, people: People, meeting: Meeting, item: ItemDetail, body_name: str, secretary: Actor
) -> Dossier:  # fmt: skip
    """An issued paper, made without the way there."""
    paper = await documents.publish_bytes(
        core, item.id, signed_paper(), "Quyết định về chủ trương đầu tư", "paper", secretary, never_rewrite=True
    )
    assert paper.version is not None
    at = stamp(core.clock.now())
    sign = Step(
        id=new_id(), act="sign", rank=1, person_id=people.chair, person_name="Nguyễn Thị Ánh Tuyết", post="Chủ tịch",
        capacity="TM.", acting_for="ỦY BAN NHÂN DÂN", state="done", done_at=at, version_id=paper.version.id,
        sha256=paper.version.sha256,
    )  # fmt: skip
    dossier = Dossier(
        id=new_id(), meeting_id=meeting.id, meeting_title=meeting.title, item_id=item.id, paper_id=paper.id,
        paper_title="Quyết định về chủ trương đầu tư", pages=1, body_id=people.body, body_name=body_name,
        paper_kind="decision", state="issued", approved_sha256=paper.version.sha256, number=15, symbol="15/QĐ-UBND",
        dated="2026-11-22", steps=(sign,), opened_by=people.secretary, opened_at=at, version_id=paper.version.id,
        sha256=paper.version.sha256,
    )  # fmt: skip
    await core.db.write(lambda tx: signature_store.dossiers.insert_txn(tx, dossier))
    return dossier
