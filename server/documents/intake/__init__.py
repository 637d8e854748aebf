"""The gate: every file that wants in is typed by content, opened in a bounded child, and cleaned or refused.

``admit`` is the way of an upload, ``check_files`` the command line's; both run the same examination.
"""

from server.documents.intake.check import check_files
from server.documents.intake.entry import admit, folder_of

__all__ = ["admit", "check_files", "folder_of"]
