"""Structs as elements and back: a field is an element of its name, in the order of declaration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar, get_args

import msgspec
from lxml import etree
from msgspec.structs import FieldInfo, fields

from server.core.errors import DomainError
from server.exchange import rules

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
XLINK = "http://www.w3.org/1999/xlink"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
PREFIXES = {"edXML": NAMESPACE}
# Senders put elements into the regulation's namespace, into none, and status messages even into that of SOAP.
_KNOWN = frozenset({NAMESPACE, SOAP, ""})

S = TypeVar("S", bound=msgspec.Struct)


def named(name: str) -> str:
    """The name in the regulation's namespace."""
    return f"{{{NAMESPACE}}}{name}"


def write(parent: etree._Element, name: str, value: msgspec.Struct) -> etree._Element:
    """Put ``value`` into ``parent`` as an element; empty fields are left out. Gives the new element."""
    made = etree.SubElement(parent, named(name))
    for each in fields(type(value)):
        given = getattr(value, each.name)
        for one in given if isinstance(given, tuple) else (given,):
            if isinstance(one, msgspec.Struct):
                write(made, each.encode_name, one)
            elif one:
                etree.SubElement(made, named(each.encode_name)).text = rules.clean(one)
    return made


def read(element: etree._Element, kind: type[S]) -> S:
    """The Struct that an element holds; what it does not know is passed over, what is missing is empty.

    Raises DomainError ``exchange.repeated`` where one value is given twice.
    """
    return kind(**{one.name: _value(element, one) for one in fields(kind)})


def children(element: etree._Element, name: str) -> list[etree._Element]:
    """The children of this name, in the order in which they stand."""
    return [one for one in _elements(element) if _is(one, name)]


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The one child of this name; None if there is none. Raises DomainError ``exchange.repeated``."""
    found = children(element, name)
    if len(found) > 1:
        raise DomainError("exchange.repeated", name=name)
    return found[0] if found else None


def text_of(element: etree._Element | None) -> str:
    """The text of an element without elements in it; empty for none."""
    return rules.clean(element.text or "") if element is not None else ""


def is_named(element: etree._Element, name: str) -> bool:
    """Whether an element has this name."""
    return _is(element, name)


def _elements(element: etree._Element) -> Iterator[etree._Element]:
    return (one for one in element if isinstance(one.tag, str))


def _is(element: etree._Element, name: str) -> bool:
    found = etree.QName(element)
    return found.localname == name and (found.namespace or "") in _KNOWN


def _value(element: etree._Element, field: FieldInfo) -> Any:  # noqa: ANN401 - as the field says
    inner = [one for one in get_args(field.type) if one is not type(None) and one is not Ellipsis]
    if _is_tuple(field.type):
        return tuple(_one(each, inner[0]) for each in children(element, field.encode_name))
    kind = inner[0] if inner and isinstance(inner[0], type) else field.type
    found = child(element, field.encode_name)
    if found is None and not field.required:
        return field.default
    if found is None and isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return read(etree.Element(named(field.encode_name)), kind)
    return _one(found, kind)


def _one(element: etree._Element | None, kind: Any) -> Any:  # noqa: ANN401 - as the field says
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and element is not None:
        return read(element, kind)
    return text_of(element)


def _is_tuple(kind: object) -> bool:
    return getattr(kind, "__origin__", None) is tuple
