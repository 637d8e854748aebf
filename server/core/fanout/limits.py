"""What one socket may cost: sizes, rates and patience of the transport."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one socket; bytes and seconds throughout.

    ``frame_bytes`` bounds what a client may send in one frame. ``buffered_bytes`` is how much may wait for a slow
    client: beyond it volatile frames are dropped and a durable one ends the connection. ``rate`` and ``burst`` are the
    token bucket of incoming frames (a frame costs one token, and one more for each full ``token_bytes`` it holds).
    ``in_flight`` commands of one socket run at once; the next is not read before one has ended. A client that has not
    answered a ping within ``ping_timeout`` is gone; one that has not said CONNECT within ``connect_timeout`` too.
    """

    frame_bytes: int = 512 * 1024
    buffered_bytes: int = 256 * 1024
    send_buffer_bytes: int = 128 * 1024
    user_timeout: float = 20.0
    rate: float = 60.0
    burst: float = 240.0
    token_bytes: int = 16 * 1024
    in_flight: int = 32
    ping_interval: float = 10.0
    ping_timeout: float = 10.0
    connect_timeout: float = 10.0


LIMITS = Limits()
