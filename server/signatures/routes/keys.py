"""HTTP edge of keys: tablets' and signing with them, tokens and services, seals, files signed elsewhere."""

from __future__ import annotations

from aiohttp import web

from server.accounts import actions as accounts
from server.core.access import Actor
from server.core.context import Core
from server.core.http import Routes
from server.signatures.actions import keys, uploading
from server.signatures.actions.keys import authorities, halves, listing, tablets
from server.signatures.routes.bodies import PDF, pdf_of, stored_pdf
from server.signatures.wire import (
    AuthorityNameFile,
    AuthorityNameStored,
    BodyKeys,
    MyTabletKeys,
    SealEnrol,
    SigningKey,
    SigningRequest,
    StoredKeyEnrol,
    StoredSealEnrol,
    TabletFinish,
    TabletKey,
    TabletKeyAsk,
    TabletKeyRefuse,
    TabletKeys,
    TabletPrepare,
    TabletPrepared,
)

routes = Routes("signatures")


# ---- a tablet's key


@routes.post("/tablet-keys", verb="signatures.ask_key", status=201)
async def ask_tablet_key(core: Core, actor: Actor, body: TabletKeyAsk) -> TabletKey:
    """Ask a body to certify this tablet's key."""
    return await tablets.ask(core, body, actor=actor)


@routes.get("/tablet-keys/mine", verb="signatures.ask_key")
async def my_tablet_keys(core: Core, actor: Actor, request: web.Request) -> MyTabletKeys:
    """One's own tablets' keys, who certifies tablets, and what is asked for before one signs."""
    return await tablets.mine(core, actor=actor, site=accounts.site_of(core, request))


@routes.get("/tablet-keys", verb="signatures.certify")
async def tablet_keys(core: Core, actor: Actor) -> TabletKeys:
    """Tablets' keys of the bodies one is registry clerk of, waiting ones first."""
    return await tablets.listed(core, actor=actor)


@routes.post("/tablet-keys/{key}/approve", verb="signatures.certify")
async def approve_tablet_key(core: Core, actor: Actor, key: str) -> TabletKey:
    """Certify a tablet's key: whose it is was looked at."""
    return await tablets.approve(core, key, actor=actor)


@routes.post("/tablet-keys/{key}/refuse", verb="signatures.certify")
async def refuse_tablet_key(core: Core, actor: Actor, key: str, body: TabletKeyRefuse) -> TabletKey:
    """Give a tablet no certificate."""
    return await tablets.refuse(core, key, body, actor=actor)


@routes.post("/tablet-keys/{key}/revoke", verb="signatures.revoke_key")
async def revoke_tablet_key(core: Core, actor: Actor, key: str) -> TabletKey:
    """End a tablet's key for good; for its owner and the registry clerk."""
    return await tablets.revoke(core, key, actor=actor)


@routes.get("/bodies/{body_id}/revocations", verb=None, produces="application/pkix-crl")
async def revocations(core: Core, body_id: str) -> web.StreamResponse:
    """The list of revoked certificates of a body's authority (X.509 CRL, DER), for anybody who verifies."""
    return web.Response(body=await authorities.published(core, body_id), content_type="application/pkix-crl")


# ---- signing with it, or elsewhere


@routes.post("/signing/{request_id}/prepare", verb="signatures.sign")
async def prepare(
    core: Core, actor: Actor, request: web.Request, request_id: str, body: TabletPrepare
) -> TabletPrepared:  # fmt: skip
    """Begin to sign with the tablet's key: what it has to sign."""
    return await halves.prepare(core, request_id, body, actor=actor, site=accounts.site_of(core, request))


@routes.post("/signing/{request_id}/finish", verb="signatures.sign")
async def finish(
    core: Core, actor: Actor, request: web.Request, request_id: str, body: TabletFinish
) -> SigningRequest:  # fmt: skip
    """Finish with the tablet's signature; finishing again gives the same answer."""
    return await halves.finish(core, request_id, body, actor=actor, site=accounts.site_of(core, request))


@routes.get("/signing/{request_id}/file", verb="signatures.sign", produces=PDF)
async def file_to_sign(core: Core, actor: Actor, request_id: str, request: web.Request) -> web.StreamResponse:
    """Exactly the bytes that wait, to be signed by other software."""
    asked = await uploading.to_sign(core, request_id, actor=actor)
    return await stored_pdf(core, asked.sha256, f"{asked.paper_title}.pdf", request)


@routes.post("/signing/{request_id}/upload", verb="signatures.sign", consumes=PDF)
async def upload_signed(core: Core, actor: Actor, request_id: str, request: web.Request) -> SigningRequest:
    """Bring the file that was signed elsewhere: the version that waits, byte for byte, and one signature more."""
    return await uploading.upload(core, request_id, pdf_of(request), actor=actor)


# ---- keys on tokens and in services, seals, authorities


@routes.put("/people/{person}/stored-key", verb="signatures.enrol")
async def enrol_stored(core: Core, actor: Actor, person: str, body: StoredKeyEnrol) -> SigningKey:
    """Enrol a person's key that lies in a token or service of the configuration."""
    holder = keys.person(person)
    return await keys.enrol_stored(core, holder, body.store, body.name, body.pin, body.image, actor=actor)


@routes.get("/bodies/{body_id}/signing-keys", verb="signatures.body_keys")
async def body_keys(core: Core, actor: Actor, body_id: str) -> BodyKeys:
    """What a body signs with, and whether it can be reached now."""
    return await listing.of_body(core, body_id, actor=actor)


@routes.put("/bodies/{body_id}/seal", verb="signatures.enrol")
async def enrol_seal(core: Core, actor: Actor, body_id: str, body: SealEnrol) -> SigningKey:
    """Enrol a key in a file as a body's seal; in the demo and in trials only."""
    return await keys.enrol_seal(
        core, body_id, body.p12, body.password, body.image, width_mm=body.width_mm, actor=actor
    )  # fmt: skip


@routes.put("/bodies/{body_id}/stored-seal", verb="signatures.enrol")
async def enrol_stored_seal(core: Core, actor: Actor, body_id: str, body: StoredSealEnrol) -> SigningKey:
    """Enrol a body's seal whose key lies in a token or service of the configuration."""
    return await keys.enrol_stored(
        core, keys.body(body_id), body.store, body.name, body.pin, body.image, width_mm=body.width_mm, actor=actor
    )


@routes.put("/bodies/{body_id}/authority", verb="signatures.enrol")
async def name_authority(core: Core, actor: Actor, body_id: str, body: AuthorityNameFile) -> SigningKey:
    """Name the key in a file with which a body certifies tablets; in the demo and in trials only."""
    return await authorities.name_file(core, body_id, body.p12, body.password, actor=actor)


@routes.put("/bodies/{body_id}/stored-authority", verb="signatures.enrol")
async def name_stored_authority(core: Core, actor: Actor, body_id: str, body: AuthorityNameStored) -> SigningKey:
    """Name the key in a token or service with which a body certifies tablets."""
    return await authorities.name_stored(core, body_id, body.store, body.name, actor=actor)
