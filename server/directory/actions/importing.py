"""Taking over a spreadsheet of bodies, posts and people: a dry run with a report row by row, or all of it at once."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from server.core import access, errors, i18n, journal
from server.core.errors import DomainError
from server.core.ids import new_id
from server.directory import rules, store
from server.directory.actions.entries import AUDIT_STREAM, record_txn
from server.directory.actions.sheets import read_sheet, template
from server.directory.models import ImportLine, KnownPerson, Plan, RowOutcome
from server.directory.rules.planning import plan_import
from server.directory.wire import ImportQuery, ImportReport, ImportRow

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Tx

_Rows: TypeAlias = tuple[list[dict[str, str | None]], list[dict[str, str | None]]]

FILE_BYTES = 20 * 1024 * 1024
_SECONDS = 60
_IDS_TOLD = 500

_SAID = {
    "added": i18n._("Thêm mới"),
    "changed": i18n._("Cập nhật"),
    "ended": i18n._("Kết thúc chức vụ"),
    "same": i18n._("Không đổi"),
}
_SINCE, _UNTIL = i18n._("từ ngày {day}"), i18n._("đến hết ngày {day}")


async def import_file(core: Core, chunks: AsyncIterator[bytes], query: ImportQuery, *, actor: Actor) -> ImportReport:
    """Check a file and, unless it is a dry run or a row is wrong, take over all of it in one transaction.

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
        people = await asyncio.to_thread(_people_rows, plan)  # folding thousands of names is no work for the writer
        await core.db.write(lambda tx: _apply_txn(tx, plan, people, known.mark, actor))
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


def _people_rows(plan: Plan) -> _Rows:
    """The rows of new people and of changed ones, as the store takes them."""
    new = [{"id": each.id, "code": each.code, **_person_values(each)} for each in plan.new_people]
    return new, [{"row_id": each.id, **_person_values(each)} for each in plan.changed_people]


def _apply_txn(tx: Tx, plan: Plan, people: _Rows, mark: int, actor: Actor) -> None:
    """Write the plan; the directory must be what it was when the plan was made.

    One transaction, since all of it holds or nothing: 5,000 new people keep the writer for about a third of a second.
    """
    access.require("directory.import", access.relations(tx, actor, "house", ""))
    if store.mark(tx, AUDIT_STREAM) != mark:
        raise DomainError("conflict")
    store.apply_bodies_txn(tx, plan.new_bodies, plan.changed_bodies)
    new, changed = people
    store.insert_people_txn(tx, new)
    store.update_people_txn(tx, changed)
    store.apply_postings_txn(tx, plan.new_postings, plan.changed_postings)
    journal.open_own(tx, [(f"u:{each.id}", each.id) for each in plan.new_people])
    touched = [each.id for each in (*plan.new_bodies, *plan.changed_bodies)]
    touched += [each.id for each in (*plan.new_people, *plan.changed_people)]
    touched += [each.id for each in (*plan.new_postings, *plan.changed_postings)]
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
    return ImportRow(
        row=outcome.row, what=_what(line, lang), outcome=outcome.outcome, code=outcome.code, text=said
    )


def _what(line: ImportLine, lang: str) -> str:
    """Whom a row is about: the person with the post and the body, else the body; and the days that it names."""
    parts = [line.full_name or line.person_code, line.title, line.body_name or line.body_code]
    if line.valid_from:
        parts.append(i18n.text(lang, _SINCE, day=rules.shown_day(line.valid_from)))
    if line.valid_to:
        parts.append(i18n.text(lang, _UNTIL, day=rules.shown_day(line.valid_to)))
    return ", ".join(part for part in parts if part)
