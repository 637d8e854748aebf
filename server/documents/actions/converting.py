"""The queue of conversions: what came in is taken, made a PDF, put through the gate, and then waits to be looked at.

A row is leased to who works on it, and the lease renewed as long as they live; a killed server's row is taken up
again. Whatever happens, a row is begun at most ``TRIES`` times before somebody is asked.
"""

from __future__ import annotations

import asyncio
import tempfile
import zipfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import structlog
from msgspec import structs

from server.core import failpoints, wire
from server.core.blobs import PIECE_BYTES
from server.core.errors import DomainError
from server.core.workers import File
from server.documents.actions.incoming import change_txn
from server.documents.conversion.images import image_to_pdf, join
from server.documents.conversion.kinds import IMAGES
from server.documents.intake import admit, folder_of
from server.documents.store import incoming as store

if TYPE_CHECKING:
    from server.core.context import Core
    from server.core.db import Tx
    from server.documents.conversion.office import Office
    from server.documents.models import Rendition
    from server.documents.store.incoming import Stored

TRIES = 2
LEASE_SECONDS = 20.0
# Progress of many pictures is told at most so many times.
STEPS = 10
IMAGE_SECONDS = 60.0
IMAGE_MEMORY_MIB = 768
# So many open files go to a child at once, one of them to be written.
_JOINED_AT_ONCE = 6
TAKEN, MADE, ADMITTED = "conversion.taken", "conversion.made", "conversion.admitted"
# Written, and not committed.
FINISHED = "conversion.finished"
# Worth another attempt: LibreOffice may have been at fault, or the machine. A file that the gate refuses stays refused.
_AGAIN = frozenset({"documents.not_converted", "documents.convert_timeout", "worker_failed", "worker_timeout"})
# The machine has no room now; that says nothing of the file.
_LATER = frozenset({"worker_busy", "documents.no_space"})

_log = structlog.get_logger(__name__)


async def convert_next(core: Core, office: Office) -> bool:
    """Convert what waits longest, if anything does; returns whether something was tried."""
    row = await core.db.write(lambda tx: _take_txn(core, tx))
    if row is None:
        return False
    failpoints.hit(TAKEN)
    try:
        async with _leased(core, row):
            rendition = await _made(core, office, row)
    except DomainError as error:
        _log.info("not converted", code=error.code, tries=row.tries, kind=row.given[0].kind)
        await core.db.write(lambda tx, code=error.code: _fail_txn(core, tx, row, code))  # type: ignore[misc]
    except asyncio.CancelledError:
        await asyncio.shield(core.db.write(lambda tx: _give_back_txn(tx, row)))
        raise
    else:
        failpoints.hit(ADMITTED)
        await core.db.write(lambda tx: _finish_txn(tx, row, rendition))
    return True


def _take_txn(core: Core, tx: Tx) -> Stored | None:
    """The next row, leased; one that was begun too often is given up."""
    while (found := store.next_waiting(tx, wire.stamp(core.clock.now()))) is not None:
        row = store.lock_txn(tx, found)
        if row is None:
            continue
        if row.tries >= TRIES:
            change_txn(tx, row, _failed("documents.not_converted"), "failed", None)
            continue
        values = {"stage": "converting", "tries": row.tries + 1, "done": 0, "leased_until": _lease(core)}
        change_txn(tx, row, values, "converting", None)
        return structs.replace(row, **values)
    return None


async def _made(core: Core, office: Office, row: Stored) -> Rendition:
    folder_of(core.config).mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=folder_of(core.config), ignore_cleanup_errors=True) as name:
        folder = Path(name)
        target = folder / "made.pdf"
        if row.given[0].kind in IMAGES:
            await _images(core, row, folder, target)
        else:
            async with core.blobs.as_file(row.given[0].sha256) as source:
                await office.convert(source, row.given[0].kind, target)
        failpoints.hit(MADE)
        rendition = await admit(core, _pieces(target), filename="x.pdf")
        sha256, kind = await _source(core, row, folder)
    return structs.replace(rendition, source_sha256=sha256, source_kind=kind)


async def _images(core: Core, row: Stored, folder: Path, target: Path) -> None:
    pages = [folder / f"{file.no}.pdf" for file in row.given]
    told = 0
    for done, (file, page) in enumerate(zip(row.given, pages, strict=True), start=1):
        async with core.blobs.as_file(file.sha256) as source:
            await core.gate.run(
                image_to_pdf, File(str(source)), file.kind, File(str(page), written=True),
                timeout=IMAGE_SECONDS, memory_mib=IMAGE_MEMORY_MIB,
            )  # fmt: skip
        if (done - told) * STEPS >= len(pages) and done < len(pages):
            told = done
            await core.db.write(lambda tx, done=done: _tell_txn(tx, row, done))  # type: ignore[misc]
    await _joined(core, pages, folder, target)


