"""Public investment of 2027: sources, shares and the 64 projects; every table of the papers adds up to 8.420."""

import random
from dataclasses import dataclass, replace
from functools import cache

from server.demo.papers.communes import ALLOTTED
from server.demo.papers.project_list import LISTED

TOTAL, TOTAL_BEFORE = 8420, 7920
RESERVE, PREPARATION = 421, 84
RUNNING, NEW = 4240, 1785
SOURCES = (
    ("Ngân sách tập trung", 3160, 3310),
    ("Tiền sử dụng đất", 2875, 3050),
    ("Xổ số kiến thiết", 640, 690),
    ("Ngân sách trung ương hỗ trợ", 1245, 1370),
)
"""Name, plan of 2026, plan of 2027; billion đồng."""

SPLIT: tuple[tuple[str, int, int, int, int], ...] = (
    ("Phân bổ cho 64 dự án", 3060, 1008, 656, 1301),
    ("Phân cấp cho 126 xã, phường", 0, ALLOTTED, 0, 0),
    ("Chuẩn bị đầu tư, quy hoạch", PREPARATION, 0, 0, 0),
    ("Dự phòng 5%", 166, 152, 34, 69),
)
"""Use, then the four sources in the order of `SOURCES`; billion đồng."""

SECTORS = (
    "Giao thông",
    "Giáo dục và đào tạo",
    "Y tế",
    "Nông nghiệp, thủy lợi",
    "Hạ tầng đô thị",
    "Môi trường",
    "Văn hóa, thể thao",
    "Chuyển đổi số",
)
_OWNERS = {
    "Giao thông": "Ban Quản lý dự án Giao thông",
    "Giáo dục và đào tạo": "Ban Quản lý dự án Dân dụng",
    "Y tế": "Ban Quản lý dự án Dân dụng",
    "Nông nghiệp, thủy lợi": "Ban Quản lý dự án Nông nghiệp",
    "Hạ tầng đô thị": "Ban Quản lý dự án Dân dụng",
    "Môi trường": "Sở Nông nghiệp và Môi trường",
    "Văn hóa, thể thao": "Sở Văn hóa, Thể thao và Du lịch",
    "Chuyển đổi số": "Sở Khoa học và Công nghệ",
}


@dataclass(frozen=True, slots=True)
class Project:
    """One project. Money in billion đồng; `sources` in the order of `SOURCES`; `cleared` land in per cent."""

    index: int
    sector: str
    name: str
    place: str
    owner: str
    new: bool
    begin: int
    end: int
    decision: str
    cost: int
    before: int
    plan: int
    sources: tuple[int, int, int, int]
    cleared: int
    quarters: tuple[int, int, int, int]


@cache
def projects() -> tuple[Project, ...]:
    """Return the 64 projects, sector by sector; plans add up to `RUNNING` and `NEW`, sources to `SPLIT[0]`."""
    source = random.Random(318)  # noqa: S311  # figures that look real, the same every time
    rows = [line.split("|") for line in LISTED.splitlines()]
    plans = {kind: _spread(total, [row for row in rows if row[3] == kind], source) for kind, total in _TOTALS.items()}
    found = [_project(index, row, plans[row[3]].pop(0), source) for index, row in enumerate(rows, 1)]
    return _with_sources(found)


_TOTALS = {"c": RUNNING, "m": NEW}
_WEIGHT = (1.6, 0.9, 1.1, 1.2, 1.1, 1.0, 0.6, 0.7)


def _spread(total: int, rows: list[list[str]], source: random.Random) -> list[int]:
    weights = [_WEIGHT[int(row[0])] * source.uniform(0.6, 1.5) for row in rows]
    shares = [int(total * weight / sum(weights)) for weight in weights]
    shares[0] += total - sum(shares)
    return shares


def _project(index: int, row: list[str], plan: int, source: random.Random) -> Project:
    new = row[3] == "m"
    begin = 2027 if new else source.choice((2024, 2025, 2025))
    end = source.choice((2028, 2029, 2029)) if new else 2027
    before = 0 if new else int(plan * source.uniform(0.9, 2.4))
    cost = int(plan / source.uniform(0.32, 0.45)) if new else before + plan + source.randint(1, max(2, plan // 10))
    first, second, third = int(plan * 0.18), int(plan * 0.27), int(plan * 0.30)
    return Project(
        index=index,
        sector=SECTORS[int(row[0])],
        name=row[1],
        place=row[2],
        owner=_OWNERS[SECTORS[int(row[0])]],
        new=new,
        begin=begin,
        end=end,
        decision=_decision(source, begin - 1),
        cost=cost,
        before=before,
        plan=plan,
        sources=(plan, 0, 0, 0),
        cleared=_cleared(row[1], SECTORS[int(row[0])], source.randint(80, 96) if new else source.randint(94, 100)),
        quarters=(first, second, third, plan - first - second - third),
    )


def _decision(source: random.Random, year: int) -> str:
    number, day, month = source.randint(112, 3480), source.randint(10, 28), source.randint(3, 10)
    return f"{number}/QĐ-UBND ngày {day}/{month}/{year}"


def is_digital(name: str, sector: str) -> bool:
    """Say whether a project buys systems and data, and needs no land."""
    return sector == "Chuyển đổi số" or name.startswith("Hệ thống")


def _cleared(name: str, sector: str, share: int) -> int:
    return 100 if is_digital(name, sector) else share


@dataclass(frozen=True, slots=True)
class _Earmark:
    """A source that pays only for some sectors, and at most a share of one project, in per cent."""

    column: int
    sectors: tuple[str, ...]
    most: int


_EARMARKS = (
    _Earmark(2, ("Giáo dục và đào tạo", "Y tế"), 70),
    _Earmark(3, ("Giao thông", "Nông nghiệp, thủy lợi", "Môi trường"), 60),
    _Earmark(1, ("Hạ tầng đô thị", "Môi trường", "Văn hóa, thể thao", "Giao thông"), 90),
)


def _with_sources(found: list[Project]) -> tuple[Project, ...]:
    split = {project.index: [project.plan, 0, 0, 0] for project in found}
    _, *amounts = SPLIT[0]
    for mark in _EARMARKS:
        left = amounts[mark.column]
        for share in (mark.most, 100):  # a second round where the first did not use up the source
            for project in found:
                row = split[project.index]
                part = min(left, row[0], project.plan * share // 100) if project.sector in mark.sectors else 0
                row[0], row[mark.column], left = row[0] - part, row[mark.column] + part, left - part
    return tuple(replace(project, sources=_four(split[project.index])) for project in found)


def _four(row: list[int]) -> tuple[int, int, int, int]:
    return row[0], row[1], row[2], row[3]


def total(rows: list[Project] | tuple[Project, ...], column: int | None = None) -> int:
    """Return the plan of 2027 of `rows`, or the part from one source."""
    return sum(row.plan if column is None else row.sources[column] for row in rows)


def by_sector() -> list[tuple[str, int, int, int]]:
    """Return sector, number of running and new projects, and plan of 2027."""
    return [
        (
            sector,
            sum(1 for row in projects() if row.sector == sector and not row.new),
            sum(1 for row in projects() if row.sector == sector and row.new),
            total([row for row in projects() if row.sector == sector]),
        )
        for sector in SECTORS
    ]
