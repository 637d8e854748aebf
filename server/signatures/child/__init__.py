"""What runs in a child process: both halves of a signature, looking closely at signed files, looking at a picture."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import msgspec

from server.core.errors import DomainError
from server.core.printing import words
from server.signatures.models import Authorities, Half, Job, Place
from signing import SigningError

if TYPE_CHECKING:
    from signing import Services, Stamp

P = ParamSpec("P")
T = TypeVar("T")


def refused_as_domain_error(why: SigningError) -> DomainError:
    """The library's refusal as the one error that crosses an edge."""
    return DomainError(f"signing.{why.code}", **why.details)


def prepare_file(source: str, target: str, job: Job) -> Half:
    """First half: everything but the key's work; what the second half needs is written to ``target``.

    The paper is never held in memory. Raises DomainError ``signing.…``.
    """
    from server.signatures.child.between import join  # noqa: PLC0415 - with pyHanko's kinds
    from server.signatures.child.fields import field_for  # noqa: PLC0415 - PDFium is for children only
    from signing import prepare  # noqa: PLC0415 - pyHanko is for children only
    from signing.files import sha256  # noqa: PLC0415 - with it

    given, at = sha256(Path(source)), datetime.fromisoformat(job.at)
    with tempfile.TemporaryDirectory(dir=Path(target).parent) as folder:
        pdf, field, place = told(field_for, Path(source), Path(folder) / "fields.pdf", job)
        half = told(
            prepare, pdf, into=Path(target), field=field, stamp=_stamp(place, job, at), at=at,
            certificate=job.certificate, chain=job.chain, algorithm=job.algorithm, level=job.level,
            services=services_of(job.authorities),
        )  # fmt: skip
    join(half)
    return Half(to_sign=half.to_sign, base_sha256=given)


def finish_file(
    prepared: str, target: str, signature: bytes, authorities: Authorities | None = None
) -> tuple[str, ...]:
    """Second half: the signed file is written to ``target``, after it was verified as anybody would.

    Gives the names of all its signed fields. Raises DomainError ``signing.…``, ``signatures.self_check``.
    """
    from server.signatures.child.between import part  # noqa: PLC0415 - with pyHanko's kinds
    from signing import finish, verify  # noqa: PLC0415 - pyHanko is for children only

    with tempfile.TemporaryDirectory(dir=Path(target).parent) as folder:
        half, signed = told(part, prepared, f"{folder}/prepared.pdf"), Path(folder) / "signed.pdf"
        told(finish, half, signature, services=services_of(authorities), into=signed)
        report = verify(signed)
        if report.integrity != "intact":
            raise DomainError("signatures.self_check")
        signed.replace(target)
    return tuple(one.field for one in report.signatures if one.kind == "signature")


def services_of(authorities: Authorities | None) -> Services | None:
    """The same as the library takes it."""
    from signing import Services  # noqa: PLC0415 - pyHanko is for children only

    return None if authorities is None else Services(**msgspec.structs.asdict(authorities))


def check_image(png: bytes) -> tuple[int, int]:
    """Width and height of a picture that may be drawn. Raises DomainError ``signing.image_…``."""
    from signing.ink import read_image  # noqa: PLC0415 - pyHanko is for children only

    image = told(read_image, png)
    return image.width, image.height


def _stamp(place: Place, job: Job, at: datetime) -> Stamp:
    """The handwritten signature alone; without one, words that say what stands here: of initials the given name."""
    from signing import Stamp  # noqa: PLC0415 - pyHanko is for children only

    if job.image:
        return Stamp(box=place.box, page=place.page, image=job.image)
    from server.core.printing.fonts import times_font  # noqa: PLC0415 - fontTools is for children only

    lines: tuple[str, ...] = (f"Ký số: {job.name}", f"{words.clock(at)}, {words.short_date(words.local(at))}")
    if job.act == "initial":
        lines = (job.name.split()[-1],)
    return Stamp(box=place.box, page=place.page, lines=lines, font=str(times_font().regular))


def told(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """What the library gives; its refusal as a DomainError ``signing.…``."""
    try:
        return work(*args, **kwargs)
    except SigningError as why:
        raise refused_as_domain_error(why) from why
