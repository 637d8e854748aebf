"""Certificates, decoded once for all the signatures and files that bring the same ones along."""

from functools import lru_cache

from asn1crypto import x509 as asn1_x509
from cryptography import x509

_LARGEST_KEPT = 32 * 1024  # bytes of one that is remembered: no file can fill the memory


def same(certificate: asn1_x509.Certificate) -> asn1_x509.Certificate:
    """The object that stands for this certificate wherever it comes from; only a very large one for itself."""
    der = certificate.dump()
    return _read(der) if len(der) <= _LARGEST_KEPT else certificate


@lru_cache(maxsize=256)
def _read(der: bytes) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(der)


def loaded(certificate: asn1_x509.Certificate) -> x509.Certificate:
    """The certificate as `cryptography` sees it."""
    return _loaded(certificate.dump())


@lru_cache(maxsize=256)
def _loaded(der: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(der)


def public_key(certificate: asn1_x509.Certificate) -> object:
    """The certificate's key as `cryptography` sees it."""
    return _key(certificate.dump())


@lru_cache(maxsize=256)
def _key(der: bytes) -> object:
    return _loaded(der).public_key()
