"""What a file shows against what its signers saw: fields and pages that show something else mark their reports."""

from collections.abc import Sequence

from msgspec.structs import replace
from pypdfium2 import PdfiumError

from signing.changes import fields_shown_wrong
from signing.paper import Paper
from signing.pictures import MAX_PAGES, Now
from signing.register import filled
from signing.report import Integrity, SignatureReport


def with_appearances(paper: Paper, reports: Sequence[SignatureReport]) -> list[SignatureReport]:
    """The reports, those marked after which a field was filled that shows another text than it holds."""
    wrong = set(fields_shown_wrong(paper.file, filled(reports)))

    return [_worse(one, "appearance_differs") if _touches(one, wrong) else one for one in reports]


def _touches(one: SignatureReport, names: set[str]) -> bool:
    return any(names & set(change.fields) for change in one.changes)


def _worse(one: SignatureReport, reason: str) -> SignatureReport:
    integrity: Integrity = "broken" if one.integrity == "broken" else "modified"
    return replace(one, integrity=integrity, reasons=(reason, *one.reasons))


def with_pictures(paper: Paper, reports: Sequence[SignatureReport]) -> tuple[list[SignatureReport], int]:
    """The reports, those marked whose signed pages look otherwise now; and the pairs of pages that were drawn.

    Asked independently of the rules about objects, which two readers may apply to different objects.
    """
    judged, drawn = list[SignatureReport](), 0
    with Now(paper) as now:
        for one in reports:
            if not 0 < one.signed_bytes < paper.size or one.integrity == "broken" or drawn >= MAX_PAGES:
                judged.append(one)
                continue
            known = {name for change in one.changes if change.kind != "forbidden" for name in change.fields}
            try:
                seen = now.compare(one.signed_bytes, known, MAX_PAGES - drawn)
            except PdfiumError:
                judged.append(_worse(one, "picture_differs"))
                continue
            drawn += seen.pages
            changed = replace(one, changed_pages=seen.differing)
            judged.append(_worse(changed, "picture_differs") if seen.differing else one)
    return judged, drawn
