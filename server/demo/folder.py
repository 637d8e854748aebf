"""The demo's data folder: marked, held by one process, and either seeded to the end or begun anew."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path
from typing import IO

import msgspec
from msgspec import Struct

from server.config import DEMO_MARKER

# Written last, so that a folder without it was interrupted.
SUMMARY = "demo.json"


class DemoAccount(Struct, frozen=True, kw_only=True):
    """A role of the demo with the account that plays it."""

    role: str
    user: str
    password: str


class Summary(Struct, frozen=True, kw_only=True):
    """What was seeded: when (ISO, UTC), whose accounts, and the meetings' ids; ``meeting`` is the live one."""

    made_at: str
    accounts: tuple[DemoAccount, ...]
    meeting: str
    past: str
    coming: str


class FolderRefusal(Exception):  # noqa: N818 - reads as what happened
    """A folder that the demo does not touch; its text says why."""


class Folder:
    """An open demo folder; nobody else opens it until ``close``."""

    def __init__(self, path: Path, marker: IO[bytes]) -> None:
        self.path = path
        self._marker = marker

    @property
    def summary(self) -> Summary | None:
        """What was seeded, or None where nothing was, or not to the end."""
        try:
            return msgspec.json.decode((self.path / SUMMARY).read_bytes(), type=Summary)
        except (OSError, msgspec.DecodeError):
            return None

    def clear(self) -> bool:
        """Remove what an interrupted seeding left; whether there was any."""
        # The marker came into an empty folder, so all that lies beside it is the demo's.
        left = [each for each in self.path.iterdir() if each.name != DEMO_MARKER]
        for each in left:
            if each.is_dir() and not each.is_symlink():
                shutil.rmtree(each)
            else:
                each.unlink()
        return bool(left)

    def finish(self, summary: Summary) -> None:
        """Say that the seeding is complete; it holds passwords, so only the owner reads it."""
        partial = self.path / f"{SUMMARY}.partial"
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.encode(summary))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self.path / SUMMARY)

    def close(self) -> None:
        """Let go."""
        self._marker.close()


def open_folder(path: Path) -> Folder:
    """Make or take a demo folder. Raises FolderRefusal for a folder that holds something else, or is in use."""
    path = path.resolve()
    if path.exists() and not path.is_dir():
        raise FolderRefusal(f"Không tạo bản trình diễn ở {path}: đó là một tệp.")
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    marker = path / DEMO_MARKER
    if not marker.is_file() and any(path.iterdir()):
        raise FolderRefusal(
            f"Không tạo bản trình diễn ở {path}: thư mục đã có dữ liệu khác. Chọn thư mục trống bằng --data."
        )
    file = marker.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise FolderRefusal(f"Bản trình diễn ở {path} đang chạy. Dừng lệnh kia hoặc chọn --data khác.") from error
    return Folder(path, file)
