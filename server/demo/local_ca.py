"""HTTPS for the demo beyond this machine: a certificate authority of its own, and a certificate for the address."""

from __future__ import annotations

import ipaddress
import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from server.config import Https

ROOT = "ca.pem"
# Apple's systems refuse certificates of servers that live longer than 398 days.
_SERVER_DAYS = 397
_ROOT_DAYS = 3650
_DAY = timedelta(days=1)


def certify(folder: Path, names: list[str]) -> Https:
    """A new certificate for ``names`` (host names and addresses) under the authority in ``folder``, made at first.

    A tablet that has installed ``ca.pem`` once trusts every later certificate.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    root, root_key = _authority(folder)
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    public = key.public_key()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name(names[0]))
        .issuer_name(root.subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + _SERVER_DAYS * _DAY)
        .add_extension(x509.SubjectAlternativeName([_alternative(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    chain = certificate.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM)
    (folder / "server.pem").write_bytes(chain)
    _write_secret(folder / "server.key", _pem(key))
    return Https(folder / "server.pem", folder / "server.key")


def addresses(host: str) -> list[str]:
    """What a certificate for ``host`` has to name, what others type first: a real address for "every address"."""
    first = _own_address() if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared with, not bound
    return list(dict.fromkeys([first, "localhost", "127.0.0.1", "::1"]))


def _own_address() -> str:
    """The address of this machine in its network; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # RFC 5737: an address for documentation
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def _authority(folder: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    certificate, secret = folder / ROOT, folder / "ca.key"
    if certificate.exists() and secret.exists():
        key = load_pem_private_key(secret.read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)  # made below
        return x509.load_pem_x509_certificate(certificate.read_bytes()), key
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = _name("Phiên – CA trình diễn trên máy này")
    root = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + _ROOT_DAYS * _DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_SIGNS_CERTIFICATES, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write_secret(secret, _pem(key))
    certificate.write_bytes(root.public_bytes(Encoding.PEM))
    return root, key


_SIGNS_CERTIFICATES = x509.KeyUsage(
    digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
    key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
)  # fmt: skip


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write_secret(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
