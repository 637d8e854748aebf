"""Children that one test leaves fit work for the next: a child that loads its libraries anew costs half a second."""

from __future__ import annotations

import os
import signal
from collections import defaultdict
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Self

import pytest

from server.core import sandbox, workers
from server.core.worker_process import Child

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# What differs from test to test and means nothing to a child.
_OF_NO_MATTER = {"PYTEST_CURRENT_TEST"}
_KEPT = 2
_Kind = tuple[Any, ...]

_idle: defaultdict[_Kind, list[KeptChild]] = defaultdict(list)


class KeptChild(Child):
    """A child that is put by instead of killed where it could serve on."""

    kind: _Kind = ()

    @classmethod
    async def start(cls, nice: int) -> Self:
        """One that was put by, or a new one."""
        kind = (nice, _surroundings())
        return cls._put_by(kind) or cls._of(kind, await super().start(nice))

    @classmethod
    async def start_walled(cls, nice: int, readable: Sequence[str]) -> Self:
        """One that was put by behind the same wall, or a new one."""
        kind = (nice, sandbox.wall(), tuple(readable), _surroundings())
        return cls._put_by(kind) or cls._of(kind, await super().start_walled(nice, readable))

    @classmethod
    def _put_by(cls, kind: _Kind) -> Self | None:
        while _idle[kind]:
            child = _idle[kind].pop()
            if isinstance(child, cls) and child._process.poll() is None:
                return child
        return None

    @classmethod
    def _of(cls, kind: _Kind, child: Self) -> Self:
        child.kind = kind
        return child

    async def kill(self) -> None:
        """Put it by where it is between two tasks, else kill it."""
        if self.is_fit and len(_idle[self.kind]) < _KEPT and self._process.poll() is None:
            _idle[self.kind].append(self)
        else:
            await super().kill()

    def end(self) -> None:
        """Kill it outside any event loop."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._line.close()
        if self._hands is not None:
            self._hands.close()
        if self._folder is not None:
            self._folder.cleanup()


@contextmanager
def kept() -> Iterator[None]:
    """While this lasts, pools take children that were put by, and put theirs by when they close."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "Child", KeptChild)
        yield


def end_all() -> None:
    """Kill what was put by."""
    for children in _idle.values():
        for child in children:
            child.end()
    _idle.clear()


def _surroundings() -> frozenset[tuple[str, str]]:
    return frozenset((name, value) for name, value in os.environ.items() if name not in _OF_NO_MATTER)
