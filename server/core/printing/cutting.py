"""Fonts cut down to the letters that a file needs of them; for children, which fontTools is loaded in."""

from __future__ import annotations

import io

from fontTools import subset
from fontTools.ttLib import TTFont


def cut(whole: TTFont, letters: str) -> tuple[TTFont, bytes]:
    """The font with these letters alone, and its bytes; what only screens and layout engines ask for is left out."""
    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True, name_IDs=[6], glyph_names=False)
    # A date of FontForge's; left in the list of what may stay it is dropped with a warning for each paper.
    options.drop_tables = [*options.drop_tables, "FFTM"]
    cutter = subset.Subsetter(options)
    cutter.populate(text=letters)
    cutter.subset(whole)
    out = io.BytesIO()
    whole.save(out)
    return TTFont(io.BytesIO(out.getvalue())), out.getvalue()
