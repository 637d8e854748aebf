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
