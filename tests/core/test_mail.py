"""Mail as a real SMTP server gets it."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP
from jinja2 import UndefinedError

from server.config import Mail
from server.core.clock import FakeClock
from server.core.mail import Attachment, Mailer, Recipient

HOA = Recipient("hoa@example.vn", "Trần Thị Hòa")
CHIEF = Recipient("chanh@example.vn", "Nguyễn Văn Chánh")
UNKNOWN = Recipient("khong@example.vn")


class Sink:
    """Keeps what it is given, and knows one address that it does not know."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if address == UNKNOWN.address:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@pytest.fixture
async def sink() -> AsyncIterator[tuple[Sink, int]]:
    handler = Sink()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, hostname="sink", loop=loop), "127.0.0.1", 0)
    async with server:
        yield handler, server.sockets[0].getsockname()[1]


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    folder = tmp_path / "meetings" / "moved"
    folder.mkdir(parents=True)
    (folder / "subject.txt").write_text("Dời họp:\n{{ title }}\n")
    (folder / "body.txt").write_text("{{ recipient.name }}: {{ _('Không có quyền làm việc này.') }} {{ title }}\n")
    (folder / "body.html").write_text("<p>{{ title }}</p>")
    return tmp_path


def mailer(templates: Path, port: int = 0, **settings: Any) -> Mailer:
    given = Mail(**{"host": "127.0.0.1", "port": port, "sender": "phien@example.vn", **settings})
    return Mailer(given, templates=templates, clock=FakeClock())


async def test_a_message_arrives_with_both_bodies_and_its_calendar(templates: Path, sink: tuple[Sink, int]) -> None:
    handler, port = sink
    post = mailer(templates, port)
    calendar = Attachment("hop.ics", "BEGIN:VCALENDAR\r\nSUMMARY:Họp".encode(), "text/calendar", {"method": "REQUEST"})
    sent = await post.send([post.compose("meetings/moved", HOA, {"title": "Ngân sách <2027>"}, [calendar])])
    assert [(s.address, s.accepted) for s in sent] == [("hoa@example.vn", True)]
    (mail,) = handler.mails
    assert mail["Subject"] == "Dời họp: Ngân sách <2027>"
    assert str(mail["To"]) == "Trần Thị Hòa <hoa@example.vn>"
    assert mail["Date"].datetime.isoformat() == "2026-11-27T01:00:00+00:00"
    plain, html, ics = (mail.get_body(["plain"]), mail.get_body(["html"]), next(mail.iter_attachments()))
    assert plain is not None
    assert html is not None
    assert "Trần Thị Hòa: Không có quyền làm việc này. Ngân sách <2027>" in plain.get_content()
    assert "Ngân sách &lt;2027&gt;" in html.get_content()
    assert (ics.get_filename(), ics.get_content_type(), ics["Content-Type"].params["method"]) == (
        "hop.ics",
        "text/calendar",
        "REQUEST",
    )
    assert "Họp" in str(ics.get_content())


async def test_one_unknown_mailbox_keeps_nobody_else_from_mail(templates: Path, sink: tuple[Sink, int]) -> None:
    handler, port = sink
    post = mailer(templates, port)
    sent = await post.send([post.compose("meetings/moved", who, {"title": "x"}) for who in (HOA, UNKNOWN, CHIEF)])
    assert [s.accepted for s in sent] == [True, False, True]
    assert "550" in sent[1].reason
    assert [str(mail["To"].addresses[0].addr_spec) for mail in handler.mails] == [HOA.address, CHIEF.address]


async def test_no_server_and_a_dead_server_are_told_for_each(templates: Path) -> None:
    unset = mailer(templates, host="")
    assert [s.reason for s in await unset.send([unset.compose("meetings/moved", HOA, {"title": "x"})])] == [
        "no mail server is configured"
    ]
    dead = mailer(templates, port=1)
    (sent,) = await dead.send([dead.compose("meetings/moved", HOA, {"title": "x"})])
    assert (sent.accepted, sent.address) == (False, HOA.address)


def test_a_name_from_a_form_adds_no_header(templates: Path) -> None:
    sly = Recipient("sly@example.vn", "Sly\r\nBcc: all@example.vn")
    mail = mailer(templates).compose("meetings/moved", sly, {"title": "a\r\nBcc: all@example.vn"})
    assert mail["Bcc"] is None
    assert b"\nBcc:" not in mail.as_bytes().partition(b"\r\n\r\n")[0]


def test_a_missing_value_is_no_silent_gap(templates: Path) -> None:
    with pytest.raises(UndefinedError):
        mailer(templates).compose("meetings/moved", HOA, {})
