"""The house keeps its shape: every feature has the same files, every module says what it owns, every code a text."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

import signing
from server.core import errors
from server.features import FEATURES

ROOT = Path(__file__).resolve().parents[2]
_KEY_FILES = {".p12", ".pfx", ".pem", ".key", ".der", ".crt", ".cer"}
SERVER = ROOT / "server"
FILES = {
    *("__init__", "wire", "models", "rules", "store", "actions", "routes", "sockets"),
    *("jobs", "mails"),
    "child",  # what runs in a worker process: loads nothing of the server but what the work needs
}
NOT_FEATURES = {"core", "migrations", "locale", "demo", "_bundle"}
HARD_LINES = 400


def folders() -> list[str]:
    return sorted(p.name for p in SERVER.iterdir() if p.is_dir() and p.name not in NOT_FEATURES | {"__pycache__"})


def modules() -> list[Path]:
    return sorted(
        p for folder in ("server", "signing") for p in (ROOT / folder).rglob("*.py") if "_bundle" not in p.parts
    )


def test_the_list_of_features_is_what_the_folders_are() -> None:
    assert set(folders()) == set(FEATURES)


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_has_the_files_that_every_feature_has_and_no_others(feature: str) -> None:
    present = {p.stem for p in (SERVER / feature).iterdir() if p.name != "__pycache__"}
    # A file that outgrew itself is a folder of the same name; `intake` and the like are parts of documents' own work.
    strange = {name for name in present - FILES if not (SERVER / feature / name).is_dir()}
    assert not strange
    assert "__init__" in present


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_says_what_it_owns_and_stays_readable(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= HARD_LINES
    docstring = ast.get_docstring(ast.parse(source))
    assert docstring
    assert docstring.splitlines()[0].strip()


def test_every_feature_is_held_by_the_import_contracts() -> None:
    settings: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]
    inside = next(c for c in settings["contracts"] if c["id"] == "inside")
    assert not set(inside["not_features"]) & set(FEATURES)
    layers = next(c for c in settings["contracts"] if c["id"] == "layers")
    named = {name.strip(" ()") for line in layers["layers"] for name in line.split("|")}
    assert named == FILES - {"__init__"}


def raised_codes() -> dict[str, str]:
    """Every literal code in ``DomainError("…")`` under server/, with the place of one use."""
    found: dict[str, str] = {}
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args or getattr(node.func, "id", "") != "DomainError":
                continue
            for part in ast.walk(node.args[0]):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    found[part.value] = f"{path.relative_to(ROOT)}:{node.lineno}"
    return found


def declared_codes() -> set[str]:
    found = set()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ErrorSpec" and node.args:
                code = node.args[0]
                if isinstance(code, ast.Constant):
                    found.add(str(code.value))
    return found


def test_every_code_that_is_raised_is_declared() -> None:
    declared = declared_codes()
    assert set(errors.ERRORS) <= declared
    # A code that is put together at run time ("signing." and what the library says) is declared by its feature's tests.
    whole = {code: place for code, place in raised_codes().items() if not code.endswith(".")}
    assert {code: place for code, place in whole.items() if code not in declared} == {}


def test_the_signing_library_has_a_dozen_public_names() -> None:
    assert len(signing.__all__) <= 12
    assert all(getattr(signing, name).__doc__ for name in signing.__all__)


def test_no_key_and_no_certificate_is_in_the_repository() -> None:
    """Tests and demo make their own, each time anew."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("no checkout of git")  # an unpacked sdist: what it carries comes from a checkout that was looked at
    files = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    assert [path for path in files if path.suffix in _KEY_FILES] == []
    begin = b"-----BEGIN " + b"(?:[A-Z ]*PRIVATE KEY|CERTIFICATE)-----[\r\n]"
    held = [path for path in files if path.is_file() and re.search(begin, path.read_bytes())]
    assert held == []
