"""Trust roots: certificates that the caller names, and the lists of withdrawn ones put beside them; PEM or DER."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from asn1crypto import crl as asn1_crl
from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509

_LARGEST_KEPT = 256 * 1024  # bytes of a source that is remembered


class Anchors(NamedTuple):
    """Whom the caller trusts, and which revocation lists he brought along."""

    certificates: list[asn1_x509.Certificate]
    crls: list[asn1_crl.CertificateList]


def load_anchors(sources: Sequence[bytes]) -> Anchors:
    """Certificates and revocation lists from PEM (several to a file), certificates also from DER.

    Raises:
        ValueError: a source holds neither.
    """
    anchors = Anchors([], [])
    for source in sources:
        found = _remembered(source) if len(source) <= _LARGEST_KEPT else _read(source)
        anchors.certificates.extend(found.certificates)
        anchors.crls.extend(found.crls)
    return anchors


@lru_cache(maxsize=32)
def _remembered(source: bytes) -> Anchors:
    """The same few roots judge every file: what was decoded of them once is not decoded again."""
    return _read(source)


def _read(source: bytes) -> Anchors:
    anchors = Anchors([], [])
    blocks = list(pem.unarmor(source, multiple=True)) if pem.detect(source) else [("CERTIFICATE", {}, source)]
    for kind, _, der in blocks:
        try:
            _add(anchors, kind, der)
        except ValueError as why:
            raise ValueError("no certificate in a trust root") from why
    return anchors


def _add(anchors: Anchors, kind: str, der: bytes) -> None:
    if kind == "X509 CRL":
        x509.load_der_x509_crl(der)
        anchors.crls.append(asn1_crl.CertificateList.load(der))
    else:
        x509.load_der_x509_certificate(der)
        anchors.certificates.append(asn1_x509.Certificate.load(der))


def load_roots(sources: Sequence[bytes]) -> list[asn1_x509.Certificate]:
    """The certificates alone; see `load_anchors`.

    Raises:
        ValueError: a source holds no certificate.
    """
    return load_anchors(sources).certificates
