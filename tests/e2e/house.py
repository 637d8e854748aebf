"""A real server for browsers: people are entered by actions, then ``phien serve`` runs in a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from server.accounts import actions as accounts
from server.accounts.wire import AccountGive
from server.app import with_core
from server.config import Config, load
from server.core.access import Grant, Role
from server.demo.mail_sink import MailSink
from server.directory import actions as directory
from server.directory.wire import BodyCreate, PersonCreate
from server.signatures import actions as signatures
from server.signatures.actions.keys.enrolling import enrol_seal
from signing.demo_ink import draw_signature
from signing.demo_pki import make_demo_pki
from tests.support.house import actor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.core.context import Core
    from server.core.db import Tx

BODY = "Ủy ban nhân dân thành phố Tân Giang"
PASSWORD = "gio-mua-thuan-hoa-42"
_SINCE = "2025-07-01"
_START_SECONDS = 60.0
_ROOT = actor("house", Role.ADMINISTRATOR)


class Player(NamedTuple):
    """Somebody of the meeting: account name, full name, post, what is granted."""

    user: str
    name: str
    title: str
    role: Role | None = None


SECRETARY = Player("dung.np", "Ngô Phương Dung", "Chuyên viên Phòng Tổng hợp", Role.SECRETARY)
CHAIR = Player("thuy.nd", "Nguyễn Đăng Thụy", "Chủ tịch")
OFFICIAL = Player("tuyen.dk", "Đỗ Khắc Tuyên", "Chánh Văn phòng", Role.OFFICIAL)
MEMBER = Player("chi.htl", "Hoàng Thị Lan Chi", "Giám đốc Sở Tài chính")
CLERK = Player("hanh.ct", "Cao Thị Hạnh", "Văn thư", Role.CLERK)
PLAYERS = (SECRETARY, CHAIR, OFFICIAL, MEMBER, CLERK)


@dataclass(frozen=True)
class House:
    """A server that runs. ``mails``: the folder where its mails land."""

    url: str
    mails: Path


@contextmanager
def house(folder: Path) -> Iterator[House]:
    """Enter the people, serve them until the end of the block."""
    sink = MailSink(folder / "mail")
    sink.start()
    try:
        config = _config(folder, sink.port)
        asyncio.run(with_core(config, _enter))
        with _serving(folder) as url:
            yield House(url, folder / "mail")
    finally:
        sink.close()


def _config(folder: Path, mail_port: int) -> Config:
    data = folder / "data"
    data.mkdir()
    (folder / "phien.toml").write_text(
        f'data_dir = "{data}"\nhost = "localhost"\nport = 0\nallow_file_keys = true\nlog_level = "warning"\n'
        f'[mail]\nhost = "127.0.0.1"\nport = {mail_port}\nsender = "phien@tangiang.example"\n',
        encoding="utf-8",
    )
    return load(folder / "phien.toml", {})


async def _enter(core: Core) -> None:
    """A body, its people with accounts and, for the official, a key in a file."""
    body = await directory.create_body(
        core, BodyCreate(code="UBND", name=BODY, short_name="UBND", tier="city", valid_from=_SINCE), actor=_ROOT
    )
    hashed = await accounts.of(core).hashing.make(PASSWORD)
    for number, player in enumerate(PLAYERS, start=1):
        entered = PersonCreate(
            code=f"CB-{number}", full_name=player.name, email=f"{player.user}@tangiang.example", body_id=body.id,
            title=player.title, valid_from=_SINCE,
        )  # fmt: skip
        person = await directory.create_person(core, entered, actor=_ROOT)
        grants = () if player.role is None else (Grant(player.role, body.id),)
        given = AccountGive(user=player.user, grants=grants)
        await core.db.write(partial(_give_txn, person_id=person.id, given=given, hashed=hashed, now=core.clock.now()))
        if player is OFFICIAL:
            await _give_keys(core, person.id, body.id)


def _give_txn(tx: Tx, *, person_id: str, given: AccountGive, hashed: str, now: datetime) -> None:
    accounts.give_txn(tx, person_id, given, password_hash=hashed, now=now, actor=_ROOT.person_id)


async def _give_keys(core: Core, person_id: str, body_id: str) -> None:
    """A key for the official, and the seal of the body."""
    pki = make_demo_pki("UBND thành phố Tân Giang (thử nghiệm)")
    await signatures.add_root(core, "test", pki.root_pem)
    key = pki.person(OFFICIAL.name, organisation=BODY, email=f"{OFFICIAL.user}@tangiang.example")
    p12 = await asyncio.to_thread(key.pkcs12, PASSWORD)
    await signatures.enrol_pkcs12(core, person_id, p12, PASSWORD, draw_signature(OFFICIAL.name), actor=_ROOT)
    seal = await asyncio.to_thread(pki.person(BODY, organisation=BODY).pkcs12, PASSWORD)
    await enrol_seal(core, body_id, seal, PASSWORD, draw_signature(BODY), width_mm=36.0, actor=_ROOT)


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    """``phien serve``; ended by SIGINT, as Ctrl-C does."""
    ready, output = folder / "ready.json", folder / "output.txt"
    command = [sys.executable, "-m", "server.cli", "serve", "--config", str(folder / "phien.toml")]
    with output.open("wb") as out:
        process = subprocess.Popen(
            [*command, "--ready-file", str(ready)], stdout=out, stderr=subprocess.STDOUT, env=dict(os.environ)
        )
    try:
        until = time.monotonic() + _START_SECONDS
        while not ready.exists():
            assert process.poll() is None, output.read_text(encoding="utf-8")
            assert time.monotonic() < until, output.read_text(encoding="utf-8")
            time.sleep(0.05)
        yield str(msgspec.json.decode(ready.read_bytes())["url"])
        assert process.poll() is None, output.read_text(encoding="utf-8")
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
