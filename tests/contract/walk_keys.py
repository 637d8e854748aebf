"""The walk's part with keys: a person's, a seal and an authority, tablets' own, and the clerk who certifies them."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from server.core.printing.fonts import times_font
from signing.demo_seal import draw_seal
from tests.contract.asking import PASSWORD
from tests.support.world import NOBODY

if TYPE_CHECKING:
    from signing.demo_pki import DemoPki, Identity
    from tests.contract.api import Api
    from tests.support.world import World

KEY_PASSWORD = "khóa thử 123"
CLERK = "clerk"


def admit_clerk(world: World, api: Api, password: str) -> None:
    """Somebody becomes registry clerk of both bodies, and signs in."""
    grants = [{"role": "clerk", "body_id": world.bodies[each]} for each in ("a", "b")]
    person = world.ids["spare"]
    api.do("administrator", "accounts.change_grants", body={"grants": grants}, person_id=person)
    api.do(NOBODY, "accounts.sign_in", body={"user": f"u-{person[-12:]}", "password": password})
    api.cookies[CLERK] = api.cookies["new"]


def enrol_keys(world: World, api: Api, pki: DemoPki, authority: DemoPki) -> None:
    """The chair's key, the seal of the body that issues, and what the other body certifies tablets with."""
    chair = api.do("chair", "accounts.me")["name"]
    api.do("administrator", "signatures.enrol", body=_file(pki.person(chair)), person=world.ids["chair"])
    names = {each["id"]: each["name"] for each in api.do("own", "directory.bodies")["bodies"]}
    seal = names[world.bodies["a"]]
    picture = b64encode(draw_seal(seal, font=str(times_font().bold))).decode()
    body = {**_file(pki.person(seal, organisation=seal)), "image": picture}
    api.do("administrator", "signatures.enrol_seal", body=body, body_id=world.bodies["a"])
    api.do("administrator", "signatures.name_authority", body=_file(authority.issuing), body_id=world.bodies["b"])


def _file(key: Identity) -> dict[str, str]:
    return {"p12": b64encode(key.pkcs12(KEY_PASSWORD)).decode(), "password": KEY_PASSWORD}


class Tablet:
    """A key that a browser made and nobody else has; ``key_id`` once a body was asked to certify it."""

    def __init__(self, api: Api, who: str, body_id: str) -> None:
        self.api, self.who = api, who
        self._key = ec.generate_private_key(ec.SECP256R1())
        request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(self._key, hashes.SHA256())
        asked = {"body_id": body_id, "request": b64encode(request.public_bytes(Encoding.DER)).decode()}
        self.key_id: str = api.do(who, "signatures.ask_tablet_key", body=asked)["id"]

    def sign(self, request: Any) -> Any:
        """What one was asked to sign, in two halves."""
        where = {"request_id": request["id"]}
        asked = {"sha256": request["sha256"], "key_id": self.key_id, "password": PASSWORD}
        half = self.api.do(self.who, "signatures.prepare", body=asked, **where)
        r, s = decode_dss_signature(self._key.sign(b64decode(half["to_sign"]), ec.ECDSA(hashes.SHA256())))
        raw = b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode()
        return self.api.do(self.who, "signatures.finish", body={"token": half["token"], "signature": raw}, **where)


def certify_tablets(world: World, api: Api) -> Tablet:
    """Two tablets ask; the one that is given back may sign from now on, the other was refused."""
    body = world.bodies["b"]
    good, other = (Tablet(api, who, body) for who in ("member", "invitee"))
    waiting = {each["id"] for each in api.do(CLERK, "signatures.tablet_keys")["keys"]}
    assert waiting == {good.key_id, other.key_id}
    assert api.do(CLERK, "signatures.approve_tablet_key", key=good.key_id)["state"] == "valid"
    api.do(CLERK, "signatures.refuse_tablet_key", body={"remarks": "Máy lạ"}, key=other.key_id)
    return good


def revoke(world: World, api: Api, tablet: Tablet) -> None:
    """Its owner has lost it; whoever verifies can read that."""
    assert api.do(tablet.who, "signatures.revoke_tablet_key", key=tablet.key_id)["state"] == "revoked"
    assert api.do(tablet.who, "signatures.my_tablet_keys")["keys"][0]["state"] == "revoked"
    listed = x509.load_der_x509_crl(api.do(NOBODY, "signatures.revocations", body_id=world.bodies["b"]))
    assert len(list(listed)) == 1
