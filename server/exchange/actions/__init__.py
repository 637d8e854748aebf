"""Verbs of exchange: codes of bodies, sending what was issued, taking in what arrives, answering it."""

from server.exchange.actions.axis import Axis, FolderAxis
from server.exchange.actions.delivering import deliver_some
from server.exchange.actions.listing import outgoing, send_again
from server.exchange.actions.organs import organs, set_organ
from server.exchange.actions.packing import pack
from server.exchange.actions.receiving import answer, arrivals, attachment, content, receive_some, to_arrival
from server.exchange.actions.sending import package, send, sent

__all__ = [
    "Axis",
    "FolderAxis",
    "answer",
    "arrivals",
    "attachment",
    "content",
    "deliver_some",
    "organs",
    "outgoing",
    "pack",
    "package",
    "receive_some",
    "send",
    "send_again",
    "sent",
    "set_organ",
    "to_arrival",
]
