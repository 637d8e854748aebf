"""Taking over a spreadsheet of bodies, posts and people: a dry run with a report row by row, or all of it at once.

All of it holds or nothing, and thousands of rows must not hold up the writer. So its people and posts are first laid
into staging tables, some hundreds a transaction; then one transaction puts them into the directory by a statement
each, together with all that changes. A process that ends before it leaves rows that nobody reads and that are dropped
later; one that ends after it leaves people whose own streams ``settle_imports`` opens at the next start.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import structs

from server.core import access, errors, i18n, journal
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import stamp
from server.directory import rules, store
from server.directory.actions.entries import AUDIT_STREAM, record_txn
from server.directory.actions.postings import PostEnded, posts_ended_txn
from server.directory.child import read_sheet, template
from server.directory.models import ImportLine, KnownPerson, Plan, RowOutcome
from server.directory.rules.planning import plan_import
from server.directory.store import staging
from server.directory.wire import ImportQuery, ImportReport, ImportRow

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Tx

_Rows: TypeAlias = list[dict[str, Any]]

FILE_BYTES = 20 * 1024 * 1024
_SECONDS = 60
_IDS_TOLD = 500
# People, or posts, handed over in one transaction.
_ROWS_AT_ONCE = 400
# Nobody works on an import for so long without renewing it.
_ABANDONED = timedelta(minutes=10)

_SAID = {
    "added": i18n._("Thêm mới"),
    "changed": i18n._("Cập nhật"),
    "ended": i18n._("Kết thúc chức vụ"),
    "same": i18n._("Không đổi"),
}
_SINCE, _UNTIL = i18n._("từ ngày {day}"), i18n._("đến hết ngày {day}")


async def import_file(core: Core, chunks: AsyncIterator[bytes], query: ImportQuery, *, actor: Actor) -> ImportReport:
    """Check a file and, unless it is a dry run or a row is wrong, take over all of it.

    An administrator's. Raises ``too_large``, what ``sheets.read_sheet`` raises, and ``conflict`` when the directory
    changed while the file was read.
    """
    await core.db.read(lambda read: access.require("directory.import", access.relations(read, actor, "house", "")))
    lines = await _lines(core, chunks)
    today = rules.today(core.clock.now())
    known = await core.db.read(lambda read: store.known(read, AUDIT_STREAM, today))
    plan = await asyncio.to_thread(plan_import, lines, known, today=today, new_id=new_id)
    applied = plan.is_good and not query.dry_run
    if applied:
        await _apply(core, plan, known.mark, actor)
    return _report(plan, lines, applied=applied, lang=actor.lang)


async def make_template(core: Core, *, actor: Actor) -> bytes:
    """The .xlsx to fill in; for whoever may read the directory."""
    await core.db.read(lambda read: access.require("directory.read", access.relations(read, actor, "house", "")))
    return await asyncio.to_thread(template)


async def _lines(core: Core, chunks: AsyncIterator[bytes]) -> tuple[ImportLine, ...]:
    with tempfile.NamedTemporaryFile(prefix="phien-import-") as file:
        size = 0
        async for chunk in chunks:
            size += len(chunk)
            if size > FILE_BYTES:
                raise DomainError("too_large", limit=FILE_BYTES)
            await asyncio.to_thread(file.write, chunk)
        file.flush()
        return await core.workers.run(read_sheet, str(Path(file.name)), timeout=_SECONDS)


async def _apply(core: Core, plan: Plan, mark: int, actor: Actor) -> None:
    import_id = new_id()
    people, postings = await asyncio.to_thread(_rows, plan)  # folding thousands of names is no work for the writer
    await core.db.write(lambda tx: staging.begin_txn(tx, import_id, stamp(core.clock.now())))
    try:
        for start in range(0, max(len(people), len(postings)), _ROWS_AT_ONCE):
            part = slice(start, start + _ROWS_AT_ONCE)
            some, posts, at = people[part], postings[part], stamp(core.clock.now())
            await core.db.write(
                lambda tx, some=some, posts=posts, at=at: staging.stage_txn(tx, import_id, some, posts, at)  # type: ignore[misc]
            )
        await core.db.write(lambda tx: _enter_txn(tx, import_id, plan, mark, actor))
    except Exception:
        await core.db.write(lambda tx: staging.end_txn(tx, import_id))
        raise
    await _tidy(core, import_id)


async def settle_imports(core: Core) -> None:
    """Tidy up after imports whose process ended: one that holds is completed, one that does not is dropped."""
    before = stamp(core.clock.now() - _ABANDONED)
    for import_id, entered in await core.db.read(lambda read: staging.left_behind(read, before)):
        if entered:
            await _tidy(core, import_id)
        else:
            await core.db.write(lambda tx, import_id=import_id: staging.end_txn(tx, import_id))  # type: ignore[misc]


async def _tidy(core: Core, import_id: str) -> None:
    """Open the own streams of the people who were entered, and forget what was staged."""

    def txn(tx: Tx) -> bool:
        ids = staging.some_people(tx, import_id, _ROWS_AT_ONCE)
        journal.open_own(tx, [(f"u:{each}", each) for each in ids])
        staging.forget_people_txn(tx, import_id, ids)
        if not ids:
            staging.end_txn(tx, import_id)
        return bool(ids)

    while await core.db.write(txn):
        pass


def _rows(plan: Plan) -> tuple[_Rows, _Rows]:
    """The rows of people and of posts, new and changed, as the store takes them."""
    people: _Rows = []
    postings: _Rows = []
    for is_new, some, posts in (
        (True, plan.new_people, plan.new_postings),
        (False, plan.changed_people, plan.changed_postings),
    ):
        people += [{"is_new": is_new, "id": each.id, "code": each.code, **_person_values(each)} for each in some]
        postings += [{"is_new": is_new, **structs.asdict(each)} for each in posts]
    return people, postings


def _enter_txn(tx: Tx, import_id: str, plan: Plan, mark: int, actor: Actor) -> None:
    """Make the plan true; the directory must be what it was when the plan was made, and all rows staged."""
    access.require("directory.import", access.relations(tx, actor, "house", ""))
    people, postings = (*plan.new_people, *plan.changed_people), (*plan.new_postings, *plan.changed_postings)
    if store.mark(tx, AUDIT_STREAM) != mark or staging.count(tx, import_id) != (len(people), len(postings)):
        raise DomainError("conflict")
    store.apply_bodies_txn(tx, plan.new_bodies, plan.changed_bodies)
    staging.enter_people_txn(tx, import_id)
    staging.enter_postings_txn(tx, import_id)
    ended = [each for each in plan.changed_postings if each.valid_to is not None]
    posts_ended_txn(tx, actor, [PostEnded(each.person_id, each.body_id, str(each.valid_to)) for each in ended])
    touched = [each.id for each in (*plan.new_bodies, *plan.changed_bodies)]
    touched += [each.id for each in people] + [each.id for each in postings]
    for start in range(0, max(len(touched), 1), _IDS_TOLD):
        record_txn(tx, "imported", tuple(touched[start : start + _IDS_TOLD]), actor=actor)


def _person_values(person: KnownPerson) -> dict[str, str | None]:
    return {
        "full_name": person.full_name,
        "folded": rules.fold(person.full_name),
        "sort_key": rules.sort_key(person.full_name),
        "email": person.email,
        "phone": person.phone,
    }


def _report(plan: Plan, lines: Sequence[ImportLine], *, applied: bool, lang: str) -> ImportReport:
    counted = Counter(each.outcome for each in plan.rows)
    return ImportReport(
        applied=applied,
        added=counted["added"],
        changed=counted["changed"],
        ended=counted["ended"],
        same=counted["same"],
        errors=counted["error"],
        rows=tuple(_row(each, line, lang) for each, line in zip(plan.rows, lines, strict=True)),
    )


def _row(outcome: RowOutcome, line: ImportLine, lang: str) -> ImportRow:
    if outcome.code is None:
        said = i18n.text(lang, _SAID[outcome.outcome])
    else:
        said = errors.text(DomainError(outcome.code, **outcome.args), lang)
    return ImportRow(row=outcome.row, what=_what(line, lang), outcome=outcome.outcome, code=outcome.code, text=said)


def _what(line: ImportLine, lang: str) -> str:
    """Whom a row is about: the person with the post and the body, else the body; and the days that it names."""
    parts = [line.full_name or line.person_code, line.title, line.body_name or line.body_code]
    if line.valid_from:
        parts.append(i18n.text(lang, _SINCE, day=rules.shown_day(line.valid_from)))
    if line.valid_to:
        parts.append(i18n.text(lang, _UNTIL, day=rules.shown_day(line.valid_to)))
    return ", ".join(part for part in parts if part)
