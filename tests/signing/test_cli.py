"""The command line: one JSON line a file, whatever the file is, and a signed file that others can check."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from server.cli import main as phien
from signing import verify
from signing.bounded import verify_files
from signing.cli import add_arguments, main
from signing.demo_ink import draw_signature
from tests.signing import papers

ROOT = Path(__file__).parents[2]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "paper.pdf").write_bytes(papers.plain(2))
    (tmp_path / "key.p12").write_bytes(papers.person().pkcs12("mật khẩu"))
    (tmp_path / "password").write_text("mật khẩu\n", "utf-8")
    (tmp_path / "root.pem").write_bytes(papers.pki().root_pem)
    (tmp_path / "ink.png").write_bytes(draw_signature("Nguyễn Thị Ánh Tuyết"))
    return tmp_path


def sign(desk: Path, *more: str, source: str = "paper.pdf") -> int:
    key = ["--p12", str(desk / "key.p12"), "--password-file", str(desk / "password")]
    return main(["sign", str(desk / source), str(desk / "signed.pdf"), *key, *more])


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_sign_then_verify(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = ["--image", str(desk / "ink.png"), "--text", "Ký số", "--font", papers.serif_font()]
    assert sign(desk, *shown, "--page", "1", "--box", "300,100,500,200", "--field", "NguoiKy") == 0
    (line,) = told(capsys)
    assert line["field"] == "NguoiKy"
    assert main(["verify", str(desk / "signed.pdf"), "--trust", str(desk / "root.pem")]) == 0
    (line,) = told(capsys)
    assert (line["file"], line["verdict"], line["integrity"]) == (str(desk / "signed.pdf"), "valid", "intact")
    assert [one["signer"] for one in line["signatures"]] == ["Nguyễn Thị Ánh Tuyết"]


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("vi_VN.UTF-8", "p12_unreadable: Chưa nhận: không mở được tệp khóa, do sai mật khẩu hoặc tệp hỏng."),
        ("en_US.UTF-8", "p12_unreadable: "),
    ],
)
def test_phien_says_why_it_did_not_sign(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, lang: str, sentence: str
) -> None:
    (desk / "password").write_text("sai", "utf-8")
    monkeypatch.setenv("LANG", lang)
    key = ["--p12", str(desk / "key.p12"), "--password-file", str(desk / "password")]
    assert phien(["sign", str(desk / "paper.pdf"), str(desk / "signed.pdf"), *key]) == 1
    told = capsys.readouterr().err
    assert told.startswith(sentence)
    assert len(told.split()) > 5  # a sentence, whichever the language
    assert not (desk / "signed.pdf").exists()


def test_verify_never_dies_on_a_file(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sign(desk)
    capsys.readouterr()
    (desk / "empty.pdf").write_bytes(b"")
    (desk / "folder.pdf").mkdir()
    os.mkfifo(desk / "pipe.pdf")
    odd = os.fsencode(desk) + b"/t\xff.pdf"
    Path(os.fsdecode(odd)).write_bytes(papers.plain())
    (desk / "closed.pdf").symlink_to("closed.pdf")
    names = ["empty.pdf", "folder.pdf", "pipe.pdf", "nobody.pdf", "closed.pdf", "paper.pdf", "signed.pdf"]
    files = [*(str(desk / name) for name in names), os.fsdecode(odd), "\0", ""]
    assert main(["verify", *files, "--seconds", "15"]) == 1
    lines = told(capsys)
    assert [(line["verdict"], *line["reasons"]) for line in lines] == [
        ("invalid", "not_a_pdf"), ("invalid", "not_a_file"), ("invalid", "not_a_file"), ("invalid", "file_missing"),
        ("invalid", "file_missing"), ("unsigned",), ("indeterminate",), ("unsigned",), ("invalid", "file_missing"),
        ("invalid", "not_a_file"),
    ]  # fmt: skip
    assert all({"file", "verdict", "integrity", "signatures"} <= line.keys() for line in lines)


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_read(desk: Path) -> None:
    """A hundred signatures' worth of work in no time at all; the next file is judged by a new child."""
    slow = desk / "slow.pdf"
    slow.write_bytes(papers.signed(papers.plain(2)))
    reports = dict(verify_files([str(slow)], seconds=0.0))
    assert reports[str(slow)].reasons == ("too_slow",)
    both = [report.verdict for _, report in verify_files([str(slow), str(desk / "paper.pdf")], seconds=30)]
    assert both == ["indeterminate", "unsigned"]


def test_no_child_is_left_behind(desk: Path) -> None:
    import multiprocessing

    files = verify_files([str(desk / "paper.pdf")] * 3)
    next(files)
    assert len(multiprocessing.active_children()) == 1
    files.close()  # type: ignore[attr-defined]
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (["--image", "ink.png"], "needs"),
        (["--box", "1,2,3,4"], "needs"),
        (["--box", "1,2,3", "--text", "x"], "four numbers"),
        (["--page", "0"], "counts from 1"),
    ],
)
def test_wrong_usage(desk: Path, capsys: pytest.CaptureFixture[str], more: list[str], code: str) -> None:
    with pytest.raises(SystemExit) as left:
        sign(desk, *more)
    assert left.value.code == 2
    assert code in capsys.readouterr().err


