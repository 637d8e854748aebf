"""The catalogues of texts: found in the sources, kept in ``server/locale``, exported to the clients. For developers.

Texts are marked where they stand: ``_("…")``, ``i18n.text(lang, "…")`` and ``ErrorSpec(code, status, "…")`` in
Python, ``_("…")`` in templates, ``t("…")`` and ``messageKey("…")`` in clients.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from server.core.assets import CHECKOUT
from server.core.i18n import LANGUAGES, SOURCE

# Function → which argument is the text.
_PYTHON = {"_": 0, "i18n.text": 1, "ErrorSpec": 2}
_CLIENT = re.compile(
    r"""(?<![\w.$])(?:t|messageKey)\(\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\$]|\\.)*`)\s*[,)]"""
)
_ESCAPE = re.compile(r"\\(.)")
_PLACE = re.compile(r"\{(\w+)\}")
_SKIPPED = {"node_modules", "dist", "_bundle"}
# Not when this was run: a file changes only when a text does.
_CREATED = datetime(2026, 1, 1, tzinfo=UTC)

Texts = dict[str, set[str]]


def update(root: Path = CHECKOUT) -> int:
    """Write every catalogue and export anew from the sources; translations stay, texts no longer used go."""
    texts = _all_texts(root)
    for lang in _translated():
        path = _po(root, lang)
        _write(path, lang, texts, _read(path, lang))
    for lang, exported in _exports(root).items():
        path = _json(root, lang)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(exported, encoding="utf-8")
    return 0


def check(root: Path = CHECKOUT) -> int:
    """Say what is missing or stale, one line each; returns 0 when nothing is, else 1."""
    found = list(faults(root))
    for line in found:
        print(line, file=sys.stderr)  # noqa: T201 - the answer of a command
    return 1 if found else 0


def faults(root: Path) -> Iterator[str]:
    """Texts without translation, translations without text, places that differ, exports that are stale."""
    texts = _all_texts(root)
    for lang in _translated():
        known = _read(_po(root, lang), lang)
        for text, places in sorted(texts.items()):
            translated = known.get(text, "")
            if not translated:
                yield f"{lang}: no translation of “{text}” ({min(places)})"
            elif set(_PLACE.findall(text)) != set(_PLACE.findall(translated)):
                yield f"{lang}: other {{places}} in “{translated}” than in “{text}”"
        for text in sorted(known.keys() - texts.keys()):
            yield f"{lang}: “{text}” is used nowhere; run `phien locale`"
    for lang, exported in _exports(root).items():
        path = _json(root, lang)
        if not path.is_file() or path.read_text(encoding="utf-8") != exported:
            yield f"{path.relative_to(root)} is stale; run `phien locale`"


def _translated() -> list[str]:
    return [lang for lang in LANGUAGES if lang != SOURCE]


def _all_texts(root: Path) -> Texts:
    texts: Texts = {}
    for found in (_server_texts(root), _client_texts(root)):
        for text, places in found.items():
            texts.setdefault(text, set()).update(places)
    return texts


def _server_texts(root: Path) -> Texts:
    python = [*_files(root / "server", ".py"), *_files(root / "signing", ".py")]
    texts = _gather(root, python, _python_texts)
    for text, places in _gather(root, _files(root / "templates", ".html", ".txt"), _template_texts).items():
        texts.setdefault(text, set()).update(places)
    return texts


def _client_texts(root: Path) -> Texts:
    sources = [p for p in _files(root / "clients", ".ts", ".svelte") if not p.name.endswith(".test.ts")]
    return _gather(root, sources, _clients_texts)


def _gather(root: Path, paths: list[Path], extract: Callable[[str], Iterator[str]]) -> Texts:
    texts: Texts = {}
    for path in paths:
        for text in extract(path.read_text(encoding="utf-8")):
            texts.setdefault(text, set()).add(path.relative_to(root).as_posix())
    return texts


def _files(folder: Path, *suffixes: str) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.suffix in suffixes and not _SKIPPED.intersection(p.parts))


def _python_texts(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        at = _PYTHON.get(ast.unparse(node.func))
        if at is None or len(node.args) <= at:
            continue
        argument = node.args[at]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value


def _template_texts(source: str) -> Iterator[str]:
    parsed = Environment(autoescape=True).parse(source)
    for _line, _function, text in extract_from_ast(parsed, ("_",)):
        if isinstance(text, str):
            yield text


def _clients_texts(source: str) -> Iterator[str]:
    for found in _CLIENT.finditer(source):
        yield _ESCAPE.sub(lambda escaped: {"n": "\n", "t": "\t"}.get(escaped[1], escaped[1]), found[1][1:-1])


def _exports(root: Path) -> dict[str, str]:
    """For each language, the JSON that clients load: source text → text, of what clients use."""
    texts = sorted(_client_texts(root))
    exports = {}
    for lang in LANGUAGES:
        known = {text: text for text in texts} if lang == SOURCE else _read(_po(root, lang), lang)
        chosen = {text: known[text] for text in texts if known.get(text)}
        exports[lang] = json.dumps(chosen, ensure_ascii=False, indent=1) + "\n"
    return exports


def _read(path: Path, lang: str) -> dict[str, str]:
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale=lang) if m.id}


def _write(path: Path, lang: str, texts: Texts, known: dict[str, str]) -> None:
    catalog = Catalog(
        locale=lang,
        project="Phiên",
        version="1",
        header_comment="# Texts of Phiên; the source is Vietnamese. `phien locale` keeps this file in step.",
        creation_date=_CREATED,
        revision_date=_CREATED,
        msgid_bugs_address="-",
        last_translator="-",
        language_team="-",
        fuzzy=False,
    )
    for text in sorted(texts):
        catalog.add(text, known.get(text, ""), locations=[(place, 0) for place in sorted(texts[text])])
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=120, include_lineno=False)


def _po(root: Path, lang: str) -> Path:
    return root / "server" / "locale" / f"{lang}.po"


def _json(root: Path, lang: str) -> Path:
    return root / "clients" / "wire" / "locale" / f"{lang}.json"
