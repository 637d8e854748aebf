"""Making the demo's papers in bounded children, the long ones first, while people and meetings are entered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
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
        self._tasks = {key: asyncio.create_task(self._run(key, make_paper)) for key in keys}
        drafts = [paper.key for paper in papers.PAPERS if paper.earlier]
        self._earlier = {key: asyncio.create_task(self._run(key, make_draft)) for key in drafts}

    async def paper(self, key: str) -> bytes:
        """The PDF of a paper of ``server.demo.papers``."""
        return await self._tasks[key]

    async def earlier(self, key: str) -> bytes | None:
        """The PDF of the draft that went out before a paper, if there was one."""
        return await self._earlier[key] if key in self._earlier else None

    async def printed(self, letter: Letter, values: Mapping[str, Any]) -> bytes:
        """A programme (chương trình họp) of its own, printed from the template."""
        return await self._core.workers.run(print_agenda, letter, dict(values), timeout=_SECONDS)

    async def stop(self) -> None:
        """End what is still under way, when the seeding fails."""
        tasks = [*self._tasks.values(), *self._earlier.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, key: str, make: Callable[[str], bytes]) -> bytes:
        return await self._core.workers.run(make, key, timeout=_SECONDS)


def make_paper(key: str) -> bytes:
    """One paper; runs in a child."""
    return papers.make(key)


def make_draft(key: str) -> bytes:
    """The draft before a paper; runs in a child."""
    return papers.make(key, earlier=True)


def print_form(template: str, values: dict[str, Any]) -> bytes:
    """A paper without fields; runs in a child."""
    return render_pdf(template, values)


def print_agenda(letter: Letter, values: dict[str, Any]) -> bytes:
    """A programme as PDF; runs in a child."""
    return render_pdf(AGENDA, {"doc": letter, **values})
