"""The walk's part of the house: bodies and people of the directory, who is let in and how they sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from server.accounts.wire import PasskeyAsk, PasskeyOffer
from tests.contract.asking import PASSWORD
from tests.support.authenticator import Authenticator
from tests.support.world import NOBODY

if TYPE_CHECKING:
    from tests.contract.api import Api
    from tests.support.world import World

NEW_PASSWORD = "nước sông Hồng 234"


def enter_directory(world: World, api: Api) -> str:
    entered = {"code": "Z1", "name": "Sở Nội vụ", "tier": "commune", "valid_from": "2025-07-01"}
    body = api.do("administrator", "directory.create_body", body=entered)["id"]
    assert body in {each["id"] for each in api.do("member", "directory.bodies")["bodies"]}
    new = {"code": "Z2", "full_name": "Lê Văn Mới", "body_id": body, "title": "Ủy viên", "valid_from": "2025-07-01"}
    person = api.do("administrator", "directory.create_person", body=new)
    api.do("administrator", "directory.change_person", body={"phone": "0900000000"}, person_id=person["id"])
    api.do("administrator", "directory.change_body", body={"short_name": "SNV"}, body_id=body)
    second = {"body_id": body, "title": "Trưởng phòng", "valid_from": "2025-07-01"}
    api.do("administrator", "directory.add_posting", body=second, person_id=person["id"])
    end = {"valid_to": "2030-12-31"}
    api.do("administrator", "directory.end_posting", body=end, posting_id=person["postings"][0]["id"])
    assert api.do("member", "directory.people", query={"q": "le van moi"})["total"] == 1
    table = api.do("administrator", "directory.template")
    assert table[:2] == b"PK"
    api.do("administrator", "directory.import_file", table, {"dry_run": "true", "filename": "danh-ba.xlsx"})
    return str(person["id"])


def administer(world: World, api: Api, person: str) -> None:
    given = api.do("administrator", "accounts.give", body={"user": "le.van.moi"}, person_id=person)
    api.do(NOBODY, "accounts.sign_in_by_code", body={"code": given["code"]})
    device = api.do("new", "accounts.me")["device_id"]
    api.do("new", "accounts.change_language", body={"lang": "en"})
    held = api.do("new", "accounts.device_key", body={})
    assert api.do("new", "accounts.device_key", body={"fresh": True})["id"] != held["id"]
    assert api.do("new", "accounts.devices")["devices"][0]["id"] == device
    user = f"u-{world.ids['spare'][-12:]}"
    assert api.do(NOBODY, "accounts.options")["demo"] == []
    for _ in range(2):
        api.do(NOBODY, "accounts.sign_in", body={"user": user, "password": PASSWORD})
    first = api.do("spare", "accounts.me")["device_id"]
    api.do("new", "accounts.revoke_device", device_id=first)
    use_passkeys(api)
    let_in(api)
    change = {"old": PASSWORD, "new": NEW_PASSWORD}
    api.do("new", "accounts.change_password", body=change)
    api.do("new", "accounts.sign_out")
    grant = {"grants": [{"role": "secretary", "body_id": world.bodies["a"]}]}
    api.do("administrator", "accounts.change_grants", body=grant, person_id=person)
    api.do("administrator", "accounts.revoke_passkeys", person_id=person)
    api.do("administrator", "accounts.reset", person_id=person)
    api.do("administrator", "accounts.revoke", person_id=person)
    assert not next(
        each for each in api.do("administrator", "accounts.accounts")["accounts"] if each["person_id"] == person
    )["active"]


def use_passkeys(api: Api) -> None:
    """A passkey is added, named, signs in without a name, and is removed."""
    session = api.cookies["new"]
    offer = api.do("new", "accounts.begin_passkey", body={"password": PASSWORD})
    key = Authenticator(api.url)
    made = key.make(msgspec.convert(offer, PasskeyOffer))
    added = api.do("new", "accounts.add_passkey", body=msgspec.to_builtins(made))["passkeys"][0]["id"]
    ask = msgspec.convert(api.do(NOBODY, "accounts.ask_passkey"), PasskeyAsk)
    used = {"used": msgspec.to_builtins(key.use(ask))}
    api.do("new", "accounts.sign_in_by_passkey", body=used)  # with the cookie of who asked
    api.cookies["new"] = session
    api.do("new", "accounts.rename_passkey", body={"name": "Máy ở nhà"}, passkey_id=added)
    assert len(api.do("new", "accounts.own_passkeys")["passkeys"]) == 1
    assert api.do("new", "accounts.remove_passkey", passkey_id=added)["passkeys"] == []


def let_in(api: Api) -> None:
    """Another device is let in to read, one more is not; it signs out."""
    session = api.cookies["new"]
    refused = api.do("new", "accounts.lend", body={"read_only": False, "password": PASSWORD})
    assert api.do("new", "accounts.cancel_lending", lending_id=refused["id"])["state"] == "over"
    shown = api.do("new", "accounts.lend", body={"read_only": True})
    code = shown["url"].partition("#lent=")[2]
    taken = api.do(NOBODY, "accounts.take_lending", body={"code": code, "device_name": "iPad mượn"})
    browser, api.cookies["new"] = api.cookies["new"], session
    assert api.do("new", "accounts.lending_state", lending_id=shown["id"])["number"] == taken["number"]
    api.do("new", "accounts.confirm_lending", lending_id=shown["id"])
    api.cookies["new"] = browser
    assert api.do("new", "accounts.sign_in_lent")["read_only"]
    api.do("new", "accounts.sign_out")
    api.cookies["new"] = session
