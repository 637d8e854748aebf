"""Verbs of meetings: the sitting, its agenda and its participants; and what other features may do with them.

Other features use, inside their own transactions: ``lock_txn``/``find`` (a meeting under a permission), ``save_txn``,
``item``/``items``, ``participants.*``, and the hooks.
"""

from server.meetings.actions import hooks, participants
from server.meetings.actions.agenda import create_item, edit_item, item, items, meeting_of, order_agenda, remove_item
from server.meetings.actions.foreseeing import drop_abandoned
from server.meetings.actions.participants import set_participants
from server.meetings.actions.relations import preparers, to_item, to_meeting
from server.meetings.actions.screens import add_screen, end_screen, screens
from server.meetings.actions.settling import settle_some
from server.meetings.actions.shared import (
    append,
    audiences_txn,
    due,
    find,
    hold_item_txn,
    hold_txn,
    let_in_txn,
    load,
    lock_item_txn,
    lock_txn,
    relations,
    save_txn,
)
from server.meetings.actions.sitting import (
    cancel,
    copy,
    create,
    edit,
    grants_changed_txn,
    list_meetings,
    postpone,
    view,
)
from server.meetings.store.items import AgendaItem

__all__ = [
    "AgendaItem",
    "add_screen",
    "append",
    "audiences_txn",
    "cancel",
    "copy",
    "create",
    "create_item",
    "drop_abandoned",
    "due",
    "edit",
    "edit_item",
    "end_screen",
    "find",
    "grants_changed_txn",
    "hold_item_txn",
    "hold_txn",
    "hooks",
    "item",
    "items",
    "let_in_txn",
    "list_meetings",
    "load",
    "lock_item_txn",
    "lock_txn",
    "meeting_of",
    "order_agenda",
    "participants",
    "postpone",
    "preparers",
    "relations",
    "remove_item",
    "save_txn",
    "screens",
    "set_participants",
    "settle_some",
    "to_item",
    "to_meeting",
    "view",
]
