"""Messages of files on their way in: sent in pieces, converted, looked at, published."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from server.core.wire import Command, Entity, Event, View
from server.documents.wire.papers import Paper


class Incoming(Entity, tag="incoming", frozen=True, kw_only=True):
    """What came in and is no paper yet (stream ``d:``; of a closed item ``u:`` of who brought it).

    ``paper_id``: the paper whose next version it is to be. ``done`` of ``files`` have arrived, or are converted.
    ``pages`` and ``size`` (bytes) are of the PDF, once there is one. ``reason``: the code of why it failed.
    ``secret_mark``: a stamp of state secrecy found in its text (``Mật`` …): only the secretary publishes it, by name.
    """

    meeting_id: str
    item_id: str
    paper_id: str | None
    title: str
    symbol: str
    purpose: Literal["paper", "invitation", "agenda"]
    filename: str
    format: str
    files: int
    stage: Literal["arriving", "waiting", "converting", "ready", "failed"]
    done: int
    pages: int
    size: int
    reason: str | None
    at: str
    by: str
    secret_mark: str = ""


class IncomingChanged(Event, tag="documents.incoming_changed", frozen=True, kw_only=True):
    """A file came in, is being converted, can be looked at, failed, or is gone; ``what`` names the act."""

    put: tuple[Incoming, ...] = ()
    what: Literal["arrived", "converting", "ready", "failed", "retried", "published", "dropped", "moved"]


class UploadQuery(Command, frozen=True, kw_only=True):
    """What an upload is: the file's own name, and a title (else made from the name).

    ``classification``: độ mật. Whatever is not ``normal`` is refused; it may not be on this system at all.
    """

    filename: str
    title: str = ""
    symbol: str = ""
    purpose: Literal["paper", "invitation", "agenda"] = "paper"
    classification: Literal["normal", "confidential", "secret", "top-secret"] = "normal"


class ArrivalQuery(UploadQuery, frozen=True, kw_only=True):
    """The same of a file that may have to be converted first.

    Several images become one paper when they share a ``batch`` (made by who sends them) as ``part`` 1 … ``parts``.
    """

    batch: Annotated[str, Meta(max_length=64)] = ""
    part: Annotated[int, Meta(ge=1, le=200)] = 1
    parts: Annotated[int, Meta(ge=1, le=200)] = 1


class UploadMeta(ArrivalQuery, frozen=True, kw_only=True):
    """What a resumable upload says of its file in ``Upload-Metadata``; ``sha256`` of the whole, if it is known.

    ``again``: though the same file is in another item already.
    """

    sha256: str = ""
    again: bool = False


class Upload(View, frozen=True, kw_only=True):
    """A file on its way in: ``received`` of ``size`` bytes are durable. It goes at ``expires_at`` if nothing comes."""

    id: str
    item_id: str
    paper_id: str | None
    filename: str
    sha256: str
    size: int
    received: int
    expires_at: str


class Uploads(View, frozen=True, kw_only=True):
    """What one has begun to send to an item and what became nothing yet, oldest first."""

    uploads: tuple[Upload, ...]


class UploadFinish(Command, frozen=True, kw_only=True):
    """All bytes are there: make of them what they are to be. ``again``: though the same file is elsewhere already."""

    again: bool = False


class Arrived(View, frozen=True, kw_only=True):
    """What became of a file: a PDF is published at once, anything else waits to be converted and looked at."""

    paper: Paper | None
    incoming: Incoming | None


class IncomingLook(View, frozen=True, kw_only=True):
    """What is looked at before it is published; ``boxes`` as in a version. ``filenames``: what it was made of."""

    incoming: Incoming
    boxes: tuple[tuple[float, float, float, float, int], ...]
    filenames: tuple[str, ...]


class IncomingPublish(Command, frozen=True, kw_only=True):
    """Publish what was looked at; a title or symbol that is given replaces the one it came with.

    ``override``: why it is no state secret though a stamp of secrecy was found in it; the secretary says so by name.
    """

    title: str = ""
    symbol: str = ""
    override: str = ""


class IncomingDropped(View, frozen=True, kw_only=True):
    """It is gone."""

    id: str
