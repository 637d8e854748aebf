"""The recogniser of this machine: the command ``tesseract`` with Vietnamese, if it is installed, and what it prints."""

from __future__ import annotations

import csv
import functools
import os
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator

from msgspec import Struct

LANGUAGE = "vie"
_ORIENTATION = "osd"
# How sure it must be that a page lies turned; a page of noise reaches 4, one of print 10 and more.
_SURE_OF_TURN = 6.0
# Below this a word is a smudge; a page whose words are no better on average has none.
_SURE_OF_WORD = 30.0
_SURE_OF_PAGE = 45.0
_WORDS = 5_000
_WORD_CHARACTERS = 200
_WORD_LEVEL = "5"
_LIST_SECONDS = 10
_TURN = re.compile(r"^Rotate: (\d+)", re.MULTILINE)
_SURE = re.compile(r"^Orientation confidence: ([\d.]+)", re.MULTILINE)

# A rectangle of pixels: left, top, right, bottom, from the upper left corner of the picture.
Pixels = tuple[int, int, int, int]


class Recogniser(Struct, frozen=True):
    """The command, and whether it can tell how a page lies."""

    command: str
    turns: bool


@functools.cache
def installed() -> Recogniser | None:
    """The recogniser of this machine; None where the command or its Vietnamese is missing."""
    command = shutil.which("tesseract")
    if command is None:
        return None
    try:
        listed = subprocess.run(  # noqa: S603 - no shell, no argument from outside
            [command, "--list-langs"], capture_output=True, text=True, timeout=_LIST_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    languages = set(listed.stdout.split())
    return Recogniser(command, _ORIENTATION in languages) if LANGUAGE in languages else None


def turn_of(recogniser: Recogniser, picture: str) -> int:
    """By how many degrees with the clock a picture has to be turned to be upright; 0 where that is not plain."""
    if not recogniser.turns:
        return 0
    try:
        printed = _run(recogniser, picture, "-l", _ORIENTATION, "--psm", "0")
    except subprocess.CalledProcessError:  # too few letters to tell
        return 0
    turn, sure = (
        re.search(r"^Rotate: (\d+)", printed, re.MULTILINE),
        re.search(r"^Orientation conf\D+([\d.]+)", printed, re.MULTILINE),
    )
    return int(turn[1]) % 360 if turn and sure and float(sure[1]) >= _SURE_OF_TURN else 0


def read_lines(recogniser: Recogniser, picture: str) -> list[list[tuple[str, Pixels]]]:
    """The words of an upright picture line by line with their boxes; none where it holds no print."""
    printed = _run(recogniser, picture, "-l", LANGUAGE, "--psm", "3", "tsv")
    lines: dict[tuple[str, str, str], list[tuple[str, Pixels]]] = {}
    sure: list[float] = []
    for line, word, box, confidence in _words(printed):
        sure.append(confidence)
        if confidence >= _SURE_OF_WORD and len(sure) <= _WORDS:
            lines.setdefault(line, []).append((word, box))
    if not sure or sum(sure) / len(sure) < _SURE_OF_PAGE:
        return []
    return list(lines.values())


def _words(printed: str) -> Iterator[tuple[tuple[str, str, str], str, Pixels, float]]:
    for row in csv.DictReader(printed.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        word = unicodedata.normalize("NFC", "".join(sign for sign in row.get("text") or "" if sign.isprintable()))
        word = "".join(word.split())[:_WORD_CHARACTERS]
        if row["level"] != _WORD_LEVEL or not word:
            continue
        left, top = int(row["left"]), int(row["top"])
        box = (left, top, left + int(row["width"]), top + int(row["height"]))
        yield (row["block_num"], row["par_num"], row["line_num"]), word, box, float(row["conf"])


def _run(recogniser: Recogniser, picture: str, *options: str) -> str:
    """What it prints. It is in the process group of its child and under its limits; nothing here waits for ever."""
    done = subprocess.run(  # noqa: S603 - no shell; the picture is ours
        [recogniser.command, picture, "-", *options],
        capture_output=True, check=True, stdin=subprocess.DEVNULL,
        env={**os.environ, "OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    return done.stdout.decode("utf-8", "replace")
