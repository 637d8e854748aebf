"""A place on a paper as a value: no PDF library stands behind it, so any process may hold one."""

from typing import Literal

import msgspec

Align = Literal["left", "centre", "right"]
Box = tuple[float, float, float, float]
"""x1, y1, x2, y2 in points, lower left and upper right corner, the page's own coordinates."""


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A place on the paper, prepared before anybody signs.

    Attributes:
        name: of the form field.
        box: x1, y1, x2, y2 in points, the page's own coordinates; None for a signature that is not seen.
        page: index from 0; negative counts from the end, -1 is the last page.
        kind: "signature", or "text" to be filled later (number, date).
        align: of a text between the edges of its box.
        leaves: what the signature leaves open: it locks every other field. None locks nothing.
        closes: after this signature nothing may change any more but proofs and time stamps; the seal's.
    """

    name: str
    box: Box | None = None
    page: int = -1
    kind: Literal["signature", "text"] = "signature"
    align: Align = "left"
    leaves: tuple[str, ...] | None = None
    closes: bool = False
