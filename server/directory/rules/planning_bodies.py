"""The part of an import's plan that concerns bodies: who tells of a body, what it becomes, and where it hangs."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from server.core.errors import DomainError
from server.directory import rules
from server.directory.models import ImportLine, Known, KnownBody
from server.directory.rules.outcomes import Change, Outcomes, change_of, days_of, incomplete


class BodyPlan:
    """Bodies by code before and after. The first row that says something of a body is the one that tells it."""

    def __init__(self, known: Known, outcomes: Outcomes, today: str, new_id: Callable[[], str]) -> None:
        self.before = {each.code: each for each in known.bodies}
        self.after = dict(self.before)
        self._tiers = known.tiers
        self._outcomes = outcomes
        self._today = today
        self._new_id = new_id
        self._tellers: dict[str, ImportLine] = {}

    def take(self, lines: Iterable[ImportLine]) -> None:
        """Read all rows, then look whether each body is there and hangs where it can; a parent may come later."""
        listed = list(lines)
        for line in listed:
            self._outcomes.attempt(line, self._take_line)
        for line in listed:
            if not self._outcomes.is_refused(line):
                self._outcomes.attempt(line, self._check_line)

    def is_told_by(self, line: ImportLine) -> bool:
        """Whether this row enters or changes its body."""
        return self._tellers.get(line.body_code) is line and self._change(line) != "same"

    def _take_line(self, line: ImportLine) -> None:
        if not line.body_code:
            raise incomplete("body_code")
        code = rules.check_code(line.body_code)
        says = (line.body_name, line.parent_code, line.tier, "" if line.person_code else line.valid_to)
        if not any(says):
            return
        teller = self._tellers.setdefault(code, line)
        if teller is line:
            self.after[code] = self._wanted(line, self.before.get(code))
        elif any(here and here != there for here, there in zip(says, _told(teller), strict=True)):
            raise DomainError("directory.row_contradicts", row=teller.row, code=code)

    def _wanted(self, line: ImportLine, before: KnownBody | None) -> KnownBody:
        if before is None and not (line.body_name and line.tier):
            raise incomplete("body_name", "tier")
        if line.tier and line.tier not in self._tiers and (before is None or before.tier != line.tier):
            raise DomainError("directory.no_tier", tier=line.tier[:40], day=self._today)
        # In a row with a person the days are those of the post.
        first, last = (self._today, None) if line.person_code else days_of(line, self._today)
        if before is None:
            return KnownBody(
                id=self._new_id(), code=line.body_code, name=rules.check_name(line.body_name), tier=line.tier,
                parent_code=line.parent_code, valid_from=first, valid_to=last,
            )  # fmt: skip
        rules.check_days(before.valid_from, last)
        return KnownBody(
            id=before.id, code=before.code,
            name=rules.check_name(line.body_name) if line.body_name else before.name,
            tier=line.tier or before.tier, parent_code=line.parent_code or before.parent_code,
            valid_from=before.valid_from, valid_to=last or before.valid_to,
        )  # fmt: skip

    def _check_line(self, line: ImportLine) -> None:
        body = self.after.get(line.body_code)
        if body is None:
            raise incomplete("body_name", "tier")
        if self._tellers.get(line.body_code) is line:
            self._check_descent(body)
        if not line.person_code:
            if line.full_name or line.title:
                raise incomplete("person_code")
            self._outcomes.note(line, self._change(line) if self._tellers.get(line.body_code) is line else "same")

    def _check_descent(self, body: KnownBody) -> None:
        above, seen = body.parent_code, {body.code}
        while above:
            if above not in self.after:
                raise DomainError("directory.no_parent", code=above[: rules.CODE_LENGTH])
            if above in seen:
                raise DomainError("directory.parent_circle", code=body.code)
            seen.add(above)
            above = self.after[above].parent_code

    def _change(self, line: ImportLine) -> Change:
        return change_of(self.before.get(line.body_code), self.after[line.body_code])

    def new_by_descent(self) -> tuple[KnownBody, ...]:
        """The new bodies, each parent before its children; only where no row was refused."""
        waiting = {code: each for code, each in self.after.items() if code not in self.before}
        ordered: list[KnownBody] = []
        while waiting:
            ready = [each for each in waiting.values() if each.parent_code not in waiting]
            if not ready:  # a circle: its rows are refused, and nothing of the plan is written
                break
            for each in ready:
                del waiting[each.code]
            ordered += ready
        return tuple(ordered)


def _told(line: ImportLine) -> tuple[str, str, str, str]:
    return line.body_name, line.parent_code, line.tier, "" if line.person_code else line.valid_to
