"""The two halves of a signature on a stored file, each in a child: used at once, or with a tablet in between."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from server.core.errors import DomainError
from server.documents import actions as documents
from server.signatures.actions import trust
from server.signatures.child import finish_file, prepare_file
from server.signatures.models import Job

if TYPE_CHECKING:
    from server.core.context import Core
    from server.documents.models import Rendition
    from server.signatures.models import Half, Key
    from server.signatures.wire import Dossier, SigningRequest

# Papers stay on the disk, but a signed one is drawn to be judged; from B-T on, services are waited for.
SECONDS = 60.0
MEMORY_MIB = 2048
LARGEST_BYTES = 4096 * 1024 * 1024  # of what a child has made; what comes in is bounded before
PIECE_BYTES = 1024 * 1024


@contextlib.asynccontextmanager
async def folder(core: Core) -> AsyncIterator[str]:
    """A folder for the files in between; gone afterwards."""
    place = documents.folder_of(core.config)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=place) as made:
        yield made


async def take(chunks: AsyncIterator[bytes], path: str, limit: int) -> None:
    """Write a file that somebody brings, of at most ``limit`` bytes. Raises ``too_large``."""
    size = 0
    with await asyncio.to_thread(open, path, "wb") as file:
        async for piece in chunks:
            size += len(piece)
            if size > limit:
                raise DomainError("too_large", limit=limit)
            await asyncio.to_thread(file.write, piece)


async def job(core: Core, request: SigningRequest, dossier: Dossier | None, key: Key, *, algorithm: str = "") -> Job:
    """What the first half of an act needs: whose it is, and beside whom."""
    signing = [step for step in dossier.steps if step.act == "sign"] if dossier else []
    turn = next((nth for nth, step in enumerate(signing) if step.person_id == request.official_id), 0)
    return Job(
        name=request.official_name, certificate=key.certificate, chain=key.chain,
        image=await core.blobs.read(key.image_sha256) if key.image_sha256 else b"",
        at=core.clock.now().isoformat(), algorithm=algorithm, level=core.config.signing.level,
        authorities=await trust.for_signing(core), act=request.act, turn=turn,
        several=tuple(step.person_name for step in signing) if len(signing) > 1 else (),
    )  # fmt: skip


async def prepare(core: Core, sha256: str, job: Job, target: str) -> Half:
    """First half, over exactly the stored bytes; what the second half needs is in ``target``. Raises ``signing.…``."""
    async with core.blobs.as_file(sha256) as source:
        half = await core.workers.run(
            prepare_file, str(source), target, job, timeout=SECONDS, memory_mib=MEMORY_MIB
        )  # fmt: skip
    if half.base_sha256 != sha256:
        raise DomainError("blobs.corrupt", sha256=sha256)
    return half


async def finish(core: Core, prepared: str, target: str, signature: bytes) -> tuple[Rendition, tuple[str, ...]]:
    """Second half: the signed file, through the gate and durable, and the names of its signed fields."""
    authorities = await trust.for_signing(core)
    fields = await core.workers.run(
        finish_file, prepared, target, signature, authorities, timeout=SECONDS, memory_mib=MEMORY_MIB
    )
    return await admit(core, target), fields


async def admit(core: Core, path: str) -> Rendition:
    """A signed file through the gate, byte for byte as it is."""
    return await documents.admit(core, pieces(path), filename="signed.pdf", keep=True)


async def pieces(path: str) -> AsyncIterator[bytes]:
    """A file, piece by piece."""
    with await asyncio.to_thread(open, path, "rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
            yield piece
