"""Mails of invitations: the words, the calendar entry, the giấy mời; made from what is true when it is sent."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage

from server.core.context import Core
from server.core.mail import Attachment, Recipient
from server.core.printing import words
from server.directory.actions import PersonView
from server.invitations import rules
from server.meetings.wire import Meeting


def calendar(core: Core, meeting: Meeting, person: PersonView, message: str, sequence: int) -> bytes:
    """The calendar entry (RFC 5545) of one person; the same UID for ever, a higher SEQUENCE with each change."""
    from icalendar import Calendar, Event, vCalAddress, vText  # noqa: PLC0415 - half a second at every start

    method = rules.calendar_method(message, meeting)
    entry = Event()
    entry.add("uid", f"{meeting.id}@phien")
    entry.add("sequence", sequence)
    entry.add("dtstamp", core.clock.now())
    entry.add("dtstart", datetime.fromisoformat(meeting.starts_at))
    if meeting.ends_at is not None:
        entry.add("dtend", datetime.fromisoformat(meeting.ends_at))
    entry.add("summary", meeting.title)
    entry.add("location", meeting.place)
    entry.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    if core.config.public_url:
        entry.add("url", link(core, meeting))
    organizer = vCalAddress(f"mailto:{core.config.mail.sender}")
    organizer.params["cn"] = vText(meeting.body_name)
    entry["organizer"] = organizer
    attendee = vCalAddress(f"mailto:{person.email}")
    attendee.params.update({"cn": vText(person.full_name), "rsvp": vText("TRUE"), "role": vText("REQ-PARTICIPANT")})
    entry.add("attendee", attendee, encode=False)
    whole = Calendar()
    whole.add("prodid", "-//Phien//VI")
    whole.add("version", "2.0")
    whole.add("method", method)
    whole.add_component(entry)
    content: bytes = whole.to_ical()
    return content


def compose(
    core: Core, meeting: Meeting, person: PersonView, message: str, sequence: int, paper: bytes | None
) -> EmailMessage:
    """One person's mail; ``paper`` is their copy of the giấy mời as a PDF, where there is one and it still holds."""
    method = rules.calendar_method(message, meeting)
    start = words.local(datetime.fromisoformat(meeting.starts_at))
    values: dict[str, object] = {
        "meeting": meeting,
        "person": person,
        "starts": f"{words.weekday(start)}, {words.short_date(start)} · {start:%H:%M}",
        "postponed": meeting.state == "postponed",
        "chair": meeting.chair.name if meeting.chair else "",
        "link": link(core, meeting),
    }
    attached = [
        Attachment(
            "giay-moi.ics", calendar(core, meeting, person, message, sequence), "text/calendar", {"method": method}
        )
    ]
    if paper is not None:
        attached.append(Attachment("giay-moi.pdf", paper, "application/pdf"))
    recipient = Recipient(address=person.email or "", name=person.full_name)
    return core.mailer.compose(f"invitations/{message}", recipient, values, attached)


def link(core: Core, meeting: Meeting) -> str:
    """The address of the meeting in the app; empty where the server does not know its own."""
    return f"{core.config.public_url.rstrip('/')}/tablet/meetings/{meeting.id}" if core.config.public_url else ""
