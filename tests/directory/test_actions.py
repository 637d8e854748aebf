"""Entering, changing and finding bodies and people, on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from server.core import journal
from server.core.access import Role
from server.core.errors import DomainError
from server.directory import actions
from server.directory.wire import (
    BodyChange,
    BodyCreate,
    PeopleQuery,
    PersonChange,
    PersonCreate,
    PostingCreate,
    PostingEnd,
)
from tests.support.house import actor, resending

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from server.core.access import Actor
    from server.core.context import Core
    from server.directory.wire import BodyView, PersonView

ADMIN = actor("administrator", Role.ADMINISTRATOR)
ANYBODY = actor("anybody")
CITY = BodyCreate(code="TG", name="Ủy ban nhân dân thành phố Tân Giang", tier="city", valid_from="2025-07-01")


async def enter(core: Core, body: BodyView, name: str, **given: str) -> PersonView:
    command = PersonCreate(
        code="CB-" + "".join(each for each in name if each.isalnum()),
        full_name=name,
        body_id=body.id,
        title="Chuyên viên",
        valid_from="2025-07-01",
        **given,
    )
    return await actions.create_person(core, command, actor=ADMIN)


async def below(core: Core, code: str, parent: BodyView) -> BodyView:
    command = BodyCreate(code=code, name=f"Phường {code}", tier="commune", parent_id=parent.id, valid_from="2025-07-01")
    return await actions.create_body(core, command, actor=ADMIN)


async def found(core: Core, **query: object) -> list[str]:
    page = await actions.search(core, PeopleQuery(**query), actor=ANYBODY)  # type: ignore[arg-type]
    return [person.full_name for person in page.people]


async def test_bodies_come_with_the_tiers_and_their_law(core: Core) -> None:
    city = await actions.create_body(core, CITY, actor=ADMIN)
    ward = await below(core, "A", city)
    shown = await actions.bodies(core, actor=ANYBODY)
    assert shown.bodies == (city, ward)
    rows = {(tier.key, tier.valid_from): tier for tier in shown.tiers}
    assert rows["district", "2016-01-01"].valid_to == "2025-06-30"
    assert rows["city", "2025-07-01"].valid_to is rows["commune", "2025-07-01"].valid_to is None
    assert all("Luật" in tier.citation for tier in shown.tiers)


async def test_a_district_can_be_entered_only_for_a_day_on_which_there_was_one(core: Core) -> None:
    today = BodyCreate(code="H", name="Huyện", tier="district", valid_from="2025-07-01")
    with pytest.raises(DomainError, match=r"directory\.no_tier"):
        await actions.create_body(core, today, actor=ADMIN)
    past = BodyCreate(code="H", name="Huyện", tier="district", valid_from="2020-01-01")
    assert (await actions.create_body(core, past, actor=ADMIN)).tier == "district"


async def test_a_person_gets_a_stream_of_their_own(core: Core) -> None:
    person = await enter(core, await actions.create_body(core, CITY, actor=ADMIN), "Đỗ Khắc Tuyên")

    def may_read(who: str) -> Callable[[object], bool]:
        return lambda read: journal.may_read(read, f"u:{person.id}", who)  # type: ignore[arg-type]

    assert await core.db.read(may_read(person.id))
    assert not await core.db.read(may_read(ADMIN.person_id))
    assert person.postings[0].body_name == CITY.name


async def test_people_are_found_with_and_without_marks_by_given_name(core: Core) -> None:
    city = await actions.create_body(core, CITY, actor=ADMIN)
    ward = await below(core, "A", city)
    for name, body in (("Trần Đình Ân", city), ("Đỗ Thị Ánh", ward), ("Lê Ba", ward), ("Ngô 100%", city)):
        await enter(core, body, name)
    assert await found(core) == ["Ngô 100%", "Trần Đình Ân", "Đỗ Thị Ánh", "Lê Ba"]
    assert await found(core, q="do anh") == await found(core, q="ĐỖ Ánh") == ["Đỗ Thị Ánh"]
    assert await found(core, q="%") == ["Ngô 100%"]
    assert await found(core, body=ward.id) == ["Đỗ Thị Ánh", "Lê Ba"]
    assert len(await found(core, body=city.id)) == 4
    page = await actions.search(core, PeopleQuery(limit=1, offset=3), actor=ANYBODY)
    assert (page.total, [person.full_name for person in page.people]) == (4, ["Lê Ba"])


async def test_what_is_given_changes_and_the_rest_stays(core: Core) -> None:
    body = await actions.create_body(core, CITY, actor=ADMIN)
    person = await enter(core, body, "Lê Ba", email="ba@tangiang.example", phone="0900 000 001")
    changed = await actions.change_person(core, person.id, PersonChange(full_name="Lê  Bá", email=None), actor=ADMIN)
    assert (changed.full_name, changed.email, changed.phone) == ("Lê Bá", None, "0900 000 001")
    assert await found(core, q="bá") == ["Lê Bá"]


async def test_a_post_is_held_on_its_last_day_and_not_on_the_next(core: Core) -> None:
    person = await enter(core, await actions.create_body(core, CITY, actor=ADMIN), "Lê Ba")
    await actions.end_posting(core, person.postings[0].id, PostingEnd(valid_to="2026-01-31"), actor=ADMIN)
    last = await core.db.read(lambda read: actions.person(read, person.id, on="2026-01-31"))
    after = await core.db.read(lambda read: actions.person(read, person.id, on="2026-02-01"))
    assert (len(last.postings), len(after.postings)) == (1, 0)


async def test_a_post_to_come_is_told_apart_and_found_where_asked_for(core: Core) -> None:
    city = await actions.create_body(core, CITY, actor=ADMIN)
    person = await enter(core, city, "Đỗ Khắc Tuyên")
    await actions.end_posting(core, person.postings[0].id, PostingEnd(valid_to="2025-12-31"), actor=ADMIN)
    for title, day in (("Chánh Văn phòng", "2999-07-01"), ("Phó Chánh Văn phòng", "2999-01-01")):
        later = PostingCreate(body_id=city.id, title=title, valid_from=day)
        await actions.add_posting(core, person.id, later, actor=ADMIN)
    view = await core.db.read(lambda read: actions.person(read, person.id))
    assert view.postings == ()
    assert [post.title for post in view.coming] == ["Phó Chánh Văn phòng", "Chánh Văn phòng"]
    assert await found(core, body=city.id) == []
    assert await found(core, body=city.id, coming=True) == ["Đỗ Khắc Tuyên"]
    on_the_day = await core.db.read(lambda read: actions.person(read, person.id, on="2999-01-01"))
    assert [[post.title for post in posts] for posts in (on_the_day.postings, on_the_day.coming)] == [
        ["Phó Chánh Văn phòng"], ["Chánh Văn phòng"],
    ]  # fmt: skip


async def test_a_resend_enters_nobody_twice(core: Core) -> None:
    who = resending(ADMIN)
    assert await actions.create_body(core, CITY, actor=who) == await actions.create_body(core, CITY, actor=who)


async def test_a_thousand_people_are_looked_up_at_once(core: Core) -> None:
    person = await enter(core, await actions.create_body(core, CITY, actor=ADMIN), "Lê Ba")
    nobody = [f"nobody-{number}" for number in range(1200)]
    views = await core.db.read(lambda read: actions.people(read, [*nobody, person.id]))
    assert views == {person.id: person}


def _person(body: BodyView, **given: str) -> PersonCreate:
    fields = {"code": "P", "full_name": "A", "body_id": body.id, "title": "T", "valid_from": "2025-07-01", **given}
    return PersonCreate(**fields)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"code": "TRÙNG"}, "directory.code_taken"),
        ({"code": "có dấu cách"}, "directory.bad_code"),
        ({"full_name": " "}, "directory.bad_name"),
        ({"email": "không phải thư"}, "directory.bad_email"),
        ({"phone": "gọi sau"}, "directory.bad_phone"),
        ({"valid_from": "31/12/2025"}, "directory.bad_day"),
        ({"body_id": "none"}, "directory.no_body"),
    ],
)
async def test_bad_values_have_their_own_code(core: Core, given: dict[str, str], code: str) -> None:
    body = await actions.create_body(core, CITY, actor=ADMIN)
    await actions.create_person(core, _person(body, code="TRÙNG"), actor=ADMIN)
    with pytest.raises(DomainError) as refused:
        await actions.create_person(core, _person(body, **given), actor=ADMIN)
    assert refused.value.code == code
    assert (await actions.search(core, PeopleQuery(), actor=ADMIN)).total == 1


@pytest.mark.parametrize(
    "who", [ANYBODY, actor("s", Role.SECRETARY), actor("c", Role.CLERK), actor("o", Role.OFFICIAL)]
)
async def test_only_an_administrator_changes_the_directory(core: Core, who: Actor) -> None:
    body = await actions.create_body(core, CITY, actor=ADMIN)
    person = await enter(core, body, "Lê Ba")
    tries: list[Awaitable[object]] = [
        actions.create_body(core, CITY, actor=who),
        actions.create_person(core, _person(body), actor=who),
        actions.change_person(core, person.id, PersonChange(full_name="X"), actor=who),
        actions.end_posting(core, person.postings[0].id, PostingEnd(valid_to="2026-01-31"), actor=who),
    ]
    for attempt in tries:
        with pytest.raises(DomainError, match=r"not_found|denied"):
            await attempt
    assert await core.db.read(lambda read: actions.person(read, person.id)) == person


async def test_a_body_is_renamed_and_hung_elsewhere(core: Core) -> None:
    city = await actions.create_body(core, CITY, actor=ADMIN)
    ward, other = await below(core, "A", city), await below(core, "B", city)
    changed = await actions.change_body(
        core, ward.id, BodyChange(name="Phường Bến Nghé", parent_id=other.id), actor=ADMIN
    )
    assert (changed.name, changed.short_name, changed.parent_id) == ("Phường Bến Nghé", "Phường Bến Nghé", other.id)
    changed = await actions.change_body(
        core, ward.id, BodyChange(short_name="P.BN", valid_to="2030-12-31"), actor=ADMIN
    )
    changed = await actions.change_body(core, ward.id, BodyChange(name="Phường Bến Thành", valid_to=None), actor=ADMIN)
    assert (changed.short_name, changed.valid_to) == ("P.BN", None)
    assert changed in (await actions.bodies(core, actor=ANYBODY)).bodies


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": " "}, "directory.bad_name"),
        ({"valid_to": "2025-01-01"}, "directory.days_reversed"),
        ({"valid_to": "2026-06-30"}, "directory.body_in_use"),
        ({"valid_to": "hôm qua"}, "directory.bad_day"),
        ({"parent_id": "khong-co"}, "directory.no_body"),
        ({"parent_id": "ward"}, "directory.body_above_itself"),
        ({"parent_id": "city"}, "directory.body_above_itself"),
    ],
)
async def test_a_body_is_not_changed_into_what_cannot_be(core: Core, change: dict[str, str], code: str) -> None:
    city = await actions.create_body(core, CITY, actor=ADMIN)
    ward = await below(core, "A", city)
    await enter(core, city, "Đỗ Khắc Tuyên")
    named = {"ward": ward.id, "city": city.id}
    command = BodyChange(**{key: named.get(value, value) for key, value in change.items()})
    with pytest.raises(DomainError) as refused:
        await actions.change_body(core, city.id, command, actor=ADMIN)
    assert refused.value.code == code
    assert (await actions.bodies(core, actor=ANYBODY)).bodies == (city, ward)


async def test_a_second_post_stands_after_the_first(core: Core) -> None:
    city = await actions.create_body(core, CITY, actor=ADMIN)
    person = await enter(core, city, "Đỗ Khắc Tuyên")
    second = PostingCreate(body_id=city.id, title="Trưởng ban", valid_from="2025-07-01")
    held = await actions.add_posting(core, person.id, second, actor=ADMIN)
    assert [post.title for post in held.postings] == ["Chuyên viên", "Trưởng ban"]
    with pytest.raises(DomainError, match=r"directory\.post_twice"):
        await actions.add_posting(core, person.id, second, actor=ADMIN)
    for wrong, code in (
        (PostingCreate(body_id="khong-co", title="Ủy viên", valid_from="2025-07-01"), "directory.no_body"),
        (PostingCreate(body_id=city.id, title="", valid_from="2025-07-01"), "directory.bad_name"),
        (PostingCreate(body_id=city.id, title="X", valid_from="2025-07-01", valid_to="2025-06-30"), "days_reversed"),
    ):
        with pytest.raises(DomainError, match=code):
            await actions.add_posting(core, person.id, wrong, actor=ADMIN)
    with pytest.raises(DomainError, match=r"denied|not_found"):
        await actions.add_posting(core, person.id, second, actor=ANYBODY)
