"""Bytes on the wire: websocket text frames that carry Engine.IO 4 and Socket.IO 5 packets, and reading an event."""

from __future__ import annotations

import msgspec

# Packets of the client as they begin: an Engine.IO digit, then for messages (4) a Socket.IO digit.
PONG = b"3"
CONNECT = b"40"
EVENT = b"42"

# The longest payload of each form of the frame header (RFC 6455 §5.2).
_SHORT = 125
_MEDIUM = 0xFFFF

# Socket.IO acknowledgement ids are counters; a longer one is no client of ours.
_ID_DIGITS = 15

_event_decoder = msgspec.json.Decoder(tuple[str, msgspec.Raw])
_auth_decoder = msgspec.json.Decoder(dict[str, object])
_bare_decoder = msgspec.json.Decoder(tuple[str])
_NULL = msgspec.Raw(b"null")


class ProtocolError(ValueError):
    """The client sent what is no packet of this protocol; its connection is ended."""


def text_frame(payload: bytes) -> bytes:
    """One unmasked, uncompressed, final websocket text frame around a payload of UTF-8."""
    size = len(payload)
    if size <= _SHORT:
        return bytes((0x81, size)) + payload
    if size <= _MEDIUM:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload


def event_frame(event: str, body: bytes) -> bytes:
    """The frame of a Socket.IO event with one argument, ``body`` being JSON already."""
    return text_frame(b"42[%b,%b]" % (msgspec.json.encode(event), body))


def ack_frame(ack_id: int, body: bytes) -> bytes:
    """The frame that acknowledges the client's event ``ack_id`` with one argument, ``body`` being JSON already."""
    return text_frame(b"43%d[%b]" % (ack_id, body))


def read_event(payload: bytes) -> tuple[int | None, str, msgspec.Raw]:
    """Read ``42<id>["name",data]`` into ack id (None: no answer wanted), name, and the JSON of data, not yet decoded.

    Only the default namespace and at most one argument exist here. Raises ProtocolError for anything else.
    """
    start = payload.find(b"[", 2)
    digits = payload[2:start] if start > 0 else b"?"
    if digits and not (digits.isdigit() and len(digits) <= _ID_DIGITS):
        raise ProtocolError("event without a plain header")
    ack_id = int(digits) if digits else None
    body = memoryview(payload)[start:]
    try:
        name, data = _event_decoder.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        try:
            return ack_id, _bare_decoder.decode(body)[0], _NULL
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise ProtocolError("event is not [name, data]") from error
    return ack_id, name, data


def read_connect(payload: bytes) -> dict[str, object]:
    """Read ``40{…}`` or a bare ``40`` into what the client says of itself.

    Only the default namespace exists here. Raises ProtocolError for anything else.
    """
    body = memoryview(payload)[len(CONNECT) :]
    try:
        said = _auth_decoder.decode(body) if body else {}
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise ProtocolError("CONNECT to the default namespace, with an object or nothing") from error
    return said


PING_FRAME = text_frame(b"2")
CLOSE_FRAME = text_frame(b"1")
DISCONNECT_FRAME = text_frame(b"41")
