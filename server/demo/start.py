"""Starting the demo: the folder, its mail server and certificate, the seeding where it is due, and the serving."""

from __future__ import annotations

import asyncio
import errno
import socket
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from server.app import with_core
from server.config import Config, is_loopback, load
from server.core import serving
from server.demo import local_ca
from server.demo.folder import Folder, FolderRefusal, Summary, open_folder
from server.demo.mail_sink import MailSink
from server.demo.seeding import seed
from server.demo.stage import MAIL_DOMAIN
from server.demo.terminal import refuse, say, show_code

if TYPE_CHECKING:
    from pathlib import Path

# After so long "the meeting of now" is one of another day.
_STALE = timedelta(hours=12)


def run(*, data: Path, host: str, port: int, https: bool, ready_file: Path | None) -> int:
    """See :func:`server.demo.run`."""
    try:
        listen, port = _place(host, port)
    except OSError as error:
        return refuse(f"Không mở được cổng {port} ở {host}: {error.strerror}. Chọn cổng khác bằng --port.")
    try:
        folder = open_folder(data)
    except FolderRefusal as refusal:
        return refuse(str(refusal))
    if folder.summary is None and folder.clear():
        say("Lần tạo dữ liệu trước còn dở dang; làm lại từ đầu.")
    with closing(folder), closing(MailSink(folder.path / "mail")) as sink:
        sink.start()
        config = _config(folder, sink, host, port, https=https or not is_loopback(host))
        config = msgspec.structs.replace(config, host=listen)
        summary = folder.summary or _seed(folder, config)
        _introduce(folder, config, summary)
        ready = {"accounts": msgspec.to_builtins(summary.accounts), "meeting": summary.meeting}
        return serving.run(config, ready_file=ready_file, ready=ready)


def _seed(folder: Folder, config: Config) -> Summary:
    summary = asyncio.run(with_core(config, seed))
    folder.finish(summary)
    return summary


def _config(folder: Folder, sink: MailSink, host: str, port: int, *, https: bool) -> Config:
    given: dict[str, Any] = {
        "data_dir": str(folder.path),
        "host": host,
        "port": port,
        "mail": {"host": "127.0.0.1", "port": sink.port, "sender": f"phien@{MAIL_DOMAIN}"},
        "log_level": "warning",
        "axis_folder": str(folder.path / "axis"),
    }
    if https:
        names = local_ca.addresses(host)
        made = local_ca.certify(folder.path / "tls", names)
        given["https"] = {"certificate": str(made.certificate), "key": str(made.key)}
        given["public_url"] = f"https://{_in_address(names[0])}:{port}"
    else:
        given["public_url"] = f"http://{_in_address(host)}:{port}"
    return load(None, {}, given=given)


def _introduce(folder: Folder, config: Config, summary: Summary) -> None:
    """Everything that somebody who sees the terminal needs, before the address."""
    made = datetime.fromisoformat(summary.made_at)
    if datetime.now(UTC) - made > _STALE:
        say(f"Dữ liệu tạo lúc {made.astimezone():%d/%m/%Y %H:%M}. Xóa {folder.path} để làm lại với ngày hôm nay.")
    for account in summary.accounts:
        say(f"  {account.role:<14} {account.user:<11} {account.password}")
    say(f"Thư gửi đi nằm ở {folder.path / 'mail'}.")
    if config.https is not None:
        say(f"Cài chứng thư gốc này lên máy tính bảng một lần: {folder.path / 'tls' / local_ca.ROOT}")
        show_code(config.public_url)


def _place(host: str, port: int) -> tuple[str, int]:
    """Where to listen: ``host`` with its port, or for port 0 one that is free in every address of ``host``.

    Where "localhost" has an address that this machine does not have (a container without IPv6), the one it has.
    Raises OSError where the port is taken.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    bound, missing = [], None
    for family, _type, _protocol, _name, address in found:
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address[0], port))
                port = int(probe.getsockname()[1])
        except OSError as error:
            if error.errno not in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}:
                raise
            missing = error
        else:
            bound.append(str(address[0]))
    if not bound and missing is not None:
        raise missing
    return (host if missing is None else bound[0]), port


def _in_address(host: str) -> str:
    """A host as it stands in an address: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host
