"""What runs in a child process: packages built, sealed and looked at; files of strangers are opened nowhere else."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from lxml import etree

from server.core.errors import DomainError
from server.exchange import rules
from server.exchange.child import judging, packages, sealing
from server.exchange.models import Attachment, Enclosed, Found, Package, Status, Unsealed
from signing import SigningError

if TYPE_CHECKING:
    from server.exchange.models import Verdict

_PIECE = 1024 * 1024
_PDF = b"%PDF-"
# What the library of signatures says of a file; a paper without a signature, or one it cannot decide on, is unclear.
_VERDICTS: dict[str, Verdict] = {"valid": "valid", "invalid": "invalid"}


def build_file(
    target: str, package: Package, files: tuple[Enclosed, ...], certificate: bytes, chain: tuple[bytes, ...],
    algorithm: str,
) -> Unsealed:  # fmt: skip
    """Write a package to ``target``, complete but for the value of its signature; see ``seal_file``.

    Raises DomainError ``signing.…``, ``documents.too_large``.
    """
    root, header = packages.package_tree(package, files)
    place = f"value:{uuid.uuid4()}"
    try:
        to_sign = sealing.add_seal(header, certificate, chain, algorithm, place)
    except SigningError as why:
        raise DomainError(f"signing.{why.code}", **why.details) from why
    size = _write(root, target)
    if size > rules.MAX_PACKAGE_BYTES:
        raise DomainError("documents.too_large", limit_mib=rules.MAX_PACKAGE_BYTES // 1024 // 1024)
    return Unsealed(to_sign=to_sign, place=place, size=size)


def seal_file(target: str, half: Unsealed, certificate: bytes, algorithm: str, signature: bytes) -> str:
    """Put the raw signature into the file at ``target``; gives the file's SHA-256. Raises DomainError ``signing.…``."""
    try:
        value = sealing.value_of(certificate, algorithm, half.to_sign, signature)
    except SigningError as why:
        raise DomainError(f"signing.{why.code}", **why.details) from why
    whole = Path(target).read_bytes().replace(half.place.encode(), value.encode(), 1)
    Path(target).write_bytes(whole)
    return hashlib.sha256(whole).hexdigest()


def status_file(target: str, status: Status) -> str:
    """Write a status message to ``target``; gives the file's SHA-256."""
    _write(packages.status_tree(status), target)
    return _sha256(target)


def look(
    path: str, folder: str, roots: tuple[bytes, ...], at: str, hosts: tuple[str, ...] = (), seconds: float = 10.0
) -> Found:
    """All that the file at ``path`` holds and what it is worth at a moment (ISO); its files go into ``folder``.

    ``hosts``: where certificates may be asked about, so many seconds a question.

    Raises DomainError ``documents.empty``, ``.too_large``, ``.bomb``, ``exchange.dtd``, ``.not_edxml``, ``.repeated``,
    ``.base64``.
    """
    root, trust = packages.open_tree(path), judging.Trust(roots, hosts, seconds)
    size, sha256 = Path(path).stat().st_size, _sha256(path)
    status = packages.read_status(root)
    if status is not None:
        faults = rules.faults_of_status(status)
        seal = judging.judge_seal(root, trust, datetime.fromisoformat(at))
        verdict: Verdict = "invalid" if faults else seal.verdict
        return Found(kind="status", sha256=sha256, size=size, status=status, seal=seal, faults=faults, verdict=verdict)
    package = packages.read_package(root)
    attachments, amiss = packages.read_attachments(root, folder)
    seal = judging.judge_seal(root, trust, datetime.fromisoformat(at))
    del root
    judged = tuple(_judged(one, trust) for one in attachments)
    faults = (*rules.faults_of(package, judged), *amiss, *rules.faults_of_attachments(judged))
    return Found(
        kind="document", sha256=sha256, size=size, package=package, attachments=judged, seal=seal, faults=faults,
        verdict=rules.verdict_of(seal, judged, faults),
    )  # fmt: skip


def _judged(one: Attachment, trust: judging.Trust) -> Attachment:
    """With the verdict of its signatures, if it is a PDF that lies somewhere."""
    if not one.path:
        return one
    with Path(one.path).open("rb") as file:
        if not file.read(1024).lstrip().startswith(_PDF):
            return one
    from signing import Services, verify  # noqa: PLC0415 - pyHanko is for children only

    services = Services(roots=trust.roots, hosts=trust.hosts, seconds=trust.seconds)
    report = verify(Path(one.path).read_bytes(), services=services)
    return msgspec.structs.replace(one, verdict=_VERDICTS.get(report.verdict, "unclear"))


def _write(root: etree._Element, target: str) -> int:
    root.getroottree().write(target, xml_declaration=True, encoding="UTF-8")
    return Path(target).stat().st_size


def _sha256(path: str) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
