"""A key in a token or HSM (PKCS#11): one thread per token, a lost session is opened again, mechanisms are probed."""

import asyncio
import contextlib
import hashlib
from concurrent.futures import ThreadPoolExecutor
from hmac import compare_digest
from typing import Any

import pkcs11
from asn1crypto import x509 as asn1_x509
from pkcs11 import MGF, Attribute, Mechanism, ObjectClass
from pkcs11 import exceptions as faults

from signing.algorithms import LEGACY_RSA, Algorithm, algorithm_of
from signing.errors import SigningError

_LOST = (
    faults.SessionHandleInvalid, faults.SessionClosed, faults.DeviceRemoved, faults.TokenNotPresent,
    faults.UserNotLoggedIn, faults.KeyHandleInvalid, faults.ObjectHandleInvalid, faults.DeviceError,
)  # fmt: skip
_PIN = (faults.PinIncorrect, faults.PinLocked, faults.PinExpired, faults.PinInvalid, faults.PinLenRange)
_DIGESTS = {"sha256": Mechanism.SHA256, "sha384": Mechanism.SHA384, "sha512": Mechanism.SHA512}
_MASKS = {"sha256": MGF.SHA256, "sha384": MGF.SHA384, "sha512": MGF.SHA512}


class _Token:
    """One token of this process: its thread and its session, shared by all signers on it.

    A token answers one question at a time, and who is logged in is the whole process: the PIN is asked by ourselves
    where the token would let anybody pass.
    """

    def __init__(self, module: str, label: str) -> None:
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="token")
        self._module, self._label, self._pin = module, label, ""
        self.session: Any = None

    def open(self, pin: str) -> None:
        """Log in, or take the session that is open under the same PIN; on the token's own thread."""
        if self.session is not None:
            if not compare_digest(pin.encode(), self._pin.encode()):
                raise SigningError("pin_wrong")
            return
        try:
            token = pkcs11.lib(self._module).get_token(token_label=self._label)
            self.session, self._pin = token.open(user_pin=pin), pin
        except _PIN as why:
            raise SigningError("pin_wrong") from why
        except (pkcs11.PKCS11Error, RuntimeError, OSError) as why:
            raise SigningError("key_unreachable") from why

    def reopen(self, pin: str) -> None:
        """A new session in the place of a lost one."""
        with contextlib.suppress(pkcs11.PKCS11Error, RuntimeError):
            self.session.close()
        self.session = None
        self.open(pin)


_TOKENS: dict[tuple[str, str], _Token] = {}


def probe(module: str, token: str, certificate: bytes, *, legacy_rsa: bool = False) -> None:
    """See, without a PIN, whether a token is there and signs as the certificate (DER) of a key on it needs.

    Raises:
        SigningError: key_unreachable, mechanism_missing.
    """
    how = algorithm_of(certificate, LEGACY_RSA if legacy_rsa else "")

    def look() -> None:
        try:
            there = pkcs11.lib(module).get_token(token_label=token)
        except (pkcs11.PKCS11Error, RuntimeError, OSError) as why:
            raise SigningError("key_unreachable") from why
        _mechanism(there, how)

    _TOKENS.setdefault((module, token), _Token(module, token)).thread.submit(look).result()


def certificates(module: str, token: str) -> dict[str, bytes]:
    """The certificates (DER) that lie on a token, by label; read without a PIN, as everybody may.

    Raises:
        SigningError: key_unreachable.
    """

    def look() -> dict[str, bytes]:
        try:
            with pkcs11.lib(module).get_token(token_label=token).open() as session:
                held = session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
                return {str(one[Attribute.LABEL]): bytes(one[Attribute.VALUE]) for one in held}
        except (pkcs11.PKCS11Error, RuntimeError, OSError) as why:
            raise SigningError("key_unreachable") from why

    return _TOKENS.setdefault((module, token), _Token(module, token)).thread.submit(look).result()


