"""Packages and status messages written and read, as whole trees."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, cast

from lxml import etree

from server.core.errors import DomainError
from server.exchange import rules
from server.exchange.child.elements import (
    NAMESPACE,
    PREFIXES,
    SOAP,
    XLINK,
    child,
    children,
    is_named,
    named,
    read,
    text_of,
    write,
)
from server.exchange.child.guard import require_harmless
from server.exchange.child.packed import unpacked
from server.exchange.models import Attachment, Enclosed, MessageHeader, Package, Status, TraceHeaderList

if TYPE_CHECKING:
    from collections.abc import Sequence

_PIECE = 3 * 256 * 1024  # a multiple of three: pieces of base64 then join without padding between them


def open_tree(path: str) -> etree._Element:
    """The root of a package; what could hurt was refused before. Raises DomainError as the guard does."""
    with Path(path).open("rb") as file:
        require_harmless(file, os.fstat(file.fileno()).st_size)
        file.seek(0)
        # Comments cut a text in two for whoever reads the first part; the canonical form leaves them out as well.
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=True,
            remove_comments=True, encoding="utf-8",
        )  # fmt: skip
        try:
            return etree.parse(file, parser).getroot()
        except etree.XMLSyntaxError as why:
            raise DomainError("exchange.not_edxml") from why


def package_tree(package: Package, files: Sequence[Enclosed]) -> tuple[etree._Element, etree._Element]:
    """A package as a tree, and the header into which its signature goes."""
    root = etree.Element(named("edXML"), nsmap={None: NAMESPACE})
    envelope = etree.SubElement(root, named("edXMLEnvelope"), nsmap=PREFIXES)
    header = etree.SubElement(envelope, named("edXMLHeader"))
    write(header, "MessageHeader", package.message)
    write(header, "TraceHeaderList", package.trace)
    body = etree.SubElement(envelope, named("edXMLBody"))
    manifest = etree.SubElement(body, named("edXMLManifest"), version="1.0")
    encoded = etree.SubElement(root, named("AttachmentEncoded"))
    for one in files:
        content_id = str(uuid.uuid4())
        _refer(manifest, one, content_id)
        _enclose(encoded, one, content_id)
    return root, header


def status_tree(status: Status) -> etree._Element:
    """A status message as a tree; it is never signed by itself."""
    root = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"SOAP-ENV": SOAP, **PREFIXES})
    write(etree.SubElement(root, f"{{{SOAP}}}Header"), "Status", status)
    etree.SubElement(root, f"{{{SOAP}}}Body")
    return root


def read_status(root: etree._Element) -> Status | None:
    """The status message that a tree is, None if it is a package; senders put it into either envelope."""
    holder = root if is_named(root, "Status") else None
    if is_named(root, "Envelope"):
        header = child(root, "Header")
        holder = child(header, "Status") if header is not None else None
    elif is_named(root, "edXML"):
        message = _header(root, "MessageHeader")
        holder = message if message is not None and child(message, "StatusCode") is not None else None
    return read(holder, Status) if holder is not None else None


def read_package(root: etree._Element) -> Package:
    """The header of a package. Raises DomainError ``exchange.not_edxml``, ``exchange.repeated``."""
    message = _header(root, "MessageHeader") if is_named(root, "edXML") else None
    if message is None:
        raise DomainError("exchange.not_edxml")
    trace = _header(root, "TraceHeaderList")
    return Package(
        message=read(message, MessageHeader),
        trace=read(trace, TraceHeaderList) if trace is not None else TraceHeaderList(),
    )


def read_attachments(root: etree._Element, folder: str) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    """The files of a package, written into ``folder`` under names of ours (none if it is empty), and what is amiss.

    Raises DomainError ``documents.bomb`` (too many), ``exchange.base64``.
    """
    held = [one for part in children(root, "AttachmentEncoded") for one in children(part, "Attachment")]
    if len(held) > rules.MAX_ATTACHMENTS:
        raise DomainError("documents.bomb")
    declared = {_content_id(one): one for one in _references(root)}
    found: list[Attachment] = []
    for number, one in enumerate(held):
        room = rules.MAX_UNPACKED_BYTES - sum(before.size for before in found)
        found.append(_attachment(one, declared, folder, number, room))
    ids = [one.content_id for one in found]
    faults = []
    if set(declared) - set(ids):
        faults.append("attachment_missing")
    if set(ids) - set(declared) or len(ids) != len(set(ids)):
        faults.append("attachment_undeclared")
    return tuple(found), tuple(faults)


def _refer(manifest: etree._Element, one: Enclosed, content_id: str) -> None:
    made = etree.SubElement(manifest, named("Reference"), nsmap={"xlink": XLINK})
    made.set(f"{{{XLINK}}}href", f"cid:{content_id}")
    for name, text in (
        ("ContentId", content_id), ("ContentType", one.content_type), ("Description", one.description),
        ("AttachmentName", rules.safe_name(one.name)),
    ):  # fmt: skip
        etree.SubElement(made, named(name)).text = rules.clean(text)


def _enclose(encoded: etree._Element, one: Enclosed, content_id: str) -> None:
    made = etree.SubElement(encoded, named("Attachment"))
    with Path(one.path).open("rb") as file:
        content = "".join(base64.b64encode(piece).decode() for piece in iter(lambda: file.read(_PIECE), b""))
    for name, text in (
        ("ContentType", one.content_type), ("ContentId", content_id), ("Description", rules.clean(one.description)),
        ("ContentTransferEncoded", content), ("AttachmentName", rules.safe_name(one.name)),
    ):  # fmt: skip
        etree.SubElement(made, named(name)).text = text


def _header(root: etree._Element, name: str) -> etree._Element | None:
    envelope = child(root, "edXMLEnvelope")
    header = child(envelope, "edXMLHeader") if envelope is not None else None
    return child(header, name) if header is not None else None


def _references(root: etree._Element) -> list[etree._Element]:
    envelope = child(root, "edXMLEnvelope")
    body = child(envelope, "edXMLBody") if envelope is not None else None
    manifest = next(
        (found for name in ("edXMLManifest", "Manifest") if (found := _child(body, name)) is not None), None
    )
    return children(manifest, "Reference") if manifest is not None else []


def _child(above: etree._Element | None, name: str) -> etree._Element | None:
    return child(above, name) if above is not None else None


def _content_id(element: etree._Element) -> str:
    return text_of(child(element, "ContentId")).removeprefix("cid:")


def _attachment(
    element: etree._Element, declared: dict[str, etree._Element], folder: str, number: int, room: int
) -> Attachment:  # fmt: skip
    content_id = _content_id(element)
    content = unpacked(_decoded(child(element, "ContentTransferEncoded")), room)
    path = str(Path(folder) / f"{number:03}") if folder else ""
    if path:
        Path(path).write_bytes(content)
    reference = declared.get(content_id)
    name = _raw(element, "AttachmentName") or (_raw(reference, "AttachmentName") if reference is not None else "")
    return Attachment(
        content_id=content_id, declared=name, name=rules.safe_name(name), path=path,
        content_type=text_of(child(element, "ContentType")), description=text_of(child(element, "Description")),
        size=len(content), sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip


def _raw(element: etree._Element, name: str) -> str:
    """A name as it was written: what is hidden in it is to be seen."""
    found = child(element, name)
    return cast("str", found.text or "").strip() if found is not None else ""


def _decoded(element: etree._Element | None) -> bytes:
    try:
        return (
            binascii.a2b_base64("".join((element.text or "").split()), strict_mode=True) if element is not None else b""
        )
    except (binascii.Error, ValueError) as why:
        raise DomainError("exchange.base64") from why
