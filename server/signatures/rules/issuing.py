"""When a paper may be issued, and when it has arrived."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from server.core.errors import DomainError, ErrorSpec, register

if TYPE_CHECKING:
    from server.documents.wire import Paper
    from server.signatures.wire import Dossier

register(
    ErrorSpec("signatures.issue_before_seal", 409, "Chưa phát hành: văn bản chưa đóng dấu. Đóng dấu trước."),
    ErrorSpec("signatures.issue_other", 409, "Chưa phát hành: văn bản trong cuộc họp khác bản đã đóng dấu."),
)


def require_sealed(dossier: Dossier) -> None:
    """Raise where the seal that a dossier is to have is not there yet."""
    if any(step.act == "seal" and step.state != "done" for step in dossier.steps):
        raise DomainError("signatures.issue_before_seal")


def require_current(dossier: Dossier, paper: Paper | None) -> None:
    """Raise unless what the meeting shows is exactly what the dossier stands at."""
    if paper is None or paper.version is None or paper.version.sha256 != dossier.sha256:
        raise DomainError("signatures.issue_other")


def has_arrived(expected: Collection[str], received: Collection[str], had_it: Collection[str]) -> bool:
    """Whether all have an issued paper; who signed or sealed it had it before, and is not waited for."""
    waited_for = set(expected) - set(had_it)
    return bool(expected) and waited_for <= set(received)
