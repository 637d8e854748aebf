"""Files that a sender packed: software of the axis puts each attachment into an archive with one entry."""

from __future__ import annotations

import io
import zipfile
import zlib

from server.core.errors import DomainError

_ARCHIVE = b"PK\x03\x04"
_LOCKED = 0x1
_FAULTS = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, RuntimeError)


def unpacked(content: bytes, room: int) -> bytes:
    """The one entry of an archive that holds a single file, else the content as it is: an Office paper, say.

    Raises DomainError ``documents.bomb`` where that would be more than ``room`` bytes.
    """
    if len(content) > room:
        raise DomainError("documents.bomb")
    if not content.startswith(_ARCHIVE):
        return content
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) != 1 or entries[0].is_dir() or entries[0].flag_bits & _LOCKED:
                return content
            with archive.open(entries[0]) as packed:
                # What the archive says of the size is the sender's word: the bytes are counted.
                inner = packed.read(room + 1)
    except _FAULTS:
        return content
    if len(inner) > room:
        raise DomainError("documents.bomb")
    return inner
