"""``kill -9`` while numbers are given: none lost, none twice, none on two papers, and every file whole."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pikepdf
import pytest

from server.app import with_core
from server.documents import actions as documents
from server.signatures.store import dossiers
from server.signatures.store import numbering as book
from tests.crash.numbering import PAPERS, Stage
from tests.support.house import config_for

if TYPE_CHECKING:
    from server.config import Config
    from server.core.context import Core
    from server.core.db import Read
    from server.signatures.store.numbering import Entry
    from server.signatures.wire import Dossier

pytestmark = pytest.mark.timeout(600)

SCRIPT = Path(__file__).with_name("numbering.py")
# One process after another, each killed a step further on: what the last left is the next one's first work.
POINTS = ("numbering.filled:2", "db.before_commit:2", "numbering.confirmed:2")


def run(folder: Path, failpoint: str = "") -> list[list[str]]:
    """One process; what it said until its end."""
    env = {**os.environ, "PHIEN_FAILPOINT": failpoint, "PYTHONPATH": str(SCRIPT.parents[2])}
    argv = [sys.executable, str(SCRIPT), str(folder)]
    done = subprocess.run(argv, env=env, stdout=subprocess.PIPE, text=True, check=False, timeout=120)
    assert done.returncode == (-signal.SIGKILL if failpoint else 0), (failpoint, done.stdout)
    return [line.split() for line in done.stdout.splitlines()]


def test_whatever_kills_the_registry_each_paper_has_one_number_and_the_series_no_gap(tmp_path: Path) -> None:
    said = run_stage(tmp_path)
    for point in POINTS:
        said += run(tmp_path, point)
    said += run(tmp_path)
    told: dict[str, set[tuple[str, ...]]] = {}
    for words in said:
        if words[0] == "numbered":
            told.setdefault(words[1], set()).add(tuple(words[2:]))
    assert [len(each) for each in told.values()] == [1] * PAPERS  # whoever asks, and whenever, the same number
    stage = msgspec.json.decode((tmp_path / "stage.json").read_bytes(), type=Stage)
    asyncio.run(with_core(_config(tmp_path), lambda core: _check(core, stage)))


def run_stage(folder: Path) -> list[list[str]]:
    """The papers are made, and nothing is numbered yet."""
    said = run(folder, "numbering.reserved:1")
    assert said == [["ready"]]
    return said


async def _check(core: Core, stage: Stage) -> None:
    def read(read: Read) -> tuple[list[Entry], list[Dossier]]:
        found = [dossiers.load(read, each) for each in stage.dossiers]
        numbered = [each for each in found if each is not None]
        return book.entries(read, stage.body, int((numbered[0].dated or "")[:4])), numbered

    entries, numbered = await core.db.read(read)
    assert [(each.number, each.state) for each in entries] == [(n, "used") for n in range(1, PAPERS + 1)]
    assert sorted(each.number or 0 for each in numbered) == list(range(1, PAPERS + 1))
    for dossier in numbered:
        paper = await core.db.read(lambda read, dossier=dossier: documents.load(read, dossier.paper_id))  # type: ignore[misc]
        assert paper is not None
        assert paper.version is not None
        assert (paper.symbol, paper.versions, paper.version.sha256) == (dossier.symbol, 2, dossier.sha256)
        with pikepdf.open(io.BytesIO(await core.blobs.read(dossier.sha256))) as pdf:
            values = {str(field.T): str(field.get("/V", "")) for field in pdf.Root.AcroForm.Fields}
        assert values["So"] == dossier.symbol.partition("/")[0]


def _config(folder: Path) -> Config:
    return config_for(folder / "data", f"sqlite:///{folder / 'data' / 'phien.sqlite'}")
