"""Layers of groups: streams ``g:<version>:<group>``, read by those members who may read the version, by nobody else.

The audience is worked out again in the transaction that changes either side of it: who is in the group, or who may
read the version.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from server.annotations import rules, store
from server.annotations.models import StreamName, parse_stream
from server.core import journal
from server.documents import actions as documents

if TYPE_CHECKING:
    from server.core.db import Read, Tx


def stream_of(version_id: str, group_id: str) -> str:
    """The stream of a group's notes on a version."""
    return f"g:{version_id}:{group_id}"


def readers(read: Read, version_id: str, group_id: str) -> frozenset[str]:
    """Who may read a group's layer of a version now, whether or not there is one yet.

    A group shares notes on the papers of its own meeting alone.
    """
    group, held = store.group(read, group_id), documents.held(read, version_id)
    if group is None or held is None or held.meeting_id != group.meeting_id:
        return frozenset()
    members = [person.id for person in store.group_members(read, group_id)]
    return rules.layer_readers(members, journal.who_may_read(read, f"s:{version_id}", members))


def may_open(read: Read, name: StreamName, person: str) -> bool:
    """Whether somebody may begin a group's layer, if there is none yet."""
    return name.group is not None and person in readers(read, name.version_id, name.group)


def open_txn(tx: Tx, name: StreamName) -> None:
    """Begin a group's layer of a version, with its readers."""
    assert name.group is not None  # whoever calls has asked ``may_open``
    stream = stream_of(name.version_id, name.group)
    store.add_layer_txn(tx, name.version_id, name.group)
    journal.open_stream(tx, stream, audience=stream)
    journal.set_members(tx, stream, readers(tx, name.version_id, name.group))


def make_stream(tx: Tx, stream: str, person: str) -> bool:
    """Begin a group's layer when a member who may read the version first joins it."""
    name = parse_stream(stream)
    if name is None or not may_open(tx, name, person):
        return False
    open_txn(tx, name)
    return True


def follow_group_txn(tx: Tx, group_id: str) -> None:
    """Who is in a group has changed: so has who reads its layers."""
    for version_id in store.layers_of_group(tx, group_id):
        journal.set_members(tx, stream_of(version_id, group_id), readers(tx, version_id, group_id))


def follow_versions_txn(tx: Tx, streams: Sequence[str]) -> None:
    """Audiences have changed: groups read their layers of these versions as far as their members still may."""
    versions = [stream.partition(":")[2] for stream in streams if stream.startswith("s:")]
    if not versions:
        return
    for version_id, group_id in store.layers_on(tx, versions):
        journal.set_members(tx, stream_of(version_id, group_id), readers(tx, version_id, group_id))
