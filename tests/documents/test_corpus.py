"""Every file of the corpus beside the checkout gets the verdict of its label; skipped by name where there is none."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pikepdf
import pytest

from server.documents.intake.check import Line
from server.documents.intake.judge import judge
from server.documents.models import Bounds
from tests.support import corpus
from tests.support.corpus import CORPUS, ROWS

NAMES = sorted(ROWS)
CLEANED = [
    name
    for name in NAMES
    if name.endswith(".pdf") and ROWS[name]["expected"] == "accept" and ROWS[name]["signature"] == "none"
]
needs_corpus = pytest.mark.skipif(not NAMES, reason="the corpus is not here")
# Short names that drawing commands and fonts may hold by chance are looked for as keys of dictionaries instead.
_HAZARDS = {"/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/RichMedia", "/SubmitForm", "/AA"}


@pytest.fixture(scope="module")
def lines() -> dict[str, Line]:
    """What ``phien check`` says of each file."""

    async def all_of() -> dict[str, Line]:
        return {name: line async for name, line in corpus.lines()}

    return asyncio.run(all_of())


@needs_corpus
@pytest.mark.parametrize("name", NAMES or ["none"])
def test_every_file_gets_the_verdict_of_its_label_within_the_bounds_of_the_gate(
    name: str, lines: dict[str, Line]
) -> None:
    line = lines[name]
    assert corpus.faults(ROWS[name], line) == []
    # The bounds are those of the gate, told in its own figures, whatever the machine does beside.
    assert 0 < line.seconds <= 15
    assert 0 < line.peak_mib <= 768


@needs_corpus
@pytest.mark.parametrize("name", CLEANED or ["none"])
def test_nothing_active_is_left_of_any_paper(name: str, tmp_path: Path) -> None:
    target = tmp_path / "x.pdf"
    assert judge(str(CORPUS / name), name, str(target), Bounds()).rewritten
    out = io.BytesIO()
    with pikepdf.open(target) as pdf:
        pdf.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        )
        for held in pdf.objects:
            if isinstance(held, (pikepdf.Dictionary, pikepdf.Stream)):
                values = {str(value) for value in dict(held.items()).values() if isinstance(value, pikepdf.Name)}
                assert not _HAZARDS & (set(held.keys()) | values)
    assert b"javascript:" not in out.getvalue().lower()
