"""Signing and verifying beside pyHanko's own signer and raw openssl: one key, one paper, one appearance, in one run.

    make bench-signing                         or python -m bench.signing
    make bench-signing ARGS="--count 200"      more signatures to a figure

Papers are counted per second of processor time, so that what else the machine does costs nothing; two processes are
counted by the clock. Raw openssl is the limit that no signer passes.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import re
import subprocess
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from PIL import Image
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from bench.report import figure
from server.core.workers import Workers
from server.signatures.child import finish_file, prepare_file
from server.signatures.child.checking import check_format
from server.signatures.child.laying import lay_fields
from server.signatures.child.looking import draw_pair, judge_file
from server.signatures.child.registry import fill_file
from server.signatures.child.sealing import SealJob, prepare_seal
from server.signatures.models import Authorities, Job
from server.signatures.rules.comparing import Expected
from signing import Stamp, finish, prepare, sign, verify
from signing.demo_ink import draw_signature
from signing.demo_pki import DemoPki, Identity, make_demo_pki
from signing.engine import complete
from signing.signers import KeySigner
from tests.signatures.registry import FIELDS
from tests.signing import papers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

PAGES, BITS = 3, 2048
# Signatures of openssl, papers of two processes, both a second, and what a check may take, on the machine of the goals.
RAW_OF_THE_GOAL, PAPERS_OF_THE_GOAL, MS_OF_THE_GOAL = 3900, 120, 50


def raw_rate() -> float:
    """RSA-2048 signatures a second that openssl makes on one core."""
    done = subprocess.run(["openssl", "speed", "-seconds", "2", "rsa2048"], capture_output=True, text=True, check=True)
    found = re.search(r"rsa\s+2048 bits\s+\S+\s+\S+\s+([\d.]+)", done.stdout)
    assert found
    return float(found.group(1))


def per_cpu_second(work: Callable[[], object], count: int) -> float:
    """How often `work` is done in a second of processor time."""
    work()
    start = time.process_time()
    for _ in range(count):
        work()
    return count / (time.process_time() - start)


@lru_cache
def appearance() -> bytes:
    """The picture of a handwritten signature that every signer draws."""
    return draw_signature("Nguyễn Thị Ánh Tuyết")


def stock(paper: bytes, one: Identity) -> bytes:
    """As the manual of pyHanko says it."""
    store = SimpleCertificateStore()
    store.register_multiple(asn1_x509.Certificate.load(above) for above in one.chain)
    der = one.private_key().private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = SimpleSigner(
        asn1_x509.Certificate.load(one.certificate), keys.PrivateKeyInfo.load(der), store, prefer_pss=True
    )
    meta = PdfSignatureMetadata(field_name="ChuKy1", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    picture = PdfImage(Image.open(io.BytesIO(appearance())))
    style = StaticStampStyle(background=picture, border_width=0, background_opacity=1.0)
    place = SigFieldSpec("ChuKy1", on_page=-1, box=(300, 120, 500, 220))
    out = io.BytesIO()
    engine = PdfSigner(meta, signer, stamp_style=style, new_field_spec=place)
    asyncio.run(engine.async_sign_pdf(IncrementalPdfFileWriter(io.BytesIO(paper)), output=out))
    return out.getvalue()


def ours(paper: bytes, signer: KeySigner, roots: tuple[bytes, ...] = ()) -> bytes:
    """Our signature; with `roots`, judged by ourselves before it counts."""
    stamp = Stamp(box=papers.BOX, image=appearance())
    half = prepare(paper, certificate=signer.certificate, chain=signer.chain, stamp=stamp)
    signed = finish(half, complete(signer.sign_raw(half.to_sign)))
    assert not roots or verify(signed, trust_roots=roots).verdict == "valid"
    return signed


def signing_rates(count: int, pki: DemoPki, raw: float) -> None:
    """Per processor second: pyHanko's own signer, ours, ours with its check; then two processes by the clock."""
    one, paper = pki.person("Nguyễn Thị Ánh Tuyết", rsa_bits=BITS), papers.plain(PAGES)
    signer, roots = KeySigner(one.private_key(), one.certificate, one.chain), (pki.root_pem,)
    theirs = per_cpu_second(partial(stock, paper, one), max(5, count // 4))
    figure("signing", "pyHanko SimpleSigner", "papers per CPU second", theirs, "1/s", "raw openssl", theirs / raw)
    mine = per_cpu_second(partial(ours, paper, signer), count)
    figure("signing", "ours", "papers per CPU second", mine, "1/s", "SimpleSigner", mine / theirs, at_least=6)
    half = PAPERS_OF_THE_GOAL / 2 * raw / RAW_OF_THE_GOAL
    figure("signing", "ours", "papers per CPU second", mine, "1/s", "goal at this openssl", mine / half, at_least=1)
    figure("signing", "ours", "papers per CPU second", mine, "1/s", "raw openssl", mine / raw)
    checked = per_cpu_second(partial(ours, paper, signer, roots), count)
    figure(
        "signing",
        "ours, checked",
        "papers per CPU second",
        checked,
        "1/s",
        "SimpleSigner",
        checked / theirs,
        at_least=3,
    )
    rate = two_processes(paper, one, count)
    goal = PAPERS_OF_THE_GOAL * raw / RAW_OF_THE_GOAL
    figure(
        "signing", "two processes", "papers per second", rate, "1/s", "goal at this openssl", rate / goal, at_least=1
    )


_signer: KeySigner | None = None


def begin(one: Identity) -> None:
    """A process of the pool: the key is loaded once."""
    global _signer  # noqa: PLW0603  # one to a process
    _signer = KeySigner(one.private_key(), one.certificate, one.chain)
    ours(papers.plain(), _signer)


def work(paper: bytes) -> int:
    """Sign one paper in a process of the pool."""
    assert _signer is not None
    return len(ours(paper, _signer))


def two_processes(paper: bytes, one: Identity, count: int) -> float:
    """Papers a second by the clock."""
    with ProcessPoolExecutor(2, get_context("spawn"), begin, (one,)) as pool:
        list(pool.map(work, [paper] * 4))
        start = time.perf_counter()
        list(pool.map(work, [paper] * count, chunksize=4))
        return count / (time.perf_counter() - start)


def verifying(count: int, pki: DemoPki, raw: float) -> None:
    """Processor time of one check: three signatures on three pages; and how long four at once hold up an event loop."""
    paper = papers.plain(PAGES)
    for name in ("Người thứ nhất", "Người thứ hai", "Người thứ ba"):
        one = pki.person(name)
        signer = KeySigner(one.private_key(), one.certificate, one.chain)
        paper = complete(sign(paper, signer, stamp=Stamp(box=papers.BOX, image=appearance())))
    rate = per_cpu_second(partial(verify, paper, trust_roots=(pki.root_pem,)), count)
    figure("signing", "verify", "3 signatures, 3 pages", 1000 / rate, "ms CPU", at_most=MS_OF_THE_GOAL)
    cost, allowed = raw / rate, RAW_OF_THE_GOAL * MS_OF_THE_GOAL / 1000
    figure(
        "signing", "verify", "as openssl's signatures", cost, "RSA signs", "goal as such", cost / allowed, at_most=1
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.pdf"
        path.write_bytes(paper)
        idle, busy = asyncio.run(loop_gaps(str(path), pki, count))
    figure("signing", "event loop, idle", "longest gap", idle, "ms")
    figure("signing", "event loop, 4 verifications", "longest gap", busy, "ms", at_most=20)


async def loop_gaps(path: str, pki: DemoPki, count: int) -> tuple[float, float]:
    """The longest time, in ms, that a loop was late for a tick of 1 ms.

    For a second of nothing, then while children of the server judge four files at a time.
    """
    workers, authorities = Workers(size=2), Authorities(roots=(pki.root_pem,))
    judge = partial(workers.run, judge_file, path, authorities, Expected())
    try:
        await asyncio.gather(*(judge() for _ in range(4)))
        idle = await _latest(asyncio.sleep(1))
        rounds = max(1, count // 12)
        return idle, await _latest(_again(lambda: asyncio.gather(*(judge() for _ in range(4))), rounds))
    finally:
        await workers.close()


async def _again(work: Callable[[], Awaitable[object]], times: int) -> None:
    for _ in range(times):
        await work()


async def _latest(work: Awaitable[object]) -> float:
    task, longest = asyncio.ensure_future(work), 0.0
    while not task.done():
        start = time.perf_counter()
        await asyncio.sleep(0.001)
        longest = max(longest, time.perf_counter() - start - 0.001)
    await task
    return longest * 1000


def memory(pki: DemoPki) -> None:
    """How much more memory a process has at its peak after a file of 110 MB than after a small one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for work in (large_paper, sign_large, sign_large_as_server, look_at_large):
            process = get_context("spawn").Process(target=work, args=(folder, pki))
            process.start()
            process.join()
            assert process.exitcode == 0


def peak() -> float:
    """MiB that this process had at most so far; other than `getrusage`, without what its parent had before it."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024  # type: ignore[index]  # Linux tells it


def sign_large(folder: Path, pki: DemoPki) -> None:
    """In a process of its own: the peak never falls again."""
    one = pki.person("Nguyễn Thị Ánh Tuyết")
    signer = KeySigner(one.private_key(), one.certificate, one.chain)
    small = ours(papers.plain(), signer)
    (folder / "small.pdf").write_bytes(small)
    paper, prepared, signed = (folder / name for name in ("paper.pdf", "prepared.pdf", "signed.pdf"))
    before = peak()
    stamp = Stamp(box=papers.BOX, image=appearance())
    half = prepare(paper, into=prepared, certificate=signer.certificate, chain=signer.chain, stamp=stamp)
    finish(half, complete(signer.sign_raw(half.to_sign)), into=signed)
    more = peak() - before
    assert paper.stat().st_size < signed.stat().st_size
    figure("signing", "a file of 110 MB", "more memory at the peak", more, "MiB", at_most=16)


def sign_large_as_server(folder: Path, pki: DemoPki) -> None:
    """What the server's children do with a file that an official, then the agency signs, first with a small one.

    Fields for two who sign, their places, both halves, number and date, the result verified, the seal over it.
    """
    one = pki.person("Nguyễn Thị Ánh Tuyết")
    signer, authorities = KeySigner(one.private_key(), one.certificate, one.chain), Authorities(roots=(pki.root_pem,))
    said: dict[str, Any] = {
        "certificate": signer.certificate, "chain": signer.chain, "image": appearance(), "authorities": authorities,
        "algorithm": signer.algorithm, "at": datetime.now(UTC).isoformat(),
    }  # fmt: skip
    job = Job(name="Nguyễn Thị Ánh Tuyết", several=("Nguyễn Thị Ánh Tuyết", "Trần Văn Bình"), **said)
    grown = []
    (folder / "plain.pdf").write_bytes(papers.plain())
    for name in ("plain.pdf", "paper.pdf"):
        laid, signed, numbered, sealed = (str(folder / f"{step}.pdf") for step in ("laid", "by", "numbered", "sealed"))
        lay_fields(str(folder / name), laid, FIELDS)
        half = prepare_file(laid, f"{laid}.half", job)
        known = finish_file(f"{laid}.half", signed, complete(signer.sign_raw(half.to_sign)), authorities)
        fill_file(signed, numbered, 15, "2026-11-27")
        seal = SealJob(what="seal", over=known[0], number=15, dated="2026-11-27", known=known, **said)
        half = prepare_seal(numbered, f"{numbered}.half", seal)
        known = finish_file(f"{numbered}.half", sealed, complete(signer.sign_raw(half.to_sign)), authorities)
        assert known[1:] == ("ConDau",)
        grown.append(peak())
    figure(
        "signing", "110 MB, the server's child", "more memory at the peak", grown[1] - grown[0], "MiB",
        at_most=16,
    )  # fmt: skip


def look_at_large(folder: Path, pki: DemoPki) -> None:
    """What the server's child does with a file that it is to check, first with a small one."""
    authorities, grown = Authorities(roots=(pki.root_pem,)), []
    for name in ("small.pdf", "signed.pdf"):
        path = str(folder / name)
        report = judge_file(path, authorities, Expected())
        assert (report.verdict, report.size) == ("valid", Path(path).stat().st_size)
        assert draw_pair(path, report.signatures[0].signed_bytes, 1).before
        assert check_format(path, (), ("ChuKy1",)) is not None
        grown.append(peak())
    figure("signing", "a file of 110 MB, checked", "more memory at the peak", grown[1] - grown[0], "MiB", at_most=16)


def large_paper(folder: Path, _pki: DemoPki) -> None:
    """One page and 110 MB, written by a process of its own: its memory is not what is measured."""
    import pikepdf  # noqa: PLC0415 - for this figure alone

    with pikepdf.open(io.BytesIO(papers.plain())) as pdf:
        pdf.Root.PieceInfo = pdf.make_indirect(pikepdf.Stream(pdf, bytes(110_000_000)))
        pdf.save(folder / "paper.pdf", compress_streams=False)


def main() -> None:
    """All figures, one after another."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=60, help="signatures to a figure")
    count, pki = parser.parse_args().count, make_demo_pki()
    raw = raw_rate()
    figure("signing", "raw openssl", "RSA-2048 signatures", raw, "1/s")
    signing_rates(count, pki, raw)
    verifying(count, pki, raw_rate())
    memory(pki)


if __name__ == "__main__":
    main()
