"""Shapes of annotations that never leave the server."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

# What becomes of an operation; the wire's ``st``, without ``dup``, which only a resend is.
Outcome: TypeAlias = Literal["applied", "conflict", "gone", "denied"]


class Standing(Struct, frozen=True, kw_only=True):
    """What is stored of an annotation, as far as the rules look at it."""

    owner_id: str
    type: str
    page: int
    rev: int
    deleted: bool
    waiting: bool = False


class Held(Struct, frozen=True, kw_only=True):
    """An annotation as it is now: as it is stored, or (``changed_at``) as it will be.

    ``body`` is its JSON in clear where it changed; ``stored`` tells whether there is a row of it.
    """

    standing: Standing
    owner_name: str
    created_at: str
    changed_at: str | None = None
    body: bytes = b""
    stored: bool = True
    carried: bytes | None = None  # the JSON of where it was carried from


class StreamName(Struct, frozen=True):
    """The parts of ``s:<version>``, ``g:<version>:<group>`` and ``p:<version>:<person>``."""

    version_id: str
    owner: str | None = None
    group: str | None = None

    @property
    def private(self) -> bool:
        """Whether one person alone may read it."""
        return self.owner is not None

    @property
    def shared(self) -> bool:
        """Whether all read it who may read the version."""
        return self.owner is None and self.group is None


def parse_stream(name: str) -> StreamName | None:
    """Take a stream id apart; None where it is not one of annotations."""
    kind, _, rest = name.partition(":")
    version, _, whose = rest.partition(":")
    if kind == "s" and version and not whose:
        return StreamName(version)
    if kind == "p" and version and whose:
        return StreamName(version, owner=whose)
    if kind == "g" and version and whose:
        return StreamName(version, group=whose)
    return None
