"""The unit that is shipped: it lets the walls around children stand, and the scheduler see one group."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

import pytest

UNIT = Path(__file__).resolve().parents[2] / "deploy" / "phien.service"


@pytest.fixture(scope="module")
def service() -> dict[str, str]:
    unit = ConfigParser(strict=False, interpolation=None, comment_prefixes=("#",))
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(UNIT)
    return dict(unit["Service"])


def test_bubblewrap_may_do_what_it_does(service: dict[str, str]) -> None:
    """It makes namespaces, mounts a /proc, and brings the loopback up by netlink."""
    assert service.get("RestrictNamespaces", "no") == "no"
    assert service.get("ProtectKernelTunables", "no") == "no"
    assert service.get("ProtectProc", "default") == "default"
    assert "AF_NETLINK" in service["RestrictAddressFamilies"].split()


def test_the_server_and_its_children_are_one_group(service: dict[str, str]) -> None:
    assert int(service["CPUWeight"]) > 100
