"""What a tablet missed of a stream, when it is more than a page: page after page, as long as its reader may see it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from server.core import journal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from server.core.access import Actor
    from server.core.context import Core
    from server.core.journal import Page
    from server.live.wire import MissedWanted


async def missed(core: Core, stream: str, wanted: MissedWanted, *, actor: Actor) -> AsyncIterator[Page]:
    """Pages of catch-up from where the socket's own first page ended; the last one has no ``more``.

    For a link that is in the stream's room already: what is written meanwhile it hears there. Whether the person may
    read is asked for each page, in the transaction that reads it. Pages are read in threads, which takes a third of the
    processor time that they cost on the loop, where every statement is handed to a thread and back. Raises ``denied``.
    """
    last_seq, after = wanted.last_seq, wanted.after
    while True:
        read = partial(journal.catch_up, stream_id=stream, member=actor.person_id, last_seq=last_seq, after=after)
        page = await core.db.read_aside(read)
        yield page
        if not page.more:
            return
        after = page.after
        last_seq += len(page.ops)  # numbers of a stream have no gap
