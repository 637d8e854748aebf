"""Figures of Tân Giang's economy in eleven months of 2026, and the values of the report made from them."""

from typing import Any

Row = tuple[Any, ...]

MONTHS = tuple(str(month) for month in range(1, 12))
REVENUE_2025 = (2140, 1310, 1495, 1790, 1420, 1530, 1865, 1405, 1480, 1905, 1560)
REVENUE_2026 = (2385, 1402, 1638, 1985, 1544, 1702, 2078, 1571, 1660, 2134, 1787)
"""State budget revenue by month, billion đồng."""

SPENT_2025 = (1.1, 3.2, 7.4, 13.0, 19.5, 28.4, 35.2, 42.9, 52.6, 64.8, 73.1)
SPENT_2026 = (1.6, 4.3, 9.8, 16.9, 24.2, 34.0, 41.7, 50.3, 60.9, 74.0, 81.4)
"""Disbursed public investment to the end of each month, per cent of the plan."""

INDUSTRY = (104.2, 103.1, 106.8, 107.4, 107.9, 108.6, 108.2, 109.1, 109.4, 109.8, 110.3)
"""Index of industrial production against the same month of 2025, per cent."""

_REVENUE = (
    ("Thu từ doanh nghiệp nhà nước", 1620, 1588),
    ("Thu từ doanh nghiệp đầu tư nước ngoài", 2450, 2391),
    ("Thuế ngoài quốc doanh", 5210, 5046),
    ("Thuế thu nhập cá nhân", 2080, 2174),
    ("Thu tiền sử dụng đất", 2875, 2463),
    ("Thuế bảo vệ môi trường, lệ phí trước bạ", 1690, 1652),
    ("Xổ số kiến thiết", 640, 662),
    ("Thu khác trong nước", 1535, 1487),
    ("Thu từ hoạt động xuất, nhập khẩu", 2700, 2423),
)
_TARGETS = (
    ("1", "Tốc độ tăng tổng sản phẩm trên địa bàn", "%", "9,0", "9,2", "Đạt"),
    ("2", "Tổng sản phẩm bình quân đầu người", "triệu đồng", "98,5", "99,1", "Đạt"),
    ("3", "Thu ngân sách nhà nước trên địa bàn", "tỷ đồng", "20.800", "21.480", "Vượt"),
    ("4", "Tổng vốn đầu tư toàn xã hội", "tỷ đồng", "61.200", "61.900", "Vượt"),
    ("5", "Tỷ lệ giải ngân vốn đầu tư công", "%", "95", "95,2", "Đạt"),
    ("6", "Kim ngạch xuất khẩu", "triệu USD", "2.340", "2.412", "Vượt"),
    ("7", "Tỷ lệ đô thị hóa", "%", "46,5", "46,5", "Đạt"),
    ("8", "Tỷ lệ lao động qua đào tạo", "%", "74", "74,3", "Đạt"),
    ("9", "Giảm tỷ lệ hộ nghèo đa chiều", "điểm %", "0,5", "0,6", "Vượt"),
    ("10", "Tỷ lệ người dân tham gia bảo hiểm y tế", "%", "95,5", "95,8", "Vượt"),
    ("11", "Số giường bệnh trên 10.000 dân", "giường", "32", "32", "Đạt"),
    ("12", "Trường học đạt chuẩn quốc gia", "%", "71", "70,2", "Chưa đạt"),
    ("13", "Hộ dân nông thôn dùng nước sạch theo quy chuẩn", "%", "82", "82,6", "Vượt"),
    ("14", "Thu gom, xử lý chất thải rắn sinh hoạt đô thị", "%", "97", "97,4", "Vượt"),
    ("15", "Thu gom, xử lý chất thải rắn sinh hoạt nông thôn", "%", "80", "76,3", "Chưa đạt"),
    ("16", "Hồ sơ thủ tục hành chính nộp trực tuyến", "%", "75", "78,1", "Vượt"),
)
_SECTORS = (
    ("Nông, lâm nghiệp, thủy sản", 9840, 10185),
    ("Công nghiệp", 31260, 34479),
    ("Xây dựng", 8420, 9253),
    ("Thương mại", 14710, 16138),
    ("Vận tải, kho bãi", 4985, 5518),
    ("Lưu trú, ăn uống, du lịch", 3120, 3594),
    ("Dịch vụ khác", 18265, 19744),
)


def report() -> dict[str, Any]:
    """Return the values of the report on eleven months, with the series of its three charts."""
    revenue: list[Row] = [(name, plan, done, done / plan * 100) for name, plan, done in _REVENUE]
    plan, done = sum(row[1] for row in revenue), sum(row[2] for row in revenue)
    sectors: list[Row] = [(name, old, new, new / old * 100 - 100) for name, old, new in _SECTORS]
    old, new = sum(row[1] for row in sectors), sum(row[2] for row in sectors)
    return {
        "months": MONTHS,
        "revenue_2025": REVENUE_2025,
        "revenue_2026": REVENUE_2026,
        "spent_2025": SPENT_2025,
        "spent_2026": SPENT_2026,
        "industry": INDUSTRY,
        "revenue": [*revenue, ("Tổng thu ngân sách", plan, done, done / plan * 100)],
        "done": done,
        "done_share": done / plan * 100,
        "growth": done / sum(REVENUE_2025) * 100 - 100,
        "sectors": [*sectors, ("Tổng giá trị sản xuất", old, new, new / old * 100 - 100)],
        "output_growth": new / old * 100 - 100,
        "output": new,
        "targets": list(_TARGETS),
    }
