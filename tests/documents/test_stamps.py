"""Stamps of secrecy: found where a paper bears one, not where it speaks of one."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pikepdf
import pytest
from weasyprint import HTML

from server.documents.intake.check import check_each
from server.documents.intake.judge import judge
from server.documents.intake.stamps import mark_in
from server.documents.models import Bounds
from tests.support import offices, pdfs

_STAMPS = {
    "MẬT": "Mật", "Mật": "Mật", "TỐI MẬT": "Tối mật", "Tối mật": "Tối mật", "TUYỆT MẬT": "Tuyệt mật",
    "  [ MẬT ]  ": "Mật", "*** TỐI MẬT ***": "Tối mật", "M Ậ T": "Mật", "T U Y Ệ T   M Ậ T": "Tuyệt mật",
    "Độ mật: Mật": "Mật", "ĐỘ MẬT: TỐI MẬT": "Tối mật", "Mức độ mật: “Tuyệt mật”": "Tuyệt mật",
    "MẬT  CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM": "Mật",
    "Độc lập - Tự do - Hạnh phúc TỐI MẬT": "Tối mật",
    "ỦY BAN NHÂN DÂN\tMẬT\tSố: 12/TTr": "Mật",
    "Số: 12/TTr\r\nMẬT\r\nV/v": "Mật",
    unicodedata.normalize("NFD", "MẬT"): "Mật",
    "Mật\nTuyệt mật\nTối mật": "Tuyệt mật",
}  # fmt: skip
_PROSE = (
    "Bảo vệ bí mật nhà nước", "QUY ĐỊNH VỀ BẢO MẬT", "Thông tin tuyệt mật được giao cho", "tài liệu tối mật",
    "phải giữ bí\nmật", "BÍ MẬT NHÀ NƯỚC", "Mật ong, mật khẩu", "MẬT ONG RỪNG", "MẬT KHẨU: ABC", "bảo\nmật", "MAT",
    "Danh mục tài liệu Mật, Tối mật và Tuyệt mật", "Độ mật: Không", "độ mật của tài liệu", "m ậ t ong", "",
    "Số lượng tài liệu Mật: 3",
)  # fmt: skip


@pytest.mark.parametrize("text", _STAMPS)
def test_a_stamp_is_found(text: str) -> None:
    assert mark_in(["Tờ trình", text]) == _STAMPS[text]


@pytest.mark.parametrize("text", _PROSE)
def test_words_of_a_sentence_are_no_stamp(text: str) -> None:
    assert mark_in([text]) == ""


def letter(*pages: str) -> bytes:
    """A letter with the text of each page, set as a printed paper would be."""
    body = "".join(f'<div style="break-after: page">{page}</div>' for page in pages)
    made = HTML(string=f"<html lang=vi><body style='font-family: Liberation Serif'>{body}</body></html>").write_pdf()
    assert isinstance(made, bytes)
    return made


HEADING = (
    "<table style='width: 100%'><tr><td>ỦY BAN NHÂN DÂN<br>Số: 12/TTr-UBND</td>"
    "<td>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc</td></tr></table>"
)
STAMP = "<div style='position: absolute; top: 40mm; left: 10mm; border: 1px solid red; padding: 2mm'>{}</div>"
PROSE = "<p>Công tác bảo vệ bí mật nhà nước; tài liệu Tối mật do đơn vị khác giữ.</p>"


def found_in(folder: Path, data: bytes, name: str) -> str:
    path = folder / "source"
    path.write_bytes(data)
    found = judge(str(path), name, str(folder / "rendition.pdf"), Bounds())
    assert found.reason is None
    return found.secret_mark


@pytest.mark.parametrize("mark", ["MẬT", "TỐI MẬT", "TUYỆT MẬT"])
@pytest.mark.parametrize("page", [1, 2, 3, 4])
def test_a_printed_stamp_is_found_on_the_first_pages(mark: str, page: int, tmp_path: Path) -> None:
    texts = [HEADING + PROSE] * 4
    texts[page - 1] += STAMP.format(mark)
    assert found_in(tmp_path, letter(*texts), "a.pdf") == (mark.capitalize() if page < 4 else "")


def test_a_printed_paper_that_speaks_of_secrets_bears_no_stamp(tmp_path: Path) -> None:
    assert found_in(tmp_path, letter(HEADING + PROSE * 30), "a.pdf") == ""


def test_a_stamp_that_is_a_note_is_found(tmp_path: Path) -> None:
    def change(made: pikepdf.Pdf) -> None:
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=pikepdf.Array([0, 0, 90, 30]),
            Contents=pikepdf.String("TỐI MẬT"),
        )  # fmt: skip
        made.pages[0].Annots = pikepdf.Array([made.make_indirect(note)])

    assert found_in(tmp_path, pdfs.pdf(change=change), "a.pdf") == "Tối mật"


_SLIDE = '<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>MẬT</a:t></a:r></a:p></p:sld>'
_SHEET = offices.sheet('&amp;C&amp;"Times,Bold"&amp;14MẬT')
_OLD = b"\xec\xa5" + b"\0" * 600 + "UBND\rMẬT\rSố: 1\r".encode("utf-16-le")
_OFFICE = {
    "a paragraph": ("a.docx", offices.office("docx", body=offices.document("ỦY BAN", "MẬT", "Số: 1"))),
    "the top of each page": ("a.docx", offices.office("docx", {"word/header1.xml": offices.edge("hdr", "MẬT")})),
    "a cell": ("a.xlsx", offices.office("xlsx", {"xl/sharedStrings.xml": offices.strings("Bảng", "MẬT")})),
    "the top of a sheet": ("a.xlsx", offices.office("xlsx", {"xl/worksheets/sheet1.xml": _SHEET})),
    "a slide": ("a.pptx", offices.office("pptx", {"ppt/slides/slide1.xml": _SLIDE})),
    "OpenDocument": ("a.odt", offices.opendocument("text", "MẬT")),
    "rich text": ("a.rtf", b"{\\rtf1 T\\u7901?\\par M\\u7852?T\\par}"),
    "old Word": ("a.doc", offices.compound({"WordDocument": _OLD})),
}  # fmt: skip


@pytest.mark.parametrize("where", _OFFICE)
def test_a_stamp_in_an_office_paper_is_found(where: str, tmp_path: Path) -> None:
    name, data = _OFFICE[where]
    assert found_in(tmp_path, data, name) == "Mật"


def test_an_office_paper_that_speaks_of_secrets_bears_no_stamp(tmp_path: Path) -> None:
    body = offices.document("Về bảo vệ bí mật nhà nước", "Tài liệu tuyệt mật thì phát bản giấy")
    assert found_in(tmp_path, offices.office("docx", body=body), "a.docx") == ""


async def test_the_command_line_lets_no_stamp_in(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(offices.office("docx", body=offices.document("MẬT")))
    line = await anext(aiter(check_each([path], Bounds())))
    assert (line.verdict, line.reason, line.kind) == ("refuse", "secret-mark", "docx")
