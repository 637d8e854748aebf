"""Values of the four papers on public investment of 2027, all taken from `budget` and `communes`."""

from typing import Any

from server.demo.papers import budget
from server.demo.papers.budget import (
    SECTORS,
    SOURCES,
    SPLIT,
    TOTAL,
    TOTAL_BEFORE,
    Project,
    is_digital,
    projects,
    total,
)
from server.demo.papers.communes import ALLOTTED, communes
from server.demo.papers.goals import DIGITAL_GOAL, GOALS

Row = tuple[Any, ...]
BEFORE_ALLOTTED = 1625
"""Handed down to communes and wards in 2026, billion đồng."""
_PARTS = (("Giải phóng mặt bằng", 12), ("Xây lắp", 66), ("Thiết bị", 9), ("Tư vấn, quản lý dự án", 8))
_DIGITAL_PARTS = (("Phần mềm, cơ sở dữ liệu", 44), ("Thiết bị", 37), ("Tư vấn, quản lý dự án", 11))


def proposal() -> dict[str, Any]:
    """Return the values of the submission of the finance department (4 pages)."""
    new = [row for row in projects() if row.new]
    largest = sorted(new, key=lambda row: -row.plan)[:5]
    shares = [row.allotted for row in communes()]
    return {
        "sources": list(SOURCES),
        "before": TOTAL_BEFORE,
        "all": TOTAL,
        "split": split_rows(),
        "sectors": sector_rows(),
        "least": min(shares),
        "most": max(shares),
        "social": total([row for row in projects() if row.sector in SECTORS[1:3]]),
        "first_share": first_share(),
        "largest": [(str(place), row.name, row.cost, row.plan, row.cleared) for place, row in enumerate(largest, 1)],
    }


def resolution() -> dict[str, Any]:
    """Return the values of the draft resolution with its three annexes (11 pages)."""
    compared = [(name, before, now, now / before * 100) for name, before, now in SOURCES]
    owners = sorted({row.owner for row in projects()}, key=lambda owner: -_owned(owner)[1])
    sum_plan = total(projects())
    return {
        "sources": list(SOURCES),
        "compared": [*compared, ("Cộng", TOTAL_BEFORE, TOTAL, TOTAL / TOTAL_BEFORE * 100)],
        "split": split_rows(),
        "sectors": sector_rows(),
        "owners": [(owner, *_owned(owner), _owned(owner)[1] / sum_plan * 100) for owner in owners]
        + [("Cộng", len(projects()), sum_plan, 100.0)],
        "allotted": _allotted(),
    }


def annex() -> dict[str, Any]:
    """Return the values of the annex of 64 projects (A3, four tables)."""
    quarterly = [(str(row.index), row.name, row.owner, row.plan, *row.quarters, row.cleared) for row in projects()]
    sums = [sum(row.quarters[quarter] for row in projects()) for quarter in range(4)]
    return {
        "summary": _summary(),
        "owners": _by_owner(),
        "confirmed": _confirmed(),
        "listed": _listed(),
        "quarterly": [*quarterly, ("", "Tổng cộng", None, total(projects()), *sums, None)],
        "sheets": [{"project": row, "rows": _sheet(row), "goal": _goal(row), "note": _note(row)} for row in projects()],
    }


def scrutiny() -> dict[str, Any]:
    """Return the values of the scrutiny report of the council's committee (9 pages)."""
    new = [row for row in projects() if row.new]
    spent = [
        ("Ban Quản lý dự án Giao thông", 2310, 1812),
        ("Ban Quản lý dự án Dân dụng", 1745, 1368),
        ("Ban Quản lý dự án Nông nghiệp", 880, 641),
        ("Sở Nông nghiệp và Môi trường", 455, 318),
        ("Sở Văn hóa, Thể thao và Du lịch", 250, 182),
        ("Sở Khoa học và Công nghệ", 240, 170),
        ("126 xã, phường (vốn phân cấp)", 1625, 1108),
        ("Các chủ đầu tư khác", 415, 262),
    ]
    plan, done = sum(row[1] for row in spent), sum(row[2] for row in spent)
    return {
        "spent": [(*row, row[2] / row[1] * 100) for row in [*spent, ("Cộng", plan, done)]],
        "edge": sum(1 for row in new if row.cleared < 85),  # noqa: PLR2004  # the committee's own line
        "first_share": first_share(),
        "sectors": sector_rows(),
        "questions": list(_QUESTIONS),
        "reviewed": [
            (str(place), row.name, row.decision, row.cleared, _opinion(row)) for place, row in enumerate(new, 1)
        ],
    }


