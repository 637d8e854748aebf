"""Opening the key of a person or of a body to sign with, wherever it lies: file, token, remote service."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from server import config_signing
from server.accounts.actions.backoff import Backoff
from server.core.db import Database
from server.core.errors import DomainError
from server.signatures import store
from server.signatures.actions.keys import files, holders
from server.signatures.actions.keys.told import ToldSigner
from server.signatures.child import refused_as_domain_error
from signing import SigningError

if TYPE_CHECKING:
    from server.config import Config
    from server.core.access import Actor
    from server.core.context import Core
    from server.signatures.models import Key, KeyKind
    from signing.signers import Signer

# Five wrong passwords or PINs, then one waits: a token locks itself for good after a few more.
ATTEMPTS = "5/minute;20/hour"
_WRONG = {"signing.p12_unreadable": "signatures.wrong_password", "signing.pin_wrong": "signing.pin_wrong"}


class _Door:
    """Secrets are tried one after another, so that many at once cannot pass the count of failures."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.backoff = Backoff(per_account=ATTEMPTS)


_doors: WeakKeyDictionary[Database, _Door] = WeakKeyDictionary()


async def signer_for(core: Core, holder: str, *, actor: Actor, secret: str) -> tuple[Key, Signer]:
    """The key that ``holder`` signs with now, and the signer that holds it open; it raises DomainError alone.

    Args:
        core: the house.
        holder: "person:<id>", or "body:<id>" for the body's seal.
        actor: who signs: that person, or a registry clerk of that body.
        secret: what opens the key: password of the file, PIN of token or service. Empty: the PIN that the
            configuration names for the store, if it names one.

    Raises:
        DomainError: ``denied``, ``signatures.no_key``, ``.wrong_password`` or ``signing.pin_wrong`` (after five of
            them ``rate``), ``.key_changed``, ``.store_gone``, ``.file_keys_refused``, ``signing.…``.
    """
    holders.require_use(actor, holder)
    key = await core.db.read(lambda read: store.key_of(read, holder))
    if key is None:
        raise DomainError("signatures.no_key")
    return key, await opened(core, key, secret)


async def opened(core: Core, key: Key, secret: str) -> Signer:
    """The signer of an enrolled key. Raises what ``signer_for`` raises."""
    signer = await tried(core, key.holder, key.kind, key.reference, secret)
    if signer.certificate != key.certificate:
        raise DomainError("signatures.key_changed")
    return signer


async def tried(core: Core, holder: str, kind: KeyKind, reference: str, secret: str) -> Signer:
    """The signer behind a reference, after a secret was tried and the try was counted if it was wrong."""
    door, counted = _doors.setdefault(core.db, _Door()), f"key:{holder}"
    async with door.lock:
        await door.backoff.check(core, counted, "")
        try:
            return ToldSigner(await _open(core.config, kind, reference, secret))
        except DomainError as error:
            if error.code not in _WRONG:
                raise
            await door.backoff.failed(core, counted, "")
            raise DomainError(_WRONG[error.code]) from error


async def _open(config: Config, kind: KeyKind, reference: str, secret: str) -> Signer:
    if kind == "pkcs12":
        files.require_file_keys(config)
        return await files.load(await files.read(config, reference), secret)
    place, _, name = reference.partition("/")
    try:
        return await asyncio.to_thread(_token if kind == "pkcs11" else _service, config, place, name, secret)
    except SigningError as why:
        raise refused_as_domain_error(why) from why


def _token(config: Config, place: str, label: str, pin: str) -> Signer:
    from signing.pkcs11 import TokenSigner  # noqa: PLC0415 - a library of the system, wanted only here

    token = config.signing.tokens.get(place)
    if token is None:
        raise DomainError("signatures.store_gone", name=place)
    return TokenSigner(
        str(token.module), token.token, label, pin or configured(token.pin), legacy_rsa=token.legacy_rsa
    )  # fmt: skip


def _service(config: Config, place: str, credential: str, pin: str) -> Signer:
    from signing.csc import RemoteSigner  # noqa: PLC0415 - wanted only here

    service = config.signing.services.get(place)
    if service is None:
        raise DomainError("signatures.store_gone", name=place)
    return RemoteSigner(
        service.address, credential, configured(service.bearer), pin or configured(service.pin),
        legacy_rsa=service.legacy_rsa, seconds=config.signing.seconds,
    )  # fmt: skip


async def reach(core: Core, key: Key) -> None:
    """See, without the owner's PIN, whether an enrolled key is where it is said to be, and signs as it must.

    Raises DomainError ``signatures.store_gone``, ``.file_keys_refused``, ``.key_changed``, ``.no_key``, ``signing.…``.
    """
    config, (place, _, name) = core.config, key.reference.partition("/")
    if key.kind == "pkcs12":
        files.require_file_keys(config)
        await files.read(config, key.reference)
        return
    try:
        if key.kind == "pkcs11":
            await asyncio.to_thread(_look_at_token, config, place, key.certificate)
        elif (await asyncio.to_thread(_service, config, place, name, "")).certificate != key.certificate:
            raise DomainError("signatures.key_changed")
    except SigningError as why:
        raise refused_as_domain_error(why) from why


def _look_at_token(config: Config, place: str, certificate: bytes) -> None:
    from signing.pkcs11 import probe  # noqa: PLC0415 - a library of the system, wanted only here

    token = config.signing.tokens.get(place)
    if token is None:
        raise DomainError("signatures.store_gone", name=place)
    probe(str(token.module), token.token, certificate, legacy_rsa=token.legacy_rsa)


def configured(reference: str) -> str:
    """What a reference of the configuration names. Raises ``config.no_file`` where the file went away."""
    try:
        return config_signing.secret(reference)
    except OSError as error:
        raise DomainError("config.no_file", key="signing", path=reference.partition(":")[2]) from error
