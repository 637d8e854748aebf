"""Posts after the first: adding one, ending one; and who is told that a post has ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from server.core import access
from server.core.errors import DomainError
from server.core.ids import new_id
from server.directory import rules, store
from server.directory.actions import entries
from server.directory.wire import PersonView, PostingCreate, PostingEnd

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.context import Core
    from server.core.db import Read, Tx


class PostEnded(Struct, frozen=True):
    """A post that ends: whose, in which body, and its last day (ISO)."""

    person_id: str
    body_id: str
    day: str


EndHook: TypeAlias = Callable[["Tx", "Actor", Sequence[PostEnded]], None]
_hooks: list[EndHook] = []


def on_posts_ended(hook: EndHook) -> None:
    """Run ``hook`` inside every transaction that sets last days of posts; adding it twice is adding it once."""
    if hook not in _hooks:
        _hooks.append(hook)


def posts_ended_txn(tx: Tx, actor: Actor, ended: Sequence[PostEnded]) -> None:
    """Tell who follows posts; the posts have their last days already."""
    if ended:
        for hook in _hooks:
            hook(tx, actor, ended)


async def add_posting(core: Core, person_id: str, command: PostingCreate, *, actor: Actor) -> PersonView:
    """Give a person one more post, after those held.

    Raises ``not_found``, ``directory.no_body``, ``directory.post_twice``, ``directory.days_reversed``, bad values.
    """

    def txn(tx: Tx) -> PersonView:
        access.require("directory.change", access.relations(tx, actor, "person", person_id))
        if not store.person_exists(tx, person_id):
            raise DomainError("not_found")
        first, title = rules.check_day(command.valid_from), rules.check_name(command.title)
        last = None if command.valid_to is None else rules.check_day(command.valid_to)
        rules.check_days(first, last)
        if store.body_by_id(tx, command.body_id) is None:
            raise DomainError("directory.no_body")
        held = entries.person(tx, person_id, on=first).postings
        if any((each.body_id, rules.fold(each.title)) == (command.body_id, rules.fold(title)) for each in held):
            raise DomainError("directory.post_twice", title=title)
        posting_id = new_id()
        new = {
            "id": posting_id, "person_id": person_id, "body_id": command.body_id, "rank": len(held),
            "title": title, "valid_from": first, "valid_to": last,
        }  # fmt: skip
        store.insert_postings_txn(tx, [new])
        entries.record_txn(tx, "posting_added", (person_id, posting_id), actor=actor)
        return entries.person(tx, person_id)

    return await core.perform(txn, actor=actor, returns=PersonView)


async def end_posting(core: Core, posting_id: str, command: PostingEnd, *, actor: Actor) -> PersonView:
    """Set the last day of a post. What was granted in its body ends with the last post there, at once if that is over.

    Raises ``not_found``, ``directory.days_reversed``.
    """

    def txn(tx: Tx) -> PersonView:
        access.require("directory.change", access.relations(tx, actor, "house", ""))
        row = store.posting_by_id(tx, posting_id)
        if row is None:
            raise DomainError("not_found")
        day = rules.check_day(command.valid_to)
        rules.check_days(row.valid_from, day)
        store.end_postings_txn(tx, [(posting_id, day)])
        entries.record_txn(tx, "posting_ended", (row.person_id, posting_id), actor=actor)
        posts_ended_txn(tx, actor, [PostEnded(row.person_id, row.body_id, day)])
        return entries.person(tx, row.person_id)

    return await core.perform(txn, actor=actor, returns=PersonView)


# ---- for other features, inside their transactions


def has_post_after(read: Read, person_id: str, body_id: str, day: str) -> bool:
    """Whether a person holds a post in a body on any day after this one."""
    return store.has_post_after(read, person_id, body_id, day)
