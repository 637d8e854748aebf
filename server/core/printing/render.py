"""Rendering: a template and its values become PDF bytes, and the places of marked parts become boxes in points.

The same template, values and font give the same bytes: nothing here reads the clock or draws a random number.
"""

import gc
import hashlib
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import jinja2
from weasyprint import HTML
from weasyprint.formatting_structure.boxes import ParentBox
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from server.core.printing import words
from server.core.printing.errors import PrintingError
from server.core.printing.fetcher import AssetFetcher
from server.core.printing.fonts import times_font
from server.core.printing.places import templates_root

_POINTS_PER_PIXEL = 0.75  # CSS: 96 px = 72 pt
_LOG = logging.getLogger("weasyprint")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in PDF points, origin at the bottom left. `page` counts from 0."""

    page: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished paper: its bytes, the size of each page in points, and the boxes of its marked parts by name."""

    pdf: bytes
    pages: tuple[tuple[float, float], ...]
    boxes: Mapping[str, Box]


def render_pdf(
    template: str, context: Mapping[str, Any], *, files: Mapping[str, bytes] | None = None, tagged: bool = True
) -> bytes:
    """Return the PDF of `template` (a path under `templates/`, e.g. "print/invitation.html") with `context`.

    `files` are pictures of this one paper (name → bytes), reached in the template as `asset:given/<name>`. `tagged`
    adds the structure that screen readers need, for about a third more time and twice the bytes.
    Raises `PrintingError`.
    """
    return render_with_boxes(template, context, files=files, tagged=tagged).pdf


def render_with_boxes(
    template: str, context: Mapping[str, Any], *, files: Mapping[str, bytes] | None = None, tagged: bool = True
) -> Printed:
    """Return the PDF and the boxes of all elements that carry `data-box="<name>"`.

    Names of the Decree 30 layout: `signature` (free area between post and full name), `number` and `date` (what
    the registry fills in), `text-end` (end of the text, for initials). A part that is split keeps its last box.
    Raises `PrintingError`.
    """
    html = render_html(template, context)
    fetcher = AssetFetcher(times_font(), files or {})
    try:
        source = HTML(string=html, base_url="asset:", url_fetcher=fetcher)
        with _collector_paused():
            document = source.render(font_config=FontConfiguration())
        pdf = document.write_pdf(pdf_tags=tagged, pdf_identifier=_identifier(html))
    except FatalURLFetchingError as error:
        raise PrintingError("asset_refused", str(error)) from error
    if fetcher.refused:
        raise PrintingError("asset_refused", fetcher.refused[0])
    pages = tuple((page.width * _POINTS_PER_PIXEL, page.height * _POINTS_PER_PIXEL) for page in document.pages)
    boxes = {name: box for index, page in enumerate(document.pages) for name, box in _boxes(index, page)}
    return Printed(pdf, pages, boxes)


def render_html(template: str, context: Mapping[str, Any]) -> str:
    """Return the HTML that would be printed; every value of `context` is escaped. Raises `PrintingError`."""
    try:
        return words.bind(_environment().get_template(template).render(context))
    except jinja2.TemplateNotFound as error:
        raise PrintingError("template_missing", str(error)) from error
    except jinja2.TemplateError as error:
        raise PrintingError("template_broken", f"{template}: {error}") from error


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause the cycle collector: layout makes millions of objects that all live to its end, 15 % of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates_root()),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    for function in (words.number, words.long_date, words.short_date, words.clock, words.weekday, words.local):
        environment.filters[function.__name__] = function
    environment.filters |= {"lines": words.lines, "balanced": words.balanced, "body": words.body}
    return environment


def _identifier(html: str) -> bytes:
    return hashlib.sha256(html.encode()).hexdigest()[:32].encode()


def _boxes(index: int, page: Any) -> Iterator[tuple[str, Box]]:  # noqa: ANN401  # WeasyPrint carries no types  # WeasyPrint carries no types
    for part in page._page_box.descendants():  # noqa: SLF001  # the only way to a laid-out place; held by a test
        name = part.element.get("data-box") if part.element is not None else None
        if name and isinstance(part, ParentBox) and part.element_tag == part.element.tag:  # no text, no ::before
            yield (
                name,
                Box(
                    page=index,
                    x=part.border_box_x() * _POINTS_PER_PIXEL,
                    y=(page.height - part.border_box_y() - part.border_height()) * _POINTS_PER_PIXEL,
                    width=part.border_width() * _POINTS_PER_PIXEL,
                    height=part.border_height() * _POINTS_PER_PIXEL,
                ),
            )
