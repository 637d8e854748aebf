"""All SQL of signatures: keys, requests and what came of them."""

from server.signatures.store import copies, numbering
from server.signatures.store.keys import (
    images,
    key,
    key_of,
    replace_key_txn,
    revoke_key_txn,
    revoked,
    tablet_keys,
)
from server.signatures.store.register import Signed, enter_txn, signed
from server.signatures.store.requests import (
    Asked,
    decide_txn,
    insert_txn,
    is_official_of,
    load,
    lock_txn,
    of_item,
    of_meeting,
    of_official,
    waiting_of_meeting,
    waiting_of_official,
    waiting_of_paper,
)

__all__ = [
    "Asked",
    "Signed",
    "copies",
    "decide_txn",
    "enter_txn",
    "images",
    "insert_txn",
    "is_official_of",
    "key",
    "key_of",
    "load",
    "lock_txn",
    "numbering",
    "of_item",
    "of_meeting",
    "of_official",
    "replace_key_txn",
    "revoke_key_txn",
    "revoked",
    "signed",
    "tablet_keys",
    "waiting_of_meeting",
    "waiting_of_official",
    "waiting_of_paper",
]
