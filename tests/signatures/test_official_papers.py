"""Official papers measured on the page (Decree 30/2020, Annex I): parts, sizes, margins, and where the fields are."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any, cast

import pikepdf
import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader

from server.core.printing import Block, Signer
from server.core.printing.fonts import VIETNAMESE, times_font
from server.signatures.child.official import LEFT_OPEN, Printed, print_paper
from server.signatures.rules.format import missing_fields, wanted_fields
from server.signatures.wire import ActKind, Dossier, PaperKind, Step
from signing import Field, Stamp, verify
from signing.appearances import seal_stamp
from signing.contents import check_draft
from signing.demo_ink import draw_signature
from signing.demo_seal import draw_seal
from signing.fields import fill_fields
from tests.signing import foreign, papers
from tests.support.official import CHAIR, FORMS, MM, Letters, Sheet

A4_WIDTH, A4_HEIGHT = 210 * MM, 297 * MM
ALL = pytest.mark.parametrize("form", FORMS)
KIND = {
    "invitation": "GIẤY MỜI", "notice": "THÔNG BÁO", "decision": "QUYẾT ĐỊNH", "resolution": "NGHỊ QUYẾT",
    "minutes": "BIÊN BẢN", "letter": "V/v chuẩn bị tài liệu phiên họp",
}  # fmt: skip
LONG_AGENCY = "Ban Quản lý dự án đầu tư xây dựng công trình giao thông và hạ tầng kỹ thuật thành phố Tân Giang"


def printed(form: str, **changed: Any) -> Printed:
    template, values = FORMS[form]
    doc = replace(values["doc"], **changed.pop("doc", {}))
    return print_paper(template, {**values, **changed, "doc": doc}, 36.0)


@pytest.fixture(scope="module")
def office() -> dict[str, Printed]:
    return {form: printed(form) for form in FORMS}


def sheets(pdf: bytes) -> list[Sheet]:
    with pypdfium2.PdfDocument(pdf) as document:
        pages = len(document)
    return [Sheet(pdf, page) for page in range(pages)]


def field(paper: Printed, name: str) -> Field:
    return next(one for one in paper.fields if one.name == name)


def on(paper: Printed, name: str) -> tuple[Sheet, tuple[float, float, float, float]]:
    """The page on which a field is, and its box."""
    found = field(paper, name)
    assert found.box is not None
    return Sheet(paper.pdf, found.page), found.box


def everywhere(paper: Printed, words: str) -> Letters:
    return next(sheet.find(words) for sheet in sheets(paper.pdf) if words in sheet.text)


def parts(form: str) -> Iterator[tuple[str, tuple[float, float], bool, bool]]:
    """Words of the parts of a form, with their sizes in points, and whether they are bold and slanted."""
    doc = FORMS[form][1]["doc"]
    if doc.parent:
        yield doc.parent.upper(), (12, 13), False, False
    yield doc.issuer.upper().replace("\n", " "), (12, 13), True, False
    yield "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", (12, 13), True, False
    yield "Độc lập - Tự do - Hạnh phúc", (13, 14), True, False
    yield "Số: ", (13, 13), False, False
    yield f"/{doc.symbol}", (13, 13), False, False
    if doc.place:
        yield f"{doc.place},", (13, 14), False, True
    yield KIND[form], (12, 13) if form == "letter" else (13, 14), form != "letter", False
    if form == "letter":
        yield "Kính gửi:", (13, 14), False, False
        yield "- Sở Tài chính;", (13, 14), False, False
        yield "- Sở Nội vụ.", (13, 14), False, False
    if form in {"decision", "resolution"}:
        yield FORMS[form][1]["power"].upper(), (13, 14), True, False
        yield "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;", (13, 14), False, True
        yield {"decision": "QUYẾT ĐỊNH:", "resolution": "QUYẾT NGHỊ:"}[form], (13, 14), True, False
        yield "Điều 1. ", (13, 14), True, False
        yield "Thành lập Tổ công tác", (13, 14), False, False
    yield "./.", (13, 14), False, False
    if form != "minutes":  # which has the recipients below the two signatures
        yield "Nơi nhận:", (12, 12), True, True
        yield "- Lưu: VT, TH.", (11, 11), False, False
    for line in (*doc.signer.authority, doc.signer.name):
        yield line, (13, 14), True, False


@ALL
def test_parts_have_their_place_size_and_face(office: dict[str, Printed], form: str) -> None:
    pages = sheets(office[form].pdf)
    whole = "".join(sheet.text for sheet in pages)
    signs = [sign for sheet in pages for sign in sheet.signs]
    place = 0
    for words, (least, most), bold, slanted in parts(form):
        found = whole.find(words, place)
        assert found >= 0, f"{words!r} is missing or out of order"
        place = found + len(words)
        for sign in signs[found : found + len(words.rstrip())]:
            if sign.text != " ":
                assert least <= sign.size <= most, (words, sign)
                assert (sign.bold, sign.slanted) == (bold, slanted), (words, sign)


@ALL
def test_margins_and_page_numbers(office: dict[str, Printed], form: str) -> None:
    for number, sheet in enumerate(sheets(office[form].pdf), 1):
        inside = [one for one in sheet.drawn() if one.high < A4_HEIGHT - 20 * MM]
        above = [one for one in sheet.drawn() if one not in inside]
        assert 30 * MM - 1 <= min(one.left for one in inside) <= 35 * MM
        assert 15 * MM - 0.5 <= A4_WIDTH - max(one.right for one in inside) <= 20 * MM
        assert min(one.low for one in inside) >= 20 * MM
        assert max(one.high for one in inside) <= A4_HEIGHT - 20 * MM
        assert "".join(one.text for one in above) == ("" if number == 1 else str(number))
        for one in above:
            assert 13 <= one.size <= 14
            assert (one.left + one.right) / 2 == pytest.approx((30 + 192) / 2 * MM, abs=2)


@ALL
def test_a_printed_paper_may_be_signed(office: dict[str, Printed], form: str) -> None:
    assert check_draft(office[form].pdf) == ()


def test_the_same_paper_is_printed_to_the_same_bytes(office: dict[str, Printed]) -> None:
    """Who prints twice under one key gets the first answer only if nothing differs."""
    assert printed("minutes").pdf == office["minutes"].pdf


@ALL
def test_a_printed_paper_has_every_field_of_its_way(office: dict[str, Printed], form: str) -> None:
    acts: tuple[ActKind, ...] = ("initial", "sign", "number", "seal")
    steps = tuple(Step(id=act, act=act, rank=1, person_id="", person_name="", post="") for act in acts)
    dossier = Dossier(
        id="1", meeting_id="", meeting_title="", item_id="", paper_id="", paper_title="", version_id="", sha256="",
        pages=1, body_id="", body_name="", paper_kind=cast("PaperKind", form), state="draft", steps=steps, opened_by="",
        opened_at="",
    )  # fmt: skip
    names = [one.name for one in office[form].fields]
    wanted = wanted_fields(dossier)
    assert {"ChuKy", "So", "ConDau"} <= set(wanted)
    assert missing_fields(names, wanted) == ()


def test_the_long_form_has_two_pages(office: dict[str, Printed]) -> None:
    assert len(sheets(office["notice"].pdf)) == 2


@ALL
def test_rules_are_as_long_as_the_words_ask(office: dict[str, Printed], form: str) -> None:
    sheet = Sheet(office[form].pdf)
    motto = sheet.find("Độc lập - Tự do - Hạnh phúc")
    whole = next(rule for rule in sheet.rules if 0 < motto.low - rule[3] < 5 and rule[0] > A4_WIDTH / 2)
    assert whole[2] - whole[0] == pytest.approx(motto.right - motto.left, abs=2)
    parted = sorted((rule for rule in sheet.rules if rule != whole), key=lambda rule: -rule[1])
    assert len(parted) == (1 if form == "letter" else 2)  # under the agency, under the title
    for rule, column in zip(parted, (motto.left, A4_WIDTH), strict=False):
        above = [one for one in sheet.drawn() if 0 < one.low - rule[3] < 12 and one.right < column]
        left, right = min(one.left for one in above), max(one.right for one in above)
        assert 1 / 3 <= (rule[2] - rule[0]) / (right - left) <= 1 / 2
        assert (rule[0] + rule[2]) / 2 == pytest.approx((left + right) / 2, abs=3)


@ALL
def test_number_and_date_are_one_line_and_begin_where_the_words_end(office: dict[str, Printed], form: str) -> None:
    paper = office[form]
    sheet, number = on(paper, "So")
    label, symbol = sheet.find("Số:"), sheet.find(f"/{FORMS[form][1]['doc'].symbol}")
    assert label.right < number[0]
    assert 0 <= symbol.left - number[2] < 2
    if form == "minutes":  # form 1.9 has neither place nor date
        assert "NgayThang" not in [one.name for one in paper.fields]
        return
    place = sheet.find("Tân Giang,")
    _, dated = on(paper, "NgayThang")
    assert 2 < dated[0] - place.right < 6
    assert dated[2] <= 195 * MM
    assert place.low == pytest.approx(symbol.low, abs=3.5)  # the comma hangs lower than the letters


@ALL
def test_signature_is_empty_and_in_the_middle_between_post_and_name(office: dict[str, Printed], form: str) -> None:
    paper, signer = office[form], FORMS[form][1]["doc"].signer
    sheet, (left, low, right, high) = on(paper, "ChuKy")
    post, name = sheet.find(signer.authority[-1], last=True), sheet.find(signer.name, last=True)
    assert 0 < low - name.high < 10
    assert 0 < post.low - high < 10
    for one in (post, name):
        assert (one.left + one.right) / 2 == pytest.approx((left + right) / 2, abs=1)
    assert field(paper, "ChuKy").leaves is not None
    assert set(field(paper, "ChuKy").leaves or ()) >= {"So", "NgayThang", "ConDau"}


@ALL
def test_no_field_lies_over_words(office: dict[str, Printed], form: str) -> None:
    paper = office[form]
    for one in paper.fields:
        if one.name == "ConDau":  # a seal does
            continue
        sheet, (left, low, right, high) = on(paper, one.name)
        assert right <= A4_WIDTH - 1
        covered = [
            sign for sign in sheet.drawn()
            if min(right, sign.right) - max(left, sign.left) > 0.5 and min(high, sign.high) - max(low, sign.low) > 1.5
        ]  # fmt: skip
        assert covered == [], one.name


@ALL
def test_initials_stand_after_the_text_and_beside_the_copy_that_is_kept(office: dict[str, Printed], form: str) -> None:
    sheet, (left, low, _, high) = on(office[form], "KyNhay1")
    end = sheet.find("./.")
    assert 0 < left - end.right < 8
    assert low < end.low < high
    sheet, (left, low, _, high) = on(office[form], "KyNhay2")
    kept = sheet.find("Lưu: VT, TH.")
    assert 0 < left - kept.right < 8
    assert low < (kept.low + kept.high) / 2 < high


def test_locks_of_the_fields(office: dict[str, Printed]) -> None:
    for form, paper in office.items():
        locks = {one.name: (one.leaves, one.closes) for one in paper.fields if one.kind == "signature"}
        secretary = ("ChuKyThuKy",) if form == "minutes" else ()
        assert locks["ChuKy"] == ((*LEFT_OPEN, *secretary), False)
        assert locks["ConDau"] == ((), True)
        assert [name for name, lock in locks.items() if lock == (None, False)] == ["KyNhay1", "KyNhay2", *secretary]
        texts = [one.name for one in paper.fields if one.kind == "text"]
        assert texts == (["So"] if form == "minutes" else ["So", "NgayThang"])


def test_what_is_known_is_printed_and_is_no_field() -> None:
    paper = printed("decision", doc={"number": "07", "initials": 3})
    names = [one.name for one in paper.fields]
    assert "So" not in names
    assert names[:3] == ["KyNhay1", "KyNhay2", "KyNhay3"]
    assert Sheet(paper.pdf).find("Số: 07/QĐ-UBND")


def test_all_letters_are_drawn_by_the_embedded_family() -> None:
    letters = "".join(f"{letter} " for letter in VIETNAMESE)
    paper = printed("notice", blocks=(Block(letters), Block(letters, lead=letters), Block("Hết.")))
    sheet = Sheet(paper.pdf)
    assert set(VIETNAMESE) <= set(sheet.text)
    with pikepdf.open(io.BytesIO(paper.pdf)) as pdf:
        for page in pdf.pages:
            fonts = page.Resources.Font
            for font in fonts.values():
                descriptor = font.DescendantFonts[0].FontDescriptor
                assert any(key in descriptor for key in ("/FontFile2", "/FontFile3"))
                assert "Paper" in str(font.BaseFont)
            assert not list(_undefined(page))


def _undefined(page: pikepdf.Page) -> Iterator[bytes]:
    """Glyph 0, what a font draws for a letter that it lacks, in what the page shows (two bytes a glyph)."""
    for one_step in pikepdf.parse_content_stream(page):
        operator = str(one_step.operator)
        if operator not in {"Tj", "TJ"}:
            continue
        operand: Any = one_step.operands[0]
        shown = operand if operator == "TJ" else [operand]
        for one in shown:
            if isinstance(one, pikepdf.String):
                data = bytes(one)
                yield from (data[at : at + 2] for at in range(0, len(data), 2) if data[at : at + 2] == b"\0\0")


def test_long_names_wrap_and_nothing_lies_over_anything() -> None:
    signer = Signer(
        ("KT. TRƯỞNG BAN CHỈ ĐẠO CHUYỂN ĐỔI SỐ THÀNH PHỐ", "PHÓ CHỦ TỊCH HỘI ĐỒNG KHOA HỌC"), "Công Tằng Tôn Nữ"
    )
    paper = printed("decision", doc={
        "parent": "Ủy ban nhân dân thành phố trực thuộc Trung ương Tân Giang", "issuer": LONG_AGENCY, "signer": signer,
        "place": "Thành phố Hồ Chí Minh", "subject": f"Về việc kiện toàn {LONG_AGENCY} và các đơn vị trực thuộc",
        "recipients": (LONG_AGENCY, f"Các đơn vị trực thuộc {LONG_AGENCY}", "Lưu: VT"),
    })  # fmt: skip
    for sheet in sheets(paper.pdf):
        for one, other in combinations(sheet.runs, 2):
            across = min(one[2], other[2]) - max(one[0], other[0])
            up = min(one[3], other[3]) - max(one[1], other[1])
            assert across < 1 or up < 3.5, (one, other)
        assert max(one.right for one in sheet.drawn()) <= A4_WIDTH - 15 * MM
    sheet, box = on(paper, "NgayThang")
    assert box[2] <= 195 * MM
    test_no_field_lies_over_words({"decision": paper}, "decision")


@pytest.fixture(scope="module")
def issued(office: dict[str, Printed]) -> bytes:
    """The giấy mời after its whole way: initials, signature, number and date, seal."""
    pdf = office["invitation"].pdf
    for name in ("KyNhay1", "KyNhay2", "ChuKy"):
        box = field(office["invitation"], name).box
        assert box is not None
        pdf = papers.signed(pdf, field=name, stamp=Stamp(box=box, image=draw_signature(CHAIR.name)))
    font = times_font()
    values = {"So": "05", "NgayThang": "ngày 27 tháng 11 năm 2026"}
    pdf = fill_fields(pdf, values, font=str(font.regular), font_size=13, fonts={"NgayThang": str(font.italic)})
    seal = draw_seal("Ủy ban nhân dân thành phố Tân Giang", font=str(font.bold))
    return papers.signed(pdf, papers.signer("Con dấu"), field="ConDau", stamp=seal_stamp(pdf, seal))


def test_the_paper_is_initialled_signed_numbered_sealed_as_one(issued: bytes, tmp_path: Path) -> None:
    assert foreign.qpdf_accepts(issued, tmp_path)
    report = verify(
        issued, trust_roots=[papers.pki().root_pem], expected_fields=["KyNhay1", "KyNhay2", "ChuKy", "ConDau"],
        fillable=["So", "NgayThang"], values={"So": "05", "NgayThang": "ngày 27 tháng 11 năm 2026"},
    )  # fmt: skip
    assert (report.verdict, report.reasons) == ("valid", ())
    assert {one.integrity for one in report.signatures} == {"intact"}


def test_number_and_date_stand_on_the_line_of_their_words(office: dict[str, Printed], issued: bytes) -> None:
    sheet = Sheet(_flat(issued))
    digits, symbol = sheet.find("05"), sheet.find("GM-UBND")
    assert digits.low == pytest.approx(symbol.low, abs=0.7)
    assert digits.right <= sheet.find("/GM").left + 0.5
    place, day = sheet.find("Tân"), sheet.find("27", last=True)
    assert day.low == pytest.approx(place.low, abs=0.7)
    assert day.size == place.size == digits.size == 13
    assert sheet.find("ngày 27 tháng 11 năm 2026", last=True).right < 195 * MM


def test_the_seal_covers_a_third_of_the_signature(office: dict[str, Printed], issued: bytes) -> None:
    page, scale = field(office["invitation"], "ChuKy").page, 3.0
    picture = papers.rendered(issued, page, scale).crop((int(250 * scale), int(550 * scale), int(590 * scale), 2526))
    red, _, blue = picture.split()
    blue_ink = _span(blue, red)
    red_ink = _span(red, blue)
    assert 0.28 <= (red_ink[1] - blue_ink[0]) / (blue_ink[1] - blue_ink[0]) <= 0.38
    assert (red_ink[1] - red_ink[0]) / scale / MM == pytest.approx(36, abs=0.4)


def _span(strong: Image.Image, weak: Image.Image) -> tuple[int, int]:
    """From where to where one colour is strong and another weak."""
    empty = Image.new("L", strong.size)
    seen = Image.composite(strong.point(lambda v: 255 * (v > 120)), empty, weak.point(lambda v: 255 * (v < 110)))
    box = seen.getbbox()
    assert box is not None
    return box[0], box[2]


def _flat(pdf: bytes) -> bytes:
    """Fields drawn into the page, so that their words are read like the others."""
    with pypdfium2.PdfDocument(pdf) as document:
        document.init_forms()
        pypdfium2.raw.FPDFPage_Flatten(document[0], pypdfium2.raw.FLAT_NORMALDISPLAY)
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def test_the_title_of_the_file_is_the_papers(office: dict[str, Printed]) -> None:
    reader = PdfReader(io.BytesIO(office["minutes"].pdf))
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith("Biên bản Phiên họp")
