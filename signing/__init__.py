"""PDF signatures as a library: make them, look at them closely; no idea of the web, imports nothing of the server."""

from importlib import import_module
from typing import TYPE_CHECKING

from signing.errors import SigningError
from signing.report import Report

if TYPE_CHECKING:
    from signing.field import Field
    from signing.fields import add_fields
    from signing.keys import open_key
    from signing.pades import Prepared, finish, prepare, sign
    from signing.services import Services
    from signing.stamp import Stamp
    from signing.verifying import verify

# Loaded when first asked for: pyHanko takes a second of CPU, and a server that is starting signs nothing yet.
_HOMES = {
    **dict.fromkeys(("Prepared", "finish", "prepare", "sign"), "pades"),
    "Field": "field",
    "add_fields": "fields",
    "open_key": "keys",
    "Services": "services",
    "Stamp": "stamp",
    "verify": "verifying",
}

__all__ = [
    "Field",
    "Prepared",
    "Report",
    "Services",
    "SigningError",
    "Stamp",
    "add_fields",
    "finish",
    "open_key",
    "prepare",
    "sign",
    "verify",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found
