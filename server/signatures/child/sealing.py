"""The agency's signature, prepared in a child: the seal over the official's, words on an annex or on a copy."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from server.config_signing import Level
from server.core.errors import DomainError
from server.core.printing import words
from server.signatures.child import services_of, told
from server.signatures.child.registry import texts_of
from server.signatures.models import Authorities, Half
from server.signatures.rules.numbering import DATE_FIELD, NUMBER_FIELD, SEAL_FIELD, written

if TYPE_CHECKING:
    from signing import Stamp

ANNEX_FIELD, COPY_FIELD = "DauPhuLuc", "SaoY"


class SealJob(Struct, frozen=True, kw_only=True):
    """What a child needs to prepare the agency's signature. ``at`` is ISO 8601; pictures are PNG.

    ``over``: the official's signature field, which the seal covers a third of. ``number``, ``dated``: what the book
    says that the paper must bear; ``known``: the signed fields that the register knows. ``symbol``: of the paper that
    an annex belongs to. ``copy_kind``, ``agency``: the words on a copy.
    """

    what: Literal["seal", "annex", "copy"]
    certificate: bytes
    chain: tuple[bytes, ...]
    algorithm: str
    at: str
    image: bytes = b""
    width_mm: float | None = None
    over: str = "ChuKy"
    number: int = 0
    dated: str = ""
    known: tuple[str, ...] = ()
    symbol: str = ""
    copy_kind: Literal["SAO Y", "SAO LỤC", "TRÍCH SAO"] = "SAO Y"
    agency: str = ""
    level: Level = "B-B"
    authorities: Authorities | None = None


def prepare_seal(source: str, target: str, job: SealJob) -> Half:
    """First half of the agency's signature; what the second half needs is written to ``target``.

    Raises DomainError ``signatures.seal_unsound`` (the paper is not what the book says, or its signatures do not
    hold), ``signing.…``.
    """
    from server.signatures.child.between import join  # noqa: PLC0415 - with pyHanko's kinds
    from signing import prepare  # noqa: PLC0415 - pyHanko is for children only

    pdf, at = Path(source), datetime.fromisoformat(job.at)
    field = {"seal": SEAL_FIELD, "annex": ANNEX_FIELD, "copy": COPY_FIELD}[job.what]
    if job.what == "seal":
        _require_sound(pdf, job)
    half = told(
        prepare, pdf, into=Path(target), certificate=job.certificate, chain=job.chain, field=field,
        stamp=_stamp(pdf, job, at), at=at, level=job.level, services=services_of(job.authorities),
        algorithm=job.algorithm,
    )  # fmt: skip
    join(half)
    return Half(to_sign=half.to_sign, base_sha256=half.base_sha256)


def _stamp(pdf: Path, job: SealJob, at: datetime) -> Stamp:
    from server.core.printing.fonts import times_font  # noqa: PLC0415 - fontTools is for children only
    from signing.appearances import SEAL_MM, annex_stamp, copy_stamp, seal_stamp  # noqa: PLC0415 - the same
    from signing.places import page_box  # noqa: PLC0415 - the same

    if job.what == "seal":
        size = job.width_mm or SEAL_MM
        return told(seal_stamp, pdf, job.image, over=job.over, field=SEAL_FIELD, size_mm=size)
    page, font = told(page_box, pdf), str(times_font().regular)
    if job.what == "annex":
        return told(annex_stamp, page, job.symbol, at, font=font)
    return told(copy_stamp, page, job.copy_kind, job.agency, at, font=font)


def _require_sound(pdf: Path, job: SealJob) -> None:
    """The agency seals what its book says, under signatures that hold."""
    from signing import verify  # noqa: PLC0415 - pyHanko is for children only

    said = {NUMBER_FIELD: written(job.number), DATE_FIELD: words.long_date(date.fromisoformat(job.dated))}
    there = texts_of(pdf)
    values = {name: said[name] for name in there}
    report = verify(pdf, expected_fields=job.known, fillable=tuple(said), values=values)
    if NUMBER_FIELD not in there or report.integrity != "intact":
        raise DomainError("signatures.seal_unsound", why="; ".join(report.reasons) or NUMBER_FIELD)
