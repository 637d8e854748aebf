"""A process that numbers signed papers, again and again the same ones: to be killed anywhere.

``numbering.py <folder>``. What an earlier process reserved and left is completed first. Each answer goes to standard
output as soon as it is given.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from server.app import with_core
from server.core.access import Role
from server.signatures.actions import numbering
from server.signatures.store import dossiers
from server.signatures.wire import Act
from tests.signatures.registry import set_registry, signed
from tests.support.house import actor, config_for
from tests.support.sitting import enter_people

if TYPE_CHECKING:
    from server.core.context import Core

PAPERS = 4
LEASE_SECONDS = 0.2


class Stage(msgspec.Struct):
    """What all processes act on."""

    body: str
    clerk: str
    dossiers: list[str]


def say(*words: str) -> None:
    """Tell the one who watches."""
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


async def stage(core: Core, kept: Path) -> Stage:
    """The papers, made once for all processes."""
    if kept.is_file():
        return msgspec.json.decode(kept.read_bytes(), type=Stage)
    registry = await set_registry(core, await enter_people(core, 6))
    waiting = [await signed(core, registry, f"Quyết định {n}") for n in range(PAPERS)]
    made = Stage(registry.people.body, registry.clerk.person_id, [each.id for each in waiting])
    kept.write_bytes(msgspec.json.encode(made))
    return made


async def work(core: Core, folder: Path) -> None:
    """Complete what was left, then number what has none; asked for what has one, the answer is the same."""
    given = await stage(core, folder / "stage.json")
    say("ready")
    await asyncio.sleep(2 * LEASE_SECONDS)
    await numbering.recover(core)
    clerk = actor(given.clerk, Role.CLERK, body=given.body)
    for dossier_id in given.dossiers:
        dossier = await core.db.read(lambda read, dossier_id=dossier_id: dossiers.load(read, dossier_id))  # type: ignore[misc]
        assert dossier is not None
        numbered = await numbering.number(core, dossier_id, Act(sha256=dossier.sha256), actor=clerk)
        say("numbered", dossier_id, numbered.symbol, numbered.dated or "")
    say("done")


def main() -> None:
    """Run in the folder that the command line names."""
    folder = Path(sys.argv[1])
    numbering.LEASE_SECONDS = LEASE_SECONDS  # type: ignore[assignment]
    config = config_for(folder / "data", f"sqlite:///{folder / 'data' / 'phien.sqlite'}")
    config = msgspec.structs.replace(config, key_file=folder / "data" / "keys" / "sealing.key")
    asyncio.run(with_core(config, lambda core: work(core, folder)))


if __name__ == "__main__":
    main()
