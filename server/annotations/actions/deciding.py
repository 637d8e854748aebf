"""What becomes of pushes, in memory: each is decided over what is stored and what those before it have done.

No SQL: ``pushing`` looks up what is asked about and writes what comes out. A push that is refused leaves no trace.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import msgspec
from msgspec import Struct

from server.annotations import rules
from server.annotations.models import Held, Standing, StreamName
from server.annotations.wire import Annotation, AnnotationsPushed, Body, Carried, Delete, OpResult, Put
from server.core import journal, wire
from server.core.errors import DomainError
from server.core.journal import OpKey
from server.core.wire import Ref

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.journal import Entry


class Asked(Struct, frozen=True, kw_only=True):
    """A push as it waits for its turn; ``at`` is when it came."""

    actor: Actor
    stream: str
    name: StreamName
    ops: tuple[Put | Delete, ...]
    at: str


class Done(Struct, kw_only=True):
    """An operation and its answer. Where it was applied there is an ``entry``, and its ``seq`` is filled in later."""

    key: OpKey
    result: OpResult
    entry: Entry | None = None
    first: Done | None = None  # the same operation earlier among these pushes


class Known(Struct, kw_only=True):
    """What the pushes are about: who may read each stream, earlier answers, the annotations they name."""

    readers: dict[str, frozenset[str]]
    answers: dict[tuple[str, str], tuple[bytes, bytes | Done]]  # (person, op_id) → hash of the operation, answer
    held: dict[tuple[str, str], Held]  # (stream, annotation)
    openable: frozenset[tuple[str, str]] = frozenset()  # (stream of a group, member who may begin it)

    def may_push(self, asked: Asked) -> bool:
        """Only who may read a stream writes into it; a private one its owner alone, who must still see the version.

        A group's layer that is not there yet is begun by any member who may read the version.
        """
        person, owner = asked.actor.person_id, asked.name.owner
        if person in self.readers[asked.stream]:
            return owner in {None, person}
        if asked.name.group is not None:
            return (asked.stream, person) in self.openable
        return owner == person and person in self.readers[shared_stream(asked.name)]


def shared_stream(name: StreamName) -> str:
    """The shared stream of the version that a stream is about."""
    return f"s:{name.version_id}"


def decide(known: Known, asked: Asked, may_moderate: Callable[[Asked], bool]) -> list[Done]:
    """The answer to each operation of one push; ``known`` then holds what it did.

    Raises ``denied`` for who may not write there and ``too_large``; ``known`` is then as before.
    """
    if not known.may_push(asked):
        raise DomainError("denied")
    trial = _Trial(known, asked, may_moderate)
    done = [trial.one(op) for op in asked.ops]
    known.answers.update(trial.answers)
    known.held.update(trial.held)
    return done


class _Trial:
    """One push under way, beside what is known."""

    def __init__(self, known: Known, asked: Asked, may_moderate: Callable[[Asked], bool]) -> None:
        self._known = known
        self._asked = asked
        self._person = asked.actor.person_id
        self._may_moderate = may_moderate
        self.answers: dict[tuple[str, str], tuple[bytes, bytes | Done]] = {}
        self.held: dict[tuple[str, str], Held] = {}

    def one(self, op: Put | Delete) -> Done:
        body = wire.encode(op.body) if isinstance(op, Put) else b""
        key = OpKey(op.op_id, self._hash(op, body))
        mine = (self._person, op.op_id)
        earlier = self.answers.get(mine) or self._known.answers.get(mine)
        if earlier is not None:
            return _repeated(key, *earlier)
        done = self._apply(op, key, body)
        if done.entry is not None:
            self.answers[mine] = key.body_hash, done
        return done

    def _hash(self, op: Put | Delete, body: bytes) -> bytes:
        if isinstance(op, Put):  # the body, the bulk of it, is not encoded twice
            op = msgspec.structs.replace(op, body=msgspec.Raw(body))
        return hashlib.sha256(self._asked.stream.encode() + wire.encode(op)).digest()

    def _apply(self, op: Put | Delete, key: OpKey, body: bytes) -> Done:
        here = (self._asked.stream, op.ann_id)
        held = self.held.get(here) or self._known.held.get(here)
        standing = held.standing if held else None
        others = standing is not None and standing.owner_id != self._person
        moderator = isinstance(op, Delete) and others and self._may_moderate(self._asked)
        outcome = rules.decide(op, standing, actor=self._person, moderator=moderator)
        rev = standing.rev if standing else None
        if outcome != "applied":
            return Done(key=key, result=OpResult(op_id=op.op_id, st=outcome, seq=None, rev=rev))
        rev = (rev or 0) + 1
        event, now = self._put(op, held, rev, body) if isinstance(op, Put) else self._delete(op, held)
        entry = journal.prepare(self._asked.stream, event, actor=self._person, op_id=op.op_id)
        self.held[here] = now
        return Done(key=key, result=OpResult(op_id=op.op_id, st="applied", seq=None, rev=rev), entry=entry)

    def _put(self, op: Put, held: Held | None, rev: int, body: bytes) -> tuple[AnnotationsPushed, Held]:
        asked = self._asked
        kind = str(type(op.body).__struct_config__.tag)
        now = Held(
            standing=Standing(owner_id=self._person, type=kind, page=op.page, rev=rev, deleted=False),
            owner_name=asked.actor.name,
            created_at=held.created_at if held else asked.at,
            changed_at=asked.at,
            body=body,
            stored=held is not None and held.stored,
            carried=_placed(held.carried) if held else None,
        )
        shown = Annotation(
            id=op.ann_id,
            version_id=asked.name.version_id,
            owner_id=self._person,
            owner_name=now.owner_name,
            page=op.page,
            body=cast("Body", msgspec.Raw(body)),  # encoded already
            rev=rev,
            created_at=now.created_at,
            updated_at=asked.at,
            carried=cast("Carried | None", msgspec.Raw(now.carried) if now.carried else None),  # encoded already
        )
        return AnnotationsPushed(put=(shown,)), now

    def _delete(self, op: Delete, held: Held | None) -> tuple[AnnotationsPushed, Held]:
        assert held is not None  # the rules let only what is there be deleted
        gone = msgspec.structs.replace(held.standing, deleted=True)
        now = msgspec.structs.replace(held, standing=gone, changed_at=self._asked.at, body=b"")
        return AnnotationsPushed(gone=(Ref("annotation", op.ann_id),)), now


def _placed(carried: bytes | None) -> bytes | None:
    """Where an annotation was carried from, once it has a place here."""
    if carried is None:
        return None
    return wire.encode(msgspec.structs.replace(msgspec.json.decode(carried, type=Carried), waiting=False))


def _repeated(key: OpKey, body_hash: bytes, answer: bytes | Done) -> Done:
    """The first answer again, or a refusal where the id was used for another operation."""
    if body_hash != key.body_hash:
        return Done(key=key, result=OpResult(op_id=key.op_id, st="denied", seq=None, rev=None))
    if isinstance(answer, Done):
        return Done(key=key, result=answer.result, first=answer)
    first = msgspec.json.decode(answer, type=OpResult)
    return Done(key=key, result=msgspec.structs.replace(first, st="dup"))
