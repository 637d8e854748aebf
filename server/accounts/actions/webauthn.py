"""What browsers bring of passkeys, checked: one that was made, and one that was used (WebAuthn level 3, §7.1 and §7.2).

fido2 takes a fifth of a second to load, so it comes in at the first use, beside the loop.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from server.core.errors import DomainError

if TYPE_CHECKING:
    from fido2.server import Fido2Server
    from fido2.webauthn import AttestedCredentialData, CollectedClientData

    from server.accounts.models import Passkey, Site
    from server.accounts.wire import PasskeyUsed

# COSE: ES256, EdDSA, RS256. All authenticators on the market know one of them.
ALGORITHMS = (-7, -8, -257)
NAME = "Phiên"
_CREDENTIAL_ID_MOST = 1023  # WebAuthn level 3, §7.1
_BYTES_MOST = 64 * 1024
_COSE_ALGORITHM = 3


class Made(Struct, frozen=True, kw_only=True):
    """A passkey as it was made: its id, the attested credential data, and where its counter begins."""

    credential_id: bytes
    credential: bytes
    count: int


class _ClientData(Struct, frozen=True):
    challenge: str


def challenge_of(client_data: bytes) -> bytes:
    """The challenge that client data speak of; nothing of them is believed yet. Raises ``accounts.passkey_refused``."""
    from fido2.utils import websafe_decode  # noqa: PLC0415 - see above

    try:
        return websafe_decode(msgspec.json.decode(client_data[:_BYTES_MOST], type=_ClientData).challenge)
    except (ValueError, msgspec.MsgspecError) as error:
        raise DomainError("accounts.passkey_refused") from error


async def check_made(site: Site, client_data: bytes, attestation: bytes) -> Made:
    """A passkey made here, by somebody whom the authenticator has verified. Raises ``accounts.passkey_refused``."""
    return await asyncio.to_thread(_check_made, site, client_data, attestation)


async def check_used(site: Site, passkey: Passkey, used: PasskeyUsed) -> int:
    """That this passkey signed here, its person verified; answers its counter. Raises ``accounts.passkey_refused``."""
    return await asyncio.to_thread(_check_used, site, passkey, used)


def _check_made(site: Site, client_data: bytes, attestation: bytes) -> Made:
    from fido2.webauthn import (  # noqa: PLC0415 - see above
        AttestationObject,
        AuthenticatorAttestationResponse,
        CollectedClientData,
        RegistrationResponse,
    )

    _bounded(client_data, attestation)
    state = _state(challenge_of(client_data))
    try:
        client, made = CollectedClientData(client_data), AttestationObject(attestation)
        data = made.auth_data.credential_data
        assert data is not None
        _require_here(client)
        _require_known(data)
        response = AuthenticatorAttestationResponse(client_data=client, attestation_object=made)
        _server(site).register_complete(state, RegistrationResponse(raw_id=data.credential_id, response=response))
    except Exception as error:  # strangers write these bytes, and a parser may fall over them in any way
        raise DomainError("accounts.passkey_refused") from error
    return Made(credential_id=data.credential_id, credential=bytes(data), count=made.auth_data.counter)


def _check_used(site: Site, passkey: Passkey, used: PasskeyUsed) -> int:
    from fido2.webauthn import (  # noqa: PLC0415 - see above
        AttestedCredentialData,
        AuthenticationResponse,
        AuthenticatorAssertionResponse,
        AuthenticatorData,
        CollectedClientData,
    )

    _bounded(used.client_data, used.authenticator_data, used.signature)
    state = _state(challenge_of(used.client_data))
    try:
        client, data = CollectedClientData(used.client_data), AuthenticatorData(used.authenticator_data)
        _require_here(client)
        response = AuthenticatorAssertionResponse(
            client_data=client, authenticator_data=data, signature=used.signature, user_handle=used.user_handle or None
        )
        given = AuthenticationResponse(raw_id=used.credential_id, response=response)
        _server(site).authenticate_complete(state, [AttestedCredentialData(passkey.credential)], given)
    except Exception as error:  # the same
        raise DomainError("accounts.passkey_refused") from error
    return data.counter


def _server(site: Site) -> Fido2Server:
    from fido2.server import Fido2Server  # noqa: PLC0415 - see above
    from fido2.webauthn import AttestationConveyancePreference, PublicKeyCredentialRpEntity  # noqa: PLC0415 - the same

    entity = PublicKeyCredentialRpEntity(name=NAME, id=site.rp_id)
    return Fido2Server(
        entity, attestation=AttestationConveyancePreference.NONE, verify_origin=lambda origin: origin == site.origin
    )


def _state(challenge: bytes) -> dict[str, str]:
    """What fido2 holds a response against. That the challenge is ours and unused was looked up before."""
    from fido2.utils import websafe_encode  # noqa: PLC0415 - see above

    return {"challenge": websafe_encode(challenge), "user_verification": "required"}


def _require_here(client: CollectedClientData) -> None:
    """Our pages are in nobody's frame."""
    if client.cross_origin:
        raise DomainError("accounts.passkey_refused")


def _require_known(data: AttestedCredentialData) -> None:
    usable = 0 < len(data.credential_id) <= _CREDENTIAL_ID_MOST
    if not usable or data.public_key[_COSE_ALGORITHM] not in ALGORITHMS:
        raise DomainError("accounts.passkey_refused")


def _bounded(*given: bytes) -> None:
    if any(len(each) > _BYTES_MOST for each in given):
        raise DomainError("accounts.passkey_refused")
