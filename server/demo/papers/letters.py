"""The frame of each demo paper: issuer, number, date, subject, recipients, signer."""

from datetime import date
from typing import Any

from server.core.printing import Letter, Signer
from server.demo.papers import people

_HERE = "UBND thành phố Tân Giang"
_TO = "Ủy ban nhân dân thành phố Tân Giang"


def _letter(kind: str, subject: str, number: str, day: int, **more: Any) -> Letter:  # noqa: ANN401  # the fields of Letter
    """Return a letter of November 2026; a number that begins with "/" is not given yet."""
    head, _, tail = number.partition("/")
    more.setdefault("title", f"{kind} {subject[:1].lower()}{subject[1:]}".replace("\n", " "))
    more.setdefault("dated", date(2026, 11, day) if day else None)
    more.setdefault("place", people.PLACE)
    return Letter(kind=kind, subject=subject, number=head, symbol=tail, **more)


AGENDA = _letter(
    "Chương trình",
    "Phiên họp Ủy ban nhân dân thành phố\nthường kỳ tháng 11 năm 2026",
    "",
    23,
    issuer=people.CITY,
    attached="(Kèm theo Giấy mời số 401/GM-UBND ngày 23 tháng 11 năm 2026)",
    signer=Signer(("TL. Chủ tịch", "Chánh Văn phòng"), "Đỗ Khắc Tuyên"),
    recipients=("Như thành phần mời", "Lưu: VT, TH"),
)
ECONOMY = _letter(
    "Báo cáo",
    "Tình hình kinh tế – xã hội 11 tháng,\nnhiệm vụ trọng tâm tháng 12 năm 2026",
    "402/BC-STC",
    24,
    parent=_HERE,
    issuer="Sở Tài chính",
    to=_TO,
    signer=people.FINANCE,
    recipients=("Như trên", "Thường trực HĐND thành phố", "Các sở, ban, ngành thành phố", "Lưu: VT, TH"),
)
SURVEY = _letter(
    "Báo cáo",
    "Kết quả một năm vận hành chính quyền\n126 xã, phường sau sắp xếp",
    "214/BC-SNV",
    20,
    parent=_HERE,
    issuer="Sở Nội vụ",
    to=_TO,
    signer=people.HOME,
    recipients=("Như trên", "Các sở, ban, ngành thành phố", "UBND 126 xã, phường", "Lưu: VT, CQĐP"),
)
PROPOSAL = _letter(
    "Tờ trình",
    "Về phương án phân bổ kế hoạch đầu tư công năm 2027",
    "318/TTr-STC",
    23,
    parent=_HERE,
    issuer="Sở Tài chính",
    to=_TO,
    signer=people.FINANCE,
    recipients=(
        "Như trên",
        "Ban Kinh tế – Ngân sách HĐND thành phố",
        "Các sở, ban, ngành thành phố",
        "UBND 126 xã, phường",
        "Lưu: VT, QLNS",
    ),
)
RESOLUTION = _letter(
    "Nghị quyết",
    "Về phân bổ kế hoạch đầu tư công năm 2027",
    "/NQ-HĐND",
    0,
    title="Dự thảo Nghị quyết phân bổ kế hoạch đầu tư công năm 2027",
    issuer=people.COUNCIL,
    draft="DỰ THẢO 3",
    signer=Signer(("Chủ tịch",), ""),
    recipients=(
        "Ủy ban Thường vụ Quốc hội; Chính phủ",
        "Bộ Tài chính; Bộ Tư pháp",
        "Thường trực Thành ủy",
        "Thường trực HĐND; UBND thành phố",
        "Đại biểu HĐND thành phố",
        "HĐND, UBND 126 xã, phường",
        "Lưu: VT",
    ),
)
ANNEX = _letter(
    "Phụ lục",
    "",
    "",
    0,
    title="Phụ lục IV: danh mục 64 dự án và mức vốn năm 2027",
    issuer="Sở Tài chính",
    signer=people.FINANCE,
)
SCRUTINY = _letter(
    "Báo cáo thẩm tra",
    "Dự thảo Nghị quyết về phân bổ\nkế hoạch đầu tư công năm 2027",
    "52/BC-BKTNS",
    26,
    parent=people.COUNCIL,
    issuer="Ban Kinh tế – Ngân sách",
    to="Hội đồng nhân dân thành phố Tân Giang",
    signer=people.COMMITTEE,
    recipients=("Như trên", "Thường trực HĐND thành phố", "UBND thành phố", "Đại biểu HĐND thành phố", "Lưu: VT, KTNS"),
)
PAPERLESS = _letter(
    "Kế hoạch",
    "Triển khai phòng họp không giấy tại cấp xã,\ngiai đoạn 2027–2028",
    "/KH-UBND",
    0,
    issuer=people.CITY,
    draft="DỰ THẢO 2",
    signer=people.CHAIR,
    recipients=("Các sở, ban, ngành thành phố", "UBND 126 xã, phường", "Sở Khoa học và Công nghệ", "Lưu: VT, KGVX"),
)
WASTE = _letter(
    "Quyết định",
    "Quy định mức hỗ trợ thu gom, xử lý\nchất thải rắn sinh hoạt khu vực nông thôn",
    "/2026/QĐ-UBND",
    0,
    issuer=people.CITY,
    draft="DỰ THẢO",
    signer=people.CHAIR,
    recipients=(
        "Như Điều 7",
        "Bộ Nông nghiệp và Môi trường",
        "Thường trực HĐND thành phố",
        "Cổng thông tin điện tử thành phố",
        "Lưu: VT, NNMT",
    ),
)
OPINION = _letter(
    "Công văn",
    "Góp ý mức hỗ trợ thu gom, xử lý rác thải sinh hoạt nông thôn",
    "163/UBND-KT",
    12,
    parent=_HERE,
    issuer="Ủy ban nhân dân\nxã Cù Lao Giữa",
    place="Cù Lao Giữa",
    to="Sở Nông nghiệp và Môi trường",
    signer=Signer(("TM. Ủy ban nhân dân", "KT. Chủ tịch", "Phó Chủ tịch"), "Thạch Ngọc Điệp"),
    recipients=("Như trên", "TT. Đảng ủy, HĐND xã", "Lưu: VT"),
)
ROAD = _letter(
    "Tờ trình",
    "Về chủ trương cải tạo tuyến đường Bến Đá – Phú Lâm",
    "641/TTr-SXD",
    19,
    parent=_HERE,
    issuer="Sở Xây dựng",
    to=_TO,
    signer=people.BUILDING,
    recipients=("Như trên", "Sở Tài chính", "UBND các xã, phường liên quan", "Lưu: VT, HTGT"),
)
STAFF = _letter(
    "Tờ trình",
    "Về công tác nhân sự",
    "228/TTr-SNV",
    24,
    parent=_HERE,
    issuer="Sở Nội vụ",
    to=_TO,
    signer=people.HOME,
    recipients=("Như trên", "Lưu: VT, TCCB"),
)
MINUTES = _letter(
    "Biên bản",
    "Phiên họp Ủy ban nhân dân thành phố\nthường kỳ tháng 10 năm 2026",
    "10/BB-UBND",
    0,
    issuer=people.CITY,
    place="",
    signer=Signer(("Chủ tọa",), "Nguyễn Đăng Thụy"),
    recipients=("Thành viên UBND thành phố", "Lưu: VT, TH"),
)
