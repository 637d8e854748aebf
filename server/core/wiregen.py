"""TypeScript and JSON Schema of every message, made from the Structs; `phien wire` writes them, `--check` compares."""

from __future__ import annotations

import importlib
import inspect
from typing import TYPE_CHECKING, Any, TypeGuard

import msgspec
from msgspec import inspect as shapes

from server.core import wire
from server.core.db import Published
from server.core.sockets import SocketCommands
from server.features import FEATURES, wire_modules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_HEAD = "// Made by `phien wire` from server/*/wire.py; not to be edited.\n\n"


def structs() -> list[type[msgspec.Struct]]:
    """Every message Struct that a feature declares, in module order, each once."""
    found: dict[type[msgspec.Struct], None] = {}
    for name in wire_modules():
        module = importlib.import_module(name)
        for _, member in inspect.getmembers(module, inspect.isclass):
            if _is_message(member) and (member.__module__ + ".").startswith(name + "."):
                found[member] = None
    return sorted(found, key=lambda each: (each.__module__, each.__name__))


def _is_message(member: type) -> TypeGuard[type[msgspec.Struct]]:
    return issubclass(member, msgspec.Struct) and not issubclass(member, Published)


def typescript() -> str:
    """The module ``wire.ts``: an interface for each Struct, unions of entities and events, the command tables."""
    known = _with_nested(structs())
    require_own_names(known)
    parts = [_interface(each) for each in known]
    for title, base in (("AnyEntity", wire.Entity), ("AnyEvent", wire.Event)):
        names = [each.__name__ for each in known if issubclass(each, base) and each is not base]
        parts.append(f"export type {title} = {' | '.join(names) or 'never'};\n")
    parts.append(_commands(known))
    parts.append(f"export const PROTOCOL = {wire.PROTOCOL};\n")
    return _HEAD + "\n".join(parts)


def schema() -> bytes:
    """The JSON Schema of every message."""
    _, components = msgspec.json.schema_components(structs())
    return msgspec.json.format(msgspec.json.encode({"$defs": components}), indent=1) + b"\n"


