"""Every file of the corpus beside the checkout gets the verdict of its label; skipped by name where there is none."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest

from server.documents.intake.check import check_file
from server.documents.intake.judge import judge
from server.documents.models import Bounds
from tests.support.corpus import CORPUS, EITHER, MEMORY_MIB, ROWS, SECONDS

NAMES = sorted(ROWS)
DREADED = [name for name in NAMES if {"bomb", "slow"} & set(ROWS[name]["hazard"].split(","))]
CLEANED = [
    name
    for name in NAMES
    if name.endswith(".pdf") and ROWS[name]["expected"] == "accept" and ROWS[name]["signature"] == "none"
]
needs_corpus = pytest.mark.skipif(not NAMES, reason="the corpus is not here")
# Short names that drawing commands and fonts may hold by chance are looked for as keys of dictionaries instead.
_HAZARDS = {"/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/RichMedia", "/SubmitForm", "/AA"}


@needs_corpus
@pytest.mark.parametrize("name", NAMES or ["none"])
def test_every_file_gets_the_verdict_of_its_label(name: str, tmp_path: Path) -> None:
    row = ROWS[name]
    found = judge(str(CORPUS / name), name, str(tmp_path / "x.pdf"), Bounds())
    if row["expected"] == EITHER:
        return
    assert ("accept" if found.reason is None else f"refuse:{found.reason}") == row["expected"]
    assert found.secret_mark == ""
    if row["expected"] == "accept":
        assert found.kind == {"jpg": "jpeg"}.get(name.rpartition(".")[2], name.rpartition(".")[2])
        assert found.signed == (row["signature"] != "none")
        if row["pages"]:
            assert found.pages == int(row["pages"])


@needs_corpus
@pytest.mark.parametrize("name", DREADED or ["none"])
def test_what_is_made_to_eat_time_and_memory_gets_little_of_both(name: str) -> None:
    line = check_file(CORPUS / name, Bounds())
    assert line.seconds <= SECONDS
    assert line.peak_mib <= MEMORY_MIB


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
