"""The demo's keys and pictures: made at run time, good enough for any verifier, never twice the same key."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

from cryptography import x509
from PIL import Image

from signing.demo_ink import BLUE, draw_signature
from signing.demo_pki import make_demo_pki
from tests.signing import papers
from tests.support.parts import need


def test_openssl_accepts_the_chain(tmp_path: Path) -> None:
    openssl = need("openssl")
    pki = make_demo_pki()
    person = pki.person("Phạm Quốc Khánh", organisation="Sở Nội vụ", title="Giám đốc", email="khanh@example.org")
    for name, der in (("leaf", person.certificate), ("issuing", pki.issuing.certificate)):
        pem = x509.load_der_x509_certificate(der).public_bytes(papers.PEM)
        (tmp_path / name).write_bytes(pem)
    (tmp_path / "root").write_bytes(pki.root_pem)
    command = [openssl, "verify", "-x509_strict", "-CAfile", "root", "-untrusted", "issuing", "leaf"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "leaf: OK\n", done.stderr


def test_person_is_named_in_full() -> None:
    person = make_demo_pki().person("Phạm Quốc Khánh", organisation="Sở Nội vụ", title="Giám đốc")
    subject = x509.load_der_x509_certificate(person.certificate).subject.rfc4514_string()
    assert "Phạm Quốc Khánh" in subject
    assert "Sở Nội vụ" in subject


def test_keys_are_never_the_same() -> None:
    assert make_demo_pki().root.key != make_demo_pki().root.key


def test_picture_is_transparent_blue_and_repeats_by_name() -> None:
    first = draw_signature("Phạm Quốc Khánh")
    assert first == draw_signature("Phạm Quốc Khánh")
    assert first != draw_signature("Phạm Quốc Khang")
    image = Image.open(io.BytesIO(first))
    assert image.mode == "RGBA"
    red, green, blue, alpha = (band.tobytes() for band in image.split())
    assert alpha.count(0) > 0.8 * len(alpha)
    assert 255 in alpha
    assert {(red[0], green[0], blue[0])} == {BLUE} == set(zip(red, green, blue, strict=True))


def test_picture_for_any_name() -> None:
    for name in ("", "A", "Đ" * 200, "名前"):
        assert Image.open(io.BytesIO(draw_signature(name))).size == (600, 240)
