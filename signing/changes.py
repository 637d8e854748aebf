"""What later versions of a signed file changed, judged more strictly than the engine does by itself."""

from collections.abc import Collection, Iterator
from typing import Any, BinaryIO, cast
from unicodedata import normalize

from pyhanko.pdf_utils.generic import Reference, TextStringObject
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    DiffResult,
    ModificationLevel,
    StandardDiffPolicy,
    SuspiciousModification,
)
from pyhanko.sign.diff_analysis.form_rules_api import FormUpdatingRule
from pyhanko.sign.diff_analysis.policy_api import DiffPolicy
from pyhanko.sign.diff_analysis.rules.form_field_rules import GenericFieldModificationRule
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm
from pypdf import PageObject, PdfReader
from pypdf.generic import DecodedStreamObject, DictionaryObject, EncodedStreamObject

from signing.preflight import form_fields
from signing.report import Change, Filled

MAX_TEXT = 500  # characters told of a field's text

_DEFAULT_FORM_RULE = DEFAULT_DIFF_POLICY.form_rule
assert _DEFAULT_FORM_RULE is not None  # the engine's default has one

# The engine's own default takes an unchanged older appearance for a change once a document timestamp follows a
# signature with locks, and lets appearances be overwritten in place; here a new appearance must be a new object.
_RULES = StandardDiffPolicy(
    global_rules=DEFAULT_DIFF_POLICY.global_rules,
    form_rule=FormUpdatingRule(
        field_rules=[
            *(rule for rule in _DEFAULT_FORM_RULE.field_rules if not isinstance(rule, GenericFieldModificationRule)),
            GenericFieldModificationRule(allow_in_place_appearance_stream_changes=False),
        ]
    ),
)


class Recorder(DiffPolicy):
    """The strict rules, version by version; keeps what each version did in `changes`.

    Args:
        signed_in: version (from 0) → field signed in it.
        signature_fields: all signature fields of the file, filled or not.
    """

    def __init__(self, signed_in: dict[int, str], signature_fields: Collection[str]) -> None:
        self.changes: list[Change] = []
        self._places: dict[str, tuple[str, object]] = {}
        self._signed_in, self._signature_fields = signed_in, signature_fields

    def apply(
        self,
        old: HistoricalResolver,
        new: HistoricalResolver,
        field_mdp_spec: FieldMDPSpec | None = None,
        doc_mdp: MDPPerm | None = None,
    ) -> DiffResult:
        """One version against another; asked for by the engine's interface."""
        return _RULES.apply(old, new, field_mdp_spec, doc_mdp)

    def review_file(
        self,
        reader: PdfFileReader,
        base_revision: int | HistoricalResolver,
        field_mdp_spec: FieldMDPSpec | None = None,
        doc_mdp: MDPPerm | None = None,
    ) -> DiffResult | SuspiciousModification:
        """All versions after the signed one; the first forbidden change is the result, later ones are recorded."""
        number = base_revision if isinstance(base_revision, int) else base_revision.revision
        old = reader.get_historical_resolver(number)
        worst, fields = ModificationLevel.NONE, set[str]()
        self._places = form_fields(reader)
        refused: SuspiciousModification | None = None
        for later in range(number + 1, reader.xrefs.total_revisions):
            new = reader.get_historical_resolver(later)
            try:
                result = _RULES.apply(old, new, field_mdp_spec=field_mdp_spec, doc_mdp=doc_mdp)
            except SuspiciousModification as why:
                refused = refused or why
                self.changes.append(Change(later + 1, "forbidden"))
                continue
            worst = max(worst, result.modification_level)
            fields |= result.changed_form_fields
            self.changes.append(self._describe(reader, later, result))
        return refused or DiffResult(worst, fields)

    def _describe(self, reader: PdfFileReader, later: int, result: DiffResult) -> Change:
        # The engine compares with the signed version; told is what this version did by itself.
        written = reader.xrefs.explicit_refs_in_revision(later)
        told = {name for change in self.changes for name in change.fields}
        changed = {
            str(name)
            for name in result.changed_form_fields
            if str(name) not in told or self._places.get(str(name), ("", None))[1] in written
        }
        touched = tuple(sorted(changed - set(self._signature_fields)))
        filled = tuple(self._filled(reader, later, touched))
        if result.modification_level > ModificationLevel.FORM_FILLING:
            return Change(later + 1, "forbidden", touched, filled)
        if later in self._signed_in:
            return Change(later + 1, "signature", (self._signed_in[later], *touched), filled)
        if touched:
            return Change(later + 1, "fields_filled", touched, filled)
        if result.modification_level == ModificationLevel.FORM_FILLING and changed:
            return Change(later + 1, "field_added", tuple(sorted(changed)))
        return Change(later + 1, "validation_data")

    def _filled(self, reader: PdfFileReader, later: int, names: Collection[str]) -> Iterator[Filled]:
        for name in names:
            before, after = (self._text(reader, version, name) for version in (later - 1, later))
            if before != after:
                yield Filled(name, before, after)

    def _text(self, reader: PdfFileReader, version: int, name: str) -> str:
        """What the field held in a version; "" if nothing, or if it was not there yet."""
        where = self._places.get(name, ("", None))[1]
        try:
            entry: Any = reader.get_historical_resolver(version).get_object(cast("Reference", where))
            value = entry["/V"]
        except Exception:  # noqa: BLE001  # told for people; what it means is judged elsewhere
            return ""
        return normalize("NFC", str(value))[:MAX_TEXT] if isinstance(value, TextStringObject) else ""


