"""Tokens as SoftHSM plays them.

A process reads SoftHSM's configuration once and sees the tokens that there are then: all its tests share one home with
some empty tokens, and each takes one of its own.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from signing.demo_pki import Identity
from tests.support.parts import missing, need

PIN = "2468"
_TOKENS = 8


def token(held: Mapping[str, Identity], chain: Mapping[str, bytes]) -> tuple[Path, str]:
    """SoftHSM's library and the label of a token with these keys and their certificates, and the chain's in DER."""
    import pkcs11

    tool, module = need("softhsm2-util"), _module()
    home, labels = _home(tool)
    label = next(labels)
    for number, (name, one) in enumerate(held.items()):
        file = home / "key.pem"
        file.write_bytes(one.private_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        load = [tool, "--import", str(file), "--token", label, "--label", name, "--id", f"0{number}", "--pin", PIN]
        subprocess.run(load, check=True, capture_output=True)
        file.unlink()
    certificates = {name: one.certificate for name, one in held.items()} | dict(chain)
    with pkcs11.lib(str(module)).get_token(token_label=label).open(rw=True, user_pin=PIN) as session:
        for name, der in certificates.items():
            session.create_object({
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.LABEL: name, pkcs11.Attribute.VALUE: der, pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.SUBJECT: asn1_x509.Certificate.load(der).subject.dump(),
            })  # fmt: skip
    return module, label


@cache
def _home(tool: str) -> tuple[Path, Iterator[str]]:
    """This process's home of tokens, and the labels of those that nobody has taken."""
    home = Path(tempfile.mkdtemp(prefix="phien-hsm-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    (home / "tokens").mkdir()
    (home / "conf").write_text(f"directories.tokendir = {home / 'tokens'}\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(home / "conf")
    labels = [f"phien-{number}" for number in range(_TOKENS)]
    for label in labels:
        init = [tool, "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", PIN]
        subprocess.run(init, check=True, capture_output=True)
    return home, iter(labels)


def _module() -> Path:
    places = (Path("/usr/lib/softhsm"), *Path("/usr/lib").glob("*/softhsm"), Path("/usr/local/lib/softhsm"))
    found = next((place / "libsofthsm2.so" for place in places if (place / "libsofthsm2.so").exists()), None)
    if found is None:
        missing("libsofthsm2.so")
    return found
