"""Judging a signed file: every signature and the file as a whole; stricter than the engine, and it never raises."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from msgspec.structs import replace
from pyhanko.pdf_utils.generic import IndirectObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pypdfium2 import PdfDocument, PdfiumError
from pypdfium2.raw import FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY

from signing.changes import Recorder
from signing.evidence import from_file
from signing.files import Source
from signing.paper import Paper, opened_paper
from signing.quicker import quicken
from signing.register import Register
from signing.report import Integrity, Report, SignatureReport, Verdict
from signing.roots import Anchors, load_anchors
from signing.services import Services
from signing.shown import with_appearances, with_pictures
from signing.single import FoundSignature
from signing.structure import mentions_signature, signature_holes, tail_is_listed
from signing.trust import Judge

quicken()

MAX_SIGNATURES = 64  # the work grows with signatures × versions; a paper of an office has a handful
_HEADER_WITHIN = 1024
_ENCRYPTION = re.compile(b"/Encrypt")
_WORST_FIRST: tuple[Integrity, ...] = ("broken", "modified", "intact")


def verify(
    pdf: Source,
    *,
    trust_roots: Sequence[bytes] = (),
    at: datetime | None = None,
    expected_fields: Collection[str] | None = None,
    fillable: Collection[str] | None = None,
    values: Mapping[str, str] | None = None,
    base: Source | None = None,
    services: Services | None = None,
) -> Report:
    """What can be said about the signatures of this file; made for a worker process. No network without `services`.

    Args:
        pdf: the whole file, or where it lies: of a large one only pieces are held in memory.
        trust_roots: root certificates, PEM or DER, and with them lists of withdrawn certificates (PEM); nothing else
            is trusted. Without any, a file is at best "indeterminate".
        at: moment of the check, aware; now by default.
        expected_fields: the signature fields that must be signed, and no others may be; None expects nothing.
        fillable: form fields that may be filled after a signature, also without a further signature. None: any
            text field, but only if somebody signed afterwards.
        values: form field → the text it must hold, as the register has it.
        base: our own revision that the file must begin with, byte for byte (a paper that was signed elsewhere).
        services: where certificates may be asked about; without, only the file and `trust_roots` are. Its roots are
            added to `trust_roots`.

    Raises:
        ValueError: a trust root is no certificate.
        OSError: there is no file that can be read. Nothing is ever raised because of what is in it.
    """
    anchors = load_anchors([*trust_roots, *(services.roots if services else ())])
    moment = at or datetime.now(UTC)
    register = Register(fields=expected_fields, fillable=fillable, values=values, base=base)
    with opened_paper(pdf) as paper:
        report = _judged(paper, anchors, services or Services(), moment, register)
        sha256 = paper.digest("sha256").hex()
    return replace(report, sha256=sha256, size=paper.size, checked_at=moment.astimezone(UTC))


def _judged(paper: Paper, anchors: Anchors, services: Services, at: datetime, register: Register) -> Report:
    """A report, whatever the file does to its readers."""
    try:
        return _judge(paper, anchors, services, at, register)
    except _Refused as why:
        return why.report
    except MemoryError:
        return Report(verdict="invalid", integrity="broken", reasons=("out_of_memory",))
    except Exception:  # noqa: BLE001  # bad files make parsers raise nearly anything; that is a verdict, no fault
        return Report(verdict="invalid", integrity="broken", reasons=("unreadable",))


class _Refused(Exception):  # noqa: N818  # a verdict on its way out, not an error
    """The file is judged already: there is nothing in it that could be looked at more closely."""

    def __init__(self, reason: str, *, integrity: Integrity = "broken", versions: int = 0) -> None:
        super().__init__(reason)
        self.report = Report(verdict="invalid", integrity=integrity, reasons=(reason,), revisions=versions)


def _judge(paper: Paper, anchors: Anchors, services: Services, at: datetime, register: Register) -> Report:
    if b"%PDF-" not in paper.part(0, _HEADER_WITHIN):
        raise _Refused("not_a_pdf")
    reader, oddities = _open(paper)
    if reader is None:
        return _unsigned(register, oddities, 0)
    versions = reader.xrefs.total_revisions
    # The engine hands out its own kinds of text; plain ones can be sent and compared.
    fields = [(str(name), value, where) for name, value, where in enumerate_sig_fields(reader)]
    signed = [(name, where) for name, value, where in fields if value is not None]
    holes = signature_holes(paper)
    if max(len(holes), len(signed)) > MAX_SIGNATURES:
        raise _Refused("too_many_signatures", versions=versions)
    if not signed:
        if holes:
            raise _Refused("hidden_signature", integrity="modified", versions=versions)
        return _unsigned(register, oddities, versions)
    found = _found(reader, paper, signed)
    signed_in = {one.version: one.field for one in found if one.embedded is not None}
    judge = Judge(anchors, from_file(reader), services.hosts, services.seconds)
    times = _proven_times(found, judge, at)
    reports = [
        one.report(
            Recorder(signed_in, [name for name, _, _ in fields]), judge, at,
            [time for version, time in times if version > one.version],
        )
        for one in found
    ]  # fmt: skip
    reports, drawn = with_pictures(paper, with_appearances(paper, reports))
    reasons = (*oddities, *_structure_reasons(reader, paper, found, holes), *register.reasons(paper, reports))
    return replace(_conclude(tuple(reports), reasons, versions), pages_compared=drawn)


def _open(paper: Paper) -> tuple[PdfFileReader | None, tuple[str, ...]]:
    """A reader and what is odd about the file; no reader if nothing in it can be, or needs to be, looked at."""
    signed = mentions_signature(paper)
    if not signed and not _opens(paper):
        raise _Refused("unreadable")
    oddities: tuple[str, ...] = ()
    try:
        reader = PdfFileReader(paper.file, strict=True)
    except Exception:  # noqa: BLE001  # see verify()
        if not signed:
            return None, ("damaged",)
        # Look once more for what can be shown of the signatures; whatever they say, the file stays broken.
        reader, oddities = PdfFileReader(paper.file, strict=False), ("damaged",)
    if _closed(reader):
        if signed:
            raise _Refused("encrypted")
        return None, (*oddities, "encrypted")
    if reader.xrefs.hybrid_xrefs_present and signed:
        raise _Refused("hybrid_xref", versions=reader.xrefs.total_revisions)
    return reader, oddities


def _opens(paper: Paper) -> bool:
    """Whether a viewer shows anything of it, or would with a password."""
    try:
        with PdfDocument(paper.for_pdfium()) as document:
            return len(document) > 0
    except PdfiumError as why:
        # The second code also stands for damage near an encryption dictionary that is not there.
        named = why.err_code == FPDF_ERR_SECURITY and next(paper.finds(_ENCRYPTION, 16), None) is not None
        return named or why.err_code == FPDF_ERR_PASSWORD


def _closed(reader: PdfFileReader) -> bool:
    """Whether it takes a password, or a key, to read it; a password for changing alone does not matter."""
    try:
        return reader.encrypted and not reader.decrypt("").status.value
    except Exception:  # noqa: BLE001  # public-key handlers, unknown ciphers, odd encryption dictionaries
        return True


def _unsigned(register: Register, reasons: tuple[str, ...], versions: int) -> Report:
    missing = register.unsigned_reasons()
    verdict: Verdict = "invalid" if missing else "unsigned"
    return Report(verdict=verdict, integrity="none", reasons=(*reasons, *missing), revisions=versions)


def _found(reader: PdfFileReader, paper: Paper, filled: list[tuple[str, IndirectObject]]) -> list[FoundSignature]:
    """The signatures in the order in which they were made."""
    found = [FoundSignature(reader, paper, name, where) for name, where in filled]
    return sorted(found, key=lambda one: (one.version, one.end))


def _proven_times(found: Sequence[FoundSignature], judge: Judge, at: datetime) -> list[tuple[int, datetime]]:
    """Version and time of every document time stamp that is believed; the newest vouches for the one before it."""
    times: list[tuple[int, datetime]] = []
    for one in reversed([one for one in found if one.is_stamp]):
        time = one.stamped(judge, at, [time for _, time in times])
        if time is not None:
            times.append((one.version, time))
    return times


def _structure_reasons(
    reader: PdfFileReader, paper: Paper, found: list[FoundSignature], holes: set[tuple[int, int]]
) -> list[str]:
    reasons = ["hidden_signature"] if holes - {one.hole for one in found} else []
    if not tail_is_listed(reader, paper, min(one.end for one in found)):
        reasons.append("bytes_after_end")
    return reasons


def _conclude(reports: tuple[SignatureReport, ...], reasons: tuple[str, ...], versions: int) -> Report:
    integrity: Integrity = next(level for level in _WORST_FIRST if any(one.integrity == level for one in reports))
    if reasons and integrity == "intact" and set(reasons) - {"missing_field"}:
        integrity = "modified"
    if "damaged" in reasons:
        integrity = "broken"
    # A timestamp proves a time, not a will: it neither gives nor takes the trust in who signed.
    people = [one for one in reports if one.kind == "signature"] or list(reports)
    verdict: Verdict = "valid" if all(_proven(one) for one in people) else "indeterminate"
    if _sneaked(people):
        reasons, verdict = (*reasons, "later_signature_untrusted"), "invalid"
    if any(one.revocation == "revoked" for one in people) or reasons or integrity != "intact":
        verdict = "invalid"
    return Report(verdict=verdict, integrity=integrity, reasons=reasons, signatures=reports, revisions=versions)


def _proven(one: SignatureReport) -> bool:
    return one.trusted and one.revocation == "good" and "time_contradicts" not in one.reasons


def _sneaked(people: Sequence[SignatureReport]) -> bool:
    """A trusted signature with an untrusted one behind it."""
    first = next((number for number, one in enumerate(people) if one.trusted), None)
    return first is not None and not all(one.trusted for one in people[first:])
