"""The bytes of a signed file: a byte range is honest only if it leaves out exactly the signature's own hex string."""

from __future__ import annotations

import pytest

from signing.paper import in_memory
from signing.structure import mentions_signature, range_is_honest, signature_holes

CMS = bytes.fromhex("3003020105")
FILE = b"A" * 20 + b"<" + CMS.hex().encode() + b"0000>" + b"B" * 20
START, END = 20, 36


def test_the_honest_range() -> None:
    assert len(FILE) == 56
    assert range_is_honest(in_memory(FILE), [0, START, END, 20], CMS)


@pytest.mark.parametrize(
    "numbers",
    [
        (0, START - 1, END - 1, 21),  # a hole of the right size beside the string: sizes add up to the file
        (0, START + 1, END + 1, 19),
        (0, START, END, 21),
        (0, START, END, -1),
        (1, START, END, 20),
        (0, END, START, 20),
        (0, START, END),
        (0, START, END, 20, 0, 0),
        (0, 0, END, 20),
        (0, START, END + 400, 20),
    ],
    ids=str,
)
def test_other_ranges(numbers: tuple[int, ...]) -> None:
    assert not range_is_honest(in_memory(FILE), numbers, CMS)


def test_the_string_must_be_this_signature() -> None:
    assert not range_is_honest(in_memory(FILE), [0, START, END, 20], b"\x30\x03\x02\x01\x06")
    assert not range_is_honest(in_memory(FILE.replace(b"0000>", b"0001>")), [0, START, END, 20], CMS)


def test_a_range_is_seen_under_an_escaped_name() -> None:
    for name in (b"/ByteRange", b"/Byte#52ange", b"/#42yteRange"):
        pdf = FILE + b" " + name + b" [0 20 36 20]"
        assert mentions_signature(in_memory(pdf))
        assert signature_holes(in_memory(pdf)) == {(START, END)}
    assert not mentions_signature(in_memory(FILE + b"/ByteRanges"))