def fields_shown_wrong(file: BinaryIO, names: Collection[str]) -> list[str]:
    """Those of the named form fields whose picture on the page does not say what their value says.

    Only text fields can be compared; any other kind changed after a signature counts as wrong.
    """
    if not names:
        return []
    reader = PdfReader(file, strict=False)
    found = {name: entry for name, entry in _fields(reader) if name in names}
    return sorted(name for name in names if name not in found or not _shows_value(reader, found[name]))


def field_texts(file: BinaryIO, names: Collection[str]) -> dict[str, str]:
    """The text that each of the named form fields holds (NFC); a field that is missing or holds no text is left out."""
    found = dict(_fields(PdfReader(file, strict=False)))
    values = {name: found[name].get("/V") for name in names if name in found}
    return {name: normalize("NFC", value) for name, value in values.items() if isinstance(value, str)}


def _fields(reader: PdfReader) -> list[tuple[str, DictionaryObject]]:
    """Full name and dictionary of every form field, widgets included in their field."""
    result: list[tuple[str, DictionaryObject]] = []

    def walk(entry: DictionaryObject, prefix: str, depth: int) -> None:
        name = ".".join(part for part in (prefix, str(entry.get("/T", ""))) if part)
        kids = [kid.get_object() for kid in entry.get("/Kids", ())]
        result.append((name, entry))
        for kid in kids:
            if "/T" in kid and depth < 64:  # noqa: PLR2004  # deeper is an attack, not a form
                walk(kid, name, depth + 1)

    form = reader.root_object.get("/AcroForm")
    for one in form.get_object().get("/Fields", ()) if form is not None else ():
        walk(one.get_object(), "", 0)
    return result


def _shows_value(reader: PdfReader, field: DictionaryObject) -> bool:
    kind = field.get_inherited("/FT", None)
    value = field.get("/V")
    if kind != "/Tx" or (value is not None and not isinstance(value, str)):
        return False
    widgets = [kid.get_object() for kid in field.get("/Kids", ())] or [field]
    return all(_squeezed(_drawn(reader, widget)) == _squeezed(value or "") for widget in widgets)


def _drawn(reader: PdfReader, widget: DictionaryObject) -> str:
    appearance = widget.get("/AP", {}).get("/N")
    stream = appearance.get_object() if appearance is not None else None
    if not isinstance(stream, EncodedStreamObject | DecodedStreamObject):
        return ""
    return PageObject(reader).extract_xform_text(stream)  # type: ignore[arg-type]  # takes both


def _squeezed(text: str) -> str:
    return "".join(normalize("NFC", text).split())
