"""The command line's own refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server import cli
from server.core.printing import places

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_without_a_font_for_papers_the_server_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(places, "tinos_folders", lambda: (tmp_path,))
    monkeypatch.setattr(places, "system_font_folders", lambda: (tmp_path,))
    assert cli.main(["serve", "--data", str(tmp_path)]) == 2
    assert "fonts-liberation2" in capsys.readouterr().err
