"""A mail server for tests that keeps what it is given, and refuses or fails where it is told to."""

from __future__ import annotations

import asyncio
import email
import email.policy
from contextlib import asynccontextmanager
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

from aiosmtpd.smtp import SMTP

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Sink:
    """Keeps mails; ``broken`` makes it answer that it cannot just now."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.broken = False
        self.port = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.broken:
            return "451 try later"
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """The mails to one address, in order."""
        return [mail for mail in self.mails if mail["To"].addresses[0].addr_spec == address]


@asynccontextmanager
async def mail_sink() -> AsyncIterator[Sink]:
    """A mail server on a free port of this machine."""
    sink = Sink()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, hostname="sink", loop=loop), "127.0.0.1", 0)
    sink.port = server.sockets[0].getsockname()[1]
    async with server:
        yield sink
