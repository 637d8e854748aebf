"""The outcome of each row of an import while it is planned, and what the parts of planning share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias, TypeVar

from server.core.errors import DomainError, ErrorSpec, register
from server.directory import rules
from server.directory.models import ImportLine, KnownBody, KnownPerson, KnownPosting, RowOutcome
from server.directory.rules.columns import HEADERS

register(
    ErrorSpec("directory.row_incomplete", 422, "Dòng này thiếu: {columns}."),
    ErrorSpec("directory.row_contradicts", 422, "Khác với dòng {row} về cùng mã “{code}”."),
    ErrorSpec("directory.row_twice", 422, "Trùng dòng {row}: cùng người, cùng đơn vị, cùng chức vụ."),
    ErrorSpec("directory.row_same_person", 422, "Cùng họ tên, đơn vị và chức vụ với mã cán bộ “{code}”."),
    ErrorSpec("directory.no_parent", 422, "Đơn vị cấp trên “{code}” chưa có."),
    ErrorSpec("directory.parent_circle", 422, "Đơn vị “{code}” nằm dưới chính nó."),
)

Change: TypeAlias = Literal["added", "changed", "ended", "same"]
Thing = TypeVar("Thing", KnownBody, KnownPerson, KnownPosting)


class Outcomes:
    """One outcome a row; a refused row stays refused."""

    def __init__(self) -> None:
        self.rows: dict[int, RowOutcome] = {}

    def attempt(self, line: ImportLine, take: Callable[[ImportLine], None]) -> None:
        """Take a row, or note why it cannot be taken."""
        try:
            take(line)
        except DomainError as error:
            self.refuse(line, error)

    def refuse(self, line: ImportLine, error: DomainError) -> None:
        """Note what is wrong with a row."""
        args = {name: str(value) for name, value in error.args_by_name.items()}
        self.rows[line.row] = RowOutcome(row=line.row, outcome="error", code=error.code, args=args)

    def note(self, line: ImportLine, change: Change) -> None:
        """Note what becomes of a good row."""
        if not self.is_refused(line):
            self.rows[line.row] = RowOutcome(row=line.row, outcome=change)

    def is_refused(self, line: ImportLine) -> bool:
        """Whether a row is known to be wrong."""
        found = self.rows.get(line.row)
        return found is not None and found.outcome == "error"


def change_of(before: KnownBody | KnownPosting | None, after: KnownBody | KnownPosting) -> Change:
    """What happens to a dated thing."""
    if before is None:
        return "added"
    if after == before:
        return "same"
    return "ended" if after.valid_to is not None and after.valid_to != before.valid_to else "changed"


def changed(before: Mapping[str, Thing], after: Mapping[str, Thing]) -> tuple[Thing, ...]:
    """What was there before and is different now."""
    return tuple(each for key, each in after.items() if key in before and before[key] != each)


def days_of(line: ImportLine, otherwise: str) -> tuple[str, str | None]:
    """The first and last day that a row names; ``otherwise`` where it names no first one."""
    first = rules.check_day(line.valid_from) if line.valid_from else otherwise
    last = rules.check_day(line.valid_to) if line.valid_to else None
    rules.check_days(first, last)
    return first, last


def incomplete(*fields: str) -> DomainError:
    """The refusal of a row in which these fields are missing."""
    return DomainError("directory.row_incomplete", columns=", ".join(HEADERS[field][0] for field in fields))
