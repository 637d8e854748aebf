"""Mail: messages made from templates, one to each person, and what the mail server said to each."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, make_msgid
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import aiosmtplib
import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from server.core import i18n
from server.core.assets import asset
from server.core.clock import SystemClock

if TYPE_CHECKING:
    from server.config import Mail
    from server.core.clock import Clock

TIMEOUT = 30.0


class Recipient(msgspec.Struct, frozen=True):
    """Whom a message goes to, and in which language."""

    address: str
    name: str = ""
    lang: str = i18n.SOURCE


class Attachment(msgspec.Struct, frozen=True):
    """A file that goes along. ``parameters`` belong to its type: ``{"method": "REQUEST"}`` for an invitation."""

    filename: str
    content: bytes
    media_type: str
    parameters: dict[str, str] = {}


class Sent(msgspec.Struct, frozen=True):
    """What became of one message: accepted by the mail server, or the reason why not (for the log and the desk)."""

    address: str
    accepted: bool
    reason: str = ""


class Mailer:
    """Makes messages from ``templates/mail/<feature>/<message>/`` and hands them to the configured mail server."""

    def __init__(self, settings: Mail, *, templates: Path | None = None, clock: Clock | None = None) -> None:
        self._settings = settings
        self._clock = clock or SystemClock()
        self._templates = Environment(
            loader=FileSystemLoader(templates or asset("templates/mail")),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @property
    def is_configured(self) -> bool:
        """Whether there is a mail server to hand messages to."""
        return bool(self._settings.host)

    def compose(
        self, message: str, recipient: Recipient, values: dict[str, object], attachments: Sequence[Attachment] = ()
    ) -> EmailMessage:
        """Make a message: ``message`` is ``<feature>/<message>``, a folder with subject.txt, body.txt and body.html.

        Templates see ``values``, ``recipient`` and ``_`` (texts in the recipient's language). A value that a template
        asks for and does not get is an error of the programmer: jinja2.UndefinedError.
        """
        said = partial(self._render, message, {**values, "recipient": recipient, "_": _translator(recipient.lang)})
        mail = EmailMessage(policy=SMTP_POLICY)
        mail["From"] = _address(self._settings.sender)
        mail["To"] = _address(recipient.address, recipient.name)
        mail["Subject"] = " ".join(said("subject.txt").split())
        mail["Date"] = format_datetime(self._clock.now())
        mail["Message-ID"] = make_msgid(domain=self._settings.sender.rpartition("@")[2] or None)
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(said("body.txt").strip() + "\n")
        mail.add_alternative(said("body.html"), subtype="html")
        for attached in attachments:
            kind, _sep, subtype = attached.media_type.partition("/")
            mail.add_attachment(
                attached.content,
                maintype=kind,
                subtype=subtype,
                filename=attached.filename,
                params={**({"charset": "utf-8"} if kind == "text" else {}), **attached.parameters},
                cte="base64",
            )
        return mail

    async def send(self, mails: Iterable[EmailMessage]) -> list[Sent]:
        """Hand messages over on one connection; the answers are in their order. Never raises for the mail server."""
        waiting = list(mails)
        if not self.is_configured:
            return [Sent(_to(mail), accepted=False, reason="no mail server is configured") for mail in waiting]
        client = self._client()
        try:
            async with client:
                return [await _send_one(client, mail) for mail in waiting]
        except (aiosmtplib.SMTPException, OSError) as error:
            return [Sent(_to(mail), accepted=False, reason=_reason(error)) for mail in waiting]

    def _client(self) -> aiosmtplib.SMTP:
        settings = self._settings
        password = settings.password_file.read_text(encoding="utf-8").strip() if settings.password_file else None
        return aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            start_tls=settings.starttls,
            tls_context=ssl.create_default_context() if settings.starttls else None,
            username=settings.user or None,
            password=password,
            timeout=TIMEOUT,
        )

    def _render(self, message: str, values: dict[str, object], part: str) -> str:
        return self._templates.get_template(f"{message}/{part}").render(values)


async def _send_one(client: aiosmtplib.SMTP, mail: EmailMessage) -> Sent:
    try:
        if not client.is_connected:
            await client.connect()
        await client.send_message(mail)
    except (aiosmtplib.SMTPException, OSError) as error:
        return Sent(_to(mail), accepted=False, reason=_reason(error))
    return Sent(_to(mail), accepted=True)


def _translator(lang: str) -> Callable[..., str]:
    return partial(i18n.text, lang)


def _address(spec: str, name: str = "") -> Address:
    """An address header; a name is folded into one line, so that no text from a form adds a header."""
    return Address(display_name=" ".join(name.split()), addr_spec=spec)


def _to(mail: EmailMessage) -> str:
    return str(mail["To"].addresses[0].addr_spec)


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
