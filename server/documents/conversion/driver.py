"""Inside the sandbox: starts LibreOffice, keeps it warm, and turns one file after another into a PDF when it is told.

Runs under the interpreter that has LibreOffice's `uno` (Debian: `python3-uno` for the system's own Python), so it
stands alone: nothing but the standard library and `uno`. It is told by lines of JSON `{"source", "target", "kind"}`
(paths in the sandbox) and answers each by one line, `{"pages": …}` or `{"failed": …}`; the first line says that it is
ready. It bounds no time: who tells it kills it.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found,unused-ignore]

# How files are read and written, by kind: named, so that content cannot choose another reader for itself.
_READERS = {
    "docx": "MS Word 2007 XML", "doc": "MS Word 97", "rtf": "Rich Text Format", "odt": "writer8",
    "xlsx": "Calc MS Excel 2007 XML", "xls": "MS Excel 97", "ods": "calc8",
    "pptx": "Impress MS PowerPoint 2007 XML", "ppt": "MS PowerPoint 97", "odp": "impress8",
}  # fmt: skip
_WRITERS = {"xlsx": "calc", "xls": "calc", "ods": "calc", "pptx": "impress", "ppt": "impress", "odp": "impress"}
# com.sun.star.document.MacroExecMode.NEVER_EXECUTE and UpdateDocMode.NO_UPDATE.
_NEVER_EXECUTE, _NO_UPDATE = 0, 0
_START_SECONDS = 60.0
_GIB = 1024**3
_MEMORY_BYTES, _FILE_BYTES = 3 * _GIB, _GIB
_EXPORT = {
    "ReduceImageResolution": True, "MaxImageResolution": 300, "Quality": 90, "UseTaggedPDF": False,
    "ExportBookmarks": True, "ExportNotes": False, "ExportNotesPages": False, "ExportNotesInMargin": False,
    "ExportHiddenSlides": False, "ExportFormFields": False, "EmbedStandardFonts": True,
    "ExportLinksRelativeFsys": False, "ConvertOOoTargetToPDFTarget": False, "IsAddStream": False,
}  # fmt: skip


def main() -> None:
    """Start, say so, and serve until there are no more lines."""
    soffice, profile = sys.argv[1:3]
    _settle()
    try:
        _serve(_connected(_started(soffice, profile)))
    finally:
        os.killpg(0, signal.SIGKILL)  # LibreOffice would live on where who started this died while it started


def _serve(desktop: Any) -> None:  # noqa: ANN401 - UNO has no types
    _say({"ready": True})
    for line in sys.stdin:
        task = json.loads(line)
        try:
            _say({"pages": _convert(desktop, task["source"], task["target"], task["kind"])})
        except Exception as error:  # noqa: BLE001 - UNO's exceptions are no Python classes until they are raised
            _say({"failed": f"{type(error).__name__}: {error}"[:500]})


def _settle() -> None:
    """Yield to the server, bound what is used, and end with who started this, also in the middle of a file."""
    os.nice(10)
    if sys.platform == "linux":
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    _session_gives_way()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE_BYTES, _FILE_BYTES))
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _session_gives_way() -> None:
    """Where the kernel shares by sessions, niceness counts within this one alone: see ``server.core.yielding``."""
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text("7", encoding="ascii")


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os.killpg(0, signal.SIGKILL)


def _started(soffice: str, profile: str) -> tuple[subprocess.Popen[bytes], str]:
    name = f"phien-{os.getpid()}"
    # fmt: off
    argv = [
        soffice, "--headless", "--invisible", "--nologo", "--nodefault", "--norestore", "--nolockcheck",
        "--nofirststartwizard", f"-env:UserInstallation={Path(profile).as_uri()}",
        f"--accept=pipe,name={name};urp;StarOffice.ComponentContext",
    ]
    # fmt: on
    # What it prints belongs into the log and not between the answers.
    return subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=2), name  # noqa: S603 - our own arguments


def _connected(started: tuple[subprocess.Popen[bytes], str]) -> Any:  # noqa: ANN401 - UNO has no types
    process, name = started
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    until = time.monotonic() + _START_SECONDS
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={name};urp;StarOffice.ComponentContext")
        except Exception:  # "no connection yet", which has no class to import
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)


def _convert(desktop: Any, source: str, target: str, kind: str) -> int:  # noqa: ANN401 - UNO has no types
    """One file; returns the pages where the kind of document knows them, else 0."""
    reading = {
        "Hidden": True, "ReadOnly": True, "AsTemplate": False, "MacroExecutionMode": _NEVER_EXECUTE,
        "UpdateDocMode": _NO_UPDATE, "FilterName": _READERS[kind], "Referer": "private:user",
    }  # fmt: skip
    document = desktop.loadComponentFromURL(Path(source).as_uri(), "_blank", 0, _properties(reading))
    if document is None:
        raise ValueError("not opened")
    try:
        export = uno.Any("[]com.sun.star.beans.PropertyValue", _properties(_EXPORT))
        writing = {"FilterName": f"{_WRITERS.get(kind, 'writer')}_pdf_Export", "FilterData": export}
        document.storeToURL(Path(target).as_uri(), _properties(writing))
        return int(getattr(document.CurrentController, "PageCount", 0) or 0)
    finally:
        document.close(True)  # noqa: FBT003 - UNO takes no names


def _properties(values: dict[str, Any]) -> tuple[Any, ...]:
    made = []
    for name, value in values.items():
        one = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
        one.Name, one.Value = name, value
        made.append(one)
    return tuple(made)


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
