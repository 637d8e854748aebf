"""A meeting with its printed giấy mời, keys of its people made for the test, and who acts on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from server.accounts import actions as accounts
from server.accounts.wire import AccountGive
from server.config import DEMO_MARKER
from server.core.access import Grant, Role
from server.core.context import Core
from server.directory import actions as directory
from server.documents import actions as documents
from server.documents.wire import Paper
from server.invitations import actions as invitations
from server.invitations.wire import InvitationPrint, InvitationSend
from server.meetings import actions as meetings
from server.signatures import actions
from signing.demo_ink import draw_signature
from signing.demo_pki import DemoPki, make_demo_pki
from tests.support.house import actor
from tests.support.sitting import People, Watch, add_item, draft, enter_people, invite

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.meetings.wire import ItemDetail, Meeting

PASSWORD = "chữ ký thử 1"
ADMINISTRATOR = actor("administrator", Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Stage:
    """Who and what the tests of signatures act on. ``official`` holds that role and takes no part in the meeting."""

    people: People
    secretary: Actor
    chair: Actor
    official: Actor
    member: Actor
    stranger: Actor
    meeting: Meeting
    item: ItemDetail
    paper: Paper
    pki: DemoPki


@pytest.fixture(scope="session")
def pki() -> DemoPki:
    return make_demo_pki()


async def name_of(core: Core, person_id: str) -> str:
    return (await core.db.read(lambda read: directory.person(read, person_id))).full_name


async def enrol(core: Core, pki: DemoPki, person_id: str, *, image: bool = False) -> None:
    """A key for a person, under the demo's authority."""
    name = await name_of(core, person_id)
    p12 = pki.person(name, organisation="UBND thành phố Tân Giang").pkcs12(PASSWORD)
    ink = draw_signature(name) if image else None
    await actions.enrol_pkcs12(core, person_id, p12, PASSWORD, ink, actor=ADMINISTRATOR)


_printed: dict[str, bytes] = {}


async def _print(core: Core, meeting: Meeting, secretary: Actor) -> Paper:
    """The giấy mời: really printed once; its words are the same in every test, and printing takes its time."""
    if "pdf" in _printed:
        agenda = await core.db.read(lambda read: meetings.items(read, meeting.id))
        general = next(item.id for item in agenda if item.general)
        return await documents.publish_bytes(
            core, general, _printed["pdf"], "Giấy mời", "invitation", secretary, never_rewrite=True
        )
    paper = await invitations.print_invitation(core, meeting.id, InvitationPrint(), actor=secretary)
    assert paper.version is not None
    _printed["pdf"] = await core.blobs.read(paper.version.sha256)
    return paper


async def set_stage(core: Core, pki: DemoPki) -> Stage:
    (core.config.data_dir / DEMO_MARKER).touch()
    people = await enter_people(core, 6)
    secretary = actor(people.secretary, Role.SECRETARY, body=people.body)
    chair, official = actor(people.chair), actor(people.members[2], Role.OFFICIAL, body=people.body)
    meeting = await draft(core, people, secretary)
    item = await add_item(core, meeting, "Báo cáo quý IV", secretary=secretary)
    await invite(core, meeting, people.members[:2], secretary=secretary)
    paper = await _print(core, meeting, secretary)
    await invitations.send(core, meeting.id, InvitationSend(mail=False), actor=secretary)
    while await invitations.invite_some(core):
        pass
    given = AccountGive(user="ky.ten", grants=(Grant(Role.OFFICIAL, people.body),))
    await accounts.give(core, official.person_id, given, actor=ADMINISTRATOR, origin="https://phien.example")
    await enrol(core, pki, chair.person_id)
    await enrol(core, pki, official.person_id)
    await actions.add_root(core, "demo", pki.root_pem)
    return Stage(
        people, secretary, chair, official, actor(people.members[0]), actor(people.members[3]), meeting, item, paper,
        pki,
    )  # fmt: skip


@pytest.fixture
async def stage(core: Core, pki: DemoPki) -> Stage:
    return await set_stage(core, pki)


@pytest.fixture
async def watch(core: Core, stage: Stage) -> Watch:
    watching = Watch(core)
    await watching.check()
    return watching
