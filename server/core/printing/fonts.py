"""The Times-metric family of all papers: found by coverage of Vietnamese, never by its name alone.

Decree 30/2020 asks for Times New Roman, which may not be shipped. Tinos and Liberation Serif 2 have its metrics and
all 134 Vietnamese letters; Liberation Serif 1.x claims the same name and lacks 92 of them.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont, TTLibError

from server.core.printing.errors import PrintingError
from server.core.printing.places import system_font_folders, tinos_folders

_LOWER = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
VIETNAMESE = _LOWER + _LOWER.upper()
"""The 134 letters that Vietnamese adds to ASCII, precomposed (NFC)."""

_NEEDED = frozenset(map(ord, VIETNAMESE + "–—“”‘’…•×²³0123456789"))
_SUBSETS = ("latin", "latin-ext", "vietnamese")
_FACES = {"regular": "400-normal", "bold": "700-normal", "italic": "400-italic", "bold_italic": "700-italic"}
_STYLES = {"regular": "Regular", "bold": "Bold", "italic": "Italic", "bold_italic": "BoldItalic"}
# Tables that fontTools cannot join across subsets, or that only serve hinting on screens.
_NOT_JOINED = ("GDEF", "GPOS", "GSUB", "cvt ", "fpgm", "prep", "gasp", "DSIG", "hdmx", "LTSH", "VDMX")

_EPOCH = 3_600_000_000  # seconds since 1904: some day of 2018


@dataclass(frozen=True, slots=True)
class FontFamily:
    """Four TrueType files of one family; each is known to hold every letter of `VIETNAMESE`."""

    name: str
    regular: Path
    bold: Path
    italic: Path
    bold_italic: Path

    def faces(self) -> dict[str, Path]:
        """Return face name → file, in the order regular, bold, italic, bold_italic."""
        return {face: getattr(self, face) for face in _FACES}


@cache
def times_font() -> FontFamily:
    """Return the family that papers and signature stamps are set in.

    Raises `PrintingError("font_missing")` when no candidate covers Vietnamese; the remedy is the Debian package
    `fonts-liberation2`, or the npm package `@fontsource/tinos`.
    """
    family = _covering(_candidates())
    if family is not None:
        return family
    raise PrintingError("font_missing", "install fonts-liberation2, or @fontsource/tinos in clients/")


@cache
def stand_ins() -> tuple[FontFamily | None, ...]:
    """The families with the measures of Times New Roman, Arial, Courier New and Calibri; None where one is not here.

    Cambria has none: Caladea lacks 88 of the letters of Vietnamese.
    """
    try:
        times: FontFamily | None = times_font()
    except PrintingError:
        times = None
    named = (("Liberation Sans", "LiberationSans"), ("Liberation Mono", "LiberationMono"), ("Carlito", "Carlito"))
    return (times, *(_covering(_in_system(name, files)) for name, files in named))


def _covering(families: Iterator[FontFamily]) -> FontFamily | None:
    return next((each for each in families if all(map(covers_vietnamese, each.faces().values()))), None)


def covers_vietnamese(path: Path) -> bool:
    """Say whether the font file at `path` can be read and has a glyph for every letter and sign of our papers."""
    try:
        with TTFont(path, lazy=True) as font:
            return bool(font.getBestCmap().keys() >= _NEEDED)
    except (OSError, TTLibError, KeyError):
        return False


def _candidates() -> Iterator[FontFamily]:
    for folder in tinos_folders():
        if (folder / "files").is_dir():
            with suppress(OSError, TTLibError):
                yield _tinos(folder)
    yield from _in_system("Liberation Serif", "LiberationSerif")


def _in_system(name: str, files: str) -> Iterator[FontFamily]:
    for folder in system_font_folders():
        paths = {face: folder / f"{files}-{suffix}.ttf" for face, suffix in _STYLES.items()}
        if all(path.is_file() for path in paths.values()):
            yield FontFamily(name, **paths)


def _tinos(folder: Path) -> FontFamily:
    """Join the package's subsets into one TrueType file a face; done once for each version of the package."""
    version = json.loads((folder / "package.json").read_text("utf-8"))["version"]
    target = _cache_folder() / f"tinos-{version}"
    paths = {face: target / f"Tinos-{face}.ttf" for face in _FACES}
    for face, path in paths.items():
        if not path.is_file():
            _join(folder / "files", _FACES[face], path)
    return FontFamily("Tinos", **paths)


def _join(files: Path, style: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        parts = [_plain(files / f"tinos-{subset}-{style}.woff2", Path(scratch)) for subset in _SUBSETS]
        joined = Path(scratch) / target.name
        family = Merger().merge(parts)
        family.recalcTimestamp = False  # the same file, and so the same papers, on every machine
        family["head"].created = family["head"].modified = _EPOCH
        family.save(joined)
        joined.replace(target)  # atomic: several workers may do this at once


def _plain(packed: Path, scratch: Path) -> str:
    with TTFont(packed, recalcTimestamp=False) as font:
        font.flavor = None
        for tag in _NOT_JOINED:
            if tag in font:
                del font[tag]
        plain = scratch / f"{packed.stem}.ttf"
        font.save(plain)
    return str(plain)


def _cache_folder() -> Path:
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "phien" / "fonts"
    try:
        base.mkdir(parents=True, exist_ok=True)
    except OSError:  # a service account without a home
        return Path(tempfile.gettempdir()) / f"phien-fonts-{os.getuid()}"
    return base
