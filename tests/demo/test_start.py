"""The demo as a command: its folder, its ready file, its second start, HTTPS, and what it refuses."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import ssl
import stat
import subprocess
import time
from typing import TYPE_CHECKING

import msgspec
import pytest

from server.config import DEMO_MARKER
from server.demo.cast import ROLES
from server.demo.folder import SUMMARY
from tests.support.demo import phien, serving

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.demo import Demo, Seed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

NEEDED = {"administrator", "secretary", "chair", "member", "official"}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(phien(*arguments), capture_output=True, text=True, timeout=60, check=False)


def test_the_whole_start_is_within_the_bound(demo_seed: Seed) -> None:
    alongside_other_tests = "PYTEST_XDIST_WORKER" in os.environ
    assert demo_seed.seconds < (180 if alongside_other_tests else 90)


def test_the_ready_file_names_roles_and_the_live_meeting(demo_server: Demo) -> None:
    roles = {account.role for account in demo_server.ready.accounts}
    assert roles >= NEEDED
    assert roles == {role for role, _user in ROLES}
    assert demo_server.url.startswith("http://localhost:")
    assert all(len(account.password) >= 10 for account in demo_server.ready.accounts)


def test_the_last_line_is_the_address(demo_server: Demo) -> None:
    lines = demo_server.output.read_text(encoding="utf-8").split()
    assert lines[-1] == demo_server.url


def test_passwords_and_keys_are_for_the_owner_alone(demo_seed: Seed) -> None:
    assert stat.S_IMODE(demo_seed.data.stat().st_mode) == 0o700
    assert stat.S_IMODE((demo_seed.data / SUMMARY).stat().st_mode) == 0o600


def test_serve_refuses_the_folder(demo_seed: Seed) -> None:
    refused = run("serve", "--data", str(demo_seed.data))
    assert refused.returncode == 2
    assert "demo" in refused.stderr


def test_a_second_start_serves_what_is_there(demo_seed: Seed, tmp_path: Path) -> None:
    data = demo_seed.copy(tmp_path / "data")
    before = (data / SUMMARY).read_bytes()
    with serving(data) as demo:
        said = demo.output.read_text(encoding="utf-8")
        again = run("demo", "--data", str(data), "--port", "0")
    assert (data / SUMMARY).read_bytes() == before
    assert "Tạo dữ liệu" not in said
    assert again.returncode == 2, "two at once"
    assert "đang chạy" in again.stderr


def test_ctrl_c_ends_it_cleanly(demo_seed: Seed, tmp_path: Path) -> None:
    with serving(demo_seed.copy(tmp_path / "data")) as demo:
        demo.process.send_signal(signal.SIGINT)
        assert demo.process.wait(20) == 0
        assert "Traceback" not in demo.output.read_text(encoding="utf-8")
        demo.process.poll = lambda: None  # type: ignore[method-assign]


def test_an_interrupted_seeding_is_begun_anew(tmp_path: Path) -> None:
    data, output = tmp_path / "data", tmp_path / "output.txt"
    command = phien("demo", "--data", str(data), "--port", "0", "--ready-file", str(tmp_path / "ready.json"))
    with output.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    while "người và tài khoản" not in output.read_text(encoding="utf-8"):
        assert process.poll() is None, output.read_text(encoding="utf-8")
        time.sleep(0.05)
    process.kill()
    process.wait()
    assert (data / DEMO_MARKER).is_file()
    assert not (data / SUMMARY).exists()
    with output.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    while "người và tài khoản" not in output.read_text(encoding="utf-8"):
        assert process.poll() is None, output.read_text(encoding="utf-8")
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
    assert "dở dang" in output.read_text(encoding="utf-8")
    assert "Traceback" not in output.read_text(encoding="utf-8")


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "real.sqlite"
    kept.write_text("real")
    refused = run("demo", "--data", str(tmp_path), "--port", "0")
    assert refused.returncode == 2
    assert "dữ liệu khác" in refused.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["real.sqlite"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    kept = tmp_path / "file"
    kept.write_text("")
    assert "đó là một tệp" in run("demo", "--data", str(kept), "--port", "0").stderr


def test_a_taken_port_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = run("demo", "--data", str(tmp_path / "data"), "--host", "127.0.0.1", "--port", port)
    assert refused.returncode == 2
    assert f"cổng {port}" in refused.stderr
    assert not (tmp_path / "data").exists()


def test_another_host_than_loopback_is_https_under_its_own_authority(demo_seed: Seed, tmp_path: Path) -> None:
    data = demo_seed.copy(tmp_path / "data")
    with serving(data, "--host", "0.0.0.0") as demo:  # noqa: S104 - the point of it
        said = demo.output.read_text(encoding="utf-8")
        assert demo.url.startswith("https://")
        host, _colon, port = demo.url.removeprefix("https://").partition(":")
        trusting = ssl.create_default_context(cafile=str(data / "tls" / "ca.pem"))
        for name in (host, "localhost"):
            with (
                socket.create_connection(("127.0.0.1", int(port)), timeout=10) as plain,
                trusting.wrap_socket(plain, server_hostname=name) as secure,
            ):
                assert secure.version() in {"TLSv1.2", "TLSv1.3"}
    assert any(block in said for block in "▀▄█"), "a QR code"
    first = (data / "tls" / "ca.pem").read_bytes()
    with serving(data, "--https") as demo:
        assert demo.url.startswith("https://localhost:")
    assert (data / "tls" / "ca.pem").read_bytes() == first, "tablets that trust it go on trusting it"


def test_a_spoilt_summary_is_an_interrupted_seeding(demo_seed: Seed, tmp_path: Path) -> None:
    from server.demo.folder import open_folder

    data = demo_seed.copy(tmp_path / "data")
    (data / SUMMARY).write_bytes(b"{")
    folder = open_folder(data)
    assert folder.summary is None
    assert folder.clear()
    assert [each.name for each in data.iterdir()] == [DEMO_MARKER]
    assert not folder.clear()
    folder.close()
    assert msgspec.json.decode((demo_seed.data / SUMMARY).read_bytes()), "the seed is as it was"
    shutil.rmtree(data)


def test_a_machine_without_one_of_localhosts_addresses_listens_on_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    from server.demo import start

    def addresses(*_args: object, **_more: object) -> list[tuple[object, ...]]:
        stream = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*stream, ("192.0.2.1", 0)), (*stream, ("127.0.0.1", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", addresses)
    listen, port = start._place("localhost", 0)
    assert listen == "127.0.0.1"
    assert port > 0
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: addresses()[:1])
    with pytest.raises(OSError, match="assign"):
        start._place("localhost", 0)
