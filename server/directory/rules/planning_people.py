"""The part of an import's plan that concerns people and their posts.

A row is matched with a post held now by body and title; else, as a changed post, with one in the same body; else, where
the person holds one post and has one row, with that: the person has moved. What no row names stays as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from msgspec import structs

from server.core.errors import DomainError
from server.directory import rules
from server.directory.models import ImportLine, Known, KnownPerson, KnownPosting
from server.directory.rules.outcomes import Outcomes, change_of, days_of, incomplete
from server.directory.rules.planning_bodies import BodyPlan


class PeoplePlan:
    """People by code and postings by id, before and after."""

    def __init__(
        self, known: Known, bodies: BodyPlan, outcomes: Outcomes, today: str, new_id: Callable[[], str]
    ) -> None:
        self.before = {each.code: each for each in known.people}
        self.after = dict(self.before)
        self.postings_before = {each.id: each for each in known.postings}
        self.postings = dict(self.postings_before)
        self._bodies = bodies
        self._outcomes = outcomes
        self._today = today
        self._new_id = new_id
        self._held: dict[str, list[KnownPosting]] = defaultdict(list)
        for each in sorted(known.postings, key=lambda posting: (posting.rank, posting.id)):
            self._held[each.person_id].append(each)

    def take(self, lines: Iterable[ImportLine]) -> None:
        """Read the rows of each person together."""
        rows: dict[str, list[ImportLine]] = defaultdict(list)
        for line in lines:
            if line.person_code and not self._outcomes.is_refused(line):
                rows[line.person_code].append(line)
        for own in rows.values():
            self._take_person(own)
        self._find_doubles([line for own in rows.values() for line in own])

    # ---- the person

    def _take_person(self, lines: list[ImportLine]) -> None:
        told = _told_by(lines)
        for line in lines:
            self._outcomes.attempt(line, lambda line: self._check_line(line, told))
        try:
            self.after[told.person_code] = self._person(told)
        except DomainError as error:
            for line in lines:
                self._outcomes.refuse(line, error)
        good = [line for line in lines if not self._outcomes.is_refused(line)]
        if good:
            self._take_posts(good)

    def _check_line(self, line: ImportLine, told: ImportLine) -> None:
        rules.check_code(line.person_code)
        if not line.title:
            raise incomplete("title")
        rules.check_name(line.title)
        days_of(line, self._today)
        for here, there in ((line.full_name, told.full_name), (line.email, told.email), (line.phone, told.phone)):
            if here and here != there:
                raise DomainError("directory.row_contradicts", row=told.row, code=line.person_code)

    def _person(self, line: ImportLine) -> KnownPerson:
        before = self.before.get(line.person_code)
        if before is None and not line.full_name:
            raise incomplete("full_name")
        return KnownPerson(
            id=before.id if before else self._new_id(),
            code=line.person_code,
            full_name=rules.check_name(line.full_name) if line.full_name or before is None else before.full_name,
            email=rules.check_email(line.email) or (before.email if before else None),
            phone=rules.check_phone(line.phone) or (before.phone if before else None),
        )

    # ---- the posts

    def _take_posts(self, lines: list[ImportLine]) -> None:
        person = self.after[lines[0].person_code]
        free = list(self._held[person.id])
        exact: dict[int, KnownPosting] = {}
        seen: dict[tuple[str, str], int] = {}
        for line in lines:
            other = seen.setdefault((line.body_code, rules.fold(line.title)), line.row)
            if other != line.row:
                self._outcomes.refuse(line, DomainError("directory.row_twice", row=other))
            elif (same := self._named(line, free)) is not None:
                exact[line.row] = same
                free.remove(same)
        has_moved = len(lines) == 1 and len(free) == 1
        for line in lines:
            if not self._outcomes.is_refused(line):
                former = exact.get(line.row) or self._changed(line, free, has_moved=has_moved)
                self._outcomes.attempt(line, lambda line, former=former: self._put_post(line, person, former))  # type: ignore[misc]

    def _named(self, line: ImportLine, free: list[KnownPosting]) -> KnownPosting | None:
        key = (self._bodies.after[line.body_code].id, rules.fold(line.title))
        return next((each for each in free if (each.body_id, rules.fold(each.title)) == key), None)

    def _changed(self, line: ImportLine, free: list[KnownPosting], *, has_moved: bool) -> KnownPosting | None:
        body_id = self._bodies.after[line.body_code].id
        former = next((each for each in free if has_moved or each.body_id == body_id), None)
        if former is not None:
            free.remove(former)
        return former

    def _put_post(self, line: ImportLine, person: KnownPerson, former: KnownPosting | None) -> None:
        after = self._wanted(line, person, former)
        rules.check_days(after.valid_from, after.valid_to)
        if former is not None and after.id != former.id:
            day_before = (date.fromisoformat(after.valid_from) - timedelta(days=1)).isoformat()
            self.postings[former.id] = structs.replace(former, valid_to=day_before)
        self.postings[after.id] = after
        self._held[person.id].append(after)
        change = change_of(former, after) if former is None or after.id == former.id else "changed"
        is_told = self.before.get(person.code) != person or self._bodies.is_told_by(line)
        self._outcomes.note(line, "changed" if change == "same" and is_told else change)

    def _wanted(self, line: ImportLine, person: KnownPerson, former: KnownPosting | None) -> KnownPosting:
        """The post as the row says: the former one with its days, or one that takes its place."""
        body_id, title = self._bodies.after[line.body_code].id, rules.check_name(line.title)
        is_same = former is not None and (former.body_id, rules.fold(former.title)) == (body_id, rules.fold(title))
        if former is not None and is_same:
            first, last = days_of(line, former.valid_from)
            return structs.replace(former, title=title, valid_from=first, valid_to=last or former.valid_to)
        first, last = days_of(line, self._today)
        # A post that begins no later than the former one did not follow it: the former entry was wrong.
        follows = former is None or first > former.valid_from
        return KnownPosting(
            id=self._new_id() if former is None or follows else former.id,
            person_id=person.id,
            body_id=body_id,
            title=title,
            rank=len(self._held[person.id]) if former is None else former.rank,
            valid_from=first,
            valid_to=last,
        )

    # ---- doubles

    def _find_doubles(self, lines: Iterable[ImportLine]) -> None:
        """One person under two codes: the same name in the same post of the same body."""
        name_of = {each.id: (rules.fold(each.full_name), each.code) for each in self.before.values()}
        holders: dict[tuple[str, str, str], str] = {}
        for each in self.postings_before.values():
            if each.person_id in name_of:
                name, code = name_of[each.person_id]
                holders[name, each.body_id, rules.fold(each.title)] = code
        for line in lines:
            if not self._outcomes.is_refused(line):
                name = rules.fold(self.after[line.person_code].full_name)
                key = (name, self._bodies.after[line.body_code].id, rules.fold(line.title))
                other = holders.setdefault(key, line.person_code)
                if other != line.person_code:
                    self._outcomes.refuse(line, DomainError("directory.row_same_person", code=other))


def _told_by(lines: list[ImportLine]) -> ImportLine:
    """What the rows of a person say together: of each field the first that is given, under the first row's number."""
    names = ("full_name", "email", "phone")
    given = {name: next(filter(None, (getattr(line, name) for line in lines)), "") for name in names}
    return structs.replace(lines[0], **given)
