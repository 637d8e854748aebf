"""Values of the 60-page report on the first year of the 126 communes and wards."""

from typing import Any

from server.demo.papers.communes import Commune, communes

_WORK = (
    "đường trục chính qua trung tâm",
    "trường tiểu học",
    "trạm y tế",
    "nhà văn hóa",
    "kênh tiêu nội đồng",
    "chợ trung tâm",
    "đường liên thôn",
    "trường mầm non",
    "trụ sở làm việc",
    "hệ thống chiếu sáng",
    "điểm tập kết rác",
)
_NEED = (
    "bổ sung một công chức địa chính – xây dựng, vì hiện một người phụ trách cả hai lĩnh vực",
    "bố trí trụ sở đủ chỗ cho các phòng chuyên môn, hiện làm việc tại hai nơi cách nhau trên 4 km",
    "nâng cấp đường truyền tại trụ sở cũ và thay máy quét đã dùng trên bảy năm",
    "phân cấp việc cấp giấy phép cải tạo nhà ở riêng lẻ để giảm thời gian đi lại của người dân",
    "bàn giao dứt điểm hồ sơ đất đai của đơn vị hành chính cũ, còn thiếu bản đồ giải thửa",
    "hướng dẫn xử lý tài sản công dôi dư sau sắp xếp, gồm nhà làm việc và phương tiện",
    "cho phép ký hợp đồng chuyên môn về công nghệ thông tin bằng nguồn tiết kiệm chi",
    "mở thêm một điểm tiếp nhận hồ sơ lưu động cho các thôn ở xa trung tâm",
    "tập huấn quản lý dự án đầu tư quy mô nhỏ cho công chức mới tiếp nhận nhiệm vụ",
)
_VOICE = (
    "Người dân đánh giá tốt việc nhận kết quả tại nhà qua bưu chính.",
    "Ý kiến người dân tập trung vào thời gian xác minh nguồn gốc đất.",
    "Tại các buổi tiếp xúc, cử tri đề nghị duy trì lịch tiếp công dân vào sáng thứ Bảy.",
    "Số phản ánh trên ứng dụng của thành phố giảm rõ rệt từ tháng 8.",
    "Người cao tuổi còn phụ thuộc vào tổ công nghệ số cộng đồng khi nộp hồ sơ trực tuyến.",
    "Không phát sinh khiếu nại kéo dài trong năm.",
)
_GOOD_ONLINE = 80


def report() -> dict[str, Any]:
    """Return totals, a block a commune and the closing table of the report."""
    rows = communes()
    return {
        "wards": [_block(place, one) for place, one in enumerate(rows, 1) if one.kind == "phường"],
        "villages": [_block(place, one) for place, one in enumerate(rows, 1) if one.kind == "xã"],
        "totals": [_totals("Phường", "phường"), _totals("Xã", "xã"), _totals("Tổng cộng", "")],
        "late": [
            (str(place), one.full_name, one.planned, one.spent, one.spent / one.planned * 100)
            for place, one in enumerate(sorted(rows, key=lambda one: one.spent / one.planned)[:10], 1)
        ],
        "best": [
            (str(place), one.full_name, one.files, one.online, one.on_time)
            for place, one in enumerate(sorted(rows, key=lambda one: -one.online)[:10], 1)
        ],
        "people": sum(one.people for one in rows),
        "households": sum(one.households for one in rows),
        "staff": sum(one.staff for one in rows),
        "posts": sum(one.posts for one in rows),
        "files": sum(one.files for one in rows),
        "closing": [
            (str(place), one.name, one.people, one.staff, one.files, one.on_time, one.online, one.revenue, one.spent)
            for place, one in enumerate(rows, 1)
        ],
    }


def _totals(title: str, kind: str) -> tuple[Any, ...]:
    part = [one for one in communes() if kind in {"", one.kind}]
    staff, posts = sum(one.staff for one in part), sum(one.posts for one in part)
    spent, planned = sum(one.spent for one in part), sum(one.planned for one in part)
    files = sum(one.files for one in part)
    on_time = sum(one.files * one.on_time for one in part) / files
    return (
        title,
        len(part),
        sum(one.people for one in part),
        staff,
        staff / posts * 100,
        files,
        on_time,
        spent / planned * 100,
    )


def _block(place: int, one: Commune) -> dict[str, Any]:
    vacant = one.posts - one.staff
    manned = f"còn thiếu {vacant} người so với biên chế giao" if vacant else "đủ biên chế giao"
    return {
        "place": place,
        "one": one,
        "name": one.full_name[0].upper() + one.full_name[1:],
        "manned": manned,
        "money": _money(one),
        "service": _service(one),
        "work": _WORK[place % len(_WORK)],
        "need": _NEED[(place * 5) % len(_NEED)],
        "voice": _VOICE[(place * 7) % len(_VOICE)],
        "rate": one.spent / one.planned * 100,
        "collected": one.revenue / one.revenue_plan * 100,
    }


def _money(one: Commune) -> str:
    if one.revenue > one.revenue_plan:
        return "đã vượt dự toán cả năm"
    if one.revenue == one.revenue_plan:
        return "đã đạt dự toán cả năm"
    return (
        f"còn phải thu {one.revenue_plan - one.revenue} tỷ đồng trong tháng 12, chủ yếu từ đất và thuế ngoài quốc doanh"
    )


def _service(one: Commune) -> str:
    if one.online >= _GOOD_ONLINE:
        return "thuộc nhóm có tỷ lệ nộp trực tuyến cao của thành phố"
    return "cần tăng hướng dẫn tại nhà văn hóa thôn, tổ dân phố để nâng tỷ lệ nộp trực tuyến"
