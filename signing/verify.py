"""Judging a signed file: every signature and the file as a whole; stricter than the engine, and it never raises."""

import hashlib
import io
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from asn1crypto import x509 as asn1_x509
from msgspec.structs import replace
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from signing.changes import Recorder, fields_shown_wrong
from signing.report import Integrity, Report, SignatureReport, Verdict
from signing.structure import mentions_signature, range_is_honest, signature_holes, tail_is_listed
from signing.trust import algorithm_name, load_roots, trust, validity

MAX_SIGNATURES = 64  # the work grows with signatures × versions; a paper of an office has a handful
_HEADER_WITHIN = 1024
_WORST_FIRST: tuple[Integrity, ...] = ("broken", "modified", "intact")


def verify(
    pdf: bytes,
    *,
    trust_roots: Sequence[bytes] = (),
    at: datetime | None = None,
    expected_fields: Collection[str] | None = None,
    fillable: Collection[str] | None = None,
) -> Report:
    """What can be said about the signatures of this file. Pure computing, made for a worker process.

    Args:
        pdf: the whole file.
        trust_roots: root certificates, PEM or DER; nothing else is trusted. Without any, a file is at best
            "indeterminate".
        at: moment of the check, aware; now by default.
        expected_fields: the signature fields that must be signed, and no others may be; None expects nothing.
        fillable: form fields that may be filled after a signature, also without a further signature. None: any
            text field, but only if somebody signed afterwards.

    Raises:
        ValueError: a trust root is no certificate. Nothing is ever raised because of the file.
    """
    roots = load_roots(trust_roots)
    moment = at or datetime.now(UTC)
    try:
        report = _judge(pdf, roots, moment, expected_fields, fillable)
    except MemoryError:
        report = Report(verdict="invalid", integrity="broken", reasons=("out_of_memory",))
    except Exception:  # noqa: BLE001  # bad files make parsers raise nearly anything; that is a verdict, no fault
        report = Report(verdict="invalid", integrity="broken", reasons=("unreadable",))
    return replace(report, sha256=hashlib.sha256(pdf).hexdigest(), size=len(pdf))


def _judge(
    pdf: bytes,
    roots: Sequence[asn1_x509.Certificate],
    at: datetime,
    expected: Collection[str] | None,
    fillable: Collection[str] | None,
) -> Report:
    if b"%PDF-" not in pdf[:_HEADER_WITHIN]:
        return Report(verdict="invalid", integrity="broken", reasons=("not_a_pdf",))
    signed = mentions_signature(pdf)
    reader = PdfFileReader(io.BytesIO(pdf), strict=signed)
    if reader.encrypted and not _opens_without_password(reader):
        if signed:
            return Report(verdict="invalid", integrity="broken", reasons=("encrypted",))
        return _unsigned(expected, ("encrypted",))
    versions = reader.xrefs.total_revisions
    if reader.xrefs.hybrid_xrefs_present and signed:
        return Report(verdict="invalid", integrity="broken", reasons=("hybrid_xref",), revisions=versions)
    fields = list(enumerate_sig_fields(reader))
    filled = [(name, where) for name, value, where in fields if value is not None]
    holes = signature_holes(pdf)
    if max(len(holes), len(filled)) > MAX_SIGNATURES:
        return Report(verdict="invalid", integrity="broken", reasons=("too_many_signatures",), revisions=versions)
    if not filled:
        if holes:
            return Report(verdict="invalid", integrity="modified", reasons=("hidden_signature",), revisions=versions)
        return replace(_unsigned(expected, ()), revisions=versions)
    found = [_Found(reader, pdf, name, where) for name, where in filled]
    found.sort(key=lambda one: (one.version, one.end))
    signed_in = {one.version: one.field for one in found if one.embedded is not None}
    names = [name for name, _, _ in fields]
    reports = [one.report(Recorder(signed_in, names), roots, at) for one in found]
    reasons = _file_reasons(reader, pdf, found, reports, holes, expected, fillable)
    return _conclude(tuple(reports), reasons, bool(roots), versions)


def _opens_without_password(reader: PdfFileReader) -> bool:
    try:
        return bool(reader.decrypt("").status.value)
    except Exception:  # noqa: BLE001  # public-key handlers and unknown ciphers: closed to us
        return False


