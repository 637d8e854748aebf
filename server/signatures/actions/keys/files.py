"""Keys in files, for demo and trials: where they lie, how they are written and opened."""

from __future__ import annotations

import asyncio
import contextlib
import os
from typing import TYPE_CHECKING

from server.core.errors import DomainError
from server.signatures import rules
from server.signatures.child import refused_as_domain_error
from signing import SigningError
from signing.signers import KeySigner, load_pkcs12

if TYPE_CHECKING:
    from pathlib import Path

    from server.config import Config


def require_file_keys(config: Config) -> None:
    """Raise unless keys in files may be used here: in the demo, or where the operator runs a trial."""
    if not (config.is_demo or config.allow_file_keys):
        raise DomainError("signatures.file_keys_refused")


def folder(config: Config) -> Path:
    """Where key files lie: beside the sealing key, in no backup, read by nobody but the server."""
    return config.data_dir / "keys" / "signing"


async def read(config: Config, name: str) -> bytes:
    """A key file. Raises ``signatures.no_key`` where it is gone."""
    try:
        return await asyncio.to_thread((folder(config) / name).read_bytes)
    except OSError as error:
        raise DomainError("signatures.no_key") from error


async def load(p12: bytes, password: str) -> KeySigner:
    """The key in a file. Raises ``signing.p12_unreadable`` and its like."""
    try:
        return await asyncio.to_thread(load_pkcs12, p12, password[: rules.PASSWORD_CHARACTERS])
    except SigningError as why:
        raise refused_as_domain_error(why) from why


def write(path: Path, data: bytes) -> None:
    """The whole file, durable and readable by its owner alone from its first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink()
        raise
