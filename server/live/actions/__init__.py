"""Verbs of the sitting: start, end, move on, who presents, present, follow, catch up, presence."""

from server.live.actions.missing import missed
from server.live.actions.presenting import on_item_removed, on_left, present, relation_to_item, set_presenter, snapshot
from server.live.actions.readying import devices_ended, participants_left, ready, ready_entities
from server.live.actions.sitting import end, move, start
from server.live.actions.stage import PARTS, follow, hear_others, presence, tell_presence
from server.live.actions.way import draw, point, scroll

__all__ = [
    "PARTS",
    "devices_ended",
    "draw",
    "end",
    "follow",
    "hear_others",
    "missed",
    "move",
    "on_item_removed",
    "on_left",
    "participants_left",
    "point",
    "presence",
    "present",
    "ready",
    "ready_entities",
    "relation_to_item",
    "scroll",
    "set_presenter",
    "snapshot",
    "start",
    "tell_presence",
]
