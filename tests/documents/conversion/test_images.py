"""Pictures and scans as PDFs: paper, resolution, orientation, colours; and nothing of what a camera wrote beside."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image

from server.core.errors import DomainError
from server.documents.conversion.images import A4, image_to_pdf, join, place
from tests.support.images import drawn, encoded, image

if TYPE_CHECKING:
    from pathlib import Path


def made(tmp_path: Path, data: bytes, kind: str) -> Path:
    source, target = tmp_path / "source", tmp_path / "target.pdf"
    source.write_bytes(data)
    image_to_pdf(str(source), kind, str(target))
    return target


def shown(path: Path, page: int = 0) -> Image.Image:
    with pypdfium2.PdfDocument(path) as document:
        picture: Image.Image = document[page].render(scale=0.5).to_pil().convert("RGB")
    return picture


def size(path: Path, page: int = 0) -> tuple[float, float]:
    with pikepdf.open(path) as pdf:
        box = [float(each) for each in pdf.pages[page].mediabox]
    return round(box[2], 1), round(box[3], 1)


def filters(path: Path) -> list[str]:
    with pikepdf.open(path) as pdf:
        return [str(page.Resources.XObject.Im.Filter) for page in pdf.pages]


# ---- where on which paper


def test_a_scan_that_says_its_resolution_keeps_its_paper() -> None:
    assert place((2480, 3508), (300, 300)).page == pytest.approx(A4, abs=0.5)
    assert place((3508, 4961), (300, 300)).page == pytest.approx((841.9, 1190.6), abs=0.5)
    assert place((1728, 1146), (204, 98)).page == pytest.approx((609.9, 842.0), abs=0.5)  # a fax has two resolutions


@pytest.mark.parametrize("dpi", [None, (72, 72), (96, 96), (5000, 5000)])
def test_a_photograph_lies_on_a4_as_it_was_taken(dpi: tuple[float, float] | None) -> None:
    where = place((4000, 3000), dpi)
    assert where.page == (A4[1], A4[0])
    assert where.box[2] / where.box[3] == pytest.approx(4 / 3)
    assert place((3000, 4000), dpi).page == A4


def test_a_small_picture_is_not_blown_up() -> None:
    assert place((96, 48), None).box[2:] == pytest.approx((72, 36))


@given(
    st.tuples(st.integers(1, 30_000), st.integers(1, 30_000)),
    st.none() | st.tuples(st.floats(0.1, 1e6), st.floats(0.1, 1e6)),
)
def test_every_picture_lies_on_its_page_and_keeps_its_shape(
    pixels: tuple[int, int], dpi: tuple[float, float] | None
) -> None:
    where = place(pixels, dpi)
    x, y, width, height = where.box
    assert min(x, y) >= 0
    assert x + width <= where.page[0] + 1e-6
    assert y + height <= where.page[1] + 1e-6
    if where.box[:2] != (0.0, 0.0):
        assert width * pixels[1] == pytest.approx(height * pixels[0])


# ---- what it is packed as, and how it looks


@pytest.mark.parametrize(
    ("kind", "data", "packed"),
    [
        ("png", image("PNG"), "/FlateDecode"),
        ("gif", image("GIF"), "/FlateDecode"),
        ("bmp", image("BMP"), "/FlateDecode"),
        ("tiff", image("TIFF"), "/FlateDecode"),
        ("webp", image("WEBP"), "/DCTDecode"),
        ("jpeg", image("JPEG"), "/DCTDecode"),
        ("png", encoded([drawn((300, 200), "den trang", "1")], "PNG"), "/CCITTFaxDecode"),
        ("tiff", encoded([drawn((300, 200), "fax", "1")], "TIFF", compression="group4"), "/CCITTFaxDecode"),
        ("png", encoded([drawn((300, 200), "xam", "L")], "PNG"), "/FlateDecode"),
        ("png", encoded([drawn((300, 200), "bang mau", "P")], "PNG"), "/FlateDecode"),
        ("png", encoded([drawn((300, 200), "sau", "RGBA")], "PNG"), "/FlateDecode"),
        ("jpeg", encoded([drawn((300, 200), "in", "CMYK")], "JPEG"), "/FlateDecode"),
        ("png", encoded([drawn((300, 200), "sau", "I;16")], "PNG"), "/FlateDecode"),
    ],
)
def test_every_kind_shows_as_it_is(tmp_path: Path, kind: str, data: bytes, packed: str) -> None:
    path = made(tmp_path, data, kind)
    assert filters(path) == [packed]
    assert size(path) == (round(A4[1], 1), round(A4[0], 1))
    look = shown(path)
    middle = (look.width // 2, look.height // 2)
    # 300 x 200 pixels at 96 dpi, drawn at half a pixel a point: 112 x 75 around the middle.
    corner = look.getpixel((middle[0] - 50, middle[1] - 32))
    paper = look.getpixel((middle[0] + 50, middle[1] + 30))
    assert isinstance(corner, tuple)
    assert isinstance(paper, tuple)
    assert max(corner) < 60
    assert min(paper) > 200


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_is_upright_however_the_camera_was_held(tmp_path: Path, turn: int, kind: str) -> None:
    back = {
        1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[turn]  # fmt: skip
    stored = drawn((400, 300), "")
    stored = stored if back is None else stored.transpose(back)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = turn
    look = shown(made(tmp_path, encoded([stored], kind, exif=exif), kind.lower()))
    assert look.width > look.height
    dark = [look.getpixel((look.width // 2 + dx, look.height // 2 + dy)) for dx in (-65, 65) for dy in (-45, 45)]
    assert [isinstance(each, tuple) and max(each) < 60 for each in dark] == [True, False, False, False]


def test_a_jpeg_is_put_in_as_it_is_without_where_and_when_it_was_taken(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Nguoi Chup"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    data = encoded([drawn((300, 200), "anh")], "JPEG", exif=exif, comment=b"bi mat")
    assert b"Nguoi Chup" in data
    path = made(tmp_path, data, "jpeg")
    with pikepdf.open(path) as pdf:
        raw = pdf.pages[0].Resources.XObject.Im.read_raw_bytes()
    assert b"Nguoi Chup" not in raw
    assert b"bi mat" not in raw
    with Image.open(io.BytesIO(raw)) as inside, Image.open(io.BytesIO(data)) as outside:
        assert inside.tobytes() == outside.tobytes()


def test_a_scan_of_several_pages_makes_as_many(tmp_path: Path) -> None:
    pages = [drawn((1240, 1754), f"trang {number}", "1") for number in range(3)]
    path = made(tmp_path, encoded(pages, "TIFF", compression="group4", dpi=(150, 150)), "tiff")
    assert filters(path) == ["/CCITTFaxDecode"] * 3
    assert size(path, 2) == pytest.approx((A4[0], A4[1]), abs=0.5)


def test_what_moves_stands_still_at_its_first_moment(tmp_path: Path) -> None:
    path = made(tmp_path, encoded([drawn((60, 40), "1"), drawn((60, 40), "2")], "GIF"), "gif")
    assert len(filters(path)) == 1


def test_a_large_photograph_without_loss_becomes_a_jpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.documents.conversion.images.LOSSLESS_BYTES", 100)
    assert filters(made(tmp_path, image("PNG"), "png")) == ["/DCTDecode"]


def test_several_become_one_in_order(tmp_path: Path) -> None:
    one, two = tmp_path / "1.pdf", tmp_path / "2.pdf"
    (tmp_path / "a").write_bytes(image("PNG", (100, 200)))
    (tmp_path / "b").write_bytes(image("JPEG", (200, 100)))
    image_to_pdf(str(tmp_path / "a"), "png", str(one))
    image_to_pdf(str(tmp_path / "b"), "jpeg", str(two))
    assert join(str(tmp_path / "joined.pdf"), str(two), str(one)) == 2
    assert filters(tmp_path / "joined.pdf") == ["/DCTDecode", "/FlateDecode"]


@pytest.mark.parametrize("cut", [20, 200, -300])
@pytest.mark.parametrize(("kind", "pillow"), [("png", "PNG"), ("jpeg", "JPEG"), ("tiff", "TIFF"), ("webp", "WEBP")])
def test_a_broken_picture_is_told_so(tmp_path: Path, cut: int, kind: str, pillow: str) -> None:
    with pytest.raises(DomainError, match=r"documents\.corrupt"):
        made(tmp_path, image(pillow)[:cut], kind)
