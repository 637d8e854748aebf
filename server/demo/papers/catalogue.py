"""Which papers the demo has, to which agenda item each belongs, and how it is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from server.core.printing import Letter
from server.core.printing.render import render_pdf
from server.demo.papers import economy, investment, letters, people, sitting, survey
from server.demo.papers.scan import scanned


@dataclass(frozen=True, slots=True)
class PaperSpec:
    """One paper: `key` names it for `make`, `item` is the agenda item's key, empty for the whole meeting.

    `symbol` is the number with its symbol ("318/TTr-STC"), empty while none is given. A `scan` has no text. `earlier`
    is the word in the box of the draft that went out before this one and was replaced, empty where there was none.
    """

    key: str
    title: str
    symbol: str
    filename: str
    item: str
    letter: Letter
    values: Callable[[], Mapping[str, Any]] = dict
    template: str = ""
    scan: bool = False
    earlier: str = ""


def _paper(
    key: str,
    item: str,
    title: str,
    letter: Letter,
    values: Callable[[], Mapping[str, Any]] = dict,
    *,
    template: str = "",
    scan: bool = False,
    earlier: str = "",
) -> PaperSpec:
    symbol = f"{letter.number}/{letter.symbol}" if letter.number else ""
    stem = f"{symbol.replace('/', '-').replace('Đ', 'D')}-{key}" if symbol else key
    chosen = template or f"print/demo/{key}.html"
    return PaperSpec(key, title, symbol, f"{stem}.pdf", item, letter, values, chosen, scan, earlier)


PAPERS: tuple[PaperSpec, ...] = (
    _paper("chuong-trinh", "", "Chương trình phiên họp", letters.AGENDA, sitting.agenda, template="print/agenda.html"),
    _paper("bao-cao-kt-xh", "kt-xh", "Báo cáo kinh tế – xã hội 11 tháng", letters.ECONOMY, economy.report),
    _paper("bao-cao-126-xa-phuong", "kt-xh", "Báo cáo một năm vận hành 126 xã, phường", letters.SURVEY, survey.report),
    _paper("to-trinh-dau-tu-cong", "dau-tu-cong", "Tờ trình của Sở Tài chính", letters.PROPOSAL, investment.proposal),
    _paper(
        "du-thao-nghi-quyet",
        "dau-tu-cong",
        "Dự thảo Nghị quyết",
        letters.RESOLUTION,
        investment.resolution,
        earlier="DỰ THẢO 2",
    ),
    _paper("phu-luc-64-du-an", "dau-tu-cong", "Phụ lục danh mục 64 dự án", letters.ANNEX, investment.annex),
    _paper("bao-cao-tham-tra", "dau-tu-cong", "Báo cáo thẩm tra", letters.SCRUTINY, investment.scrutiny),
    _paper(
        "ke-hoach-phong-hop",
        "phong-hop",
        "Dự thảo Kế hoạch phòng họp không giấy",
        letters.PAPERLESS,
        earlier="DỰ THẢO 1",
    ),
    _paper("quy-dinh-rac-thai", "rac-thai", "Dự thảo Quyết định về mức hỗ trợ", letters.WASTE),
    _paper("cong-van-y-kien-scan", "rac-thai", "Ý kiến của xã Cù Lao Giữa (bản quét)", letters.OPINION, scan=True),
    _paper("to-trinh-ben-da", "ben-da-phu-lam", "Tờ trình của Sở Xây dựng", letters.ROAD),
    _paper("to-trinh-nhan-su", "nhan-su", "Tờ trình công tác nhân sự", letters.STAFF),
    _paper(
        "bien-ban-thang-10",
        "bien-ban",
        "Biên bản phiên họp tháng 10/2026",
        letters.MINUTES,
        lambda: {"secretary": people.SECRETARY},
    ),
)


def make(key: str, *, earlier: bool = False) -> bytes:
    """Return the PDF of the paper `key`, or of the draft before it.

    Raises `KeyError` for an unknown one, `PrintingError` without a font.
    """
    spec = {paper.key: paper for paper in PAPERS}[key]
    letter = replace(spec.letter, draft=spec.earlier) if earlier else spec.letter
    pdf = render_pdf(spec.template, {"doc": letter, **spec.values()}, tagged=False)
    return scanned(pdf) if spec.scan else pdf
