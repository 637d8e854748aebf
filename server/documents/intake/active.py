"""Active content of a PDF: finding it, and taking it out of a rendition.

Scripts, programs to launch, forms that send themselves, embedded files, media and references to other files are what
a paper never needs and an attacker always does. Links to web pages and mail addresses stay: they act on a tap only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from server.documents.intake.walk import dictionaries, pattern

# Actions by what they do (ISO 32000-2, table 201).
_ACTIONS = {
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/SubmitForm": "submit",
    "/ImportData": "submit",
    "/GoToR": "external",
    "/GoToE": "embedded-file",
    "/Thread": "external",
    "/Rendition": "media",
    "/Movie": "media",
    "/Sound": "media",
    "/RichMediaExecute": "media",
    "/GoTo3DView": "media",
}
_ANNOTATIONS = {
    "/FileAttachment": "embedded-file",
    "/RichMedia": "media",
    "/Movie": "media",
    "/Sound": "media",
    "/Screen": "media",
    "/3D": "media",
}
# Moments that a dictionary of additional actions names (tables 197-200).
_WORDS = "E X D U Fo Bl PO PC PV PI O C K F V WC WS DS WP DP"
_TRIGGERS = frozenset(f"/{word}" for word in _WORDS.split())
_NAME_TREES = {
    "/JavaScript": "javascript",
    "/EmbeddedFiles": "embedded-file",
    "/Renditions": "media",
    "/AlternatePresentations": "javascript",
    "/URLS": "external",
    "/IDS": "external",
}
# Keys that matter in whichever dictionary they stand, and those that hold actions.
_KEYS = ("/F", "/EF", "/XFA", "/OPI", "/DestOutputProfileRef", "/Ref", "/URI", "/Collection", "/OpenAction", "/Catalog")
_HOLDING = ("/A", "/PA", "/AA", "/Next", "/OpenAction")
_WANTED = pattern({*_ACTIONS, *_ANNOTATIONS, *_NAME_TREES, *_KEYS, "/AA"})
# To the web, to a mail address, or within the place it stands in; not to another machine's shares.
_SAFE_LINK = re.compile(rb"(https?://|mailto:|tel:|#|(?![/\\\\]{2})[^:]*$)", re.IGNORECASE)


def find(pdf: pikepdf.Pdf) -> frozenset[str]:
    """Words for the active content in ``pdf``: ``javascript``, ``launch``, ``submit``, ``embedded-file`` and others."""
    words = {word for holder in dictionaries(pdf, _WANTED) for word, _keys in _hazards(holder)}
    words |= {word for word, _keys in _catalog(pdf.Root)}
    return frozenset(words | {_NAME_TREES[key] for key in _name_trees(pdf)})


def strip(pdf: pikepdf.Pdf) -> frozenset[str]:
    """Take all active content out of ``pdf`` in place; returns what there was, as ``find`` does."""
    words = {_NAME_TREES[key] for key in _name_trees(pdf)}
    for key in _name_trees(pdf):
        del pdf.Root["/Names"][key]
    holders = list(dictionaries(pdf, _WANTED))
    for holder in holders:
        words |= _disarm(holder, list(_hazards(holder)))
    words |= _disarm(pdf.Root, list(_catalog(pdf.Root)))
    for holder in holders:
        for key in _HOLDING:
            if _is_dictionary(holder, key) and not len(holder[key].keys()):
                del holder[key]
    if words:
        _drop_emptied_annotations(pdf)
    return frozenset(words)


def _disarm(holder: Any, hazards: list[tuple[str, tuple[str, ...]]]) -> set[str]:  # noqa: ANN401 - a dictionary or a stream
    for _word, keys in hazards:
        for key in keys:
            if key in holder:
                del holder[key]
    return {word for word, _keys in hazards}


def _name_trees(pdf: pikepdf.Pdf) -> list[str]:
    """Which trees of scripts, files and media the catalog names."""
    names = pdf.Root.get("/Names")
    return [key for key in _NAME_TREES if key in names] if isinstance(names, Dictionary) else []


def _hazards(holder: Any) -> Iterator[tuple[str, tuple[str, ...]]]:  # noqa: ANN401 - a dictionary or a stream
    """What is active in one dictionary: a word for it and the keys whose removal ends it."""
    everything = tuple(key for key in holder.keys() if key != "/Length")  # noqa: SIM118 - not a Python dict
    if word := _action(holder):
        yield word, everything
        return
    if word := _annotation(holder):
        yield word, everything
        return
    if isinstance(holder, Stream) and "/F" in holder:
        yield "external", ("/F", "/FFilter", "/FDecodeParms")
    if _is_dictionary(holder, "/EF"):
        yield "embedded-file", ("/EF", "/RF")
    if isinstance(holder.get("/XFA"), (Stream, Array)):  # a font may be named so
        yield "javascript", ("/XFA",)
    for key in ("/OPI", "/DestOutputProfileRef"):
        if _is_dictionary(holder, key):
            yield "external", (key,)
    if _is_dictionary(holder, "/AA") and _are_triggers(holder["/AA"]):
        yield "action", ("/AA",)
    if _name(holder, "/Subtype") == "/Form" and _is_dictionary(holder, "/Ref") and "/F" in holder["/Ref"]:
        yield "external", ("/Ref",)


def _catalog(root: Any) -> Iterator[tuple[str, tuple[str, ...]]]:  # noqa: ANN401 - a dictionary
    if _is_dictionary(root, "/OpenAction") and _name(root["/OpenAction"], "/S") not in {None, "/GoTo"}:
        yield "action", ("/OpenAction",)
    if "/Collection" in root:
        yield "embedded-file", ("/Collection",)
    if _is_dictionary(root, "/URI"):
        yield "external", ("/URI",)


def _action(holder: Any) -> str | None:  # noqa: ANN401 - a dictionary or a stream
    kind = _name(holder, "/S")
    if kind is None or _name(holder, "/Type") not in {None, "/Action"}:
        return None
    if kind == "/URI":
        link = holder.get("/URI")
        return None if link is None or _SAFE_LINK.match(bytes(link).strip()) else "javascript"
    return _ACTIONS.get(kind)


def _annotation(holder: Any) -> str | None:  # noqa: ANN401 - a dictionary or a stream
    if "/Rect" not in holder or _name(holder, "/Type") not in {None, "/Annot"}:
        return None
    return _ANNOTATIONS.get(_name(holder, "/Subtype") or "")


def _are_triggers(value: Any) -> bool:  # noqa: ANN401 - a dictionary
    """Whether these are additional actions; a font may lawfully be named AA too."""
    keys = set(value.keys())
    return bool(keys) and keys <= _TRIGGERS


def _is_dictionary(holder: Any, key: str) -> bool:  # noqa: ANN401 - a dictionary or a stream
    return isinstance(holder.get(key), Dictionary)


def _name(holder: Any, key: str) -> str | None:  # noqa: ANN401 - a dictionary or a stream
    value = holder.get(key)
    return str(value) if isinstance(value, Name) else None


def _drop_emptied_annotations(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        notes = page.obj.get("/Annots")
        if isinstance(notes, Array):
            left = [note for note in notes if not isinstance(note, Dictionary) or len(note.keys())]
            page.obj["/Annots"] = Array(left)
