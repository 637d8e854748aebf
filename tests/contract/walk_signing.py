"""The walk's part with signatures: what one is asked to do with a paper, the way of a dossier, and the check of it."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Any

import pikepdf

from signing import sign as sign_elsewhere
from signing.signers import KeySigner
from tests.contract.walk_keys import CLERK, KEY_PASSWORD

if TYPE_CHECKING:
    from signing.demo_pki import DemoPki
    from tests.contract.api import Api
    from tests.contract.walk_keys import Tablet
    from tests.support.world import World

Steps = tuple[tuple[str, str], ...]
WHOLE_WAY: Steps = (
    ("check", "official"), ("initial", "member"), ("approve", "chair"), ("sign", "chair"), ("number", ""),
    ("seal", ""), ("issue", ""),
)  # fmt: skip
SIGNED_ALONE: Steps = (("sign", "chair"),)
FIELDS = (
    ("ChuKy", (340, 150, 510, 212)), ("So", (90, 740, 150, 760)), ("NgayThang", (330, 740, 510, 760)),
    ("ConDau", (290, 130, 392, 232)),
)  # fmt: skip
LONG_AGO, IN_LONG = "2026-01-01T00:00:00Z", "2036-01-01T00:00:00Z"


def ask_and_sign(world: World, api: Api, paper: Any) -> str:
    """A paper is asked for, given back, withdrawn and signed; gives the signed version."""
    ask = {"official_id": world.ids["chair"]}
    where = {"paper": paper["id"]}
    first = api.do("own", "signatures.ask", body=ask, **where)["id"]
    api.do("chair", "signatures.give_back", body={"remarks": "Sai ngày"}, request_id=first)
    second = api.do("own", "signatures.ask", body=ask, **where)["id"]
    api.do("own", "signatures.withdraw", request_id=second)
    request = api.do("own", "signatures.ask", body=ask, **where)
    assert api.do("chair", "signatures.view", request_id=request["id"])["state"] == "waiting"
    command = {"sha256": request["sha256"], "password": KEY_PASSWORD}
    signed = str(api.do("chair", "signatures.sign", body=command, request_id=request["id"])["signed_version_id"])
    assert api.do("chair", "signatures.inbox")["requests"][0]["state"] == "signed"
    return signed


def verify(api: Api, version: str) -> None:
    """A signed version, and the same as a file that somebody brings: found, shown page by page, printed, cut."""
    report = api.do("invitee", "signatures.check_version", version=version)["report"]
    assert report["verdict"] == "valid", report
    file = api.do("invitee", "documents.read_content", version=version)
    assert api.do("official", "signatures.check_upload", body=file)["verdict"] == "valid"
    signed = report["signatures"][0]["signed_bytes"]
    then = {"length": str(signed), "page": "1"}
    pages = api.do("invitee", "signatures.pages_of_version", query=then, version=version)
    assert pages == api.do("official", "signatures.pages_of_upload", body=file, query=then)
    assert api.do("invitee", "documents.read_revision", version=version, length=str(signed)) == file[:signed]
    assert api.do("invitee", "signatures.print_version", version=version)[:5] == b"%PDF-"
    assert api.do("official", "signatures.print_upload", body=file, query={"name": "a.pdf"})[:5] == b"%PDF-"


def blank(number: int) -> bytes:
    """A page with nothing on it: letters would have to be embedded to pass the check of the format.

    No two are alike, for the same file is not taken twice.
    """
    made, out = pikepdf.new(), io.BytesIO()
    page = made.add_blank_page(page_size=(595, 842))
    page.Contents = made.make_stream(f"% {number}".encode())
    made.save(out, static_id=True)
    return out.getvalue()


def bring_paper(api: Api, item: str, title: str) -> Any:
    """A new paper of an item."""
    query = {"filename": "a.pdf", "title": title}
    return api.do("own", "documents.upload", blank(api.world.number()), query, item=item)


def open_dossier(world: World, api: Api, item: str, steps: Steps, *, kind: str = "notice") -> Any:
    """A draft on a paper of its own."""
    paper = bring_paper(api, item, "Thông báo")
    asked = [
        {"act": act, "rank": rank, "person_id": world.ids[who] if who else ""}
        for rank, (act, who) in enumerate(steps, start=1)
    ]
    body = {"paper_kind": kind, "steps": asked}
    dossier = api.do("own", "signatures.open_dossier", body=body, paper=paper["id"])
    assert api.do("own", "signatures.dossiers_of_paper", paper=paper["id"])["dossiers"] == [dossier]
    return dossier


def submit(api: Api, dossier: Any) -> Any:
    sent = api.do("own", "signatures.submit_dossier", dossier=dossier["id"])
    assert not sent["findings"], sent["findings"]
    return sent


def asked_of(api: Api, who: str, dossier: Any) -> Any:
    """What waits for somebody in a dossier."""
    waiting = api.do(who, "signatures.inbox")["requests"]
    return next(each for each in waiting if (each["dossier_id"], each["state"]) == (dossier["id"], "waiting"))


def place_fields(api: Api, dossier: Any) -> None:
    where = {"dossier": dossier["id"]}
    assert len(api.do("own", "signatures.fields", **where)["missing"]) == len(FIELDS)
    fields = [{"name": name, "page": 0, "box": list(box)} for name, box in FIELDS]
    api.do("own", "signatures.place", body={"sha256": dossier["sha256"], "fields": fields}, **where)
    assert api.do("own", "signatures.fields", **where)["missing"] == []


def to_signature(world: World, api: Api, item: str) -> Any:
    """The dossier of a paper whose fields were placed by hand: looked over, initialled, approved, signed."""
    dossier = open_dossier(world, api, item, WHOLE_WAY)
    place_fields(api, dossier)
    submit(api, dossier)
    for act, who in WHOLE_WAY[:3]:
        request = asked_of(api, who, dossier)
        done = api.do(who, f"signatures.{act}", body={"sha256": request["sha256"]}, request_id=request["id"])
        assert done["state"] == "signed"
    request = asked_of(api, "chair", dossier)
    batch = {"requests": [{"id": request["id"], "sha256": request["sha256"]}], "password": KEY_PASSWORD}
    (done,) = api.do("chair", "signatures.sign_batch", body=batch)["results"]
    assert (done["code"], done["request"]["state"]) == ("", "signed")
    return api.do(CLERK, "signatures.view_dossier", dossier=dossier["id"])


def turn_back(world: World, api: Api, item: str) -> None:
    """Three that are never issued: refused, taken back, given up."""
    refused, withdrawn, ended = (open_dossier(world, api, item, SIGNED_ALONE) for _ in range(3))
    submit(api, refused)
    request = asked_of(api, "chair", refused)
    api.do("chair", "signatures.reject", body={"remarks": "Không ban hành"}, request_id=request["id"])
    assert api.do("own", "signatures.view_dossier", dossier=refused["id"])["state"] == "rejected"
    submit(api, withdrawn)
    assert api.do("own", "signatures.withdraw_dossier", dossier=withdrawn["id"])["state"] == "draft"
    assert api.do("own", "signatures.replace_dossier", dossier=ended["id"])["state"] == "replaced"


def sign_by_tablet(world: World, api: Api, item: str, tablet: Tablet) -> None:
    """Minutes that wait for somebody are signed with a key that does not leave the tablet."""
    dossier = open_dossier(world, api, item, (("sign", tablet.who),), kind="minutes")
    submit(api, dossier)
    assert tablet.sign(asked_of(api, tablet.who, dossier))["state"] == "signed"


def bring_signed(world: World, api: Api, item: str, pki: DemoPki) -> None:
    """A file that waits for somebody is signed by other software, and brought."""
    dossier = open_dossier(world, api, item, SIGNED_ALONE)
    submit(api, dossier)
    request = asked_of(api, "chair", dossier)
    key = pki.person(request["official_name"])
    signer = KeySigner(key.private_key(), key.certificate, key.chain)
    file = api.do("chair", "signatures.file_to_sign", request_id=request["id"])
    signed = asyncio.run(sign_elsewhere(file, signer))
    done = api.do("chair", "signatures.upload_signed", signed, request_id=request["id"])
    assert api.do("chair", "documents.read_content", version=done["signed_version_id"]) == signed


def delegate(world: World, api: Api) -> None:
    """Somebody signs for the chair, until that is taken back."""
    entry = {
        "from_id": world.ids["chair"], "to_id": world.ids["member"], "capacity": "KT.", "acting_for": "Chủ tịch",
        "valid_from": LONG_AGO, "valid_until": IN_LONG, "kinds": ["notice"],
    }  # fmt: skip
    body = {"body_id": world.bodies["a"]}
    given = api.do("own", "signatures.delegate", body=entry, **body)
    assert api.do("own", "signatures.delegations", **body)["delegations"] == [given]
    assert api.do("own", "signatures.end_delegation", delegation=given["id"])["ended_at"]
