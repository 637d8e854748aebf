"""A signed file that was changed afterwards is never called valid, however it was changed."""

from __future__ import annotations

import pytest

from signing import verify
from tests.signing import attacks, papers


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


@pytest.mark.parametrize("name", attacks.ATTACKS)
def test_attack_is_not_even_intact_without_roots(genuine: bytes, name: str) -> None:
    attack, integrity = attacks.ATTACKS[name]
    report = verify(attack(genuine))
    assert report.verdict == ("indeterminate" if integrity == "intact" else "invalid")


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
