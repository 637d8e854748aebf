"""Packages go out and come back as they were; what other systems write is understood."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from server.core.errors import DomainError
from server.exchange import child, rules
from server.exchange.child import packages
from server.exchange.child.elements import SOAP
from server.exchange.models import (
    Appendixes,
    Bussiness,
    Code,
    DocumentType,
    MessageHeader,
    Organ,
    OrganIdList,
    OtherInfo,
    Package,
    Promulgation,
    ReplacementInfo,
    ReplacementInfoList,
    ResponseFor,
    SignerInfo,
    StaffInfo,
    Status,
    ToPlaces,
    TraceHeader,
    TraceHeaderList,
)
from tests.exchange.support import CITY, WARD, built, looked, package, signed_paper

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40).map(rules.clean)
words = texts.filter(bool)
organ_ids = st.from_regex(r"[0-9A-Z]{3}(\.[0-9A-Z]{2}){0,2}", fullmatch=True)


def structs(kind: type, **more: st.SearchStrategy) -> st.SearchStrategy:
    """Any Struct of texts, some of its fields by a strategy of their own."""
    plain = {name: texts for name, hint in kind.__annotations__.items() if hint == "str" and name not in more}
    return st.builds(kind, **plain, **more)


def several(one: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(one, max_size=3).map(tuple)


organs = structs(Organ, organ_id=organ_ids)
messages = structs(
    MessageHeader,
    sender=organs,
    to=several(organs),
    code=structs(Code),
    promulgation_info=structs(Promulgation),
    document_type=structs(DocumentType),
    signer_info=structs(SignerInfo),
    to_places=st.none() | st.builds(ToPlaces, place=several(words)),
    other_info=structs(OtherInfo, appendixes=st.none() | st.builds(Appendixes, appendix=several(words))),
    response_for=several(structs(ResponseFor)),
)
replaced = structs(ReplacementInfo, organ_id_list=st.none() | st.builds(OrganIdList, organ_id=several(organ_ids)))
traces = st.builds(
    TraceHeaderList,
    trace_header=several(structs(TraceHeader)),
    bussiness=structs(
        Bussiness,
        staff_info=st.none() | structs(StaffInfo),
        replacement_info_list=st.none() | st.builds(ReplacementInfoList, replacement_info=several(replaced)),
    ),
)
anything = st.builds(Package, message=messages, trace=traces)
statuses = structs(Status, response_for=structs(ResponseFor), sender=organs, staff_info=st.none() | structs(StaffInfo))


def reread(root: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


@given(anything)
@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_a_header_says_comes_back(what: Package) -> None:
    assert packages.read_package(reread(packages.package_tree(what, ())[0])) == what


@given(statuses)
@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_a_status_says_comes_back(what: Status) -> None:
    assert packages.read_status(reread(packages.status_tree(what))) == what


@given(st.lists(st.tuples(texts, st.binary(max_size=2000)), max_size=4))
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_enclosed_comes_back(tmp_path: Path, files: list[tuple[str, bytes]]) -> None:
    given_files = {f"{number}{name}": content for number, (name, content) in enumerate(files)} or {"a": b""}
    found = looked(built(tmp_path, given_files))
    assert [one.name for one in found.attachments] == [rules.safe_name(name) for name in given_files]
    assert [Path(one.path).read_bytes() for one in found.attachments] == list(given_files.values())


@pytest.mark.parametrize(
    ("kind", "algorithm"),
    [("ecdsa", "ecdsa-sha256"), ("rsa", "rsa-pss-sha256"), ("legacy", "rsa-pkcs1-sha256")],
)
def test_a_sealed_package_is_valid_and_says_who_sealed_it(tmp_path: Path, kind: str, algorithm: str) -> None:
    found = looked(built(tmp_path, kind=kind))
    assert found.package == package()
    assert (found.verdict, found.faults, found.kind) == ("valid", (), "document")
    assert (found.seal.verdict, found.seal.signer, found.seal.algorithm) == ("valid", "UBND thành phố", algorithm)
    (paper,) = found.attachments
    assert (paper.name, paper.verdict) == ("15-GM-UBND.pdf", "valid")
    assert Path(paper.path).read_bytes() == signed_paper()


def test_without_roots_nothing_is_called_valid(tmp_path: Path) -> None:
    found = looked(built(tmp_path), trusted=False)
    assert (found.verdict, found.seal.verdict, found.seal.reasons) == ("unclear", "unclear", ("no_trust_roots",))


def test_a_status_is_read_from_either_envelope() -> None:
    told = Status(
        response_for=ResponseFor(organ_id=CITY, document_id=f"{CITY},2026/11/22,15/GM-UBND"),
        sender=Organ(organ_id=WARD),
        status_code="03",
        timestamp="2026/11/22 09:30:00",
    )
    soap = packages.status_tree(told)
    assert packages.read_status(soap) == told
    # Some systems put everything into the namespace of the envelope, others into a package's header.
    elsewhere = etree.tostring(soap).replace(b"http://www.mic.gov.vn/TBT/QCVN_102_2016", SOAP.encode())
    assert packages.read_status(etree.fromstring(elsewhere)) == told
    inner = b"".join(etree.tostring(one) for one in soap[0][0])
    held = b"<edXML><edXMLEnvelope><edXMLHeader><MessageHeader>%s</MessageHeader></edXMLHeader></edXMLEnvelope></edXML>"
    assert packages.read_status(etree.fromstring(held % inner)) == told


def test_a_package_without_namespaces_and_with_an_empty_signature_is_understood(tmp_path: Path) -> None:
    whole = built(tmp_path).read_text()
    whole = whole.replace("edXML:", "").replace('xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016"', "")
    start, end = whole.index("<ds:Signature"), whole.index("</ds:Signature>") + len("</ds:Signature>")
    (tmp_path / "other.edxml").write_text(f"{whole[:start]}<DigitalSignature/>{whole[end:]}")
    found = looked(tmp_path / "other.edxml")
    assert found.package == package()
    # As good as the paper in it, which is signed.
    assert (found.seal.present, found.seal.reasons, found.verdict) == (False, ("unsigned",), "valid")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ((f"{CITY},2026/11/22,15", f"{CITY},2026/11/22,16"), "document_id_wrong"),
        ((">2026/11/22<", ">2026/02/30<"), "date_wrong"),
        ((">15<", "><"), "code_missing"),
        ((f">{WARD}<", ">Phường A<"), "recipient_missing"),
        ((f">{CITY}<", "><"), "sender_missing"),
    ],
)
def test_what_the_regulation_asks_is_missed(tmp_path: Path, change: tuple[str, str], fault: str) -> None:
    path = built(tmp_path)
    path.write_text(path.read_text().replace(*change))
    found = looked(path)
    assert fault in found.faults
    assert found.verdict == "invalid"  # the seal is broken by the change


def test_a_formal_fault_alone_is_no_forgery_and_not_quite_valid(tmp_path: Path) -> None:
    found = looked(built(tmp_path, what=package(subject="")))
    assert (found.seal.verdict, found.faults, found.verdict) == ("valid", ("subject_missing",), "unclear")


def test_texts_are_nfc_and_without_what_xml_cannot_carry(tmp_path: Path) -> None:
    found = looked(built(tmp_path, what=package(unicodedata.normalize("NFD", "Nghị quyết") + "\x0b\ufffe")))
    assert found.package is not None
    assert found.package.message.subject == unicodedata.normalize("NFC", "Nghị quyết")


def test_the_signature_of_another_key_is_not_put_in(tmp_path: Path) -> None:
    path = built(tmp_path)
    half = child.build_file(str(path), package(), (), papers_key(), (), "")
    with pytest.raises(DomainError, match="signature_mismatch"):
        child.seal_file(str(path), half, papers_key(), "", b"\x30\x06\x02\x01\x01\x02\x01\x01")


def papers_key() -> bytes:
    from tests.exchange.support import key

    return key().certificate


def test_a_paper_whose_signature_cannot_be_decided_on_is_not_called_valid(tmp_path: Path) -> None:
    from tests.signing import papers

    stranger = papers.signed(papers.plain(), papers.stranger())
    found = looked(built(tmp_path, {"a.pdf": stranger, "b.pdf": papers.plain()}))
    assert found.seal.verdict == "valid"
    assert [one.verdict for one in found.attachments] == ["unclear", "unclear"]
    assert (found.verdict, found.faults) == ("unclear", ("attachment_unclear",))
