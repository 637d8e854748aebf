"""HTTP edge of annotations: reading for export; writing goes by socket, or by the same push over HTTP."""

from __future__ import annotations

from server.annotations import actions
from server.annotations.wire import Annotations, AnnotationsPush, PushResult
from server.core.access import Actor
from server.core.context import Core
from server.core.http import Routes

routes = Routes("annotations")


@routes.get("/versions/{version}/annotations", verb="annotations.read")
async def visible(core: Core, actor: Actor, version: str) -> Annotations:
    """Shared annotations of a version, and one's own private ones."""
    return await actions.visible(core, version, actor=actor)


@routes.post("/annotations/push", verb="annotations.push")
async def push(core: Core, actor: Actor, body: AnnotationsPush) -> PushResult:
    """Push operations where no socket can be had; the same answers as ``annotations.push``."""
    return await actions.push(core, body, actor=actor)
