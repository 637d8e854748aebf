"""Printing: fonts, refusals, and the measured layout of rendered pages (Decree 30/2020, Appendix I)."""

import re
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader
from weasyprint.urls import FatalURLFetchingError

from server.core.printing import Letter, PrintingError, Signer, fetcher, fonts, places, words
from server.core.printing.render import Box, Printed, render_html, render_pdf, render_with_boxes
from tests.support.parts import missing

MM = 72 / 25.4
SIGNER = Signer(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Nguyễn Đăng Thụy")
LETTER = Letter(
    title="Giấy mời phiên họp tháng 11",
    issuer="Ủy ban nhân dân\nthành phố Tân Giang",
    kind="Giấy mời",
    subject="Phiên họp Ủy ban nhân dân thành phố thường kỳ tháng 11 năm 2026",
    signer=SIGNER,
    symbol="GM-UBND",
    number="401",
    place="Tân Giang",
    dated=date(2026, 11, 23),
    recipients=("Như thành phần mời", "Lưu: VT, TH"),
    inviter="Ủy ban nhân dân thành phố Tân Giang",
)
MEETING: dict[str, Any] = {
    "title": "phiên họp Ủy ban nhân dân thành phố thường kỳ tháng 11 năm 2026",
    "chair": "ông Nguyễn Đăng Thụy, Chủ tịch Ủy ban nhân dân thành phố",
    "start": datetime(2026, 11, 27, 1, 0, tzinfo=UTC),
    "place": "Phòng họp số 1",
    "sites": [],
    "items": ["Báo cáo tình hình kinh tế – xã hội", "Dự thảo Nghị quyết phân bổ đầu tư công"],
    "notes": ["Tài liệu được gửi trên hệ thống"],
}


def invitation(guests: int = 3, letter: Letter = LETTER, **changed: object) -> Printed:
    names = [f"Chủ tịch Ủy ban nhân dân phường số {index}" for index in range(1, guests + 1)]
    values = {"doc": letter, "guests": names, "meeting": MEETING | changed}
    return render_with_boxes("print/invitation.html", values)


def page_texts(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def ink(pdf: bytes, page: int = 0) -> tuple[Image.Image, float]:
    """Return the page as grey pixels and the pixels of one millimetre."""
    bitmap = pypdfium2.PdfDocument(pdf)[page].render(scale=2).to_pil().convert("L")
    return bitmap, 2 * MM


def margins_mm(pdf: bytes, page: int = 0) -> tuple[float, float, float, float]:
    """Return the white space left, top, right, bottom of all that is drawn."""
    picture, unit = ink(pdf, page)
    left, top, right, bottom = picture.point(lambda grey: 255 if grey < 200 else 0).getbbox() or (0, 0, 0, 0)
    return left / unit, top / unit, (picture.width - right) / unit, (picture.height - bottom) / unit


def test_the_family_has_every_vietnamese_letter_in_all_four_faces() -> None:
    assert len(set(fonts.VIETNAMESE)) == 134
    assert {face: fonts.covers_vietnamese(path) for face, path in fonts.times_font().faces().items()} == {
        "regular": True,
        "bold": True,
        "italic": True,
        "bold_italic": True,
    }


def test_a_family_that_lacks_one_letter_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    family = fonts.times_font()
    for face, path in family.faces().items():
        font = TTFont(path)
        subsetter = Subsetter(Options())
        subsetter.populate(unicodes=fonts._NEEDED - ({ord("ẵ")} if face == "italic" else set()))
        subsetter.subset(font)
        font.save(tmp_path / f"LiberationSerif-{fonts._STYLES[face]}.ttf")
    monkeypatch.setattr(fonts, "tinos_folders", lambda: ())
    monkeypatch.setattr(fonts, "system_font_folders", lambda: (tmp_path,))
    with pytest.raises(PrintingError) as caught:
        fonts.times_font.__wrapped__()
    assert caught.value.code == "font_missing"


def test_tinos_of_npm_is_joined_into_one_family_and_the_same_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = next((folder for folder in places.tinos_folders() if (folder / "files").is_dir()), None)
    if folder is None:
        missing("@fontsource/tinos (npm ci in clients/)")
    files = []
    for place in ("one", "two"):
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / place))
        family = fonts._tinos(folder)
        assert all(fonts.covers_vietnamese(path) for path in family.faces().values())
        assert all(path.is_relative_to(tmp_path / place) for path in family.faces().values())
        files.append([path.read_bytes() for path in family.faces().values()])
        time.sleep(1.1)  # a font's clock counts seconds
    assert files[0] == files[1]


