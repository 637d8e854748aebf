"""Files that mean harm: refused with a sentence, or shown for what they are; never believed, never a crash."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from server.core import errors
from server.core.errors import DomainError
from server.exchange import child, rules
from server.exchange.child.elements import SIGNATURE
from server.exchange.models import Found
from tests.exchange.support import CITY, built, looked, package, signed_paper

DS = f"{{{SIGNATURE}}}"
ED = "{http://www.mic.gov.vn/TBT/QCVN_102_2016}"
LAUGHS = '<!DOCTYPE a [<!ENTITY a "{}">]>'.format("ha" * 10)
BOMB = (
    "<!DOCTYPE a [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
    + "]><edXML>&a11;</edXML>"
)


def refusal(folder: Path, content: bytes | str) -> str:
    path = folder / "in.edxml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(DomainError) as caught:
        child.look(str(path), "", (), "2026-11-22T00:00:00+00:00")
    assert errors.text(caught.value, "vi").startswith("Chưa nhận: ")
    assert "{" not in errors.text(caught.value, "vi")
    return caught.value.code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "documents.empty"),
        (b"%PDF-1.7 nothing", "exchange.not_edxml"),
        ("<edXML>", "exchange.not_edxml"),
        ("<html/>", "exchange.not_edxml"),
        (f"{LAUGHS}<edXML>&a;</edXML>", "exchange.dtd"),
        (f"{LAUGHS}<edXML a='&a;'/>", "exchange.dtd"),
        (BOMB, "exchange.dtd"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><edXML/>', "exchange.dtd"),
        ('<!DOCTYPE a [<!ENTITY % x SYSTEM "http://localhost/x">%x;]><edXML/>', "exchange.dtd"),
        ("<edXML>&unknown;</edXML>", "exchange.not_edxml"),
        ('<?xml version="1.0" encoding="UTF-16"?><edXML/>'.encode("utf-16"), "exchange.not_edxml"),
        ('<?xml version="1.0" encoding="windows-1252"?><edXML/>', "exchange.not_edxml"),
        (b"<edXML>\xff\xfe</edXML>", "exchange.not_edxml"),
        ("<a>" * 40 + "</a>" * 40, "documents.bomb"),
        (f"<edXML>{'<a/>' * 20_001}</edXML>", "documents.bomb"),
        (f"<edXML>{'a' * (rules.MAX_TEXT + 1)}</edXML>", "documents.bomb"),
        (f"<edXML a='{'a' * (rules.MAX_TEXT + 1)}'/>", "documents.bomb"),
    ],
)
def test_what_could_hurt_is_refused_before_it_is_read(tmp_path: Path, content: bytes | str, code: str) -> None:
    assert refusal(tmp_path, content) == code


def test_a_package_beyond_the_limit_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MAX_PACKAGE_BYTES", 1000)
    assert refusal(tmp_path, "x" * 1001) == "documents.too_large"


def test_base64_of_megabytes_is_read_and_what_is_none_refused(tmp_path: Path) -> None:
    large = bytes(range(256)) * 4 * 12_000  # 12 MB: more than libxml2 takes in one text unless it is told to
    found = looked(built(tmp_path, {"lon.bin": large}))
    assert Path(found.attachments[0].path).read_bytes() == large
    whole = built(tmp_path, {"a.bin": b"abcdef"}).read_text()
    assert refusal(tmp_path, whole.replace(base64.b64encode(b"abcdef").decode(), "YWJj=GVm")) == "exchange.base64"
    assert refusal(tmp_path, whole.replace(base64.b64encode(b"abcdef").decode(), "YWJjZGV!")) == "exchange.base64"


def archive(*entries: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries:
            packed.writestr(name, content)
    return out.getvalue()


def test_a_file_that_its_sender_packed_is_taken_out_within_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    several, broken = archive(("a", b"1"), ("b", b"2")), archive(("a", b"1" * 99))[:-30]
    given = {
        "15.pdf": archive(("../../x.pdf", signed_paper())), "a.docx": several, "b.bin": broken, "c.bin": b"c",
    }  # fmt: skip
    found = looked(built(tmp_path, given))
    assert [Path(one.path).read_bytes() for one in found.attachments] == [signed_paper(), several, broken, b"c"]
    assert (found.attachments[0].name, found.attachments[0].verdict) == ("15.pdf", "valid")
    monkeypatch.setattr(rules, "MAX_UNPACKED_BYTES", 5_000_000)
    bomb = built(tmp_path, {"bomb.pdf": archive(("a.pdf", bytes(6_000_000)))})
    assert refusal(tmp_path, bomb.read_bytes()) == "documents.bomb"


def test_one_value_given_twice_is_not_guessed_at(tmp_path: Path) -> None:
    whole = built(tmp_path).read_text()
    twice = whole.replace("<edXML:Subject>", "<edXML:Subject>khác</edXML:Subject><edXML:Subject>")
    assert refusal(tmp_path, twice) == "exchange.repeated"


@pytest.mark.parametrize(
    ("declared", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\Windows\\a.pdf", "a.pdf"),
        ("/tuyệt/đối.pdf", "đối.pdf"),
        ("giấy mời\u202efdp.exe", "giấy mờifdp.exe"),
        ("a\u200b\u2066.pdf", "a.pdf"),
        ("a\x00\nb.pdf", "ab.pdf"),
        ("..", "tep-dinh-kem"),
        ("", "tep-dinh-kem"),
        ("C:con?.pdf", "C_con_.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_names_are_made_safe(declared: str, safe: str) -> None:
    assert rules.safe_name(declared) == safe


def test_a_name_with_a_path_or_a_hidden_mark_is_told(tmp_path: Path) -> None:
    path = built(tmp_path)
    path.write_text(path.read_text().replace("15-GM-UBND.pdf", "../15\u202e.pdf"))
    found = looked(path)
    assert (found.attachments[0].declared, found.attachments[0].name) == ("../15\u202e.pdf", "15.pdf")
    assert "attachment_name" in found.faults
    assert Path(found.attachments[0].path).parent == tmp_path / "out"


# ---- the signature over the package


def changed(folder: Path, change: Callable[[Any], Any]) -> Found:
    path = built(folder)
    root = etree.parse(path).getroot()
    other = change(root)
    root = root if other is None else other
    path.write_bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
    return looked(path)


def _subject(root: etree._Element) -> None:
    next(root.iter(f"{ED}Subject")).text = "Trích yếu khác"


def _recipient(root: etree._Element) -> None:
    next(root.iter(f"{ED}To")).find(f"{ED}OrganId").text = CITY


def _attachment(root: etree._Element) -> None:
    next(root.iter(f"{ED}ContentTransferEncoded")).text = base64.b64encode(b"%PDF-1.7 khac").decode()


def _digest(root: etree._Element) -> None:
    next(root.iter(f"{DS}DigestValue")).text = base64.b64encode(bytes(32)).decode()


def _value(root: etree._Element) -> None:
    next(root.iter(f"{DS}SignatureValue")).text = base64.b64encode(b"\1" * 64).decode()


def _wrapped(root: etree._Element) -> etree._Element:
    """The classic: the signed document moved aside whole, its reference by name, forged content in front."""
    forged = etree.fromstring(etree.tostring(root))
    _subject(forged)
    for one in list(forged.iter(f"{DS}Signature")):
        one.getparent().remove(one)
    signature = next(root.iter(f"{DS}Signature"))
    signature.getparent().remove(signature)
    root.set("Id", "signed")
    signature.find(f"{DS}SignedInfo/{DS}Reference").set("URI", "#signed")
    header = forged.find(f"{ED}edXMLEnvelope/{ED}edXMLHeader")
    header.append(signature)
    etree.SubElement(signature, f"{DS}Object").append(root)
    return forged


def _inside(root: etree._Element) -> etree._Element:
    """The signed document put whole into a forged one, its own signature where it was."""
    forged = etree.fromstring(etree.tostring(root))
    _subject(forged)
    for one in list(forged.iter(f"{DS}Signature")):
        one.getparent().remove(one)
    forged.find(f"{ED}edXMLEnvelope").append(root)
    return forged


def _two(root: etree._Element) -> None:
    one = next(root.iter(f"{DS}Signature"))
    one.getparent().append(etree.fromstring(etree.tostring(one)))


def _misplaced(root: etree._Element) -> None:
    next(root.iter(f"{ED}Attachment")).append(next(root.iter(f"{DS}Signature")))


def _transformed(root: etree._Element) -> None:
    transforms = next(root.iter(f"{DS}Transforms"))
    one = etree.SubElement(transforms, f"{DS}Transform", Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116")
    etree.SubElement(one, f"{DS}XPath").text = "false()"


def _weak(root: etree._Element) -> None:
    next(root.iter(f"{DS}SignatureMethod")).set("Algorithm", "http://www.w3.org/2000/09/xmldsig#rsa-sha1")


def _keyless(root: etree._Element) -> None:
    held = next(root.iter(f"{DS}KeyInfo"))
    held.clear()
    etree.SubElement(held, f"{DS}KeyValue")


def _second_reference(root: etree._Element) -> None:
    one = next(root.iter(f"{DS}Reference"))
    one.addnext(etree.fromstring(etree.tostring(one)))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_subject, "digest_wrong"),
        (_recipient, "digest_wrong"),
        (_attachment, "digest_wrong"),
        (_digest, "signature_wrong"),
        (_value, "signature_wrong"),
        (_wrapped, "signature_partial"),
        (_inside, "signature_misplaced"),
        (_two, "signature_misplaced"),
        (_misplaced, "signature_misplaced"),
        (_transformed, "signature_partial"),
        (_second_reference, "signature_partial"),
        (_weak, "algorithm_refused"),
        (_keyless, "signature_wrong"),
    ],
)
def test_a_forged_package_is_invalid(tmp_path: Path, change: Callable[[Any], Any], reason: str) -> None:
    found = changed(tmp_path, change)
    assert (found.seal.verdict, found.seal.reasons, found.verdict) == ("invalid", (reason,), "invalid")


def test_a_comment_does_not_hide_half_a_text(tmp_path: Path) -> None:
    path = built(tmp_path)
    path.write_text(path.read_text().replace("Mời họp", "Mời<!-- --> họp"))
    found = looked(path)
    # The canonical form leaves comments out, so the signature holds: then the whole text has to be read.
    assert found.seal.verdict == "valid"
    assert found.package == package()


def test_a_processing_instruction_is_refused_within_and_counts_outside(tmp_path: Path) -> None:
    path = built(tmp_path)
    whole = path.read_text()
    path.write_text(whole.replace("<edXML ", "<?x y?><edXML ", 1))
    assert looked(path).seal.reasons == ("digest_wrong",)
    assert refusal(tmp_path, whole.replace("Mời họp", "Mời<?x y?> họp")) == "exchange.not_edxml"


def test_a_stranger_s_key_is_not_believed(tmp_path: Path) -> None:
    from signing.demo_pki import make_demo_pki

    path = built(tmp_path)
    found = child.look(str(path), "", (make_demo_pki().root_pem,), "2026-11-22T00:00:00+00:00")
    assert (found.seal.verdict, found.verdict) == ("unclear", "unclear")
    assert "issuer_untrusted" in found.seal.reasons


def test_an_expired_key_is_refused(tmp_path: Path) -> None:
    from tests.signing import papers

    found = child.look(str(built(tmp_path)), "", (papers.pki().root_pem,), "2040-01-01T00:00:00+00:00")
    assert found.seal.verdict == "invalid"
    assert found.seal.reasons[0] == "certificate_expired"


def test_files_taken_out_or_put_in_are_missed_without_a_seal(tmp_path: Path) -> None:
    def unsealed(root: etree._Element) -> None:
        one = next(root.iter(f"{DS}Signature"))
        one.getparent().remove(one)

    def without(root: etree._Element) -> None:
        unsealed(root)
        next(root.iter(f"{ED}Attachment")).find(f"{ED}ContentId").text = "other"

    assert changed(tmp_path, unsealed).verdict == "valid"
    found = changed(tmp_path, without)
    assert (found.verdict, set(found.faults)) == ("invalid", {"attachment_missing", "attachment_undeclared"})


def test_a_changed_paper_in_a_well_sealed_package_is_invalid(tmp_path: Path) -> None:
    forged = signed_paper().replace(b"/Type /Page", b"/Type /Pagf", 1).replace(b"/Type/Page", b"/Type/Pagf", 1)
    assert forged != signed_paper()
    found = looked(built(tmp_path, {"15.pdf": forged}))
    assert (found.seal.verdict, found.attachments[0].verdict, found.verdict) == ("valid", "invalid", "invalid")
    assert "attachment_invalid" in found.faults
