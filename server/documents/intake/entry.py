"""Letting a file in: examined in a bounded child as it came, then stored, and its rendition beside it.

What is refused is never brought to the disk: every sync is one that a stroke's own may wait behind.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, TypeAlias

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
    from server.core.blobs import Received
    from server.core.context import Core


# The bytes are here and nobody has looked at them; they were looked at, and the rendition lies in a folder of ours;
# source and rendition are stored, and nothing refers to them.
RECEIVED, EXAMINED, KEPT = "intake.received", "intake.examined", "intake.kept"

# Raises where a file that passed the gate, of this SHA-256, is not wanted after all.
Wanted: TypeAlias = Callable[[str, Findings], Awaitable[None]]


def bounds_of(config: Config) -> Bounds:
    """The bounds of this installation."""
    return Bounds(file_bytes=config.limits.file_bytes, pages=config.limits.pages)


def folder_of(config: Config) -> Path:
    """Where renditions are made; what a killed process left there is swept up by the collector."""
    return config.data_dir / "intake"


async def admit(
    core: Core, chunks: AsyncIterator[bytes], *, filename: str, keep: bool = False, wanted: Wanted | None = None
) -> Rendition:
    """Take a PDF in and return what may become a version; its bytes are durable then.

    ``keep``: serve the file as it came, or not at all (it is about to be signed, or it is the project's own).
    ``wanted`` is asked before anything is stored. Raises what it raises; ``documents.…`` with the gate's reason;
    ``documents.no_space``; ``worker_busy``. Of what is refused nothing is stored.
    """

    async def pdf_wanted(sha256: str, found: Findings) -> None:
        if found.kind != "pdf":
            raise DomainError("documents.pdf_only")
        if wanted is not None:
            await wanted(sha256, found)

    source = await _taken(core, chunks, filename, keep=keep, wanted=pdf_wanted)
    assert source.rendition is not None
    return source.rendition


async def take_source(
    core: Core, chunks: AsyncIterator[bytes], *, filename: str, wanted: Wanted | None = None
) -> Source:
    """Take any file in that is, or can be made, a paper; its bytes are durable then. Raises what ``admit`` does."""
    return await _taken(core, chunks, filename, keep=False, wanted=wanted)


async def _taken(
    core: Core, chunks: AsyncIterator[bytes], filename: str, *, keep: bool, wanted: Wanted | None
) -> Source:
    bounds = bounds_of(core.config)
    async with _received(core, chunks, bounds) as received:
        failpoints.hit(RECEIVED)
        async with _room(folder_of(core.config)) as folder:
            target = f"{folder}/rendition.pdf"
            # Found by a child, once: reading sixteen fonts here would hold every stroke up for seconds.
            faces = await core.workers.once(stand_in_files)
            found = await examined(
                core.gate, str(received.path), filename, None if keep else target, bounds, faces=faces
            )  # fmt: skip
            failpoints.hit(EXAMINED)
            rules.refuse(found, limit_pages=bounds.pages, limit_bytes=bounds.file_bytes)
            source = served = received.ref
            if wanted is not None:
                await wanted(source.sha256, found)
            await received.keep()
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


@asynccontextmanager
async def _received(core: Core, chunks: AsyncIterator[bytes], bounds: Bounds) -> AsyncIterator[Received]:
    """The bytes in a file, for as long as the block; what is too large, or for which the disk is, is told so."""
    with _full_disk_told():
        try:
            async with core.blobs.receive(chunks, max_bytes=bounds.file_bytes) as received:
                yield received
        except DomainError as error:
            if error.code == "too_large":
                found = Findings(reason="too-large")
                rules.refuse(found, limit_pages=bounds.pages, limit_bytes=bounds.file_bytes)
            raise


async def _pieces(path: str) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(open, path, "rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
            yield piece


@asynccontextmanager
async def _room(where: Path) -> AsyncIterator[str]:
    """A folder, for the block; made and removed in a thread: both may wait behind what the disk is brought."""

    def made() -> tempfile.TemporaryDirectory[str]:
        where.mkdir(parents=True, exist_ok=True, mode=0o700)
        return tempfile.TemporaryDirectory(dir=where)

    folder = await asyncio.to_thread(made)
    try:
        yield folder.name
    finally:
        await asyncio.to_thread(folder.cleanup)


@contextmanager
def _full_disk_told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in FULL_DISK:
            raise DomainError("documents.no_space") from error
        raise
