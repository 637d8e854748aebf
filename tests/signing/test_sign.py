"""Signing: out comes a valid PAdES B-B file with the old bytes in front; what must not be signed is refused."""

from __future__ import annotations

import io
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pikepdf
import pytest
from PIL import Image, ImageChops
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec, append_signature_field

from signing import Field, SigningError, Stamp, add_fields, sign, verify
from signing.demo_ink import draw_signature
from signing.fields import fill_fields
from signing.ink import read_image
from signing.signers import KeySigner, load_pkcs12
from tests.signing import foreign, papers
from tests.support.parts import need

ROOTS = [papers.pki().root_pem]


def with_fields(pdf: bytes, *specs: SigFieldSpec) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    for spec in specs:
        append_signature_field(writer, spec)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


async def test_signature_is_an_incremental_update_and_valid() -> None:
    paper = papers.plain(3)
    signed = await sign(paper, papers.signer(), reason="Ban hành", location="Hà Nội")
    assert signed.startswith(paper)
    report = verify(signed, trust_roots=ROOTS)
    assert (report.verdict, report.integrity, report.revisions) == ("valid", "intact", 2)
    (one,) = report.signatures
    assert (one.signer, one.organisation) == ("Nguyễn Thị Ánh Tuyết", "UBND thành phố")
    assert (one.algorithm, one.covers_whole_file, one.trusted) == ("ecdsa-secp256r1-sha256", True, True)
    assert one.claimed_time is not None
    assert abs(one.claimed_time - datetime.now(UTC)) < timedelta(minutes=1)
    assert b"ETSI.CAdES.detached" in signed


async def test_rsa_signs_as_pss_with_a_salt_as_long_as_the_digest() -> None:
    signed = await sign(papers.plain(), papers.signer("Trần Văn Bình", rsa_bits=2048))
    (one,) = verify(signed, trust_roots=ROOTS).signatures
    assert (one.algorithm, one.integrity, one.trusted) == ("rsa-pss-2048-sha256", "intact", True)
    from pyhanko.pdf_utils.reader import PdfFileReader

    embedded = PdfFileReader(io.BytesIO(signed)).embedded_signatures[0]
    assert embedded.signer_info["signature_algorithm"]["parameters"]["salt_length"].native == 32


async def test_claimed_time_is_the_given_one() -> None:
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    (one,) = verify(await sign(papers.plain(), papers.signer(), at=at)).signatures
    assert one.claimed_time == at


async def test_many_signatures_all_stay_valid() -> None:
    paper = papers.form()
    for name in ("Người thứ nhất", "Người thứ hai", "Người thứ ba"):
        paper = await sign(paper, papers.signer(name))
    report = verify(paper, trust_roots=ROOTS)
    assert report.verdict == "valid"
    assert [one.field for one in report.signatures] == ["ChuKy1", "ChuKy2", "ChuKy3"]
    assert [one.covers_whole_file for one in report.signatures] == [False, False, True]
    assert [change.kind for change in report.signatures[0].changes] == ["signature", "signature"]


async def test_prepared_field_is_used_and_its_box_drawn() -> None:
    paper = with_fields(papers.plain(), SigFieldSpec("NguoiKy", box=(300, 120, 500, 220)))
    stamp = Stamp(box=(0, 0, 1, 1), image=draw_signature("Lê Văn Đức"))
    signed = await sign(paper, papers.signer(), field="NguoiKy", stamp=stamp)
    assert [one.field for one in verify(signed).signatures] == ["NguoiKy"]
    assert _changed_box(papers.rendered(paper), papers.rendered(signed)) is not None


async def test_stamp_is_on_the_named_page_alone() -> None:
    paper = papers.plain(3)
    stamp = Stamp(box=papers.BOX, page=1, image=draw_signature("Lê Văn Đức"))
    signed = await sign(paper, papers.signer(), stamp=stamp)
    changed = [
        _changed_box(papers.rendered(paper, page), papers.rendered(signed, page)) is not None for page in range(3)
    ]
    assert changed == [False, True, False]


