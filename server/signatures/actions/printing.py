"""Printing an official paper with the fields in which it is initialled, signed, numbered, dated and sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from server.signatures import store
from server.signatures.actions.keys import holders
from server.signatures.child.official import Printed, print_paper

if TYPE_CHECKING:
    from server.core.context import Core

SEAL_MM = 36.0
"""Diameter of most agency seals; a body whose seal is enrolled has its own."""


async def print_official(core: Core, template: str, context: Mapping[str, Any], *, body_id: str = "") -> Printed:
    """The paper of a template of ``print/`` (``context["doc"]`` is its ``Letter``), ready for its first signature.

    Number and date stay empty unless the letter has them. ``context`` travels to another process: plain values alone.
    ``body_id``: whose seal it will have. Raises PrintingError, DomainError ``signing.…``.
    """
    seal = await core.db.read(lambda read: store.key_of(read, holders.body(body_id))) if body_id else None
    width = seal.image_width_mm if seal else None
    return await core.workers.run(print_paper, template, dict(context), width or SEAL_MM)
