"""What must not be in a file that is signed, and what keeps a draft from becoming an official paper."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from signing import SigningError, prepare
from signing.contents import check_draft
from tests.signing import papers

Change = Callable[[pikepdf.Pdf], Any]


def changed(change: Change) -> bytes:
    with pikepdf.open(io.BytesIO(papers.form())) as pdf:
        change(pdf)
        out = io.BytesIO()
        # Packed: the words of an attack must not have to stand in the bytes.
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()


def refused(pdf: bytes, **more: Any) -> str:
    one = papers.person()
    with pytest.raises(SigningError) as why:
        prepare(pdf, certificate=one.certificate, chain=one.chain, **more)
    return why.value.code


def _script(kind: str = "JavaScript") -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), JS="app.alert(1)")


def _embedded(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["phu-luc.xlsx"] = pikepdf.AttachedFileSpec(pdf, b"PK")  # type: ignore[call-arg]


def _annotation(**entries: Any) -> Change:
    def add(pdf: pikepdf.Pdf) -> None:
        one = Dictionary(Type=Name.Annot, Rect=[1, 1, 9, 9], **entries)
        pdf.pages[0].Annots.append(pdf.make_indirect(one))

    return add


ACTIVE: dict[str, Change] = {
    "opens with a script": lambda pdf: pdf.Root.__setattr__("OpenAction", _script()),
    "opens a program": lambda pdf: pdf.Root.__setattr__("OpenAction", _script("Launch")),
    "calls an address": lambda pdf: pdf.Root.__setattr__("OpenAction", Dictionary(S=Name.URI, URI="http://x")),
    "script before closing": lambda pdf: pdf.Root.__setattr__("AA", Dictionary(WC=_script())),
    "script in the names": lambda pdf: pdf.Root.__setattr__(
        "Names", Dictionary(JavaScript=Dictionary(Names=Array(["a", _script()])))
    ),
    "script on a page": lambda pdf: pdf.pages[0].obj.__setattr__("AA", Dictionary(O=_script())),
    "script in a field": lambda pdf: pdf.Root.AcroForm.Fields[0].__setattr__("AA", Dictionary(K=_script())),
    "a button that sends": _annotation(Subtype=Name.Link, A=_script("SubmitForm")),
    "film": _annotation(Subtype=Name.RichMedia),
}


@pytest.mark.parametrize("what", ACTIVE)
def test_what_runs_is_not_signed(what: str) -> None:
    assert refused(changed(ACTIVE[what])) == "pdf_active"


def test_places_and_addresses_to_tap_are_reading() -> None:
    one = papers.person()
    for change in (
        lambda pdf: pdf.Root.__setattr__("OpenAction", Array([pdf.pages[0].obj, Name.XYZ, 0, 0, 0])),
        _annotation(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI="https://example.vn")),
    ):
        assert prepare(changed(change), certificate=one.certificate, chain=one.chain).to_sign


def test_files_inside_only_if_declared() -> None:
    one, inside = papers.person(), changed(_embedded)
    assert refused(inside) == "pdf_attachments"
    assert refused(changed(_annotation(Subtype=Name.FileAttachment))) == "pdf_attachments"
    assert prepare(inside, certificate=one.certificate, chain=one.chain, attachments=True).to_sign


def test_only_the_approved_file() -> None:
    one, paper = papers.person(), papers.form()
    digest = hashlib.sha256(paper).hexdigest()
    assert prepare(paper, certificate=one.certificate, approved_sha256=digest.upper()).base_sha256 == digest
    assert refused(papers.plain(), approved_sha256=digest) == "not_approved"


def test_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signing.contents.MAX_PAGES", 2)
    assert refused(papers.plain(3)) == "pdf_too_large"
    monkeypatch.setattr("signing.contents.MAX_BYTES", 100)
    assert refused(papers.plain()) == "pdf_too_large"


def test_already_certified() -> None:
    from tests.signing.sealed import sealed

    assert refused(papers.certified()) == "pdf_certified"
    assert refused(sealed()) == "pdf_locked"


@pytest.mark.parametrize(
    ("paper", "codes"),
    [
        (papers.plain, {"font_not_embedded"}),
        (lambda: papers.plain(2, (612, 792)), {"font_not_embedded", "page_not_a4"}),
        (lambda: changed(lambda pdf: pdf.pages[0].rotate(90, relative=False)), {"font_not_embedded", "page_rotated"}),
        (lambda: changed(ACTIVE["film"]), {"font_not_embedded", "pdf_active"}),
    ],
)
def test_a_draft_is_told_all_at_once(paper: Callable[[], bytes], codes: set[str]) -> None:
    assert {one.code for one in check_draft(paper())} == codes


def test_a_printed_draft_is_taken() -> None:
    from weasyprint import HTML

    made = HTML(string="<style>@page{size:A4}</style><p>Kính gửi: Ủy ban nhân dân thành phố").write_pdf()
    assert check_draft(made) == ()
