"""What the caller's own register says about a file, and where the file says otherwise."""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from signing.changes import field_texts
from signing.files import Source
from signing.paper import Paper, opened_paper
from signing.report import SignatureReport


class Register(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about a file from elsewhere; None expects nothing.

    Attributes:
        fields: the signature fields that must be signed, and no others may be.
        fillable: form fields that may be filled after a signature, also without a further signature. None: any text
            field, but only if somebody signed afterwards.
        values: form field → the text it must hold (number, date).
        base: the revision that was handed out, or where it lies; the file must begin with it, byte for byte.
    """

    fields: Collection[str] | None = None
    fillable: Collection[str] | None = None
    values: Mapping[str, str] | None = None
    base: Source | None = None

    def unsigned_reasons(self) -> tuple[str, ...]:
        """What is wrong about a file without any signature."""
        return ("missing_field",) if self.fields else ()

    def reasons(self, paper: Paper, reports: Sequence[SignatureReport]) -> list[str]:
        """What is wrong about a signed file; codes from FILE_REASONS."""
        reasons = []
        if self.base is not None:
            with opened_paper(self.base) as base:
                reasons += ["not_our_revision"] * (not paper.begins_with(base))
        if self.fields is not None:
            names, expected = {one.field for one in reports if one.kind == "signature"}, set(self.fields)
            reasons += ["missing_field"] * bool(expected - names) + ["unexpected_field"] * bool(names - expected)
        if self.values and field_texts(paper.file, self.values) != dict(self.values):
            reasons.append("value_differs")
        return reasons + self._fill_reasons(reports)

    def _fill_reasons(self, reports: Sequence[SignatureReport]) -> list[str]:
        if self.fillable is not None:
            return ["field_not_fillable"] if filled(reports) - set(self.fillable) else []
        unsigned = any(change.kind == "fields_filled" for change in reports[-1].changes)
        return ["filled_after_last_signature"] if unsigned else []


def filled(reports: Sequence[SignatureReport]) -> set[str]:
    """Form fields that were filled after any signature, the signatures' own left out."""
    signatures = {one.field for one in reports}
    touched = {name for one in reports for c in one.changes if c.kind != "field_added" for name in c.fields}
    return touched - signatures
