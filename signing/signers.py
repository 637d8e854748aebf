"""Who can sign: the Signer protocol, and the signer whose key is in memory (demo, tests, small offices)."""

import asyncio
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from signing.algorithms import LEGACY_RSA, Algorithm, algorithm_of
from signing.errors import SigningError

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class Signer(Protocol):
    """Somebody's key, wherever it lives: memory, token, remote service or tablet."""

    @property
    def certificate(self) -> bytes:
        """The signer's certificate, DER."""

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The certificates above it up to the root, DER; may be empty."""

    @property
    def algorithm(self) -> str:
        """How it signs: "" for what belongs to the certificate's key, or LEGACY_RSA."""

    async def sign_raw(self, attributes: bytes) -> bytes:
        """The raw signature over `attributes` (DER signed attributes of the CMS, first byte 0x31).

        ECDSA: DER, or r and s side by side as WebCrypto gives them. RSA: PSS, MGF1 and salt of the digest's length.
        The digest is the one `algorithm_of(certificate)` names.
        """


class KeySigner:
    """A signer whose private key is loaded once and kept: loading anew for each signature costs most of the time."""

    def __init__(
        self, key: PrivateKey, certificate: bytes, chain: tuple[bytes, ...] = (), *, algorithm: str = ""
    ) -> None:
        self.certificate = certificate
        self.chain = chain
        self.algorithm = algorithm
        self._key = key
        self._algorithm: Algorithm = algorithm_of(certificate, algorithm)

    def __repr__(self) -> str:
        # Never the key, not even its type of storage.
        return f"KeySigner({self._algorithm.name})"

    async def sign_raw(self, attributes: bytes) -> bytes:
        """See `Signer.sign_raw`; RSA leaves the event loop, an ECDSA signature is done before a thread would start."""
        if isinstance(self._key, rsa.RSAPrivateKey):
            return await asyncio.to_thread(
                self._key.sign, attributes, self._algorithm.padding(), self._algorithm.hash()
            )
        return self._key.sign(attributes, ec.ECDSA(self._algorithm.hash()))


def load_pkcs12(data: bytes, password: bytes | str, *, legacy_rsa: bool = False) -> KeySigner:
    """The signer inside a PKCS#12 file.

    Args:
        data: the .p12 or .pfx file.
        password: its password; text is taken as UTF-8.
        legacy_rsa: sign by PKCS#1 v1.5, see `LEGACY_RSA`.

    Raises:
        SigningError: p12_unreadable (damaged, or the wrong password), p12_incomplete, key_unsupported, key_too_weak.
    """
    secret = password.encode() if isinstance(password, str) else password
    try:
        store = pkcs12.load_pkcs12(data, secret)
    except (ValueError, TypeError) as why:
        raise SigningError("p12_unreadable") from why
    if store.key is None or store.cert is None:
        raise SigningError("p12_incomplete")
    if not isinstance(store.key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise SigningError("key_unsupported", kind=type(store.key).__name__)
    leaf = store.cert.certificate
    above = _ordered(leaf, [extra.certificate for extra in store.additional_certs])
    chain = tuple(one.public_bytes(Encoding.DER) for one in above)
    algorithm = LEGACY_RSA if legacy_rsa else ""
    return KeySigner(store.key, leaf.public_bytes(Encoding.DER), chain, algorithm=algorithm)


def _ordered(leaf: x509.Certificate, extras: list[x509.Certificate]) -> list[x509.Certificate]:
    """Extras in the order leaf → root; what does not belong to the chain is dropped."""
    chain: list[x509.Certificate] = []
    current = leaf
    while current.issuer != current.subject:
        above = next((c for c in extras if c.subject == current.issuer and c not in chain), None)
        if above is None:
            break
        chain.append(above)
        current = above
    return chain
