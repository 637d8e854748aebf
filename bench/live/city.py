"""A data folder of the real product with a city in it: people with sessions, a meeting that was sent, one paper.

Made by the actions that also serve the secretariat. Everybody signs in by a one-time code, as with a QR picture:
hashing a password for each of 5,273 would take minutes and measure nothing.
"""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pikepdf
from msgspec import Struct

from server.accounts import actions as accounts
from server.accounts import store as accounts_store
from server.accounts.actions.entering import Visitor
from server.accounts.actions.passwords import digest, new_code
from server.accounts.wire import AccountGive, SignInByCode
from server.app import with_core
from server.config import load
from server.core.access import SYSTEM, Actor, Grant, Role
from server.core.wire import stamp
from server.directory import actions as directory
from server.directory.wire import BodyCreate, PersonCreate
from server.documents import actions as documents
from server.invitations import actions as invitations
from server.invitations.wire import InvitationSend
from server.meetings import actions as meetings
from server.meetings.wire import MeetingCreate, ParticipantInput, ParticipantsSet

if TYPE_CHECKING:
    from server.core.context import Core
    from server.core.db import Tx

T = TypeVar("T")

CHUNK = 100
_SINCE = "2025-07-01"
_ADMINISTRATOR = Actor(person_id=SYSTEM, device_id=SYSTEM, name=SYSTEM, grants=(Grant(Role.ADMINISTRATOR),))


class City(Struct, frozen=True):
    """What the tablets need: a session token each, and the version of the paper that they write on.

    The first token is the secretary's, who brings papers to ``item``.
    """

    tokens: tuple[str, ...]
    version: str
    item: str


def seed(folder: Path, count: int) -> City:
    """Make the data folder; ``count`` people take part, each signed in on one device."""
    folder.mkdir(parents=True)
    return asyncio.run(with_core(load(None, {}, given={"data_dir": str(folder)}), lambda core: _seed(core, count)))


async def _seed(core: Core, count: int) -> City:
    command = BodyCreate(code="UB", name="Ủy ban nhân dân thành phố", tier="commune", valid_from=_SINCE)
    body = (await directory.create_body(core, command, actor=_ADMINISTRATOR)).id
    people = await _in_chunks(core, range(count), lambda tx, numbers: _enter_txn(tx, body, numbers))
    tokens = await _signed_in(core, people)
    secretary = Actor(
        person_id=people[0], device_id="bench", name="Thư ký", grants=(Grant(Role.SECRETARY, body),)
    )  # fmt: skip
    version, item = await _convene(core, body, people, secretary)
    return City(tuple(tokens), version, item)


async def _in_chunks(core: Core, values: Sequence[T], work: Callable[[Tx, Sequence[T]], list[str]]) -> list[str]:
    """As the product itself does with a city: a hundred in one transaction."""
    made: list[str] = []
    for first in range(0, len(values), CHUNK):
        part = values[first : first + CHUNK]
        made += await core.db.write(lambda tx, part=part: work(tx, part))  # type: ignore[misc]
    return made


def _enter_txn(tx: Tx, body: str, numbers: Sequence[int]) -> list[str]:
    commands = (
        PersonCreate(
            code=f"CB-{number:05d}", full_name=f"Đại biểu {number}", body_id=body, title="Ủy viên", valid_from=_SINCE
        )
        for number in numbers
    )
    return [directory.create_person_txn(tx, command, actor=_ADMINISTRATOR).id for command in commands]


async def _signed_in(core: Core, people: Sequence[str]) -> list[str]:
    now = core.clock.now()
    lasts = stamp(now + timedelta(hours=1))

    def give_txn(tx: Tx, part: Sequence[str]) -> list[str]:
        codes = [new_code() for _ in part]
        for person, code in zip(part, codes, strict=True):
            user = AccountGive(user="u" + re.sub("[^0-9a-z]", "", person))
            accounts.give_txn(tx, person, user, password_hash=None, now=now, actor=SYSTEM)
            accounts_store.put_code_txn(tx, person, digest(code), lasts)
        return codes

    codes = await _in_chunks(core, people, give_txn)
    visitor = Visitor("127.0.0.1")
    entering = (accounts.sign_in_by_code(core, SignInByCode(code=code), visitor=visitor) for code in codes)
    return [entered.token for entered in await asyncio.gather(*entering)]


async def _convene(core: Core, body: str, people: Sequence[str], secretary: Actor) -> tuple[str, str]:
    """Send the meeting to everybody and publish a paper in its general item; returns the paper's version and item."""
    command = MeetingCreate(
        title="Phiên họp ba cấp", body_id=body, starts_at="2026-11-27T08:00:00+07:00", chair_id=people[-1],
        secretary_id=people[0],
    )  # fmt: skip
    meeting = await meetings.create(core, command, actor=secretary)
    wanted = ParticipantsSet(participants=tuple(ParticipantInput(person_id=person) for person in people))
    await meetings.set_participants(core, meeting.id, wanted, actor=secretary)
    await invitations.send(core, meeting.id, InvitationSend(mail=False), actor=secretary)
    for some in (invitations.invite_some, meetings.settle_some):
        while await some(core):
            pass
    view = await meetings.view(core, meeting.id, actor=secretary)
    general = next(item.id for item in view.items if item.general)
    paper = await documents.publish_bytes(core, general, _pdf(), "Báo cáo", "paper", secretary)
    assert paper.version is not None
    return paper.version.id, general


def _pdf() -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()
