"""One signature of a file by itself: cryptography, coverage, later changes, trust."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

from asn1crypto import x509 as asn1_x509
from msgspec.structs import replace
from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from signing.changes import Recorder
from signing.report import Integrity, SignatureReport
from signing.structure import range_is_honest
from signing.trust import algorithm_name, trust, validity


class FoundSignature:
    """A filled signature field: what the engine makes of it, or nothing if it cannot be read.

    Attributes:
        field: its name.
        embedded: the engine's view; None if it cannot be read.
        version: the version of the file it signed, from 0.
        hole: start and end of the bytes it leaves out.
        end: where the last byte it covers ends.
    """

    def __init__(self, reader: PdfFileReader, pdf: bytes, field: str, where: IndirectObject) -> None:
        self.field, self._pdf = field, pdf
        self.embedded: Any = None
        self.version, self.end = reader.xrefs.total_revisions, len(pdf)
        self.hole = (0, 0)
        try:
            self.embedded = EmbeddedPdfSignature(reader, cast("DictionaryObject", where), field)
            _, before, after, length = (int(n) for n in self.embedded.byte_range)
        except Exception:  # noqa: BLE001  # see verify()
            return
        self.version, self.end, self.hole = self.embedded.signed_revision, after + length, (before, after)

    def report(self, recorder: Recorder, roots: Sequence[asn1_x509.Certificate], at: datetime) -> SignatureReport:
        """Everything about this signature by itself."""
        base = SignatureReport(field=self.field, reasons=("signature_unreadable",))
        if self.embedded is None:
            return base
        try:
            base = self._described()
            broken = self._crypto_reasons()
            modified = self._coverage_reasons(recorder)
            trusted, doubts = trust(self.embedded, roots, at)
        except Exception:  # noqa: BLE001  # see verify()
            return replace(base, integrity="broken", reasons=("signature_unreadable",))
        integrity: Integrity = "broken" if broken else "modified" if modified else "intact"
        return replace(
            base,
            covers_whole_file=self._covers_all(),
            signed_bytes=self.end,
            integrity=integrity,
            trusted=trusted and not broken,
            revocation="revoked" if "certificate_revoked" in doubts else "unknown",
            changes=tuple(recorder.changes),
            reasons=(*broken, *modified, *doubts, "revocation_unknown"),
        )

    def _described(self) -> SignatureReport:
        one = self.embedded
        subject, issuer = one.signer_cert.subject.native, one.signer_cert.issuer.native
        begin, end = validity(one.signer_cert)
        stamp = one.sig_object_type == "/DocTimeStamp"
        claimed = _timestamp(one) if stamp else one.self_reported_timestamp
        # A time without a zone proves nothing about an instant; read as UTC.
        claimed = claimed.replace(tzinfo=claimed.tzinfo or UTC).astimezone(UTC) if claimed else None
        return SignatureReport(
            field=self.field,
            kind="timestamp" if stamp else "signature",
            signer=_text(subject, "common_name"),
            organisation=_text(subject, "organization_name"),
            issuer=_text(issuer, "common_name") or _text(issuer, "organization_name"),
            serial=f"{one.signer_cert.serial_number:x}",
            claimed_time=claimed,
            algorithm=algorithm_name(one),
            revision=self.version + 1,
            valid_from=begin,
            valid_until=end,
            valid_when_claimed=begin <= claimed <= end if claimed else None,
        )

    def _crypto_reasons(self) -> tuple[str, ...]:
        one = self.embedded
        digest, kind = one.compute_digest(), "data"
        if one.sig_object_type == "/DocTimeStamp":
            content = one.signed_data["encap_content_info"]["content"]
            if content.parsed["message_imprint"]["hashed_message"].native != digest:
                return ("digest_mismatch",)
            digest, kind = hashlib.new(one.md_algorithm, bytes(content)).digest(), "tst_info"
        intact, valid = validate_sig_integrity(one.signer_info, one.signer_cert, kind, digest)
        return (*(() if intact else ("digest_mismatch",)), *(() if valid else ("signature_invalid",)))

    def _coverage_reasons(self, recorder: Recorder) -> tuple[str, ...]:
        one = self.embedded
        one.compute_integrity_info(diff_policy=recorder)
        if not range_is_honest(self._pdf, one.byte_range, one.pkcs7_content):
            return ("byte_range_odd",)
        if one.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
            return ("not_covered",)
        if any(change.kind == "forbidden" for change in recorder.changes):
            return ("changed_after_signing",)
        return () if one.summarise_integrity_info()["docmdp_ok"] else ("lock_broken",)

    def _covers_all(self) -> bool:
        honest = range_is_honest(self._pdf, self.embedded.byte_range, self.embedded.pkcs7_content)
        return honest and self.end == len(self._pdf)


def _timestamp(embedded: EmbeddedPdfSignature) -> datetime | None:
    moment: datetime | None = embedded.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
    return moment


def _text(name: dict[str, Any], part: str) -> str:
    value = name.get(part, "")
    return ", ".join(value) if isinstance(value, list) else str(value)
