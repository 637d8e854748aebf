"""Blobs: immutable, capped, durable, checked, on a local disk and through obstore."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from server.core import blobs_local
from server.core.blobs import PIECE_BYTES, RANGE_BYTES, BlobRef, Blobs
from server.core.blobs_local import LocalStore
from server.core.blobs_remote import RemoteStore
from server.core.blobs_store import RangeCache
from server.core.errors import DomainError


async def stream(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


@pytest.fixture(params=["local", "remote"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    return Blobs(LocalStore(tmp_path) if request.param == "local" else RemoteStore(MemoryStore()))


async def test_bytes_come_back_under_their_hash(blobs: Blobs) -> None:
    data = os.urandom(PIECE_BYTES * 2 + 12345)
    ref = await blobs.put_stream(stream(*(data[at : at + 65536] for at in range(0, len(data), 65536))), max_bytes=2**30)
    assert (ref.sha256, ref.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert await blobs.read(ref.sha256) == data
    assert await blobs.size(ref.sha256) == len(data)
    assert await blobs.read_range(ref.sha256, 100, 300) == data[100:300]
    assert await blobs.read_range(ref.sha256, len(data) - 5, len(data) + 100) == data[-5:]
    async with blobs.as_file(ref.sha256) as path:
        assert path.read_bytes() == data


async def test_the_same_bytes_twice_are_one_blob(blobs: Blobs) -> None:
    assert await blobs.put(b"one and the same") == await blobs.put(b"one and the same")
    assert len(await blobs.orphans([], older_than_seconds=0)) == 1


async def test_more_than_the_cap_is_refused_and_leaves_nothing(blobs: Blobs, tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="too_large"):
        await blobs.put_stream(stream(b"x" * 600, b"y" * 600), max_bytes=1000)
    assert await blobs.orphans([], older_than_seconds=0) == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_a_stream_that_breaks_leaves_nothing(blobs: Blobs, tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"first"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await blobs.put_stream(broken(), max_bytes=1000)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("name", ["0" * 64, "../../etc/passwd", "A" * 64, ""])
async def test_unknown_names_are_not_found(blobs: Blobs, name: str) -> None:
    for ask in (blobs.size(name), blobs.read(name), blobs.read_range(name, 0, 1), blobs.as_file(name).__aenter__()):
        with pytest.raises(DomainError) as caught:
            await ask
        assert caught.value.code == "not_found"
    assert not await blobs.exists(name)


@pytest.mark.parametrize(("begin", "end"), [(0, 0), (5, 4), (-1, 3), (0, RANGE_BYTES + 1), (10, 12)])
async def test_impossible_ranges_are_refused(blobs: Blobs, begin: int, end: int) -> None:
    ref = await blobs.put(b"0123456789")
    with pytest.raises(DomainError) as caught:
        await blobs.read_range(ref.sha256, begin, end)
    assert caught.value.code == "blobs.range"


async def test_deleting_forgets_bytes_and_memory(blobs: Blobs) -> None:
    ref = await blobs.put(b"to be forgotten")
    assert await blobs.read_range(ref.sha256, 0, 5) == b"to be"
    await blobs.delete(ref.sha256)
    await blobs.delete(ref.sha256)
    with pytest.raises(DomainError, match="not_found"):
        await blobs.read_range(ref.sha256, 0, 5)


async def test_orphans_are_what_nobody_refers_to_and_old_enough(blobs: Blobs) -> None:
    kept, left = await blobs.put(b"kept"), await blobs.put(b"left")
    assert await blobs.orphans([kept.sha256], older_than_seconds=0) == [left.sha256]
    assert await blobs.orphans([kept.sha256], older_than_seconds=3600) == []


async def test_damage_on_disk_is_noticed_and_mended_by_a_new_upload(tmp_path: Path) -> None:
    blobs = Blobs(LocalStore(tmp_path))
    ref = await blobs.put(b"the true bytes")
    path = blobs.local_path(ref.sha256)
    assert path is not None
    path.write_bytes(b"the false bits")
    with pytest.raises(DomainError, match=r"blobs\.corrupt"):
        await blobs.read(ref.sha256)
    await blobs.put(b"the true bytes")
    assert await blobs.read(ref.sha256) == b"the true bytes"


async def test_file_and_folders_are_synced_before_the_acknowledgement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def noted_fsync(descriptor: int) -> None:
        seen.append("folder" if ".incoming" not in str(Path(f"/proc/self/fd/{descriptor}").readlink()) else "file")
        fsync(descriptor)

    def noted_replace(self: Path, target: Path) -> Path:
        seen.append("rename")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    blobs = Blobs(LocalStore(tmp_path))
    assert seen == ["folder"]  # all folders are made at the start
    await blobs.put(b"durable")
    assert seen[1:] == ["file", "rename", "folder"]


async def test_a_large_file_is_brought_to_the_disk_piece_by_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the last sync leaves to do is what the journal's own waits behind."""
    blobs = Blobs(LocalStore(tmp_path))
    brought: list[int] = []
    write_out = blobs_local._write_out

    def noted(descriptor: int, begin: int) -> None:
        brought.append(begin)
        write_out(descriptor, begin)

    monkeypatch.setattr(blobs_local, "_write_out", noted)
    await blobs.put_stream(stream(*(bytes(PIECE_BYTES) for _ in range(3)), b"rest"), max_bytes=2**30)
    assert brought == [0, PIECE_BYTES, 2 * PIECE_BYTES]
    brought.clear()
    await blobs.put(b"small")
    assert brought == []  # one sync is enough


