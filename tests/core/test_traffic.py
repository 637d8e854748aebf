"""Whether many are at work, told by what they write; work that can wait leaves them alone then."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from server.core.db import Published
from server.core.traffic import COMMITS, SECONDS, Traffic
from server.documents import jobs

if TYPE_CHECKING:
    import pytest

    from server.core.context import Core


async def test_a_room_that_writes_is_busy_until_it_has_been_quiet(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    traffic = Traffic(core.db)
    told = []
    for _ in range(COMMITS):
        told.append(traffic.is_busy())
        await core.db.write(lambda tx: tx.publish(Published()))
    assert not any(told)
    assert traffic.is_busy()
    now = time.monotonic() + SECONDS
    monkeypatch.setattr(time, "monotonic", lambda: now)
    assert not traffic.is_busy()


def test_a_scan_rests_for_longer_than_a_page_took_only_while_many_are_at_work() -> None:
    assert jobs.pause(3.0, tried=True, busy=True) == 12.0
    assert jobs.pause(3.0, tried=True, busy=False) == 0.0
    for busy in (True, False):
        assert jobs.pause(0.1, tried=False, busy=busy) == jobs.SCANS_EVERY_SECONDS
