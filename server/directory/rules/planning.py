"""The plan of an import: what each row changes, found without touching anything.

A row names a body, or a body and a person with a post in it. Empty cells leave things as they are. A person's rows are
matched with the posts held now by body and title, then by body; who holds one post and has one row in the file has
moved. What the file does not mention stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from msgspec import structs

from server.core.errors import DomainError, ErrorSpec, register
from server.directory import rules
from server.directory.models import (
    ImportLine,
    Known,
    KnownBody,
    KnownPerson,
    KnownPosting,
    Plan,
    RowOutcome,
)

register(
    ErrorSpec("directory.row_no_body_code", 422, "Dòng này thiếu mã đơn vị."),
    ErrorSpec("directory.row_unknown_body", 422, "Đơn vị “{code}” chưa có; dòng đầu của đơn vị cần tên và cấp."),
    ErrorSpec("directory.row_body_differs", 422, "Đơn vị “{code}” đã ghi khác ở dòng {row}."),
    ErrorSpec("directory.row_no_parent", 422, "Đơn vị cấp trên “{code}” chưa có."),
    ErrorSpec("directory.row_parent_circle", 422, "Đơn vị “{code}” nằm dưới chính nó."),
    ErrorSpec("directory.row_no_person_code", 422, "Dòng này có họ tên hoặc chức vụ mà thiếu mã cán bộ."),
    ErrorSpec("directory.row_no_name", 422, "Người mới cần họ tên."),
    ErrorSpec("directory.row_no_title", 422, "Dòng này thiếu chức vụ."),
    ErrorSpec("directory.row_person_differs", 422, "Mã cán bộ “{code}” đã ghi cho người khác ở dòng {row}."),
    ErrorSpec("directory.row_twice", 422, "Trùng dòng {row}: cùng người, cùng đơn vị, cùng chức vụ."),
    ErrorSpec("directory.row_same_person", 422, "Cùng họ tên, đơn vị và chức vụ với mã cán bộ “{code}”."),
)


def plan(lines: Iterable[ImportLine], known: Known, *, day: str, new_id: Callable[[], str]) -> Plan:
    """What ``lines`` change in ``known``; new things begin on ``day`` (ISO) where the file does not say when."""
    planner = _Planner(known, day, new_id)
    listed = list(lines)
    planner.take_bodies(listed)
    planner.take_people(listed)
    return planner.result()


class _Planner:
    """Takes the rows one after the other; ``outcomes`` holds one for each."""

    def __init__(self, known: Known, day: str, new_id: Callable[[], str]) -> None:
        self._day = day
        self._new_id = new_id
        self._tiers = known.tiers
        self._bodies_before = {each.code: each for each in known.bodies}
        self._bodies = dict(self._bodies_before)
        self._body_rows: dict[str, ImportLine] = {}
        self._people_before = {each.code: each for each in known.people}
        self._people = dict(self._people_before)
        self._person_rows: dict[str, ImportLine] = {}
        self._postings_before = {each.id: each for each in known.postings}
        self._postings = dict(self._postings_before)
        self._held: dict[str, list[str]] = defaultdict(list)
        for each in sorted(known.postings, key=lambda posting: (posting.rank, posting.id)):
            self._held[each.person_id].append(each.id)
        self._outcomes: dict[int, RowOutcome] = {}

    # ---- bodies

    def take_bodies(self, lines: list[ImportLine]) -> None:
        """Bodies first, so that a row may stand before the row of its parent."""
        for line in lines:
            self._try(line, self._take_body)
        for line in self._body_rows.values():
            if line.row not in self._outcomes:
                self._try(line, self._check_descent)

    def _take_body(self, line: ImportLine) -> None:
        if not line.body_code:
            raise DomainError("directory.row_no_body_code")
        code = rules.check_code(line.body_code)
        before = self._bodies.get(code)
        told = any((line.body_name, line.parent_code, line.tier)) or not line.person_code
        if not told:
            return  # whether the body is there is asked once all rows were read
        first = self._body_rows.get(code)
        if first is not None:
            _check_same_body(line, first)
            return
        if before is None and not (line.body_name and line.tier):
            return
        self._body_rows[code] = line
        self._bodies[code] = self._wanted_body(line, code, before)

    def _wanted_body(self, line: ImportLine, code: str, before: KnownBody | None) -> KnownBody:
        alone = not line.person_code  # else the days are the post's
        valid_from, valid_to = (_days(line, self._day)) if alone else (self._day, None)
        if before is not None:
            valid_from, valid_to = before.valid_from, (valid_to or before.valid_to)
        rules.check_days(valid_from, valid_to)
        if line.tier and (before is None or line.tier != before.tier) and line.tier not in self._tiers:
            raise DomainError("directory.no_tier", tier=line.tier[:40], day=self._day)
        return KnownBody(
            id=before.id if before else self._new_id(),
            code=code,
            name=rules.check_name(line.body_name) if line.body_name or before is None else before.name,
            tier=line.tier or (before.tier if before else ""),
            parent_code=line.parent_code or (before.parent_code if before else ""),
            valid_from=valid_from,
            valid_to=valid_to,
        )

    def _check_descent(self, line: ImportLine) -> None:
        seen = {line.body_code}
        parent = self._bodies[line.body_code].parent_code
        while parent:
            if parent not in self._bodies:
                raise DomainError("directory.row_no_parent", code=parent[:64])
            if parent in seen:
                raise DomainError("directory.row_parent_circle", code=line.body_code)
            seen.add(parent)
            parent = self._bodies[parent].parent_code
        if not line.person_code:
            change = _outcome(self._bodies_before.get(line.body_code), self._bodies[line.body_code])
            self._outcomes[line.row] = RowOutcome(row=line.row, outcome=change)

    # ---- people

    def take_people(self, lines: list[ImportLine]) -> None:
        """People and their posts, then what stands for nothing else."""
        rows_of: dict[str, list[ImportLine]] = defaultdict(list)
        for line in lines:
            if line.row in self._outcomes:
                continue
            if line.body_code not in self._bodies:
                self._refuse(line, DomainError("directory.row_unknown_body", code=line.body_code[:64]))
            elif line.person_code:
                rows_of[line.person_code].append(line)
            elif line.full_name or line.title:
                self._refuse(line, DomainError("directory.row_no_person_code"))
            else:  # the body was told by an earlier row
                self._outcomes[line.row] = RowOutcome(row=line.row, outcome="same")
        for rows in rows_of.values():
            self._take_rows(rows)
        self._find_doubles(rows_of)

    def _take_rows(self, rows: list[ImportLine]) -> None:
        claimed: dict[tuple[str, str], int] = {}
        taken: set[str] = set()
        for line in rows:
            self._try(line, self._take_person)
        left = [line for line in rows if line.row not in self._outcomes]
        moved = len(rows) == 1
        for line in left:
            twice = claimed.setdefault((line.body_code, rules.fold(line.title)), line.row)
            if twice != line.row:
                self._refuse(line, DomainError("directory.row_twice", row=str(twice)))
        left = [line for line in left if line.row not in self._outcomes]
        # Rows that name a post exactly come first, so that none of those is taken for a changed one.
        for exactly in (True, False):
            for line in left:
                if line.row not in self._outcomes:
                    self._try(line, lambda line, exactly=exactly: self._take_post(line, taken, exactly, moved))  # type: ignore[misc]

    def _take_person(self, line: ImportLine) -> None:
        code = rules.check_code(line.person_code)
        before = self._people.get(code)
        first = self._person_rows.get(code)
        if first is not None and before is not None and line.full_name and rules.clean(line.full_name) != before.full_name:
            raise DomainError("directory.row_person_differs", code=code, row=str(first.row))
        if before is None and not line.full_name:
            raise DomainError("directory.row_no_name")
        if not line.title:
            raise DomainError("directory.row_no_title")
        rules.check_name(line.title)
        _days(line, self._day)
        self._person_rows.setdefault(code, line)
        self._people[code] = KnownPerson(
            id=before.id if before else self._new_id(),
            code=code,
            full_name=rules.check_name(line.full_name) if line.full_name or before is None else before.full_name,
            email=rules.check_email(line.email) or (before.email if before else None),
            phone=rules.check_phone(line.phone) or (before.phone if before else None),
        )

    def _take_post(self, line: ImportLine, taken: set[str], exactly: bool, moved: bool) -> None:  # noqa: FBT001 - two steps of one search
        person, body = self._people[line.person_code], self._bodies[line.body_code]
        before = self._match(person, body, line.title, taken, exactly=exactly, moved=moved)
        if before is None and exactly:
            return
        valid_from, valid_to = _days(line, before.valid_from if before and exactly else self._day)
        if before is not None and exactly:
            taken.add(before.id)
            after = structs.replace(before, valid_from=valid_from, valid_to=valid_to or before.valid_to)
            self._put_posting(line, before, after)
            return
        rank = before.rank if before else len(self._held[person.id])
        fresh = KnownPosting(
            id=self._new_id(), person_id=person.id, body_id=body.id, title=rules.clean(line.title), rank=rank,
            valid_from=valid_from, valid_to=valid_to,
        )  # fmt: skip
        if before is None:
            self._put_posting(line, None, fresh)
        elif valid_from > before.valid_from:
            taken.add(before.id)
            self._postings[before.id] = structs.replace(before, valid_to=_day_before(valid_from))
            self._put_posting(line, before, fresh)
        else:  # it never was otherwise: the former entry was wrong
            taken.add(before.id)
            self._put_posting(line, before, structs.replace(fresh, id=before.id))

    def _match(
        self, person: KnownPerson, body: KnownBody, title: str, taken: set[str], *, exactly: bool, moved: bool
    ) -> KnownPosting | None:
        held = [self._postings[each] for each in self._held[person.id] if each in self._postings_before]
        free = [each for each in held if each.id not in taken]
        if exactly:
            wanted = rules.fold(title)
            return next((each for each in free if each.body_id == body.id and rules.fold(each.title) == wanted), None)
        here = next((each for each in free if each.body_id == body.id), None)
        return here or (free[0] if moved and len(held) == 1 and free else None)

    def _put_posting(self, line: ImportLine, before: KnownPosting | None, after: KnownPosting) -> None:
        rules.check_days(after.valid_from, after.valid_to)
        if after.id not in self._postings:
            self._held[after.person_id].append(after.id)
        self._postings[after.id] = after
        change = _outcome(before, after)
        person_before = self._people_before.get(line.person_code)
        if change == "same" and self._is_first(line) and person_before != self._people[line.person_code]:
            change = "changed"
        if change == "same" and self._tells_body(line):
            change = "changed"
        self._outcomes[line.row] = RowOutcome(row=line.row, outcome=change)

    def _is_first(self, line: ImportLine) -> bool:
        return self._person_rows[line.person_code].row == line.row

    def _tells_body(self, line: ImportLine) -> bool:
        code = line.body_code
        told = self._body_rows.get(code)
        return told is not None and told.row == line.row and self._bodies_before.get(code) != self._bodies[code]

    def _find_doubles(self, rows_of: dict[str, list[ImportLine]]) -> None:
        """One person under two codes: the same name in the same post of the same body."""
        people = {each.id: each for each in self._people.values()}
        holders: dict[tuple[str, str, str], str] = {}
        for each in self._postings_before.values():
            person = people[each.person_id]
            holders[rules.fold(person.full_name), each.body_id, rules.fold(each.title)] = person.code
        for rows in rows_of.values():
            for line in rows:
                if self._outcomes[line.row].outcome == "error":
                    continue
                name = rules.fold(self._people[line.person_code].full_name)
                key = (name, self._bodies[line.body_code].id, rules.fold(line.title))
                other = holders.setdefault(key, line.person_code)
                if other != line.person_code:
                    self._refuse(line, DomainError("directory.row_same_person", code=other))

    # ---- result

    def _try(self, line: ImportLine, take: Callable[[ImportLine], None]) -> None:
        try:
            take(line)
        except DomainError as error:
            self._refuse(line, error)

    def _refuse(self, line: ImportLine, error: DomainError) -> None:
        args = {name: str(value) for name, value in error.args_by_name.items()}
        self._outcomes[line.row] = RowOutcome(row=line.row, outcome="error", code=error.code, args=args)

    def result(self) -> Plan:
        """The plan; new bodies with each parent before its children."""
        new_bodies = [body for code, body in self._bodies.items() if code not in self._bodies_before]
        return Plan(
            rows=tuple(self._outcomes[row] for row in sorted(self._outcomes)),
            new_bodies=_by_parent(new_bodies),
            changed_bodies=_changed(self._bodies_before, self._bodies),
            new_people=tuple(each for code, each in self._people.items() if code not in self._people_before),
            changed_people=_changed(self._people_before, self._people),
            new_postings=tuple(each for key, each in self._postings.items() if key not in self._postings_before),
            changed_postings=_changed(self._postings_before, self._postings),
        )
