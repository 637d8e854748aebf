"""``kill -9`` while a tablet's second half is taken: the paper has no signature or one, and the answer is one."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from server.app import with_core
from server.documents import actions as documents
from server.signatures import store
from server.signatures.actions.keys import halves
from signing import verify
from tests.crash.halves import Kept, begin, config_in
from tests.support.house import actor, resending

if TYPE_CHECKING:
    from server.core.context import Core
    from server.signatures.wire import SigningRequest

pytestmark = pytest.mark.timeout(240)

SCRIPT = Path(__file__).with_name("halves.py")


def killed(folder: Path, failpoint: str) -> list[str]:
    """One process that sends the second half, and dies; what it said until then."""
    env = {**os.environ, "PHIEN_FAILPOINT": failpoint, "PYTHONPATH": str(SCRIPT.parents[2])}
    argv = [sys.executable, str(SCRIPT), str(folder)]
    done = subprocess.run(argv, env=env, stdout=subprocess.PIPE, text=True, check=False, timeout=120)
    assert done.returncode == -signal.SIGKILL, (failpoint, done.stdout)
    return done.stdout.splitlines()


def test_whatever_kills_the_server_between_the_halves_there_is_one_signature(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    asyncio.run(with_core(config, lambda core: begin(core, tmp_path)))
    for failpoint, signatures in (("halves.made:1", 0), ("halves.finished:1", 1)):
        assert killed(tmp_path, failpoint) == ["ready"]
        assert asyncio.run(with_core(config, lambda core: _signatures(core, tmp_path))) == signatures
    answers = asyncio.run(with_core(config, lambda core: _send_twice(core, tmp_path)))
    assert [answer.state for answer in answers] == ["signed", "signed"]
    assert answers[0] == answers[1]
    assert asyncio.run(with_core(config, lambda core: _signatures(core, tmp_path))) == 1


async def _send_twice(core: Core, folder: Path) -> list[SigningRequest]:
    kept = _kept(folder)
    who = actor(kept.person)
    return [await halves.finish(core, kept.request, kept.finish, actor=resending(who)) for _ in range(2)]


async def _signatures(core: Core, folder: Path) -> int:
    """How many there are in the paper, which has a version more for each, and as many signers in the register."""
    paper = await core.db.read(lambda read: documents.load(read, _kept(folder).paper))
    assert paper is not None
    assert paper.version is not None
    version = paper.version
    entered = await core.db.read(lambda read: store.signed(read, version.id))
    count = len(verify(await core.blobs.read(version.sha256)).signatures)
    assert (paper.versions, len(entered.signers if entered else ())) == (1 + count, count)
    return count


def _kept(folder: Path) -> Kept:
    return msgspec.json.decode((folder / "tablet.json").read_bytes(), type=Kept)