def write(folder: Path) -> None:
    """Write both files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "wire.ts").write_text(typescript(), encoding="utf-8")
    (folder / "wire.schema.json").write_bytes(schema())


def stale(folder: Path) -> list[str]:
    """Which of the files do not say what the Structs say."""
    wanted = {"wire.ts": typescript().encode(), "wire.schema.json": schema()}
    return [
        name
        for name, content in wanted.items()
        if not (folder / name).is_file() or (folder / name).read_bytes() != content
    ]


def require_own_names(known: Sequence[type[msgspec.Struct]]) -> None:
    """Raise where two messages share a name: TypeScript would merge the two into one that neither is."""
    homes: dict[str, str] = {}
    for each in known:
        other = homes.setdefault(each.__name__, each.__module__)
        if other != each.__module__:
            raise TypeError(f"two messages are called {each.__name__}: in {other} and {each.__module__}")


def _with_nested(roots: list[type[msgspec.Struct]]) -> list[type[msgspec.Struct]]:
    """Also the Structs that messages are made of, wherever they are declared (``signing.Report``, ``access.Grant``)."""
    found: dict[type[msgspec.Struct], None] = {}

    def visit(kind: shapes.Type) -> None:
        if isinstance(kind, shapes.StructType) and kind.cls not in found:
            found[kind.cls] = None
            for each in kind.fields:
                visit(each.type)
        for inner in _inner(kind):
            visit(inner)

    for root in roots:
        visit(shapes.type_info(root))
    return sorted(found, key=lambda each: (each.__module__, each.__name__))


def _inner(kind: shapes.Type) -> tuple[shapes.Type, ...]:
    if isinstance(kind, shapes.UnionType):
        return kind.types
    if isinstance(kind, shapes.TupleType):
        return tuple(kind.item_types)
    if isinstance(kind, (shapes.VarTupleType, shapes.ListType)):
        return (kind.item_type,)
    if isinstance(kind, shapes.DictType):
        return (kind.key_type, kind.value_type)
    if isinstance(kind, shapes.Metadata):
        return (kind.type,)
    return ()


def _interface(cls: type[msgspec.Struct]) -> str:
    info = shapes.type_info(cls)
    assert isinstance(info, shapes.StructType)
    # A default is filled in by whoever reads a command; what the server sends always has every field.
    optional = issubclass(cls, wire.Command)
    lines = []
    if info.tag_field is not None:
        lines.append(f"  {info.tag_field}: {msgspec.json.encode(info.tag).decode()};")
    for each in info.fields:
        mark = "?" if optional and not each.required else ""
        shown = _RAW.get((cls.__name__, each.name)) or _type(each.type)
        lines.append(f"  {each.encode_name}{mark}: {shown};")
    doc = inspect.getdoc(cls) or ""
    comment = "/** " + doc.replace("\n\n", "\n").replace("\n", "\n * ") + " */\n"
    return f"{comment}export interface {cls.__name__} {{\n" + "\n".join(lines) + "\n}\n"


# What the journal keeps as encoded JSON is to the reader what it was made from.
_RAW = {
    ("Frame", "ops"): "Operation[]",
    ("Page", "ops"): "Operation[]",
    ("Page", "put"): "AnyEntity[]",
    ("Operation", "event"): "AnyEvent",
}
_SIMPLE: dict[type[shapes.Type], str] = {
    shapes.StrType: "string",
    shapes.IntType: "number",
    shapes.FloatType: "number",
    shapes.BoolType: "boolean",
    shapes.NoneType: "null",
    shapes.BytesType: "string",  # base64, as msgspec writes it
    shapes.DateTimeType: "string",
    shapes.AnyType: "unknown",
    shapes.RawType: "unknown",
}


def _type(kind: shapes.Type) -> str:  # noqa: PLR0911 - one line for each kind of type
    if isinstance(kind, shapes.Metadata):
        return _type(kind.type)
    if isinstance(kind, shapes.StructType):
        return kind.cls.__name__
    if isinstance(kind, shapes.UnionType):
        return " | ".join(_type(each) for each in kind.types)
    if isinstance(kind, shapes.LiteralType):
        return " | ".join(msgspec.json.encode(value).decode() for value in kind.values)
    if isinstance(kind, shapes.EnumType):
        return " | ".join(msgspec.json.encode(each.value).decode() for each in kind.cls)
    if isinstance(kind, shapes.TupleType):
        return "[" + ", ".join(_type(each) for each in kind.item_types) + "]"
    if isinstance(kind, (shapes.VarTupleType, shapes.ListType, shapes.FrozenSetType, shapes.SetType)):
        inner = _type(kind.item_type)
        return f"({inner})[]" if " | " in inner else f"{inner}[]"
    if isinstance(kind, shapes.DictType):
        return f"Record<{_type(kind.key_type)}, {_type(kind.value_type)}>"
    return _SIMPLE[type(kind)]


def _commands(known: list[type[msgspec.Struct]]) -> str:
    """What may be emitted on the socket: name → [shape, answer]."""
    names = {each.__name__ for each in known}
    lines = []
    for command in _socket_commands():
        answer = inspect.signature(command.handler).return_annotation
        shown = answer if isinstance(answer, str) and answer in names else "Page" if answer == "Page" else "Done"
        lines.append(f'  "{command.name}": [{command.shape.__name__}, {shown}];')
    return "/** Socket commands: what is sent and what a successful acknowledgement holds. */\n" + (
        "export interface Commands {\n" + "\n".join(lines) + "\n}\n"
    )


def _socket_commands() -> list[Any]:
    from server.core import sockets  # noqa: PLC0415 - named beside the features below

    tables: list[SocketCommands] = [sockets.CORE_COMMANDS]
    for name in FEATURES:
        try:
            module = importlib.import_module(f"server.{name}.sockets")
        except ModuleNotFoundError:
            continue
        tables.append(module.commands)
    return sorted((command for table in tables for command in table.table), key=lambda each: each.name)


__all__ = ["schema", "stale", "structs", "typescript", "write"]
