"""The configuration is complete, or refused in a sentence that says what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from server import config_signing
from server.config import DEMO_MARKER, Config, load
from server.core import errors
from server.core.errors import DomainError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path


def written(folder: Path, toml: str) -> Path:
    path = folder / "phien.toml"
    path.write_text(f'data_dir = "data"\n{toml}', encoding="utf-8")
    return path


def refusal(path: Path | None, environ: dict[str, str] | None = None, **given: Any) -> DomainError:
    with pytest.raises(DomainError) as caught:
        load(path, environ or {}, given=given)
    return caught.value


def test_a_data_folder_is_all_that_is_needed(folder: Path) -> None:
    config = load(written(folder, ""), {})
    assert config.data_dir == folder / "data"
    assert config.database_url == f"sqlite:///{folder}/data/phien.sqlite"
    assert config.blobs.location == f"{folder}/data/blobs"
    assert config.key_file == folder / "data/keys/sealing.key"
    assert (config.limits.file_bytes, config.limits.pages) == (200 * 1024 * 1024, 5000)
    assert (config.sessions.leader_seconds, config.sessions.administrator_seconds) == (30 * 86400, 12 * 3600)
    assert (config.is_loopback, config.is_demo, config.offline_lease_hours) == (True, False, 24)


def test_the_environment_goes_over_the_file_and_the_command_line_over_both(folder: Path) -> None:
    path = written(folder, 'port = 1\nlog_level = "debug"\n[mail]\nhost = "a"\nsender = "a@example.vn"')
    environ = {"PHIEN_PORT": "2", "PHIEN_MAIL__HOST": "b", "PHIEN_FAILPOINT": "x", "HOME": "/"}
    config = load(path, environ, given={"port": 3})
    assert (config.port, config.mail.host, config.mail.sender, config.log_level) == (3, "b", "a@example.vn", "debug")
    assert load(path, environ).port == 2
    assert load(None, {"PHIEN_DATA_DIR": str(folder / "data"), "PHIEN_BEHIND_PROXY": "true"}).behind_proxy


def test_a_marked_folder_is_a_demo(folder: Path) -> None:
    (folder / "data" / DEMO_MARKER).touch()
    assert load(written(folder, ""), {}).is_demo


@pytest.mark.parametrize(
    ("toml", "code", "said"),
    [
        ("prot = 80", "config.unknown_key", "“prot”. Mục gần nhất: “port”"),
        ('[mail]\nhots = "x"', "config.unknown_key", "“mail.hots”. Mục gần nhất: “mail.host”"),
        ('[https]\ncertificat = "x"', "config.unknown_key", "“https.certificate”"),
        ('port = "eighty"', "config.wrong_type", "“port” sai kiểu"),
        ('log_level = "loud"', "config.wrong_type", "“log_level”"),
        ('[https]\ncertificate = "x"', "config.missing_key", "“https.key”"),
        ("port = 70000", "config.out_of_range", "70000"),
        ("[limits]\npages = 0", "config.out_of_range", "“limits.pages”"),
        ('database_url = "mysql://phien:bi-mat@db/phien"', "config.bad_url", "postgresql://…"),
        ('public_url = "phien.example.vn"', "config.bad_url", "“public_url”"),
        ('[blobs]\nlocation = "ftp://x"', "config.bad_url", "s3://…"),
        ('host = "0.0.0.0"', "config.not_private", "behind_proxy = true"),
        ('accel_prefix = "_blobs"', "config.bad_url", "accel_prefix"),
        ('[https]\ncertificate = "no.pem"\nkey = "no.pem"', "config.no_file", "“https.certificate”"),
        ('[mail]\nhost = "a"', "config.mail_sender", "mail.sender"),
        ('[mail]\npassword_file = "none"', "config.no_file", "“mail.password_file”"),
        ("port = = 1", "config.unreadable", "phien.toml"),
    ],
)
def test_refusals_are_sentences(folder: Path, toml: str, code: str, said: str) -> None:
    error = refusal(written(folder, toml))
    assert error.code == code
    sentence = errors.text(error, "vi")
    assert said in sentence
    assert "{" not in sentence
    assert "bi-mat" not in sentence


def test_what_is_missing_is_named(folder: Path) -> None:
    assert refusal(None).args_by_name == {"key": "data_dir"}
    assert refusal(folder / "none.toml").code == "config.unreadable"
    assert refusal(None, data_dir=str(folder / "none")).code == "config.no_data_dir"
    assert refusal(written(folder, ""), {"PHIEN_PROT": "1"}).args_by_name["nearest"] == "port"
    assert load(None, {}, given={"data_dir": str(folder / "none")}, check=False).data_dir == folder / "none"


@pytest.mark.parametrize("toml", ["behind_proxy = true", '[https]\ncertificate = "c.pem"\nkey = "c.pem"'])
def test_another_address_needs_https_from_us_or_from_a_proxy(folder: Path, toml: str) -> None:
    (folder / "c.pem").touch()
    config: Config = load(written(folder, f'host = "0.0.0.0"\n{toml}'), {})
    assert not config.is_loopback


SIGNING = """
[signing]
level = "B-LT"
tsa = "http://tsa.example.vn"
hosts = ["ocsp.example.vn", "crl.example.vn:8080"]
[signing.tokens.van-thu]
module = "module.so"
token = "phien"
pin = "file:pin"
[signing.services.ky-xa]
address = "https://ky.example.vn/csc/v2"
bearer = "env:KY_XA"
"""


def test_where_keys_lie_and_who_is_asked_is_named(folder: Path) -> None:
    (folder / "module.so").touch()
    (folder / "pin").write_text("2468\n")
    signing = load(written(folder, SIGNING), {"KY_XA": "x", "PHIEN_SIGNING__LEVEL": "B-LTA"}).signing
    assert (signing.level, signing.hosts) == ("B-LTA", ("ocsp.example.vn", "crl.example.vn:8080"))
    token = signing.tokens["van-thu"]
    assert (token.module, config_signing.secret(token.pin)) == (folder / "module.so", "2468")
    assert "2468" not in repr(signing)


@pytest.mark.parametrize(
    ("before", "after", "code", "said"),
    [
        ('tsa = "http://tsa.example.vn"', "", "config.signing_tsa", "signing.tsa"),
        ('"B-LT"', '"B-XL"', "config.wrong_type", "“signing.level”"),
        ("http://tsa", "ftp://tsa", "config.bad_url", "“signing.tsa”"),
        ("ocsp.example.vn", "http://ocsp.example.vn/", "config.bad_host", "http://ocsp.example.vn/"),
        ("module.so", "none.so", "config.no_file", "“signing.tokens.van-thu.module”"),
        ('"file:pin"', '"bi-mat"', "config.secret_in_text", "“signing.tokens.van-thu.pin”"),
        ('"file:pin"', '"file:none"', "config.no_file", "“signing.tokens.van-thu.pin”"),
        ('"env:KY_XA"', '"env:NONE"', "config.no_secret", "NONE"),
        ('token = "phien"', 'token = ""', "config.bad_key_store", "van-thu"),
        ("https://ky", "http://ky", "config.bad_url", "“signing.services.ky-xa.address”"),
        ("seconds", "seconds", "config.out_of_range", "“signing.seconds”"),
    ],
)
def test_signing_that_cannot_work_is_refused_at_the_start(
    folder: Path, before: str, after: str, code: str, said: str
) -> None:
    (folder / "module.so").touch()
    (folder / "pin").write_text("2468\n")
    toml = SIGNING.replace("[signing]", "[signing]\nseconds = 600") if before == "seconds" else SIGNING
    error = refusal(written(folder, toml.replace(before, after, 1)), {"KY_XA": "x"})
    sentence = errors.text(error, "vi")
    assert error.code == code
    assert said in sentence
    assert "{" not in sentence
    assert "bi-mat" not in sentence
