"""HTTP edge of fields that are placed by hand."""

from __future__ import annotations

from server.core.access import Actor
from server.core.context import Core
from server.core.http import Routes
from server.signatures.actions import placing
from server.signatures.wire import Dossier, FieldsPlace, FieldsThere

routes = Routes("signatures")


@routes.get("/dossiers/{dossier}/fields", verb="signatures.dossier")
async def fields(core: Core, actor: Actor, dossier: str) -> FieldsThere:
    """The fields that wait on a dossier's paper, and those that its steps still miss."""
    return await placing.fields(core, dossier, actor=actor)


@routes.post("/dossiers/{dossier}/fields", verb="signatures.steer")
async def place(core: Core, actor: Actor, dossier: str, body: FieldsPlace) -> Dossier:
    """Lay fields on the paper of a draft."""
    return await placing.place(core, dossier, body, actor=actor)
