"""Where an annotation belongs in a new version of its paper. Pure: no I/O, no clock.

On a page that is the same it keeps its place. Marked text is found again by its words. Everything else waits for its
owner, with the page on which it may belong: a stroke beside a sentence means nothing beside another.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, structs

from server.annotations.wire import Body, Highlight, Ink, Note, Shape, Text
from server.documents.actions import Found, Passage
from server.documents.models import Box, Origin


class Pages(Struct, frozen=True, kw_only=True):
    """What became of the pages of an older version: where each page of the new one comes from, and both page tables."""

    origins: tuple[Origin, ...]
    old: tuple[Box, ...]
    new: tuple[Box, ...]


class Fit(Struct, frozen=True, kw_only=True):
    """A place in the new version; ``waiting``: only a page on which it may belong."""

    page: int
    body: Body
    waiting: bool = False


def in_place(pages: Pages, page: int, body: Body) -> Fit | None:
    """The same place on the same page; None where that page was changed or is no more."""
    now = next((at for at, origin in enumerate(pages.origins, 1) if origin.same and origin.old == page), None)
    if now is None:
        return None
    (x, y, _, _, turned), (new_x, new_y, _, _, new_turned) = pages.old[page - 1], pages.new[now - 1]
    if turned != new_turned:  # it looks the same, but its coordinates run otherwise
        return None
    return Fit(page=now, body=shifted(body, new_x - x, new_y - y))


def passage(pages: Pages, page: int, body: Body) -> Passage | None:
    """What to look for in the new version; None for what is not marked text."""
    if not isinstance(body, Highlight) or not body.quote.strip():
        return None
    likely = next((at for at, origin in enumerate(pages.origins, 1) if origin.old == page), None)
    return Passage(quote=body.quote, prefix=body.prefix, suffix=body.suffix, page=likely)


def at_words(body: Body, found: Found | None) -> Fit | None:
    """Marked text where its words were found."""
    if found is None or not isinstance(body, Highlight):
        return None
    return Fit(page=found.page, body=structs.replace(body, quads=found.quads))


def waiting(pages: Pages, page: int, body: Body) -> Fit:
    """It waits; the page suggested is what its page became, else what the nearest page before it became."""
    became = {origin.old: at for at, origin in enumerate(pages.origins, 1) if origin.old is not None}
    nearest = next((became[before] for before in range(page, 0, -1) if before in became), 1)
    return Fit(page=nearest, body=body, waiting=True)


def shifted(body: Body, dx: float, dy: float) -> Body:
    """The same mark, so many points further right and up."""
    if dx == dy == 0:
        return body
    match body:
        case Ink():
            x, y, *rest = body.pts
            return structs.replace(body, pts=(x + round(100 * dx), y + round(100 * dy), *rest))
        case Highlight():
            return structs.replace(body, quads=tuple(_quad(quad, dx, dy) for quad in body.quads))
        case Shape():
            return structs.replace(body, x1=body.x1 + dx, y1=body.y1 + dy, x2=body.x2 + dx, y2=body.y2 + dy)
        case Note() | Text():
            return structs.replace(body, x=body.x + dx, y=body.y + dy)


def _quad(quad: Sequence[float], dx: float, dy: float) -> tuple[float, float, float, float, float, float, float, float]:
    a, b, c, d, e, f, g, h = quad
    return a + dx, b + dy, c + dx, d + dy, e + dx, f + dy, g + dx, h + dy