def _changed_box(before: Image.Image, after: Image.Image) -> tuple[int, int, int, int] | None:
    return ImageChops.difference(before, after).getbbox()


async def test_image_is_blue_centred_and_inside_its_box() -> None:
    paper = papers.plain()
    signed = await sign(paper, papers.signer(), stamp=Stamp(box=papers.BOX, image=draw_signature("Lê Văn Đức")))
    before, after = papers.rendered(paper), papers.rendered(signed)
    box = _changed_box(before, after)
    assert box is not None
    scale, height = 2, 842
    x1, y1, x2, y2 = papers.BOX
    left, top, right, bottom = box[0] / scale, box[1] / scale, box[2] / scale, box[3] / scale
    assert x1 <= left < right <= x2
    assert height - y2 <= top < bottom <= height - y1
    assert abs((left + right) / 2 - (x1 + x2) / 2) < 12
    colours = after.crop(box).getcolors(1_000_000)
    assert colours is not None
    inked = [(count, pixel) for count, pixel in colours if sum(pixel) < 450]  # type: ignore[arg-type]
    assert inked
    assert all(pixel[2] > pixel[0] + 40 for _, pixel in inked)  # type: ignore[index]


def test_every_vietnamese_letter_is_drawn() -> None:
    """Each letter alone, upper and lower: it must leave ink, and another picture than any other letter."""
    assert len(papers.VIETNAMESE) == 134
    places = {letter: (40 + 42 * (n % 12), 60 + 60 * (n // 12)) for n, letter in enumerate(papers.VIETNAMESE)}
    fields = [Field(name=f"c{ord(one)}", kind="text", box=(x, y, x + 40, y + 56)) for one, (x, y) in places.items()]
    values = {f"c{ord(one)}": one for one in papers.VIETNAMESE}
    paper = fill_fields(add_fields(papers.plain(), fields), values, font=papers.serif_font(), font_size=40)
    page = papers.rendered(paper, scale=1)
    boxes = {one: (x, 842 - y - 56, x + 40, 842 - y) for one, (x, y) in places.items()}
    pictures = {one: page.crop(box).convert("1") for one, box in boxes.items()}
    assert all(picture.getextrema() == (0, 255) for picture in pictures.values())
    same = {a + b for a in pictures for b in pictures if a < b and pictures[a].tobytes() == pictures[b].tobytes()}
    assert same == set()


async def test_letters_stand_as_the_font_says() -> None:
    """A 2048-unit font embedded as it is comes out spaced apart: compare with the font's own measure."""
    from fontTools.ttLib import TTFont

    line, size = "Chủ tịch Ủy ban nhân dân thành phố", 10.0
    font = papers.serif_font()
    paper = papers.plain()
    stamp = Stamp(box=(100, 100, 400, 140), lines=(line,), font=font, font_size=size)
    box = _changed_box(
        papers.rendered(paper, scale=4), papers.rendered(await sign(paper, papers.signer(), stamp=stamp), scale=4)
    )
    assert box is not None
    face = TTFont(font)
    names, widths = face.getBestCmap(), face["hmtx"]
    expected = sum(widths[names[ord(letter)]][0] for letter in line) / face["head"].unitsPerEm * size
    assert abs((box[2] - box[0]) / 4 - expected) < 3


async def test_lines_are_found_by_text_search() -> None:
    tool = need("pdftotext")
    line = "Ký bởi: Nguyễn Thị Ánh Tuyết – Sở Nội vụ, 22/11/2025 10:00:00 +07:00"
    stamp = Stamp(box=(72, 100, 500, 140), lines=(normalize("NFD", line),), font=papers.serif_font())
    signed = await sign(papers.plain(), papers.signer(), stamp=stamp)
    text = subprocess.run([tool, "-", "-"], input=signed, capture_output=True, check=True).stdout.decode()
    assert line in text


async def test_there_is_room_for_the_largest_keys() -> None:
    signed = await sign(papers.plain(), papers.signer("Khóa lớn", rsa_bits=4096))
    assert verify(signed, trust_roots=ROOTS).verdict == "valid"


@pytest.mark.parametrize("rsa_bits", [0, 2048])
async def test_pdfsig_openssl_and_qpdf_agree(tmp_path: Path, rsa_bits: int) -> None:
    stamp = Stamp(box=papers.BOX, image=draw_signature("Đỗ Thị Ẩn"), lines=("Đỗ Thị Ẩn",), font=papers.serif_font())
    once = await sign(papers.plain(2), papers.signer("Đỗ Thị Ẩn", rsa_bits=rsa_bits), stamp=stamp)
    twice = await sign(once, papers.signer())
    for signed, signatures in ((once, 1), (twice, 2)):
        assert foreign.pdfsig_accepts(signed, tmp_path, papers.pki(), signatures)
        assert foreign.openssl_accepts(signed, tmp_path, papers.pki())
        assert foreign.qpdf_accepts(signed, tmp_path)


# ------------------------------------------------------------------ refusals


def encrypted() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(papers.plain())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="chu", user=""))
    return out.getvalue()


def xfa() -> bytes:
    with pikepdf.open(io.BytesIO(papers.form())) as pdf:
        pdf.Root.AcroForm.XFA = pikepdf.Stream(pdf, b"<xdp/>")
        return papers.saved(pdf)


def rotated() -> bytes:
    with pikepdf.open(io.BytesIO(papers.plain())) as pdf:
        pdf.pages[0].Rotate = 90
        return papers.saved(pdf)


def locked() -> bytes:
    """All fields are locked, the file itself is not."""
    seal = SigFieldSpec("ConDau", field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL))
    return papers.signed(with_fields(papers.plain(), seal), field="ConDau")


