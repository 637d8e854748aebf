"""The configuration: one frozen value from a TOML file and the environment, refused in a readable sentence."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from server import config_signing
from server.config_signing import Signing
from server.core.config_source import decode, from_environment, read_toml
from server.core.errors import DomainError, ErrorSpec, register

# A data folder that holds made-up people says so by this file; `serve` refuses it, `demo` accepts nothing else.
DEMO_MARKER = ".phien-demo"

_MIB = 1024 * 1024
_DAY = 24 * 3600


class Https(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Certificate chain and key, PEM files."""

    certificate: Path
    key: Path


class Blobs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where bytes lie: a local directory, or an S3 address (``s3://bucket/prefix``) with the options of obstore."""

    location: str = ""
    options: dict[str, str] = {}


class Mail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The mail server that takes what we send. Without a host nothing is sent."""

    host: str = ""
    port: int = 25
    sender: str = ""
    starttls: bool = False
    user: str = ""
    password_file: Path | None = None


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may come in: bytes of a file, pages of a paper, bytes of a meeting's files and of one person's of them."""

    file_bytes: int = 200 * _MIB
    pages: int = 5_000
    meeting_bytes: int = 8 * 1024 * _MIB
    person_bytes: int = 4 * 1024 * _MIB


class Sessions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a sign-in lasts, and how long unused (``idle``); how long a one-time code may be used. Seconds."""

    leader_seconds: int = 30 * _DAY
    leader_idle_seconds: int = 14 * _DAY
    administrator_seconds: int = 12 * 3600
    administrator_idle_seconds: int = 2 * 3600
    code_seconds: int = 3 * _DAY  # printed and handed out; 160 random bits, good for one sign-in


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that an operator sets. Paths are absolute after ``load``."""

    data_dir: Path
    database_url: str = ""  # empty: SQLite in the data folder
    redis_url: str = ""  # empty: one process, no Redis
    blobs: Blobs = Blobs()
    host: str = "127.0.0.1"
    port: int = 8000
    https: Https | None = None
    behind_proxy: bool = False  # a proxy in front ends TLS, so plain HTTP on another address than loopback is meant
    # The internal location from which nginx sends whole papers (deploy/nginx.conf: `/_blobs/`); empty: we send them.
    accel_prefix: str = ""
    public_url: str = ""  # as browsers see it: https://phien.example.vn
    mail: Mail = Mail()
    key_file: Path = Path()  # the sealing key, never in a backup; empty: keys/sealing.key in the data folder
    limits: Limits = Limits()
    sessions: Sessions = Sessions()
    offline_lease_hours: int = 24
    signing: Signing = Signing()
    # Where packages for other bodies are handed over and taken from (a folder for each); none: nothing is exchanged.
    axis_folder: Path | None = None
    allow_file_keys: bool = False  # sign with keys in files outside the demo: for trials, never for real papers
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def is_demo(self) -> bool:
        """Whether the data folder is marked as made-up."""
        return (self.data_dir / DEMO_MARKER).is_file()

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host)


register(
    ErrorSpec("config.unreadable", 500, "Không đọc được tệp cấu hình {path}: {detail}."),
    ErrorSpec("config.unknown_key", 500, "Cấu hình có mục lạ “{key}”. Mục gần nhất: “{nearest}”."),
    ErrorSpec("config.wrong_type", 500, "Cấu hình “{key}” sai kiểu: {detail}."),
    ErrorSpec("config.missing_key", 500, "Cấu hình thiếu mục “{key}”."),
    ErrorSpec("config.no_data_dir", 500, "Không có thư mục dữ liệu {path}. Tạo bằng lệnh: phien init --data {path}"),
    ErrorSpec("config.no_file", 500, "Cấu hình “{key}” chỉ đến tệp không đọc được: {path}."),
    ErrorSpec("config.out_of_range", 500, "Cấu hình “{key}” phải trong khoảng {low} đến {high}, hiện là {value}."),
    ErrorSpec("config.bad_url", 500, "Cấu hình “{key}” không phải địa chỉ hợp lệ ({expected}): {value}."),
    ErrorSpec(
        "config.not_private",
        500,
        "Địa chỉ {host} ra ngoài máy này mà chưa có https. Thêm [https] certificate và key, hoặc đặt"
        " behind_proxy = true khi máy chủ proxy phía trước đã lo https.",
    ),
    ErrorSpec("config.mail_sender", 500, "Cấu hình mail.host đã có nhưng thiếu mail.sender, địa chỉ gửi thư."),
)


