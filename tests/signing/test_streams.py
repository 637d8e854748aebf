"""Streams that stay in their file: their bytes are those of the file, read in between whatever else is read."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from pyhanko.pdf_utils.generic import Reference, StreamObject
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader

from signing import streams
from signing.quicker import quicken

BODY = zlib.compress(bytes(range(256)) * 40, 0)


@pytest.fixture(autouse=True)
def _all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    quicken()
    monkeypatch.setattr(streams, "_LARGE", 64)


def written(folder: Path, *, length: str | None = None, end: bytes = b"\nendstream") -> Path:
    """A file with one stream, object 1; the length says what it likes, object 2 says the right one."""
    parts = [
        b"1 0 obj\n<</Length %s/Filter/FlateDecode>>\nstream\n%s%s\nendobj\n"
        % ((length or str(len(BODY))).encode(), BODY, end),
        b"2 0 obj\n%d\nendobj\n" % len(BODY),
        b"3 0 obj\n<</Type/Catalog/Pages 4 0 R>>\nendobj\n",
        b"4 0 obj\n<</Type/Pages/Count 0/Kids[]>>\nendobj\n",
    ]
    pdf, rows = b"%PDF-1.7\n", b"0000000000 65535 f \n"
    for part in parts:
        rows += b"%010d 00000 n \n" % len(pdf)
        pdf += part
    tail = b"xref\n0 5\n" + rows + b"trailer\n<</Size 5/Root 3 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(pdf)
    (folder / "one.pdf").write_bytes(pdf + tail)
    return folder / "one.pdf"


@pytest.mark.parametrize("length", [None, "2 0 R"], ids=["length", "length elsewhere"])
def test_the_bytes_are_read_when_they_are_asked_for(tmp_path: Path, length: str | None) -> None:
    with written(tmp_path, length=length).open("rb") as file:
        reader = PdfFileReader(file, strict=True)
        now = reader.get_object(Reference(1, 0, reader))
        then = reader.get_historical_resolver(0).get_object(Reference(1, 0, reader))
        for stream in (now, then):
            assert isinstance(stream, StreamObject)
            assert isinstance(vars(stream)["_encoded_data"], streams._Place)
            file.seek(17)
            assert stream.encoded_data == BODY
            assert stream.data == zlib.decompress(BODY)
            assert file.tell() == 17


def test_a_stream_of_another_length_than_it_says_is_left_to_the_engine(tmp_path: Path) -> None:
    with written(tmp_path, length=str(len(BODY) + 1), end=b"endstream").open("rb") as file:
        reader = PdfFileReader(file, strict=True)
        stream = reader.get_object(Reference(1, 0, reader))
        assert stream.encoded_data == BODY
    with written(tmp_path, length=str(len(BODY) - 9)).open("rb") as file:
        reader = PdfFileReader(file, strict=True)
        with pytest.raises(PdfReadError):
            reader.get_object(Reference(1, 0, reader))
