"""The corpus of real and hostile files beside the checkout, and the table of the gate's verdicts on it.

``python -m tests.support.corpus`` prints the table and fails where a verdict is not that of the label, or a file took
more than it may; where there is no corpus it says so, and that is no failure.
"""

from __future__ import annotations

import asyncio
import csv
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path

from server.core import sandbox
from server.documents.intake.check import Line, check_each
from server.documents.models import Bounds

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
# What the gate promises of any file.
SECONDS = 15.0
MEMORY_MIB = 768.0
EITHER = "either:bounded"


def _rows() -> Iterator[dict[str, str]]:
    manifest = CORPUS / "MANIFEST.tsv"
    if manifest.is_file():
        with manifest.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file, delimiter="\t")


ROWS = {row["file"]: row for row in _rows() if (CORPUS / row["file"]).is_file()}


def verdict(line: Line) -> str:
    """A verdict in the words of the manifest."""
    return line.verdict if line.reason is None else f"{line.verdict}:{line.reason}"


def faults(row: dict[str, str], line: Line) -> list[str]:
    """What is wrong with a verdict; nothing where it is the one that is expected, within its bounds."""
    found = []
    if row["expected"] not in {verdict(line), EITHER}:
        found.append(f"expected {row['expected']}")
    ending = row["file"].rpartition(".")[2]
    if line.verdict == "accept" and line.kind != {"jpg": "jpeg"}.get(ending, ending):
        found.append(f"expected {ending}")
    if line.verdict == "accept" and row["pages"] and line.pages != int(row["pages"]):
        found.append(f"expected {row['pages']} pages")
    if line.verdict == "accept" and line.kind == "pdf" and line.signed != (row["signature"] != "none"):
        found.append(f"signature: {row['signature']}")
    if line.seconds > SECONDS or line.peak_mib > MEMORY_MIB:
        found.append("beyond its bounds")
    return found


async def lines() -> AsyncIterator[tuple[str, Line]]:
    """The name of every file, and what the gate says of it."""
    async with aclosing(check_each([CORPUS / name for name in ROWS], Bounds())) as each:
        for name in ROWS:
            yield name, await anext(each)


def main() -> int:
    """Print the table; 0 when every verdict is right."""
    if not ROWS:
        sys.stdout.write(f"No corpus lies at {CORPUS}; there is nothing to check here, and that is fine.\n")
        return 0
    sys.stdout.write(f"{'file':<58} {'verdict':<18} {'kind':<7} {'pages':>5} {'seconds':>8} {'MiB':>6}\n")
    wrong = asyncio.run(_print_all())
    sys.stdout.write(f"{len(ROWS)} files, {wrong} not as expected; children walled in by: {sandbox.wall()}\n")
    return 1 if wrong else 0


async def _print_all() -> int:
    wrong = 0
    async for name, line in lines():
        told = faults(ROWS[name], line)
        wrong += bool(told)
        shown = name if len(name) <= 58 else f"{name[:57]}…"
        sys.stdout.write(
            f"{shown:<58} {verdict(line):<18} {line.kind or '-':<7} {line.pages or '-':>5} {line.seconds:>8.2f}"
            f" {line.peak_mib:>6.0f} {'; '.join(told)}\n"
        )
        sys.stdout.flush()
    return wrong


if __name__ == "__main__":
    sys.exit(main())
