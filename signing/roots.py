"""Trust roots: certificates that the caller names, read from PEM or DER."""

from collections.abc import Sequence

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509


def load_roots(sources: Sequence[bytes]) -> list[asn1_x509.Certificate]:
    """Certificates from PEM (several to a file) or DER.

    Raises:
        ValueError: a source holds no certificate.
    """
    roots: list[asn1_x509.Certificate] = []
    for source in sources:
        found = [der for _, _, der in pem.unarmor(source, multiple=True)] if pem.detect(source) else [source]
        for der in found:
            try:
                x509.load_der_x509_certificate(der)
            except ValueError as why:
                raise ValueError("no certificate in a trust root") from why
            roots.append(asn1_x509.Certificate.load(der))
    return roots
