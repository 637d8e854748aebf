"""What the demo says on the terminal: plain lines, at once."""

from __future__ import annotations

import sys

import segno


def say(text: str) -> None:
    """Print a line now, also into a pipe."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def refuse(text: str) -> int:
    """Say why not, where errors go; the exit status of a command that cannot be carried out as asked."""
    sys.stderr.write(f"{text}\n")
    return 2


def show_code(address: str) -> None:
    """Print the address as a QR code, for the camera of a tablet."""
    segno.make(address, error="m", micro=False).terminal(out=sys.stdout, compact=True)
    sys.stdout.flush()
