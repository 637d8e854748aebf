"""What other features do in the transaction of a paper's change; each adds its function once, at set-up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from server.core.access import Actor
from server.core.db import Tx
from server.documents.wire import Paper

# (tx, actor, paper): the paper has another current version, or was recalled and has none.
VersionHook: TypeAlias = Callable[[Tx, Actor, Paper], None]

version_changed: list[VersionHook] = []


def add(hooks: list[VersionHook], hook: VersionHook) -> None:
    """Add ``hook`` unless it is there already: several applications may be set up in one process."""
    if hook not in hooks:
        hooks.append(hook)
