"""`phien edxml`: a line for every file, whatever it is."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from server import cli
from tests.exchange.support import CITY, built
from tests.signing import papers


def test_every_file_gets_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = built(tmp_path)
    (tmp_path / "root.pem").write_bytes(papers.pki().root_pem)
    bad = {
        "empty.edxml": b"", "no.edxml": b"%PDF-1.7", "dtd.edxml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><edXML>&b;</edXML>",
        "zeros.edxml": bytes(5000), "deep.edxml": b"<a>" * 100_000, "changed.edxml": good.read_bytes()[:-40],
    }  # fmt: skip
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
    os.mkfifo(tmp_path / "pipe")
    files = [good, *(tmp_path / name for name in bad), tmp_path / "pipe", tmp_path / "missing", tmp_path]
    assert cli.main(["edxml", *map(str, files), "--trust", str(tmp_path / "root.pem")]) == 1
    first, *rest = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (first["verdict"], first["kind"], first["faults"]) == ("valid", "document", [])
    assert first["package"]["message"]["From"]["OrganId"] == CITY
    assert [one["name"] for one in first["attachments"]] == ["15-GM-UBND.pdf"]
    assert [one["file"] for one in rest] == [str(path) for path in files[1:]]
    assert [one["error"] for one in rest] == [
        "documents.empty", "exchange.not_edxml", "exchange.dtd", "exchange.not_edxml", "documents.bomb",
        "exchange.not_edxml", "unreadable", "unreadable", "unreadable",
    ]  # fmt: skip
    assert all(one["text"] for one in rest)


def test_what_nobody_vouches_for_is_undetermined(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["edxml", str(built(tmp_path))]) == 3
    assert json.loads(capsys.readouterr().out)["verdict"] == "unclear"


def test_a_root_that_is_none_is_asked_wrongly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "root.pem").write_text("nothing")
    assert cli.main(["edxml", "x", "--trust", str(tmp_path / "root.pem")]) == 2
    assert "--trust" in capsys.readouterr().err
