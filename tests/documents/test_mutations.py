"""Spoiled files: whatever chance does to a file, the gate answers, leaves nothing behind, and goes on.

``PHIEN_MUTATIONS`` says how many (200 without it); a failure names the seed and the file it began with.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pikepdf
import pytest
from structlog.testing import capture_logs

from server import app as application
from server.core.context import Core
from server.core.errors import DomainError, status
from server.core.printing.standing_in import stand_in_files
from server.core.workers import Workers
from server.documents.intake import check_files, folder_of, take_source
from server.documents.models import Bounds, Source
from tests.documents.test_offices import picture
from tests.support import offices, pdfs
from tests.support.corpus import CORPUS, MEMORY_MIB, ROWS, SECONDS
from tests.support.house import Server, config_for

COUNT = int(os.environ.get("PHIEN_MUTATIONS", "200"))
SEED = 20261122
AT_ONCE = 4
# Larger ones take long to store and teach nothing more.
MOST_BYTES = 400_000
_WORDS = (
    b"/Length", b"/Filter", b"/FlateDecode", b"/Kids", b"/Type", b"obj", b"endobj", b"stream", b"xref", b"startxref",
    b"PK\x01\x02", b"PK\x03\x04", b"word/", b"<?xml", b"IHDR", b"IDAT", b"0000", b"\xff\xff\xff\xff",
)  # fmt: skip


def seeds() -> list[tuple[str, bytes]]:
    """What is spoiled: files made here, and those of the corpus where one lies beside the checkout."""
    made = [
        ("a.pdf", pdfs.pdf(pages=2, change=pdfs.add_everything_active)),
        ("signed.pdf", pdfs.pdf(change=pdfs.sign_badly)),
        ("a.docx", offices.office("docx", {"word/header1.xml": offices.edge("hdr", "MẬT")})),
        ("a.xlsx", offices.office("xlsx", {"xl/sharedStrings.xml": offices.strings("một", "hai")})),
        ("a.odt", offices.opendocument("text", "một")),
        ("a.doc", offices.compound({"WordDocument": b"\xec\xa5" + b"x" * 5000, "1Table": b"y" * 5000})),
        ("a.rtf", b"{\\rtf1\\ansi " + b"T\\u7901? tr\\u236?nh\\par " * 40 + b"}"),
        *((f"a.{kind.lower()}", picture(kind)) for kind in ("PNG", "JPEG", "TIFF", "GIF", "WEBP", "BMP")),
    ]
    found = [(name, (CORPUS / name).read_bytes()) for name in ROWS if (CORPUS / name).stat().st_size <= MOST_BYTES]
    return made + [each for each in found if each[1]]


def spoiled(chance: random.Random, data: bytes) -> bytes:
    """The file with a few of: bytes changed, a word put in, a piece cut out, doubled or moved, the end gone."""
    held = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(max(1, len(held)))
        length = chance.randint(1, max(1, min(len(held) // 4, 2000)))
        what = chance.randrange(7)
        if what <= 2 and held:
            held[at % len(held)] = chance.randrange(256)
        elif what == 3:
            word = chance.choice(_WORDS)
            held[at : at + len(word)] = word
        elif what == 4:
            del held[at : at + length]
        elif what == 5:
            held[at:at] = held[at : at + length]
        elif chance.random() < 0.3:
            del held[at:]
    return bytes(held)


async def answer(core: Core, name: str, data: bytes) -> str:
    """What the gate says: the kind it let in, or its code. Anything else that it raises fails the test."""
    try:
        source: Source = await take_source(core, pdfs.chunks(data, 65536), filename=name)
    except DomainError as error:
        return error.code
    return source.kind


@pytest.fixture
async def sqlite_core(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Core]:
    built, _, _ = await application.build_core(config_for(tmp_path / "data", sqlite_url))
    await built.workers.once(stand_in_files)  # its child is there before those of the gate are counted
    yield built
    await application.close_core(built)


def children() -> set[str]:
    """Processes that this one started; each of its threads has children of its own."""
    return {child for listed in Path("/proc/self/task").glob("*/children") for child in listed.read_text().split()}


@pytest.mark.timeout(3600)
async def test_spoiled_files_are_answered_and_leave_nothing(sqlite_core: Core) -> None:
    before = children()
    # Nothing else is served here: they need not yield as they do beside a meeting.
    core = dataclasses.replace(sqlite_core, gate=Workers(nice=0, walled=True))
    files, numbers = seeds(), iter(range(COUNT))

    async def play() -> None:
        for number in numbers:
            chance = random.Random(SEED + number)
            name, data = chance.choice(files)
            said = await answer(core, name, spoiled(chance, data))
            told = f"{said}: seed {SEED}, file {number}, from {name}"
            assert "." not in said or status(said) in {413, 415, 422}, told

    with capture_logs() as logged:
        await asyncio.gather(*(play() for _ in range(AT_ONCE)))
    # What is broken is told as a refusal; a child that raises is for what nobody has thought of.
    assert [each for each in logged if "Traceback" in str(each.get("error"))] == []
    assert list(folder_of(core.config).iterdir()) == []
    assert len(children() - before) <= (os.cpu_count() or 1)  # the warm ones
    await core.gate.close()
    assert children() - before == set()


def _nested(made: pikepdf.Pdf) -> None:
    """Drawings in drawings: 3 KB that a renderer would draw 10 to the 12 times."""
    box = pikepdf.Array([0, 0, 595, 842])
    inner = made.make_stream(b"0 0 1 1 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=box)
    for _ in range(12):
        within = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=inner))
        inner = made.make_stream(
            b"/X Do " * 10, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=box, Resources=within
        )
    made.pages[0].Resources.XObject = pikepdf.Dictionary(X=inner)
    made.pages[0].Contents = made.make_stream(b"/X Do")


BOMBS = {
    "drawings.pdf": pdfs.pdf(change=_nested),
    "stream.pdf": pdfs.pdf(change=pdfs.add_bomb),
    "zeros.docx": offices.office("docx", {"a.bin": b"\0" * 20_000_000}),
    "flood.png": offices.flood(30_000, 30_000),
}


async def test_all_bombs_at_once_wait_in_a_queue_that_has_an_end(sqlite_core: Core) -> None:
    gate = Workers(size=2, queue=6, nice=19, walled=True)
    core = dataclasses.replace(sqlite_core, gate=gate)
    before = children()
    try:
        names = list(BOMBS) * 8
        said = await asyncio.gather(*(answer(core, name, BOMBS[name]) for name in names))
    finally:
        await gate.close()
    assert len(said) == 32
    assert set(said) <= {"documents.bomb", "documents.pixels", "worker_busy"}
    assert said.count("worker_busy") >= 10  # told to wait: two are worked on, six wait
    assert status("worker_busy") == 503
    assert list(folder_of(core.config).iterdir()) == []
    assert children() - before == set()


def _tiled(made: pikepdf.Pdf) -> None:
    """A tile of a thousandth of a point over a whole page, for ever; little memory, and no end."""
    tile = made.make_stream(
        b"0 0 1 1 re f", Type=pikepdf.Name.Pattern, PatternType=1, PaintType=1, TilingType=1,
        BBox=pikepdf.Array([0, 0, 1, 1]), XStep=0.001, YStep=0.001, Resources=pikepdf.Dictionary(),
    )  # fmt: skip
    made.pages[0].Resources.Pattern = pikepdf.Dictionary(P=tile)
    made.pages[0].Contents = made.make_stream(b"/Pattern cs /P scn 0 0 600 800 re f " * 1000)


_ENDED = {"flood.png": "pixels", "objects.pdf": "corrupt", "sound.pdf": None}


@pytest.mark.parametrize("bounds", [Bounds(seconds=1.0), Bounds(wall_seconds=3.0)], ids=["processor", "clock"])
def test_what_would_run_away_is_ended_at_its_bound_and_the_next_is_looked_at(
    bounds: Bounds, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    others = {} if bounds.wall_seconds < bounds.seconds else {**BOMBS, "objects.pdf": pdfs.packed_objects(640)}
    files = {"endless.pdf": pdfs.pdf(change=_tiled), **others, "sound.pdf": pdfs.pdf()}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    before = children()
    assert check_files([tmp_path / name for name in files], bounds) == 1
    lines = {Path(line["file"]).name: line for line in map(json.loads, capsys.readouterr().out.splitlines())}
    assert {name: line["reason"] for name, line in lines.items()} == {name: _ENDED.get(name, "bomb") for name in files}
    for line in lines.values():
        assert 0 < line["seconds"] <= SECONDS
        assert 10 < line["peak_mib"] <= MEMORY_MIB
    assert others == {} or lines["objects.pdf"]["peak_mib"] > 100  # it did unpack
    assert children() - before == set()


async def test_a_siege_of_bombs_is_told_to_wait_and_others_are_served(server: Server) -> None:
    from tests.documents.test_routes import _filled

    hall = await _filled(server)
    server.core.gate._queue = 4
    path = f"/items/{hall.stage.item.id}/incoming?filename="

    async def attack(number: int) -> tuple[int, bytes]:
        name = list(BOMBS)[number % len(BOMBS)]
        kind = {"Content_Type": "application/octet-stream"}
        status, _headers, body = await hall.ask(hall.desk, "POST", f"{path}{number}-{name}", BOMBS[name], **kind)
        return status, body

    uploads = [asyncio.ensure_future(attack(number)) for number in range(32)]
    served = 0
    while not all(upload.done() for upload in uploads):
        status, _ = await hall.member.request("GET", f"/meetings/{hall.stage.meeting.id}")
        assert status == 200
        served += 1
    said = [upload.result() for upload in uploads]
    assert served > 0
    assert {status for status, _ in said} <= {422, 503}
    busy = [body for status, body in said if status == 503]
    assert busy
    assert all(b"worker_busy" in body for body in busy)
    assert list(folder_of(server.core.config).iterdir()) == []
