"""The unseen mark: a number of 64 bits as a square of 32 by 32 faint cells, repeated over the page.

Half of the cells are the same in every copy: by them a reader finds where a square begins and how large it is. The
others carry the number, eight cells for each bit, scattered. Which cell means what follows from a hash and is no
secret: what keeps a mark from being made up is that numbers are drawn at random and known to the server alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

SIDE = 32
BITS = 64
CELLS = SIDE * SIDE
TILE_BYTES = CELLS // 8
_PER_BIT = CELLS // 2 // BITS


def _laid() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The cells in the order of their use, and the sign of each cell."""
    digests = [hashlib.sha256(b"phien mark 1 %d" % cell).digest() for cell in range(CELLS)]
    order = sorted(range(CELLS), key=digests.__getitem__)
    return tuple(order), tuple(1 if digest[-1] & 1 else -1 for digest in digests)


_ORDER, _SIGN = _laid()
_SYNC = frozenset(_ORDER[: CELLS // 2])
SYNC: tuple[int, ...] = tuple(_SIGN[cell] if cell in _SYNC else 0 for cell in range(CELLS))
"""What every copy has, row by row from the top left: 1 bright, -1 dark, 0 where the number is."""


def cells_of(bit: int) -> Sequence[int]:
    """The cells that carry a bit of the number (0 is the lowest)."""
    begin = CELLS // 2 + bit * _PER_BIT
    return _ORDER[begin : begin + _PER_BIT]


def _cells(which: Sequence[int], sign: int) -> int:
    """Those of the cells that have this sign, as bits of a whole square: the first cell is the highest bit."""
    return sum(1 << CELLS - 1 - cell for cell in which if _SIGN[cell] == sign)


_ALWAYS = _cells(tuple(_SYNC), 1)
# What is bright for a bit that is 0, and for one that is 1.
_MEANT = tuple((_cells(cells_of(bit), -1), _cells(cells_of(bit), 1)) for bit in range(BITS))


def tile(number: int) -> bytes:
    """The square of a number as a mask of one bit a cell, row by row from the top: 0 is painted, 1 is left."""
    bright = _ALWAYS
    for bit, meant in enumerate(_MEANT):
        bright |= meant[number >> bit & 1]
    return bright.to_bytes(TILE_BYTES, "big")


def number_of(light: Sequence[float]) -> int:
    """The number that a square seems to carry: ``light`` of each cell as compared to its neighbourhood."""
    found = 0
    for bit in range(BITS):
        if sum(light[cell] * _SIGN[cell] for cell in cells_of(bit)) > 0:
            found |= 1 << bit
    return found
