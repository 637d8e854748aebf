"""What is seen of signatures, measured on rendered pages: seal over a third of the ink, words of annexes and copies."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageDraw

from signing import Field, SigningError, Stamp, add_fields, verify
from signing.appearances import (
    MM,
    annex_stamp,
    copy_stamp,
    ink_box,
    seal_box,
    seal_room,
    seal_stamp,
    signing_time,
)
from signing.demo_ink import draw_signature
from signing.demo_seal import draw_seal
from signing.fields import fill_fields
from signing.places import field_place, page_box
from tests.signing import papers

AREA = (300.0, 120.0, 475.0, 200.0)
AT = datetime(2026, 11, 15, 7, 30, 5, tzinfo=UTC)
LONG = "Ban Quản lý dự án đầu tư xây dựng công trình giao thông và hạ tầng kỹ thuật thành phố Tân Giang"
SCALE = 4.0
Box = tuple[float, float, float, float]


def drawn_to(width: float, height: float, ink: Box) -> bytes:
    """A blue signature of `width` × `height` mm whose ink fills `ink` (shares of the picture, from the top left)."""
    image = Image.new("RGBA", (int(width * 10), int(height * 10)), (27, 75, 159, 0))
    edges = (ink[0] * image.width, ink[1] * image.height, ink[2] * image.width - 1, ink[3] * image.height - 1)
    ImageDraw.Draw(image).rectangle(edges, fill=(27, 75, 159, 255))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


SIGNATURES = {
    "a name": draw_signature("Đỗ Thị Ẩn"),
    "fills its area": drawn_to(62, 28, (0, 0, 1, 1)),
    "short, in the middle": drawn_to(20, 28, (0, 0, 1, 1)),
    "ink at the right of its picture": drawn_to(60, 24, (0.4, 0.2, 0.95, 0.6)),
}


@pytest.fixture(scope="module")
def seal() -> bytes:
    return draw_seal("Ủy ban nhân dân thành phố Tân Giang", font=papers.serif_font())


def of_official(image: bytes, fields: tuple[Field, ...] = ()) -> bytes:
    paper = add_fields(papers.plain(), [Field(name="ChuKy", box=AREA, leaves=("ConDau",)), *fields])
    return papers.signed(paper, field="ChuKy", stamp=Stamp(box=AREA, image=image))


def prepared(image: bytes) -> bytes:
    return of_official(image, (Field(name="ConDau", box=seal_room(AREA), leaves=(), closes=True),))


def ink(pdf: bytes, *, red: bool) -> Box:
    """The edges of what is drawn in this colour, in points from the lower left."""
    picture = papers.rendered(pdf, scale=SCALE)
    r, _, b = picture.split()
    first, second = (r, b) if red else (b, r)
    seen = Image.composite(
        first.point(lambda v: 255 * (v > 120)), Image.new("L", picture.size), second.point(lambda v: 255 * (v < 110))
    )
    box = seen.getbbox()
    assert box is not None
    return box[0] / SCALE, (picture.height - box[3]) / SCALE, box[2] / SCALE, (picture.height - box[1]) / SCALE


@pytest.mark.parametrize("image", SIGNATURES.values(), ids=SIGNATURES)
def test_seal_covers_a_third_of_the_signature_on_its_left_at_its_real_size(image: bytes, seal: bytes) -> None:
    official = prepared(image)
    blue = ink(official, red=False)
    assert ink_box(official, "ChuKy")[1] == pytest.approx(blue, abs=0.6)
    paper = papers.signed(official, papers.signer("Con dấu UBND"), field="ConDau", stamp=seal_stamp(official, seal))
    red = ink(paper, red=True)
    covered = (red[2] - blue[0]) / (blue[2] - blue[0])
    assert 0.28 <= covered <= 0.38
    assert red[0] < blue[0]
    assert (red[2] - red[0]) / MM == pytest.approx(36, abs=0.3)
    assert (red[3] - red[1]) / MM == pytest.approx(36, abs=0.3)
    assert verify(paper, trust_roots=[papers.pki().root_pem], expected_fields=["ChuKy", "ConDau"]).reasons == ()


def test_a_paper_without_a_field_for_the_seal_gets_one_around_it(seal: bytes) -> None:
    official = of_official(SIGNATURES["a name"])
    stamp = seal_stamp(official, seal, size_mm=30)
    assert (stamp.box[2] - stamp.box[0]) / MM == pytest.approx(30)
    paper = papers.signed(official, field="ConDau", stamp=stamp)
    assert field_place(paper, "ConDau")[1] == pytest.approx(stamp.box, abs=0.01)


def test_seal_box_is_a_third_over_the_left_and_has_the_same_middle_line() -> None:
    box = seal_box((100, 50, 190, 80), 20, ratio=0.5)
    assert box == pytest.approx((130 - 20 * MM, 65 - 5 * MM, 130, 65 + 5 * MM))
    left, low, right, high = seal_room((100, 50, 190, 80), 20)
    assert (left, low) <= (box[0], box[1])
    assert right == 190  # ink may stand anywhere
    assert high - low == pytest.approx(20 * MM)


def test_a_seal_that_its_field_would_cut_is_refused(seal: bytes) -> None:
    with pytest.raises(SigningError, match="seal_too_large"):
        seal_stamp(prepared(SIGNATURES["a name"]), seal, size_mm=42)


def test_an_unseen_signature_gives_its_area_and_a_missing_one_is_refused(seal: bytes) -> None:
    paper = papers.signed(add_fields(papers.plain(), [Field(name="ChuKy", box=AREA)]), field="ChuKy")
    assert ink_box(paper, "ChuKy")[1] == pytest.approx(AREA)
    with pytest.raises(SigningError, match="field_missing"):
        seal_stamp(papers.plain(), seal)
    with pytest.raises(SigningError, match="field_without_box"):
        field_place(papers.signed(papers.plain(), field="An"), "An")


def lines_of(pdf: bytes) -> list[tuple[str, Box, float]]:
    """Text, box and size of the lines in the field of the stamp, from the top."""
    page, box = field_place(pdf, "DauPhuLuc")
    with pypdfium2.PdfDocument(pdf) as document:
        pypdfium2.raw.FPDFPage_Flatten(document[page], pypdfium2.raw.FLAT_NORMALDISPLAY)
        flat = io.BytesIO()
        document.save(flat)
    with pypdfium2.PdfDocument(flat.getvalue()) as document:
        text = document[page].get_textpage()
        found = []
        for number in range(text.count_rects()):
            left, low, right, high = text.get_rect(number)
            if left >= box[0] - 1 and low >= box[1] - 1:
                start = pypdfium2.raw.FPDFText_GetCharIndexAtPos(text, left + 2, (low + high) / 2, 4, 6)
                size = pypdfium2.raw.FPDFText_GetFontSize(text, start)
                found.append((text.get_text_bounded(left, low, right, high), (left, low, right, high), size))
        return sorted(found, key=lambda one: -one[1][1])


def stamped(stamp: Stamp) -> bytes:
    return papers.signed(papers.plain(), field="DauPhuLuc", stamp=stamp)


def test_annex_says_number_and_time_top_right_in_ten_points() -> None:
    page = page_box(papers.plain())
    lines = lines_of(stamped(annex_stamp(page, "05/QĐ-UBND", AT, font=papers.serif_font())))
    assert [text for text, _, _ in lines] == ["05/QĐ-UBND", "15/11/2026 14:30:05 +07:00"]
    assert {round(size, 2) for _, _, size in lines} == {10}
    for _, (left, low, right, _), _ in lines:
        assert left > page[2] / 2 + 15 * MM  # the page number stands in the middle
        assert 15 * MM <= page[2] - right <= 20 * MM
        assert low > page[3] - 20 * MM  # in the upper margin, above the text
    assert lines[0][1][2] == pytest.approx(lines[1][1][2], abs=1)


@pytest.mark.parametrize("kind", ["SAO Y", "SAO LỤC", "TRÍCH SAO"])
@pytest.mark.parametrize("agency", ["Sở Nội vụ", LONG])
def test_copy_names_kind_agency_and_time_and_a_long_name_wraps(kind: Any, agency: str) -> None:
    lines = lines_of(stamped(copy_stamp(page_box(papers.plain()), kind, agency, AT, font=papers.serif_font())))
    texts = [text for text, _, _ in lines]
    assert (texts[0], " ".join(texts[1:-1]), texts[-1]) == (kind, agency, signing_time(AT))
    assert {round(size, 2) for _, _, size in lines} == {10}
    for (_, above, _), (_, below, _) in pairwise(lines):
        assert below[3] <= above[1] + 0.5
    assert min(box[1] for _, box, _ in lines) > papers.A4[1] - 26 * MM


def test_a_box_that_is_a_hair_beside_another_is_still_drawn() -> None:
    """Figures like 4e-05 are no PDF: a viewer would leave the picture out."""
    stamp = Stamp(box=(100, 100, 200, 200), image=SIGNATURES["a name"], image_at=(100, 99.99996, 200, 200))
    paper = papers.signed(papers.plain(), stamp=stamp)
    assert papers.rendered(paper).tobytes() != papers.rendered(papers.plain()).tobytes()


@pytest.mark.parametrize("align", ["left", "centre", "right"])
def test_a_filled_text_stands_where_its_field_says(align: Any) -> None:
    field = Field(name="So", kind="text", page=0, box=(300, 400, 400, 420), align=align)
    paper = fill_fields(add_fields(papers.plain(), [field]), {"So": "05"}, font=papers.serif_font())
    crop = papers.rendered(paper).crop((600, 2 * 842 - 840, 800, 2 * 842 - 800)).convert("L")
    left, _, right, _ = crop.point(lambda v: 255 * (v < 128)).getbbox() or (0, 0, 0, 0)
    place = left / (200 - (right - left))
    assert place == pytest.approx({"left": 0.0, "centre": 0.5, "right": 1.0}[align], abs=0.05)


def test_the_seal_of_the_demo_is_round_red_and_says_that_it_is_a_specimen(seal: bytes) -> None:
    image = Image.open(io.BytesIO(seal))
    assert image.mode == "RGBA"
    assert image.width == image.height
    assert image.getchannel("A").getbbox() is not None
    assert image.getpixel((2, 2)) == (203, 27, 33, 0)
    empty = Image.open(io.BytesIO(draw_seal("", font=papers.serif_font())))
    assert empty.getchannel("A").crop((250, 540, 600, 640)).getbbox() is not None
    other = draw_seal(LONG, font=papers.serif_font())
    assert other != seal
