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
from server.core.errors import DomainError, ErrorSpec, register

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

register(
    ErrorSpec("annotations.not_reader", 409, "Chưa thêm: có người không đọc được tài liệu này."),
    ErrorSpec("annotations.group_size", 409, "Chưa lưu: nhóm có từ 2 đến {limit} người."),
    ErrorSpec("annotations.too_many_groups", 409, "Chưa lập nhóm: mỗi người lập tối đa {limit} nhóm một phiên họp."),
)

# Fewer people with private annotations than this, and it is not told that there are any.
UNTOLD_BELOW = 5
GROUP_MEMBERS = 30
_FEWEST = 2
GROUPS_OF_ONE = 10

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
    "annotations.pack": _AUDIENCE,
    "annotations.count": frozenset({Relation.SECRETARIAT}),
    "annotations.moderate": frozenset({Relation.CHAIR, Relation.SECRETARIAT}),
    "annotations.group": _AUDIENCE,
    "annotations.membership": frozenset({Relation.SELF}),  # of a group: whoever is in it
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
    if standing.waiting:
        return _decide_place(op, standing)
    if not editable or op.page != standing.page:
        return "denied"
    return "applied" if op.base_rev == standing.rev else "conflict"


def _decide_place(op: Put, standing: Standing) -> Outcome:
    """What was carried over and waits for a place is put on any page, as what it is."""
    if type(op.body).__struct_config__.tag != standing.type:
        return "denied"
    return "applied" if op.base_rev == standing.rev else "conflict"


def private_told(people: int) -> bool:
    """Whether the secretariat is told that there are private annotations: only where nobody can be meant."""
    return people >= UNTOLD_BELOW


def named(maker: str, others: Iterable[str]) -> tuple[str, ...]:
    """Who is in a new group: its maker first, the others once each. Raises ``annotations.group_size``."""
    members = tuple(dict.fromkeys((maker, *others)))
    if not _FEWEST <= len(members) <= GROUP_MEMBERS:
        raise DomainError("annotations.group_size", limit=GROUP_MEMBERS)
    return members


def joined(present: Sequence[str], others: Iterable[str]) -> tuple[str, ...]:
    """Who is new in a group among ``others``. Raises ``annotations.group_size``."""
    added = tuple(each for each in dict.fromkeys(others) if each not in present)
    if len(present) + len(added) > GROUP_MEMBERS:
        raise DomainError("annotations.group_size", limit=GROUP_MEMBERS)
    return added


def keeper(members: Sequence[str]) -> str:
    """Who may name others and take out: its maker, and when that one has left whoever is longest in it; "" if none."""
    return members[0] if members else ""


def check_removal(actor: str, person: str, members: Sequence[str]) -> None:
    """Raise unless the actor leaves the group, or its keeper takes ``person`` out.

    ``not_found`` for who is not in it, or where ``person`` is not: a group is nobody else's business.
    """
    if actor not in members or person not in members:
        raise DomainError("not_found")
    if actor not in {person, keeper(members)}:
        raise DomainError("denied")


def layer_readers(members: Iterable[str], readers: Iterable[str]) -> frozenset[str]:
    """Who reads a group's layer of a version: its members, as far as they may read the version."""
    return frozenset(members) & frozenset(readers)