async def _joined(core: Core, pages: Sequence[Path], folder: Path, target: Path) -> None:
    """All pages in one file, some at a time."""
    rest, number = list(pages), 0
    while len(rest) > 1:
        number += 1
        into = folder / f"joined-{number}.pdf"
        some = [File(str(page)) for page in rest[:_JOINED_AT_ONCE]]
        await core.gate.run(join, File(str(into), written=True), *some, timeout=IMAGE_SECONDS)
        rest = [into, *rest[_JOINED_AT_ONCE:]]
    rest[0].rename(target)


async def _source(core: Core, row: Stored, folder: Path) -> tuple[str, str]:
    """What is kept as the original: the file itself, or several together in the order of the pages."""
    if len(row.given) == 1:
        return row.given[0].sha256, row.given[0].kind
    packed = folder / "source.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for file in row.given:
            # The same files make the same archive, so its date is nobody's.
            entry = zipfile.ZipInfo(f"{file.no:03} {file.filename}")
            async with core.blobs.as_file(file.sha256) as source:
                await asyncio.to_thread(_pack, archive, entry, source)
    ref = await core.blobs.put_stream(_pieces(packed), max_bytes=packed.stat().st_size)
    return ref.sha256, "zip"


def _pack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, source: Path) -> None:
    archive.writestr(entry, source.read_bytes())


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
            yield piece


@asynccontextmanager
async def _leased(core: Core, row: Stored) -> AsyncIterator[None]:
    """Keep the lease as long as this process works on the row."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(LEASE_SECONDS / 4)
            await core.db.write(lambda tx: store.renew_txn(tx, row.id, row.tries, _lease(core)))

    renewing = asyncio.create_task(renew())
    try:
        yield
    finally:
        renewing.cancel()
        with suppress(asyncio.CancelledError):
            await renewing


def _lease(core: Core) -> str:
    return wire.stamp(core.clock.now() + timedelta(seconds=LEASE_SECONDS))


def _own_txn(tx: Tx, row: Stored) -> Stored | None:
    """The row as it is now, unless it was dropped, or somebody else has taken it up."""
    now = store.lock_txn(tx, row.id)
    return now if now is not None and (now.stage, now.tries) == ("converting", row.tries) else None


def _tell_txn(tx: Tx, row: Stored, done: int) -> None:
    now = _own_txn(tx, row)
    if now is not None:
        change_txn(tx, now, {"done": done}, "converting", None)


def _finish_txn(tx: Tx, row: Stored, rendition: Rendition) -> None:
    now = _own_txn(tx, row)
    if now is None:
        return
    values = {
        "stage": "ready", "done": row.files, "leased_until": None, "sha256": rendition.sha256, "size": rendition.size,
        "findings": msgspec.json.encode(rendition.findings), "source_sha256": rendition.source_sha256,
        "source_kind": rendition.source_kind,
    }  # fmt: skip
    change_txn(tx, now, values, "ready", None)
    failpoints.hit(FINISHED)


def _fail_txn(core: Core, tx: Tx, row: Stored, code: str) -> None:
    now = _own_txn(tx, row)
    if now is None:
        return
    if code in _LATER:
        _wait_txn(core, tx, now)
    elif code in _AGAIN and now.tries < TRIES:
        change_txn(tx, now, {"stage": "waiting", "leased_until": None}, "converting", None)
    else:
        change_txn(tx, now, _failed(code), "failed", None)


def _wait_txn(core: Core, tx: Tx, row: Stored) -> None:
    """Leave it leased to nobody for a while, as if it had not been begun."""
    store.change_txn(tx, row.id, {"tries": row.tries - 1, "leased_until": _lease(core)})


def _give_back_txn(tx: Tx, row: Stored) -> None:
    """The server ends in the middle of it: nothing was wrong with the file."""
    now = _own_txn(tx, row)
    if now is not None:
        change_txn(tx, now, {"stage": "waiting", "tries": now.tries - 1, "leased_until": None}, "converting", None)


def _failed(code: str) -> dict[str, object]:
    return {"stage": "failed", "done": 0, "leased_until": None, "reason": code}
