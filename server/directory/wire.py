"""Messages of the directory: bodies, posts, people and their import."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from server.core.wire import Command, Event, View


class TierView(View, frozen=True, kw_only=True):
    """A tier of government, valid for a time, the last day included. ``citation`` names the law that makes it."""

    key: str
    name: str
    valid_from: str
    valid_to: str | None
    citation: str


class BodyView(View, frozen=True, kw_only=True):
    """A public body. Days are ISO dates; ``valid_to`` is the last day, None while it exists."""

    id: str
    code: str
    name: str
    short_name: str
    tier: str
    parent_id: str | None
    valid_from: str
    valid_to: str | None


class PostingView(View, frozen=True, kw_only=True):
    """A post that a person holds in a body, from a day to a day, both included."""

    id: str
    body_id: str
    body_name: str
    title: str
    valid_from: str
    valid_to: str | None


class PersonView(View, frozen=True, kw_only=True):
    """A person with the posts held today, the main one first; ``coming``: those yet to begin, the next one first."""

    id: str
    code: str
    full_name: str
    email: str | None
    phone: str | None
    postings: tuple[PostingView, ...]
    coming: tuple[PostingView, ...] = ()


class PeopleQuery(Command, frozen=True, kw_only=True):
    """Search: words of the name with or without accents, and a body (with those below it).

    ``coming`` also finds those whose post in that body is still to begin.
    """

    q: str = ""
    body: str | None = None
    coming: bool = False
    limit: int = 50
    offset: int = 0


class PeoplePage(View, frozen=True, kw_only=True):
    """A page of people and how many there are in all."""

    total: int
    people: tuple[PersonView, ...]


class Bodies(View, frozen=True, kw_only=True):
    """All bodies in force, parents before children."""

    bodies: tuple[BodyView, ...]
    tiers: tuple[TierView, ...]


class BodyCreate(Command, frozen=True, kw_only=True):
    """A new body."""

    code: str
    name: str
    short_name: str = ""
    tier: str
    parent_id: str | None = None
    valid_from: str


class BodyChange(Command, frozen=True, kw_only=True):
    """Change what is given, leave the rest. ``valid_to`` is the last day, None while the body exists."""

    name: str | UnsetType = UNSET
    short_name: str | UnsetType = UNSET
    parent_id: str | UnsetType | None = UNSET
    valid_to: str | UnsetType | None = UNSET


class PersonCreate(Command, frozen=True, kw_only=True):
    """A new person with a first post."""

    code: str
    full_name: str
    email: str | None = None
    phone: str | None = None
    body_id: str
    title: str
    valid_from: str


class PersonChange(Command, frozen=True, kw_only=True):
    """Change what is given, leave the rest."""

    full_name: str | UnsetType = UNSET
    email: str | UnsetType | None = UNSET
    phone: str | UnsetType | None = UNSET


class PostingCreate(Command, frozen=True, kw_only=True):
    """One more post of a person, after those held."""

    body_id: str
    title: str
    valid_from: str
    valid_to: str | None = None


class PostingEnd(Command, frozen=True, kw_only=True):
    """End a post; ``valid_to`` is its last day."""

    valid_to: str


class ImportQuery(Command, frozen=True, kw_only=True):
    """``dry_run`` checks and reports without changing anything."""

    dry_run: bool = True
    filename: str = ""


class ImportRow(Struct, frozen=True, kw_only=True):
    """What becomes of one row of the file. ``code`` is a stable reason where there is something to say.

    ``what``: whom or which body the row is about, with the days that it names, for reading.
    """

    row: int
    what: str
    outcome: Literal["added", "changed", "ended", "same", "error"]
    code: str | None
    text: str


class ImportReport(View, frozen=True, kw_only=True):
    """The whole import: nothing is changed unless ``applied``, and then all of it."""

    applied: bool
    added: int
    changed: int
    ended: int
    same: int
    errors: int
    rows: tuple[ImportRow, ...]


class DirectoryChanged(Event, tag="directory.changed", frozen=True, kw_only=True):
    """Audit: what was entered, changed or ended, and the ids it concerns (stream ``x:directory``)."""

    what: str
    ids: tuple[str, ...]
