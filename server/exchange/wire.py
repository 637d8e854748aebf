"""Messages of exchange: codes of bodies on the axis, what was sent to whom, what arrived and what it is worth."""

from __future__ import annotations

from typing import Literal

from server.core.wire import Command, Event, View

OutgoingState = Literal[
    "queued", "sent", "failed", "arrived", "refused", "received", "assigned", "working", "done", "recalled"
]  # fmt: skip
Verdict = Literal["valid", "invalid", "unclear"]


class OrganCode(View, frozen=True, kw_only=True):
    """The code of a body on the axis (``000.00.01.H56``)."""

    body_id: str
    body_name: str
    organ_id: str


class OrganCodes(View, frozen=True, kw_only=True):
    """All bodies that have a code."""

    organs: tuple[OrganCode, ...]


class OrganSet(Command, frozen=True, kw_only=True):
    """Give a body its code; an empty one takes it away."""

    organ_id: str


class ExchangeSend(Command, frozen=True, kw_only=True):
    """Send an issued paper to these bodies. ``password`` opens the key of the body's seal, which signs the package.

    ``annexes``: papers of the same item that were sealed as annexes and go with it; None sends all of them.
    """

    bodies: tuple[str, ...]
    password: str = ""
    annexes: tuple[str, ...] | None = None


class Outgoing(View, frozen=True, kw_only=True):
    """A package on its way to one body; ``state`` is what the axis and then the recipient said last."""

    id: str
    organ_id: str
    organ_name: str
    document_id: str
    sha256: str
    state: OutgoingState
    remarks: str
    sent_at: str
    changed_at: str


class Exchange(View, frozen=True, kw_only=True):
    """To whom a dossier's paper went, in the order of sending."""

    outgoing: tuple[Outgoing, ...]


class Sent(View, frozen=True, kw_only=True):
    """A package of the desk's list: which paper, to whom, where it stands.

    ``remarks``: what the axis or the recipient said last, in their words. ``attempts``: how often it was handed to the
    axis; ``due_at``: when again, of one that is queued. ``again``: it may be handed over anew at once.
    """

    id: str
    dossier_id: str
    body_id: str
    symbol: str
    title: str
    organ_id: str
    organ_name: str
    state: OutgoingState
    remarks: str
    attempts: int
    due_at: str | None
    sent_at: str
    changed_at: str
    again: bool


class SentPage(View, frozen=True, kw_only=True):
    """What went out of the bodies whose registry clerk one is, the newest first; ``axis``: the house has one."""

    outgoing: tuple[Sent, ...]
    axis: bool


class ReceivedFile(View, frozen=True, kw_only=True):
    """A file of a package; ``verdict`` of the signatures of a PDF, None for anything else.

    ``description``: what the sender says of it, of an annex its title.
    """

    name: str
    description: str = ""
    size: int
    sha256: str
    verdict: Verdict | None = None


class Received(View, frozen=True, kw_only=True):
    """A package that arrived, with what the check of authenticity and integrity found.

    ``reasons`` are sentences. ``signer`` is whom the package's signature names. ``answer`` is what the clerk said.
    """

    id: str
    body_id: str
    organ_id: str
    organ_name: str
    document_id: str
    subject: str
    arrived_at: str
    sha256: str
    size: int
    verdict: Verdict
    reasons: tuple[str, ...]
    signer: str
    files: tuple[ReceivedFile, ...]
    answer: Literal["", "received", "refused"] = ""
    remarks: str = ""


class ReceivedPage(View, frozen=True, kw_only=True):
    """What arrived for one's bodies, the newest first."""

    incoming: tuple[Received, ...]


class ReceivedAnswer(Command, frozen=True, kw_only=True):
    """Receive a package or send it back; sending back gives the reason."""

    accept: bool
    remarks: str = ""


class Exchanged(Event, tag="exchange.changed", frozen=True, kw_only=True):
    """Something was sent, arrived, or was answered (audit only)."""

    act: Literal["organ", "sent", "again", "status", "arrived", "answered"]
    subject_id: str
    document_id: str = ""
    organ_id: str = ""
    said: str = ""
