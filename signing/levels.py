"""Beyond B-B: time stamps and the proofs that no certificate was withdrawn, put into a signed file so that it lasts."""

import asyncio
import io
from datetime import UTC, datetime
from typing import BinaryIO

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import DocumentSecurityStore

from signing.engine import complete
from signing.errors import SigningError
from signing.evidence import Evidence, certificates_of
from signing.files import PIECE
from signing.preflight import form_fields
from signing.report import Level
from signing.roots import load_anchors
from signing.services import Services, stamp_time
from signing.times import Token, hashed, read_token, stamp_in
from signing.trust import Judge, Purpose

LEVELS: tuple[Level, ...] = ("B-B", "B-T", "B-LT", "B-LTA")
TOKEN_BYTES = 12 * 1024  # room for a time stamp with its certificates
STAMP_FIELD = "DauThoiGian"
_CODES = {"no_trust_roots": "issuer_untrusted", "trust_unclear": "issuer_untrusted", "weak_algorithm": "key_too_weak"}


def prove(
    certificate: bytes, chain: tuple[bytes, ...], services: Services, at: datetime, purpose: Purpose = "sign"
) -> Evidence:
    """The proofs that a certificate leads to a named root and no certificate on the way was withdrawn.

    Raises:
        SigningError: issuer_untrusted, certificate_revoked, certificate_expired, certificate_not_yet_valid,
            certificate_wrong_purpose, key_too_weak, revocation_unknown.
    """
    leaf = asn1_x509.Certificate.load(certificate)
    judge = Judge(load_anchors(services.roots), Evidence(), services.hosts, services.seconds)
    standing = judge.judge(leaf, [asn1_x509.Certificate.load(one) for one in chain], purpose, at)
    if not standing.trusted:
        raise SigningError(_CODES.get(standing.reasons[0], standing.reasons[0]))
    if standing.revocation != "good":
        raise SigningError("revocation_unknown")
    proof = judge.fresh(leaf, standing.path) if services.hosts else Evidence()
    issuers = {one.subject.hashable for one in standing.path}
    proof.certificates += standing.path
    proof.crls += [one for one in Evidence(judge.anchors).crls if one.issuer.hashable in issuers]
    return proof


def stamped(signature: bytes, services: Services, algorithm: str) -> bytes:
    """A time stamp over the raw signature (ContentInfo, DER) from an authority that is proven; level B-T.

    Raises:
        SigningError: see `stamp_time`; tsa_untrusted.
    """
    value = hashed(signature)
    token = stamp_time(services, value(algorithm), algorithm)
    prove_authority(read_token(token["content"], value), services)
    made: bytes = token.dump()
    return made


def prove_authority(token: Token, services: Services) -> Evidence:
    """The proofs for the authority of a time stamp.

    Raises:
        SigningError: tsa_untrusted.
    """
    try:
        others = tuple(one.dump() for one in token.others)
        return prove(token.signer.dump(), others, services, token.time, "stamp")
    except SigningError as why:
        raise SigningError("tsa_untrusted", why=why.code) from why


def extend(pdf: bytes, services: Services, level: Level) -> bytes:
    """The file with the proofs for all its signatures (B-LT), and a time stamp over everything (B-LTA).

    For a file just signed, and for one whose last time stamp nears its end. A prefix of the result is the file itself.

    Raises:
        SigningError: as `prove` and `stamp_time`; tsa_untrusted.
    """
    file = io.BytesIO(pdf)
    extend_in_place(file, services, level)
    return file.getvalue()


def extend_in_place(file: BinaryIO, services: Services, level: Level) -> None:
    """The same for a file that is open to read and write; after an error it is not to be used.

    Raises:
        SigningError: see `extend`.
    """
    _store(file, _proofs(file, services))
    if level != "B-LTA":
        return
    writer = IncrementalPdfFileWriter(file, strict=True)
    names = form_fields(writer.prev)
    name = next(f"{STAMP_FIELD}{n}" for n in range(1, len(names) + 2) if f"{STAMP_FIELD}{n}" not in names)
    stamper = PdfTimeStamper(_Stamper(services), field_name=name)
    room = 2 * TOKEN_BYTES
    complete(stamper.async_timestamp_pdf(writer, "sha256", None, bytes_reserved=room, in_place=True, chunk_size=PIECE))


def _proofs(file: BinaryIO, services: Services) -> Evidence:
    proofs = Evidence()
    for one in PdfFileReader(file, strict=True).embedded_signatures:
        others = tuple(cert.dump() for cert in certificates_of(one.signed_data))
        purpose: Purpose = "stamp" if one.sig_object_type == "/DocTimeStamp" else "sign"
        proofs = proofs.joined(prove(one.signer_cert.dump(), others, services, datetime.now(UTC), purpose))
        stamp = stamp_in(one.signer_info)
        if stamp is not None:
            token = read_token(stamp, hashed(one.signer_info["signature"].native))
            proofs = proofs.joined(prove_authority(token, services))
    return proofs


def _store(file: BinaryIO, proofs: Evidence) -> None:
    writer = IncrementalPdfFileWriter(file, strict=True)
    DocumentSecurityStore.supply_dss_in_writer(
        writer, sig_contents=None, certs=proofs.certificates, ocsps=proofs.ocsps, crls=proofs.crls
    )
    writer.write_in_place()


class _Stamper(TimeStamper):
    """The engine's way of asking for a time stamp, answered by ours."""

    def __init__(self, services: Services) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._services = services

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """See the engine's."""
        token = await asyncio.to_thread(stamp_time, self._services, message_digest, md_algorithm)
        read = read_token(token["content"], lambda name: message_digest if name == md_algorithm else b"")
        await asyncio.to_thread(prove_authority, read, self._services)
        return token
