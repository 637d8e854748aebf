"""A paper signed elsewhere, by a desktop plug-in say: taken only if it is our paper with one good signature more."""

from signing.contents import refuse_active
from signing.errors import SigningError
from signing.files import Source, opened
from signing.paper import opened_paper
from signing.report import Report
from signing.services import Services
from signing.structure import signature_holes
from signing.verifying import verify


def accept_upload(base: Source, uploaded: Source, *, services: Services) -> Report:
    """What is said about `uploaded`, if it may take the place of `base`.

    It must begin with `base` byte for byte, bring exactly one signature more, and be "valid" as a whole. Both are whole
    files, or where they lie.

    Raises:
        SigningError: upload_not_ours, upload_unsigned, upload_invalid; pdf_active and its like for what was brought
            in beside it.
    """
    with opened_paper(base) as ours, opened_paper(uploaded) as given:
        if not given.begins_with(ours):
            raise SigningError("upload_not_ours")
        before, size = len(signature_holes(ours)), ours.size
        if len(signature_holes(given)) == before:
            raise SigningError("upload_unsigned")
    report = verify(uploaded, base=base, services=services)
    people = [one for one in report.signatures if one.kind == "signature"]
    if report.verdict != "valid":
        reasons = [*report.reasons, *(reason for one in people for reason in one.reasons), report.verdict]
        raise SigningError("upload_invalid", why=reasons[0])
    if len(people) != before + 1 or not people[-1].signed_bytes > size:
        raise SigningError("upload_invalid", why="signatures")
    with opened(uploaded) as file:
        refuse_active(file, attachments=True)
    return report
