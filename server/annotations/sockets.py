"""Socket edge of annotations: ``annotations.push``, acknowledged after commit."""

from __future__ import annotations

from server.annotations import actions
from server.annotations.wire import AnnotationsPush, PushResult
from server.core import wire
from server.core.context import Core
from server.core.errors import DomainError
from server.core.fanout import Link
from server.core.sockets import Session, SocketCommands

commands = SocketCommands("annotations")


@commands.on("push", AnnotationsPush, permits="annotations.push")
async def push(core: Core, _link: Link, session: Session, command: AnnotationsPush) -> PushResult:
    """Apply operations to one stream."""
    if len(wire.encode(command)) > wire.PUSH_BYTES:
        raise DomainError("too_large", limit=wire.PUSH_BYTES)
    return await actions.push(core, command, actor=session.actor)
