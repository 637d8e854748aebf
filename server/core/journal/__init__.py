"""The journal: streams as ordered, durable logs with one audience each (architecture §1).

Everything that changes live is an operation appended to a stream, in the transaction that changes the state. Stream
ids begin with their kind: ``m:`` meeting skeleton, ``i:`` agenda item, ``d:`` desk, ``s:`` shared notes, ``p:``
private notes, ``u:`` one person, ``x:`` acts that only the audit keeps.
"""

from server.core.journal.append import Appended, Entry, Woken, add, append, flush, prepare
from server.core.journal.audiences import (
    AudienceChanged,
    add_members,
    audience_of,
    head,
    may_read,
    members,
    members_of,
    open_own,
    open_stream,
    readable,
    set_audience,
    set_members,
    watch_audiences,
    who_may_read,
)
from server.core.journal.catchup import Page, catch_up, missed, provide, snapshot_state
from server.core.journal.receipts import OpKey, op_key, recall, recall_many, store_many_txn, store_txn

__all__ = [
    "Appended",
    "AudienceChanged",
    "Entry",
    "OpKey",
    "Page",
    "Woken",
    "add",
    "add_members",
    "append",
    "audience_of",
    "catch_up",
    "flush",
    "head",
    "may_read",
    "members",
    "members_of",
    "missed",
    "op_key",
    "open_own",
    "open_stream",
    "prepare",
    "provide",
    "readable",
    "recall",
    "recall_many",
    "set_audience",
    "set_members",
    "snapshot_state",
    "store_many_txn",
    "store_txn",
    "watch_audiences",
    "who_may_read",
]
