"""Letting a file in: stored as it comes, examined in a bounded child, and its rendition stored beside it."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from server.core import failpoints
from server.core.blobs import PIECE_BYTES
from server.core.errors import DomainError
from server.core.printing.standing_in import stand_in_files
from server.core.workers import File, Workers
from server.documents import rules
from server.documents.intake.examine import FULL_DISK
from server.documents.intake.judge import judge
from server.documents.models import Bounds, Findings, Rendition, Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from server.config import Config
    from server.core.blobs import BlobRef
    from server.core.context import Core


# The bytes are stored and nobody has looked at them; they were looked at, and the rendition lies in a folder of ours;
# the rendition is stored, and nothing refers to it.
STORED, EXAMINED, KEPT = "intake.stored", "intake.examined", "intake.kept"


def bounds_of(config: Config) -> Bounds:
    """The bounds of this installation."""
    return Bounds(file_bytes=config.limits.file_bytes, pages=config.limits.pages)


def folder_of(config: Config) -> Path:
    """Where renditions are made; what a killed process left there is swept up by the collector."""
    return config.data_dir / "intake"


async def admit(core: Core, chunks: AsyncIterator[bytes], *, filename: str, keep: bool = False) -> Rendition:
    """Take a PDF in and return what may become a version; its bytes are durable then.

    ``keep``: serve the file as it came, or not at all (it is about to be signed, or it is the project's own).
    Raises ``documents.…`` with the gate's reason; ``documents.no_space``; ``worker_busy``. What a refusal leaves in
    the blob store nothing refers to, and the collector takes it.
    """
    source = await _taken(core, chunks, filename, keep=keep)
    if source.rendition is None:
        raise DomainError("documents.pdf_only")
    return source.rendition


async def take_source(core: Core, chunks: AsyncIterator[bytes], *, filename: str) -> Source:
    """Take any file in that is, or can be made, a paper; its bytes are durable then. Raises what ``admit`` does."""
    return await _taken(core, chunks, filename, keep=False)


async def _taken(core: Core, chunks: AsyncIterator[bytes], filename: str, *, keep: bool) -> Source:
    bounds = bounds_of(core.config)
    with _full_disk_told():
        source = await _stored(core, chunks, bounds)
        failpoints.hit(STORED)
        folder_of(core.config).mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=folder_of(core.config)) as folder:
            target = f"{folder}/rendition.pdf"
            # Found by a child, once: reading sixteen fonts here would hold every stroke up for seconds.
            faces = await core.workers.once(stand_in_files)
            async with core.blobs.as_file(source.sha256) as path:
                found = await examined(
                    core.gate, str(path), filename, None if keep else target, bounds, faces=faces
                )  # fmt: skip
            failpoints.hit(EXAMINED)
            rules.refuse(found, limit_pages=bounds.pages, limit_bytes=bounds.file_bytes)
            served = source
            if found.rewritten:
                # A rendition without compression tricks may be larger than its source, never without bound.
                served = await core.blobs.put_stream(_pieces(target), max_bytes=4 * bounds.file_bytes)
                failpoints.hit(KEPT)
    rendition = Rendition(sha256=served.sha256, size=served.size, source_sha256=source.sha256, findings=found)
    kind = found.kind or ""
    return Source(
        sha256=source.sha256, size=source.size, kind=kind, findings=found,
        rendition=rendition if kind == "pdf" else None,
    )  # fmt: skip


async def examined(
    gate: Workers, path: str, filename: str, target: str | None, bounds: Bounds, *, faces: Sequence[str] = ()
) -> Findings:
    """Examine in a child; a child that overran its bounds, or died, is a finding too.

    ``faces``: the files of the families that stand in for what papers leave out (``stand_in_files``).
    """
    handed = (File(face) if face else "" for face in faces)
    try:
        return await gate.run(
            judge, File(path), filename, target and File(target, written=True), bounds, *handed,
            timeout=bounds.wall_seconds, cpu_seconds=bounds.seconds, memory_mib=bounds.memory_mib,
        )  # fmt: skip
    except DomainError as error:
        reasons = {"worker_timeout": "bomb", "worker_failed": "corrupt"}
        if error.code not in reasons:
            raise
        return Findings(reason=reasons[error.code])


async def _stored(core: Core, chunks: AsyncIterator[bytes], bounds: Bounds) -> BlobRef:
    try:
        return await core.blobs.put_stream(chunks, max_bytes=bounds.file_bytes)
    except DomainError as error:
        if error.code == "too_large":
            found = Findings(reason="too-large")
            rules.refuse(found, limit_pages=bounds.pages, limit_bytes=bounds.file_bytes)
        raise


async def _pieces(path: str) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(open, path, "rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
            yield piece


@contextmanager
def _full_disk_told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in FULL_DISK:
            raise DomainError("documents.no_space") from error
        raise
