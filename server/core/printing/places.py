"""Where printing finds its files: templates, and the places in which a font family may lie."""

from pathlib import Path

from server.core.assets import asset


def templates_root() -> Path:
    """Return the folder that holds `print/`."""
    return asset("templates")


def tinos_folders() -> tuple[Path, ...]:
    """Return the folders in which the Tinos package may lie."""
    return (asset("clients/node_modules/@fontsource/tinos"),)


def system_font_folders() -> tuple[Path, ...]:
    """Return the folders in which Liberation Serif 2 may lie, best first."""
    names = ("truetype/liberation2", "truetype/liberation", "liberation-fonts", "liberation-serif", "liberation")
    roots = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
    mac = (Path("/Library/Fonts"), Path.home() / "Library/Fonts", Path("/opt/homebrew/share/fonts"))
    return (*(root / name for root in roots for name in names), *roots, *mac)
