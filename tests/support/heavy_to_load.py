"""A module that takes 600 MiB when it is loaded, for the tests of the workers."""

from __future__ import annotations

_BALLAST = bytearray(600 * 1024 * 1024)


def weight() -> int:
    """How many bytes it took."""
    return len(_BALLAST)
