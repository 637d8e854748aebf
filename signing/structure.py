"""The bytes of a signed file, read without the form: holes of signatures, and what lies behind the last version."""

import re
from collections.abc import Iterable, Iterator

from pyhanko.pdf_utils.reader import PdfFileReader

from signing.paper import Paper

# "/ByteRange [a b c d]", also with letters of the name written as #xx.
_NAME = b"".join(b"(?:%c|#%02x|#%02X)" % (c, c, c) for c in b"ByteRange")
_RANGE = re.compile(rb"/" + _NAME + rb"\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
_MENTION = re.compile(rb"/" + _NAME + rb"\b")
_NAMED = re.compile(rb"/" + _NAME)
_LONGEST_NAME = 1 + 3 * len("ByteRange") + 1  # with what follows it
_WHITE = re.compile(rb"\s+")
_STEP = 256  # bytes: a byte range is shorter, but for white space in it
_TAIL = 64
_OBJECT = re.compile(rb"(?<![0-9])(\d{1,10})[\s\0]+(\d{1,5})[\s\0]+obj(?![a-z])")
_STREAM = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
_END = re.compile(rb"startxref\s+(\d+)\s+%%EOF(?:\r\n|\r|\n)?\Z")


def mentions_signature(paper: Paper) -> bool:
    """Whether the bytes name a byte range at all: a file that does is never called unsigned."""
    return next(paper.finds(_MENTION, _LONGEST_NAME), None) is not None


def signature_holes(paper: Paper) -> set[tuple[int, int]]:
    """Start and end of every hole that a byte range of this file describes and that holds a hex string."""
    holes: set[tuple[int, int]] = set()
    for place in paper.finds(_NAMED, _LONGEST_NAME):
        found = _RANGE.match(_squeezed(paper, place))
        if found is None:
            continue
        first, before, after, length = (int(n) for n in found.groups())
        if first == 0 and _is_hole(paper, before, after) and after + length <= paper.size:
            holes.add((before, after))
    return holes


def _squeezed(paper: Paper, place: int) -> bytes:
    """What stands from there on to the next closing bracket, white space drawn together however much there is of it."""
    text, at = b"", place
    while piece := paper.part(at, at + _STEP):
        text, at = _WHITE.sub(b" ", text + piece), at + len(piece)
        if b"]" in text or len(text) > _STEP:
            break
    return text


def _is_hole(paper: Paper, start: int, end: int) -> bool:
    # Every CMS begins with an ASN.1 sequence, so a hole that holds one begins "<30".
    return start + 2 < end <= paper.size and paper.part(start, start + 3) == b"<30" and paper.part(end - 1, end) == b">"


def range_is_honest(paper: Paper, byte_range: Iterable[int], content: bytes) -> bool:
    """Whether the range leaves out exactly the signature's own hex string, and that string is `content`."""
    numbers = [int(n) for n in byte_range]
    if len(numbers) != 4:  # noqa: PLR2004  # two stretches, each start and length
        return False
    first, before, after, length = numbers
    if first != 0 or length < 0 or after + length > paper.size or not 0 < before < after:
        return False
    hole = paper.part(before, after)
    if hole[:1] != b"<" or hole[-1:] != b">":
        return False
    try:
        held = bytes.fromhex(hole[1:-1].decode("ascii"))
    except ValueError:
        return False
    return held[: len(content)] == content and not held[len(content) :].strip(b"\0")


def tail_is_listed(reader: PdfFileReader, paper: Paper, signed_end: int) -> bool:
    """Whether everything behind `signed_end` belongs to versions of the file that its cross-references list.

    A reader that follows the cross-references does not see loose objects; one that repairs files shows them.
    """
    tail = paper.part(signed_end, paper.size)
    if not tail:
        return True
    xrefs = reader.xrefs
    last = xrefs.total_revisions - 1
    end = _END.search(paper.part(paper.size - _TAIL, paper.size))
    if end is None or int(end.group(1)) != xrefs.get_startxref_for_revision(last) or int(end.group(1)) < signed_end:
        return False
    listed: set[int] = set()
    for revision in range(last + 1):
        listed.add(xrefs.get_startxref_for_revision(revision))
        for ref in xrefs.explicit_refs_in_revision(revision):
            where = xrefs.get_historical_ref(ref, revision)
            if isinstance(where, int):
                listed.add(where)
    return all(start + signed_end in listed for start in _objects(tail))


def _objects(tail: bytes) -> Iterator[int]:
    """Where objects begin, those in streams left out."""
    start = 0
    for body in _STREAM.finditer(tail):
        yield from (found.start() for found in _OBJECT.finditer(tail, start, body.start()))
        start = body.end()
    yield from (found.start() for found in _OBJECT.finditer(tail, start))
