"""The part of the configuration about signing: where keys lie, who stamps the time, who may be asked, at what level.

Secrets never stand in it: a PIN or token is named as ``file:<path>`` or ``env:<NAME>``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from server.core.errors import DomainError, ErrorSpec, register

Level = Literal["B-B", "B-T", "B-LT", "B-LTA"]
# What who signs with a tablet's key shows at that moment, to prove that it is they who hold the tablet.
StepUp = Literal["either", "passkey", "password", "off"]

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Token(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A token or HSM: the vendor's PKCS#11 library and the label of the token.

    ``pin`` is named only where the house signs by itself (an HSM that certifies tablets); people type theirs.
    ``legacy_rsa``: the device knows RSA PKCS#1 v1.5 alone.
    """

    module: Path
    token: str
    pin: str = ""
    legacy_rsa: bool = False


class Service(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A remote signing service (CSC API v2): its address up to the version, and the bearer token we have there."""

    address: str
    bearer: str = ""
    pin: str = ""
    legacy_rsa: bool = False


class Signing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the house signs.

    ``tsa``: time stamp authority (RFC 3161), wanted from level B-T on. ``hosts``: "host" or "host:port" that OCSP and
    CRL addresses in certificates may lead to; nothing else is ever asked, whatever a file says. ``step_up``: what is
    asked for before a tablet's key signs: a passkey of who has one and the password of who has none (``either``),
    a passkey of everybody, the password of everybody, or nothing.
    """

    level: Level = "B-B"
    tsa: str = ""
    tsa_bearer: str = ""
    step_up: StepUp = "either"
    hosts: tuple[str, ...] = ()
    seconds: float = 10.0
    tokens: dict[str, Token] = {}
    services: dict[str, Service] = {}


register(
    ErrorSpec(
        "config.signing_tsa",
        500,
        "Cấu hình signing.level = “{level}” cần dịch vụ dấu thời gian. Thêm signing.tsa, hoặc đặt signing.level ="
        " “B-B”.",
    ),
    ErrorSpec(
        "config.secret_in_text",
        500,
        "Cấu hình “{key}” không được ghi thẳng mã bí mật. Ghi “file:<đường dẫn>” hoặc “env:<tên biến môi trường>”.",
    ),
    ErrorSpec("config.no_secret", 500, "Cấu hình “{key}” chỉ đến biến môi trường chưa đặt: {name}."),
    ErrorSpec(
        "config.bad_host",
        500,
        "Cấu hình “signing.hosts” nhận tên máy (ocsp.vi-du.vn hoặc ocsp.vi-du.vn:8080): {value}.",
    ),
    ErrorSpec("config.bad_key_store", 500, "Cấu hình “{key}”: {what} không được để trống, tên không có dấu “/”."),
)


def completed(signing: Signing, base: Path) -> Signing:
    """The same with absolute paths; those in a file are relative to its folder."""

    def full(secret: str) -> str:
        kind, _, path = secret.partition(":")
        return f"file:{base / path}" if kind == "file" else secret

    return msgspec.structs.replace(
        signing,
        tsa_bearer=full(signing.tsa_bearer),
        tokens={
            name: msgspec.structs.replace(one, module=base / one.module, pin=full(one.pin))
            for name, one in signing.tokens.items()
        },
        services={
            name: msgspec.structs.replace(one, bearer=full(one.bearer), pin=full(one.pin))
            for name, one in signing.services.items()
        },
    )


def check(signing: Signing, environ: Mapping[str, str]) -> None:
    """Raise what cannot work: ``config.signing_tsa``, ``.secret_in_text``, ``.no_secret``, ``.bad_host``."""
    if signing.level != "B-B" and not signing.tsa:
        raise DomainError("config.signing_tsa", level=signing.level)
    _check_address("signing.tsa", signing.tsa, ("http", "https"))  # the answer is signed; RFC 3161 is mostly plain HTTP
    _check_secret("signing.tsa_bearer", signing.tsa_bearer, environ)
    for host in signing.hosts:
        if not host or urlsplit(f"//{host}").netloc != host or "@" in host:
            raise DomainError("config.bad_host", value=host)
    if not 1 <= signing.seconds <= 60:  # noqa: PLR2004 - seconds a person may wait
        raise DomainError("config.out_of_range", key="signing.seconds", value=signing.seconds, low=1, high=60)
    for name, token in signing.tokens.items():
        key = f"signing.tokens.{name}"
        _check_names(key, name, "token", token.token)
        _check_readable(f"{key}.module", token.module)
        _check_secret(f"{key}.pin", token.pin, environ)
    for name, service in signing.services.items():
        key = f"signing.services.{name}"
        _check_names(key, name, "address", service.address)
        _check_address(f"{key}.address", service.address, ("https",))
        _check_secret(f"{key}.bearer", service.bearer, environ)
        _check_secret(f"{key}.pin", service.pin, environ)


def secret(reference: str) -> str:
    """What a reference names: the first line of a file, or an environment variable; "" for no reference.

    Raises OSError where the file went away.
    """
    kind, _, where = reference.partition(":")
    if kind == "file":
        return Path(where).read_text().partition("\n")[0].strip()
    return os.environ.get(where, "") if kind == "env" else ""


def _check_names(key: str, name: str, what: str, value: str) -> None:
    if not value or not name or "/" in name:
        raise DomainError("config.bad_key_store", key=key, what=what)


def _check_address(key: str, value: str, schemes: tuple[str, ...]) -> None:
    """An address without name and password; plain HTTP to this machine alone, where ``schemes`` lacks it."""
    if not value:
        return
    parts = urlsplit(value)
    here = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not parts.hostname or "@" in parts.netloc or not (parts.scheme in schemes or here):
        expected = ", ".join(f"{scheme}://…" for scheme in schemes)
        raise DomainError("config.bad_url", key=key, value=parts.hostname or "?", expected=expected)


def _check_secret(key: str, reference: str, environ: Mapping[str, str]) -> None:
    kind, colon, where = reference.partition(":")
    if not reference:
        return
    if not colon or kind not in {"file", "env"} or not where:
        raise DomainError("config.secret_in_text", key=key)  # never the text itself
    if kind == "env" and not environ.get(where):
        raise DomainError("config.no_secret", key=key, name=where)
    if kind == "file":
        _check_readable(key, Path(where))


def _check_readable(key: str, path: Path) -> None:
    try:
        path.open("rb").close()
    except OSError as error:
        raise DomainError("config.no_file", key=key, path=str(path)) from error
