"""What other programs say about our files: pdfsig (NSS), openssl and qpdf."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.demo_pki import DemoPki
from tests.support.parts import need


def pdfsig_accepts(pdf: bytes, folder: Path, pki: DemoPki, signatures: int = 1, *, trusted: bool = True) -> bool:
    """Every signature of a person is valid, and `trusted` by a store that knows the root alone.

    Where a certificate names a responder, NSS asks it in its own way, so that its trust says more about the responder.
    """
    store, file = folder / "nss", folder / "signed.pdf"
    if not store.exists():
        store.mkdir()
        certutil, root = need("certutil"), folder / "root.der"
        root.write_bytes(pki.root.certificate)
        _run(certutil, "-N", "-d", f"sql:{store}", "--empty-password")
        _run(certutil, "-A", "-d", f"sql:{store}", "-n", "root", "-t", "CT,C,C", "-i", root)
    file.write_bytes(pdf)
    told = _run(need("pdfsig"), "-nssdir", f"sql:{store}", file).stdout
    valid = told.count("Signature is Valid") == signatures
    return valid and (not trusted or told.count("Certificate is Trusted") == signatures)


def openssl_accepts(pdf: bytes, folder: Path, pki: DemoPki) -> bool:
    """The first signature's CMS fits its bytes and leads to the root."""
    found = re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)", pdf)
    assert found
    a, b, c, d = (int(n) for n in found.groups())
    (folder / "content").write_bytes(pdf[a : a + b] + pdf[c : c + d])
    (folder / "cms").write_bytes(bytes.fromhex(pdf[b + 1 : c - 1].decode()))
    (folder / "root.pem").write_bytes(x509.load_der_x509_certificate(pki.root.certificate).public_bytes(Encoding.PEM))
    done = _run(
        need("openssl"), "cms", "-verify", "-binary", "-inform", "DER", "-in", folder / "cms", "-content",
        folder / "content", "-CAfile", folder / "root.pem", "-purpose", "any", "-out", folder / "out",
    )  # fmt: skip
    return done.returncode == 0


def qpdf_accepts(pdf: bytes, folder: Path) -> bool:
    """The file is a sound PDF."""
    (folder / "checked.pdf").write_bytes(pdf)
    return _run(need("qpdf"), "--check", folder / "checked.pdf").returncode == 0


def _run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)
