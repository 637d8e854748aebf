"""An authority with its services on loopback: OCSP, revocation lists and time stamps, each of which can fail."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID
from msgspec.structs import replace
from pyhanko.sign.timestamps import DummyTimeStamper

from signing import Services
from signing.demo_pki import DemoPki, Identity, make_demo_pki, withdrawn
from signing.signers import KeySigner

_DAY = timedelta(days=1)
# What is no answer, and the answer that says no: a status of 2, without a time stamp.
_WRONG = {"rubbish": b"\x30\x00", "refused": bytes.fromhex("30053003020102")}


class Authority:
    """Root, issuing authority and time stamp authority; `address` is where its services answer.

    Attributes:
        asked: paths that were asked for, in order.
        down: paths that answer 503.
        revoked: serial number → since when.
        fault: what the time stamp authority does wrong: nonce, imprint, refused, rubbish, or nothing.
        ahead: how far its clock is.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.asked: list[str] = []
        self.down: set[str] = set()
        self.revoked: dict[int, datetime] = {}
        self.fault, self.ahead, self.answer_days = "", timedelta(0), 7
        self.pki: DemoPki = make_demo_pki(extensions=self._pointers("root"))
        clock = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        self.clock = self.pki.person(
            "Dấu thời gian", rsa_bits=2048, days=3000, extensions=[clock, *self._pointers("issuing")]
        )

    def _pointers(self, issuer: str, ways: Sequence[str] = ("ocsp", "crl")) -> list[x509.ExtensionType]:
        responder = x509.UniformResourceIdentifier(f"{self.address}/ocsp")
        point = x509.UniformResourceIdentifier(f"{self.address}/{issuer}.crl")
        found: list[x509.ExtensionType] = []
        if "ocsp" in ways:
            found.append(x509.AuthorityInformationAccess(
                [x509.AccessDescription(AuthorityInformationAccessOID.OCSP, responder)]
            ))  # fmt: skip
        if "crl" in ways:
            found.append(x509.CRLDistributionPoints([x509.DistributionPoint([point], None, None, None)]))
        return found

    def person(self, name: str = "Lê Thị Kiểm", ways: Sequence[str] = ("ocsp", "crl"), **more: Any) -> Identity:
        extensions = [*more.pop("extensions", ()), *self._pointers("issuing", ways)]
        return self.pki.person(name, organisation="UBND thành phố", title="Chủ tịch", extensions=extensions, **more)

    def signer(self, one: Identity | None = None) -> KeySigner:
        one = one or self.person()
        return KeySigner(one.private_key(), one.certificate, one.chain)

    @property
    def root(self) -> bytes:
        """The root alone, no lists with it."""
        return x509.load_der_x509_certificate(self.pki.root.certificate).public_bytes(Encoding.PEM)

    def services(self, **changes: Any) -> Services:
        host = self.address.removeprefix("http://")
        usual = Services(roots=(self.root,), tsa=f"{self.address}/tsa", hosts=(host,), seconds=5.0)
        return replace(usual, **changes)

    def well(self) -> Authority:
        """Everything answers and nobody is revoked."""
        self.asked.clear()
        self.down.clear()
        self.revoked.clear()
        self.fault, self.ahead = "", timedelta(0)
        return self

    def revoke(self, one: Identity, since: datetime | None = None) -> None:
        self.revoked[x509.load_der_x509_certificate(one.certificate).serial_number] = since or datetime.now(UTC) - _DAY

    # ---- answers

    def answer(self, path: str, body: bytes) -> bytes | None:
        if path.startswith("/ocsp/"):  # RFC 6960 by GET, as NSS asks
            path, body = "/ocsp", base64.b64decode(unquote(path.removeprefix("/ocsp/")))
        self.asked.append(path)
        if path in self.down:
            return None
        if path == "/tsa":
            return self._stamp(body)
        if path == "/ocsp":
            return self._status(body)
        issuer = {"/issuing.crl": self.pki.issuing, "/root.crl": self.pki.root}[path]
        return x509.load_pem_x509_crl(withdrawn(issuer, self.revoked)).public_bytes(Encoding.DER)

    def _status(self, body: bytes) -> bytes:
        asked = ocsp.load_der_ocsp_request(body)
        issuer = next(
            one for one in (self.pki.issuing, self.pki.root) if _key_hash(one.certificate) == asked.issuer_key_hash
        )
        certificate, now = x509.load_der_x509_certificate(issuer.certificate), datetime.now(UTC)
        since = self.revoked.get(asked.serial_number)
        builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
            asked.issuer_name_hash, asked.issuer_key_hash, asked.serial_number, asked.hash_algorithm,
            ocsp.OCSPCertStatus.REVOKED if since else ocsp.OCSPCertStatus.GOOD,
            now - timedelta(minutes=1), now + self.answer_days * _DAY, since, None,
        )  # fmt: skip
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, certificate)
        return builder.sign(issuer.private_key(), hashes.SHA256()).public_bytes(Encoding.DER)

    def _stamp(self, body: bytes) -> bytes:
        if self.fault in _WRONG:
            return _WRONG[self.fault]
        request = tsp.TimeStampReq.load(body)
        if self.fault == "nonce":
            request["nonce"] = request["nonce"].native ^ 1
        if self.fault == "imprint":
            request["message_imprint"]["hashed_message"] = bytes(32)
        certificates = [asn1_x509.Certificate.load(one) for one in (self.clock.certificate, *self.clock.chain)]
        stamper = DummyTimeStamper(
            certificates[0], keys.PrivateKeyInfo.load(self.clock.key), certificates[1:],  # type: ignore[arg-type]
            fixed_dt=(datetime.now(UTC) + self.ahead).replace(microsecond=0),
        )  # fmt: skip
        answer = stamper.request_tsa_response(request)
        made: bytes = answer.dump()
        return made


def _key_hash(certificate: bytes) -> bytes:
    return asn1_x509.Certificate.load(certificate).public_key.sha1  # type: ignore[no-any-return]


@contextmanager
def authority() -> Iterator[Authority]:
    """A new one, answering until the block ends."""
    served: list[Authority] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.reply(self.rfile.read(int(self.headers["Content-Length"])))

        def do_GET(self) -> None:
            self.reply(b"")

        def reply(self, body: bytes) -> None:
            answer = served[0].answer(self.path, body)
            self.send_response(503 if answer is None else 200)
            self.send_header("Content-Length", str(len(answer or b"")))
            self.end_headers()
            self.wfile.write(answer or b"")

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        served.append(Authority(f"http://127.0.0.1:{server.server_port}"))
        yield served[0]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
