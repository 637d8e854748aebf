"""Office papers as other programs write them, made by hand part by part: small, and hostile where a test wants it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_REL = "http://schemas.openxmlformats.org/package/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_TYPES = (
    f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '<Override PartName="/word/settings.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/></Types>'
)
_ATTACHED = '<w:attachedTemplate r:id="rIdT"/>'
_EXTERNAL = ' TargetMode="External"'
_ROOT = (
    f'{_HEAD}<Relationships xmlns="{_REL}"><Relationship Id="rId1" Type="{_R}/officeDocument"'
    ' Target="word/document.xml"/></Relationships>'
)


def docx(
    paragraphs: Sequence[str],
    *,
    font: str = "Times New Roman",
    inner: str = "",
    links: Mapping[str, tuple[str, str]] | None = None,
    template: str = "",
) -> bytes:
    """A Word file. ``inner``: more of its body as XML; ``links``: id → (type, target) outside of it."""  # fmt: skip
    body = "".join(_paragraph(each, font) for each in paragraphs)
    document = (
        f'{_HEAD}<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{body}{inner}<w:sectPr>'
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1701"/>'
        "</w:sectPr></w:body></w:document>"
    )
    parts = {"[Content_Types].xml": _TYPES, "_rels/.rels": _ROOT, "word/document.xml": document}
    attached = {"rIdT": ("attachedTemplate", template)} if template else {}
    parts["word/_rels/document.xml.rels"] = _relationships({"rIdS": ("settings", "settings.xml"), **(links or {})})
    parts["word/settings.xml"] = (
        f'{_HEAD}<w:settings xmlns:w="{_W}" xmlns:r="{_R}">{_ATTACHED if template else ""}</w:settings>'
    )
    parts["word/_rels/settings.xml.rels"] = _relationships(attached)
    return packed(parts)


def pages(count: int, *, lines: int = 30, first: int = 1) -> bytes:
    """A Word file of at least so many pages of text, numbered from ``first``."""
    text = "Ủy ban nhân dân thành phố báo cáo kết quả thực hiện nhiệm vụ phát triển kinh tế - xã hội quý IV năm 2026."
    broken = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
    inner = broken.join(
        "".join(_paragraph(f"{page}.{line}. {text}", "Times New Roman") for line in range(lines))
        for page in range(first, first + count)
    )
    return docx((), inner=inner)


def packed(parts: Mapping[str, str]) -> bytes:
    """Parts as the archive that an office file is; the same parts make the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def linked_picture(rel: str) -> str:
    """A paragraph with a picture that lies outside of the file."""
    return (
        '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessing'
        'Drawing"><wp:extent cx="1905000" cy="1905000"/><wp:docPr id="1" name="anh"/><a:graphic xmlns:a='
        '"http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData uri='
        '"http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic xmlns:pic='
        '"http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr id="1" name="anh"/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="{rel}"/><a:stretch><a:fillRect/></a:stretch>'
        '</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="1905000" cy="1905000"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r></w:p>"
    )


def field(instruction: str) -> str:
    """A paragraph with a field that is to be worked out when the file is opened."""
    return (
        '<w:p><w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r><w:r><w:instrText xml:space="preserve"> '
        f'{instruction} </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>cu</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


def _paragraph(text: str, font: str) -> str:
    shown = text.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f'<w:p><w:r><w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}"/><w:sz w:val="28"/></w:rPr>'
        f'<w:t xml:space="preserve">{shown}</w:t></w:r></w:p>'
    )


def _relationships(links: Mapping[str, tuple[str, str]]) -> str:
    made = "".join(
        f'<Relationship Id="{name}" Type="{_R}/{kind}" Target="{target}"{_EXTERNAL if ":" in target else ""}/>'
        for name, (kind, target) in links.items()
    )
    return f'{_HEAD}<Relationships xmlns="{_REL}">{made}</Relationships>'