def test_a_piece_that_cannot_be_written_out_is_told(tmp_path: Path) -> None:
    reading, writing = os.pipe()  # not a file, which the system says
    try:
        with pytest.raises(OSError, match="sync_file_range"):
            blobs_local._write_out(writing, 0)
    finally:
        os.close(reading)
        os.close(writing)


async def test_what_is_received_can_be_looked_at_and_is_no_blob_nor_synced_unless_it_is_kept(
    blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    async with blobs.receive(stream(b"looked ", b"at"), max_bytes=100) as received:
        assert received.path.read_bytes() == b"looked at"
        assert received.ref == BlobRef(hashlib.sha256(b"looked at").hexdigest(), 9)
    assert synced == []
    assert not await blobs.exists(received.ref.sha256)
    assert not received.path.exists()
    async with blobs.receive(stream(b"looked at"), max_bytes=100) as received:
        await received.keep()
    assert await blobs.read(received.ref.sha256) == b"looked at"


async def test_leftovers_of_a_killed_process_are_swept_once_they_are_old(tmp_path: Path) -> None:
    blobs = Blobs(LocalStore(tmp_path))
    old, young = tmp_path / ".incoming" / "old", tmp_path / ".incoming" / "young"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    await blobs.sweep(older_than_seconds=3600)
    assert (old.exists(), young.exists()) == (False, True)


async def test_beside_a_remote_store_leftovers_are_swept_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old, another = tmp_path / "phien-incoming-x", tmp_path / "somebody-elses"
    for path in (old, another):
        path.write_bytes(b"half")
        os.utime(path, (0, 0))
    await Blobs(RemoteStore(MemoryStore())).sweep(older_than_seconds=3600)
    assert (old.exists(), another.exists()) == (False, True)


def test_the_memory_stays_within_its_bytes_and_drops_what_was_read_longest_ago() -> None:
    cache = RangeCache(10)
    cache.put(("a", 0, 4), b"aaaa")
    cache.put(("b", 0, 4), b"bbbb")
    assert cache.get(("a", 0, 4)) == b"aaaa"
    cache.put(("c", 0, 4), b"cccc")
    assert cache.get(("b", 0, 4)) is None
    assert cache.get(("a", 0, 4)) == b"aaaa"
    cache.put(("d", 0, 11), b"d" * 11)
    assert cache.get(("d", 0, 11)) is None
