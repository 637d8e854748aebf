"""A token as SoftHSM plays it, for tests of the server: a home of its own, keys and certificates put into it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from signing.demo_pki import Identity
from tests.support.parts import missing, need

PIN = "2468"
LABEL = "phien-server"


@contextmanager
def token(home: Path, held: Mapping[str, Identity]) -> Iterator[Path]:
    """The library of a token with the label ``LABEL`` that holds these keys, each with its certificate."""
    tool, module = need("softhsm2-util"), _module()
    (home / "tokens").mkdir(parents=True)
    (home / "conf").write_text(f"directories.tokendir = {home / 'tokens'}\nlog.level = ERROR\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(home / "conf")
    try:
        init = [tool, "--init-token", "--free", "--label", LABEL, "--pin", PIN, "--so-pin", PIN]
        subprocess.run(init, check=True, capture_output=True)
        for number, (label, one) in enumerate(held.items()):
            file = home / "key.pem"
            file.write_bytes(one.private_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            load = [tool, "--import", str(file), "--token", LABEL, "--label", label, "--id", f"0{number}", "--pin", PIN]
            subprocess.run(load, check=True, capture_output=True)
            file.unlink()
        _put_certificates(module, held)
        yield module
    finally:
        if before is None:
            del os.environ["SOFTHSM2_CONF"]
        else:
            os.environ["SOFTHSM2_CONF"] = before


def _module() -> Path:
    places = (Path("/usr/lib/softhsm"), *Path("/usr/lib").glob("*/softhsm"), Path("/usr/local/lib/softhsm"))
    found = next((place / "libsofthsm2.so" for place in places if (place / "libsofthsm2.so").exists()), None)
    if found is None:
        missing("libsofthsm2.so")
    return found


def _put_certificates(module: Path, held: Mapping[str, Identity]) -> None:
    import pkcs11

    certificates = {label: one.certificate for label, one in held.items()}
    chains = {f"above-{n}": der for n, der in enumerate({der for one in held.values() for der in one.chain})}
    with pkcs11.lib(str(module)).get_token(token_label=LABEL).open(rw=True, user_pin=PIN) as session:
        for label, der in (certificates | chains).items():
            session.create_object({
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.LABEL: label, pkcs11.Attribute.VALUE: der, pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.SUBJECT: asn1_x509.Certificate.load(der).subject.dump(),
            })  # fmt: skip
