"""``kill -9`` while files come in, are converted and published: no half paper, nothing lost, nothing left over."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest
from sqlalchemy import select

from server.app import with_core
from server.documents import actions as documents
from server.documents.store.tables import incoming, paper, paper_version
from tests.crash.papers import FILES
from tests.support.house import config_for
from tests.support.parts import need

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.config import Config
    from server.core.context import Core
    from server.core.db import Read

pytestmark = pytest.mark.timeout(900)

SCRIPT = Path(__file__).with_name("papers.py")
KILLS = int(os.environ.get("CRASH_PAPERS", "12"))
SEED = int(os.environ.get("CRASH_SEED", "1"))
# So often a round is killed on its way, each time further on, before it may end.
KILLS_A_ROUND = 3
# Named points first, round by round, then transactions at any depth: a round has about twenty of them. In each process
# the picture is stored first, then the PDF, then what the picture was converted to; published is first the PDF.
POINTS = [
    "intake.stored:2", "conversion.taken:1", "publishing.written:1",
    "intake.kept:1", "conversion.made:1", "intake.stored:3",
    "publishing.written:1", "intake.kept:2", "conversion.admitted:1",
    "intake.stored:1",
]  # fmt: skip


def points(count: int) -> list[str]:
    """Where to strike, ``count`` times."""
    chosen = random.Random(SEED)
    anywhere = [f"db.{chosen.choice(('before', 'after'))}_commit:{chosen.randint(1, 12)}" for _ in range(count)]
    return [*POINTS, *anywhere][:count]


def run(folder: Path, kind: str, number: int, failpoint: str = "") -> list[list[str]]:
    """One process; what it said until its end."""
    env = {**os.environ, "PHIEN_FAILPOINT": failpoint, "PYTHONPATH": str(SCRIPT.parents[2])}
    argv = [sys.executable, str(SCRIPT), str(folder), kind, str(number)]
    done = subprocess.run(argv, env=env, stdout=subprocess.PIPE, text=True, check=False, timeout=180)
    assert failpoint or done.returncode == 0
    if failpoint in POINTS:
        assert done.returncode == -signal.SIGKILL, "the point was not passed"
    return [line.split() for line in done.stdout.splitlines()]


def test_whatever_kills_the_server_every_file_becomes_one_whole_paper(tmp_path: Path) -> None:
    run(tmp_path, "image", 0)
    said: list[list[str]] = []
    struck = points(KILLS)
    rounds = [struck[at : at + KILLS_A_ROUND] for at in range(0, len(struck), KILLS_A_ROUND)]
    for number, kills in enumerate(rounds, start=1):
        for point in [*kills, ""]:
            said += run(tmp_path, "image", number, point)
    published = {words[1] for words in said if words[0] == "published"}
    asyncio.run(with_core(_config(tmp_path), lambda core: _check(core, published, FILES * (len(rounds) + 1))))


async def _check(core: Core, told: set[str], expected: int) -> None:
    def read(read: Read) -> tuple[list[str], list[tuple[str, str]], int]:
        versions = read.rows(select(paper_version.c.sha256, paper_version.c.source_sha256, paper_version.c.no))
        assert {row.no for row in versions} == {1}
        return (
            [row.id for row in read.rows(select(paper.c.id))],
            [(row.sha256, row.source_sha256) for row in versions],
            len(read.rows(select(incoming.c.id))),
        )

    papers, contents, waiting = await core.db.read(read)
    assert told <= set(papers)
    assert (len(papers), len(contents), waiting) == (expected, expected, 0)
    await documents.collect(core, older_than_seconds=-1)
    for served, source in contents:
        async with core.blobs.as_file(served) as path:
            with pikepdf.open(path) as pdf:
                assert len(pdf.pages) == 1
        assert await core.blobs.exists(source)
    known = {each for pair in contents for each in pair}
    assert set(await core.blobs.orphans(known, older_than_seconds=-1)) == set()
    assert list((core.config.data_dir / "intake").iterdir()) == []


def test_a_server_killed_in_the_middle_of_an_office_paper_leaves_no_process_and_goes_on(tmp_path: Path) -> None:
    need("soffice")
    env = {**os.environ, "PYTHONPATH": str(SCRIPT.parents[2])}
    argv = [sys.executable, str(SCRIPT), str(tmp_path), "office", "0"]
    with subprocess.Popen(argv, env=env, stdout=subprocess.PIPE, text=True) as process:
        _wait(lambda: any(b"soffice.bin" in words for words in _processes(tmp_path)), 60)
        process.kill()
    _wait(lambda: _processes(tmp_path) == [], 10)
    said = run(tmp_path, "office", 0)
    assert [words[0] for words in said][-2:] == ["published", "done"]


def _config(folder: Path) -> Config:
    return config_for(folder / "data", f"sqlite:///{folder / 'data' / 'phien.sqlite'}")


def _wait(until: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _processes(folder: Path) -> list[bytes]:
    """The words of all others that were started with a path in this folder."""
    found = []
    for each in Path("/proc").iterdir():
        if each.name.isdigit() and int(each.name) != os.getpid():
            try:
                words = (each / "cmdline").read_bytes()
            except OSError:
                continue
            if str(folder).encode() in words:
                found.append(words)
    return found
