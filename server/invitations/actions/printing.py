"""The giấy mời as a paper: printed from the meeting, kept among its papers, attached to its mails."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct

from server.core.access import Actor
from server.core.context import Core
from server.core.db import Read
from server.core.errors import DomainError
from server.core.printing import Letter, Signer
from server.documents import actions as documents
from server.documents.wire import Paper
from server.invitations import rules
from server.invitations.wire import InvitationPrint
from server.meetings import actions as meetings
from server.meetings.rules import require_state, title, words
from server.meetings.wire import Meeting, Person
from server.signatures.actions.printing import print_official

_TEMPLATE = "print/invitation.html"
_RECIPIENTS = ("Như thành phần mời", "Lưu: VT")
_NOTE = "Tài liệu họp được gửi trên hệ thống họp không giấy"


class _Text(Struct, frozen=True, kw_only=True):
    """What is printed, for which body, and where it goes."""

    body_id: str
    item_id: str
    paper_id: str | None
    letter: Letter
    guests: list[str]
    meeting: dict[str, Any]


async def print_invitation(core: Core, meeting_id: str, command: InvitationPrint, *, actor: Actor) -> Paper:
    """Print the giấy mời (form 1.7 of Decree 30/2020) and publish it: the first as a paper, then as its next version.

    It has the fields in which it is initialled, signed, numbered, dated and sealed; number and date are left to the
    registry. Raises ``invitations.no_guests``, ``meetings.no_chair``, and what the
    meeting's state forbids.
    """
    text = await core.db.read(lambda read: _text(read, meeting_id, command, actor))
    values = {"doc": text.letter, "guests": text.guests, "meeting": text.meeting}
    paper = await print_official(core, _TEMPLATE, values, body_id=text.body_id)
    return await documents.publish_bytes(
        core, text.item_id, paper.pdf, text.letter.title, "invitation", actor,
        paper_id=text.paper_id, symbol=text.letter.symbol, never_rewrite=True,
    )  # fmt: skip


def current_paper(read: Read, meeting_id: str) -> Paper | None:
    """The giấy mời among the meeting's own papers: the last that was published, printed here or uploaded."""
    papers = documents.papers_of(read, _general(read, meeting_id))
    return next((each for each in reversed(papers) if each.purpose == "invitation" and each.version), None)


async def paper_bytes(core: Core, meeting_id: str, *, reader: Actor) -> bytes | None:
    """The current giấy mời as a PDF, where there is one that this reader may read: the copy with their name.

    Raises ``documents.marking`` while copies are being made ready.
    """
    paper = await core.db.read(lambda read: current_paper(read, meeting_id))
    if paper is None or paper.version is None:
        return None
    try:
        return await documents.whole(core, paper.version.id, actor=reader)
    except DomainError as error:
        if error.code not in {"not_found", "denied", "gone"}:
            raise
        return None


def _text(read: Read, meeting_id: str, command: InvitationPrint, actor: Actor) -> _Text:
    meeting = meetings.find(read, actor, "invitations.print", meeting_id)
    require_state("invitations.print", meeting.state)
    signer = meeting.chair
    if command.signer_id is not None:
        signer = meetings.participants.shown(read, command.signer_id)
    if signer is None or meeting.chair is None:
        raise DomainError("meetings.no_chair")
    guests = rules.guests(meetings.participants.listed(read, meeting_id))
    if not guests:
        raise DomainError("invitations.no_guests")
    paper = current_paper(read, meeting_id)
    return _Text(
        body_id=meeting.body_id,
        item_id=_general(read, meeting_id),
        paper_id=paper.id if paper else None,
        letter=_letter(meeting, command, signer),
        guests=guests,
        meeting=_values(read, meeting, meeting.chair),
    )


def _letter(meeting: Meeting, command: InvitationPrint, signer: Person) -> Letter:
    return Letter(
        title=title(f"Giấy mời {meeting.title}"[:500]),
        issuer=meeting.body_name,
        kind="Giấy mời",
        subject=meeting.title,
        signer=Signer(rules.authority(meeting.body_name, signer.title), signer.name),
        symbol=words(command.symbol) or rules.symbol(meeting.body_name),
        place=words(command.place) or rules.place_of(meeting.body_name),
        recipients=_RECIPIENTS,
        inviter=meeting.body_name,
    )


def _values(read: Read, meeting: Meeting, chair: Person) -> dict[str, Any]:
    agenda = [item.public.title for item in meetings.items(read, meeting.id) if not item.general]
    return {
        "title": f"cuộc họp: {meeting.title}",
        "chair": ", ".join(part for part in (chair.name, chair.title) if part),
        "start": datetime.fromisoformat(meeting.starts_at),
        "place": meeting.place,
        "sites": [site.name for site in meeting.sites],
        "items": agenda,
        "notes": [*(line.rstrip(".;") for line in meeting.note.splitlines() if line.strip()), _NOTE],
    }


def _general(read: Read, meeting_id: str) -> str:
    return next(item.id for item in meetings.items(read, meeting_id) if item.general)