def test_all_letters_are_drawn_with_the_embedded_family_and_none_with_another() -> None:
    letters = " ".join(fonts.VIETNAMESE)
    pdf = invitation(place=letters).pdf
    used = {
        str(font.get_object()["/BaseFont"])
        for page in PdfReader(BytesIO(pdf)).pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert used
    assert {re.sub(r"^/[A-Z]{6}\+|-", "", name) for name in used} <= {
        "Paper",
        "PaperBold",
        "PaperItalic",
        "PaperBoldItalic",
    }
    listed = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert all(re.search(r"yes\s+yes\s+yes", line) for line in listed.splitlines()[2:]), listed
    text = "".join(page_texts(pdf))
    assert [letter for letter in fonts.VIETNAMESE if letter not in text] == []


def test_page_is_a4_with_the_margins_of_the_decree() -> None:
    printed = invitation(guests=80, place="Phòng họp số 1, " * 40)
    assert len(printed.pages) > 1
    for width, height in printed.pages:
        assert (round(width / MM), round(height / MM)) == (210, 297)
    assert 20 <= margins_mm(printed.pdf, 0)[1] <= 25
    left, top, right, bottom = margins_mm(printed.pdf, len(printed.pages) - 1)
    assert 29.7 <= left <= 35  # a glyph may reach over its origin by a hair
    assert 7 <= top <= 20  # the page number stands in the margin
    assert 15 <= right <= 20
    assert bottom >= 20


def test_parts_stand_in_the_order_of_form_1_7() -> None:
    text = re.sub(r"\s+", " ", page_texts(invitation().pdf)[0])
    parts = [
        "ỦY BAN NHÂN DÂN THÀNH PHỐ TÂN GIANG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 401/GM-UBND",
        "Tân Giang, ngày 23 tháng 11 năm 2026",
        "GIẤY MỜI",
        "trân trọng kính mời:",
        "Tới dự",
        "Chủ trì:",
        "Thời gian: 08 giờ 00, Thứ Sáu, ngày 27 tháng 11 năm 2026.",
        "Địa điểm:",
        "./.",
        "Nơi nhận:",
        "Lưu: VT, TH.",
        "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH",
        "Nguyễn Đăng Thụy",
    ]
    place = 0
    for part in parts:
        place = text.find(part, place)
        assert place >= 0, f"{part} is missing or out of order"
        place += len(part)


def test_page_numbers_begin_on_page_two_at_the_top_centre() -> None:
    pdf = invitation(guests=60).pdf
    first, second = (pypdfium2.PdfDocument(pdf)[index].get_textpage() for index in (0, 1))
    band = {"bottom": 297 * MM - 20 * MM, "top": 297 * MM, "left": 90 * MM, "right": 130 * MM}
    assert first.get_text_bounded(**band).strip() == ""
    assert second.get_text_bounded(**band).strip() == "2"


@pytest.mark.parametrize("guests", [1, 20, 24, 26, 28, 60])
def test_signature_box_is_empty_and_lies_between_post_and_full_name(guests: int) -> None:
    printed = invitation(guests=guests)
    box = printed.boxes["signature"]
    page = pypdfium2.PdfDocument(printed.pdf)[box.page]
    inside = {"left": box.x, "right": box.x + box.width, "bottom": box.y, "top": box.y + box.height}
    text = page.get_textpage()
    assert text.get_text_bounded(**inside).strip() == ""
    below = text.get_text_bounded(**inside | {"top": box.y, "bottom": box.y - 20})
    above = text.get_text_bounded(**inside | {"bottom": box.y + box.height, "top": box.y + box.height + 22})
    assert "Nguyễn Đăng Thụy" in below
    assert "CHỦ TỊCH" in above
    picture, unit = ink(printed.pdf, box.page)
    pixels = picture.crop(
        (
            int(box.x / MM * unit),
            int(picture.height - (box.y + box.height) / MM * unit) + 2,
            int((box.x + box.width) / MM * unit),
            int(picture.height - box.y / MM * unit) - 2,
        )
    )
    assert pixels.getextrema() == (255, 255)
    assert box.width >= 50 * MM
    assert box.height >= 25 * MM


@pytest.mark.parametrize("guests", range(17, 31))
def test_signature_never_stands_alone_on_a_page(guests: int) -> None:
    printed = invitation(guests=guests)
    assert "./." in page_texts(printed.pdf)[printed.boxes["signature"].page]


def test_number_and_date_left_for_the_registry_have_known_places() -> None:
    printed = invitation(letter=replace(LETTER, number="", dated=None))
    number, dated = printed.boxes["number"], printed.boxes["date"]
    assert number.page == dated.page == 0
    assert number.width > 8 * MM
    assert dated.width > 40 * MM
    assert number.x < 105 * MM < dated.x
    assert isinstance(printed.boxes["text-end"], Box)


def test_same_values_give_the_same_bytes_in_another_process() -> None:
    script = (
        "import hashlib, sys; sys.path.insert(0, sys.argv[1]); from tests.core.test_printing import invitation; "
        "print(hashlib.sha256(invitation().pdf).hexdigest())"
    )
    root = Path(__file__).parents[2]
    runs = {
        subprocess.run(
            [sys.executable, "-c", script, str(root)],
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    assert len(runs.pop().strip()) == 64


def test_a_long_title_is_broken_into_even_lines() -> None:
    title = "Kết luận của Chủ tịch Ủy ban nhân dân thành phố tại phiên họp thường kỳ tháng 11 năm 2026"
    first, second = words.balanced(title).split("\n")
    assert f"{first} {second}" == title
    assert abs(len(first) - len(second)) < 12
    assert words.balanced("Phiên họp\nthường kỳ" + title) == "Phiên họp\nthường kỳ" + title
    assert words.balanced("Phiên họp") == "Phiên họp"


HOSTILE = [
    '<img src="file:///etc/passwd">',
    "<link rel=attachment href=file:///etc/passwd>",
    "<style>@import url(http://127.0.0.1:9/x.css);</style>",
    "{{ 7 * 191 }}",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_type_is_printed_as_text(text: str) -> None:
    pdf = invitation(place=text).pdf
    assert text.replace(" ", "") in re.sub(r"\s", "", "".join(page_texts(pdf)))
    assert b"/EmbeddedFile" not in pdf


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/hostname",
        "http://127.0.0.1:9/x.png",
        "https://127.0.0.1:9/x.png",
        "data:image/png;base64,AAAA",
        "asset:../mail/base.css",
        "asset:/etc/hostname",
        "asset:decree.html",
        "asset:given/missing.png",
        "asset:font/../../x",
    ],
)
def test_fetcher_knows_only_bundled_assets(address: str) -> None:
    serve = fetcher.AssetFetcher(fonts.times_font(), {"known.png": b"bytes"})
    with pytest.raises(FatalURLFetchingError):
        serve.fetch(address)
    assert serve.fetch("asset:given/known.png").read() == b"bytes"
    assert b"@page" in serve.fetch("asset:decree.css").read()


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="file:///etc/hostname">',
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
        "<style>@import 'http://127.0.0.1:9/x.css';</style>",
        '<link rel="attachment" href="file:///etc/hostname">',
        '<svg viewBox="0 0 9 9"><image href="file:///etc/hostname" width="9" height="9"/></svg>',
    ],
)
def test_a_template_that_reaches_outside_prints_nothing(
    markup: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import jinja2

    from server.core.printing import render

    (tmp_path / "bad.html").write_text(f"<!doctype html><title>x</title>{markup}", "utf-8")
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(tmp_path), autoescape=True)
    monkeypatch.setattr(render, "_environment", lambda: environment)
    with pytest.raises(PrintingError) as caught:
        render_pdf("bad.html", {})
    assert caught.value.code == "asset_refused"


