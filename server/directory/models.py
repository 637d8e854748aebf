"""Shapes inside the directory: one line of an import, and what an import would change."""

from __future__ import annotations

from msgspec import Struct


class ImportLine(Struct, frozen=True, kw_only=True):
    """One row of the file, as text; ``row`` is its number in the file, the header being 1. Days are ISO or empty."""

    row: int
    body_code: str
    body_name: str = ""
    parent_code: str = ""
    tier: str = ""
    person_code: str = ""
    full_name: str = ""
    title: str = ""
    email: str = ""
    phone: str = ""
    valid_from: str = ""
    valid_to: str = ""


class KnownBody(Struct, frozen=True):
    """A body as an import compares it."""

    id: str
    code: str
    name: str
    parent_id: str | None
    tier: str


class KnownPosting(Struct, frozen=True):
    """A posting that has not ended, or ends in the future."""

    id: str
    person_id: str
    body_id: str
    title: str
    valid_from: str
    valid_to: str | None
    rank: int


class KnownPerson(Struct, frozen=True):
    """A person as an import compares it."""

    id: str
    code: str
    full_name: str
    email: str | None
    phone: str | None
