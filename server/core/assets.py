"""Where templates and built clients lie: in the bundle of an installed wheel, else in the checkout."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
BUNDLE = PACKAGE / "_bundle"
CHECKOUT = PACKAGE.parent


def asset(path: str) -> Path:
    """Find an asset by its path in the checkout: ``templates/print``, ``clients/tablet/dist``.

    Answers the path in the checkout also where nothing lies there; ``is_dir`` tells whether clients are built.
    Raises ValueError for a path that leaves the root.
    """
    for root in (BUNDLE, CHECKOUT):
        found = root / path
        if not found.resolve().is_relative_to(root):
            raise ValueError(f"not an asset: {path}")
        if found.exists():
            return found
    return CHECKOUT / path
