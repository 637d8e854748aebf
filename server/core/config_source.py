"""From TOML and environment to Structs: unknown keys get the nearest known one, wrong types their own words."""

from __future__ import annotations

import difflib
import re
import tomllib
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from server.core.errors import DomainError

PREFIX = "PHIEN_"
# Not configuration: where it lies, and the arming of failpoints.
NOT_KEYS = frozenset({"PHIEN_CONFIG", "PHIEN_FAILPOINT"})

T = TypeVar("T", bound=msgspec.Struct)
_AT = re.compile(r"(?P<said>.*?)(?: - at `\$\.?(?P<key>[^`]*)`)?")


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file, or say why not: ``config.unreadable`` with path and reason."""
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise DomainError("config.unreadable", path=str(path), detail=reason) from error


def from_environment(environ: Mapping[str, str], shape: type[msgspec.Struct]) -> dict[str, Any]:
    """Take the ``PHIEN_…`` variables as nested keys: ``PHIEN_MAIL__HOST`` → ``{"mail": {"host": …}}``."""
    values: dict[str, Any] = {}
    for name, text in environ.items():
        if not name.startswith(PREFIX) or name in NOT_KEYS:
            continue
        *sections, key = name.removeprefix(PREFIX).lower().split("__")
        inner = values
        for section in sections:
            inner = inner.setdefault(section, {})
            if not isinstance(inner, dict):
                raise DomainError("config.unknown_key", key=name, nearest=_nearest(section, _keys(shape)))
        inner[key] = text
    return values


def decode(values: Mapping[str, Any], shape: type[T]) -> T:
    """Make ``shape`` of nested values; texts from the environment count as the number or truth value they spell."""
    _refuse_unknown(values, shape, "")
    try:
        return msgspec.convert(values, type=shape, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        found = _AT.fullmatch(str(error))
        said, key = (found["said"], found["key"] or "") if found else (str(error), "")
        if missing := re.search(r"missing required field `(\w+)`", said):
            raise DomainError("config.missing_key", key=".".join(filter(None, (key, missing[1])))) from error
        raise DomainError("config.wrong_type", key=key, detail=said) from error


def _path(kind: type, value: object) -> object:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise msgspec.ValidationError(f"Expected a path, got `{type(value).__name__}`")


def _refuse_unknown(values: Mapping[str, Any], shape: type[msgspec.Struct], within: str) -> None:
    known = _keys(shape)
    for key, value in values.items():
        if key not in known:
            raise DomainError("config.unknown_key", key=within + key, nearest=within + _nearest(key, known))
        if isinstance(value, Mapping) and (inner := _struct(known[key])):
            _refuse_unknown(value, inner, f"{within}{key}.")


def _keys(shape: type[msgspec.Struct]) -> dict[str, Any]:
    return {name: kind for name, kind in typing.get_type_hints(shape).items() if name in shape.__struct_fields__}


def _struct(kind: object) -> type[msgspec.Struct] | None:
    """The Struct in a field's type, also in ``Struct | None``."""
    choices = typing.get_args(kind) if typing.get_origin(kind) in {typing.Union, types.UnionType} else (kind,)
    return next((c for c in choices if isinstance(c, type) and issubclass(c, msgspec.Struct)), None)


def _nearest(key: str, known: Mapping[str, Any]) -> str:
    return next(iter(difflib.get_close_matches(key, known, n=1, cutoff=0)), "")
