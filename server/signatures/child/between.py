"""What lies between the halves of a signature: one file, the prepared paper with what the second half needs behind it.

One file, because between the halves of a tablet's signature it is one blob; and the paper first, so that neither half
holds it in memory.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from signing import SigningError

if TYPE_CHECKING:
    from signing import Prepared

_SIZE_BYTES = 4
_LARGEST = 1024 * 1024  # certificates and attributes are some kilobytes


def join(half: Prepared) -> None:
    """Put what the second half needs behind the paper that was prepared into a file."""
    behind = msgspec.msgpack.encode(msgspec.structs.replace(half, path=""))
    with Path(half.path).open("ab") as file:
        file.write(behind + len(behind).to_bytes(_SIZE_BYTES, "big"))


def part(joined: str, into: str) -> Prepared:
    """What was joined, the paper by itself in the file ``into``. Raises SigningError prepared_changed."""
    from signing import Prepared  # noqa: PLC0415 - pyHanko is for children only

    whole = Path(joined).stat().st_size
    try:
        with Path(joined).open("rb") as file:
            file.seek(-_SIZE_BYTES, os.SEEK_END)
            size = int.from_bytes(file.read(_SIZE_BYTES), "big")
            paper = whole - _SIZE_BYTES - size
            if size > _LARGEST or paper <= 0:
                raise SigningError("prepared_changed")
            file.seek(paper)
            half = msgspec.msgpack.decode(file.read(size), type=Prepared)
    except (OSError, msgspec.MsgspecError) as why:
        raise SigningError("prepared_changed") from why
    shutil.copyfile(joined, into)  # inside the kernel, where the system can
    os.truncate(into, paper)
    return msgspec.structs.replace(half, path=into)
