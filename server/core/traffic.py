"""How much people are doing at the moment, for work that can wait for a quieter one."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.core.db import Database, Published

# A room of fifty that draws commits twenty times a second; one desk at work, and work in the background, hardly once.
COMMITS = 25
SECONDS = 5.0


class Traffic:
    """The commits of this process that told somebody something.

    Make one for as long as the database lives: nobody unsubscribes.
    """

    def __init__(self, db: Database) -> None:
        self._commits: deque[float] = deque(maxlen=COMMITS)
        db.subscribe(self._heed)

    def is_busy(self) -> bool:
        """Whether many have just written something."""
        return len(self._commits) == COMMITS and time.monotonic() - self._commits[0] < SECONDS

    def _heed(self, _published: list[Published]) -> None:
        self._commits.append(time.monotonic())
