"""A ZIP archive that means the same to every program: few parts, sane names, and no more inside than it says."""

from __future__ import annotations

import errno
import itertools
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import IO, Self

from server.documents.intake.refusal import Refused
from server.documents.models import Bounds

_PIECE = 1024 * 1024
_ENCRYPTED = 0x1  # general purpose bit flag (APPNOTE 4.4.4)
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# Small archives of much the same pack well; from here on the ratio tells.
_RATIO_FROM = 16 * 1024 * 1024


class Package:
    """A ZIP archive, its structure judged. Raises Refused (``corrupt``, ``bomb``, ``zip-path``, ``password``).

    Use as a context manager; ``names`` are those of its parts, without folders.
    """

    def __init__(self, path: str, bounds: Bounds) -> None:
        with _told():
            self._archive = zipfile.ZipFile(path)
        self._infos = [info for info in self._archive.infolist() if not info.is_dir()]
        self.names = tuple(info.filename for info in self._infos)
        try:
            self._judge(bounds)
        except BaseException:
            self._archive.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._archive.close()

    @contextmanager
    def part(self, name: str) -> Iterator[IO[bytes]]:
        """Open a part for reading. Raises Refused with ``corrupt`` where it is not there or broken."""
        with _told(), self._archive.open(name) as file:
            yield file

    def heads(self, size: int) -> Iterator[tuple[str, bytes]]:
        """Every part's name and first ``size`` bytes; each is unpacked to its end: all of it is sound."""
        for info in self._infos:
            with self.part(info.filename) as file:
                head = file.read(size)
                while file.read(_PIECE):
                    pass
            yield info.filename, head

    def _judge(self, bounds: Bounds) -> None:
        entries = self._archive.infolist()
        if len(entries) > bounds.zip_entries:
            raise Refused("bomb")
        if any(not _is_sane(info.orig_filename) for info in entries):
            raise Refused("zip-path")
        if any(info.flag_bits & _ENCRYPTED for info in entries):
            raise Refused("password")
        if any(info.compress_type not in _METHODS for info in entries) or len(set(self.names)) != len(self.names):
            raise Refused("corrupt")
        packed = sum(info.compress_size for info in entries)
        unpacked = sum(info.file_size for info in entries)
        if unpacked > bounds.zip_bytes or (unpacked > _RATIO_FROM and unpacked > bounds.zip_ratio * max(packed, 1)):
            raise Refused("bomb")
        by_place = sorted(entries, key=lambda info: info.header_offset)
        if any(one.header_offset + one.compress_size > two.header_offset for one, two in itertools.pairwise(by_place)):
            raise Refused("bomb")


def _is_sane(name: str) -> bool:
    """Whether a part's name stays inside the archive, on every system."""
    if not name or name.startswith("/") or "\0" in name or "\\" in name or name[1:2] == ":":
        return False
    return ".." not in name.split("/")


@contextmanager
def _told() -> Iterator[None]:
    """Say of a broken archive that it is one.

    ``zipfile`` raises all of these on files that break its format; NotImplementedError is its word for a way of packing
    or a version that it does not know, which no office program writes; OSError comes of a place that would lie before
    the file.
    """
    try:
        yield
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        raise Refused("corrupt") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, ValueError) as error:
        raise Refused("corrupt") from error
