"""One signature of a file by itself: cryptography, coverage, later changes, time, trust."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

from msgspec.structs import replace
from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from signing.certificates import same
from signing.changes import Recorder
from signing.evidence import certificates_of
from signing.paper import Paper
from signing.report import Integrity, Level, SignatureReport
from signing.structure import range_is_honest
from signing.times import Token, contradicts, proven, read_token, token_of
from signing.trust import Judge, Purpose, Standing, algorithm_name, validity, weak


class FoundSignature:
    """A filled signature field: what the engine makes of it, or nothing if it cannot be read.

    Attributes:
        field: its name.
        embedded: the engine's view; None if it cannot be read.
        version: the version of the file it signed, from 0.
        hole: start and end of the bytes it leaves out.
        end: where the last byte it covers ends.
    """

    def __init__(self, reader: PdfFileReader, paper: Paper, field: str, where: IndirectObject) -> None:
        self.field, self._paper = field, paper
        self.embedded: Any = None
        self.version, self.end = reader.xrefs.total_revisions, paper.size
        self.hole = (0, 0)
        try:
            self.embedded = EmbeddedPdfSignature(reader, cast("DictionaryObject", where), field)
            _, before, after, length = (int(n) for n in self.embedded.byte_range)
        except Exception:  # noqa: BLE001  # see verify()
            return
        self.version, self.end, self.hole = self.embedded.signed_revision, after + length, (before, after)

    @property
    def is_stamp(self) -> bool:
        """Whether it is a document time stamp and no person's signature."""
        return self.embedded is not None and self.embedded.sig_object_type == "/DocTimeStamp"

    def stamped(self, judge: Judge, at: datetime, later: Sequence[datetime]) -> datetime | None:
        """The time this document time stamp proves for everything before it, if it is to be believed."""
        try:
            whole = range_is_honest(self._paper, self.embedded.byte_range, self.embedded.pkcs7_content)
            if not whole or self._crypto_reasons():
                return None
            token = self._own_token()
            return token.time if token is not None and not proven(token, judge, at, later) else None
        except Exception:  # noqa: BLE001  # see verify()
            return None

    def report(self, recorder: Recorder, judge: Judge, at: datetime, later: Sequence[datetime]) -> SignatureReport:
        """Everything about this signature by itself; `later` are the believed document time stamps after it."""
        base = SignatureReport(field=self.field, reasons=("signature_unreadable",))
        if self.embedded is None:
            return base
        try:
            base = self._described()
            broken = self._crypto_reasons()
            modified = self._coverage_reasons(recorder)
            token = self._own_token() if self.is_stamp else token_of(self.embedded)
            stamped, doubts = self._time(token, judge, at, later)
            standing = self._standing(judge, at, stamped)
        except Exception:  # noqa: BLE001  # see verify()
            return replace(base, integrity="broken", reasons=("signature_unreadable",))
        if "timestamp_invalid" in doubts:
            broken = (*broken, "timestamp_invalid")
        doubts = tuple(one for one in doubts if one != "timestamp_invalid")
        if contradicts(base.claimed_time, stamped, at):
            doubts = (*doubts, "time_contradicts")
        integrity: Integrity = "broken" if broken else "modified" if modified else "intact"
        return replace(
            base,
            covers_whole_file=self._covers_all(),
            signed_bytes=self.end,
            integrity=integrity,
            level=self._level(judge, token, bool(later)),
            stamped_time=stamped,
            stamped_by=_text(token.signer.subject.native, "common_name") if token else "",
            trusted=standing.trusted and not broken,
            revocation=standing.revocation,
            revocation_source=standing.status.source if standing.status else "",
            revocation_at=standing.status.at if standing.status else None,
            changes=tuple(recorder.changes),
            reasons=tuple(dict.fromkeys((*broken, *modified, *standing.reasons, *doubts))),
        )

    def _own_token(self) -> Token | None:
        one = self.embedded
        return read_token(one.signed_data, lambda algorithm: self._paper.digest(algorithm, self.hole, self.end))

    def _time(
        self, token: Token | None, judge: Judge, at: datetime, later: Sequence[datetime]
    ) -> tuple[datetime | None, tuple[str, ...]]:  # fmt: skip
        """The earliest proven time, and why its own time stamp does not prove one."""
        doubts = proven(token, judge, at, later) if token is not None else ()
        times = [token.time] if token is not None and not doubts else []
        return min([*times, *later], default=None), doubts

    def _standing(self, judge: Judge, at: datetime, stamped: datetime | None) -> Standing:
        """The signer's, when the signature is proven to have existed; else now."""
        if weak(self.embedded):
            return Standing(trusted=False, revocation="unknown", reasons=("weak_algorithm",))
        one = self.embedded
        others = certificates_of(one.signed_data)
        purpose: Purpose = "stamp" if self.is_stamp else "sign"
        standing = judge.judge(one.signer_cert, others, purpose, stamped or at)
        if stamped is None or standing.revocation != "unknown":
            return standing
        now = judge.judge(one.signer_cert, others, purpose, at)
        return now if now.revocation == "good" else standing

    def _level(self, judge: Judge, token: Token | None, followed: bool) -> Level:  # noqa: FBT001
        """The PAdES level by what the file holds, whether or not it is believed."""
        if self.is_stamp or self.embedded.sig_object.get("/SubFilter") != "/ETSI.CAdES.detached":
            return ""
        if token is None and not followed:
            return "B-B"
        if judge.embedded.about(self.embedded.signer_cert) is None:
            return "B-T"
        return "B-LTA" if followed else "B-LT"

    def _described(self) -> SignatureReport:
        one = self.embedded
        certificate = same(one.signer_cert)
        subject, issuer = certificate.subject.native, certificate.issuer.native
        begin, end = validity(certificate)
        stamp = self.is_stamp
        claimed = _timestamp(one) if stamp else one.self_reported_timestamp
        # A time without a zone proves nothing about an instant; read as UTC.
        claimed = claimed.replace(tzinfo=claimed.tzinfo or UTC).astimezone(UTC) if claimed else None
        return SignatureReport(
            field=self.field,
            kind="timestamp" if stamp else "signature",
            signer=_text(subject, "common_name"),
            organisation=_text(subject, "organization_name"),
            title=_text(subject, "title"),
            issuer=_text(issuer, "common_name") or _text(issuer, "organization_name"),
            serial=f"{certificate.serial_number:x}",
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
        if self.is_stamp:
            content = one.signed_data["encap_content_info"]["content"]
            if content.parsed["message_imprint"]["hashed_message"].native != digest:
                return ("digest_mismatch",)
            digest, kind = hashlib.new(one.md_algorithm, bytes(content)).digest(), "tst_info"
        intact, valid = validate_sig_integrity(one.signer_info, one.signer_cert, kind, digest)
        return (*(() if intact else ("digest_mismatch",)), *(() if valid else ("signature_invalid",)))

    def _coverage_reasons(self, recorder: Recorder) -> tuple[str, ...]:
        one = self.embedded
        one.compute_integrity_info(diff_policy=recorder)
        if not range_is_honest(self._paper, one.byte_range, one.pkcs7_content):
            return ("byte_range_odd",)
        if one.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
            return ("not_covered",)
        if any(change.kind == "forbidden" for change in recorder.changes):
            return ("changed_after_signing",)
        return () if one.summarise_integrity_info()["docmdp_ok"] else ("lock_broken",)

    def _covers_all(self) -> bool:
        honest = range_is_honest(self._paper, self.embedded.byte_range, self.embedded.pkcs7_content)
        return honest and self.end == self._paper.size


def _timestamp(embedded: EmbeddedPdfSignature) -> datetime | None:
    moment: datetime | None = embedded.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
    return moment


def _text(name: dict[str, Any], part: str) -> str:
    value = name.get(part, "")
    return ", ".join(value) if isinstance(value, list) else str(value)
