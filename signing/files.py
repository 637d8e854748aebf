"""Files that are signed without being held in memory: copied by the system, hashed in pieces, changed in place."""

import hashlib
import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import BinaryIO

Source = bytes | PathLike[str]
PIECE = 1024 * 1024


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """A file to read, from its beginning."""
    if isinstance(source, bytes):
        yield io.BytesIO(source)
        return
    with Path(source).open("rb") as file:
        yield file


@contextmanager
def copied(source: Source, into: PathLike[str] | None) -> Iterator[BinaryIO]:
    """A copy to read and write: the file `into`, which is there in the end only if all went well, or in memory."""
    if into is None:
        memory = io.BytesIO()
        with opened(source) as given:
            shutil.copyfileobj(given, memory, PIECE)
        yield memory
        return
    target = Path(into)
    part = target.with_name(f".{target.name}.part")
    try:
        if isinstance(source, bytes):
            part.write_bytes(source)
        else:
            shutil.copyfile(source, part)  # inside the kernel, where the system can
        with part.open("r+b") as file:
            yield file
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def sha256(source: Source) -> str:
    """Hex digest of the whole file."""
    with opened(source) as file:
        return digest_without("sha256", file, 0, 0).hex()


def size_of(file: BinaryIO) -> int:
    """Bytes of an open file; it is at its beginning afterwards."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return size


def digest_without(algorithm: str, file: BinaryIO, start: int, end: int) -> bytes:
    """The digest of everything but the bytes from `start` to `end`."""
    made = hashlib.new(algorithm)
    file.seek(0)
    left = max(0, start)
    while left and (piece := file.read(min(PIECE, left))):
        made.update(piece)
        left -= len(piece)
    file.seek(max(0, end))
    while piece := file.read(PIECE):
        made.update(piece)
    return made.digest()
