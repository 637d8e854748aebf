"""Which algorithms may sign: ECDSA from P-256, RSA-PSS from 2048 bits, SHA-256 or better.

Source: Circular 15/2025/TT-BKHCN, Annex I. RSA by PKCS#1 v1.5 is not among them: it is verified, and made only for a
token that knows nothing else, if somebody asks for `LEGACY_RSA` by name.
"""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

import msgspec
from asn1crypto.algos import SignedDigestAlgorithm
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.x509.oid import ExtendedKeyUsageOID

from signing.errors import SigningError

MIN_RSA_BITS = 2048
LEGACY_RSA = "rsa-pkcs1-sha256"
_CURVES = {"secp256r1": "sha256", "secp384r1": "sha384", "secp521r1": "sha512"}
_SMALLEST_CURVE = 256
_HASHES: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


class Algorithm(msgspec.Struct, frozen=True):
    """How a key signs: `name` is stable and JSON-ready, e.g. "ecdsa-sha256" or "rsa-pss-sha256"."""

    family: str
    digest: str
    coordinate: int = 0

    @property
    def name(self) -> str:
        """The stable name of family and digest."""
        return f"{self.family}-{self.digest}"

    def hash(self) -> hashes.HashAlgorithm:
        """A fresh hash object of the digest."""
        return _HASHES[self.digest]()

    def padding(self) -> padding.AsymmetricPadding:
        """RSA-PSS with the salt as long as the digest: other salts are what tokens and browsers do not make."""
        if self.family == "rsa-pkcs1":
            return padding.PKCS1v15()
        return padding.PSS(mgf=padding.MGF1(self.hash()), salt_length=self.hash().digest_size)

    def mechanism(self) -> SignedDigestAlgorithm:
        """The same for the CMS; explicit, since a guessed PSS salt makes an invalid signature without an error."""
        # Read from its encoding: the library encodes what it read at once, what was put together again and again.
        return SignedDigestAlgorithm.load(_encoded(self))

    def _mechanism(self) -> SignedDigestAlgorithm:
        if self.family == "ecdsa":
            return SignedDigestAlgorithm({"algorithm": f"{self.digest}_ecdsa"})
        if self.family == "rsa-pkcs1":
            return SignedDigestAlgorithm({"algorithm": f"{self.digest}_rsa"})
        digest = {"algorithm": self.digest}
        return SignedDigestAlgorithm(
            {
                "algorithm": "rsassa_pss",
                "parameters": {
                    "hash_algorithm": digest,
                    "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": digest},
                    "salt_length": self.hash().digest_size,
                },
            }
        )


@lru_cache
def _encoded(how: Algorithm) -> bytes:
    made: bytes = how._mechanism().dump()  # noqa: SLF001  # the same thing, remembered
    return made


@lru_cache(maxsize=256)
def load_certificate(der: bytes) -> x509.Certificate:
    """The certificate, or SigningError certificate_unreadable."""
    try:
        return x509.load_der_x509_certificate(der)
    except ValueError as why:
        raise SigningError("certificate_unreadable") from why


def load_request(der: bytes) -> x509.CertificateSigningRequest:
    """The certificate request, or SigningError request_invalid."""
    try:
        return x509.load_der_x509_csr(der)
    except ValueError as why:
        raise SigningError("request_invalid") from why


def algorithm_of(certificate: bytes, name: str = "") -> Algorithm:
    """How the key of this certificate (DER) signs; `name` may be its algorithm's own, or LEGACY_RSA for an RSA key.

    Raises:
        SigningError: certificate_unreadable, key_unsupported (also: `name` is not for this key), key_too_weak.
    """
    usual = _usual(certificate)
    if name == LEGACY_RSA and usual.family == "rsa-pss":
        return Algorithm("rsa-pkcs1", "sha256")
    if name not in {"", usual.name}:
        raise SigningError("key_unsupported", kind=name)
    return usual


@lru_cache(maxsize=256)
def _usual(certificate: bytes) -> Algorithm:
    key = load_certificate(certificate).public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        if key.curve.name not in _CURVES:
            small = key.key_size < _SMALLEST_CURVE
            raise SigningError("key_too_weak" if small else "key_unsupported", kind=key.curve.name)
        return Algorithm("ecdsa", _CURVES[key.curve.name], (key.key_size + 7) // 8)
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < MIN_RSA_BITS:
            raise SigningError("key_too_weak", bits=key.key_size)
        return Algorithm("rsa-pss", "sha256")
    raise SigningError("key_unsupported", kind=type(key).__name__)


def check_certificate(certificate: bytes, at: datetime) -> None:
    """Refuse a certificate that must not sign at `at`.

    Raises:
        SigningError: certificate_expired, certificate_not_yet_valid, certificate_wrong_purpose.
    """
    parsed = load_certificate(certificate)
    if at < parsed.not_valid_before_utc:
        raise SigningError("certificate_not_yet_valid", since=parsed.not_valid_before_utc.isoformat())
    if at > parsed.not_valid_after_utc:
        raise SigningError("certificate_expired", until=parsed.not_valid_after_utc.isoformat())
    if not may_sign(parsed):
        raise SigningError("certificate_wrong_purpose")


# Who holds a certificate for one of these alone is a machine: a web server, a build, a clock, a responder.
_MACHINES = frozenset({
    ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CODE_SIGNING, ExtendedKeyUsageOID.TIME_STAMPING,
    ExtendedKeyUsageOID.OCSP_SIGNING,
})  # fmt: skip


@lru_cache(maxsize=256)
def may_sign(certificate: x509.Certificate) -> bool:
    """Whether it was given out for signing papers: authorities differ, so either use of the key will do."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        if not (usage.digital_signature or usage.content_commitment):
            return False
    except x509.ExtensionNotFound:
        pass
    try:
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return not set(purposes) <= _MACHINES


def checked_signature(certificate: bytes, attributes: bytes, signature: bytes, how: Algorithm) -> bytes:
    """The raw signature in the form the CMS wants, after it was verified against the certificate.

    Raises:
        SigningError: signature_mismatch.
    """
    key = load_certificate(certificate).public_key()
    if isinstance(key, rsa.RSAPublicKey):
        candidates = [signature]
        check: Callable[[bytes], None] = lambda raw: key.verify(raw, attributes, how.padding(), how.hash())  # noqa: E731
    elif isinstance(key, ec.EllipticCurvePublicKey):
        candidates = [signature, *_from_webcrypto(signature, how.coordinate)]
        check = lambda raw: key.verify(raw, attributes, ec.ECDSA(how.hash()))  # noqa: E731
    else:
        raise SigningError("key_unsupported", kind=type(key).__name__)
    for raw in candidates:
        try:
            check(raw)
        except InvalidSignature:
            continue
        return raw
    raise SigningError("signature_mismatch")


def _from_webcrypto(signature: bytes, coordinate: int) -> list[bytes]:
    return [webcrypto_to_der(signature)] if len(signature) == 2 * coordinate else []


def webcrypto_to_der(signature: bytes) -> bytes:
    """An ECDSA signature as a DER sequence; WebCrypto and tokens give r and s side by side."""
    half = len(signature) // 2
    r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
    return encode_dss_signature(r, s)
