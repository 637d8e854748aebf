"""Every acknowledged operation survives ``kill -9``, exactly once, and all tablets converge."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
from typing import TYPE_CHECKING

import aiohttp
import msgspec
import pytest

from server.accounts import actions as accounts
from server.accounts.wire import AccountGive
from server.app import with_core
from server.core import journal
from server.core.access import Actor, Grant, Role
from server.directory import actions as directory
from server.directory.wire import BodyCreate, PersonCreate
from tests.crash import forking
from tests.crash.forking import Crashes
from tests.crash.loading import Loaded
from tests.crash.tablets import STREAM, Tablet
from tests.support.house import config_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from server.core.context import Core

PERSONS, DEVICES = 5, 4
PASSWORD = "mat-khau-thu-nghiem-1"
KILLS = int(os.environ.get("CRASH_KILLS", "20"))
SEED = int(os.environ.get("CRASH_SEED", "1"))
_STORMS = 4
# Passes of the point before it strikes; a push passes each once, a group of pushes the first two once.
POINTS = ("db.before_commit", "db.after_commit", "socket.after_ack", "")


@pytest.fixture(scope="module")
def loaded() -> Iterator[Loaded]:
    """The server, loaded."""
    with Loaded.of(forking.MODULE) as server:
        yield server


async def prepare(folder: Path) -> None:
    """People with access, and one stream that they all may write to."""
    config = config_for(folder, f"sqlite:///{folder / 'phien.sqlite'}")

    async def seed(core: Core) -> None:
        await accounts.init_administrator(core, user="quantri", password=PASSWORD, name="Quản trị")
        admin = Actor(person_id="seed", device_id="seed", grants=(Grant(Role.ADMINISTRATOR),))
        body = BodyCreate(code="TG", name="UBND", tier="city", valid_from="2025-07-01")
        body_id = (await directory.create_body(core, body, actor=admin)).id
        people = []
        for n in range(PERSONS):
            person = PersonCreate(
                code=f"N{n}", full_name=f"Người {n}", body_id=body_id, title="Ủy viên", valid_from="2025-07-01"
            )
            people.append((await directory.create_person(core, person, actor=admin)).id)
            give = AccountGive(user=f"nguoi{n}")
            await accounts.give_with_password(core, people[-1], give, PASSWORD, actor=admin)

        def open_stream(tx: object) -> None:
            journal.open_stream(tx, STREAM, audience=STREAM)  # type: ignore[arg-type]
            journal.set_members(tx, STREAM, people)  # type: ignore[arg-type]

        await core.db.write(open_stream)

    await with_core(config, seed)


async def sign_in_all(url: str) -> list[str]:
    """A cookie for each device of each person."""
    cookies = []
    async with aiohttp.ClientSession() as http:
        for n in range(PERSONS):
            for _ in range(DEVICES):
                body = {"user": f"nguoi{n}", "password": PASSWORD}
                async with http.post(url + "/api/v1/accounts/sign-in", json=body, headers={"Origin": url}) as answer:
                    assert answer.status == 200, await answer.text()
                    cookies.append(answer.headers["Set-Cookie"].partition(";")[0])
    return cookies


async def storm(loaded: Loaded, folder: Path, *, kills: int, seed: int, mutant: str = "") -> list[str]:
    """Kill the server ``kills`` times under load; returns what was found wrong, in words."""
    chance = random.Random(seed)
    server = Crashes(loaded, folder, mutant)
    await server.start()
    tablets = [
        Tablet(server.url, cookie, seed * 100 + n, server.up) for n, cookie in enumerate(await sign_in_all(server.url))
    ]
    server.kill()
    writing = [asyncio.create_task(tablet.run(1_000_000)) for tablet in tablets]
    try:
        for n in range(kills):
            point = POINTS[n % len(POINTS)]
            await server.start(f"{point}:{chance.randrange(3, 60)}" if point else "")
            await server.dead(3.0 if point else chance.uniform(0.2, 0.8))
        await server.start()
        await asyncio.sleep(0.5)
        for tablet in tablets:
            tablet.stopping = True
        await asyncio.gather(*writing)
        await asyncio.gather(*(tablet.settle() for tablet in tablets))
        await asyncio.sleep(0.3)
        for tablet in tablets:
            await tablet.io.disconnect()
    finally:
        for task in writing:
            task.cancel()
        server.kill()
    return verdict(folder, tablets)


def verdict(folder: Path, tablets: list[Tablet]) -> list[str]:
    """Hold the database, read by itself, against what was acknowledged and what each tablet shows."""
    with sqlite3.connect(folder / "phien.sqlite") as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        log = db.execute("SELECT seq, op_id, body FROM operation WHERE stream = ? ORDER BY seq", (STREAM,)).fetchall()
        rows = {row[0] for row in db.execute("SELECT id FROM annotation WHERE stream = ? AND deleted = 0", (STREAM,))}
        (head,) = db.execute("SELECT head FROM stream WHERE id = ?", (STREAM,)).fetchone()
    wrong = []
    ids = [op_id for _, op_id, _ in log]
    if [seq for seq, _, _ in log] != list(range(1, head + 1)):
        wrong.append("numbers have gaps")
    if len(ids) != len(set(ids)):
        wrong.append("an operation is in the log twice")
    by_id = {op_id: seq for seq, op_id, _ in log}
    shown = {entity["id"] for _, _, body in log for entity in msgspec.json.decode(body)["put"]}
    if shown != rows:
        wrong.append("state and log differ")
    for tablet in tablets:
        lost = [op for op, seq in tablet.acked.items() if by_id.get(op) != seq]
        if lost:
            wrong.append(f"{len(lost)} acknowledged operations lost or moved")
        if tablet.refused:
            wrong.append(f"{len(tablet.refused)} resent operations refused")
        if set(tablet.entities) != rows or tablet.seq != head:
            wrong.append("a tablet shows something else")
    return wrong


@pytest.mark.timeout(900)
async def test_what_was_acknowledged_survives_every_kill(loaded: Loaded, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    await prepare(folder)
    assert await storm(loaded, folder, kills=KILLS, seed=SEED) == []


@pytest.mark.timeout(900)
@pytest.mark.parametrize("mutant", ["ack_before_commit", "no_op_id_check", "resume_off_by_one"])
async def test_the_same_storm_finds_each_mistake(loaded: Loaded, tmp_path: Path, mutant: str) -> None:
    for storms in range(_STORMS):  # on a quick machine five kills may all come between two commands
        folder = tmp_path / f"data-{storms}"
        await prepare(folder)
        if await storm(loaded, folder, kills=5, seed=SEED + storms, mutant=mutant):
            return
    pytest.fail(f"nothing was found in {_STORMS} storms")