_QUESTIONS = (
    ("1", "Tiến độ đấu giá 14 khu đất và phương án bù hụt thu tiền sử dụng đất", "Sở Tài chính"),
    ("2", "Nguyên nhân gia hạn lần hai của 3 dự án, trách nhiệm của chủ đầu tư", "Sở Xây dựng, các ban quản lý dự án"),
    ("3", "Nguồn vật liệu san lấp cho các dự án giao thông, kè và cảng cá", "Sở Nông nghiệp và Môi trường"),
    ("4", "Phương án tái định cư cho các hộ thuộc dự án khởi công mới", "Ủy ban nhân dân các xã, phường"),
    ("5", "Năng lực quản lý đầu tư của 31 xã chưa có cán bộ chuyên trách", "Sở Nội vụ"),
    ("6", "Hiệu quả, tính liên thông của 4 dự án chuyển đổi số", "Sở Khoa học và Công nghệ"),
)


def _opinion(row: Project) -> str:
    if row.name.startswith("Bảo tàng"):
        return "Còn ý kiến khác nhau"
    if row.name.startswith("Cảng cá"):
        return "Báo cáo bổ sung nguồn vật liệu"
    return "Cần biên bản bàn giao" if row.cleared < 85 else "Đủ điều kiện"  # noqa: PLR2004  # as above


def first_share() -> str:
    """Return what the new projects get of their cost in the first year, per cent as text."""
    new = [row for row in projects() if row.new]
    return f"{total(new) / sum(row.cost for row in new) * 100:.1f}".replace(".", ",")


def split_rows() -> list[Row]:
    """Return use × source with the sum first, and a last line of sums."""
    rows: list[Row] = [(name, sum(parts), *parts) for name, *parts in SPLIT]
    return [*rows, ("Cộng", *(sum(row[column] for row in rows) for column in range(1, 6)))]


def sector_rows() -> list[Row]:
    """Return sector, running, new, plan, share in per cent, and a last line of sums."""
    whole = total(projects())
    rows: list[Row] = [(name, old, new, plan, plan / whole * 100) for name, old, new, plan in budget.by_sector()]
    return [*rows, ("Cộng", sum(row[1] for row in rows), sum(row[2] for row in rows), whole, 100.0)]


def _owned(owner: str) -> tuple[int, int]:
    rows = [row for row in projects() if row.owner == owner]
    return len(rows), total(rows)


def _allotted() -> list[Row]:
    rows: list[Row] = [("", "Tổng số", sum(one.households for one in communes()), BEFORE_ALLOTTED, ALLOTTED)]
    before = dict(zip(communes(), _before(), strict=True))
    for kind, title in (("phường", "A. 42 phường"), ("xã", "B. 84 xã")):
        part = [one for one in communes() if one.kind == kind]
        rows.append((title,))
        rows += [(str(place), one.name, one.households, before[one], one.allotted) for place, one in enumerate(part, 1)]
    return rows


