"""The two halves of a signature: they may lie in different processes, and nothing false is ever embedded."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from signing import Prepared, SigningError, finish, prepare, sign, verify
from tests.signing import papers
from tests.support.parts import need


def prepared(name: str = "Nguyễn Thị Ánh Tuyết", rsa_bits: int = 0) -> Prepared:
    one = papers.person(name, rsa_bits)
    return prepare(papers.plain(), certificate=one.certificate, chain=one.chain)


async def raw(half: Prepared, name: str = "Nguyễn Thị Ánh Tuyết", rsa_bits: int = 0) -> bytes:
    return await papers.signer(name, rsa_bits).sign_raw(half.to_sign)


@pytest.mark.parametrize("rsa_bits", [0, 2048])
async def test_halves_make_a_valid_file(rsa_bits: int) -> None:
    half = prepared(rsa_bits=rsa_bits)
    assert half.to_sign[0] == 0x31
    signed = finish(half, await raw(half, rsa_bits=rsa_bits))
    assert verify(signed, trust_roots=[papers.pki().root_pem]).verdict == "valid"


async def test_finishing_twice_gives_the_same_file() -> None:
    half = prepared()
    signature = await raw(half)
    assert finish(half, signature) == finish(half, signature)


async def test_half_survives_json_and_another_process() -> None:
    half = prepared()
    message = {"half": msgspec.to_builtins(half), "signature": (await raw(half)).hex()}
    program = (
        "import sys, json, msgspec\n"
        "from signing import Prepared, finish\n"
        "m = json.load(sys.stdin)\n"
        "signed = finish(msgspec.convert(m['half'], Prepared), bytes.fromhex(m['signature']))\n"
        "sys.stdout.buffer.write(signed)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=json.dumps(message).encode(), capture_output=True, check=True
    )
    assert verify(done.stdout, trust_roots=[papers.pki().root_pem]).verdict == "valid"


async def test_signature_as_a_browser_gives_it() -> None:
    half = prepared()
    r, s = decode_dss_signature(await raw(half))
    signed = finish(half, r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    assert verify(signed, trust_roots=[papers.pki().root_pem]).verdict == "valid"


async def test_signature_made_by_web_crypto() -> None:
    node = need("node")
    half = prepared()
    key = papers.person().private_key().private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    program = """
        const [key, data] = JSON.parse(require('fs').readFileSync(0)).map((hex) => Buffer.from(hex, 'hex'))
        const kind = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
        crypto.subtle.importKey('pkcs8', key, kind, false, ['sign'])
          .then((k) => crypto.subtle.sign(kind, k, data))
          .then((s) => process.stdout.write(Buffer.from(s).toString('hex')))
    """
    done = subprocess.run(
        [node, "-e", program],
        input=json.dumps([key.hex(), half.to_sign.hex()]),
        capture_output=True,
        text=True,
        check=True,
    )
    signed = finish(half, bytes.fromhex(done.stdout))
    assert verify(signed, trust_roots=[papers.pki().root_pem]).verdict == "valid"


async def test_wrong_signatures_are_not_embedded() -> None:
    half = prepared()
    good = await raw(half)
    other_key = ec.generate_private_key(ec.SECP256R1()).sign(half.to_sign, ec.ECDSA(hashes.SHA256()))
    other_text = await papers.signer().sign_raw(half.to_sign + b"x")
    for wrong in (b"", b"x" * 64, good[:-1], good + b"\0", other_key, other_text):
        with pytest.raises(SigningError, match="signature_mismatch"):
            finish(half, wrong)


def _with_byte(half: Prepared, at: int) -> dict[str, Any]:
    return {"pdf": half.pdf[:at] + bytes([half.pdf[at] ^ 1]) + half.pdf[at + 1 :]}


CHANGES: dict[str, Callable[[Prepared], dict[str, Any]]] = {
    "a byte of the file": lambda half: _with_byte(half, 100),
    "a byte in the hole": lambda half: _with_byte(half, half.start + 5),
    "the edge of the hole": lambda half: _with_byte(half, half.start),
    "a byte more": lambda half: {"pdf": half.pdf + b"\n"},
    "start of the hole": lambda half: {"start": half.start + 2},
    "end of the hole": lambda half: {"end": half.end + 2},
    "start before the file": lambda _: {"start": -5},
    "digest": lambda _: {"digest": bytes(32)},
    "attributes of another": lambda _: {"to_sign": prepared("Người khác").to_sign},
    "no attributes": lambda _: {"to_sign": b"\x31\x00"},
    "rubbish": lambda _: {"to_sign": b"rubbish"},
    "algorithm": lambda _: {"algorithm": "rsa-pss-sha256"},
}


@pytest.mark.parametrize("what", CHANGES)
async def test_a_changed_half_is_not_finished(what: str) -> None:
    half = prepared()
    signature = await raw(half)
    with pytest.raises(SigningError, match="prepared_changed"):
        finish(msgspec.structs.replace(half, **CHANGES[what](half)), signature)


async def test_the_computing_goes_where_the_caller_says() -> None:
    done: list[str] = []

    async def here(work: Any) -> Any:
        done.append(work.func.__name__)
        return work()

    signed = await sign(papers.plain(), papers.signer(), run=here)
    assert done == ["prepare", "finish"]
    assert verify(signed).integrity == "intact"


async def test_both_halves_and_the_check_run_in_a_worker_process() -> None:
    import asyncio
    from concurrent.futures import ProcessPoolExecutor
    from functools import partial
    from multiprocessing import get_context

    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:

        async def there(work: Any) -> Any:
            return await loop.run_in_executor(pool, work)

        signed = await sign(papers.plain(), papers.signer(), run=there)
        report = await there(partial(verify, signed, trust_roots=[papers.pki().root_pem]))
    assert report.verdict == "valid"
