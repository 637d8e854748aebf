"""Titles and notes with markup, quotes, controls, marks of direction and rare letters are text in mail and print."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

import icalendar
import pypdfium2

from server.documents import actions as documents
from server.invitations import actions, jobs
from server.invitations.wire import InvitationPrint, InvitationSend
from server.meetings import actions as meetings
from server.meetings.wire import MeetingEdit
from tests.support.sitting import People, add_item, draft, invite

if TYPE_CHECKING:
    from email.message import EmailMessage

    from server.core.access import Actor
    from server.core.context import Core
    from tests.support.sitting_mail import Sink

# With a header and an end of a property in it, for the mail and the calendar; with a template's and a script's signs.
EVIL = (
    "<img src=x onerror=alert(1)><script>x</script>\"'&amp;{{ 7*7 }}\u202egpj\u0000\u0007\r\nBcc: ai@example.org"
    "\r\nEND:VEVENT ;, \\n 𠮷 ệ"
)
KEPT = "<img src=x onerror=alert(1)><script>x</script>\"'&amp;{{ 7*7 }}gpj Bcc: ai@example.org END:VEVENT ;, \\n 𠮷 ệ"


class Seen(HTMLParser):
    """What a reader of HTML sees, and which elements there are."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.elements = "", set[str]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        assert not any(name.startswith("on") for name, _value in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def part(mail: EmailMessage, kind: str) -> bytes:
    (found,) = (each for each in mail.walk() if each.get_content_type() == kind)
    data = found.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data


async def test_hostile_words_are_text_in_mail_calendar_and_print(
    house: Core, people: People, secretary: Actor, sink: Sink
) -> None:
    meeting = await invite(house, await draft(house, people, secretary), people.members[:1], secretary=secretary)
    given = MeetingEdit(title=EVIL, place=EVIL, note=EVIL)
    meeting = await meetings.edit(house, meeting.id, given, actor=secretary)
    assert (meeting.title, meeting.place) == (KEPT, KEPT.replace(" Bcc", "\nBcc").replace(" END", "\nEND"))
    await add_item(house, meeting, EVIL, secretary=secretary)
    paper = await actions.print_invitation(house, meeting.id, InvitationPrint(place="Tân Giang"), actor=secretary)
    assert paper.title == f"Giấy mời {KEPT}"
    await actions.send(house, meeting.id, InvitationSend(), actor=secretary)
    await jobs.settle(house)
    (mail,) = sink.to("n2@tangiang.example")
    assert KEPT in mail["Subject"]
    assert mail["Bcc"] is None
    assert KEPT in " ".join(part(mail, "text/plain").decode().split())
    seen = Seen(part(mail, "text/html").decode())
    assert KEPT in " ".join(seen.text.split())
    assert not {"img", "script"} & seen.elements
    (entry,) = icalendar.Calendar.from_ical(part(mail, "text/calendar")).walk("VEVENT")
    assert str(entry["summary"]) == KEPT
    pdf = pypdfium2.PdfDocument(part(mail, "application/pdf"))
    text = "".join("".join(page.get_textpage().get_text_range() for page in pdf).split())
    pdf.close()
    for words in ("<imgsrc=xonerror=alert(1)><script>x</script>", "{{7*7}}gpj", "Bcc:ai@example.org", "𠮷"):
        assert text.count(words) >= 2, words  # as what the sitting is about, and in its agenda
    assert paper.version is not None
    words_of = await documents.texts(house, paper.version.id, 0, actor=secretary)
    assert "\u202e" not in "".join(words_of.pages)
