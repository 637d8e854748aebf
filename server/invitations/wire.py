"""Messages of invitations: sending, receiving, answering."""

from __future__ import annotations

from typing import Literal

from server.core.wire import Command, View


class InvitationSend(Command, frozen=True, kw_only=True):
    """Send to all who have not been invited yet (or, ``again``, to everybody), in the app and by mail."""

    mail: bool = True
    again: bool = False


class InvitationPrint(Command, frozen=True, kw_only=True):
    """Print the giấy mời. What is not given is taken from the meeting: its body's symbol and place, its chair."""

    symbol: str = ""  # what follows the number: GM-UBND
    place: str = ""  # where the paper is dated
    signer_id: str | None = None


class InvitationSent(View, frozen=True, kw_only=True):
    """How many are being invited; the progress is on stream ``d:``."""

    invited: int
    mails: int


class InvitationAnswer(Command, frozen=True, kw_only=True):
    """One's own answer. A decline gives a reason; a substitute is named from the directory."""

    answer: Literal["accepted", "declined", "substitute"]
    reason: str = ""
    substitute_id: str | None = None


class SubstituteDecision(Command, frozen=True, kw_only=True):
    """The secretariat accepts or refuses a proposed substitute."""

    accept: bool


class Invitation(View, frozen=True, kw_only=True):
    """One's own invitation."""

    meeting_id: str
    answer: Literal["none", "accepted", "declined", "substitute"]
    reason: str
    answered_at: str | None
    paper_id: str | None  # the giấy mời, where it is among the papers
