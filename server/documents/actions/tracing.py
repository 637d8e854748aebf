"""Tracing: whose copy a file or a picture of a page was taken from, by the mark that nobody sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct, structs

from server.core.errors import DomainError
from server.core.workers import File
from server.documents import rules
from server.documents.store import marks, versions
from server.documents.watermark import read_marks

if TYPE_CHECKING:
    from pathlib import Path

    from server.core.context import Core
    from server.core.db import Read
    from server.documents.models import Reading

# A picture without a mark is looked through in every size and turn before that is said.
SECONDS = 600.0
MEMORY_MIB = 2048


class Traced(Struct, frozen=True, kw_only=True):
    """Whose copy it was.

    ``wrong``: how many of the 64 bits were read otherwise than the number has them. ``chance``: at most so likely does
    a number read at random lie this near to one that was given out.
    """

    person_id: str
    name: str
    issued_at: str
    paper: str
    version_id: str
    no: int
    page: int
    strength: float
    wrong: int
    chance: float


async def trace(core: Core, path: Path) -> Traced | None:
    """The recipient of the copy that ``path`` shows (PDF, PNG, JPEG…); None where no mark of this server is found."""
    readings = await core.readers.run(read_marks, File(str(path)), timeout=SECONDS, memory_mib=MEMORY_MIB)
    return await core.db.read(lambda read: next(filter(None, (_named(read, each) for each in readings)), None))


def _named(read: Read, reading: Reading) -> Traced | None:
    given = [int(number, 16) for number in marks.numbers(read)]
    nearest = min(given, key=lambda number: (number ^ reading.number).bit_count(), default=None)
    if nearest is None:
        return None
    wrong = (nearest ^ reading.number).bit_count()
    chance = rules.chance_of_nearness(wrong, len(given))
    copy = marks.numbered(read, f"{nearest:016x}") if chance <= rules.MOST_CHANCE else None
    held = copy and versions.held(read, copy.version_id)
    version = copy and versions.load(read, copy.version_id)
    if not copy or not held or not version:
        return None
    return Traced(
        person_id=copy.person_id, name=copy.name, issued_at=copy.issued_at, paper=held.title, version_id=version.id,
        no=version.no, page=reading.page, strength=reading.strength, wrong=wrong, chance=chance,
    )  # fmt: skip


async def told(core: Core, path: Path) -> tuple[bool, str]:
    """Trace a file: whether a recipient was found, and all of it as one JSON line."""
    problem, found = None, None
    try:
        found = await trace(core, path)
    except DomainError as error:
        problem = error.code
    line = {"file": path.name, "found": found is not None, "problem": problem}
    return found is not None, msgspec.json.encode(line | (structs.asdict(found) if found else {})).decode()
