"""Printing owns the way from a template to a PDF: jinja2 → HTML → WeasyPrint, laid out by Decree 30/2020/NĐ-CP.

Everything here is synchronous and CPU-bound (3 pages in about 0.1 s): call it in a worker process, never in the loop.
``render`` and ``fonts`` are imported where they are used: they load WeasyPrint and fontTools, a second and a half.
"""

from server.core.printing.errors import PrintingError
from server.core.printing.letter import Block, Letter, Signer

__all__ = ["Block", "Letter", "PrintingError", "Signer"]
