"""A key at a remote signing service (Cloud Signature Consortium API v2): the hashes to sign are authorised by name."""

import asyncio
import base64
import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

from signing.algorithms import LEGACY_RSA, algorithm_of
from signing.errors import SigningError
from signing.network import UnreachableError, fetch, host_of

_HASH = {
    "sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2", "sha512": "2.16.840.1.101.3.4.2.3",
}  # fmt: skip
_SIGN = {
    "ecdsa-sha256": "1.2.840.10045.4.3.2", "ecdsa-sha384": "1.2.840.10045.4.3.3", "ecdsa-sha512": "1.2.840.10045.4.3.4",
    "rsa-pss-sha256": "1.2.840.113549.1.1.10", LEGACY_RSA: "1.2.840.113549.1.1.11",
}  # fmt: skip


MOST_CREDENTIALS = 50
"""So many of a person's or body's keys at a service are listed."""


def credentials(base: str, token: str, *, seconds: float = 15.0) -> list[str]:
    """The identifiers of the keys that a bearer token opens at a service.

    Raises:
        SigningError: key_unreachable, service_refused.
    """
    told = ask(base, token, seconds, "credentials/list", maxResults=MOST_CREDENTIALS)
    found = told.get("credentialIDs")
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise SigningError("service_refused", why="answer")
    return found[:MOST_CREDENTIALS]


class RemoteSigner:
    """A signer whose key is kept by a signing service; each use is authorised for exactly the hashes it signs."""

    def __init__(
        self, base: str, credential: str, token: str, pin: str = "", *, legacy_rsa: bool = False, seconds: float = 15.0
    ) -> None:
        """Ask the service about the credential.

        Args:
            base: address up to the version, e.g. "https://ky.example.vn/csc/v2".
            credential: the credential's identifier.
            token: bearer token of the person or body.
            pin: what authorises the use of the key, if the service wants one.
            legacy_rsa: sign by PKCS#1 v1.5, for a service that knows nothing else.
            seconds: for one request.

        Raises:
            SigningError: key_unreachable, service_refused, key_missing, mechanism_missing, key_unsupported.
        """
        self._base, self._credential, self._token, self._pin = base.rstrip("/"), credential, token, pin
        self._seconds = seconds
        told = self._ask("credentials/info", credentialID=credential, certificates="chain")
        try:
            self.certificate, *above = [base64.b64decode(one) for one in told["cert"]["certificates"]]
            enabled, offered = told["key"]["status"] == "enabled", set(told["key"]["algo"])
        except (KeyError, TypeError, ValueError) as why:
            raise SigningError("key_missing", name=credential) from why
        if not enabled:
            raise SigningError("key_missing", name=credential)
        self.chain = tuple(above)
        self.algorithm = LEGACY_RSA if legacy_rsa else ""
        self._how = algorithm_of(self.certificate, self.algorithm)
        if _SIGN.get(self._how.name) not in offered:
            raise SigningError("mechanism_missing", name=self._how.name)

    def __repr__(self) -> str:
        return f"RemoteSigner({self._base!r}, {self._credential!r})"  # never token or PIN

    async def sign_raw(self, attributes: bytes) -> bytes:
        """See `Signer.sign_raw`.

        Raises:
            SigningError: key_unreachable, service_refused.
        """
        return (await self.sign_batch([attributes]))[0]

    async def sign_batch(self, attributes: Sequence[bytes]) -> list[bytes]:
        """Several papers under one authorisation, which names the hash of each.

        Raises:
            SigningError: key_unreachable, service_refused.
        """
        return await asyncio.to_thread(self._sign, list(attributes))

    def _sign(self, attributes: list[bytes]) -> list[bytes]:
        hashes = [base64.b64encode(hashlib.new(self._how.digest, one).digest()).decode() for one in attributes]
        common = {"credentialID": self._credential, "hashes": hashes, "hashAlgorithmOID": _HASH[self._how.digest]}
        pin = {"authData": [{"id": "PIN", "value": self._pin}]} if self._pin else {}
        granted = self._ask("credentials/authorize", numSignatures=len(hashes), **common, **pin)
        how = {"signAlgo": _SIGN[self._how.name]}
        if self._how.family == "rsa-pss":
            parameters: bytes = self._how.mechanism()["parameters"].dump()
            how["signAlgoParams"] = base64.b64encode(parameters).decode()
        done = self._ask("signatures/signHash", SAD=granted.get("SAD", ""), **common, **how)
        try:
            signatures = [base64.b64decode(one) for one in done["signatures"]]
        except (KeyError, TypeError, ValueError) as why:
            raise SigningError("service_refused", why="answer") from why
        if len(signatures) != len(hashes):
            raise SigningError("service_refused", why="count")
        return signatures

    def _ask(self, what: str, **question: Any) -> dict[str, Any]:  # noqa: ANN401  # JSON
        return ask(self._base, self._token, self._seconds, what, **question)


def ask(base: str, token: str, seconds: float, what: str, **question: Any) -> dict[str, Any]:  # noqa: ANN401  # JSON
    """One question to a service and its answer. Raises SigningError key_unreachable, service_refused."""
    base = base.rstrip("/")
    try:
        raw = fetch(
            f"{base}/{what}", {host_of(base)}, body=msgspec.json.encode(question), kind="application/json",
            accept="application/json", token=token, seconds=seconds, limit=1024 * 1024,
        )  # fmt: skip
        return msgspec.json.decode(raw, type=dict[str, Any])
    except UnreachableError as why:
        code = "service_refused" if why.why == "refused" else "key_unreachable"
        raise SigningError(code, why=what) from why
    except msgspec.DecodeError as why:
        raise SigningError("service_refused", why=what) from why
