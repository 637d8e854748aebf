"""Whom this installation trusts: root certificates that its operator put into the folder ``trust/``, nobody else."""

from __future__ import annotations

import asyncio
from pathlib import Path

from server import config_signing
from server.config import Config
from server.core.context import Core
from server.core.errors import DomainError
from server.signatures.actions.keys import authorities as authorities_of_bodies
from server.signatures.models import Authorities
from signing.roots import load_roots


def folder(config: Config) -> Path:
    """Where the root certificates lie, ``*.pem``, one or several to a file."""
    return config.data_dir / "trust"


async def roots(core: Core) -> tuple[bytes, ...]:
    """The certificates, as they are now: the operator needs no restart; and what the bodies of the house have revoked.

    Raises ``signatures.bad_root``.
    """
    return (*await asyncio.to_thread(_read, folder(core.config)), *await authorities_of_bodies.lists(core))


async def authorities(core: Core) -> Authorities:
    """Who is trusted, and who may be asked about certificates; raises ``signatures.bad_root``."""
    signing = core.config.signing
    try:
        token = await asyncio.to_thread(config_signing.secret, signing.tsa_bearer)
    except OSError as error:
        raise DomainError("config.no_file", key="signing.tsa_bearer", path=signing.tsa_bearer) from error
    return Authorities(
        roots=await roots(core), tsa=signing.tsa, tsa_token=token, hosts=signing.hosts, seconds=signing.seconds
    )


async def for_signing(core: Core) -> Authorities | None:
    """The same for making a signature; None where nobody is to be asked, at level B-B without hosts."""
    signing = core.config.signing
    return await authorities(core) if signing.hosts or signing.level != "B-B" else None


async def add_root(core: Core, name: str, pem: bytes) -> None:
    """Put a root certificate into the folder as ``name``.pem; for the demo and its own authority."""
    await asyncio.to_thread(_write, folder(core.config), name, pem)


def _read(where: Path) -> tuple[bytes, ...]:
    return tuple(_checked(path.name, path.read_bytes()) for path in sorted(where.glob("*.pem")))


def _write(where: Path, name: str, pem: bytes) -> None:
    where.mkdir(parents=True, exist_ok=True)
    (where / f"{name}.pem").write_bytes(_checked(f"{name}.pem", pem))


def _checked(name: str, pem: bytes) -> bytes:
    try:
        load_roots([pem])
    except ValueError as error:
        raise DomainError("signatures.bad_root", name=name) from error
    return pem