def closed() -> bytes:
    """One field is locked, and the file is closed to any change."""
    lock = FieldMDPSpec(FieldMDPAction.INCLUDE, ["SoVanBan"])
    seal = SigFieldSpec("ConDau", field_mdp_spec=lock, doc_mdp_update_value=MDPPerm.NO_CHANGES)
    return papers.signed(with_fields(papers.form(), seal), field="ConDau")


def big_image() -> bytes:
    out = io.BytesIO()
    Image.new("1", (3000, 3000)).save(out, "PNG")
    return out.getvalue()


BOX = papers.BOX
REFUSED: dict[str, tuple[Any, dict[str, Any], str]] = {
    "not a file": (b"", {}, "pdf_unreadable"),
    "html": (b"<html><body>no</body></html>", {}, "pdf_unreadable"),
    "truncated": (papers.plain()[:-200], {}, "pdf_unreadable"),
    "no pages inside": (papers.plain().replace(b"/Kids", b"/Kadz"), {"stamp": Stamp(box=BOX)}, "pdf_unreadable"),
    "zip": (b"PK\x03\x04" + bytes(500), {}, "pdf_unreadable"),
    "encrypted": (encrypted, {}, "pdf_encrypted"),
    "xfa": (xfa, {}, "pdf_xfa"),
    "bytes after the end": (papers.plain() + b"\n% more\n", {}, "pdf_trailing_bytes"),
    "fields locked by a seal": (locked, {}, "pdf_locked"),
    "closed by a seal": (closed, {}, "pdf_locked"),
    "rotated page": (rotated, {"stamp": Stamp(box=BOX)}, "page_rotated"),
    "no such page": (papers.plain(), {"stamp": Stamp(box=BOX, page=1)}, "page_missing"),
    "no such page from the end": (papers.plain(), {"stamp": Stamp(box=BOX, page=-2)}, "page_missing"),
    "box off the page": (papers.plain(), {"stamp": Stamp(box=(500, 100, 700, 200))}, "box_outside_page"),
    "box inside out": (papers.plain(), {"stamp": Stamp(box=(500, 200, 300, 100))}, "box_outside_page"),
    "field of another kind": (papers.form, {"field": "SoVanBan"}, "field_not_signature"),
    "field signed already": (lambda: papers.signed(papers.plain()), {"field": "ChuKy1"}, "field_taken"),
    "image is no image": (papers.plain(), {"stamp": Stamp(box=BOX, image=b"GIF89a")}, "image_invalid"),
    "image cut off": (papers.plain(), {"stamp": Stamp(box=BOX, image=draw_signature("A")[:500])}, "image_invalid"),
    "image too large": (papers.plain(), {"stamp": Stamp(box=BOX, image=big_image())}, "image_too_large"),
    "no font": (papers.plain(), {"stamp": Stamp(box=BOX, lines=("Ký",))}, "font_missing"),
    "font is no font": (papers.plain(), {"stamp": Stamp(box=BOX, lines=("Ký",), font=__file__)}, "font_invalid"),
}


