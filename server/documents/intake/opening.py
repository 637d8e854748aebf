"""Opening a PDF with PDFium by the very path given: behind a wall it stands for an open file and leads nowhere."""

from __future__ import annotations

import os

import pypdfium2
import pypdfium2.raw as pdfium


def opened(path: str) -> pypdfium2.PdfDocument:
    """The document; the caller closes it. Raises PdfiumError with PDFium's number for why it does not open."""
    handle = pdfium.FPDF_LoadDocument(os.fsencode(path), None)
    if not handle or pdfium.FPDF_GetPageCount(handle) < 1:
        number = pdfium.FPDF_GetLastError()
        if handle:
            pdfium.FPDF_CloseDocument(handle)
        raise pypdfium2.PdfiumError(f"PDFium does not open it ({number})", err_code=number)
    return pypdfium2.PdfDocument(handle)
