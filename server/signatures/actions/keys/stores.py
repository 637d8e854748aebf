"""Where keys lie that the configuration names, tokens and services; which keys are there, as their certificates say.

Nothing here asks for a PIN: certificates are public, and what opens a key is typed where it signs or named in the
configuration.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cryptography import x509

from server.core import access
from server.core.errors import DomainError
from server.core.wire import stamp
from server.signatures.actions.keys import holders, opening
from server.signatures.child import refused_as_domain_error
from server.signatures.rules import keys as rules
from server.signatures.wire import KeyStore, KeyStores, StoredKey, StoredKeys
from signing import SigningError

if TYPE_CHECKING:
    from server.config_signing import Service, Token
    from server.core.access import Actor
    from server.core.context import Core

# A device that is gone may be waited for long; a screen is not.
SECONDS = 12.0


async def listed(core: Core, *, actor: Actor) -> KeyStores:
    """The tokens and services of the configuration, for administrators; never an address's path, never what opens."""
    await _require(core, actor)
    signing = core.config.signing
    tokens = [KeyStore(name=name, kept="token", where=one.token, opens=bool(one.pin))
              for name, one in signing.tokens.items()]  # fmt: skip
    services = [KeyStore(name=name, kept="service", where=urlsplit(one.address).hostname or "", opens=bool(one.pin))
                for name, one in signing.services.items()]  # fmt: skip
    return KeyStores(stores=(*tokens, *services))


async def held(core: Core, place: str, *, actor: Actor) -> StoredKeys:
    """The keys of one of them. Raises ``signatures.store_gone``, ``signing.key_unreachable`` and its like."""
    await _require(core, actor)
    try:
        async with asyncio.timeout(SECONDS):
            found = await _certificates(core, place)
    except TimeoutError as late:
        raise DomainError("signing.key_unreachable") from late
    now = core.clock.now()
    return StoredKeys(keys=tuple(
        _shown(name, certificate, usable=rules.may_sign(certificate, now)) for name, certificate in found.items()
    ))  # fmt: skip


async def looked_up(core: Core, place: str, name: str) -> tuple[bytes, tuple[bytes, ...]]:
    """Certificate and chain of a key on a token that no PIN is known for; that it opens is known when it signs.

    Raises ``signing.key_missing``, ``.key_unreachable``, ``.mechanism_missing``.
    """
    token = core.config.signing.tokens[place]
    try:
        return await asyncio.to_thread(_on_token, token, name)
    except SigningError as why:
        raise refused_as_domain_error(why) from why


async def _require(core: Core, actor: Actor) -> None:
    await core.db.read(lambda read: access.require(
        "signatures.key_stores", access.relations(read, actor, "person", actor.person_id)
    ))  # fmt: skip


async def _certificates(core: Core, place: str) -> dict[str, x509.Certificate]:
    signing = core.config.signing
    token, service = signing.tokens.get(place), signing.services.get(place)
    try:
        if token is not None:
            found = await asyncio.to_thread(_all_on_token, token)
        elif service is not None:
            found = await asyncio.to_thread(_all_at_service, service, signing.seconds)
        else:
            raise DomainError("signatures.store_gone", name=place)
    except SigningError as why:
        raise refused_as_domain_error(why) from why
    return {name: x509.load_der_x509_certificate(der) for name, der in found.items()}


def _all_on_token(token: Token) -> dict[str, bytes]:
    from signing.pkcs11 import certificates  # noqa: PLC0415 - a library of the system, wanted only here

    return certificates(str(token.module), token.token)


def _on_token(token: Token, name: str) -> tuple[bytes, tuple[bytes, ...]]:
    from signing.pkcs11 import above, certificates, probe  # noqa: PLC0415 - a library of the system, wanted only here

    there = certificates(str(token.module), token.token)
    own = there.pop(name, None)
    if own is None:
        raise SigningError("key_missing", name=name)
    probe(str(token.module), token.token, own, legacy_rsa=token.legacy_rsa)
    return own, above(own, list(there.values()))


def _all_at_service(service: Service, seconds: float) -> dict[str, bytes]:
    from signing.csc import RemoteSigner, credentials  # noqa: PLC0415 - wanted only here

    bearer = opening.configured(service.bearer)
    found: dict[str, bytes] = {}
    for name in credentials(service.address, bearer, seconds=seconds):
        try:
            signer = RemoteSigner(service.address, name, bearer, legacy_rsa=service.legacy_rsa, seconds=seconds)
        except SigningError as why:
            if why.code in {"key_unreachable", "service_refused"}:
                raise
            continue  # switched off, or of a kind that signs nothing here
        found[name] = signer.certificate
    return found


def _shown(name: str, certificate: x509.Certificate, *, usable: bool) -> StoredKey:
    return StoredKey(
        name=name, holder=holders.common_name(certificate.subject), issuer=holders.common_name(certificate.issuer),
        serial=f"{certificate.serial_number:x}", valid_from=stamp(certificate.not_valid_before_utc),
        valid_until=stamp(certificate.not_valid_after_utc), usable=usable,
    )  # fmt: skip
