"""Looking at a draft before it goes round: what would stop it later is found now. Runs in a child."""

from __future__ import annotations

from pathlib import Path

from server.signatures.rules.format import FIELD_MISSING, Refusal, missing_fields
from signing import SigningError


def check_format(path: str, wanted: tuple[str, ...], ours: tuple[str, ...]) -> list[Refusal]:
    """What is wrong with a file that is to be signed here: codes with their values; nothing if all is well.

    ``wanted``: the official fields that its steps will fill, where it was printed from a template. ``ours``: its
    signed fields that the register knows; a signature by anybody else makes it no draft.
    """
    from pyhanko.sign.fields import enumerate_sig_fields  # noqa: PLC0415 - pyHanko is for children only

    from signing.contents import check_draft  # noqa: PLC0415 - the same
    from signing.preflight import form_fields, open_for_signing  # noqa: PLC0415 - the same

    with Path(path).open("rb") as pdf:
        try:
            reader = open_for_signing(pdf).prev
        except SigningError as why:  # nothing more can be read of such a file
            return [_refusal(why)]
        signed = [str(name) for name, value, _ in enumerate_sig_fields(reader) if value is not None]
        foreign = [SigningError("pdf_foreign_signature", field=name) for name in signed if name not in ours]
        there = [name for name in form_fields(reader) if name not in signed]
        missing: list[Refusal] = [(FIELD_MISSING, {"field": name}) for name in missing_fields(there, wanted)]
        return [_refusal(why) for why in (*foreign, *check_draft(pdf))] + missing


def empty_fields(path: str) -> tuple[str, ...]:
    """The names of the signature fields of a file that nobody has signed. Raises DomainError ``signing.…``."""
    from pyhanko.sign.fields import enumerate_sig_fields  # noqa: PLC0415 - pyHanko is for children only

    from server.signatures.child import told  # noqa: PLC0415 - the package imports its parts late
    from signing.preflight import open_for_signing  # noqa: PLC0415 - as above

    with Path(path).open("rb") as pdf:
        reader = told(open_for_signing, pdf).prev
        return tuple(str(name) for name, value, _ in enumerate_sig_fields(reader) if value is None)


def _refusal(why: SigningError) -> Refusal:
    return f"signing.{why.code}", {name: v if isinstance(v, int) else str(v) for name, v in why.details.items()}