def test_refusals_leave_nothing_and_say_why(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "bad.pdf").write_bytes(b"no")
    assert sign(desk, source="bad.pdf") == 1
    assert capsys.readouterr().err == "pdf_unreadable\n"
    (desk / "password").write_text("khác", "utf-8")
    assert sign(desk) == 1
    assert capsys.readouterr().err == "p12_unreadable\n"
    assert sign(desk, source="nobody.pdf") == 1
    assert "nobody.pdf" not in capsys.readouterr().out
    assert not [file for file in desk.iterdir() if "signed" in file.name]


def test_another_program_mounts_the_commands(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser("phien")
    add_arguments(parser.add_subparsers(), describe=lambda why: f"Không ký được: {why.code}")
    (desk / "bad.pdf").write_bytes(b"no")
    args = parser.parse_args(
        [
            "sign",
            str(desk / "bad.pdf"),
            str(desk / "x"),
            "--p12",
            str(desk / "key.p12"),
            "--password-file",
            str(desk / "password"),
        ]
    )
    assert args.run(args) == 1
    assert capsys.readouterr().err == "Không ký được: pdf_unreadable\n"


def test_bad_root_is_a_wrong_usage(desk: Path) -> None:
    with pytest.raises(SystemExit) as left:
        main(["verify", str(desk / "paper.pdf"), "--trust", str(desk / "password")])
    assert left.value.code == 2


def test_as_a_program_it_writes_only_lines(desk: Path) -> None:
    """No warning of a library may mix with the JSON."""
    (desk / "changed.pdf").write_bytes(papers.signed(papers.form()) + b"\n% more")
    done = subprocess.run(
        [sys.executable, "-m", "signing.cli", "verify", str(desk / "changed.pdf")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(done.stdout)["verdict"] == "invalid"


def test_what_is_written_is_the_whole_file(desk: Path) -> None:
    assert sign(desk) == 0
    assert verify((desk / "signed.pdf").read_bytes()).integrity == "intact"
    assert sign(desk, source="signed.pdf") == 0
    assert len(verify((desk / "signed.pdf").read_bytes()).signatures) == 2


# ------------------------------------------------------------------ for people


def test_the_report_in_vietnamese(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sign(desk)
    capsys.readouterr()
    assert main(["verify", str(desk / "signed.pdf"), "--trust", str(desk / "root.pem"), "--format", "text"]) == 0
    told = capsys.readouterr().out
    for words in (
        "KẾT LUẬN: HỢP LỆ",
        "Chữ ký 1: Nguyễn Thị Ánh Tuyết",
        "Chủ tịch",
        "UBND thành phố",
        "+07:00",
        "cả tệp",
    ):
        assert words in told
    (desk / "forged.pdf").write_bytes((desk / "signed.pdf").read_bytes() + b"\n% more")
    assert main(["verify", str(desk / "forged.pdf"), "--trust", str(desk / "root.pem"), "--format", "text"]) == 1
    assert "KẾT LUẬN: KHÔNG HỢP LỆ" in capsys.readouterr().out
    assert main(["verify", str(desk / "signed.pdf"), "--format", "text"]) == 3
    assert "KẾT LUẬN: CHƯA XÁC ĐỊNH" in capsys.readouterr().out


def test_the_report_to_print_runs_and_loads_nothing(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evil = papers.person("<script>alert(1)</script>")
    (desk / "key.p12").write_bytes(evil.pkcs12("mật khẩu"))
    sign(desk)
    capsys.readouterr()
    files = [str(desk / "signed.pdf"), str(desk / "paper.pdf")]
    assert main(["verify", *files, "--trust", str(desk / "root.pem"), "--format", "html"]) == 3
    page = capsys.readouterr().out
    assert page.count("<article") == 2
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert "http" not in page


def test_every_reason_has_its_words() -> None:
    from signing.report import FILE_REASONS, SIGNATURE_REASONS
    from signing.sentences import REASONS

    assert set(REASONS) == FILE_REASONS | SIGNATURE_REASONS


def test_signing_that_lasts_from_the_command_line(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tests.signing.authority import authority

    with authority() as house:
        (desk / "key.p12").write_bytes(house.person().pkcs12("mật khẩu"))
        (desk / "root.pem").write_bytes(house.root)
        named = ["--trust", str(desk / "root.pem"), "--host", house.address.removeprefix("http://")]
        assert sign(desk, "--level", "B-LTA", "--tsa", f"{house.address}/tsa", *named) == 0
        house.down = {"/tsa"}
        assert sign(desk, "--level", "B-T", "--tsa", f"{house.address}/tsa", *named, source="signed.pdf") == 1
        assert capsys.readouterr().err.startswith("tsa_unreachable")
    assert main(["verify", str(desk / "signed.pdf"), "--trust", str(desk / "root.pem")]) == 0
    assert told(capsys)[0]["signatures"][0]["level"] == "B-LTA"


def test_an_address_that_is_none_is_a_wrong_usage(desk: Path) -> None:
    with pytest.raises(SystemExit) as left:
        main(["sign", "a", "b", "--key", "khoa", "--password-file", str(desk / "password")])
    assert left.value.code == 2
