"""The examination of one PDF, run in a child that may be killed: opens, measures, cleans, renders on trial."""

from __future__ import annotations

import contextlib
import errno
import resource
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import pikepdf
import pypdfium2

from server.core.errors import DomainError
from server.documents.intake import active, pages, stamps, standin, traces, weigh
from server.documents.intake.opening import opened
from server.documents.intake.refusal import Refused
from server.documents.intake.sniff import HEADER_BYTES, kind_of, reason_against
from server.documents.intake.words import page_text
from server.documents.models import Bounds, Findings

FULL_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

# What these libraries, and reading what they found, raise on a file that breaks the format; all of it means the same
# to its owner.
BROKEN = (
    pikepdf.PikepdfError, RuntimeError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError,
)  # fmt: skip
_TRIAL_PAGES = 3
_TRIAL_PIXELS = 800
# The others are drawn smaller, as long as there is time: what takes a page long is most often not its size.
_GLANCE_PIXELS = 240
_TRIAL_SECONDS = 6.0
_TEXT_PAGES = 20
# How much of a page where a stamp of secrecy may stand is read for it.
_STAMP_CHARACTERS = 20_000
# PDFium's own error numbers (fpdfview.h).
_PDFIUM_PASSWORD, _PDFIUM_SECURITY = 4, 5


def examine(source: str, filename: str, target: str | None, bounds: Bounds, *faces: str) -> Findings:
    """Examine the file ``source`` that somebody calls ``filename``.

    The cleaned rendition goes to ``target``; with None nothing is written and active content is refused, as it is in
    a signed file, which is never rewritten. ``faces``: font files for families that the file lacks. Refusals are
    findings too; raised is only ``documents.no_space``.
    """
    start = time.monotonic()
    with Path(source).open("rb") as file:
        head = file.read(HEADER_BYTES)
    kind = kind_of(head)
    try:
        found = _examined(source, head, filename, target, bounds, faces)
    except Refused as refused:
        found = Findings(reason=refused.reason, pages=refused.pages, active=refused.active)
    except MemoryError:
        found = Findings(reason="bomb")
    except OSError as error:
        if error.errno in FULL_DISK:
            raise DomainError("documents.no_space") from error
        raise
    except BROKEN:
        found = Findings(reason="corrupt")
    return _timed(found, kind, time.monotonic() - start)


def _examined(
    source: str, head: bytes, filename: str, target: str | None, bounds: Bounds, faces: Sequence[str]
) -> Findings:
    if reason := reason_against(head, filename):
        raise Refused(reason)
    warnings.simplefilter("ignore")
    with _open(source) as pdf:
        _bound_pages(len(pdf.pages), bounds)
        signed = _is_signed(pdf)
        if signed or target is None:
            words = active.find(pdf)
            if words:
                raise Refused("active", active=words)
            return _measured(pdf, source, signed=signed, bounds=bounds)
        words = active.strip(pdf)
        traces.wipe(pdf)
        _complete(pdf, faces)
        # Object streams and no linearization: what a tablet reads before the first page is smallest this way.
        with Path(target).open("wb") as file:
            pdf.save(file, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    with _open(target) as pdf:
        found = _measured(pdf, target, signed=False, bounds=bounds)
    return Findings(
        pages=found.pages, sizes=found.sizes, boxes=found.boxes, has_text=found.has_text, rewritten=True,
        active=tuple(sorted(words)), secret_mark=found.secret_mark,
    )  # fmt: skip


def _open(path: str) -> pikepdf.Pdf:
    try:
        pdf = pikepdf.open(path, suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise Refused("password") from error
    except pikepdf.PikepdfError as error:
        raise Refused("encrypted" if "encryption" in str(error) else "corrupt") from error
    if pdf.is_encrypted:
        pdf.close()
        raise Refused("encrypted")
    return pdf


def _complete(pdf: pikepdf.Pdf, faces: Sequence[str]) -> None:
    """Put in the letters that the file counts on its readers to have; what cannot be understood stays as it is."""
    with contextlib.suppress(*BROKEN):
        standin.embed(pdf, faces)


def _bound_pages(count: int, bounds: Bounds) -> None:
    if count == 0:
        raise Refused("no-pages")
    if count > bounds.pages:
        raise Refused("too-many-pages", pages=count)


def _is_signed(pdf: pikepdf.Pdf) -> bool:
    """Whether anything in the file covers a range of its bytes; a broken signature counts: it is evidence too."""
    return any(isinstance(held, pikepdf.Dictionary) and "/ByteRange" in held for held in pdf.objects)


def _measured(pdf: pikepdf.Pdf, path: str, *, signed: bool, bounds: Bounds) -> Findings:
    sizes, boxes = pages.table(pdf, bounds.side_points)
    weigh.weigh(pdf, bounds)
    has_text, texts = _rendered(path, len(sizes))
    mark = stamps.mark_in([*texts, *_notes(pdf)])
    return Findings(pages=len(sizes), signed=signed, has_text=has_text, secret_mark=mark, sizes=sizes, boxes=boxes)


def _rendered(path: str, expected: int) -> tuple[bool, list[str]]:
    """Draw the pages, the first as a tablet will; returns whether there is text, and that of the first pages."""
    try:
        document = opened(path)
    except pypdfium2.PdfiumError as error:
        reasons = {_PDFIUM_PASSWORD: "password", _PDFIUM_SECURITY: "encrypted"}
        raise Refused(reasons.get(error.err_code or 0, "corrupt")) from error
    try:
        if len(document) != expected:
            raise Refused("corrupt")
        _draw_all(document, expected)
        has_text = any(_has_text(document[number]) for number in range(min(expected, _TEXT_PAGES)))
        first = range(min(expected, stamps.PAGES)) if has_text else ()
        return has_text, [page_text(document[number], _STAMP_CHARACTERS) for number in first]
    finally:
        document.close()


def _notes(pdf: pikepdf.Pdf) -> Iterator[str]:
    """What notes on the first pages say: a stamp may have been put there by a viewer's tool."""
    for page in pdf.pages[: stamps.PAGES]:
        notes = page.obj.get("/Annots")
        for note in notes if isinstance(notes, pikepdf.Array) else ():
            said = note.get("/Contents") if isinstance(note, pikepdf.Dictionary) else None
            if isinstance(said, pikepdf.String):
                yield str(said)[:_STAMP_CHARACTERS]


def _draw_all(document: pypdfium2.PdfDocument, count: int) -> None:
    end = time.process_time() + _TRIAL_SECONDS
    for number in range(count):
        if number < _TRIAL_PAGES:
            _draw(document[number], _TRIAL_PIXELS)
        elif time.process_time() < end:
            _draw(document[number], _GLANCE_PIXELS)


def _draw(page: pypdfium2.PdfPage, pixels: int) -> None:
    try:
        page.render(scale=min(1.0, pixels / max(*page.get_size(), 1.0))).close()
    finally:
        page.close()


def _has_text(page: pypdfium2.PdfPage) -> bool:
    text = page.get_textpage()
    try:
        return bool(text.count_chars() > 0)
    finally:
        text.close()


def _timed(found: Findings, kind: str | None, seconds: float) -> Findings:
    unit = 1024 if sys.platform == "linux" else 1024 * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    return Findings(
        **{
            **{name: getattr(found, name) for name in Findings.__struct_fields__},
            "kind": kind, "seconds": round(seconds, 3), "peak_mib": round(peak, 1),
        }
    )  # fmt: skip
