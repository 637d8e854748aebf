"""The pure decisions of accounts, by properties."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.accounts import rules
from server.accounts.models import DatedGrant
from server.core.access import Grant, Role
from server.core.errors import DomainError
from server.core.wire import stamp

START = datetime(2026, 11, 27, tzinfo=UTC)
moments = st.integers(0, 1000).map(lambda hours: START + timedelta(hours=hours))
bodies = st.sampled_from([None, "ub", "hd"])
grants = st.builds(Grant, st.sampled_from(Role), bodies)
dated = st.builds(
    lambda grant, first, last: DatedGrant(id="g", grant=grant, valid_from=stamp(first), valid_to=last and stamp(last)),
    grants, moments, st.none() | moments,
)  # fmt: skip


@given(st.text(max_size=80))
def test_a_user_name_has_one_form(text: str) -> None:
    try:
        user = rules.check_user(text)
    except DomainError:
        assert not re.fullmatch(r"[a-z0-9][a-z0-9._@-]{2,63}", text)
        return
    assert rules.user_key(user) == rules.check_user(user) == user
    assert user.isascii()
    assert 3 <= len(user) <= 64


@given(st.text(alphabet="abcđ1Ơ ", max_size=300), st.sampled_from(["", "ab", "leader"]))
def test_a_good_password_is_long_varied_and_not_the_name(password: str, user: str) -> None:
    good = 10 <= len(password) <= 256 and len(set(password.lower())) >= 5 and not (user and user in password.lower())
    if good:
        rules.check_password(password, user)
    else:
        with pytest.raises(DomainError):
            rules.check_password(password, user)


@given(st.lists(grants, max_size=80))
def test_grants_are_unique_and_administration_is_of_the_whole_house(wanted: list[Grant]) -> None:
    if any(each.role is Role.ADMINISTRATOR and each.body_id for each in wanted):
        with pytest.raises(DomainError, match="whole_house"):
            rules.check_grants(wanted)
        return
    checked = rules.check_grants(wanted)
    assert len(set(checked)) == len(checked)
    assert set(checked) == set(wanted)


def test_too_many_grants_are_refused() -> None:
    with pytest.raises(DomainError, match="too_large"):
        rules.check_grants(Grant(Role.CLERK, f"b{number}") for number in range(51))


@given(st.text(max_size=300))
def test_a_device_name_is_one_short_line(name: str) -> None:
    shown = rules.device_name(name)
    assert len(shown) <= 100
    assert unicodedata.is_normalized("NFC", shown)
    assert not [each for each in shown if unicodedata.category(each)[0] == "C"]
    assert rules.device_name(shown) == shown.strip()


@given(st.lists(dated, max_size=6), moments, moments)
def test_grants_hold_until_the_next_change_that_is_foretold(
    held: list[DatedGrant], now: datetime, at: datetime
) -> None:
    for each in held:
        inside = each.valid_from <= stamp(now) and (each.valid_to is None or stamp(now) < each.valid_to)
        assert not inside or each.grant in rules.in_force(held, now)
    change = rules.next_change(held, now)
    if now <= at and (change is None or stamp(at) < change):
        assert rules.in_force(held, at) == rules.in_force(held, now)
    assert change is None or change > stamp(now)


@given(moments, moments, moments, st.integers(60, 10**6))
def test_a_session_that_is_over_stays_over(now: datetime, seen: datetime, expires: datetime, idle: int) -> None:
    def lasts(at: datetime) -> bool:
        return rules.lasts(now=at, seen=seen, expires=expires, idle_seconds=idle)

    assert not lasts(expires)
    assert not lasts(seen + timedelta(seconds=idle))
    assert lasts(now) or not lasts(now + timedelta(seconds=1))