def _mechanism(token: Any, how: Algorithm) -> Mechanism:  # noqa: ANN401 - a token of the library
    """The first mechanism a token has for an algorithm. Raises SigningError key_unreachable, mechanism_missing."""
    ways = {
        "ecdsa": (Mechanism.ECDSA,),
        "rsa-pss": (Mechanism[f"{how.digest.upper()}_RSA_PKCS_PSS"], Mechanism.RSA_PKCS_PSS),
        "rsa-pkcs1": (Mechanism[f"{how.digest.upper()}_RSA_PKCS"],),
    }[how.family]
    try:
        known = set(token.slot.get_mechanisms())
    except pkcs11.PKCS11Error as why:
        raise SigningError("key_unreachable") from why
    found = next((one for one in ways if one in known), None)
    if found is None:
        raise SigningError("mechanism_missing", name=how.name)
    return found


class TokenSigner:
    """A signer whose key never leaves its device. The PIN is kept for reopening a lost session, and never shown."""

    def __init__(self, module: str, token: str, label: str, pin: str, *, legacy_rsa: bool = False) -> None:
        """Open the token, find key and certificate under `label`, and see how it signs.

        Args:
            module: path of the vendor's PKCS#11 library.
            token: label of the token.
            label: of key and certificate on it.
            pin: the user's.
            legacy_rsa: sign by PKCS#1 v1.5, for a token that knows nothing else.

        Raises:
            SigningError: key_unreachable, pin_wrong, key_missing, mechanism_missing, key_unsupported, key_too_weak.
        """
        self._name, self._label, self._pin = token, label, pin
        self._token = _TOKENS.setdefault((module, token), _Token(module, token))
        self._key: Any = None
        self.certificate, self.chain = self._token.thread.submit(self._opened).result()
        self.algorithm = LEGACY_RSA if legacy_rsa else ""
        self._how = algorithm_of(self.certificate, self.algorithm)
        self._mechanism = self._token.thread.submit(self._probe).result()

    def __repr__(self) -> str:
        return f"TokenSigner(token={self._name!r}, label={self._label!r})"  # never the PIN

    async def sign_raw(self, attributes: bytes) -> bytes:
        """See `Signer.sign_raw`; on the token's own thread, once more in a new session if the session was lost.

        Raises:
            SigningError: key_unreachable, pin_wrong, key_missing.
        """
        return await asyncio.get_running_loop().run_in_executor(self._token.thread, self._sign, attributes)

    def _opened(self) -> tuple[bytes, tuple[bytes, ...]]:
        """Log in and find the key; certificate and chain."""
        self._token.open(self._pin)
        session = self._token.session
        try:
            there = session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
            held = {one[Attribute.LABEL]: one[Attribute.VALUE] for one in there}
            found = session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.LABEL: self._label})
            self._key = next(iter(found), None)
        except pkcs11.PKCS11Error as why:
            raise SigningError("key_unreachable") from why
        if self._key is None or self._label not in held:
            raise SigningError("key_missing", name=self._label)
        own = held.pop(self._label)
        return own, above(own, list(held.values()))

    def _probe(self) -> Mechanism:
        """The first mechanism the token has for this algorithm: hashing by itself, or signing our hash."""
        return _mechanism(self._token.session.token, self._how)

    def _sign(self, attributes: bytes) -> bytes:
        try:
            return self._sign_once(attributes)
        except _LOST:
            self._token.reopen(self._pin)
            certificate, _ = self._opened()
            if certificate != self.certificate:  # another device was put in
                raise SigningError("key_missing", name=self._label) from None
        try:
            return self._sign_once(attributes)
        except pkcs11.PKCS11Error as why:
            raise SigningError("key_unreachable") from why

    def _sign_once(self, attributes: bytes) -> bytes:
        digest, parameters = self._how.digest, None
        data = attributes
        if self._how.family == "rsa-pss":
            parameters = (_DIGESTS[digest], _MASKS[digest], self._how.hash().digest_size)
        if self._mechanism in {Mechanism.ECDSA, Mechanism.RSA_PKCS_PSS}:
            data = hashlib.new(digest, attributes).digest()
        signature: bytes = self._key.sign(data, mechanism=self._mechanism, mechanism_param=parameters)
        return signature


def above(own: bytes, others: list[bytes]) -> tuple[bytes, ...]:
    """The issuers of `own` among the others, in order."""
    known = [asn1_x509.Certificate.load(one) for one in others]
    chain: list[bytes] = []
    current = asn1_x509.Certificate.load(own)
    while current.subject != current.issuer:
        above = next((one for one in known if one.subject == current.issuer and one.dump() not in chain), None)
        if above is None:
            break
        chain.append(above.dump())
        current = above
    return tuple(chain)
