"""What becomes of an operation on an annotation (tablet.md §2.4). Pure: no I/O, no clock.

Ink, shapes and highlights are immutable: only added and deleted, so they never conflict. Delete wins over edit. A note
or a text changed on a stale ``rev`` is a conflict, and the client keeps its words in a new one. Only the owner edits;
the chair or the secretariat may also delete what is shared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.annotations.models import Outcome, Standing
from server.annotations.wire import Delete, Note, Put, Text
from server.core.access import Relation

if TYPE_CHECKING:
    from collections.abc import Mapping

_AUDIENCE = frozenset({
    Relation.PARTICIPANT,
    Relation.INVITEE,
    Relation.PRESENTER,
    Relation.CHAIR,
    Relation.SECRETARIAT,
})  # fmt: skip

PERMISSIONS: Mapping[str, frozenset[Relation]] = {
    "annotations.read": _AUDIENCE,
    "annotations.push": _AUDIENCE,
    "annotations.moderate": frozenset({Relation.CHAIR, Relation.SECRETARIAT}),
}


def decide(op: Put | Delete, standing: Standing | None, *, actor: str, moderator: bool) -> Outcome:
    """The outcome of ``op`` by ``actor`` on what is stored; ``moderator`` may delete others' shared annotations."""
    if isinstance(op, Delete):
        return _decide_delete(standing, actor=actor, moderator=moderator)
    if standing is None:
        return "applied" if op.base_rev == 0 else "gone"
    if standing.owner_id != actor:
        return "denied"
    if standing.deleted:
        return "gone"
    return _decide_edit(op, standing)


def _decide_delete(standing: Standing | None, *, actor: str, moderator: bool) -> Outcome:
    if standing is None or standing.deleted:
        return "gone"
    return "applied" if moderator or standing.owner_id == actor else "denied"


def _decide_edit(op: Put, standing: Standing) -> Outcome:
    editable = isinstance(op.body, Note | Text) and op.body.__struct_config__.tag == standing.type
    if not editable or op.page != standing.page:
        return "denied"
    return "applied" if op.base_rev == standing.rev else "conflict"
