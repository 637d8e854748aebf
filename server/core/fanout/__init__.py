"""The hot path: rooms of sockets under python-socketio, where every frame takes one synchronous way out.

Stock python-socketio gives each client and event a task, a queue entry and a writer; with five thousand tablets that is
most of the work, and frames written beside the queue overtake those in it. Here OPEN, CONNECT, acknowledgements, pings,
emits and broadcasts are all written to the transport at once, in the order in which they are said. This package is
transport: it knows sockets, rooms and frames, and nothing of streams, people or permissions.

Use: ``seam = make_server(hooks, origin_allowed)``, ``seam.attach(app)``, then ``seam.fanout`` for rooms and broadcasts.
"""

from server.core.fanout.frames import event_frame, text_frame
from server.core.fanout.limits import LIMITS, Limits
from server.core.fanout.link import Link
from server.core.fanout.process import BACKLOG, prepare_process, raise_descriptors
from server.core.fanout.rooms import Fanout
from server.core.fanout.seam import ConnectionRefused, Hooks, SeamServer, make_server

__all__ = [
    "BACKLOG",
    "LIMITS",
    "ConnectionRefused",
    "Fanout",
    "Hooks",
    "Limits",
    "Link",
    "SeamServer",
    "event_frame",
    "make_server",
    "prepare_process",
    "raise_descriptors",
    "text_frame",
]
