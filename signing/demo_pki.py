"""A certificate authority for demo and tests: root, issuing CA and persons, made at run time and never committed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from signing.enrolment import check_request
from signing.signers import PrivateKey

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
_DAY = timedelta(days=1)


class Identity(msgspec.Struct, frozen=True):
    """A key with its certificate and what is above it; DER throughout. Treat `key` as the secret it is."""

    certificate: bytes
    key: bytes
    chain: tuple[bytes, ...] = ()

    def private_key(self) -> PrivateKey:
        """The key, loaded."""
        key = load_der_private_key(self.key, None)
        assert isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey)  # made by this module
        return key

    def pkcs12(self, password: str) -> bytes:
        """The same as a .p12 file under `password`."""
        above = [x509.load_der_x509_certificate(one) for one in self.chain]
        leaf = x509.load_der_x509_certificate(self.certificate)
        return pkcs12.serialize_key_and_certificates(
            b"phien-demo", self.private_key(), leaf, above, BestAvailableEncryption(password.encode())
        )


class DemoPki(msgspec.Struct, frozen=True):
    """Root and issuing CA of one demo."""

    root: Identity
    issuing: Identity

    @property
    def root_pem(self) -> bytes:
        """The root certificate, and what both authorities say about withdrawn ones: nothing was. For `verify`."""
        pem = x509.load_der_x509_certificate(self.root.certificate).public_bytes(Encoding.PEM)
        return pem + withdrawn(self.root) + withdrawn(self.issuing)

    def person(
        self,
        name: str,
        *,
        organisation: str = "",
        title: str = "",
        email: str = "",
        start: datetime | None = None,
        days: int = 730,
        rsa_bits: int = 0,
        extensions: Sequence[x509.ExtensionType] = (),
    ) -> Identity:
        """A person's signing certificate (ECDSA P-256, or RSA if `rsa_bits`), valid from `start` for `days`."""
        begin = start or datetime.now(UTC) - _DAY
        key = _key(rsa_bits)
        builder = _builder(
            _person(name, organisation, title), self.issuing, key.public_key(), begin, begin + days * _DAY
        )
        builder = builder.add_extension(_SIGNS, critical=True)
        if email:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.RFC822Name(email)]), critical=False)
        for extension in extensions:
            builder = builder.add_extension(extension, critical=isinstance(extension, x509.ExtendedKeyUsage))
        return _issue(builder, self.issuing, key, (self.issuing.certificate, self.root.certificate))

    def approve(self, request: bytes, name: str, *, organisation: str = "", title: str = "", days: int = 730) -> bytes:
        """A certificate (DER) for the key of a checked request; the names are those the clerk knows, not the request's.

        Raises:
            SigningError: request_invalid.
        """
        begin, key = datetime.now(UTC) - timedelta(minutes=5), check_request(request).public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)  # check_request refuses others
        builder = _builder(_person(name, organisation, title), self.issuing, key, begin, begin + days * _DAY)
        builder = builder.add_extension(_SIGNS, critical=True)
        return builder.sign(self.issuing.private_key(), hashes.SHA256()).public_bytes(Encoding.DER)


def withdrawn(authority: Identity, serials: Mapping[int, datetime] = MappingProxyType({}), *, days: int = 0) -> bytes:
    """The authority's signed list of withdrawn certificates, PEM: serial number → since when.

    It holds from the authority's first day for `days`, by default as long as the authority itself.
    """
    certificate = x509.load_der_x509_certificate(authority.certificate)
    since = certificate.not_valid_before_utc
    until = since + days * _DAY if days else certificate.not_valid_after_utc
    builder = x509.CertificateRevocationListBuilder().issuer_name(certificate.subject)
    builder = builder.last_update(since).next_update(until)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(_public(certificate))
    builder = builder.add_extension(identifier, critical=False).add_extension(x509.CRLNumber(1), critical=False)
    for serial, at in serials.items():
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(authority.private_key(), hashes.SHA256()).public_bytes(Encoding.PEM)


def make_demo_pki(
    organisation: str = "Phiên – trình diễn",
    *,
    start: datetime | None = None,
    extensions: Sequence[x509.ExtensionType] = (),
) -> DemoPki:
    """A new root and issuing CA, valid ten years from `start` (two days ago); `extensions` go into the issuing CA's."""
    begin = start or datetime.now(UTC) - 2 * _DAY
    root_key, issuing_key = _key(), _key()
    root_name = _name([(NameOID.COUNTRY_NAME, "VN"), (NameOID.ORGANIZATION_NAME, organisation),
                       (NameOID.COMMON_NAME, "CA gốc trình diễn")])  # fmt: skip
    builder = _builder(root_name, None, root_key.public_key(), begin, begin + 3650 * _DAY)
    root = _issue(_as_ca(builder, 1), None, root_key, ())
    issuing_name = _name([(NameOID.COUNTRY_NAME, "VN"), (NameOID.ORGANIZATION_NAME, organisation),
                          (NameOID.COMMON_NAME, "CA cấp phát trình diễn")])  # fmt: skip
    builder = _builder(issuing_name, root, issuing_key.public_key(), begin, begin + 3649 * _DAY)
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return DemoPki(root, _issue(_as_ca(builder, 0), root, issuing_key, (root.certificate,)))


_SIGNS = x509.KeyUsage(
    digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
    key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
)  # fmt: skip
_CERTIFIES = x509.KeyUsage(
    digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
    key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
)  # fmt: skip


def _name(attributes: list[tuple[x509.ObjectIdentifier, str]]) -> x509.Name:
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in attributes if value])


def _person(name: str, organisation: str, title: str) -> x509.Name:
    attributes = [(NameOID.COUNTRY_NAME, "VN"), (NameOID.ORGANIZATION_NAME, organisation), (NameOID.TITLE, title)]
    return _name([*attributes, (NameOID.COMMON_NAME, name)])


def _key(rsa_bits: int = 0) -> PrivateKey:
    return rsa.generate_private_key(65537, rsa_bits) if rsa_bits else ec.generate_private_key(ec.SECP256R1())


def _builder(
    subject: x509.Name, issuer: Identity | None, key: PublicKey, begin: datetime, end: datetime
) -> x509.CertificateBuilder:
    above = x509.load_der_x509_certificate(issuer.certificate) if issuer else None
    authority = _public(above) if above else key
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above.subject if above else subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority), critical=False)
    )


def _public(certificate: x509.Certificate) -> ec.EllipticCurvePublicKey | rsa.RSAPublicKey:
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey)  # made by this module
    return key


def _as_ca(builder: x509.CertificateBuilder, path_length: int) -> x509.CertificateBuilder:
    limits = x509.BasicConstraints(ca=True, path_length=path_length)
    return builder.add_extension(limits, critical=True).add_extension(_CERTIFIES, critical=True)


def _issue(
    builder: x509.CertificateBuilder, issuer: Identity | None, key: PrivateKey, chain: tuple[bytes, ...]
) -> Identity:
    certificate = builder.sign(issuer.private_key() if issuer else key, hashes.SHA256())
    secret = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return Identity(certificate.public_bytes(Encoding.DER), secret, chain)