def test_missing_values_and_templates_have_codes() -> None:
    with pytest.raises(PrintingError) as caught:
        render_html("print/invitation.html", {"doc": LETTER, "guests": []})
    assert caught.value.code == "template_broken"
    with pytest.raises(PrintingError) as caught:
        render_html("print/../../pyproject.toml", {})
    assert caught.value.code == "template_missing"


def test_numbers_and_dates_are_written_the_vietnamese_way() -> None:
    assert words.number(8420) == "8.420"
    assert words.number(1234567.25, 1) == "1.234.567,2"
    assert words.number(6.3, 1) == "6,3"
    assert words.long_date(date(2026, 2, 5)) == "ngày 05 tháng 02 năm 2026"
    assert words.long_date(date(2026, 3, 15)) == "ngày 15 tháng 3 năm 2026"
    assert words.clock(datetime(2026, 11, 27, 1, 0, tzinfo=UTC)) == "08 giờ 00"


def test_number_and_unit_date_and_name_stay_on_one_line() -> None:
    bound = words.bind("<p>Tổng 8.420 tỷ đồng ngày 05 tháng 02, bà Hoàng Thị Lan Chi trình.</p><style>a 5 km</style>")
    assert "8.420\u00a0tỷ đồng ngày\u00a005 tháng\u00a002," in bound
    assert "bà Hoàng\u00a0Thị\u00a0Lan\u00a0Chi trình" in bound
    assert "<style>a 5 km</style>" in bound
    assert "\u00a0" not in words.bind("<p>ông chủ tịch, bà con và số điện thoại</p>")


def test_bound_words_are_found_by_a_search_with_plain_spaces() -> None:
    pdf = invitation(place="kho 8.420 tỷ đồng, ông Bùi Trọng Nghĩa mở").pdf
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    for words_sought in ("8.420 tỷ đồng", "Bùi Trọng Nghĩa", "ngày 27 tháng 11 năm 2026"):
        assert page.search(words_sought).get_next() is not None, words_sought
        assert words_sought in page_texts(pdf)[0].replace("\n", " "), words_sought
