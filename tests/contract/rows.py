"""The table of who may do what: one row for every HTTP operation and every socket command, at each place it may be at.

Bodies are chosen so that a permitted act leaves the world as it is, or is refused for a reason of its own (a conflict,
a bad value): whoever gets past the permission is seen by that, and the next row finds the same world.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from server.core.ids import new_id
from tests.support.sitting_clients import _PASSWORD
from tests.support.world import (
    DESK,
    INSIDE,
    NOBODY,
    PEOPLE,
    SCREEN,
    SITTING,
    STARTS_AT,
    Spot,
    World,
    begin,
    bring,
    write,
)

ALL = frozenset({*PEOPLE, NOBODY, SCREEN})
SIGNED_IN = frozenset(PEOPLE)
ADMINISTRATOR = frozenset({"administrator"})
DESK_AND_CHAIR = DESK | {"chair"}
PARTICIPANTS = SITTING - {"colleague"}
OWN = frozenset({"own"})
OTHER = frozenset({"outsider"})
NONE: frozenset[str] = frozenset()
# Answers that say no to the person; every other one shows that they got past the permission.
REFUSALS = frozenset({"unauthenticated", "denied", "not_found", "gone"})
# Who may know that a place is there at all; to others it must look as if it were not.
SEES: Mapping[str, frozenset[str]] = {
    "open": SITTING | {SCREEN}, "closed": INSIDE, "recalled": SITTING, "other": OTHER, "house": NONE,
}  # fmt: skip

Make = Callable[[World, Spot], Any]


def _nothing(_world: World, _spot: Spot) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One operation or command. ``who`` may do it, by place; all other people may not."""

    who: Mapping[str, frozenset[str]]
    body: Make = _nothing
    query: Mapping[str, str] = field(default_factory=dict)
    asks_of: Mapping[str, str] = field(default_factory=dict)  # query parameters that are an attribute of the place
    data: bytes | None = None
    names: Mapping[str, str] = field(default_factory=dict)  # path parameters that are another attribute of the place
    fresh: bool = False  # ends the session, so it is asked from a device of its own
    refusals: frozenset[str] = REFUSALS
    headers: Mapping[str, str] = field(default_factory=dict)
    renew: Callable[[World, Spot], Awaitable[Spot]] | None = None  # for an act that can be done only once
    sees: frozenset[str] = frozenset()  # who else may know that it is there: the official, of what is to be signed


def at(**places: frozenset[str]) -> Mapping[str, frozenset[str]]:
    return places


def says(**body: Any) -> Make:
    """The same body everywhere."""
    return lambda _world, _spot: body


READING = at(open=SITTING, closed=INSIDE, other=OTHER)
READING_VERSION = at(open=SITTING, closed=INSIDE | {"official"}, other=OTHER, recalled=DESK)
# The paper's life: by the secretariat; of a closed item by the meeting's own secretary, who made it.
KEEPING = at(open=DESK, closed=OWN, other=OTHER)
DESK_ROW = at(open=DESK, other=OTHER)
LEADING = at(open=DESK_AND_CHAIR, other=OTHER)
TAKING_PART = at(open=PARTICIPANTS, other=OTHER)
HOUSE_ADMINISTRATOR = at(house=ADMINISTRATOR)
REGISTRY = at(closed=NONE, other=NONE)
# What somebody sends is theirs alone.
SENDING = at(open=OWN, closed=OWN, other=OTHER)
TUS = {"Tus-Resumable": "1.0.0"}
BEGINNING = {**TUS, "Upload-Length": "100", "Upload-Metadata": "filename YS5wZGY="}
NOT_A_PDF = b"not a pdf at all"
NO_PASSKEY = dict.fromkeys(("credential_id", "client_data", "authenticator_data", "signature"), "eA==")


async def _brought(world: World, spot: Spot) -> Spot:
    """The place, with something more that came in."""
    by = "outsider" if spot is world.spots["other"] else "own"
    return replace(spot, incoming=await bring(world, spot.item, by))


