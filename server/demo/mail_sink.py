"""A mail server of this machine alone that keeps every mail as a file: the demo sends to nobody."""

from __future__ import annotations

import itertools
import re
import socketserver
import threading
from datetime import UTC, datetime
from pathlib import Path

_LINE_BYTES = 4096
_MAIL_BYTES = 32 * 1024 * 1024
_ADDRESS = re.compile(rb"<([^<>\s]*)>")


class MailSink:
    """Runs in a thread from ``start`` to ``close``; mails lie in ``folder`` as ``<when>-<number>-<to>.eml``."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._server = _Server(folder)

    @property
    def port(self) -> int:
        """Where it listens, on 127.0.0.1."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Begin to take mails."""
        threading.Thread(target=self._server.serve_forever, args=(0.2,), name="mail-sink", daemon=True).start()

    def close(self) -> None:
        """Stop; a mail that was answered 250 is a whole file."""
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self._folder = folder
        self._numbers = itertools.count(1)

    def keep(self, content: bytes, to: str) -> None:
        """Write a mail; who looks into the folder never sees half of one."""
        name = re.sub(r"[^a-z0-9.@_-]", "_", to.lower())[:100]
        stem = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{next(self._numbers):05d}-{name}"
        partial = self._folder / f"{stem}.partial"
        partial.write_bytes(content)
        partial.replace(self._folder / f"{stem}.eml")


class _Conversation(socketserver.StreamRequestHandler):
    """The few words of SMTP (RFC 5321) that a client of ours says."""

    server: _Server
    timeout = 60

    def handle(self) -> None:
        self._to = ""
        self._answer("220 phien.demo")
        while line := self.rfile.readline(_LINE_BYTES):
            verb = line[:4].upper().strip()
            if verb == b"QUIT":
                self._answer("221 bye")
                return
            if verb == b"DATA":
                self._take()
                continue
            if verb == b"RCPT":
                found = _ADDRESS.search(line)
                self._to = found.group(1).decode("utf-8", "replace") if found else ""
            known = verb in {b"EHLO", b"HELO", b"MAIL", b"RCPT", b"RSET", b"NOOP"}
            self._answer("250 OK" if known else "502 unknown")

    def _take(self) -> None:
        self._answer("354 go on")
        content = bytearray()
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            content += line[1:] if line.startswith(b".") else line
            if len(content) > _MAIL_BYTES:
                self._answer("552 too large")
                return
        self.server.keep(bytes(content), self._to)
        self._answer("250 kept")

    def _answer(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())
