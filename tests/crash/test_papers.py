"""``kill -9`` while files come in, are converted and published: no half paper, nothing lost, nothing left over."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest
from sqlalchemy import select

from server.app import with_core
from server.documents import actions as documents
from server.documents.store.tables import incoming, paper, paper_version
from tests.crash.loading import Loaded
from tests.crash.papers import FILES
from tests.support.house import config_for
from tests.support.parts import need

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from server.config import Config
    from server.core.context import Core
    from server.core.db import Read

pytestmark = pytest.mark.timeout(900)

KILLS = int(os.environ.get("CRASH_PAPERS", "20"))
SEED = int(os.environ.get("CRASH_SEED", "1"))
# A round's kills, each further on than the one before: what is done is not done again. In one process a picture is
# received, examined and listed first; then parts of a PDF come, are joined, received, examined, kept and published;
# then the picture is converted, and what it became received, examined, kept and published.
ROUNDS = (
    ("uploads.stored:1", "uploads.stored:2", "uploads.joined:1", "publishing.written:1", "conversion.taken:1"),
    ("intake.received:1", "intake.examined:1", "intake.received:2", "uploads.arrived:1", "conversion.made:1"),
    ("incoming.listed:1", "uploads.stored:3", "intake.examined:2", "intake.kept:1", "intake.examined:3"),
    ("intake.received:3", "conversion.admitted:1", "conversion.finished:1", "incoming.published:1"),
    ("intake.kept:2",),
)
POINTS = tuple(point for kills in ROUNDS for point in kills)
# Transactions at any depth, for who asks for more: a round has about twenty of them.
KILLS_A_ROUND = 5


def rounds(count: int) -> list[tuple[str, ...]]:
    """Where to strike, ``count`` times or a little more."""
    chosen, anywhere = list(ROUNDS), random.Random(SEED)
    while (left := count - sum(map(len, chosen))) > 0:
        some = range(min(left, KILLS_A_ROUND))
        chosen.append(
            tuple(f"db.{anywhere.choice(('before', 'after'))}_commit:{anywhere.randint(1, 14)}" for _ in some)
        )
    return chosen


@pytest.fixture(scope="module")
def server() -> Iterator[Loaded]:
    """The program that takes papers in, loaded."""
    with Loaded.of("tests.crash.papers") as loaded:
        yield loaded


def played(server: Loaded, folder: Path, kind: str, number: int, failpoint: str = "") -> list[list[str]]:
    """One process; what it said until its end."""
    said, ended = server.run(str(folder), kind, str(number), failpoint=failpoint)
    by_chance = failpoint.startswith("db.")  # there may be fewer transactions than that
    assert ended == (-signal.SIGKILL if failpoint else 0) or (by_chance and ended == 0), f"at {failpoint or 'the end'}"
    return said


def test_twenty_points_of_the_way_of_a_paper_are_struck() -> None:
    assert len(set(POINTS)) == len(POINTS) == 20
    assert {point.partition(".")[0] for point in POINTS} == {
        "uploads",
        "intake",
        "incoming",
        "conversion",
        "publishing",
    }


def test_whatever_kills_the_server_every_file_becomes_one_whole_paper(server: Loaded, tmp_path: Path) -> None:
    said = played(server, tmp_path, "image", 0)
    struck = rounds(KILLS)
    for number, kills in enumerate(struck, start=1):
        for point in [*kills, ""]:
            said += played(server, tmp_path, "image", number, point)
    published = {words[1] for words in said if words[0] == "published"}
    asyncio.run(with_core(_config(tmp_path), lambda core: _check(core, published, FILES * (len(struck) + 1))))


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
                assert len(pdf.pages) in {1, 4}
        assert await core.blobs.exists(source)
    known = {each for pair in contents for each in pair}
    assert set(await core.blobs.orphans(known, older_than_seconds=-1)) == set()
    for folder in (core.config.data_dir / "intake", core.config.data_dir / "blobs" / ".incoming"):
        assert list(folder.iterdir()) == []


def test_a_server_killed_in_the_middle_of_an_office_paper_leaves_no_process_and_goes_on(
    server: Loaded, tmp_path: Path
) -> None:
    need("soffice")
    pid = server.start(str(tmp_path), "office", "0")
    _wait(lambda: any(b"soffice.bin" in words for words in _processes(tmp_path)), 60)
    os.kill(pid, signal.SIGKILL)
    assert server.rest()[1] == -signal.SIGKILL
    _wait(lambda: _processes(tmp_path) == [], 10)
    said = played(server, tmp_path, "office", 0)
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
