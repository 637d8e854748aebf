"""Whose a key is: "person:<id>", "body:<id>" for its seal; who may use it, what it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.x509.oid import NameOID

from server.core.access import SYSTEM, Relation, Role
from server.core.errors import DomainError
from server.core.wire import stamp
from server.directory import actions as directory
from server.signatures.wire import SigningKey

if TYPE_CHECKING:
    from server.core.access import Actor
    from server.core.db import Read
    from server.signatures.models import Key


def person(person_id: str) -> str:
    """The holder that a person is."""
    return f"person:{person_id}"


def body(body_id: str) -> str:
    """The holder that a body is: its seal."""
    return f"body:{body_id}"


def authority(body_id: str) -> str:
    """The holder that a body is where it certifies tablets."""
    return f"ca:{body_id}"


def require_use(actor: Actor, holder: str) -> None:
    """Raise ``denied`` unless an actor may sign as a holder: a person as themselves, a registry clerk as the body.

    The house itself may finish a seal that a clerk began, where the operator gave it the key's secret.
    """
    kind, _, owner = holder.partition(":")
    if kind == "person" and actor.person_id == owner:
        return
    if kind == "body" and (actor.has(Role.CLERK, owner) or actor.person_id == SYSTEM):
        return
    raise DomainError("denied")


def to_body(_read: Read, actor: Actor, body_id: str) -> set[Relation]:
    """Relations to a body where its seal and its registry are concerned: the registry clerk's."""
    return {Relation.CLERK} if actor.has(Role.CLERK, body_id) else set()


def name_of(read: Read, holder: str) -> str:
    """The full name of person or body. Raises ``not_found``."""
    kind, _, owner = holder.partition(":")
    if kind == "person":
        return directory.person(read, owner).full_name
    name = directory.body_names(read, [owner]).get(owner)
    if name is None:
        raise DomainError("not_found")
    return name


def view(key: Key) -> SigningKey:
    """A key as people see it."""
    certificate = x509.load_der_x509_certificate(key.certificate)
    return SigningKey(
        person_id=key.owner_id,
        holder=common_name(certificate.subject),
        issuer=common_name(certificate.issuer),
        serial=f"{certificate.serial_number:x}",
        valid_from=stamp(certificate.not_valid_before_utc),
        valid_until=stamp(certificate.not_valid_after_utc),
        image=key.image_sha256 is not None,
    )


def common_name(name: x509.Name) -> str:
    """The common name of a certificate's subject or issuer; empty if it has none."""
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""
