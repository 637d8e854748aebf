"""What runs in a child for whoever checks a paper: judging it, drawing a page then and now, printing what was found."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from server.core.errors import DomainError
from server.signatures.child import services_of
from server.signatures.models import Authorities
from server.signatures.rules.comparing import Expected
from server.signatures.wire import PagePair, RegisterLine
from signing import Report

if TYPE_CHECKING:
    from PIL import Image

_QUALITY = 88
_REGISTER: Mapping[str, str] = {
    "file": "Tệp (SHA-256)", "signer": "Người ký", "fields": "Ô chữ ký", "seal": "Con dấu cơ quan", "number": "Số",
    "date": "Ngày ban hành",
}  # fmt: skip


def judge_file(path: str, authorities: Authorities, known: Expected) -> Report:
    """What can be said about the signatures of a file, against what the register says of it."""
    from signing import verify  # noqa: PLC0415 - pyHanko is for children only

    return verify(
        Path(path), services=services_of(authorities), expected_fields=known.fields,
        fillable=known.fillable, values=known.values or None,
    )  # fmt: skip


def draw_pair(path: str, length: int, page: int) -> PagePair:
    """A page (from 1) in the file's first ``length`` bytes and in the whole. Raises ``documents.no_…``."""
    from pypdfium2 import PdfiumError  # noqa: PLC0415 - PDFium is for children only

    from signing.pictures import page_pair, unlike  # noqa: PLC0415 - PDFium is for children only

    pdf = Path(path)
    if not 0 < length <= pdf.stat().st_size:
        raise DomainError("documents.no_revision")
    try:
        before, after = page_pair(pdf, length, page - 1)
    except PdfiumError as error:
        raise DomainError("documents.no_revision") from error
    if before is None and after is None:
        raise DomainError("documents.no_page", page=page)
    return PagePair(page=page, before=_webp(before), after=_webp(after), changed=unlike(before, after))


def _webp(picture: Image.Image | None) -> bytes | None:
    if picture is None:
        return None
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY, method=2)
    return out.getvalue()


def print_report(report: Report, file: str, register: Sequence[RegisterLine]) -> bytes:
    """The PDF of ``print/verification.html``: what was found, for the files of the office. Raises PrintingError."""
    from server.core.printing.render import render_pdf  # noqa: PLC0415 - WeasyPrint is for children only
    from signing import sentences  # noqa: PLC0415 - with pyHanko's kinds
    from signing.words import parts  # noqa: PLC0415 - with it

    whole, *each = parts(report, file)
    lines = [(_REGISTER[one.what], one.expected, one.found, one.agrees) for one in register]
    values = {
        "verdict": report.verdict, "word": sentences.VERDICTS[report.verdict], "why": sentences.why(report),
        "advice": sentences.advice(report), "whole": whole, "signatures": each, "register": lines,
    }  # fmt: skip
    return render_pdf("print/verification.html", values)
