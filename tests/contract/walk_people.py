"""The walk's part of the house: bodies and people of the directory, who is let in and how they sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.contract.asking import PASSWORD
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
    change = {"old": PASSWORD, "new": NEW_PASSWORD}
    api.do("new", "accounts.change_password", body=change)
    api.do("new", "accounts.sign_out")
    grant = {"grants": [{"role": "secretary", "body_id": world.bodies["a"]}]}
    api.do("administrator", "accounts.change_grants", body=grant, person_id=person)
    api.do("administrator", "accounts.reset", person_id=person)
    api.do("administrator", "accounts.revoke", person_id=person)
    assert not next(
        each for each in api.do("administrator", "accounts.accounts")["accounts"] if each["person_id"] == person
    )["active"]
