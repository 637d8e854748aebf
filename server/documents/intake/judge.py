"""The whole gate for one file, run in a child that may be killed: what it is decides which examination it gets."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

from msgspec.structs import replace

from server.core.errors import DomainError
from server.documents.intake import compound, office, pictures, rich
from server.documents.intake.examine import BROKEN, FULL_DISK, examine
from server.documents.intake.refusal import Refused
from server.documents.intake.sniff import HEADER_BYTES, agrees, kind_of
from server.documents.models import Bounds, Findings


def judge(source: str, filename: str, target: str | None, bounds: Bounds, *faces: str) -> Findings:
    """Judge the file ``source`` that somebody calls ``filename``; a PDF's cleaned rendition goes to ``target``.

    ``faces``: font files for families that it does not bring along (``standin.embed``).
    Refusals are findings too; raised is only ``documents.no_space``. ``kind`` is that of the content: an archive that
    is no office paper keeps the word for its wrapping.
    """
    start = time.monotonic()
    with Path(source).open("rb") as file:
        head = file.read(HEADER_BYTES)
    kind = kind_of(head)
    if kind == "pdf":
        return examine(source, filename, target, bounds, *faces)
    try:
        found = _judged(source, head, kind, bounds)
        if not agrees(found.kind, filename):
            found = Findings(reason="mismatch", kind=found.kind)
    except Refused as refused:
        found = Findings(reason=refused.reason, pages=refused.pages)
    except MemoryError:
        found = Findings(reason="bomb")
    except OSError as error:
        if error.errno in FULL_DISK:
            raise DomainError("documents.no_space") from error
        raise
    except BROKEN:
        found = Findings(reason="corrupt")
    return replace(found, kind=found.kind or kind, seconds=round(time.monotonic() - start, 3), peak_mib=_peak_mib())


def _judged(source: str, head: bytes, kind: str | None, bounds: Bounds) -> Findings:
    if not head:
        raise Refused("empty")
    if kind == "zip":
        return office.judge_package(source, bounds)
    if kind == "ole":
        return compound.judge_compound(source)
    if kind == "rtf":
        return rich.judge_rich(source)
    if kind in pictures.FORMATS:
        return pictures.judge_picture(source, kind, bounds)
    raise Refused("type")


def _peak_mib() -> float:
    unit = 1024 if sys.platform == "linux" else 1024 * 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, 1)
