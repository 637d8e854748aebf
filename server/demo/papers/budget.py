"""Public investment of 2027: sources, shares and the 64 projects; every table of the papers adds up to 8.420."""

import random
from dataclasses import dataclass, replace
from functools import cache

from server.demo.papers.communes import ALLOTTED

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

SPLIT = (
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
# sector | name | place | running (c) or new (m)
_LIST = """\
0|Nâng cấp đường Vành đai 2, đoạn Cầu Đất – Vạn Xuân|phường Cầu Đất, phường Vạn Xuân|c
0|Cầu Suối Cát và đường dẫn hai đầu cầu|xã Suối Cát|c
0|Đường nối Bàu Sen – Thạnh Đông A|xã Bàu Sen, xã Thạnh Đông A|c
0|Mở rộng đường Nguyễn Văn Đạm (giai đoạn 2)|phường Tân Giang|c
0|Nút giao Ngã Năm Chợ Mới|phường Chợ Mới|c
0|Đường ven sông Giang, đoạn từ Bến Đá đến cống Ba Cửa|phường Bến Đá|c
0|Sửa chữa, gia cố 14 cầu yếu trên đường liên xã|14 xã|c
0|Bến phà Cù Lao Giữa và đường ra bến|xã Cù Lao Giữa|c
0|Đường tránh khu di tích Ngọc Hà Đông|phường Ngọc Hà Đông|c
0|Đường vào Khu công nghiệp Bình Khê (giai đoạn 1)|phường Bình Khê|c
0|Cầu Bàu Sen và đường dẫn hai đầu cầu|xã Bàu Sen|m
0|Cầu Đồi Chè thay cầu tạm|xã Đồi Chè|m
0|Đường nối xã Hòn Dứa với Quốc lộ|xã Hòn Dứa|m
0|Hệ thống tín hiệu giao thông thông minh 36 nút|12 phường|m
1|Trường Trung học phổ thông Vạn Xuân|phường Vạn Xuân|c
1|Trường Tiểu học Cầu Đất 2|phường Cầu Đất|c
1|Trường Mầm non Bến Đá|phường Bến Đá|c
1|Trường Trung học cơ sở Phú Lâm Thượng|xã Phú Lâm Thượng|c
1|Trường Phổ thông nội trú Đồi Chè|xã Đồi Chè|c
1|Xây dựng 96 phòng học thay phòng tạm tại 18 xã|18 xã|c
1|Nhà đa năng 9 trường trung học cơ sở|9 xã, phường|c
1|Trường Trung cấp nghề Tân Giang, xưởng thực hành|phường Tân Giang|c
1|Trường Tiểu học Bình Khê 3|phường Bình Khê|m
1|Trường Mầm non Suối Cát|xã Suối Cát|m
1|Trường Trung học phổ thông Hòn Dứa|xã Hòn Dứa|m
2|Trung tâm Y tế khu vực Phú Lâm, khối điều trị nội trú|phường Phú Lâm|c
2|Nâng cấp 22 trạm y tế xã|22 xã|c
2|Bệnh viện Sản – Nhi thành phố, khối kỹ thuật cao|phường Tân Giang|c
2|Trung tâm Kiểm soát bệnh tật, khu xét nghiệm|phường Chợ Mới|c
2|Xây mới 11 trạm y tế phường, xã sau sắp xếp|11 xã, phường|m
2|Hệ thống bệnh án điện tử các bệnh viện công lập|7 bệnh viện|m
3|Kè chống sạt lở bờ sông Giang, đoạn Cù Lao Giữa|xã Cù Lao Giữa|c
3|Hồ chứa nước Suối Cát|xã Suối Cát|c
3|Kiên cố hóa kênh cấp 2 khu tưới Bàu Sen|xã Bàu Sen|c
3|Trạm bơm tiêu Thạnh Đông A|xã Thạnh Đông A|c
3|Cấp nước sạch liên xã vùng Đồi Chè|xã Đồi Chè và 4 xã lân cận|c
3|Đê bao kết hợp giao thông Cù Lao Giữa|xã Cù Lao Giữa|c
3|Nạo vét, gia cố kênh Ba Cửa|phường Bến Đá, xã Bàu Sen|m
3|Cống ngăn mặn Hòn Dứa|xã Hòn Dứa|m
3|Cảng cá kết hợp khu neo đậu Hòn Dứa|xã Hòn Dứa|m
4|Thoát nước khu trung tâm, lưu vực Chợ Mới|phường Chợ Mới|c
4|Khu tái định cư Vạn Xuân|phường Vạn Xuân|c
4|Khu tái định cư Bình Khê (giai đoạn 2)|phường Bình Khê|c
4|Hạ ngầm cáp viễn thông, điện lực 8 tuyến phố|4 phường|c
4|Chỉnh trang kênh Cầu Đất và hai bờ|phường Cầu Đất|c
4|Nâng cấp hệ thống chiếu sáng tiết kiệm điện|28 phường|c
4|Khu tái định cư Phú Lâm Thượng|xã Phú Lâm Thượng|m
4|Thoát nước khu dân cư Ngọc Hà Đông|phường Ngọc Hà Đông|m
4|Công viên bờ sông Bến Đá|phường Bến Đá|m
5|Khu liên hợp xử lý chất thải rắn Đồi Chè (giai đoạn 1)|xã Đồi Chè|c
5|Trạm xử lý nước thải lưu vực Cầu Đất|phường Cầu Đất|c
5|Đóng cửa bãi rác Thạnh Đông A|xã Thạnh Đông A|c
5|Quan trắc môi trường tự động 18 trạm|18 xã, phường|m
5|Trạm trung chuyển rác 6 cụm xã|6 xã|m
5|Trạm xử lý nước thải lưu vực Phú Lâm|phường Phú Lâm|m
6|Thư viện thành phố|phường Tân Giang|c
6|Tu bổ, tôn tạo di tích đình Ngọc Hà Đông|phường Ngọc Hà Đông|c
6|Nhà văn hóa 15 xã sau sắp xếp|15 xã|m
6|Khu thể thao cộng đồng Vạn Xuân|phường Vạn Xuân|m
6|Bảo tàng sông Giang|phường Bến Đá|m
7|Trung tâm dữ liệu dùng chung thành phố|phường Tân Giang|c
7|Số hóa hồ sơ lưu trữ, hộ tịch 126 xã, phường|126 xã, phường|c
7|Trung tâm giám sát, điều hành thông minh|phường Tân Giang|m
7|Nền tảng dữ liệu đất đai dùng chung|126 xã, phường|m"""


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
    rows = [line.split("|") for line in _LIST.splitlines()]
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
        decision=f"{source.randint(112, 3480)}/QĐ-UBND ngày {source.randint(10, 28)}/{source.randint(3, 10)}/{begin - 1}",
        cost=cost,
        before=before,
        plan=plan,
        sources=(plan, 0, 0, 0),
        cleared=source.randint(80, 96) if new else source.randint(94, 100),
        quarters=(first, second, third, plan - first - second - third),
    )


# Which sectors each earmarked source may pay for, and the most it pays of one project, in per cent.
_EARMARKED = (
    (2, ("Giáo dục và đào tạo", "Y tế"), 70),
    (3, ("Giao thông", "Nông nghiệp, thủy lợi", "Môi trường"), 60),
    (1, ("Hạ tầng đô thị", "Môi trường", "Văn hóa, thể thao", "Giao thông"), 90),
)


def _with_sources(found: list[Project]) -> tuple[Project, ...]:
    split = {project.index: [project.plan, 0, 0, 0] for project in found}
    for column, sectors, most in _EARMARKED:
        left = SPLIT[0][column + 1]
        for share in (most, 100):  # a second round where the first did not use up the source
            for project in found:
                row = split[project.index]
                part = min(left, row[0], project.plan * share // 100) if project.sector in sectors else 0
                row[0], row[column], left = row[0] - part, row[column] + part, left - part
    return tuple(replace(project, sources=tuple(split[project.index])) for project in found)


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
