"""What is known about withdrawn certificates: OCSP answers and lists, from the file, the operator or the network."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from asn1crypto import cms, ocsp
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as x509_ocsp
from pyhanko.pdf_utils.reader import PdfFileReader

from signing.network import UnreachableError, allowed, fetch
from signing.roots import Anchors

_MOST = 512  # items read from one file's store: more is an attack on time
_NO_CHECK = "ocsp_no_check"


class Status(NamedTuple):
    """The newest word on one certificate: where from, and of when."""

    source: Literal["ocsp", "crl"]
    at: datetime


class Evidence:
    """Certificates, OCSP answers and revocation lists; none of it is believed before its signature is checked."""

    def __init__(self, anchors: Anchors | None = None) -> None:
        self.certificates: list[asn1_x509.Certificate] = []
        self.crls: list[asn1_crl.CertificateList] = list(anchors.crls) if anchors else []
        self.ocsps: list[ocsp.OCSPResponse] = []

    def joined(self, *others: "Evidence") -> "Evidence":
        """All of it together, a new object."""
        whole = Evidence()
        for one in (self, *others):
            whole.certificates += one.certificates
            whole.crls += one.crls
            whole.ocsps += one.ocsps
        return whole

    def about(self, certificate: asn1_x509.Certificate) -> Status | None:
        """The newest answer that speaks of this certificate."""
        found = [Status("ocsp", one) for one in self._answers(certificate)]
        lists = (one["tbs_cert_list"] for one in self.crls if one.issuer == certificate.issuer)
        found += [Status("crl", one["this_update"].native) for one in lists]
        return max(found, key=lambda status: status.at, default=None)

    def _answers(self, certificate: asn1_x509.Certificate) -> Iterable[datetime]:
        for answer in self.ocsps:
            if answer["response_status"].native != "successful":
                continue
            for single in answer.response_data["responses"]:
                identity = single["cert_id"]
                issuer = hashlib.new(identity["hash_algorithm"]["algorithm"].native, certificate.issuer.dump()).digest()
                if identity["serial_number"].native == certificate.serial_number and (
                    identity["issuer_name_hash"].native == issuer
                ):
                    yield single["this_update"].native.astimezone(UTC)


def from_file(reader: PdfFileReader) -> Evidence:
    """The document security store of the file's last version; what cannot be read in it is left out."""
    evidence = Evidence()
    try:
        store: Any = reader.root["/DSS"]
    except KeyError:
        return evidence
    for key, kind, into in (
        ("/Certs", asn1_x509.Certificate, evidence.certificates),
        ("/CRLs", asn1_crl.CertificateList, evidence.crls),
        ("/OCSPs", ocsp.OCSPResponse, evidence.ocsps),
    ):
        for der in _streams(store, key):
            try:
                item = kind.load(der, strict=True)
                item.native  # noqa: B018  # parses all of it now, where it may fail
            except (ValueError, TypeError, KeyError):
                continue
            into.append(item)
    return evidence


def _streams(store: Any, key: str) -> list[bytes]:  # noqa: ANN401  # PDF objects
    return [one.get_object().data for one in list(store[key])[:_MOST]] if key in store else []


def certificates_of(signed: cms.SignedData) -> list[asn1_x509.Certificate]:
    """The certificates that a CMS brings along."""
    return [one.chosen for one in signed["certificates"] if isinstance(one.chosen, asn1_x509.Certificate)]


def gather(path: Sequence[asn1_x509.Certificate], hosts: Iterable[str], seconds: float) -> Evidence:
    """Ask about every certificate of a checked path (root first) where it says, if the operator allows that host.

    Only a path that leads to a named root is asked about: an address comes from an authority, never from an
    uploaded file alone. What cannot be had is missing in the answer; nothing is raised.
    """
    evidence, named = Evidence(), frozenset(hosts)
    for issuer, certificate in pairwise(path):
        if _needs_no_check(certificate):
            continue
        answer = _ask(certificate, issuer, named, seconds)
        if answer is not None:
            evidence.ocsps.append(answer)
            evidence.certificates += answer.basic_ocsp_response["certs"] or ()
        elif (listed := _list(certificate, named, seconds)) is not None:
            evidence.crls.append(listed)
    return evidence


def _needs_no_check(certificate: asn1_x509.Certificate) -> bool:
    return any(one["extn_id"].native == _NO_CHECK for one in certificate["tbs_certificate"]["extensions"] or ())


def _ask(
    certificate: asn1_x509.Certificate, issuer: asn1_x509.Certificate, hosts: frozenset[str], seconds: float
) -> ocsp.OCSPResponse | None:
    request = _question(certificate, issuer)
    for url in certificate.ocsp_urls:
        if not allowed(url, hosts):
            continue
        try:
            raw = fetch(
                url, hosts, body=request, kind="application/ocsp-request", accept="application/ocsp-response",
                seconds=seconds,
            )  # fmt: skip
            answer: ocsp.OCSPResponse = ocsp.OCSPResponse.load(raw, strict=True)
            if answer["response_status"].native == "successful" and answer.response_data["responses"]:
                return answer
        except (UnreachableError, ValueError, TypeError, KeyError):
            continue
    return None


def _question(certificate: asn1_x509.Certificate, issuer: asn1_x509.Certificate) -> bytes:
    leaf, above = (x509.load_der_x509_certificate(one.dump()) for one in (certificate, issuer))
    # SHA-1 only names the issuer here; responders that know no other digest are common.
    request = x509_ocsp.OCSPRequestBuilder().add_certificate(leaf, above, hashes.SHA1()).build()  # noqa: S303
    return request.public_bytes(Encoding.DER)


def _list(certificate: asn1_x509.Certificate, hosts: frozenset[str], seconds: float) -> asn1_crl.CertificateList | None:
    points = (point.url for point in certificate.crl_distribution_points)
    for url in (one for one in points if one and allowed(one, hosts)):
        try:
            listed: asn1_crl.CertificateList = asn1_crl.CertificateList.load(
                fetch(url, hosts, seconds=seconds, limit=64 * 1024 * 1024), strict=True
            )
            listed.issuer  # noqa: B018  # parses it
        except (UnreachableError, ValueError, TypeError, KeyError):
            continue
        return listed
    return None
