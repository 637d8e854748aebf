"""Shapes inside the directory: a line of an import, what is known, and the plan of what an import changes."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class ImportLine(Struct, frozen=True, kw_only=True):
    """One row of the file, as text; ``row`` is its number in the file, the header being 1. Empty: nothing is said."""

    row: int
    body_code: str = ""
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


class KnownBody(Struct, frozen=True, kw_only=True):
    """A body, as it is or as the plan wants it. Days are ISO, the last one inclusive."""

    id: str
    code: str
    name: str
    tier: str
    parent_code: str
    valid_from: str
    valid_to: str | None


class KnownPerson(Struct, frozen=True, kw_only=True):
    """A person, as it is or as the plan wants it."""

    id: str
    code: str
    full_name: str
    email: str | None
    phone: str | None


class KnownPosting(Struct, frozen=True, kw_only=True):
    """A post that is held today or will be, as it is or as the plan wants it."""

    id: str
    person_id: str
    body_id: str
    title: str
    rank: int
    valid_from: str
    valid_to: str | None


class Known(Struct, frozen=True, kw_only=True):
    """The directory before an import. ``mark`` changes with every change of the directory."""

    mark: int
    bodies: tuple[KnownBody, ...]
    people: tuple[KnownPerson, ...]
    postings: tuple[KnownPosting, ...]
    tiers: frozenset[str]


class RowOutcome(Struct, frozen=True, kw_only=True):
    """What becomes of a row: an outcome of ``wire.ImportRow``; for errors the code with its arguments."""

    row: int
    outcome: Literal["added", "changed", "ended", "same", "error"]
    code: str | None = None
    args: dict[str, str] = {}


class Plan(Struct, frozen=True, kw_only=True):
    """What an import would write, and the outcome of each row; new and changed things as they are to be."""

    rows: tuple[RowOutcome, ...]
    new_bodies: tuple[KnownBody, ...]
    changed_bodies: tuple[KnownBody, ...]
    new_people: tuple[KnownPerson, ...]
    changed_people: tuple[KnownPerson, ...]
    new_postings: tuple[KnownPosting, ...]
    changed_postings: tuple[KnownPosting, ...]

    @property
    def is_good(self) -> bool:
        """Whether no row is wrong."""
        return all(each.outcome != "error" for each in self.rows)