async def _drafted(world: World, spot: Spot) -> Spot:
    """The place, with one more paper that is being written."""
    by = "outsider" if spot is world.spots["other"] else "own"
    return replace(spot, draft=await write(world, spot.meeting, spot.item, by))


async def _begun(world: World, spot: Spot) -> Spot:
    """The place, with something more that somebody has begun to send."""
    by = "outsider" if spot is world.spots["other"] else "own"
    return replace(spot, upload=await begin(world, spot.item, by))


def _push(stream: str) -> Make:
    def body(_world: World, spot: Spot) -> dict[str, Any]:
        name = spot.private if stream == "p" else f"s:{spot.version}"
        return {"stream": name, "ops": [{"kind": "del", "op_id": new_id(), "ann_id": new_id()}]}

    return body


def _place(_world: World, spot: Spot) -> dict[str, Any]:
    return {"item_id": spot.item, "version_id": spot.version, "page": 1, "fraction": 0.5}


def _point(_world: World, spot: Spot) -> dict[str, Any]:
    return {"item_id": spot.item, "version_id": spot.version, "page": 1, "x": 10.0, "y": 20.0}


def _draw(_world: World, spot: Spot) -> dict[str, Any]:
    stroke = {"stroke": "one", "color": "#9A3D08", "w": 1.6, "pts": [1, 2, 50]}
    return {"item_id": spot.item, "version_id": spot.version, "page": 1, **stroke}


def _new_body(world: World, _spot: Spot) -> dict[str, Any]:
    return {"code": f"X{world.number()}", "name": "Cơ quan mới", "tier": "commune", "valid_from": "2025-07-01"}


def _new_person(world: World, _spot: Spot) -> dict[str, Any]:
    return {
        "code": f"X{world.number()}", "full_name": "Người Mới", "body_id": world.bodies["a"], "title": "Ủy viên",
        "valid_from": "2025-07-01",
    }  # fmt: skip


def _meeting_of(body: str) -> Make:
    return lambda world, _spot: {"title": "Họp thêm", "body_id": world.bodies[body], "starts_at": STARTS_AT}


def _participants(world: World, _spot: Spot) -> dict[str, Any]:
    return {"participants": [{"person_id": each.person_id, "role": each.role} for each in world.sitting]}


