"""Texts: found where they are marked, translated in full, exported to clients."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from server.core import catalogue, errors, i18n
from server.core.assets import CHECKOUT
from server.core.catalogue import check, faults, update
from server.core.errors import DomainError, ErrorSpec


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project with a text of every kind."""
    files = {
        "server/meetings/rules.py": 'x = _("Chủ tọa")\nErrorSpec("a.b", 404, "Thiếu {count} " "phần")\ntext(x, "ko")',
        "templates/mail/a/b/body.html": "<p>{{ _('Kính gửi') }} {{ title }}</p>",
        "clients/kit/a.ts": "const a = t(\"Ký \\\"này\\\"\"); format('không'); messageKey('Ghi chú');",
        "clients/tablet/B.svelte": "<p title={t('Còn {time}', { time })}>{cut(\"không\")}</p>",
        "clients/kit/a.test.ts": 't("chỉ trong kiểm thử")',
        "clients/node_modules/x/index.ts": 't("của người khác")',
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path


def translate(root: Path, **pairs: str) -> None:
    path = root / "server/locale/en.po"
    content = path.read_text(encoding="utf-8")
    for source, translated in pairs.items():
        before = f'msgid "{source}"\nmsgstr ""'
        assert before in content
        content = content.replace(before, f'msgid "{source}"\nmsgstr "{translated}"')
    path.write_text(content, encoding="utf-8")


def test_every_marked_text_is_found_and_nothing_else(root: Path) -> None:
    assert set(catalogue._all_texts(root)) == {
        *("Chủ tọa", "Thiếu {count} phần", "Kính gửi", 'Ký "này"', "Ghi chú", "Còn {time}")
    }


def test_missing_and_wrong_translations_are_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    update(root)
    translate(root, **{"Chủ tọa": "Chair", "Kính gửi": "Dear", "Ghi chú": "Note", "Còn {time}": "{tiem} left"})
    update(root)
    assert check(root) == 1
    said = capsys.readouterr().err
    assert "no translation of “Thiếu {count} phần” (server/meetings/rules.py)" in said
    assert "other {places} in “{tiem} left”" in said
    assert "Chair" not in said


def test_clients_get_their_texts_and_only_theirs(root: Path) -> None:
    update(root)
    translate(root, **{"Chủ tọa": "Chair", "Ghi chú": "Note"})
    assert "clients/wire/locale/en.json is stale; run `phien locale`" in list(faults(root))
    update(root)
    english = json.loads((root / "clients/wire/locale/en.json").read_text(encoding="utf-8"))
    vietnamese = json.loads((root / "clients/wire/locale/vi.json").read_text(encoding="utf-8"))
    assert english == {"Ghi chú": "Note"}
    assert set(vietnamese) == {'Ký "này"', "Ghi chú", "Còn {time}"}


def test_a_text_no_longer_used_is_named_and_then_gone(root: Path) -> None:
    update(root)
    translate(root, **{"Chủ tọa": "Chair"})
    (root / "server/meetings/rules.py").write_text("")
    assert any("“Chủ tọa” is used nowhere" in fault for fault in faults(root))
    update(root)
    assert "Chair" not in (root / "server/locale/en.po").read_text(encoding="utf-8")


def test_our_own_catalogue_is_complete() -> None:
    assert list(faults(CHECKOUT)) == []


def test_texts_are_filled_and_fall_back_to_the_source() -> None:
    assert i18n.text("vi", "Trang {page}", page=3) == "Trang 3"
    assert i18n.text("en", "Trang {page}", page=3) == "Page 3"
    assert i18n.text("en", "chưa ai dịch {x}", y=1) == "chưa ai dịch {x}"
    assert i18n.text("../../etc", "Trang {page}", page=3) == "Trang 3"
    assert i18n.text("vi", "{name}", name="{page.__class__}") == "{page.__class__}"


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        (None, "vi"),
        ("", "vi"),
        ("en", "en"),
        ("en-GB,vi;q=0.8", "en"),
        ("fr,vi;q=0.5,en;q=0.9", "en"),
        ("fr,en;q=0", "vi"),
        ("de,*;q=0.1", "vi"),
        ("en;q=x", "vi"),
    ],
)
def test_the_reader_chooses_the_language(header: str | None, lang: str) -> None:
    assert i18n.preferred(header) == lang


def test_an_error_has_its_status_and_its_sentence_in_both_languages() -> None:
    error = DomainError("rate", seconds=5)
    assert errors.status("rate") == 429
    assert errors.text(error, "vi") == "Chưa nhận: quá nhiều lần trong thời gian ngắn. Thử lại sau 5 giây."
    assert errors.text(error, "en").endswith("Try again in 5 seconds.")
    assert str(error) == "rate(seconds=5)"


def test_an_undeclared_code_is_an_internal_error_and_shows_nothing() -> None:
    error = DomainError("no.such.code", secret="x")
    assert errors.status(error.code) == 500
    assert errors.text(error, "vi") == errors.text(DomainError("internal"), "vi")


def test_a_code_is_declared_once() -> None:
    errors.register(errors.ERRORS["rate"])
    with pytest.raises(ValueError, match="declared twice: rate"):
        errors.register(ErrorSpec("rate", 400, "khác"))


def test_nobody_is_addressed_and_nothing_is_called_out() -> None:
    """As the wording rules of the house say: short facts."""
    assert [each for each in catalogue._all_texts(CHECKOUT) if re.search(r"(?i)\bbạn\b|quý vị|vui lòng|!", each)] == []
