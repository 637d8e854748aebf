"""The axis that carries messages between bodies (trục liên thông): what it can do, and one made of folders.

The real one is reached through software that its operator gives out and signs contracts for; it is an adapter of this
shape. Folders are the local double, and serve two installations that share a disk.
"""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Protocol

from server.core.ids import new_id
from server.exchange import rules


class Axis(Protocol):
    """Carries messages. What fails raises OSError and is tried again; nothing is taken twice by its id."""

    async def send(self, message: Path, sender: str, recipient: str) -> str:
        """Hand a message over; gives its id on the axis."""

    async def waiting(self, recipient: str) -> list[str]:
        """Ids of the messages that wait for a body, oldest first."""

    async def fetch(self, recipient: str, message_id: str, target: Path) -> None:
        """Write a message that waits to ``target``."""

    async def confirm(self, recipient: str, message_id: str) -> None:
        """Say that a message is safe here; it waits no more."""


class FolderAxis:
    """A folder for each body below ``root``, a file for each message; confirmed ones lie in ``taken``."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def send(self, message: Path, sender: str, recipient: str) -> str:  # noqa: ARG002 - see Axis
        """See Axis."""
        message_id = new_id()
        await asyncio.to_thread(self._put, message, recipient, message_id)
        return message_id

    async def waiting(self, recipient: str) -> list[str]:
        """See Axis."""
        return await asyncio.to_thread(lambda: sorted(one.stem for one in self._of(recipient).glob("*.edxml")))

    async def fetch(self, recipient: str, message_id: str, target: Path) -> None:
        """See Axis."""
        await asyncio.to_thread(shutil.copyfile, self._file(recipient, message_id), target)

    async def confirm(self, recipient: str, message_id: str) -> None:
        """See Axis."""
        await asyncio.to_thread(self._take, recipient, message_id)

    def _put(self, message: Path, recipient: str, message_id: str) -> None:
        folder = self._of(recipient)
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{message_id}.part"
        shutil.copyfile(message, part)
        part.replace(folder / f"{message_id}.edxml")

    def _take(self, recipient: str, message_id: str) -> None:
        taken = self._of(recipient) / "taken"
        taken.mkdir(exist_ok=True)
        found = self._file(recipient, message_id)
        if found.exists():
            found.replace(taken / found.name)

    def _of(self, recipient: str) -> Path:
        if not rules.organ_is_well_formed(recipient):
            raise FileNotFoundError(recipient)
        return self._root / recipient

    def _file(self, recipient: str, message_id: str) -> Path:
        return self._of(recipient) / f"{Path(message_id).name}.edxml"
