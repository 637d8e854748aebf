"""An authority for the keys of tablets: certificates and the list of revoked ones, signed by any `Signer`.

The authority's key may lie in an HSM: what it signs is put together here, and checked before it is handed out.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from secrets import randbits
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from signing.algorithms import algorithm_of, checked_signature, load_certificate
from signing.enrolment import check_request
from signing.errors import SigningError
from signing.signers import Signer

_SERIAL_BITS = 152  # 19 bytes, the first bit clear: RFC 5280 asks for at most 20
_EARLIER = timedelta(minutes=5)  # for clocks that are behind
_YEAR_OF_LONG_TIMES = 2050


def check_authority(certificate: bytes) -> None:
    """Refuse what may not certify others.

    Raises:
        SigningError: certificate_wrong_purpose, certificate_unreadable.
    """
    parsed = load_certificate(certificate)
    try:
        may = parsed.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        usage = parsed.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound as why:
        raise SigningError("certificate_wrong_purpose") from why
    if not (may and usage.key_cert_sign and usage.crl_sign):
        raise SigningError("certificate_wrong_purpose")


async def certify(
    authority: Signer, request: bytes, name: str, *, organisation: str, at: datetime, days: int = 730, crl: str = ""
) -> bytes:
    """A certificate (DER) for the key of a checked request; the names are those the clerk knows, not the request's.

    Args:
        authority: whose certificate may certify.
        request: PKCS#10, DER.
        name: the person's.
        organisation: of the body that certifies.
        at: now, aware; it holds from five minutes before.
        days: how long it holds, but never longer than the authority.
        crl: where anybody may fetch the list of revoked ones; "" for nowhere.

    Raises:
        SigningError: request_invalid, certificate_wrong_purpose, signature_mismatch, and those of the signer.
    """
    check_authority(authority.certificate)
    key = check_request(request).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    above = asn1_x509.Certificate.load(authority.certificate)
    until = min(at + timedelta(days=days), above.not_valid_after.astimezone(UTC))
    body = asn1_x509.TbsCertificate({
        "version": "v3", "serial_number": randbits(_SERIAL_BITS) | 1, "signature": _how(authority),
        "issuer": above.subject,
        "validity": {"not_before": _time(at - _EARLIER), "not_after": _time(until)},
        "subject": asn1_x509.Name.build(
            {"country_name": "VN", "organization_name": organisation, "common_name": name}
        ),
        "subject_public_key_info": asn1_x509.PublicKeyInfo.load(key),
        "extensions": _extensions(key, above, crl),
    })  # fmt: skip
    made: bytes = asn1_x509.Certificate({
        "tbs_certificate": body, "signature_algorithm": _how(authority),
        "signature_value": await _signed(authority, body.dump()),
    }).dump()  # fmt: skip
    return made


async def revocation_list(
    authority: Signer, revoked: Mapping[int, datetime], *, number: int, at: datetime, days: int = 30
) -> bytes:
    """The authority's list of revoked certificates (PEM): serial number → since when.

    Args:
        authority: who certified them.
        revoked: all that ever were.
        number: higher than that of the list before.
        at: now, aware.
        days: until when the next one is there.

    Raises:
        SigningError: signature_mismatch, and those of the signer.
    """
    above = asn1_x509.Certificate.load(authority.certificate)
    body = asn1_crl.TbsCertList({
        "version": "v2", "signature": _how(authority), "issuer": above.subject,
        "this_update": _time(at - _EARLIER), "next_update": _time(at + timedelta(days=days)),
        "revoked_certificates": [
            {"user_certificate": serial, "revocation_date": _time(since)} for serial, since in sorted(revoked.items())
        ] or None,
        "crl_extensions": [
            {"extn_id": "authority_key_identifier", "extn_value": {"key_identifier": above.public_key.sha1}},
            {"extn_id": "crl_number", "extn_value": number},
        ],
    })  # fmt: skip
    der = asn1_crl.CertificateList({
        "tbs_cert_list": body, "signature_algorithm": _how(authority),
        "signature": await _signed(authority, body.dump()),
    }).dump()  # fmt: skip
    return x509.load_der_x509_crl(der).public_bytes(Encoding.PEM)


def _extensions(key: bytes, above: asn1_x509.Certificate, crl: str) -> list[dict[str, Any]]:
    own = asn1_x509.PublicKeyInfo.load(key).sha1
    found: list[dict[str, Any]] = [
        {"extn_id": "basic_constraints", "critical": True, "extn_value": {"ca": False}},
        {"extn_id": "key_usage", "critical": True, "extn_value": {"digital_signature", "non_repudiation"}},
        {"extn_id": "key_identifier", "extn_value": own},
        {"extn_id": "authority_key_identifier", "extn_value": {"key_identifier": above.public_key.sha1}},
    ]
    if crl:
        where = [asn1_x509.GeneralName("uniform_resource_identifier", crl)]
        point = {"distribution_point": asn1_x509.DistributionPointName("full_name", where)}
        found.append({"extn_id": "crl_distribution_points", "extn_value": [point]})
    return found


def _how(authority: Signer) -> object:
    return algorithm_of(authority.certificate, authority.algorithm).mechanism()


async def _signed(authority: Signer, body: bytes) -> bytes:
    how = algorithm_of(authority.certificate, authority.algorithm)
    return checked_signature(authority.certificate, body, await authority.sign_raw(body), how)


def _time(moment: datetime) -> asn1_x509.Time:
    whole = moment.astimezone(UTC).replace(microsecond=0)
    long = whole.year >= _YEAR_OF_LONG_TIMES
    return asn1_x509.Time({"general_time" if long else "utc_time": whole})
