"""The book of issued papers (sổ văn bản đi): read, printed, with numbers for documents on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

import msgspec

from server.core import access
from server.core.access import Relation
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import stamp
from server.directory import actions as directory
from server.invitations import rules as invitation_rules
from server.signatures.actions import numbering, registry
from server.signatures.child.book import render
from server.signatures.rules import numbering as rules
from server.signatures.rules.numbering import Series
from server.signatures.rules.registry import matching, shown_state
from server.signatures.store import issuing as standing
from server.signatures.store import numbering as store
from server.signatures.store.numbering import Code, Entry
from server.signatures.wire import (
    BookEnter,
    BookEntry,
    BookQuery,
    NumberBook,
    NumberCode,
    NumberCodePut,
    NumberCodeSet,
    NumberTaken,
    SeriesOpen,
)

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx


# ---- reading


async def number_book(core: Core, body_id: str, query: BookQuery, *, actor: Actor) -> NumberBook:
    """A year of a body's book; for its clerks and its desk, to others it is not there."""
    this_year = rules.day_of(core.clock.now()).year
    return await core.db.read(lambda read: _book(read, actor, body_id, query, this_year))


async def printed_book(core: Core, body_id: str, query: BookQuery, *, actor: Actor) -> bytes:
    """The same as a PDF (Decree 30/2020/NĐ-CP, Annex IV, on A4 across)."""
    book = await number_book(core, body_id, query, actor=actor)
    return await core.workers.run(render, msgspec.json.encode(book).decode(), stamp(core.clock.now()))


def _book(read: Read, actor: Actor, body_id: str, query: BookQuery, this_year: int) -> NumberBook:
    _require(read, actor, "signatures.book", body_id)
    year = this_year if query.year is None else query.year
    found = store.entries(read, body_id, year, query.paper_kind)
    shown = _shown(read, actor, found)
    years = store.years(read, body_id)
    return NumberBook(
        body_id=body_id, body_name=directory.body_names(read, [body_id]).get(body_id, ""), year=year,
        years=tuple(years if this_year in years else [this_year, *years]), entries=matching(shown, query.words),
        codes=tuple(_code(each) for each in store.codes(read, body_id)),
    )  # fmt: skip


def _shown(read: Read, actor: Actor, entries: list[Entry]) -> list[BookEntry]:
    """The lines as this actor may see them: of a closed item, its title only for who may know of it, and the clerk."""
    states = standing.states(read, [each.dossier_id for each in entries if each.dossier_id])
    open_to: dict[str, bool] = {}

    def may_know(entry: Entry, item_id: str) -> bool:
        if item_id not in open_to:
            clerk = Relation.CLERK in access.relations(read, actor, "body", entry.body_id)
            held = access.relations(read, actor, "item", item_id)
            open_to[item_id] = clerk or Relation.SECRETARIAT in held
        return open_to[item_id]

    shown = []
    for entry in entries:
        state, item_id, version_id = states.get(entry.dossier_id or "", ("", "", None))
        knows = not item_id or may_know(entry, item_id)
        shown.append(_line(entry, state, version_id if knows else None, knows=knows))
    return shown


def _line(entry: Entry, dossier_state: str, version_id: str | None, *, knows: bool) -> BookEntry:
    state = shown_state(entry.state, entry.source, dossier_state)
    return BookEntry(
        id=entry.id, number=entry.number, symbol=entry.symbol, dated=entry.dated, paper_kind=entry.paper_kind,
        code=entry.code, title=entry.title if knows else "", signer=entry.signer, recipients=entry.recipients,
        state=cast("Literal['reserved']", state), reason=entry.reason,
        dossier_id=entry.dossier_id if knows else None, version_id=version_id,
    )  # fmt: skip


# ---- numbers for documents on paper


async def enter(core: Core, body_id: str, command: BookEnter, *, actor: Actor) -> BookEntry:
    """Take the next number for a document on paper, so that its series stays whole. Raises ``.book_entry_invalid``."""
    title, signer = rules.line(command.title, needed=True), rules.line(command.signer, needed=True)
    recipients, given = rules.line(command.recipients), rules.line(command.notation)

    def txn(tx: Tx) -> BookEntry:
        _require(tx, actor, "signatures.enter", body_id)
        notation = rules.notation(given, command.paper_kind, _letters(tx, body_id))
        entry = numbering.take_txn(
            tx, body_id, command.paper_kind, notation, actor, core.clock.now(), title=title, signer=signer,
            recipients=recipients,
        )  # fmt: skip
        return _line(entry, "", None, knows=True)

    return await core.perform(txn, actor=actor, returns=BookEntry)


async def open_series(core: Core, body_id: str, command: SeriesOpen, *, actor: Actor) -> BookEntry:
    """Let a series of this year go on after what was numbered in the book on paper; once, before its first number.

    Raises ``signatures.series_open``, ``.book_entry_invalid``.
    """
    if not 1 <= command.last <= rules.MOST:
        raise DomainError("signatures.book_entry_invalid")

    def txn(tx: Tx) -> BookEntry:
        _require(tx, actor, "signatures.enter", body_id)
        now = core.clock.now()
        today = rules.day_of(now)
        code = rules.code(command.code) if command.code else ""
        series = Series(body_id=body_id, year=today.year, paper_kind=command.paper_kind, code=code)
        if not store.open_txn(tx, series, command.last):
            raise DomainError("signatures.series_open")
        notation = rules.notation("", command.paper_kind, code or _letters(tx, body_id))
        entry = Entry(
            id=new_id(), body_id=body_id, year=series.year, paper_kind=series.paper_kind, code=code,
            number=command.last, symbol=rules.symbol(command.last, notation), dated=today.isoformat(), title="",
            signer="", recipients="", source="opening", state="used", dossier_id=None, base_sha256="",
            version_id=None, reserved_by=actor.person_id, reserved_at=stamp(now), due_at="", confirmed_at=None,
            reason="",
        )  # fmt: skip
        store.insert_txn(tx, entry)
        event = NumberTaken(
            body_id=body_id, paper_kind=entry.paper_kind, year=entry.year, symbol=entry.symbol, dossier_id=None
        )
        registry.record_txn(tx, event, actor)
        return _line(entry, "", None, knows=True)

    return await core.perform(txn, actor=actor, returns=BookEntry)


async def set_code(core: Core, body_id: str, code: str, command: NumberCodeSet, *, actor: Actor) -> NumberCode:
    """Give the letters of a council or board a series of their own, by a rule that is named.

    Raises ``signatures.code_invalid``.
    """
    letters, name = rules.code(code), rules.line(command.name, needed=True)
    citation = rules.line(command.citation, needed=True)
    entered = Code(code=letters, name=name, citation=citation)

    def txn(tx: Tx) -> NumberCode:
        _require(tx, actor, "signatures.enter", body_id)
        store.put_code_txn(tx, body_id, entered)
        registry.record_txn(tx, NumberCodePut(body_id=body_id, code=letters), actor)
        return _code(entered)

    return await core.perform(txn, actor=actor, returns=NumberCode)


def _require(read: Read, actor: Actor, verb: str, body_id: str) -> None:
    access.require(verb, access.relations(read, actor, "body", body_id))
    if not directory.body_exists(read, body_id):
        raise DomainError("not_found")


def _letters(read: Read, body_id: str) -> str:
    name = directory.body_names(read, [body_id]).get(body_id, "")
    return invitation_rules.symbol(name).partition("-")[2]


def _code(each: Code) -> NumberCode:
    return NumberCode(code=each.code, name=each.name, citation=each.citation)
