"""Large streams stay in their file: the engine gets them when it asks for what is in them, and never keeps them."""

import io
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, NamedTuple

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import read_non_whitespace, skip_over_whitespace
from pyhanko.pdf_utils.reader import HistoricalResolver

_LARGE = 1024 * 1024  # bytes

Read = Callable[[BinaryIO, Mapping[str, Any], Any], Any]

_read_payload: Read = generic._maybe_read_stream_payload  # noqa: SLF001  # it is put in the place of this very function
_Stream: Any = generic.StreamObject
_decoded, _encoded = _Stream.data.fget, _Stream.encoded_data.fget
_subsume = HistoricalResolver._subsume_object  # noqa: SLF001  # as above


class _Place(NamedTuple):
    """Where the bytes of a stream lie."""

    file: BinaryIO
    start: int
    length: int

    def read(self) -> bytes:
        """Its bytes; whoever is reading the file goes on where he was."""
        before = self.file.tell()
        try:
            self.file.seek(self.start)
            return self.file.read(self.length)
        finally:
            self.file.seek(before)


def _read_payload_later(file: BinaryIO, entries: Mapping[str, Any], handler: Any) -> Any:  # noqa: ANN401  # the engine's
    """What stands behind the dictionary of a stream; of a large one in a file on disk, where it stands."""
    if isinstance(file, io.BytesIO):
        return _read_payload(file, entries, handler)
    begin = file.tell()
    length = entries.get("/Length")
    if isinstance(length, generic.IndirectObject):
        length = handler.get_object(length)
        file.seek(begin)
    if not isinstance(length, int) or length < _LARGE:
        return _read_payload(file, entries, handler)
    place = _place(file, length)
    if place is None:  # no stream, or one of another length than it says: what is to be said of it, the engine says
        file.seek(begin)
        return _read_payload(file, entries, handler)
    return place


def _place(file: BinaryIO, length: int) -> _Place | None:
    if read_non_whitespace(file, allow_eof=True) + file.read(5) != b"stream":
        return None
    skip_over_whitespace(file, stop_after_eol=True)
    start = file.tell()
    file.seek(start + length)
    return _Place(file, start, length) if read_non_whitespace(file) + file.read(8) == b"endstream" else None


def _encoded_data(stream: Any) -> bytes:  # noqa: ANN401  # the engine's
    place = stream._encoded_data  # noqa: SLF001  # as above
    data: bytes = place.read() if isinstance(place, _Place) else _encoded(stream)
    return data


def _data(stream: Any) -> bytes:  # noqa: ANN401  # the engine's
    place = stream._encoded_data  # noqa: SLF001  # as above
    if not isinstance(place, _Place):
        data: bytes = _decoded(stream)
        return data
    copy = _Stream(stream, encoded_data=place.read(), handler=stream._handler)  # noqa: SLF001  # as above
    copy.container_ref = stream.container_ref
    read: bytes = _decoded(copy)
    return read


def subsumed(version: HistoricalResolver, stream: Any) -> Any:  # noqa: ANN401  # the engine's
    """The stream as one version of the file sees it, its bytes left where they lie."""
    place = stream._encoded_data  # noqa: SLF001  # as above
    if not isinstance(place, _Place):
        return _subsume(version, stream)  # type: ignore[no-untyped-call]
    made = _Stream({key: version._subsume_object(value) for key, value in stream.items()}, encoded_data=place)  # noqa: SLF001
    where = stream.get_container_ref()
    made.container_ref = generic.Reference(where.idnum, where.generation, version)
    return made


def leave_in_file() -> None:
    """Put these in the place of the engine's own, for this process."""
    vars(generic).update(_maybe_read_stream_payload=_read_payload_later)
    _Stream.encoded_data, _Stream.data = property(_encoded_data), property(_data)
