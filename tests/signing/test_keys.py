"""Every kind of key behind one address: file, token, remote service; and a key that stays on its tablet."""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils

from signing import Services, SigningError, finish, open_key, prepare, sign, verify
from signing.algorithms import LEGACY_RSA
from signing.demo_pki import Identity
from signing.enrolment import check_request, request_to_sign, signed_request
from signing.uploads import accept_upload
from tests.signing import attacks, papers
from tests.support import softhsm
from tests.support.parts import need
from tests.support.softhsm import PIN

ROOTS = [papers.pki().root_pem]
RSA = 2048


def algorithm(pdf: bytes) -> str:
    report = verify(pdf, trust_roots=ROOTS)
    assert (report.verdict, report.integrity) == ("valid", "intact")
    return report.signatures[-1].algorithm


# ------------------------------------------------------------------ files


async def test_a_key_in_a_file_is_for_the_demo(tmp_path: Path) -> None:
    (tmp_path / "key.p12").write_bytes(papers.person().pkcs12("mật khẩu"))
    address = f"pkcs12:{tmp_path / 'key.p12'}"
    with pytest.raises(SigningError, match="key_in_file"):
        open_key(address, "mật khẩu")
    signed = await sign(papers.plain(), open_key(address, "mật khẩu", production=False))
    assert algorithm(signed) == "ecdsa-secp256r1-sha256"


async def test_the_old_way_of_rsa_only_for_who_asks_by_name(tmp_path: Path) -> None:
    (tmp_path / "key.p12").write_bytes(papers.person("Khóa cũ", RSA).pkcs12("x"))
    address = f"pkcs12:{tmp_path / 'key.p12'}"
    usual, old = (open_key(address, "x", production=False, legacy_rsa=legacy) for legacy in (False, True))
    assert algorithm(await sign(papers.plain(), usual)) == "rsa-pss-2048-sha256"
    assert algorithm(await sign(papers.plain(), old)) == "rsa-pkcs1-2048-sha256"
    with pytest.raises(SigningError, match="key_unsupported"):
        prepare(papers.plain(), certificate=papers.person().certificate, algorithm=LEGACY_RSA)


