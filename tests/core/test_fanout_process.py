"""Settings of the process: descriptors, and that a frozen, patient collector still lets connections go."""

from __future__ import annotations

import asyncio
import gc
import resource
import subprocess
import sys
import weakref

import pytest

from server.core.fanout import Link, raise_descriptors
from tests.core.fanout_harness import Recorder, joined, serving, until


def test_more_descriptors_than_allowed_warns_and_keeps_what_there_is(caplog: pytest.LogCaptureFixture) -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard == resource.RLIM_INFINITY:
        pytest.skip("open files are not limited here")  # no limit, so no more than allowed can be asked for
    assert raise_descriptors(hard + 1) == hard
    assert "LimitNOFILE" in caplog.text


def test_preparing_raises_the_soft_limit_and_freezes() -> None:
    script = """
import gc, resource, sys
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
wanted = 512 if hard == resource.RLIM_INFINITY else min(512, hard)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
from server.core.fanout import prepare_process
prepare_process(wanted)
assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == wanted
assert sys.getswitchinterval() <= 0.001
assert gc.get_freeze_count() > 1000 and gc.get_threshold()[0] >= 10_000 and gc.isenabled()
"""
    subprocess.run([sys.executable, "-c", script], check=True)


async def test_a_link_that_is_gone_is_freed_without_the_collector() -> None:
    hooks = Recorder()
    seen: list[weakref.ref[Link]] = []
    async with serving(hooks) as (seam, port):
        gc.collect()
        gc.disable()
        try:
            for _ in range(5):
                async with joined(port) as hand:
                    await hand.say('421["a.b",1]')
                    await hand.hear()
                seen.append(weakref.ref(hooks.links[-1]))
            await until(lambda: not seam.eio.sockets)
            hooks.links.clear()
            hooks.gone.clear()
            await asyncio.sleep(0.05)
            assert [ref() for ref in seen] == [None] * 5
        finally:
            gc.enable()
