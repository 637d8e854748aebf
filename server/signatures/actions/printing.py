"""Printing an official paper with the fields in which it is initialled, signed, numbered, dated and sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from server.signatures.child.official import Printed, print_paper

if TYPE_CHECKING:
    from server.core.context import Core

SEAL_MM = 36.0
"""Diameter of a round agency seal, where the body has not said otherwise."""


async def print_official(core: Core, template: str, context: Mapping[str, Any], *, seal_mm: float = SEAL_MM) -> Printed:
    """The paper of a template of ``print/`` (``context["doc"]`` is its ``Letter``), ready for its first signature.

    Number and date stay empty unless the letter has them. ``context`` travels to another process: plain values alone.
    Raises PrintingError, DomainError ``signing.…``.
    """
    return await core.workers.run(print_paper, template, dict(context), seal_mm)
