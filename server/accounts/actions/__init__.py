"""Verbs of accounts: enter and leave (``entering``), one's own account (``own``), access of others (``giving``)."""

from server.accounts.actions.acts import (
    devices_named,
    follow_dates,
    holders,
    on_devices_ended,
    on_grants_changed,
    posts_ended_txn,
)
from server.accounts.actions.entering import (
    Entered,
    Visitor,
    options,
    sign_in,
    sign_in_as_role,
    sign_in_by_code,
    sign_out,
)
from server.accounts.actions.giving import (
    accounts,
    change_grants,
    give,
    give_txn,
    give_with_password,
    init_administrator,
    offer_demo_roles,
    reset,
    revoke,
)
from server.accounts.actions.halves import device_key, forget_over
from server.accounts.actions.own import change_language, change_password, confirm, devices, me, revoke_device
from server.accounts.actions.passwords import new_code
from server.accounts.actions.screens import code_screen_txn, end_screen_txn, give_screen_txn, screens_of
from server.accounts.actions.sessions import COOKIE, authenticate, of

__all__ = [
    "COOKIE",
    "Entered",
    "Visitor",
    "accounts",
    "authenticate",
    "change_grants",
    "change_language",
    "change_password",
    "code_screen_txn",
    "confirm",
    "device_key",
    "devices",
    "devices_named",
    "end_screen_txn",
    "follow_dates",
    "forget_over",
    "give",
    "give_screen_txn",
    "give_txn",
    "give_with_password",
    "holders",
    "init_administrator",
    "me",
    "new_code",
    "of",
    "offer_demo_roles",
    "on_devices_ended",
    "on_grants_changed",
    "options",
    "posts_ended_txn",
    "reset",
    "revoke",
    "revoke_device",
    "screens_of",
    "sign_in",
    "sign_in_as_role",
    "sign_in_by_code",
    "sign_out",
]
