"""The sitting of November 2026 as its printed agenda tells it."""

from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
"""08:00 in Hanoi."""

_ITEMS = (
    (
        25,
        "Báo cáo tình hình kinh tế – xã hội 11 tháng, nhiệm vụ trọng tâm tháng 12",
        "Bà Hoàng Thị Lan Chi\nSở Tài chính",
    ),
    (20, "Dự thảo Nghị quyết phân bổ kế hoạch đầu tư công năm 2027", "Bà Hoàng Thị Lan Chi\nSở Tài chính"),
    (15, "Kế hoạch phòng họp không giấy tại cấp xã, giai đoạn 2027–2028", "Ông Trịnh Công Uẩn\nSở KH&CN"),
    (15, "Quy định mức hỗ trợ thu gom, xử lý rác thải sinh hoạt nông thôn", "Ông Đặng Văn Lãm\nSở NN&MT"),
    (20, "Chủ trương cải tạo tuyến đường Bến Đá – Phú Lâm", "Ông Bùi Trọng Nghĩa\nSở Xây dựng"),
    (8, "Công tác nhân sự", "Bà Lương Thị Thu Thảo\nSở Nội vụ"),
    (7, "Thông qua biên bản phiên họp tháng 10/2026", "Ông Đỗ Khắc Tuyên\nVăn phòng UBND"),
)
_CLOSED = 5


def agenda() -> dict[str, Any]:
    """Return the values of `print/agenda.html`: seven items, 110 minutes, each with its hour."""
    rows, at = [], START
    for place, (minutes, title, who) in enumerate(_ITEMS):
        rows.append(
            {"start": at, "minutes": minutes, "title": f"{place + 1}. {title}", "who": who, "closed": place == _CLOSED}
        )
        at += timedelta(minutes=minutes)
    return {
        "meeting": {
            "start": START,
            "place": "Phòng họp số 1, trụ sở Ủy ban nhân dân thành phố Tân Giang",
            "chair": "ông Nguyễn Đăng Thụy, Chủ tịch Ủy ban nhân dân thành phố",
        },
        "rows": rows,
        "notes": [
            "Trình bày không quá 7 phút, phát biểu không quá 5 phút; không phát bản in, trừ nội dung 6",
        ],
    }
