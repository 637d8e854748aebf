"""Bytes on the wire: frames and the reading of events; and the token bucket before the reader."""

from __future__ import annotations

import pytest

from server.core.fanout.bucket import Bucket
from server.core.fanout.frames import ProtocolError, ack_frame, event_frame, read_connect, read_event, text_frame


@pytest.mark.parametrize(
    ("size", "header"),
    [
        (0, b"\x81\x00"),
        (125, b"\x81\x7d"),
        (126, b"\x81\x7e\x00\x7e"),
        (65535, b"\x81\x7e\xff\xff"),
        (65536, b"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
    ],
)
def test_a_frame_has_the_shortest_header_its_size_allows(size: int, header: bytes) -> None:
    assert text_frame(b"x" * size) == header + b"x" * size


def test_an_event_carries_its_body_as_given_and_its_name_as_json() -> None:
    assert event_frame('a"b', b'{"x":1}')[2:] == b'42["a\\"b",{"x":1}]'


def test_an_acknowledgement_names_the_id_and_carries_one_argument() -> None:
    assert ack_frame(17, b"[1]")[2:] == b"4317[[1]]"


@pytest.mark.parametrize(
    ("payload", "expected"),
    [(b"40", {}), (b"40{}", {}), (b'40{"proto":1,"streams":{"m:1":2}}', {"proto": 1, "streams": {"m:1": 2}})],
)
def test_connect_says_what_the_client_knows(payload: bytes, expected: dict[str, object]) -> None:
    assert read_connect(payload) == expected


@pytest.mark.parametrize("payload", [b"40[]", b"40/admin,{}", b"40{", b"40null", b'40"\xff"', b"40" + b"[" * 100_000])
def test_what_is_no_connect_ends_the_connection(payload: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_connect(payload)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b'42["a.b",{"x":[1]}]', (None, "a.b", b'{"x":[1]}')),
        (b'4212["a.b","\xc4\x91"]', (12, "a.b", b'"\xc4\x91"')),
        (b'420["a.b"]', (0, "a.b", b"null")),
    ],
)
def test_an_event_is_read_without_decoding_its_data(payload: bytes, expected: tuple[int | None, str, bytes]) -> None:
    ack_id, name, data = read_event(payload)
    assert (ack_id, name, bytes(data)) == expected


@pytest.mark.parametrize(
    "payload",
    [
        b"42",
        b"42{}",
        b"42[]",
        b"42[1,2]",
        b'42["a",1,2]',
        b'42["a",1',
        b'42["a",nul]',
        b'42/admin,["a",1]',
        b'42-1["a",1]',
        b'421234567890123456["a",1]',
        b'42["\xff",1]',
        b"42" + b"[" * 100_000,
        b'42["a",' + b"[" * 100_000 + b"]" * 100_001,
    ],
)
def test_what_is_no_event_is_refused(payload: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_event(payload)


def test_a_burst_passes_and_then_the_rate_holds() -> None:
    bucket = Bucket(rate=10, burst=5, now=0.0)
    assert [bucket.take(1, 0.0) for _ in range(5)] == [0] * 5
    assert bucket.take(1, 0.0) == pytest.approx(0.1)
    assert bucket.take(1, 0.2) == 0


def test_a_frame_dearer_than_the_burst_passes_later_and_is_never_starved() -> None:
    bucket = Bucket(rate=10, burst=5, now=0.0)
    assert bucket.take(25, 0.0) == pytest.approx(2.0)


def test_rest_refills_no_more_than_the_burst() -> None:
    bucket = Bucket(rate=10, burst=5, now=0.0)
    bucket.take(5, 0.0)
    assert bucket.take(6, 1000.0) == pytest.approx(0.1)
