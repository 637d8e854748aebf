"""What `verify` says about a file: frozen, JSON-ready, in stable words; sentences for people are made elsewhere."""

from datetime import datetime
from typing import Literal

import msgspec

Verdict = Literal["valid", "invalid", "indeterminate", "unsigned"]
Level = Literal["", "B-B", "B-T", "B-LT", "B-LTA"]
Integrity = Literal["intact", "modified", "broken", "none"]

# Why a signature is not (fully) what it should be.
SIGNATURE_REASONS = frozenset({
    "digest_mismatch",  # the signed bytes were changed
    "signature_invalid",  # the key did not make this signature
    "signature_unreadable",  # its container cannot be read
    "byte_range_odd",  # what it says it signs is not the file around the signature
    "not_covered",  # it does not cover the version it belongs to
    "changed_after_signing",  # pages or structure were changed in a later version
    "lock_broken",  # something it forbids was changed
    "picture_differs",  # drawn, the pages show something else than what was signed
    "appearance_differs",  # a field filled later shows another text than it holds
    "weak_algorithm",  # SHA-1, MD5 or RSA under 2048 bits
    "no_trust_roots",  # nobody was named who is to be trusted
    "issuer_untrusted", "certificate_expired", "certificate_not_yet_valid", "certificate_revoked",
    "certificate_wrong_purpose", "trust_unclear",
    "revocation_unknown",  # nothing proves that no certificate on the way to the root was withdrawn
    "timestamp_invalid",  # its time stamp is about other bytes, or its own signature is wrong
    "timestamp_untrusted",  # its time stamp is of nobody who is trusted; it counts as absent
    "time_contradicts",  # the signer claims a later time than the one that is proven, or than now
})  # fmt: skip

# Why the file as a whole is not what it should be.
FILE_REASONS = frozenset({
    "not_a_pdf", "unreadable",
    "damaged",  # only a reader that repairs can open it
    "encrypted", "hybrid_xref", "too_many_signatures",
    "hidden_signature",  # a signature lies in the bytes that no field shows
    "bytes_after_end",  # bytes behind the last version, or objects no version lists
    "filled_after_last_signature",  # a form field was filled and nobody signed that
    "field_not_fillable",  # a form field was filled that must not be
    "unexpected_field", "missing_field",  # against the fields the caller expects
    "value_differs",  # a form field holds another text than the register says
    "not_our_revision",  # the file does not begin with the revision that was handed out
    "later_signature_untrusted",  # after a trusted signature somebody unknown signed
    "file_missing", "not_a_file", "too_large", "too_slow", "out_of_memory", "crashed",  # from the bounded child
})  # fmt: skip


class Filled(msgspec.Struct, frozen=True):
    """A text field that a later version filled: what it held before and what since, "" for nothing."""

    field: str
    before: str
    after: str


class Change(msgspec.Struct, frozen=True):
    """What one later version of the file changed.

    Attributes:
        revision: which version, the original being 1.
        kind: "signature", "validation_data", "fields_filled", "field_added" or "forbidden".
        fields: form fields concerned.
        filled: those of them that hold another text since.
    """

    revision: int
    kind: Literal["signature", "validation_data", "fields_filled", "field_added", "forbidden"]
    fields: tuple[str, ...] = ()
    filled: tuple[Filled, ...] = ()


class SignatureReport(msgspec.Struct, frozen=True, kw_only=True):
    """One signature (or document timestamp) of a file.

    Attributes:
        field: name of its form field.
        kind: "signature" or "timestamp".
        signer, title, organisation, issuer: names from the certificate, "" if it has none.
        serial: certificate serial number, hexadecimal.
        claimed_time: what the signer says (UTC), or the time of the timestamp; None if nothing is said.
        algorithm: e.g. "ecdsa-secp256r1-sha256".
        revision: the version of the file it signed, the original being 1.
        covers_whole_file: no byte of the file but the signature itself lies outside.
        integrity: "intact", "modified" (signed bytes are whole, what came after is not allowed) or "broken".
        trusted: its certificate leads to a given root and may sign at the time of the check.
        valid_from, valid_until: of the certificate, UTC.
        valid_when_claimed: the certificate was valid at `claimed_time`; None if there is no time.
        revocation: "good" only if it is proven for every certificate on the way to the root.
        revocation_source, revocation_at: the newest answer about the signer, "ocsp" or "crl" or "", and of when (UTC).
        level: PAdES level by what the file holds; "" for other kinds of signature.
        stamped_time: when it is proven to have existed (UTC), by a time stamp that is believed; None if by none.
        stamped_by: the authority of its own time stamp, believed or not.
        signed_bytes: the file as it was signed is its first so many bytes; 0 if that cannot be said.
        changes: what later versions did.
        changed_pages: pages (from 1) that show something else than what was signed.
        reasons: codes from SIGNATURE_REASONS.
    """

    field: str
    kind: Literal["signature", "timestamp"] = "signature"
    signer: str = ""
    title: str = ""
    organisation: str = ""
    issuer: str = ""
    serial: str = ""
    claimed_time: datetime | None = None
    algorithm: str = ""
    revision: int = 0
    covers_whole_file: bool = False
    integrity: Integrity = "broken"
    trusted: bool = False
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    valid_when_claimed: bool | None = None
    revocation: Literal["good", "unknown", "revoked"] = "unknown"
    revocation_source: Literal["", "ocsp", "crl"] = ""
    revocation_at: datetime | None = None
    level: Level = ""
    stamped_time: datetime | None = None
    stamped_by: str = ""
    signed_bytes: int = 0
    changes: tuple[Change, ...] = ()
    changed_pages: tuple[int, ...] = ()
    reasons: tuple[str, ...] = ()


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A file and its signatures, in the order in which they were made.

    Attributes:
        verdict: "valid": all intact, all signers lead to the given roots and are proven not to be withdrawn, nothing
            forbidden after them. "invalid": something is broken, forged, forbidden or withdrawn. "indeterminate":
            intact, but trust is not established.
            "unsigned": a readable file that nobody signed.
        integrity: the worst of the signatures and of the file; "none" if there is no signature.
        reasons: codes from FILE_REASONS.
        sha256: hex digest of the file; size: its bytes; revisions: its versions, 0 if unreadable.
        pages_compared: pairs of pages that were drawn to see what changed after a signature.
        checked_at: the moment that it was judged at, UTC; None if it was not judged.
    """

    verdict: Verdict
    integrity: Integrity
    reasons: tuple[str, ...] = ()
    signatures: tuple[SignatureReport, ...] = ()
    sha256: str = ""
    size: int = 0
    revisions: int = 0
    pages_compared: int = 0
    checked_at: datetime | None = None
