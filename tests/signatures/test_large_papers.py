"""The children that sign for the server: a large paper stays on the disk; what lies between the halves is guarded."""

from __future__ import annotations

import io
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from server.core.errors import DomainError
from server.signatures.child import finish_file, prepare_file
from server.signatures.child.accepting import accept_file
from server.signatures.child.laying import empty_places, lay_fields
from server.signatures.child.registry import fill_file, fillable
from server.signatures.child.sealing import SealJob, prepare_seal
from server.signatures.models import Authorities, Half, Job
from signing import verify
from signing.demo_ink import draw_signature
from signing.engine import complete
from signing.signers import Signer
from tests.signatures.registry import FIELDS
from tests.signing import papers

NAME = "Nguyễn Thị Ánh Tuyết"
SEVERAL = (NAME, "Trần Văn Bình")
LARGE, AT_MOST = 40_000_000, 16 * 1024 * 1024


def key() -> Signer:
    return papers.signer(NAME)


def said() -> dict[str, Any]:
    return {
        "certificate": key().certificate, "chain": key().chain, "algorithm": key().algorithm,
        "image": draw_signature(NAME), "at": datetime.now(UTC).isoformat(),
    }  # fmt: skip


def signature(half: Half) -> bytes:
    return complete(key().sign_raw(half.to_sign))


def halved(folder: Path, paper: bytes) -> tuple[str, Half]:
    """A small paper between the halves."""
    (folder / "paper.pdf").write_bytes(paper)
    joined = str(folder / "half")
    return joined, prepare_file(str(folder / "paper.pdf"), joined, Job(name=NAME, **said()))


def test_the_way_of_a_large_paper_is_never_held_in_memory(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(papers.plain())) as pdf:
        pdf.Root.PieceInfo = pdf.make_indirect(pikepdf.Stream(pdf, bytes(LARGE)))
        pdf.save(tmp_path / "paper.pdf", compress_streams=False)
    laid, signed, tried, numbered, sealed = (
        str(tmp_path / f"{step}.pdf") for step in ("laid", "signed", "tried", "numbered", "sealed")
    )
    tracemalloc.start()
    try:
        lay_fields(str(tmp_path / "paper.pdf"), laid, FIELDS)
        assert {name for name, _ in empty_places(laid)} == {field.name for field in FIELDS}
        half = prepare_file(laid, f"{laid}.half", Job(name=NAME, several=SEVERAL, **said()))
        known = finish_file(f"{laid}.half", signed, signature(half))
        assert {"So", "NgayThang", "ConDau", "ChuKy2"} <= set(fillable(signed, tried))
        fill_file(signed, numbered, 15, "2026-11-27")
        seal = SealJob(what="seal", over=known[0], number=15, dated="2026-11-27", known=known, **said())
        half = prepare_seal(numbered, f"{numbered}.half", seal)
        assert finish_file(f"{numbered}.half", sealed, signature(half)) == (*known, "ConDau")
        assert accept_file(numbered, sealed, Authorities(roots=(papers.pki().root_pem,))).fields == (*known, "ConDau")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < AT_MOST
    assert verify(Path(sealed), trust_roots=(papers.pki().root_pem,)).verdict == "valid"


def test_the_second_half_leaves_what_lies_between_as_it_was(tmp_path: Path) -> None:
    joined, half = halved(tmp_path, papers.plain())
    before = Path(joined).read_bytes()
    first, again = (tmp_path / name for name in ("first.pdf", "again.pdf"))
    for target in (first, again):
        assert finish_file(joined, str(target), signature(half)) == ("ChuKy1",)
    assert first.read_bytes().startswith((tmp_path / "paper.pdf").read_bytes())
    assert Path(joined).read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["again.pdf", "first.pdf", "half", "paper.pdf"]


@pytest.mark.parametrize("spoil", ["paper", "what lies behind", "its size", "cut", "empty"])
def test_what_was_changed_between_the_halves_is_not_signed(tmp_path: Path, spoil: str) -> None:
    joined, half = halved(tmp_path, papers.plain())
    whole = bytearray(Path(joined).read_bytes())
    if spoil in {"cut", "empty"}:
        del whole[len(whole) - 9 if spoil == "cut" else 0 :]
    else:
        behind = len(whole) - 4 - int.from_bytes(whole[-4:], "big")
        whole[{"paper": 20, "what lies behind": behind, "its size": len(whole) - 4}[spoil]] ^= 1
    Path(joined).write_bytes(whole)
    with pytest.raises(DomainError, match=r"signing\.(prepared_changed|signature_mismatch)"):
        finish_file(joined, str(tmp_path / "signed.pdf"), signature(half))
    assert sorted(one.name for one in tmp_path.iterdir()) == ["half", "paper.pdf"]
