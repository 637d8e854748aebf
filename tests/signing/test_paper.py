"""Looking at a file by its place: the same verdicts as in memory, whatever hides in it, and never all of it held."""

from __future__ import annotations

import hashlib
import io
import re
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest

from signing import paper, verify
from signing.paper import in_memory, opened_paper
from signing.pictures import page_pair
from signing.structure import mentions_signature, signature_holes
from tests.signing import attacks, papers, shadows

MARK = re.compile(rb"/Mark\b")


@pytest.fixture
def _by_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is looked at as a large one is, in pieces so small that everything lies across their edges."""
    monkeypatch.setattr(paper, "_IN_MEMORY", 0)
    monkeypatch.setattr(paper, "PIECE", 97)


def kept(folder: Path, pdf: bytes) -> Path:
    (folder / "paper.pdf").write_bytes(pdf)
    return folder / "paper.pdf"


@pytest.mark.usefixtures("_by_pieces")
def test_what_lies_across_pieces_is_found_once(tmp_path: Path) -> None:
    text = b"/Mark " * 60 + b"/Marks" + b"x" * 5 + b"/Mark"
    with opened_paper(kept(tmp_path, text)) as one:
        assert list(one.finds(MARK, 6)) == list(in_memory(text).finds(MARK, 6))
        assert len(list(one.finds(MARK, 6))) == 61
        assert one.begins_with(in_memory(text[:20]))
        assert not one.begins_with(in_memory(text[:19] + b"?"))
        assert not one.begins_with(in_memory(text + b"?"))
        assert one.digest("sha256", (3, 9), 30) == hashlib.sha256(text[:3] + text[9:30]).digest()
        assert one.digest("sha256") == hashlib.sha256(text).digest()


@pytest.mark.usefixtures("_by_pieces")
def test_a_byte_range_is_seen_however_much_white_space_is_in_it(tmp_path: Path) -> None:
    """A hole is not to be hidden from who reads by pieces."""
    wide = b" \n" * 9000
    pdf = (
        b"A" * 20 + b"<3003020105>" + b"B" * 20 + b"/Byte#52ange" + wide + b"[" + wide.join((b"0", b"20", b"32", b"20"))
    )
    for given in (pdf + b"]", pdf + wide + b"]"):
        with opened_paper(kept(tmp_path, given)) as one:
            assert mentions_signature(one)
            assert signature_holes(one) == signature_holes(in_memory(given)) == {(20, 32)}
    with opened_paper(kept(tmp_path, pdf)) as one:
        assert signature_holes(one) == set()


def test_of_a_large_file_its_beginning_is_drawn_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    genuine = papers.signed(papers.form())
    forged = attacks.page_content(genuine)
    in_one = page_pair(forged, len(genuine), 0)
    monkeypatch.setattr(paper, "_IN_MEMORY", 0)
    by_place = page_pair(kept(tmp_path, forged), len(genuine), 0)
    for one, other in zip(in_one, by_place, strict=True):
        assert one is not None
        assert other is not None
        assert one.tobytes() == other.tobytes()
    assert by_place[0] != by_place[1]


@pytest.fixture(scope="module")
def genuine() -> bytes:
    return papers.signed(papers.form())


@pytest.mark.usefixtures("_by_pieces")
@pytest.mark.parametrize("name", ["none", *attacks.ATTACKS])
def test_every_attack_gets_the_verdict_of_the_file_in_memory(tmp_path: Path, genuine: bytes, name: str) -> None:
    pdf, at = attacks.ATTACKS[name][0](genuine) if name != "none" else genuine, datetime.now(UTC)
    roots = (papers.pki().root_pem,)
    assert verify(kept(tmp_path, pdf), trust_roots=roots, at=at) == verify(pdf, trust_roots=roots, at=at)


@pytest.mark.usefixtures("_by_pieces")
@pytest.mark.parametrize("name", shadows.PREPARED)
def test_every_prepared_attack_too(tmp_path: Path, name: str) -> None:
    prepare, attack = shadows.PREPARED[name]
    pdf, at = attack(papers.signed(prepare())), datetime.now(UTC)
    report = verify(kept(tmp_path, pdf), trust_roots=(papers.pki().root_pem,), at=at)
    assert report.verdict == "invalid"
    assert report == verify(pdf, trust_roots=(papers.pki().root_pem,), at=at)


@pytest.mark.parametrize(
    "pdf", [b"x" * 5000, b"%PDF-1.7\n" + b"x" * 5000, b""], ids=["no PDF", "a head alone", "nothing"]
)
@pytest.mark.usefixtures("_by_pieces")
def test_what_is_no_paper_is_called_so_as_well(tmp_path: Path, pdf: bytes) -> None:
    at = datetime.now(UTC)
    assert verify(kept(tmp_path, pdf), at=at) == verify(pdf, at=at)


def test_a_large_file_is_never_held(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(papers.plain())) as pdf:
        pdf.Root.PieceInfo = pdf.make_indirect(pikepdf.Stream(pdf, bytes(40_000_000)))
        out = io.BytesIO()
        pdf.save(out, compress_streams=False)
    large = kept(tmp_path, papers.signed(papers.signed(out.getvalue())))
    out.close()
    tracemalloc.start()
    try:
        report = verify(large, trust_roots=(papers.pki().root_pem,))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (report.verdict, report.size, len(report.signatures)) == ("valid", large.stat().st_size, 2)
    assert peak < 16 * 1024 * 1024
