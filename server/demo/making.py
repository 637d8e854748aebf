"""Making the demo's papers in bounded children, the long ones first, while people and meetings are entered."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from server.core.printing import Letter
from server.core.printing.render import render_pdf
from server.demo import papers

if TYPE_CHECKING:
    from server.core.context import Core

_LONGEST = ("bao-cao-126-xa-phuong", "phu-luc-64-du-an", "du-thao-nghi-quyet", "cong-van-y-kien-scan")
# A busy machine may take ten times what an idle one does (11 s for the longest).
_SECONDS = 120.0
AGENDA = "print/agenda.html"


class PaperMaking:
    """Papers under way; each is awaited where it is published."""

    def __init__(self, core: Core) -> None:
        self._core = core
        keys = [*_LONGEST, *(paper.key for paper in papers.PAPERS if paper.key not in _LONGEST)]
        self._tasks = {key: asyncio.create_task(self._run(key)) for key in keys}

    async def paper(self, key: str) -> bytes:
        """The PDF of a paper of ``server.demo.papers``."""
        return await self._tasks[key]

    async def printed(self, letter: Letter, values: Mapping[str, Any]) -> bytes:
        """A programme (chương trình họp) of its own, printed from the template."""
        return await self._core.workers.run(print_agenda, letter, dict(values), timeout=_SECONDS)

    async def stop(self) -> None:
        """End what is still under way, when the seeding fails."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _run(self, key: str) -> bytes:
        return await self._core.workers.run(make_paper, key, timeout=_SECONDS)


def make_paper(key: str) -> bytes:
    """One paper; runs in a child."""
    return papers.make(key)


def print_agenda(letter: Letter, values: dict[str, Any]) -> bytes:
    """A programme as PDF; runs in a child."""
    return render_pdf(AGENDA, {"doc": letter, **values})