@pytest.mark.parametrize("address", ["", "x", "ftp:x", "pkcs11:token=a?module-path=b", "csc:https://host/csc/v2"])
def test_no_address_of_a_key(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        open_key(address)


# ------------------------------------------------------------------ tokens, as SoftHSM plays them


@pytest.fixture(scope="module")
def token() -> str:
    """Address of a token that holds an ECDSA and an RSA key, without the object's name."""
    held = {"ec": papers.person(), "rsa": papers.person("Văn thư", RSA)}
    module, label = softhsm.token(held, {"sub": papers.person().chain[0]})
    return f"pkcs11:token={label};object={{}}?module-path={module}"


@pytest.mark.parametrize(("label", "legacy", "expected"), [
    ("ec", False, "ecdsa-secp256r1-sha256"), ("rsa", False, "rsa-pss-2048-sha256"),
    ("rsa", True, "rsa-pkcs1-2048-sha256"),
])  # fmt: skip
async def test_a_token_signs(token: str, label: str, legacy: bool, expected: str) -> None:
    signer = open_key(token.format(label), PIN, legacy_rsa=legacy)
    assert algorithm(await sign(papers.plain(), signer)) == expected
    assert PIN not in repr(signer)


async def test_a_lost_session_is_opened_again(token: str) -> None:
    signer: Any = open_key(token.format("ec"), PIN)
    signer._token.thread.submit(signer._token.session.close).result()
    assert algorithm(await sign(papers.plain(), signer)) == "ecdsa-secp256r1-sha256"


async def test_many_at_once_on_one_token(token: str) -> None:
    signer = open_key(token.format("ec"), PIN)
    made = await asyncio.gather(*(signer.sign_raw(b"%d" % number) for number in range(40)))
    assert len(set(made)) == 40


def test_why_a_token_does_not_sign(token: str) -> None:
    for address, pin, code in (
        (token.format("ec"), "0000", "pin_wrong"),
        (token.format("khac"), PIN, "key_missing"),
        (token.format("ec").replace("token=phien", "token=khac"), PIN, "key_unreachable"),
        (token.format("ec") + ".khong", PIN, "key_unreachable"),
    ):
        with pytest.raises(SigningError) as refused:
            open_key(address, pin)
        assert refused.value.code == code


def test_a_token_that_cannot_sign_this_way_is_refused_at_once(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from pkcs11 import Mechanism

    signer: Any = open_key(token.format("ec"), PIN)
    known = set(signer._token.session.token.slot.get_mechanisms()) - {Mechanism.ECDSA}

    class Poor:
        """The same token, were its library older."""

        def __init__(self, session: Any) -> None:
            self._session = session
            self.token = self
            self.slot = self

        def get_mechanisms(self) -> set[Any]:
            return known

        def __getattr__(self, name: str) -> Any:
            return getattr(self._session, name)

    monkeypatch.setattr(signer._token, "session", Poor(signer._token.session))
    with pytest.raises(SigningError, match="mechanism_missing"):
        open_key(token.format("ec"), PIN)


# ------------------------------------------------------------------ remote service (CSC v2)


class Service:
    """A signing service: authorises hashes by PIN, signs exactly those, once."""

    def __init__(self, key: Identity) -> None:
        self.key, self.asked = key, list[str]()
        self.granted: dict[str, list[str]] = {}
        self.fault = ""

    def answer(self, path: str, body: dict[str, Any], bearer: str) -> dict[str, Any] | None:
        self.asked.append(path.rsplit("/", 1)[1])
        if bearer == "Bearer the" and self.asked[-1] == "list":
            return {"credentialIDs": ["con-dau"]}
        if bearer != "Bearer the" or body["credentialID"] != "con-dau":
            return None
        return {"info": self.info, "authorize": self.authorize, "signHash": self.sign}[self.asked[-1]](body)

    def info(self, _: dict[str, Any]) -> dict[str, Any]:
        chain = [base64.b64encode(one).decode() for one in (self.key.certificate, *self.key.chain)]
        algorithms = ["1.2.840.10045.4.3.2", "1.2.840.113549.1.1.10"]
        status = "disabled" if self.fault == "disabled" else "enabled"
        return {"key": {"status": status, "algo": algorithms}, "cert": {"certificates": chain}, "SCAL": "2"}

    def authorize(self, body: dict[str, Any]) -> dict[str, Any] | None:
        if body.get("authData") != [{"id": "PIN", "value": PIN}]:
            return None
        self.granted["sad"] = body["hashes"]
        return {"SAD": "sad"}

    def sign(self, body: dict[str, Any]) -> dict[str, Any] | None:
        if self.granted.pop(body["SAD"], None) != body["hashes"]:
            return None
        digests = [base64.b64decode(one) for one in body["hashes"]]
        if self.fault == "other":
            digests = [bytes(32)] * len(digests)
        return {"signatures": [base64.b64encode(self._one(one)).decode() for one in digests]}

    def _one(self, digest: bytes) -> bytes:
        key, how = self.key.private_key(), utils.Prehashed(hashes.SHA256())
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return key.sign(digest, ec.ECDSA(how))
        return key.sign(digest, padding.PSS(padding.MGF1(hashes.SHA256()), 32), how)


@contextmanager
def served(service: Service) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told = service.answer(self.path, body, self.headers["Authorization"])
            answer = json.dumps(told or {"error": "invalid_request"}).encode()
            self.send_response(200 if told else 400)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"csc:http://127.0.0.1:{server.server_port}/csc/v2?credential=con-dau"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(("bits", "expected"), [(0, "ecdsa-secp256r1-sha256"), (RSA, "rsa-pss-2048-sha256")])
async def test_a_remote_service_signs(bits: int, expected: str) -> None:
    service = Service(papers.person("Văn thư", bits))
    with served(service) as address:
        signer = open_key(address, PIN, token="the")
        assert algorithm(await sign(papers.plain(), signer)) == expected
    assert service.asked == ["info", "authorize", "signHash"]
    assert PIN not in repr(signer)


async def test_a_batch_takes_one_authorisation_for_exactly_its_papers() -> None:
    service = Service(papers.person())
    with served(service) as address:
        signer: Any = open_key(address, PIN, token="the")
        halves = [prepare(papers.plain(n), certificate=signer.certificate, chain=signer.chain) for n in (1, 2, 3)]
        made = await signer.sign_batch([half.to_sign for half in halves])
    assert service.asked == ["info", "authorize", "signHash"]
    for half, signature in zip(halves, made, strict=True):
        assert algorithm(finish(half, signature)) == "ecdsa-secp256r1-sha256"


async def test_why_a_remote_service_does_not_sign() -> None:
    service = Service(papers.person())
    with served(service) as address:
        with pytest.raises(SigningError, match="service_refused"):
            open_key(address, PIN, token="another")
        with pytest.raises(SigningError, match="service_refused"):
            await sign(papers.plain(), open_key(address, "0000", token="the"))
        service.fault = "other"
        with pytest.raises(SigningError, match="signature_mismatch"):
            await sign(papers.plain(), open_key(address, PIN, token="the"))
        service.fault = "disabled"
        with pytest.raises(SigningError, match="key_missing"):
            open_key(address, PIN, token="the")
    with pytest.raises(SigningError, match="key_unreachable"):
        open_key(address, PIN, token="the")


# ------------------------------------------------------------------ tablet: the key never leaves it

TABLET = """
  const lines = require('readline').createInterface({ input: process.stdin })
  const kind = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const hex = (bytes) => Buffer.from(bytes).toString('hex')
  crypto.subtle.generateKey(kind, false, ['sign', 'verify']).then(async (pair) => {
    try { await crypto.subtle.exportKey('pkcs8', pair.privateKey); console.log('exported') }
    catch { console.log('kept') }
    console.log(hex(await crypto.subtle.exportKey('spki', pair.publicKey)))
    const sign = (line) => crypto.subtle.sign(kind, pair.privateKey, Buffer.from(line, 'hex'))
    for await (const line of lines) console.log(hex(await sign(line)))
  })
"""


@contextmanager
def tablet() -> Iterator[tuple[bytes, Any]]:
    """Public key of a browser's key, and what asks it to sign."""
    process = subprocess.Popen([need("node"), "-e", TABLET], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    lines_in, lines_out = process.stdin, process.stdout
    try:
        assert lines_out.readline() == "kept\n"
        public = bytes.fromhex(lines_out.readline())

        def ask(data: bytes) -> bytes:
            lines_in.write(data.hex() + "\n")
            lines_in.flush()
            return bytes.fromhex(lines_out.readline())

        yield public, ask
    finally:
        lines_in.close()
        process.wait(10)
        lines_out.close()


def test_a_tablets_key_is_enrolled_and_signs_in_two_phases() -> None:
    with tablet() as (public, ask):
        body = request_to_sign(public, "Tên tự khai")
        request = signed_request(body, ask(body))
        certificate = papers.pki().approve(request, "Phạm Quốc Khánh", title="Đại biểu")
        chain = (papers.pki().issuing.certificate, papers.pki().root.certificate)
        half = prepare(papers.plain(), certificate=certificate, chain=chain)
        paper = finish(half, ask(half.to_sign))
        with pytest.raises(SigningError, match="signature_mismatch"):
            finish(half, ask(half.to_sign + b"x"))
    (one,) = verify(paper, trust_roots=ROOTS).signatures
    assert (one.signer, one.title, one.trusted) == ("Phạm Quốc Khánh", "Đại biểu", True)


def test_a_request_of_another_key_is_refused() -> None:
    with tablet() as (public, _), tablet() as (_, other):
        body = request_to_sign(public, "A")
        with pytest.raises(SigningError, match="request_invalid"):
            signed_request(body, other(body))
    for wrong in (b"", b"x" * 91, papers.person().certificate):
        with pytest.raises(SigningError, match="request_invalid"):
            request_to_sign(wrong, "A")
        with pytest.raises(SigningError, match="request_invalid"):
            check_request(wrong)


# ------------------------------------------------------------------ signed elsewhere


def test_a_paper_signed_elsewhere_is_taken_only_if_it_is_ours() -> None:
    base, services = papers.form(), Services(roots=tuple(ROOTS))
    assert accept_upload(base, papers.signed(base), services=services).verdict == "valid"
    second = papers.signed(base)
    assert len(accept_upload(second, papers.signed(second), services=services).signatures) == 2
    for uploaded, code in (
        (base, "upload_unsigned"),
        (attacks.fill(base, "1"), "upload_unsigned"),
        (papers.signed(papers.plain()), "upload_not_ours"),
        (papers.signed(attacks.rewritten(base)), "upload_not_ours"),
        (attacks.fill(papers.signed(base), "1"), "upload_invalid"),
        (papers.signed(papers.signed(base)), "upload_invalid"),
        (papers.signed(base, papers.stranger()), "upload_invalid"),
        (attacks.bit_in_signature(papers.signed(base)), "upload_invalid"),
    ):
        with pytest.raises(SigningError) as refused:
            accept_upload(base, uploaded, services=services)
        assert refused.value.code == code