ROWS: Mapping[str, Row] = {
    "directory.bodies": Row(who=at(house=SIGNED_IN)),
    "directory.create_body": Row(who=HOUSE_ADMINISTRATOR, body=_new_body),
    "directory.change_body": Row(who=HOUSE_ADMINISTRATOR, body=says(short_name="B")),
    "directory.people": Row(who=at(house=SIGNED_IN), query={"q": "nguoi"}),
    "directory.create_person": Row(who=HOUSE_ADMINISTRATOR, body=_new_person),
    "directory.change_person": Row(who=HOUSE_ADMINISTRATOR, body=says(phone=None)),
    "directory.add_posting": Row(
        who=HOUSE_ADMINISTRATOR, body=says(body_id="khong-co", title="Trưởng ban", valid_from="2025-07-01")
    ),
    "directory.end_posting": Row(who=HOUSE_ADMINISTRATOR, body=says(valid_to="2030-12-31")),
    "directory.import_file": Row(who=HOUSE_ADMINISTRATOR, query={"filename": "a.csv"}, data=b"not a table at all"),
    "directory.template": Row(who=at(house=SIGNED_IN)),
    "accounts.options": Row(who=at(house=ALL)),
    "accounts.sign_in": Row(who=at(house=ALL), body=says(user="khong.co", password="sai")),
    "accounts.sign_in_by_code": Row(who=at(house=ALL), body=says(code="sai")),
    "accounts.sign_out": Row(who=at(house=SIGNED_IN), fresh=True),
    "accounts.me": Row(who=at(house=SIGNED_IN)),
    "accounts.change_password": Row(who=at(house=SIGNED_IN), body=says(old="sai", new="mật khẩu mới 12")),
    "accounts.change_language": Row(who=at(house=SIGNED_IN), body=says(lang="vi")),
    "accounts.devices": Row(who=at(house=SIGNED_IN)),
    "accounts.device_key": Row(who=at(house=SIGNED_IN)),
    "accounts.revoke_device": Row(who=at(house=NONE)),  # the device of somebody else
    "accounts.ask_passkey": Row(who=at(house=ALL)),
    "accounts.sign_in_by_passkey": Row(who=at(house=ALL), body=says(used=NO_PASSKEY)),
    "accounts.own_passkeys": Row(who=at(house=SIGNED_IN)),
    "accounts.begin_passkey": Row(who=at(house=SIGNED_IN), body=says(password=_PASSWORD)),
    "accounts.add_passkey": Row(who=at(house=SIGNED_IN), body=says(name="x", client_data="eA==", attestation="eA==")),
    "accounts.rename_passkey": Row(who=at(house=NONE), body=says(name="x")),  # the passkey of somebody else
    "accounts.remove_passkey": Row(who=at(house=NONE)),  # the same
    "accounts.revoke_passkeys": Row(who=HOUSE_ADMINISTRATOR),
    "accounts.lend": Row(who=at(house=SIGNED_IN), body=says(read_only=True)),
    "accounts.lending_state": Row(who=at(house=SIGNED_IN)),  # of what one does not give: that it is over
    "accounts.confirm_lending": Row(who=at(house=NONE)),  # what somebody else gives
    "accounts.cancel_lending": Row(who=at(house=SIGNED_IN)),  # the same: nothing to cancel
    "accounts.take_lending": Row(who=at(house=ALL), body=says(code="sai")),
    "accounts.sign_in_lent": Row(who=at(house=ALL)),
    "accounts.accounts": Row(who=HOUSE_ADMINISTRATOR),
    "accounts.give": Row(who=HOUSE_ADMINISTRATOR, body=says(user="nguoi.moi")),
    "accounts.change_grants": Row(who=HOUSE_ADMINISTRATOR, body=says(grants=[])),
    "accounts.reset": Row(who=HOUSE_ADMINISTRATOR),
    "accounts.revoke": Row(who=HOUSE_ADMINISTRATOR),
    "meetings.list_meetings": Row(who=at(house=SIGNED_IN), query={"when": "all"}),
    "meetings.create": Row(who=at(house=DESK), body=_meeting_of("a")),
    "meetings.view": Row(who=at(open=SITTING | {SCREEN}, other=OTHER)),
    "meetings.edit": Row(who=DESK_ROW, body=says(place="Phòng họp số 2")),
    "meetings.copy": Row(who=DESK_ROW, body=says(title="Bản sao", starts_at=STARTS_AT)),
    "meetings.postpone": Row(who=DESK_ROW, body=says(starts_at="không phải giờ")),
    "meetings.cancel": Row(who=at(open=DESK)),  # a live one cannot be
    "meetings.set_participants": Row(who=at(open=DESK), body=_participants),
    "meetings.screens": Row(who=DESK_ROW),
    "meetings.add_screen": Row(who=DESK_ROW, body=says(name=" ")),
    "meetings.end_screen": Row(who=DESK_ROW),  # none that is there
    "meetings.create_item": Row(who=DESK_ROW, body=says(title=" ")),
    "meetings.edit_item": Row(who=KEEPING, body=says(minutes=20)),
    "meetings.remove_item": Row(who=KEEPING),  # it has papers
    "meetings.order_agenda": Row(who=DESK_ROW, body=says(items=[])),
    "documents.list_papers": Row(who=READING),
    "documents.upload": Row(who=KEEPING, query={"filename": "a.pdf"}, data=NOT_A_PDF),
    "documents.upload_version": Row(who=KEEPING, query={"filename": "a.pdf"}, data=NOT_A_PDF),
    "documents.arrive": Row(who=KEEPING, query={"filename": "a.docx"}, data=NOT_A_PDF),
    "documents.arrive_version": Row(who=KEEPING, query={"filename": "a.docx"}, data=NOT_A_PDF),
    "documents.look": Row(who=KEEPING),
    "documents.read_incoming": Row(who=KEEPING),
    "documents.publish": Row(who=KEEPING, body=says()),
    "documents.retry": Row(who=KEEPING),
    "documents.drop": Row(who=KEEPING, renew=_brought),
    "documents.describe_uploads": Row(who=at(house=ALL)),
    "documents.begin_upload": Row(who=KEEPING, headers=BEGINNING),
    "documents.begin_upload_version": Row(who=KEEPING, headers=BEGINNING),
    "documents.unfinished_uploads": Row(who=KEEPING),
    "documents.upload_offset": Row(who=SENDING, headers=TUS, refusals=REFUSALS | {"http_401", "http_403", "http_404"}),
    "documents.append_upload": Row(who=SENDING, headers={**TUS, "Upload-Offset": "1"}, data=NOT_A_PDF),
    "documents.finish_upload": Row(who=SENDING, body=says()),
    "documents.give_up_upload": Row(who=SENDING, headers=TUS, renew=_begun),
    "documents.place_printed": Row(who=KEEPING, body=says(title=" ")),
    "documents.versions": Row(who={**READING, "recalled": DESK}),
    "documents.edit": Row(who={**KEEPING, "recalled": DESK}, body=says(symbol="12/TTr")),
    "documents.restore": Row(who=KEEPING, body=lambda _world, spot: {"version_id": spot.version}),
    "documents.recall": Row(who=KEEPING, names={"paper": "doomed"}),
    "documents.version": Row(who=READING_VERSION),
    "documents.read_content": Row(who=READING_VERSION),
    "documents.download": Row(who=READING_VERSION),
    "documents.read_revision": Row(who=READING_VERSION),
    "documents.read_original": Row(
        who=at(open=DESK, closed=OWN, other=OTHER, recalled=DESK), sees=frozenset({"official"})
    ),
    "documents.thumbnail": Row(who=READING_VERSION),
    "documents.texts": Row(who=READING_VERSION),
    "documents.words": Row(who=READING_VERSION),
    "documents.changes": Row(who=READING_VERSION, asks_of={"since": "version"}),
    "documents.answer_stamp": Row(who=KEEPING, body=says(reason="Chỉ là trích dẫn"), sees=frozenset({"official"})),
    "documents.received": Row(who={**READING_VERSION, "recalled": NONE}),
    "documents.opened": Row(who={**READING_VERSION, "recalled": NONE}),
    "documents.readers": Row(
        who=at(open=DESK_AND_CHAIR, closed=frozenset({"own", "chair"}), other=OTHER, recalled=DESK),
        sees=frozenset({"official"}),
    ),
    "documents.devices": Row(
        who=at(open=DESK_AND_CHAIR, closed=frozenset({"own", "chair"}), other=OTHER, recalled=DESK_AND_CHAIR)
    ),
    "documents.hold": Row(who=at(house=SIGNED_IN), body=says(number=1)),
    "invitations.send": Row(who=DESK_ROW, body=says(mail=False)),
    "invitations.print_invitation": Row(who=at(open=DESK)),  # a live meeting's is printed already
    "invitations.own": Row(who=TAKING_PART),
    "invitations.delivered": Row(who=TAKING_PART),
    "invitations.opened": Row(who=TAKING_PART),
    "invitations.answer": Row(who=TAKING_PART, body=says(answer="accepted")),
    "invitations.decide": Row(who=LEADING, body=says(accept=True)),
    "drafting.drafts": Row(who=DESK_ROW),
    "drafting.begin": Row(who=DESK_ROW, body=says(draft_kind="notice")),
    "drafting.view": Row(who=KEEPING),
    "drafting.save": Row(who=KEEPING, body=says(revision=0, text={})),
    "drafting.refill": Row(who=KEEPING, body=says(revision=0)),
    "drafting.preview": Row(who=KEEPING),
    "drafting.file": Row(who=KEEPING, body=says(revision=0)),
    "drafting.discard": Row(who=KEEPING, renew=_drafted),
    "annotations.visible": Row(who={**READING, "recalled": NONE}),
    "annotations.copy": Row(who=READING_VERSION, query={"own": "true", "shared": "true", "pages": "1"}),
    "annotations.marks": Row(who=READING_VERSION, query={"own": "true", "shared": "true"}),
    "annotations.pack": Row(who=at(open=SITTING, other=OTHER), body=says(own=True, shared=True)),
    "annotations.push": Row(who={**READING, "recalled": NONE}, body=_push("s")),
    "annotations.carry": Row(who={**READING, "recalled": NONE}),
    "annotations.marks_on_paper": Row(who={**KEEPING, "recalled": DESK}),
    "annotations.note_readers": Row(who={**READING, "recalled": NONE}),
    "annotations.make_group": Row(who={**READING, "recalled": NONE}, body=says(name="Nhóm", person_ids=["khong-co"])),
    "annotations.add_members": Row(
        who=at(open=frozenset({"member"})),
        body=lambda _world, spot: {"version_id": spot.version, "person_ids": ["khong-co"]},
    ),
    "annotations.remove_member": Row(who=at(open=NONE)),  # somebody who is not in it
    "live.start": Row(who=at(open=DESK_AND_CHAIR)),
    "live.move": Row(who=at(open=DESK_AND_CHAIR), body=lambda _world, spot: {"item_id": spot.item}),
    "live.set_presenter": Row(who=at(open=DESK_AND_CHAIR), body=lambda world, _spot: {"person_id": world.ids["chair"]}),
    "live.presence": Row(who=LEADING),
    "live.missed": Row(who=READING),
    "live.ready": Row(who=at(open=SITTING, other=OTHER), body=says(checks=[])),
    "signatures.ask": Row(who=KEEPING, body=lambda world, _spot: {"official_id": world.ids["member"]}),
    "signatures.inbox": Row(who=at(house=SIGNED_IN)),
    "signatures.view": Row(who=at(closed=frozenset({"own", "chair", "official"}), other=OTHER)),
    "signatures.sign": Row(
        who=at(closed=frozenset({"official"}), other=NONE), body=says(sha256="0" * 64, password="x")
    ),
    "signatures.check_version": Row(who=READING_VERSION),
    "signatures.pages_of_version": Row(who=READING_VERSION, query={"length": "1", "page": "1"}),
    "signatures.print_version": Row(who=READING_VERSION),
    "signatures.pages_of_upload": Row(
        who=at(house=SIGNED_IN), query={"length": "1", "page": "1"}, data=b"{}"
    ),  # sent as another type
    "signatures.print_upload": Row(who=at(house=SIGNED_IN), data=b"{}"),
    "signatures.check_upload": Row(who=at(house=SIGNED_IN), data=b"{}"),  # sent as another type
    "signatures.enrol": Row(who=HOUSE_ADMINISTRATOR, body=says(p12="AAAA", password="x")),
    "signatures.ask_tablet_key": Row(who=at(house=SIGNED_IN), body=says(body_id="khong-co", request="AAAA")),
    "signatures.my_tablet_keys": Row(who=at(house=SIGNED_IN)),
    "signatures.tablet_keys": Row(who=HOUSE_ADMINISTRATOR),
    # No tablet has a key here; who may know of one is tested beside the keys.
    "signatures.approve_tablet_key": Row(who=at(open=NONE), names={"key": "group"}),
    "signatures.refuse_tablet_key": Row(who=at(open=NONE), names={"key": "group"}, body=says()),
    "signatures.revoke_tablet_key": Row(who=at(open=NONE), names={"key": "group"}),
    "signatures.revocations": Row(who=at(house=NONE)),  # no body certifies tablets
    "signatures.prepare": Row(
        who=at(closed=frozenset({"official"}), other=NONE), body=says(sha256="0" * 64, key_id="khong-co")
    ),
    "signatures.finish": Row(
        who=at(closed=frozenset({"official"}), other=NONE), body=says(token="khong-co", signature="AAAA")
    ),
    "signatures.file_to_sign": Row(who=at(closed=frozenset({"official"}), other=NONE)),
    "signatures.upload_signed": Row(who=at(closed=frozenset({"official"}), other=NONE), data=b"{}"),
    "signatures.enrol_stored": Row(who=HOUSE_ADMINISTRATOR, body=says(store="khong-co", name="x")),
    "signatures.body_keys": Row(who=HOUSE_ADMINISTRATOR),
    "signatures.key_stores": Row(who=HOUSE_ADMINISTRATOR),
    "signatures.stored_keys": Row(who=HOUSE_ADMINISTRATOR, names={"store": "group"}),
    "signatures.people_keys": Row(who=HOUSE_ADMINISTRATOR),
    "signatures.look_at_picture": Row(who=HOUSE_ADMINISTRATOR, body=says(picture="seal", image="AAAA")),
    "signatures.change_seal_picture": Row(who=HOUSE_ADMINISTRATOR, body=says(image="AAAA")),
    "signatures.change_signature_picture": Row(who=HOUSE_ADMINISTRATOR, body=says(image="AAAA")),
    "signatures.enrol_seal": Row(who=HOUSE_ADMINISTRATOR, body=says(p12="AAAA", password="x")),
    "signatures.enrol_stored_seal": Row(who=HOUSE_ADMINISTRATOR, body=says(store="khong-co", name="x")),
    "signatures.name_authority": Row(who=HOUSE_ADMINISTRATOR, body=says(p12="AAAA", password="x")),
    "signatures.name_stored_authority": Row(who=HOUSE_ADMINISTRATOR, body=says(store="khong-co", name="x")),
    "exchange.organs": Row(who=at(house=SIGNED_IN)),
    "exchange.set_organ": Row(who=HOUSE_ADMINISTRATOR, body=says(organ_id="?")),
    # Nothing was issued here and nothing arrived; who may know of it is tested beside what is exchanged.
    "exchange.send": Row(who=at(open=NONE), names={"dossier": "group"}, body=says(bodies=[])),
    "exchange.sent": Row(who=at(open=NONE), names={"dossier": "group"}),
    "exchange.package": Row(who=at(open=NONE), names={"dossier": "group"}),
    "exchange.outgoing": Row(who=at(house=SIGNED_IN)),
    "exchange.send_again": Row(who=at(open=NONE), names={"message": "group"}),
    "exchange.attachment": Row(who=at(open=NONE), names={"arrival": "group", "sha256": "version"}),
    "exchange.arrivals": Row(who=at(house=SIGNED_IN)),
    "exchange.answer": Row(who=at(open=NONE), names={"arrival": "group"}, body=says(accept=True)),
    "exchange.content": Row(who=at(open=NONE), names={"arrival": "group"}),
    "signatures.open_dossier": Row(who=KEEPING, body=says(paper_kind="notice", steps=[])),
    "signatures.dossiers_of_paper": Row(
        who=at(open=DESK_AND_CHAIR, closed=frozenset({"own", "chair"}), other=OTHER, recalled=DESK_AND_CHAIR)
    ),
    "signatures.view_dossier": Row(who=at(closed=frozenset({"own", "chair", "official"}), other=OTHER)),
    "signatures.fields": Row(who=at(closed=frozenset({"own", "chair", "official"}), other=OTHER)),
    "signatures.place": Row(
        who=at(closed=OWN, other=OTHER), body=says(sha256="0" * 64, fields=[]), sees=frozenset({"official"})
    ),
    "signatures.submit_dossier": Row(who=at(closed=OWN, other=OTHER), sees=frozenset({"official"})),
    "signatures.recall_dossier": Row(
        who=at(closed=OWN, other=OTHER), body=says(remarks="Sai thể thức"), sees=frozenset({"official"})
    ),
    "signatures.check": Row(who=at(closed=frozenset({"official"}), other=NONE), body=says(sha256="0" * 64)),
    "signatures.initial": Row(who=at(closed=frozenset({"official"}), other=NONE), body=says(sha256="0" * 64)),
    "signatures.approve": Row(who=at(closed=frozenset({"official"}), other=NONE), body=says(sha256="0" * 64)),
    "signatures.sign_batch": Row(who=at(house=SIGNED_IN), body=says(requests=[], password="x")),
    "signatures.delegate": Row(
        who=at(house=ADMINISTRATOR | OTHER),
        body=says(to_id="khong-co", capacity="", acting_for="", valid_from="", valid_until=""),
    ),
    "signatures.delegations": Row(who=at(house=ADMINISTRATOR | OTHER)),
    "signatures.end_delegation": Row(who=at(open=NONE), names={"delegation": "group"}),
    # Nobody here is a registry clerk: what a clerk may do is tested beside the registry.
    "signatures.number": Row(who=REGISTRY, body=says(sha256="0" * 64), sees=frozenset({"official"})),
    "signatures.return_dossier": Row(who=REGISTRY, body=says(remarks="Sai nơi nhận"), sees=frozenset({"official"})),
    "signatures.seal": Row(who=REGISTRY, body=says(sha256="0" * 64), sees=frozenset({"official"})),
    "signatures.issue": Row(who=REGISTRY, body=says(sha256="0" * 64), sees=frozenset({"official"})),
    "signatures.annexes": Row(who=REGISTRY, sees=frozenset({"official"})),
    "signatures.seal_annex": Row(who=REGISTRY, body=says(sha256="0" * 64, password="x"), sees=frozenset({"official"})),
    "signatures.make_copy": Row(who=REGISTRY, body=says(copy_kind="SAO Y", password="x"), sees=frozenset({"official"})),
    "signatures.copies": Row(who=at(closed=OWN, other=OTHER), sees=frozenset({"official"})),
    "signatures.copy_content": Row(who=at(open=NONE), names={"copy": "group"}),
    "signatures.series": Row(who=at(house=OTHER)),
    "signatures.number_book": Row(who=at(house=OTHER)),
    "signatures.printed_book": Row(who=at(house=OTHER)),
    "signatures.enter": Row(who=at(house=NONE), body=says(paper_kind="notice", title="Thông báo", signer="Chủ tịch")),
    "signatures.open_series": Row(who=at(house=NONE), body=says(paper_kind="notice", last=12)),
    "signatures.set_code": Row(
        who=at(house=NONE), names={"code": "group"}, body=says(name="Hội đồng", citation="Nghị định 30/2020/NĐ-CP")
    ),
    # These change what others would find, and so stand last.
    "signatures.give_back": Row(who=at(closed=frozenset({"official"}), other=NONE), body=says(remarks="Sai thể thức")),
    "signatures.reject": Row(who=at(closed=frozenset({"official"}), other=NONE), body=says(remarks="Sai thể thức")),
    "signatures.withdraw": Row(who=at(closed=OWN, other=OTHER), sees=frozenset({"official"})),
    "signatures.withdraw_dossier": Row(who=at(closed=OWN, other=OTHER), sees=frozenset({"official"})),
    "signatures.replace_dossier": Row(who=at(closed=OWN, other=OTHER), sees=frozenset({"official"})),
    "live.end": Row(who=at(open=DESK_AND_CHAIR)),
}

