"""The one exception of printing, with the codes it can carry."""


class PrintingError(Exception):
    """A paper could not be made. `code` is stable, `detail` is for the log.

    Codes: `font_missing` (no Times-metric family with all Vietnamese letters), `asset_refused` (a template asked for
    something outside the bundled assets), `template_missing`, `template_broken` (undefined value, bad syntax).
    """

    def __init__(self, code: str, detail: str = "") -> None:
        """Keep `code` and `detail`; the message shows both."""
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