def _unsigned(expected: Collection[str] | None, reasons: tuple[str, ...]) -> Report:
    if expected:
        return Report(verdict="invalid", integrity="none", reasons=(*reasons, "missing_field"))
    return Report(verdict="unsigned", integrity="none", reasons=reasons)


class _Found:
    """One filled signature field: what the engine makes of it, or nothing if it cannot be read."""

    def __init__(self, reader: PdfFileReader, pdf: bytes, field: str, where: Any) -> None:
        self.field, self._pdf = field, pdf
        self.embedded: Any = None
        self.version, self.end = reader.xrefs.total_revisions, len(pdf)
        self.hole = (0, 0)
        try:
            self.embedded = EmbeddedPdfSignature(reader, where.get_object(), field)
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


def _timestamp(embedded: Any) -> datetime | None:
    moment: datetime | None = embedded.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
    return moment


def _text(name: dict[str, Any], part: str) -> str:
    value = name.get(part, "")
    return ", ".join(value) if isinstance(value, list) else str(value)


def _file_reasons(
    reader: PdfFileReader,
    pdf: bytes,
    found: list[_Found],
    reports: list[SignatureReport],
    holes: set[tuple[int, int]],
    expected: Collection[str] | None,
    fillable: Collection[str] | None,
) -> tuple[str, ...]:
    """What is wrong with the file beyond any one signature; marks the reports whose fields show another text."""
    reasons: list[str] = []
    if holes - {one.hole for one in found}:
        reasons.append("hidden_signature")
    if not tail_is_listed(reader, pdf, max(one.end for one in found)):
        reasons.append("bytes_after_end")
    reasons += _fill_reasons(reports, fillable)
    _mark(reports, fields_shown_wrong(pdf, _filled(reports)), lambda one: replace(
        one, integrity="broken" if one.integrity == "broken" else "modified",
        reasons=("appearance_differs", *one.reasons),
    ))  # fmt: skip
    names = {one.field for one in reports if one.kind == "signature"}
    if expected is not None:
        reasons += ["missing_field"] * bool(set(expected) - names) + ["unexpected_field"] * bool(names - set(expected))
    return tuple(reasons)


def _filled(reports: Sequence[SignatureReport]) -> set[str]:
    """Form fields that were filled after any signature, the signatures' own left out."""
    signatures = {one.field for one in reports}
    touched = {name for one in reports for c in one.changes if c.kind != "field_added" for name in c.fields}
    return touched - signatures


def _fill_reasons(reports: Sequence[SignatureReport], fillable: Collection[str] | None) -> list[str]:
    last = [change for change in reports[-1].changes if change.kind == "fields_filled"]
    if fillable is None:
        return ["filled_after_last_signature"] if last else []
    return ["field_not_fillable"] if _filled(reports) - set(fillable) else []


def _mark(
    reports: list[SignatureReport], wrong: Collection[str], change: Callable[[SignatureReport], SignatureReport]
) -> None:
    for number, one in enumerate(reports):
        if any(set(entry.fields) & set(wrong) for entry in one.changes):
            reports[number] = change(one)


def _conclude(
    reports: tuple[SignatureReport, ...], reasons: tuple[str, ...], has_roots: bool, versions: int
) -> Report:
    integrity = next(level for level in _WORST_FIRST if any(one.integrity == level for one in reports))
    if reasons and integrity == "intact" and set(reasons) - {"missing_field"}:
        integrity = "modified"
    # A timestamp proves a time, not a will: it neither gives nor takes the trust in who signed.
    people = [one for one in reports if one.kind == "signature"] or list(reports)
    verdict: Verdict = "valid" if all(one.trusted for one in people) else "indeterminate"
    if has_roots and _sneaked(people):
        reasons, verdict = (*reasons, "later_signature_untrusted"), "invalid"
    if any(one.revocation == "revoked" for one in people) or reasons or integrity != "intact":
        verdict = "invalid"
    return Report(verdict=verdict, integrity=integrity, reasons=reasons, signatures=reports, revisions=versions)


def _sneaked(people: Sequence[SignatureReport]) -> bool:
    """A trusted signature with an untrusted one behind it."""
    first = next((number for number, one in enumerate(people) if one.trusted), None)
    return first is not None and not all(one.trusted for one in people[first:])
