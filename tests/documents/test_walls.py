"""Files that call out from inside: no packet leaves the gate's children, and no word of a file beside gets in."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from server.core import sandbox
from server.core.context import Core
from server.core.errors import DomainError
from server.core.workers import File, Workers
from server.documents.comparing.passages import Spot
from server.documents.intake.draw import draw_pages
from server.documents.intake.judge import judge
from server.documents.intake.looks import read_looks
from server.documents.intake.quads import read_quads
from server.documents.intake.words import read_words
from server.documents.models import Bounds
from tests.core.test_sandbox import HERE, packets, reach
from tests.support import offices, pdfs

pytestmark = pytest.mark.skipif(sandbox.wall() == "limits", reason="no wall but limits works here")

AWAY = "http://127.0.0.1:9/canary"
CANARY = b"Canary words of a file beside"


@pytest.fixture
async def walled() -> AsyncIterator[Workers]:
    pool = Workers(size=1, nice=0, walled=True, readable=[HERE])
    yield pool
    await pool.close()


def calling_pdf(canary: Path) -> bytes:
    def change(made: pikepdf.Pdf) -> None:
        words = made.make_stream(b"")
        words["/F"] = Dictionary(Type=Name.Filespec, F=String(str(canary)))
        more = made.make_stream(b"")
        more["/F"] = Dictionary(FS=Name.URL, F=String(AWAY))
        made.pages[0].Contents = Array([words, more, made.pages[0].Contents])
        made.Root.OpenAction = Dictionary(S=Name.URI, URI=String(AWAY))

    return pdfs.pdf(change=change)


def calling_docx(canary: Path) -> bytes:
    relations = '<Relationships xmlns="r"><Relationship Id="a" TargetMode="External" Target="{}"/></Relationships>'
    return offices.office(
        "docx", {"word/_rels/document.xml.rels": relations.format(AWAY), "_rels/.rels": relations.format(canary)}
    )


def entity_docx(canary: Path) -> bytes:
    body = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{canary.as_uri()}"><!ENTITY f SYSTEM "{AWAY}">]><w>&e;&f;</w>'
    return offices.office("docx", body=body)


async def test_nothing_leaves_and_nothing_of_this_machine_gets_in(walled: Workers, tmp_path: Path) -> None:
    canary, target = tmp_path / "canary.txt", tmp_path / "rendition.pdf"
    canary.write_bytes(CANARY)
    source = tmp_path / "source"
    for name, make, reason in (
        ("a.pdf", calling_pdf, None), ("a.docx", calling_docx, None), ("b.docx", entity_docx, "dtd"),
    ):  # fmt: skip
        source.write_bytes(make(canary))
        found = await walled.run(judge, File(str(source)), name, File(str(target), written=True), Bounds())
        assert found.reason == reason
        assert CANARY.decode() not in repr(found)
    assert CANARY not in target.read_bytes()
    words = await walled.run(read_words, File(str(target)))
    assert b"Canary" not in words
    assert b"Phien" in words
    assert await walled.run(packets) == 0
    # The counter does count: a call within the child's own network is seen by it.
    if sandbox.wall() == "bubblewrap":
        assert await walled.run(reach, "127.0.0.1", 9) != "reached"
        assert await walled.run(packets) > 0


async def test_who_draws_and_reads_for_people_opens_the_file_that_is_handed_and_no_other(
    core: Core, tmp_path: Path
) -> None:
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(calling_pdf(tmp_path / "canary.txt"))
    (tmp_path / "canary.txt").write_bytes(CANARY)
    works: tuple[tuple[Callable[..., object], tuple[object, ...]], ...] = (
        (draw_pages, (1, 1)), (read_words, ()), (read_looks, (0, 1)), (read_quads, ((Spot(1, "phien", 0),),)),
    )  # fmt: skip
    for work, more in works:
        answer = await core.readers.run(work, File(str(paper)), *more)
        assert answer
        assert CANARY.decode() not in repr(answer)
        if sandbox.wall() == "bubblewrap":
            with pytest.raises(DomainError, match="worker_failed"):
                await core.readers.run(work, str(paper), *more)


async def test_a_child_is_none_of_those_who_may_read_the_rest(walled: Workers) -> None:
    """Even a program inside that is told a path of this machine finds nothing there, with or without root."""
    if sandbox.wall() != "bubblewrap":
        pytest.skip("folders are hidden by bubblewrap alone")  # a weaker wall promises less, and the log says so
    seen = await walled.run(listing, f"/proc/{os.getpid()}/root")
    assert seen == []


def listing(folder: str) -> list[str]:
    try:
        return sorted(each.name for each in Path(folder).iterdir())
    except OSError:
        return []