def test_half_an_image_is_refused_where_pillow_would_take_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """WeasyPrint sets this switch for the whole process by being imported."""
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", True)
    whole = draw_signature("A")
    for size in (500, len(whole) // 2, len(whole) - 13):
        with pytest.raises(SigningError) as refusal:
            read_image(whole[:size])
        assert refusal.value.code == "image_invalid"
    assert read_image(whole).mode == "RGBA"


@pytest.mark.parametrize("case", REFUSED)
async def test_refused(case: str) -> None:
    paper, how, code = REFUSED[case]
    with pytest.raises(SigningError) as refusal:
        await sign(paper() if callable(paper) else paper, papers.signer(), **how)
    assert refusal.value.code == code


async def test_a_letter_the_font_lacks_is_named() -> None:
    stamp = Stamp(box=papers.BOX, lines=("Ký 漢",), font=papers.serif_font())
    with pytest.raises(SigningError) as refusal:
        await sign(papers.plain(), papers.signer(), stamp=stamp)
    assert (refusal.value.code, refusal.value.details) == ("glyph_missing", {"letters": "漢"})


async def test_lines_that_cannot_be_read_are_refused() -> None:
    stamp = Stamp(
        box=(100, 100, 130, 110), lines=("Một dòng rất dài không thể đọc được nữa",), font=papers.serif_font()
    )
    with pytest.raises(SigningError, match="stamp_text_too_long"):
        await sign(papers.plain(), papers.signer(), stamp=stamp)


@pytest.mark.parametrize(
    ("start", "days", "code"), [(-30, 10, "certificate_expired"), (5, 10, "certificate_not_yet_valid")]
)
async def test_certificate_out_of_its_time_does_not_sign(start: int, days: int, code: str) -> None:
    one = papers.pki().person("Hết hạn", start=datetime.now(UTC) + timedelta(days=start), days=days)
    with pytest.raises(SigningError, match=code):
        await sign(papers.plain(), KeySigner(one.private_key(), one.certificate, one.chain))


def test_a_certificate_authority_does_not_sign_papers() -> None:
    from signing import prepare

    with pytest.raises(SigningError, match="certificate_wrong_purpose"):
        prepare(papers.plain(), certificate=papers.pki().issuing.certificate)


def test_weak_key_is_refused() -> None:
    one = papers.pki().person("Khóa yếu", rsa_bits=1024)
    with pytest.raises(SigningError, match="key_too_weak"):
        KeySigner(one.private_key(), one.certificate)


def test_pkcs12() -> None:
    one = papers.person()
    loaded = load_pkcs12(one.pkcs12("mật khẩu"), "mật khẩu")
    assert (loaded.certificate, loaded.chain) == (one.certificate, one.chain)
    for data, password in ((one.pkcs12("mật khẩu"), "khác"), (b"no", "x"), (b"", "")):
        with pytest.raises(SigningError, match="p12_unreadable"):
            load_pkcs12(data, password)
    assert "PRIVATE" not in repr(loaded)


def test_errors_cross_processes() -> None:
    import pickle

    error = pickle.loads(pickle.dumps(SigningError("glyph_missing", letters="漢")))  # noqa: S301  # our own bytes
    assert (error.code, error.details) == ("glyph_missing", {"letters": "漢"})
    with pytest.raises(ValueError, match="undeclared"):
        SigningError("no_such_code")
