"""What other features do in the transaction of a paper's change; each adds its function once, at set-up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from server.core.access import Actor
from server.core.db import Tx
from server.documents.wire import Paper

if TYPE_CHECKING:
    from server.documents.store.versions import Held

T = TypeVar("T")

# (tx, actor, paper): the paper has another current version, or was recalled and has none.
VersionHook: TypeAlias = Callable[[Tx, Actor, Paper], None]

# (tx, actor, held): the actor has received a version for the first time.
ReceiptHook: TypeAlias = "Callable[[Tx, Actor, Held], None]"

version_changed: list[VersionHook] = []
version_received: list[ReceiptHook] = []


def add(hooks: list[T], hook: T) -> None:
    """Add ``hook`` unless it is there already: several applications may be set up in one process."""
    if hook not in hooks:
        hooks.append(hook)
