"""Back-off of failed sign-ins, per account and per address; kept in the database, so that it holds at every process."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from limits import RateLimitItem, parse_many

from server.accounts import store
from server.accounts.actions.passwords import digest
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.wire import stamp

if TYPE_CHECKING:
    from server.core.context import Core
    from server.core.db import Read, Tx

# A person mistypes a few times; a whole office shares one address.
PER_ACCOUNT = "5/minute;30/hour"
PER_ADDRESS = "30/minute;300/hour"


class Backoff:
    """Counts failures only: five thousand tablets behind one address may sign in at once.

    A name is kept as a hash: people type passwords where the name belongs.
    """

    def __init__(self, per_account: str = PER_ACCOUNT, per_address: str = PER_ADDRESS) -> None:
        self._per_account: list[RateLimitItem] = parse_many(per_account)
        self._per_address: list[RateLimitItem] = parse_many(per_address)

    async def check(self, core: Core, account: str, address: str) -> None:
        """Raise ``rate`` where this account or this address has failed too often. An empty name is not counted."""
        now, counted = core.clock.now(), self._counted(account, address)

        def read(read: Read) -> int:
            return max((_wait(read, key, items, now) for key, items in counted), default=0)

        if longest := await core.db.read(read):
            raise DomainError("rate", seconds=longest)

    async def failed(self, core: Core, account: str, address: str) -> None:
        """Count a failure."""
        at, counted = stamp(core.clock.now()), self._counted(account, address)

        def txn(tx: Tx) -> None:
            store.add_failures_txn(tx, [(new_id(), key) for key, _ in counted], at)

        await core.db.write(txn)

    async def forget(self, core: Core) -> None:
        """Drop failures that count no more."""
        longest = max(item.get_expiry() for item in (*self._per_account, *self._per_address))
        before = stamp(core.clock.now() - timedelta(seconds=longest))
        if await core.db.read(lambda read: store.has_failures_before(read, before)):
            await core.db.write(lambda tx: store.drop_failures_txn(tx, before))

    def _counted(self, account: str, address: str) -> list[tuple[bytes, list[RateLimitItem]]]:
        found = ((f"account:{account}", self._per_account), (f"address:{address}", self._per_address))
        return [(digest(name), items) for name, items in found if not name.endswith(":")]


def _wait(read: Read, key: bytes, items: list[RateLimitItem], now: datetime) -> int:
    """Seconds until one more failure is allowed: the oldest of the last ``amount`` has to leave the window."""
    failures = store.failures(read, key, max(item.amount for item in items))
    waits = [0.0]
    for item in items:
        if len(failures) >= item.amount:
            oldest = datetime.fromisoformat(failures[item.amount - 1])
            waits.append((oldest - now).total_seconds() + item.get_expiry())
    return max(0, math.ceil(max(waits)))
