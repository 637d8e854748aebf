"""Which page of a re-issued paper is which page of the one before. Pure: no I/O, no clock."""

from server.documents.comparing.aligning import align, removed
from server.documents.comparing.faces import Face, alike, folded, similarity

__all__ = ["Face", "align", "alike", "folded", "removed", "similarity"]
