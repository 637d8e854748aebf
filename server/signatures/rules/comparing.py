"""The register beside a file: what it says a version must hold, and where the file says the same or something else."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from server.signatures.rules.numbering import DATE_FIELD, NUMBER_FIELD, SEAL_FIELD, written
from server.signatures.wire import RegisterLine

if TYPE_CHECKING:
    from server.signatures.store import Signed
    from server.signatures.wire import Dossier
    from signing import Report
    from signing.report import SignatureReport

_FILLABLE = (NUMBER_FIELD, DATE_FIELD)


class Expected(Struct, frozen=True, kw_only=True):
    """What the register says of a version.

    ``fields``: the signed fields it has, None where none of our own signatures is known; ``values``: texts that its
    form fields hold; ``signers``: names of those who signed it (initials may stand in the register alone, and those in
    the file are among ``fields``); ``sealed``: whether the agency's seal is on it.
    ``known``: whether the register knows anything of it.
    """

    fields: tuple[str, ...] | None = None
    fillable: tuple[str, ...] | None = None
    values: Mapping[str, str] = {}
    signers: tuple[str, ...] = ()
    symbol: str = ""
    sealed: bool = False

    @property
    def known(self) -> bool:
        """Whether the register says anything at all."""
        return self.fields is not None or bool(self.signers)


def expected(
    signed: Signed | None,
    names: Sequence[str],
    dossiers: Iterable[Dossier],
    version_id: str,
    day_words: Callable[[date], str],
) -> Expected:
    """What must be true of a version: by the list of signed versions (and its signers' names), and by its dossier.

    ``day_words``: a day as the registry writes it on papers.
    """
    fields = signed.fields if signed else None
    for dossier in dossiers:
        reached = [step for step in dossier.steps if step.state == "done" and step.version_id is not None]
        here = [step.rank for step in reached if step.version_id == version_id]
        if not here and dossier.version_id != version_id:
            continue
        rank = max(here, default=max((step.rank for step in reached), default=0))
        done = [step for step in reached if step.rank <= rank]
        numbered = any(step.act == "number" for step in done)
        signers = tuple(dict.fromkeys([*names, *(step.person_name for step in done if step.act == "sign")]))
        return Expected(
            fields=fields,
            fillable=_FILLABLE,
            values=_texts(dossier, day_words) if numbered else {},
            signers=tuple(name for name in signers if name),
            symbol=dossier.symbol if numbered else "",
            sealed=any(step.act == "seal" for step in done),
        )
    return Expected(fields=fields, signers=tuple(names))


def _texts(dossier: Dossier, day_words: Callable[[date], str]) -> dict[str, str]:
    if dossier.number is None or dossier.dated is None:
        return {}
    day = date.fromisoformat(dossier.dated)
    return {NUMBER_FIELD: written(dossier.number), DATE_FIELD: day_words(day)}


def compared(known: Expected, sha256: str, report: Report) -> tuple[RegisterLine, ...]:
    """Line by line what the register says and what the file says; nothing where the register knows nothing."""
    if not known.known:
        return ()
    people = [one for one in report.signatures if one.kind == "signature"]
    lines = [RegisterLine(what="file", expected=sha256, found=report.sha256, agrees=sha256 == report.sha256)]
    lines += [_signer(name, people) for name in known.signers]
    if known.fields is not None:
        found = tuple(one.field for one in people)
        same = set(found) == set(known.fields)
        lines.append(RegisterLine(what="fields", expected=_row(known.fields), found=_row(found), agrees=same))
    if known.sealed:
        seal = next((one for one in people if one.field == SEAL_FIELD), None)
        lines.append(RegisterLine(what="seal", expected=SEAL_FIELD, found=_who(seal), agrees=seal is not None))
    wrong = "value_differs" in report.reasons
    filled = {one.field: one.after for each in people for change in each.changes for one in change.filled}
    for name, text in known.values.items():
        shown = filled.get(name, "")
        agrees = shown == text if shown else not wrong
        what: Literal["number", "date"] = "number" if name == NUMBER_FIELD else "date"
        lines.append(RegisterLine(what=what, expected=text, found=shown, agrees=agrees))
    return tuple(lines)


def _signer(name: str, people: Sequence[SignatureReport]) -> RegisterLine:
    found = next((one for one in people if _folded(one.signer) == _folded(name)), None)
    return RegisterLine(what="signer", expected=name, found=_who(found), agrees=found is not None)


def _who(one: SignatureReport | None) -> str:
    return one.signer or one.field if one else ""


def _row(fields: Iterable[str]) -> str:
    return ", ".join(sorted(fields))


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()
