"""The token bucket that stands before a socket's reader."""

from __future__ import annotations


class Bucket:
    """Tokens that refill at ``rate`` a second up to ``burst``; may be overdrawn, the debt is then waited for."""

    __slots__ = ("_burst", "_rate", "_stamp", "_tokens")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._stamp = now

    def take(self, cost: float, now: float) -> float:
        """Take ``cost`` tokens at ``now`` (seconds); returns the seconds to wait before the frame is handled.

        The debt model lets a frame through that costs more than a whole burst, only later, so that nothing starves.
        """
        tokens = self._tokens + (now - self._stamp) * self._rate
        self._stamp = now
        self._tokens = min(tokens, self._burst) - cost
        return -self._tokens / self._rate if self._tokens < 0 else 0.0
