"""What followed the sitting of October: conclusions with an annex, a letter, a decision; none has its number yet."""

from __future__ import annotations

from typing import Any, NamedTuple

from server.core.printing import Block, Letter, Signer
from server.demo.papers import people

_CHIEF = Signer(("TL. Chủ tịch", "Chánh Văn phòng"), people.OFFICE.name)
_BODIES = ("Thường trực HĐND thành phố", "Các sở, ban, ngành thành phố", "UBND các xã, phường")


class Form(NamedTuple):
    """A template of ``templates/print`` and what it is filled with."""

    template: str
    values: dict[str, Any]

    @property
    def letter(self) -> Letter:
        """The frame of the paper."""
        letter: Letter = self.values["doc"]
        return letter


def _letter(kind: str, subject: str, symbol: str, signer: Signer, **more: Any) -> Letter:  # noqa: ANN401 - fields of Letter
    more.setdefault("recipients", (*_BODIES, "Lưu: VT, TH"))
    return Letter(
        title=f"{kind} {subject[:1].lower()}{subject[1:]}".replace("\n", " "), issuer=people.CITY, kind=kind,
        subject=subject, signer=signer,
        symbol=symbol, place=people.PLACE, initials=1, **more,
    )  # fmt: skip


CONCLUSION = Form("print/notice.html", {
    "doc": _letter(
        "Thông báo", "Kết luận của Chủ tịch Ủy ban nhân dân thành phố\ntại phiên họp thường kỳ tháng 10 năm 2026",
        "TB-UBND", _CHIEF,
    ),
    "blocks": (
        Block("Tại phiên họp thường kỳ tháng 10 năm 2026, sau khi nghe các cơ quan báo cáo và ý kiến của các thành viên"
              " Ủy ban nhân dân thành phố, Chủ tịch Ủy ban nhân dân thành phố kết luận như sau:"),
        Block("1. Giao Sở Tài chính chủ trì rà soát tiến độ giải ngân của từng chủ đầu tư, báo cáo trước ngày 10 hằng"
              " tháng; đề xuất điều chuyển vốn của dự án chậm trước ngày 25 tháng 11."),
        Block("2. Giao Sở Khoa học và Công nghệ hoàn thiện kế hoạch phòng họp không giấy tại cấp xã, trình tại phiên"
              " họp thường kỳ tháng 11."),
        Block("3. Giao Sở Nông nghiệp và Môi trường tiếp thu ý kiến của 126 xã, phường, hoàn chỉnh quy định mức hỗ trợ"
              " thu gom rác thải sinh hoạt nông thôn."),
        Block("Nhiệm vụ và thời hạn của từng cơ quan nêu tại Phụ lục kèm theo. Văn phòng thông báo để các cơ quan biết,"
              " thực hiện./."),
    ),
})  # fmt: skip
TASKS = Form("print/demo/phu-luc-nhiem-vu.html", {
    "doc": Letter(
        title="Phụ lục: nhiệm vụ và thời hạn", issuer=people.CITY, kind="Phụ lục", subject="", signer=_CHIEF
    ),
    "rows": (
        ("1", "Rà soát tiến độ giải ngân, đề xuất điều chuyển vốn", "Sở Tài chính", "25/11/2026"),
        ("2", "Hoàn thiện kế hoạch phòng họp không giấy cấp xã", "Sở Khoa học và Công nghệ", "20/11/2026"),
        ("3", "Hoàn chỉnh quy định mức hỗ trợ thu gom rác thải", "Sở Nông nghiệp và Môi trường", "18/11/2026"),
        ("4", "Chốt hướng tuyến Bến Đá – Phú Lâm, lấy ý kiến 37 hộ dân", "Sở Xây dựng", "15/11/2026"),
        ("5", "Kiểm tra đường truyền của 31 xã chưa đạt 100 Mbps", "Văn phòng", "30/11/2026"),
    ),
})  # fmt: skip
REMINDER = Form("print/letter.html", {
    "doc": _letter(
        "Công văn", "đôn đốc thực hiện kết luận phiên họp\nthường kỳ tháng 10 năm 2026", "UBND-TH", _CHIEF,
        to="Sở Tài chính\nSở Nông nghiệp và Môi trường",
        recipients=("Như trên", "Chủ tịch (để báo cáo)", "Lưu: VT, TH"),
    ),
    "blocks": (
        Block("Ủy ban nhân dân thành phố đề nghị các cơ quan có nhiệm vụ đến hạn trong tháng 11 khẩn trương hoàn thành,"
              " gửi kết quả về Văn phòng chậm nhất một ngày làm việc trước phiên họp thường kỳ."),
        Block("Nhiệm vụ không hoàn thành đúng hạn phải nêu rõ nguyên nhân, trách nhiệm và thời hạn mới./."),
    ),
})  # fmt: skip
DECISION = Form("print/decision.html", {
    "doc": _letter(
        "Quyết định", "Về việc thành lập Tổ công tác hướng tuyến\nđường Bến Đá – Phú Lâm", "QĐ-UBND", people.CHAIR,
        recipients=("Như Điều 3", "Thường trực HĐND thành phố", "Lưu: VT, TH"),
    ),
    "power": "Ủy ban nhân dân thành phố Tân Giang",
    "basis": (
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025",
        "Theo đề nghị của Giám đốc Sở Xây dựng tại phiên họp thường kỳ tháng 10 năm 2026",
    ),
    "articles": (
        Block("Thành lập Tổ công tác hướng tuyến đường Bến Đá – Phú Lâm do ông Bùi Trọng Nghĩa, Giám đốc Sở Xây dựng"
              " làm Tổ trưởng.", lead="Điều 1."),
        Block("Tổ công tác lấy ý kiến 37 hộ dân, trình phương án hướng tuyến trước ngày 15 tháng 12 năm 2026 và tự"
              " giải thể khi hoàn thành nhiệm vụ.", lead="Điều 2."),
        Block("Chánh Văn phòng, Giám đốc Sở Xây dựng, Chủ tịch Ủy ban nhân dân phường Bến Đá, phường Phú Lâm chịu trách"
              " nhiệm thi hành Quyết định này./.", lead="Điều 3."),
    ),
})  # fmt: skip
# What others send, printed and signed there; their name, number and subject are put in.
LETTER = Form("print/letter.html", {
    "doc": Letter(
        title="Công văn", issuer="", kind="Công văn", subject="", place="Sơn Hà",
        signer=Signer(("TL. Chủ tịch", "Chánh Văn phòng"), "Lâm Quý Dương"),
        to="Ủy ban nhân dân thành phố Tân Giang", recipients=("Như trên", "Lưu: VT"),
    ),
    "blocks": (
        Block("Kính đề nghị Ủy ban nhân dân thành phố Tân Giang quan tâm, bố trí thời gian làm việc trong tháng 12 năm"
              " 2026 và thông báo để cơ quan chuẩn bị./."),
    ),
})  # fmt: skip
