"""The gate: every file that wants in is typed by content, opened in a bounded child, and cleaned or refused.

``take_source`` is the way of an upload, ``admit`` that of a PDF that the house makes or is sent, ``check_files`` the
command line's; all run the same examination.
"""

from server.documents.intake.check import check_files
from server.documents.intake.entry import admit, folder_of, take_source

__all__ = ["admit", "check_files", "folder_of", "take_source"]
