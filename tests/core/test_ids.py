"""Identifiers rise, clocks stand still when told, assets are found."""

from __future__ import annotations

import threading
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

from server.core import assets, ids
from server.core.clock import FakeClock, SystemClock


def test_identifiers_are_uuids_of_version_7_made_now() -> None:
    made = uuid.UUID(ids.new_id())
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert abs((made.int >> 80) / 1000 - time.time()) < 5


def test_identifiers_rise_even_within_a_millisecond_and_across_threads() -> None:
    made: list[list[str]] = []

    def make() -> None:
        made.append([ids.new_id() for _ in range(5_000)])

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(batch == sorted(batch) for batch in made)
    assert len({one for batch in made for one in batch}) == 20_000


def test_identifiers_rise_when_the_wall_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ids.new_id()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    later = [ids.new_id() for _ in range(10_000)]
    assert [before, *later] == sorted([before, *later])


@pytest.mark.parametrize(
    ("text", "is_id", "is_op_id"),
    [
        ("019a6b1e-0000-7000-8000-000000000000", True, True),
        ("9f1c2d3e-0000-4000-a000-000000000000", False, True),
        ("019A6B1E-0000-7000-8000-000000000000", False, False),
        ("019a6b1e-0000-1000-8000-000000000000", False, False),
        ("019a6b1e-0000-7000-c000-000000000000", False, False),
        ("019a6b1e00007000800000000000000000", False, False),
        ("019a6b1e-0000-7000-8000-000000000000\n", False, False),
        ("", False, False),
    ],
)
def test_what_counts_as_an_identifier(text: str, is_id: bool, is_op_id: bool) -> None:
    assert (ids.is_id(text), ids.is_op_id(text)) == (is_id, is_op_id)


def test_the_fake_clock_moves_only_when_told() -> None:
    clock = FakeClock(datetime(2026, 11, 27, tzinfo=UTC))
    clock.advance(90)
    assert clock.now() == datetime(2026, 11, 27, 0, 1, 30, tzinfo=UTC)
    clock.set(datetime(2020, 1, 1, tzinfo=UTC))
    assert (clock.now().year, clock.monotonic()) == (2020, 90)


def test_the_system_clock_is_aware_of_utc() -> None:
    assert SystemClock().now().tzinfo is UTC
    assert SystemClock().monotonic() <= SystemClock().monotonic()


def test_the_bundle_comes_before_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle, checkout = tmp_path / "bundle", tmp_path / "checkout"
    for root in (bundle, checkout):
        (root / "templates").mkdir(parents=True)
    (checkout / "clients").mkdir()
    monkeypatch.setattr(assets, "BUNDLE", bundle)
    monkeypatch.setattr(assets, "CHECKOUT", checkout)
    assert assets.asset("templates") == bundle / "templates"
    assert assets.asset("clients") == checkout / "clients"
    assert assets.asset("clients/desk/dist") == checkout / "clients/desk/dist"
    with pytest.raises(ValueError, match="not an asset"):
        assets.asset("../secrets")
