"""A file that is looked at closely: small ones in memory, of large ones only the pieces that are asked for."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO

from signing.files import PIECE, Source, digest_without, size_of

_IN_MEMORY = 8 * 1024 * 1024  # bytes of a file at most that is read whole: looking at it is quicker then


class Paper:
    """The bytes of a file; must not change while they are looked at.

    Attributes:
        size: how many they are.
        file: the same, open to read; whoever uses it says where it reads.
    """

    def __init__(self, given: bytes | PathLike[str], file: BinaryIO) -> None:
        self._given, self.file = given, file
        self.size = size_of(file)

    def part(self, start: int, end: int) -> bytes:
        """The bytes from `start` to `end`, fewer where the file ends before."""
        if isinstance(self._given, bytes):
            return self._given[max(0, start) : max(0, end)]
        self.file.seek(max(0, start))
        return self.file.read(max(0, end - max(0, start)))

    def finds(self, pattern: re.Pattern[bytes], longest: int) -> Iterator[int]:
        """Where `pattern` begins, each place once; no match of it, with what it looks at behind, is over `longest`."""
        step = self.size if isinstance(self._given, bytes) else PIECE
        for start in range(0, self.size, max(1, step)):
            piece = self.part(start, start + step + longest)
            yield from (start + found.start() for found in pattern.finditer(piece) if found.start() < step)

    def begins_with(self, base: "Paper") -> bool:
        """Whether the file begins with these very bytes."""
        starts = range(0, base.size, PIECE)
        return base.size <= self.size and all(
            self.part(start, min(start + PIECE, base.size)) == base.part(start, start + PIECE) for start in starts
        )

    def digest(self, algorithm: str, hole: tuple[int, int] = (0, 0), end: int | None = None) -> bytes:
        """The digest of the bytes before `end` (all, if None) but for those in `hole`."""
        with self._beginning(self.size if end is None else end) as file:
            return digest_without(algorithm, file, *hole)

    def for_pdfium(self, length: int | None = None) -> Any:  # noqa: ANN401  # what an untyped library takes
        """The first `length` bytes, or all of them, as PDFium takes them."""
        if isinstance(self._given, bytes):
            return self._given if length is None else self._given[:length]
        return Path(self._given) if length is None else _Beginning(self.file, length)

    @contextmanager
    def _beginning(self, length: int) -> Iterator[BinaryIO]:
        if length >= self.size:
            yield self.file
        elif isinstance(self._given, bytes):
            yield io.BytesIO(self._given[:length])
        else:
            yield io.BufferedReader(_Beginning(self.file, length), PIECE)


def in_memory(pdf: bytes) -> Paper:
    """A file that is held already."""
    return Paper(pdf, io.BytesIO(pdf))


@contextmanager
def opened_paper(source: Source) -> Iterator[Paper]:
    """A file to look at.

    Raises:
        OSError: it cannot be read.
    """
    if isinstance(source, bytes):
        yield in_memory(source)
        return
    with Path(source).open("rb") as file:
        if size_of(file) > _IN_MEMORY:
            yield Paper(source, file)
            return
        whole = file.read()
    yield in_memory(whole)


class _Beginning(io.RawIOBase):
    """The first bytes of an open file, as a file of its own: a paper as it was before something was added to it."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        super().__init__()
        self._file, self._length, self._at = file, length, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._length}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  # any writable buffer
        # The file under it is read at other places in between.
        self._file.seek(self._at)
        wanted = max(0, min(len(buffer), self._length - self._at))
        got = self._file.read(wanted)
        buffer[: len(got)] = got
        self._at += len(got)
        return len(got)
