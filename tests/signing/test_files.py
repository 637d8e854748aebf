"""Signing a file by its path: the same signature, never the whole file in memory, never half a file left behind."""

from __future__ import annotations

import hashlib
import io
import tracemalloc
from pathlib import Path

import pikepdf
import pytest
from msgspec.structs import replace

from signing import Prepared, SigningError, Stamp, finish, prepare, verify
from signing.engine import complete
from tests.signing import papers


def prepared(folder: Path, paper: bytes, **more: object) -> tuple[Prepared, bytes]:
    (folder / "paper.pdf").write_bytes(paper)
    key = papers.signer()
    half = prepare(
        folder / "paper.pdf",
        into=folder / "prepared.pdf",
        certificate=key.certificate,
        chain=key.chain,
        stamp=Stamp(box=papers.BOX, lines=("Đã ký",), font=papers.serif_font()),
        **more,  # type: ignore[arg-type]
    )
    return half, complete(key.sign_raw(half.to_sign))


def test_what_is_signed_by_path_is_what_anybody_verifies(tmp_path: Path) -> None:
    paper = papers.plain()
    half, raw = prepared(tmp_path, paper)
    assert (half.pdf, half.base_sha256) == (b"", hashlib.sha256(paper).hexdigest())
    before = (tmp_path / "prepared.pdf").read_bytes()
    assert finish(half, raw, into=tmp_path / "signed.pdf") is None
    signed = (tmp_path / "signed.pdf").read_bytes()
    assert signed.startswith(paper)
    report = verify(signed, trust_roots=(papers.pki().root_pem,))
    assert (report.verdict, report.integrity) == ("valid", "intact")
    # What was prepared stays: finished once more it gives the same file, in memory as well.
    assert (tmp_path / "prepared.pdf").read_bytes() == before
    assert finish(half, raw) == signed
    assert finish(replace(half, pdf=before, path=""), raw) == signed
    assert sorted(path.name for path in tmp_path.iterdir()) == ["paper.pdf", "prepared.pdf", "signed.pdf"]


def test_a_second_signature_by_path_keeps_the_first(tmp_path: Path) -> None:
    half, raw = prepared(tmp_path, papers.signed(papers.plain()))
    finish(half, raw, into=tmp_path / "signed.pdf")
    report = verify((tmp_path / "signed.pdf").read_bytes(), trust_roots=(papers.pki().root_pem,))
    assert [one.integrity for one in report.signatures] == ["intact", "intact"]


@pytest.mark.parametrize("spoil", ["hole", "byte", "gone", "cut"])
def test_a_prepared_file_that_changed_is_not_signed(tmp_path: Path, spoil: str) -> None:
    half, raw = prepared(tmp_path, papers.plain())
    path = tmp_path / "prepared.pdf"
    whole = bytearray(path.read_bytes())
    if spoil == "gone":
        path.unlink()
    else:
        if spoil == "cut":
            del whole[half.end - 5 :]
        else:
            whole[half.start + 9 if spoil == "hole" else 20] ^= 1
        path.write_bytes(whole)
    with pytest.raises(SigningError, match="prepared_changed"):
        finish(half, raw, into=tmp_path / "signed.pdf")
    assert not (tmp_path / "signed.pdf").exists()


def test_nothing_is_left_of_a_signature_that_failed(tmp_path: Path) -> None:
    half, _ = prepared(tmp_path, papers.plain())
    (tmp_path / "signed.pdf").write_bytes(b"what was there")
    with pytest.raises(SigningError, match="signature_mismatch"):
        finish(half, b"\x30\x06\x02\x01\x01\x02\x01\x01", into=tmp_path / "signed.pdf")
    assert (tmp_path / "signed.pdf").read_bytes() == b"what was there"
    with pytest.raises(SigningError, match="pdf_unreadable"):
        prepared(tmp_path, papers.plain()[:-200])
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"paper.pdf", "prepared.pdf", "signed.pdf"}


def test_refusals_are_those_of_a_file_in_memory(tmp_path: Path) -> None:
    with pytest.raises(SigningError, match="pdf_trailing_bytes"):
        prepared(tmp_path, papers.plain() + b"% more")
    with pytest.raises(SigningError, match="pdf_certified"):
        prepared(tmp_path, papers.certified())
    with pytest.raises(SigningError, match="not_approved"):
        prepared(tmp_path, papers.plain(), approved_sha256="0" * 64)
    assert not (tmp_path / "prepared.pdf").exists()


def test_a_large_file_is_never_held(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(papers.plain())) as pdf:
        pdf.Root.PieceInfo = pdf.make_indirect(pikepdf.Stream(pdf, bytes(40_000_000)))
        pdf.save(tmp_path / "large.pdf", compress_streams=False)
    large = tmp_path / "large.pdf"
    key = papers.signer()
    tracemalloc.start()
    try:
        half = prepare(large, into=tmp_path / "half.pdf", certificate=key.certificate, chain=key.chain)
        finish(half, complete(key.sign_raw(half.to_sign)), into=tmp_path / "signed.pdf")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 16 * 1024 * 1024
    assert (tmp_path / "signed.pdf").stat().st_size > large.stat().st_size