def _before() -> list[int]:
    """Return what each commune had in 2026: the same shares of a smaller sum, the rest to the first ones."""
    shares = [one.allotted * BEFORE_ALLOTTED // ALLOTTED for one in communes()]
    left = BEFORE_ALLOTTED - sum(shares)
    return [share + (place < left) for place, share in enumerate(shares)]


def _summary() -> list[Row]:
    rows: list[Row] = []
    for place, sector in enumerate(SECTORS, 1):
        part = [row for row in projects() if row.sector == sector]
        rows.append((str(place), sector, *_figures(part)))
    return [*rows, ("", "Tổng cộng", *_figures(list(projects())))]


def _by_owner() -> list[Row]:
    rows: list[Row] = []
    for place, owner in enumerate(sorted({row.owner for row in projects()}), 1):
        part = [row for row in projects() if row.owner == owner]
        quarters = (sum(row.quarters[quarter] for row in part) for quarter in range(4))
        rows.append((str(place), owner, len(part), total(part), *quarters))
    return [*rows, ("", "Tổng cộng", *(sum(row[column] for row in rows) for column in range(2, 8)))]


def _confirmed() -> list[Row]:
    """Return what each owner confirms to have spent by the middle and by September, with its letter."""
    letters = ("1042/BQLDA", "873/BQLDA", "655/BQLDA", "412/SKHCN", "2790/SNNMT", "518/SVHTTDL", "")
    return [
        (mark, owner, count, plan, first + second, first + second + third, letter)
        for (mark, owner, count, plan, first, second, third, _), letter in zip(_by_owner(), letters, strict=True)
    ]


def _figures(part: list[Project]) -> Row:
    return (
        len(part),
        sum(not row.new for row in part),
        sum(row.new for row in part),
        sum(row.cost for row in part),
        sum(row.before for row in part),
        total(part),
        *(total(part, column) for column in range(4)),
    )


def _listed() -> list[Row]:
    rows: list[Row] = [_sum_row("", "Tổng cộng", list(projects()))]
    for letter, title, new in (("A", "Dự án chuyển tiếp", False), ("B", "Dự án khởi công mới", True)):
        group = [row for row in projects() if row.new is new]
        rows.append(_sum_row("", f"Cộng {letter}: {title.lower()}", group))
        for sector in SECTORS:
            part = [row for row in group if row.sector == sector]
            rows += [(f"{letter}.{SECTORS.index(sector) + 1}. {sector}: {len(part)} dự án",)] if part else []
            rows += [_project_row(row) for row in part]
    return rows


def _sum_row(mark: str, title: str, part: list[Project]) -> Row:
    money = (sum(row.cost for row in part), sum(row.before for row in part), total(part))
    return (mark, title, None, None, None, None, *money, *(total(part, column) for column in range(4)))


def _project_row(row: Project) -> Row:
    years = f"{row.begin}–{row.end}"
    sources = (amount or None for amount in row.sources)
    owner = row.owner.replace("Ban Quản lý dự án", "Ban QLDA")
    return (
        str(row.index),
        row.name,
        row.place,
        owner,
        years,
        row.decision,
        row.cost,
        row.before or None,
        row.plan,
        *sources,
    )


def _sheet(row: Project) -> list[Row]:
    """Share what was, is and will be paid over the kinds of cost; the last kind takes what rounding leaves."""
    whole = (row.before, row.plan, row.cost - row.before - row.plan)
    kinds = _DIGITAL_PARTS if is_digital(row.name, row.sector) else _PARTS
    parts = [(name, tuple(amount * share // 100 for amount in whole)) for name, share in kinds]
    rest = tuple(amount - sum(part[place] for _, part in parts) for place, amount in enumerate(whole))
    lines = [*parts, ("Dự phòng, chi phí khác", rest), ("Cộng", whole)]
    return [(name, sum(part), *part) for name, part in lines]


def _goal(row: Project) -> str:
    return DIGITAL_GOAL if is_digital(row.name, row.sector) else GOALS[row.sector]


def _note(row: Project) -> str:
    if is_digital(row.name, row.sector):
        state = "Không phải giải phóng mặt bằng; thiết kế chi tiết, dự toán đã được thẩm định. "
        return state + ("Khởi công trong quý II năm 2027." if row.new else "Nghiệm thu trong quý III năm 2027.")
    if row.new:
        state = f"Đã giao {row.cleared}% mặt bằng; phần còn lại bàn giao trước ngày 31 tháng 3 năm 2027. "
        return state + "Lựa chọn nhà thầu xong trong quý I, khởi công trước ngày 30 tháng 4 năm 2027."
    if row.cleared < 100:  # noqa: PLR2004  # per cent
        state = (
            f"Còn vướng {100 - row.cleared}% mặt bằng, địa phương cam kết bàn giao trước ngày 28 tháng 02 năm 2027. "
        )
        return state + "Hoàn thành, đưa vào sử dụng trong quý IV năm 2027."
    return "Đã đủ mặt bằng. Hoàn thành, bàn giao đưa vào sử dụng trước ngày 30 tháng 9 năm 2027."
