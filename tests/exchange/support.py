"""Packages for the tests of exchange: built, sealed with keys of a made-up authority, and looked at."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from server.exchange import child
from server.exchange.models import (
    Code,
    Enclosed,
    Found,
    MessageHeader,
    Organ,
    Package,
    Promulgation,
    SignerInfo,
)
from signing.algorithms import LEGACY_RSA
from signing.engine import complete
from signing.signers import KeySigner
from tests.signing import papers

CITY, WARD = "000.00.01.H56", "000.07.25.H56"


@lru_cache
def key(kind: str = "ecdsa") -> KeySigner:
    """A body's key: "ecdsa", "rsa" (PSS) or "legacy" (PKCS#1 v1.5, which the regulation names)."""
    one = papers.person("UBND thành phố", 0 if kind == "ecdsa" else 2048)
    return KeySigner(
        one.private_key(), one.certificate, one.chain, algorithm=LEGACY_RSA if kind == "legacy" else ""
    )  # fmt: skip


def package(subject: str = "Mời họp <chuyên đề> & bàn giao") -> Package:
    return Package(
        message=MessageHeader(
            sender=Organ(organ_id=CITY, organ_name="Ủy ban nhân dân thành phố"),
            to=(Organ(organ_id=WARD, organ_name="Ủy ban nhân dân phường"),),
            code=Code(code_number="15", code_notation="GM-UBND"),
            promulgation_info=Promulgation(place="Hà Nội", promulgation_date="2026/11/22"),
            subject=subject,
            signer_info=SignerInfo(competence="KT.", position="Phó Chủ tịch", full_name="Nguyễn Thị Ánh Tuyết"),
            document_id=f"{CITY},2026/11/22,15/GM-UBND",
        )
    )


def built(
    folder: Path, files: dict[str, bytes] | None = None, *, kind: str = "ecdsa", what: Package | None = None
) -> Path:
    """A sealed package with these files."""
    enclosed = []
    for number, (name, content) in enumerate((files or {"15-GM-UBND.pdf": signed_paper()}).items()):
        (folder / f"in{number}").write_bytes(content)
        enclosed.append(Enclosed(path=str(folder / f"in{number}"), name=name))
    target, signer = folder / "package.edxml", key(kind)
    half = child.build_file(
        str(target), what or package(), tuple(enclosed), signer.certificate, signer.chain, signer.algorithm
    )
    raw = complete(signer.sign_raw(half.to_sign))
    child.seal_file(str(target), half, signer.certificate, signer.algorithm, raw)
    return target


def looked(path: Path, *, trusted: bool = True) -> Found:
    """What the package holds; its files lie beside it."""
    folder = path.parent / "out"
    folder.mkdir(exist_ok=True)
    roots = (papers.pki().root_pem,) if trusted else ()
    return child.look(str(path), str(folder), roots, datetime.now(UTC).isoformat())


@lru_cache
def signed_paper() -> bytes:
    return papers.signed(papers.plain())
