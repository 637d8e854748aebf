"""Finding passages of one version again in another, with their places on the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from server.core.errors import DomainError
from server.core.workers import File
from server.documents.actions import page_words
from server.documents.comparing import folded
from server.documents.comparing.passages import Passage, locate
from server.documents.intake.quads import read_quads
from server.documents.models import Quad

if TYPE_CHECKING:
    from server.core.context import Core
    from server.documents.store.versions import Held

SECONDS = 30.0
MEMORY_MIB = 512

_decode = msgspec.json.Decoder(list[tuple[Quad, ...]]).decode


class Found(Struct, frozen=True):
    """The page (from 1) on which a passage stands, and the quads of its words, a line or more each."""

    page: int
    quads: tuple[Quad, ...]


async def find_passages(core: Core, held: Held, passages: Sequence[Passage]) -> list[Found | None]:
    """Where each passage stands in a version; None where it is not there, or there more than once.

    The caller has asked whether it may be told. Raises ``worker_busy``.
    """
    texts = [folded(text) for text in await page_words.of_content(core, held.sha256)]
    spots = [locate(texts, passage) for passage in passages]
    wanted = tuple(spot for spot in spots if spot is not None)
    if not wanted:
        return [None] * len(passages)
    async with core.blobs.as_file(held.sha256) as path:
        try:
            quads = iter(
                _decode(
                    await core.readers.run(read_quads, File(str(path)), wanted, timeout=SECONDS, memory_mib=MEMORY_MIB)
                )
            )
        except DomainError as error:
            if error.code not in {"worker_failed", "worker_timeout"}:
                raise
            return [None] * len(passages)
    places = (next(quads) if spot is not None else () for spot in spots)
    return [Found(spot.page, place) if spot and place else None for spot, place in zip(spots, places, strict=True)]
