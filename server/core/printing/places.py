"""Where printing finds its files: templates, and the places in which a font family may lie."""

from pathlib import Path

from server.core.assets import asset


def templates_root() -> Path:
    """Return the folder that holds `print/`."""
    return asset("templates")


def tinos_folders() -> tuple[Path, ...]:
    """Return the folders in which the Tinos package may lie: an installed wheel's own, a checkout's from npm."""
    return asset("fonts/tinos"), asset("clients/node_modules/@fontsource/tinos")


def has_times_family() -> bool:
    """Say whether a family for papers seems to be there: a look at names alone, quick enough for every start."""
    liberation = (folder / "LiberationSerif-Regular.ttf" for folder in system_font_folders())
    return any((folder / "files").is_dir() for folder in tinos_folders()) or any(path.is_file() for path in liberation)


def system_font_folders() -> tuple[Path, ...]:
    """Return the folders in which Liberation 2 and Carlito may lie, best first."""
    names = ("truetype/liberation2", "truetype/liberation", "liberation-fonts", "liberation-serif", "liberation",
             "truetype/crosextra", "google-carlito-fonts")  # fmt: skip
    roots = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
    mac = (Path("/Library/Fonts"), Path.home() / "Library/Fonts", Path("/opt/homebrew/share/fonts"))
    return (*(root / name for root in roots for name in names), *roots, *mac)


def stand_in_files() -> list[str]:
    """The font files of ``fonts.stand_ins``, four of each family (regular, bold, italic, both); empty for one not here.

    For a child: sixteen fonts are read, and what reads them is loaded.
    """
    from server.core.printing.fonts import stand_ins  # noqa: PLC0415 - loaded in the child, by its first call

    families = (list(map(str, family.faces().values())) if family else [""] * 4 for family in stand_ins())
    return [path for family in families for path in family]
