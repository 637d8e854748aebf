"""A signed file that was changed afterwards is never called valid, however it was changed."""

from __future__ import annotations

import msgspec
import pytest

from signing import Report, verify
from signing.report import FILE_REASONS, SIGNATURE_REASONS
from tests.signing import attacks, papers, shadows


@pytest.fixture(scope="module")
def genuine() -> bytes:
    return papers.signed(papers.form())


def test_the_genuine_file_is_valid(genuine: bytes) -> None:
    report = verify(genuine, trust_roots=[papers.pki().root_pem])
    assert (report.verdict, report.integrity, report.reasons) == ("valid", "intact", ())


@pytest.mark.parametrize("name", attacks.ATTACKS)
def test_attack_is_called_invalid(genuine: bytes, name: str) -> None:
    attack, integrity = attacks.ATTACKS[name]
    changed = attack(genuine)
    assert changed != genuine
    report = verify(changed, trust_roots=[papers.pki().root_pem])
    assert report.verdict == "invalid"
    assert report.integrity == integrity if integrity else report.integrity in {"modified", "broken"}
    assert set(report.reasons) <= FILE_REASONS
    assert {reason for one in report.signatures for reason in one.reasons} <= SIGNATURE_REASONS
    assert msgspec.json.decode(msgspec.json.encode(report), type=Report) == report
    # Not even intact, where nobody is trusted.
    assert verify(changed).verdict == ("indeterminate" if integrity == "intact" else "invalid")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("field deleted", "hidden_signature"),
        ("value deleted", "hidden_signature"),
        ("signature replaced", "hidden_signature"),
        ("loose object", "bytes_after_end"),
        ("one more newline", "bytes_after_end"),
        ("loose object under a signature", "bytes_after_end"),
        ("filled by nobody", "filled_after_last_signature"),
        ("sneaked, invisible", "later_signature_untrusted"),
        ("sneaked, visible", "later_signature_untrusted"),
    ],
)
def test_the_file_says_why(genuine: bytes, name: str, reason: str) -> None:
    report = verify(attacks.ATTACKS[name][0](genuine), trust_roots=[papers.pki().root_pem])
    assert reason in report.reasons


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("page content", "changed_after_signing"),
        ("bit in content", "digest_mismatch"),
        ("bit in signature", "signature_invalid"),
        ("container rubbish", "signature_unreadable"),
        ("shadow value", "appearance_differs"),
        ("shadow value without picture", "appearance_differs"),
    ],
)
def test_the_signature_says_why(genuine: bytes, name: str, reason: str) -> None:
    report = verify(attacks.ATTACKS[name][0](genuine), trust_roots=[papers.pki().root_pem])
    assert reason in report.signatures[0].reasons


@pytest.mark.parametrize("name", shadows.PREPARED)
def test_prepared_attack_is_called_invalid(name: str) -> None:
    prepare, attack = shadows.PREPARED[name]
    genuine = papers.signed(prepare())
    assert verify(genuine, trust_roots=[papers.pki().root_pem]).verdict == "valid"
    report = verify(attack(genuine), trust_roots=[papers.pki().root_pem])
    assert (report.verdict, report.integrity) == ("invalid", "modified")


@pytest.mark.parametrize("name", ["hide: cover emptied", "hide and replace", "page turned"])
def test_the_pages_that_show_something_else_are_named(name: str) -> None:
    """Drawn and compared: independent of what the rules about objects say."""
    prepare, attack = shadows.PREPARED[name]
    (one,) = verify(attack(papers.signed(prepare())), trust_roots=[papers.pki().root_pem]).signatures
    assert "picture_differs" in one.reasons
    assert one.changed_pages == (1,)


def test_a_signature_that_hides_the_page_is_seen_by_its_picture_alone() -> None:
    """Its objects are all allowed: a later signature of somebody trusted, in a field of its own."""
    prepare, attack = shadows.PREPARED["signature over the whole page"]
    first, second = verify(attack(papers.signed(prepare())), trust_roots=[papers.pki().root_pem]).signatures
    assert first.reasons[0] == "picture_differs"
    assert "changed_after_signing" not in first.reasons
    assert second.integrity == "intact"


def test_what_the_signer_saw_can_be_shown_beside_what_is_shown_now() -> None:
    from signing.pictures import page_pair

    genuine = papers.signed(papers.form())
    forged = attacks.page_content(genuine)
    (one,) = verify(forged, trust_roots=[papers.pki().root_pem]).signatures
    before, after = page_pair(forged, one.signed_bytes, 0)
    assert forged[: one.signed_bytes] == genuine
    assert before is not None
    assert after is not None
    assert before.size == after.size
    assert before.tobytes() != after.tobytes()