PRESENTER = REFUSALS | {"live.not_presenter", "live.not_current", "live.not_in_item"}
COMMANDS: Mapping[str, Row] = {
    "stream.join": Row(who=READING, body=lambda _world, spot: {"stream": f"i:{spot.item}"}),
    "stream.leave": Row(who=at(house=SIGNED_IN | {SCREEN}), body=says(stream="m:nothing")),
    "annotations.push": Row(who={**READING, "recalled": NONE}, body=_push("s")),
    "live.present": Row(who=at(open=frozenset({"chair"}), closed=NONE, other=NONE), body=_place, refusals=PRESENTER),
    "live.scroll": Row(who=at(open=frozenset({"chair"}), closed=NONE, other=NONE), body=_place, refusals=PRESENTER),
    "live.point": Row(who=at(open=frozenset({"chair"}), closed=NONE, other=NONE), body=_point, refusals=PRESENTER),
    "live.draw": Row(who=at(open=frozenset({"chair"}), closed=NONE, other=NONE), body=_draw, refusals=PRESENTER),
    "live.follow": Row(who=READING, body=lambda _world, spot: {"item_id": spot.item, "following": False}),
    "live.visible": Row(who=at(house=SIGNED_IN | {SCREEN}), body=says(visible=True)),
}
# One person's notes: nobody else writes into them, or learns that they are there, whoever they are.
PRIVATE_PUSH = _push("p")
