"""Which kinds of files can become a PDF, and by what."""

from __future__ import annotations

from server.core.errors import DomainError
from server.documents.conversion.office import programs

IMAGES = frozenset({"png", "jpeg", "tiff", "gif", "webp", "bmp"})
OFFICE = frozenset({"docx", "xlsx", "pptx", "odt", "ods", "odp", "doc", "xls", "ppt", "rtf"})

# What a browser or a mail program calls them, for who takes the file out again as it came.
MEDIA = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "tiff": "image/tiff",
    "gif": "image/gif",
    "webp": "image/webp",
    "bmp": "image/bmp",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "rtf": "application/rtf",
    "zip": "application/zip",
}


def office_installed() -> bool:
    """Whether this machine has LibreOffice."""
    return programs() is not None


def require_able(kind: str, *, parts: int) -> None:
    """Raise unless a file of ``kind`` can become a PDF here, alone or as one of ``parts`` of a paper."""
    if parts > 1 and kind not in IMAGES:
        raise DomainError("documents.batch_kind")
    if kind in OFFICE and not office_installed():
        raise DomainError("documents.no_converter")
    if kind not in IMAGES | OFFICE:
        raise DomainError("documents.type")
