"""A paper that was signed elsewhere, looked at in a child: ours with one good signature more, or refused."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from server.signatures.child import services_of, told
from server.signatures.models import Authorities


class Accepted(Struct, frozen=True, kw_only=True):
    """All signed fields of an accepted file, and whose name the new signature's certificate bears."""

    fields: tuple[str, ...]
    signer: str


def accept_file(base: str, uploaded: str, authorities: Authorities) -> Accepted:
    """What was signed elsewhere on top of our own file. Raises DomainError ``signing.upload_…``."""
    from signing import Services  # noqa: PLC0415 - pyHanko is for children only
    from signing.uploads import accept_upload  # noqa: PLC0415 - the same

    services = services_of(authorities) or Services()
    report = told(accept_upload, Path(base), Path(uploaded), services=services)
    people = [one for one in report.signatures if one.kind == "signature"]
    return Accepted(fields=tuple(one.field for one in people), signer=people[-1].signer or "")
