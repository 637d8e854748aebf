"""The demo's papers: all there, printable, adding up, the same every time, and honest in their page counts."""

import re
from io import BytesIO

import pypdfium2
import pytest
from PIL import ImageStat
from pypdf import PdfReader

from server.demo.papers import PAPERS, budget, communes, economy, investment, make

pytestmark = pytest.mark.slow

MM = 72 / 25.4
PAGES = {
    "chuong-trinh": 1,
    "to-trinh-dau-tu-cong": 4,
    "du-thao-nghi-quyet": 11,
    "phu-luc-64-du-an": 46,
    "bao-cao-126-xa-phuong": 60,
}


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return {paper.key: make(paper.key) for paper in PAPERS}


def text_of(pdf: bytes) -> str:
    pages = (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    return re.sub(r"\s+", " ", " ".join(pages))


def test_there_are_at_least_twelve_with_unique_keys_and_file_names() -> None:
    assert len(PAPERS) >= 12
    assert len({paper.key for paper in PAPERS}) == len({paper.filename for paper in PAPERS}) == len(PAPERS)
    assert {paper.item for paper in PAPERS} == {
        "",
        "kt-xh",
        "dau-tu-cong",
        "phong-hop",
        "rac-thai",
        "ben-da-phu-lam",
        "nhan-su",
        "bien-ban",
    }


def test_every_paper_has_its_pages_on_a4_or_a3(made: dict[str, bytes]) -> None:
    counts = {key: len(PdfReader(BytesIO(pdf)).pages) for key, pdf in made.items()}
    assert {key: counts[key] for key in PAGES} == PAGES
    for key, pdf in made.items():
        for page in PdfReader(BytesIO(pdf)).pages:
            size = tuple(sorted(round(float(side) / MM) for side in (page.mediabox.width, page.mediabox.height)))
            assert size == ((297, 420) if key == "phu-luc-64-du-an" else (210, 297)), key


def test_every_paper_but_the_scan_shows_its_number_and_ends_as_the_decree_asks(made: dict[str, bytes]) -> None:
    for paper in PAPERS:
        text = text_of(made[paper.key])
        if paper.scan:
            assert text.strip() == ""
        elif paper.key != "phu-luc-64-du-an":
            assert "Độc lập - Tự do - Hạnh phúc" in text, paper.key
            assert "./." in text, paper.key
            assert paper.symbol in text, paper.key


def test_only_the_embedded_family_is_used(made: dict[str, bytes]) -> None:
    for key, pdf in made.items():
        names = {
            str(font.get_object()["/BaseFont"])
            for page in PdfReader(BytesIO(pdf)).pages
            for font in page["/Resources"].get("/Font", {}).values()  # type: ignore[attr-defined]
        }
        assert all(re.fullmatch(r"/[A-Z]{6}\+Paper(-Bold)?(-Italic)?", name) for name in names), (key, names)


def test_the_scan_is_pictures_with_grain_and_ink(made: dict[str, bytes]) -> None:
    reader = PdfReader(BytesIO(made["cong-van-y-kien-scan"]))
    assert all(len(page.images) == 1 and page.images[0].name.endswith(".jpg") for page in reader.pages)
    page = pypdfium2.PdfDocument(made["cong-van-y-kien-scan"])[0].render(scale=1).to_pil().convert("L")
    corner = ImageStat.Stat(page.crop((0, 0, 120, 40)))
    assert 0.3 < corner.stddev[0] < 20
    assert ImageStat.Stat(page).extrema[0][0] < 110


def test_tables_repeat_their_heads(made: dict[str, bytes]) -> None:
    document = pypdfium2.PdfDocument(made["phu-luc-64-du-an"])
    texts = [page.get_textpage().get_text_range() for page in document]
    first = next(place for place, text in enumerate(texts) if "Biểu 03. DANH" in text and place > 0)
    assert all("Chủ đầu tư" in text and "Quyết định đầu tư" in text for text in texts[first : first + 4])


def test_nothing_is_drawn_outside_the_margins(made: dict[str, bytes]) -> None:
    for key, pdf in made.items():
        if key == "cong-van-y-kien-scan":
            continue
        for place, page in enumerate(pypdfium2.PdfDocument(pdf)):
            picture = page.render(scale=1).to_pil().convert("L").point(lambda grey: 255 if grey < 200 else 0)
            left, _, right, bottom = picture.getbbox() or (0, 0, 0, 0)
            assert left >= 19 * MM, (key, place)
            assert right <= picture.width - 14 * MM, (key, place)
            assert bottom <= picture.height - 16 * MM, (key, place)


def test_same_bytes_twice(made: dict[str, bytes]) -> None:
    for key in ("to-trinh-dau-tu-cong", "cong-van-y-kien-scan", "bao-cao-kt-xh"):
        assert make(key) == made[key], key


def test_money_adds_up_everywhere() -> None:
    rows = budget.projects()
    assert len(rows) == 64
    assert sum(row.new for row in rows) == 23
    assert sum(now for _, _, now in budget.SOURCES) == budget.TOTAL == 8420
    assert sum(before for _, before, _ in budget.SOURCES) == budget.TOTAL_BEFORE == 7920
    assert [sum(column) for column in list(zip(*budget.SPLIT, strict=True))[1:]] == [3310, 3050, 690, 1370]
    assert budget.total(rows) == sum(budget.SPLIT[0][1:]) == budget.RUNNING + budget.NEW
    assert tuple(budget.total(rows, column) for column in range(4)) == budget.SPLIT[0][1:]
    for row in rows:
        assert sum(row.sources) == sum(row.quarters) == row.plan
        assert row.before + row.plan <= row.cost
        assert all(amount >= 0 for line in investment._sheet(row) for amount in line[1:])


def test_communes_and_economy_add_up() -> None:
    rows = communes.communes()
    assert len(rows) == len({row.full_name for row in rows}) == 126
    assert sum(row.kind == "phường" for row in rows) == 42
    assert sum(row.allotted for row in rows) == communes.ALLOTTED
    assert sum(investment._before()) == investment.BEFORE_ALLOTTED
    report = economy.report()
    assert sum(economy.REVENUE_2026) == report["done"] == 19886
    assert f"{report['done_share']:.1f}" == "95.6"


def test_proposal_opens_as_the_reader_shows_it(made: dict[str, bytes]) -> None:
    first = pypdfium2.PdfDocument(made["to-trinh-dau-tu-cong"])[0].get_textpage().get_text_range()
    text = re.sub(r"\s+", " ", first)
    for part in (
        "Số: 318/TTr-STC",
        "Tân Giang, ngày 23 tháng 11 năm 2026",
        "8.420 tỷ đồng, tăng 6,3% so với năm 2026",
        "Chỉ khởi công mới 23 dự án",
    ):
        assert part in text, part


def test_unknown_key_is_refused() -> None:
    with pytest.raises(KeyError):
        make("khong-co")
