"""What a paper may load: bundled assets, the chosen font, and bytes given with the call. Nothing else exists."""

from collections.abc import Mapping
from pathlib import Path

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from server.core.printing.fonts import FontFamily
from server.core.printing.places import templates_root

_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}


class AssetFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint carries no types
    """Answers `asset:<path under templates/print>`, `asset:font/<face>` and `asset:given/<name>`.

    Any other address (http, file, data, ftp, a path that leaves the folder) ends the rendering: a paper with a hole
    where an outside picture was refused would look right to nobody.
    """

    def __init__(self, font: FontFamily, given: Mapping[str, bytes]) -> None:
        """Serve `font` and the `given` files (name → bytes) beside the bundled assets."""
        super().__init__(allowed_protocols=("asset",), allow_redirects=False, fail_on_errors=True)
        self._font = font
        self._given = given
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Return the asset; raises `FatalURLFetchingError` for anything that is not one. `headers` are not used."""
        del headers
        scheme, _, name = url.partition(":")
        body, kind = self._find(name) if scheme == "asset" else (None, "")
        if body is None:
            self.refused.append(url)  # told apart, because the SVG renderer swallows what is raised here
            raise FatalURLFetchingError(url)
        return URLFetcherResponse(url, body=body, headers={"Content-Type": kind})

    def _find(self, name: str) -> tuple[bytes | None, str]:
        place, _, rest = name.partition("/")
        if place == "font" and rest in self._font.faces():
            return self._font.faces()[rest].read_bytes(), "font/ttf"
        kind = _TYPES.get(Path(name).suffix, "")
        if place == "given":
            return self._given.get(rest), kind
        root = templates_root() / "print"
        path = (root / name).resolve()
        if kind and path.is_relative_to(root.resolve()) and path.is_file():
            return path.read_bytes(), kind
        return None, ""
