"""Back-off of failed sign-ins, per account and per address, in this process's memory."""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from server.core.errors import DomainError

# A person mistypes a few times; a whole office shares one address.
PER_ACCOUNT = "5/minute;30/hour"
PER_ADDRESS = "30/minute;300/hour"


class Backoff:
    """Counts failures only: five thousand tablets behind one address may sign in at once."""

    def __init__(self, per_account: str = PER_ACCOUNT, per_address: str = PER_ADDRESS) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._per_account: list[RateLimitItem] = parse_many(per_account)
        self._per_address: list[RateLimitItem] = parse_many(per_address)

    def check(self, account: str, address: str) -> None:
        """Raise ``rate`` where this account or this address has failed too often. An empty name is not counted."""
        waits = [self._wait(item, name) for item, name in self._counted(account, address)]
        if longest := max(waits, default=0):
            raise DomainError("rate", seconds=longest)

    def failed(self, account: str, address: str) -> None:
        """Count a failure."""
        for item, name in self._counted(account, address):
            self._limiter.hit(item, name)

    def _counted(self, account: str, address: str) -> list[tuple[RateLimitItem, str]]:
        named = [(item, f"account:{account}") for item in self._per_account if account]
        return named + [(item, f"address:{address}") for item in self._per_address if address]

    def _wait(self, item: RateLimitItem, name: str) -> int:
        if self._limiter.test(item, name):
            return 0
        return max(1, math.ceil(self._limiter.get_window_stats(item, name).reset_time - time.time()))
