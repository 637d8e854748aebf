"""Verbs of accounts: enter and leave (``entering``), the own account (``own``, ``passkeys``), others' (``giving``)."""

from server.accounts.actions.acts import (
    devices_named,
    follow_dates,
    holders,
    on_devices_ended,
    on_grants_changed,
    posts_ended_txn,
)
from server.accounts.actions.addresses import origin_of, site_of
from server.accounts.actions.confirming import Proven, confirm_by_passkey, confirmed_txn, passkeys_at
from server.accounts.actions.cookies import COOKIE
from server.accounts.actions.entering import (
    Entered,
    Visitor,
    options,
    sign_in,
    sign_in_as_role,
    sign_in_by_code,
    sign_out,
)
from server.accounts.actions.entering_by_passkey import ask_passkey, sign_in_by_passkey
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
    revoke_passkeys,
)
from server.accounts.actions.halves import device_key, forget_over
from server.accounts.actions.own import change_language, change_password, confirm, devices, me, revoke_device
from server.accounts.actions.passwords import new_code
from server.accounts.actions.screens import code_screen_txn, end_screen_txn, give_screen_txn, screens_of
from server.accounts.actions.sessions import authenticate, of

__all__ = [
    "COOKIE",
    "Entered",
    "Proven",
    "Visitor",
    "accounts",
    "ask_passkey",
    "authenticate",
    "change_grants",
    "change_language",
    "change_password",
    "code_screen_txn",
    "confirm",
    "confirm_by_passkey",
    "confirmed_txn",
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
    "origin_of",
    "passkeys_at",
    "posts_ended_txn",
    "reset",
    "revoke",
    "revoke_device",
    "revoke_passkeys",
    "screens_of",
    "sign_in",
    "sign_in_as_role",
    "sign_in_by_code",
    "sign_in_by_passkey",
    "sign_out",
    "site_of",
]
