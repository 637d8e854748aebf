"""Bases of every message: commands, events and the entities that events put into a stream's state.

A feature declares its messages in its own ``wire.py`` and nowhere else; TypeScript, JSON Schema and OpenAPI are made
from these Structs. A stream's state is a set of entities, each known by (kind, id); an event says which entities it
puts (whole) and which are gone. So one reducer, here and on the tablet, applies every event of every stream, and
"snapshot + events = fresh snapshot" holds by construction.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from server.core import texts

T = TypeVar("T")

# Raised with every change that an older client cannot read; such a client is told `must_update`.
PROTOCOL = 2

# Limits of one operation, of one push, and of one page of catch-up, in bytes of JSON.
OPERATION_BYTES = 64 * 1024
PUSH_BYTES = 256 * 1024
PUSH_OPERATIONS = 50
PAGE_BYTES = 128 * 1024


class Entity(Struct, frozen=True, kw_only=True, tag_field="kind", tag=str.lower):
    """One object of a stream's state. Subclasses give ``tag="<kind>"``; ``id`` is unique within stream and kind."""

    id: str


class Ref(Struct, frozen=True):
    """Names an entity that is no longer in the stream's state."""

    kind: str
    id: str


class Event(Struct, frozen=True, kw_only=True, tag_field="name"):
    """One operation of a stream, in the past tense: ``tag="<feature>.<what_happened>"``.

    A subclass narrows ``put`` to the entities it carries and may add facts of its own (never state).
    """

    put: tuple[Any, ...] = ()
    gone: tuple[Ref, ...] = ()


class Command(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a client asks, by HTTP body or socket; unknown fields are refused."""


class View(Struct, frozen=True, kw_only=True):
    """What an HTTP route answers that is not an entity."""


def encode(value: object) -> bytes:
    """Encode a message as compact UTF-8 JSON."""
    return _encoder.encode(value)


def decode(raw: bytes | msgspec.Raw, shape: type[T]) -> T:
    """What a client sent, its texts as this house keeps texts (``texts.seen``); secrets stay as they were typed."""
    return msgspec.json.decode(texts.cleaned(bytes(raw)), type=shape)


def name_of(event: Event) -> str:
    """The wire name of an event, ``feature.happened``."""
    tag = type(event).__struct_config__.tag
    assert isinstance(tag, str), type(event)
    return tag


def kind_of(entity: Entity) -> str:
    """The wire kind of an entity."""
    tag = type(entity).__struct_config__.tag
    assert isinstance(tag, str), type(entity)
    return tag


def stamp(moment: datetime) -> str:
    """A moment as it goes over the wire: UTC, ISO 8601, microseconds, ``Z``."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="microseconds")[: -len("+00:00")] + "Z"


_encoder = msgspec.json.Encoder()
