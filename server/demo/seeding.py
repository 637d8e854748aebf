"""Seeding: the whole story of the demo, told once into an empty data folder."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from server.core.wire import stamp
from server.core.workers import Workers
from server.demo import cast, tablets
from server.demo.folder import DemoAccount, Summary
from server.demo.making import PaperMaking
from server.demo.papers import PAPERS
from server.demo.sittings import coming, live, past, registry, signing
from server.demo.stage import Stage
from server.demo.terminal import say

if TYPE_CHECKING:
    from server.core.context import Core

# Without letters and digits that are taken for one another; read aloud and typed on a tablet without trouble.
_ALPHABET = "abcdefghkmnprstuvwxy23456789"


async def seed(core: Core) -> Summary:
    """Enter the city and play its meetings; returns what was made."""
    began = time.monotonic()
    # Nobody is served yet, so the children take all of both cores.
    workers, gate = Workers(nice=0), Workers(nice=0, walled=True)
    stage, password = Stage(core, workers, gate), _password()
    say(f"Đang tạo {len(PAPERS)} tài liệu trong lúc nhập dữ liệu…")
    making = PaperMaking(stage.core)
    try:
        await stage.people_the_city(password)
        say(f"Đã nhập {len(cast.BODIES)} cơ quan, {len(cast.PLAYERS)} người và tài khoản.")
        await signing.give_keys(stage, password)
        await registry.begin(stage)
        ended = await past.play(stage, making)
        await registry.conclude(ended, password)
        say(f"Đã họp xong: {past.TITLE}.")
        ahead = await coming.play(stage, making)
        say(f"Đã gửi giấy mời: {coming.TITLE}.")
        await registry.leave_waiting(ended, password)
        await tablets.play(stage)
        now = await live.play(stage, making)
        say(f"Đang họp: {live.TITLE}.")
    finally:
        await making.stop()
        await workers.close()
        await gate.close()
    say(f"Tạo dữ liệu hết {time.monotonic() - began:.0f} giây.")
    accounts = tuple(DemoAccount(role=role, user=user, password=password) for role, user in cast.ROLES)
    return Summary(made_at=stamp(stage.now), accounts=accounts, meeting=now, past=ended.meeting.id, coming=ahead)


def _password() -> str:
    """Twelve signs in three groups, new for each folder: 57 bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
    return "-".join(groups)