def load(
    path: Path | None, environ: Mapping[str, str], *, given: Mapping[str, Any] | None = None, check: bool = True
) -> Config:
    """Read the configuration: file, then environment (``PHIEN_PORT``, ``PHIEN_MAIL__HOST``), then ``given``.

    ``given`` is what the command line says, in the file's own shape. Paths in a file are relative to its folder.
    ``check=False`` leaves out whether the data folder is there (``phien init`` makes it).
    Raises DomainError ``config.…``, whose text is the sentence to print.
    """
    values = read_toml(path) if path else {}
    for layer in (from_environment(environ, Config), dict(given or {})):
        for key, value in layer.items():
            known = values.get(key)
            values[key] = {**known, **value} if isinstance(known, dict) and isinstance(value, dict) else value
    config = _completed(decode(values, Config), path.parent if path else Path.cwd())
    if check and not config.data_dir.is_dir():
        raise DomainError("config.no_data_dir", path=str(config.data_dir))
    _check(config)
    config_signing.check(config.signing, environ)
    return config


def _completed(config: Config, base: Path) -> Config:
    data_dir = (base / config.data_dir.expanduser()).resolve()
    https, mail = config.https, config.mail
    return msgspec.structs.replace(
        config,
        data_dir=data_dir,
        database_url=config.database_url or f"sqlite:///{data_dir / 'phien.sqlite'}",
        blobs=msgspec.structs.replace(config.blobs, location=_blob_location(config.blobs.location, base, data_dir)),
        https=https and Https(base / https.certificate, base / https.key),
        mail=msgspec.structs.replace(mail, password_file=mail.password_file and base / mail.password_file),
        signing=config_signing.completed(config.signing, base),
        axis_folder=config.axis_folder and base / config.axis_folder,
        key_file=base / config.key_file if config.key_file != Path() else data_dir / "keys" / "sealing.key",
    )


def _blob_location(location: str, base: Path, data_dir: Path) -> str:
    if not location:
        return str(data_dir / "blobs")
    return location if "://" in location else str(base / location)


def _check(config: Config) -> None:
    _check_url("database_url", config.database_url, ("sqlite", "postgresql"))
    _check_url("redis_url", config.redis_url, ("redis", "rediss", "unix"))
    _check_url("public_url", config.public_url, ("http", "https") if config.is_loopback else ("https",))
    if "://" in config.blobs.location:
        _check_url("blobs.location", config.blobs.location, ("s3",))
    if config.accel_prefix and not (config.accel_prefix.startswith("/") and config.accel_prefix.endswith("/")):
        raise DomainError("config.bad_url", key="accel_prefix", value=config.accel_prefix, expected="/…/")
    _check_range("port", config.port, 0, 65535)
    _check_range("mail.port", config.mail.port, 1, 65535)
    _check_range("limits.file_bytes", config.limits.file_bytes, 1, 2048 * _MIB)
    _check_range("limits.pages", config.limits.pages, 1, 50_000)
    _check_range("limits.meeting_bytes", config.limits.meeting_bytes, 1, 1024 * 1024 * _MIB)
    _check_range("limits.person_bytes", config.limits.person_bytes, 1, 1024 * 1024 * _MIB)
    _check_range("offline_lease_hours", config.offline_lease_hours, 1, 24 * 14)
    for key, seconds in msgspec.structs.asdict(config.sessions).items():
        _check_range(f"sessions.{key}", seconds, 60, 366 * _DAY)
    if config.mail.host and not config.mail.sender:
        raise DomainError("config.mail_sender")
    _check_file("mail.password_file", config.mail.password_file)
    if config.https:
        _check_file("https.certificate", config.https.certificate)
        _check_file("https.key", config.https.key)
    if not (config.is_loopback or config.https or config.behind_proxy):
        raise DomainError("config.not_private", host=config.host)


def _check_url(key: str, value: str, schemes: tuple[str, ...]) -> None:
    if not value:
        return
    # A driver may stand behind a plus sign; ours is chosen by the database layer.
    if urlsplit(value).scheme.partition("+")[0] not in schemes:
        hidden = value if "@" not in value else f"{value.partition('://')[0]}://…"
        raise DomainError("config.bad_url", key=key, value=hidden, expected=", ".join(f"{s}://…" for s in schemes))


def _check_range(key: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise DomainError("config.out_of_range", key=key, value=value, low=low, high=high)


def _check_file(key: str, path: Path | None) -> None:
    if path is None:
        return
    try:
        path.open("rb").close()
    except OSError as error:
        raise DomainError("config.no_file", key=key, path=str(path)) from error


def is_loopback(host: str) -> bool:
    """Whether ``host`` (a name or an address to listen on) is this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
