"""Printing owns the way from a template to a PDF: jinja2 → HTML → WeasyPrint, laid out by Decree 30/2020/NĐ-CP.

Everything here is synchronous and CPU-bound (3 pages in about 0.1 s): call it in a worker process, never in the loop.
"""

from server.core.printing.errors import PrintingError
from server.core.printing.fonts import VIETNAMESE, FontFamily, times_font
from server.core.printing.letter import Letter, Signer
from server.core.printing.render import Box, Printed, render_html, render_pdf, render_with_boxes

__all__ = [
    "VIETNAMESE",
    "Box",
    "FontFamily",
    "Letter",
    "Printed",
    "PrintingError",
    "Signer",
    "render_html",
    "render_pdf",
    "render_with_boxes",
    "times_font",
]
