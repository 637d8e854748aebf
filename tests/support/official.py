"""Realistic papers of every form, and a look at printed pages: letters with place, size and face, and the rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pypdfium2
from pypdfium2 import raw

from server.core.printing import Block, Letter, Signer

MM = 72 / 25.4
CITY = "Ủy ban nhân dân\nthành phố Tân Giang"
SITTING = "Phiên họp Ủy ban nhân dân thành phố\nthường kỳ tháng 11 năm 2026"
CHAIR = Signer(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Nguyễn Đăng Thụy")
DEPUTY = Signer(("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), "Phạm Minh Nguyệt")
OFFICE = Signer(("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"), "Đỗ Khắc Tuyên")
START, END = datetime(2026, 11, 27, 1, 0, tzinfo=UTC), datetime(2026, 11, 27, 4, 20, tzinfo=UTC)
BASIS = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025",
    "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư",
)
ARTICLES = (
    Block("Thành lập Tổ công tác chuyển đổi số các cuộc họp của Ủy ban nhân dân thành phố.", lead="Điều 1."),
    Block("Tổ công tác tự giải thể khi hoàn thành nhiệm vụ được giao tại Quyết định này.", lead="Điều 2."),
    Block("Chánh Văn phòng, Giám đốc các sở và các thành viên Tổ công tác chịu trách nhiệm thi hành.", lead="Điều 3."),
)
TASKS = tuple(
    Block(f"{n}. Giao Sở Tài chính chủ trì, phối hợp Thuế thành phố rà soát khoản thu thứ {n}, báo cáo trong tháng.")
    for n in range(1, 20)
)


def letter(kind: str, subject: str, signer: Signer, symbol: str, **more: Any) -> Letter:
    more = {
        "issuer": CITY, "place": "Tân Giang", "recipients": ("Như trên", "Các sở, ban, ngành", "Lưu: VT, TH"), **more,
    }  # fmt: skip
    return Letter(title=f"{kind} {subject}", kind=kind, subject=subject, signer=signer, symbol=symbol, **more)


# Form → template and values.
FORMS: dict[str, tuple[str, dict[str, Any]]] = {
    "invitation": ("print/invitation.html", {
        "doc": letter("Giấy mời", SITTING, CHAIR, "GM-UBND", inviter="Ủy ban nhân dân thành phố Tân Giang"),
        "guests": ["Thành viên Ủy ban nhân dân thành phố", "Giám đốc các sở"],
        "meeting": {
            "title": "phiên họp Ủy ban nhân dân thành phố thường kỳ tháng 11 năm 2026", "chair": "ông Nguyễn Đăng Thụy",
            "start": START, "sites": (),
            "place": "Phòng họp số 1, trụ sở Ủy ban nhân dân thành phố, số 01 đường Lê Lợi",
            "items": ["Tình hình kinh tế – xã hội"], "notes": ["Tài liệu họp được gửi trên hệ thống"],
        },
    }),
    "notice": ("print/notice.html", {
        "doc": letter("Thông báo", "Kết luận của Chủ tịch Ủy ban nhân dân thành phố tại phiên họp thường kỳ tháng 11",
                      OFFICE, "TB-VP", parent="UBND thành phố Tân Giang", issuer="Văn phòng"),
        "blocks": (Block("I. KẾT LUẬN", kind="heading"), *TASKS, Block("Văn phòng thông báo để các cơ quan biết.")),
    }),
    "decision": ("print/decision.html", {
        "doc": letter("Quyết định", "Về việc thành lập Tổ công tác", DEPUTY, "QĐ-UBND"),
        "power": "Chủ tịch Ủy ban nhân dân thành phố Tân Giang", "basis": BASIS, "articles": ARTICLES,
    }),
    "resolution": ("print/resolution.html", {
        "doc": letter("Nghị quyết", "Về kế hoạch đầu tư công năm 2027", CHAIR, "NQ-UBND"),
        "power": "Ủy ban nhân dân thành phố Tân Giang", "basis": BASIS, "articles": ARTICLES,
    }),
    "letter": ("print/letter.html", {
        "doc": letter("Công văn", "chuẩn bị tài liệu phiên họp\nthường kỳ tháng 12 năm 2026", OFFICE, "VP-TH",
                      parent="UBND thành phố Tân Giang", issuer="Văn phòng", to="Sở Tài chính\nSở Nội vụ"),
        "blocks": TASKS[:3],
    }),
    "minutes": ("print/minutes.html", {
        "doc": letter("Biên bản", SITTING, Signer(("CHỦ TỌA",), "Nguyễn Đăng Thụy"), "BB-UBND", place=""),
        "secretary": Signer(("THƯ KÝ",), "Ngô Phương Dung"), "others": (),
        "sitting": {
            "start": START, "end": END, "place": "Phòng họp số 1, trụ sở Ủy ban nhân dân thành phố Tân Giang",
            "present": ["25/27 thành viên", "Đại diện Thường trực Hội đồng nhân dân thành phố"],
            "absent": ["Trần Văn Lâm, Giám đốc Sở Y tế (công tác)"],
            "chair": "ông Nguyễn Đăng Thụy", "secretary": "bà Ngô Phương Dung",
        },
        "blocks": (Block("I. KHAI MẠC", kind="heading"), *TASKS[:3]),
    }),
}  # fmt: skip


class Letters(NamedTuple):
    """Some letters on a line: their text, box in points, size, and whether they are bold and slanted."""

    text: str
    left: float
    low: float
    right: float
    high: float
    size: float
    bold: bool
    slanted: bool


class Sheet:
    """One page: its letters in the order in which they were written, its lines of text, its ruled lines."""

    def __init__(self, pdf: bytes, page: int = 0) -> None:
        with pypdfium2.PdfDocument(pdf) as document:
            sheet = document[page]
            text = sheet.get_textpage()
            every = [_sign(text, index) for index in range(text.count_chars())]
            self.signs = [one for one in every if one.text != "\n"]
            # Boxes of runs of text on one line.
            self.runs = [text.get_rect(number) for number in range(text.count_rects())]
            self.rules = [box for one in sheet.get_objects() if _is_rule(box := one.get_bounds())]

    @property
    def text(self) -> str:
        return "".join(one.text for one in self.signs)

    def find(self, words: str, *, last: bool = False) -> Letters:
        """The first or last place of these words, line breaks and hard spaces taken for spaces."""
        begin = self.text.rfind(words) if last else self.text.find(words)
        assert begin >= 0, f"{words!r} is not on the page"
        found = [one for one in self.signs[begin : begin + len(words)] if one.right > one.left]
        return Letters(
            words, min(one.left for one in found), min(one.low for one in found), max(one.right for one in found),
            max(one.high for one in found), found[0].size, found[0].bold, found[0].slanted,
        )  # fmt: skip

    def drawn(self) -> Iterator[Letters]:
        return (one for one in self.signs if one.text.strip() and one.right > one.left)


def _sign(text: Any, index: int) -> Letters:
    import ctypes

    name, flags = ctypes.create_string_buffer(64), ctypes.c_int()
    raw.FPDFText_GetFontInfo(text, index, name, 64, flags)
    face = name.value.decode()
    left, low, right, high = text.get_charbox(index)
    sign = chr(raw.FPDFText_GetUnicode(text, index))
    return Letters(
        " " if sign in "\r\u00a0" else sign, left, low, right, high, _size(text, index),
        "Bold" in face, "Italic" in face,
    )  # fmt: skip


def _size(text: Any, index: int) -> float:
    """In points on the page: the font's own size is stretched by the matrix around it."""
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text, index, matrix)
    return float(round(raw.FPDFText_GetFontSize(text, index) * abs(matrix.d), 2))


def _is_rule(box: tuple[float, float, float, float]) -> bool:
    left, low, right, high = box
    return high - low < 1.5 and right - left > 20
