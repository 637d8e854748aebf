"""A software authenticator: makes passkeys and uses them as a browser with a fingerprint reader would, or badly."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from server.accounts.wire import PasskeyAdd, PasskeyUsed

if TYPE_CHECKING:
    from server.accounts.wire import PasskeyAsk, PasskeyOffer

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One passkey. Whatever a test wants to be wrong is a field."""

    origin: str
    count: int = 0
    flags: int = PRESENT | VERIFIED
    cross_origin: bool = False
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user_id: bytes = b""

    def make(self, offer: PasskeyOffer, name: str = "iPad", **changed: Any) -> PasskeyAdd:
        """Make the passkey of an offer."""
        self.user_id = offer.user_id
        public = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]
        credential = AttestedCredentialData.create(bytes(16), self.credential_id, public)
        data = self._data(offer.rp_id, self.flags | ATTESTED, bytes(credential))
        attestation = AttestationObject.create("none", data, {})
        client = self._client("webauthn.create", changed.get("challenge", offer.challenge))
        return PasskeyAdd(name=name, client_data=client, attestation=bytes(attestation))

    def use(self, ask: PasskeyAsk, **changed: Any) -> PasskeyUsed:
        """Sign what is asked; ``changed`` may give another challenge, rp_id, kind or user_handle."""
        client = self._client(changed.get("kind", "webauthn.get"), changed.get("challenge", ask.challenge))
        data = self._data(changed.get("rp_id", ask.rp_id), self.flags)
        signed = bytes(data) + hashlib.sha256(client).digest()
        return PasskeyUsed(
            credential_id=self.credential_id, client_data=client, authenticator_data=bytes(data),
            signature=self.key.sign(signed, ec.ECDSA(hashes.SHA256())),
            user_handle=changed.get("user_handle", self.user_id),
        )  # fmt: skip

    def _data(self, rp_id: str, flags: int, credential: bytes = b"") -> AuthenticatorData:
        hashed = hashlib.sha256(rp_id.encode()).digest()
        data: AuthenticatorData = AuthenticatorData.create(
            hashed, AuthenticatorData.FLAG(flags), self.count, credential
        )
        return data

    def _client(self, kind: str, challenge: bytes) -> bytes:
        said = base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
        return json.dumps(
            {"type": kind, "challenge": said, "origin": self.origin, "crossOrigin": self.cross_origin}
        ).encode()
