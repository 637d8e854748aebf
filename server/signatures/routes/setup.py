"""HTTP edge of setting up what is signed with: where keys can lie, who has one, pictures of seals and signatures."""

from __future__ import annotations

from server.core.access import Actor
from server.core.context import Core
from server.core.http import Routes
from server.signatures.actions.keys import listing, pictures, stores
from server.signatures.wire import (
    KeyStores,
    PeopleKeys,
    PictureLook,
    PictureLooked,
    SealPicture,
    SignaturePicture,
    SigningKey,
    StoredKeys,
)

routes = Routes("signatures")


@routes.get("/key-stores", verb="signatures.key_stores")
async def key_stores(core: Core, actor: Actor) -> KeyStores:
    """The tokens and services that the configuration names."""
    return await stores.listed(core, actor=actor)


@routes.get("/key-stores/{store}/keys", verb="signatures.key_stores")
async def stored_keys(core: Core, actor: Actor, store: str) -> StoredKeys:
    """The keys in one of them, as their certificates say."""
    return await stores.held(core, store, actor=actor)


@routes.get("/signing-keys", verb="signatures.key_stores")
async def people_keys(core: Core, actor: Actor) -> PeopleKeys:
    """Who has a key to sign with."""
    return await listing.of_people(core, actor=actor)


@routes.post("/bodies/{body_id}/signing-picture", verb="signatures.seal_picture")
async def look_at_picture(core: Core, actor: Actor, body_id: str, body: PictureLook) -> PictureLooked:
    """Look at a picture of a seal or a signature as it would be kept and printed; nothing is kept."""
    return await pictures.look(core, body_id, body, actor=actor)


@routes.put("/bodies/{body_id}/seal-picture", verb="signatures.seal_picture")
async def change_seal_picture(core: Core, actor: Actor, body_id: str, body: SealPicture) -> SigningKey:
    """Another picture for the body's seal."""
    return await pictures.change_seal(core, body_id, body, actor=actor)


@routes.put("/people/{person}/signature-picture", verb="signatures.enrol")
async def change_signature_picture(core: Core, actor: Actor, person: str, body: SignaturePicture) -> SigningKey:
    """Another picture of a person's handwritten signature."""
    return await pictures.change_signature(core, person, body, actor=actor)
