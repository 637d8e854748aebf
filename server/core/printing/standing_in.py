"""Fonts with the measures of those that papers leave out, as files that another process may read."""


def stand_in_files() -> list[str]:
    """The font files of ``fonts.stand_ins``, four of each family (regular, bold, italic, both); empty for one not here.

    For a child: sixteen fonts are read, and what reads them is loaded.
    """
    from server.core.printing.fonts import stand_ins  # noqa: PLC0415 - loaded in the child, by its first call

    families = (list(map(str, family.faces().values())) if family else [""] * 4 for family in stand_ins())
    return [path for family in families for path in family]
