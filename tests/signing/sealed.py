"""A paper on its way through the office: fields and locks prepared, signed, numbered, sealed."""

from __future__ import annotations

from functools import lru_cache

from signing import Field, add_fields
from signing.signers import Signer
from tests.signing import attacks, papers

FIELDS = (
    Field(name="NguoiKy", leaves=("SoVanBan", "NgayBanHanh", "ConDau")),
    Field(name="ConDau", leaves=(), closes=True),
)


@lru_cache
def draft() -> bytes:
    """Two numbers to fill, a place for the official that leaves them open, one for the seal that closes everything."""
    return add_fields(papers.form(), FIELDS)


def numbered(official: Signer | None = None) -> bytes:
    paper = papers.signed(draft(), official, field="NguoiKy")
    return attacks.fill(attacks.fill(paper, "15/QD-UBND"), "22", name="NgayBanHanh")


def sealed(official: Signer | None = None, seal: Signer | None = None) -> bytes:
    return papers.signed(numbered(official), seal or papers.signer("Con dấu UBND"), field="ConDau")
