"""What real data needs before anything is served: a key of its own, https, a file that is nobody else's."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import pytest

from tests.commands.line import command_line
from vs_core.access import front, keys
from vs_core.settings import SettingError, read_settings, settings
from vs_core.store.engine import engine_for, writing
from vs_core.store.file_rights import file_of, open_to_others

GOOD_KEY = "kq9Z-3xVbn_72LmTyW0pRd5sQeUaHgJf8c"

on_posix = pytest.mark.skipif(os.name == "nt", reason="Windows keeps other rights")


def refusal(monkeypatch: pytest.MonkeyPatch, url: str, **given: str) -> str:
    """What the start leaves with, or an empty text when it goes on."""
    for name in [name for name in os.environ if name.startswith("VS_") and name != "VS_TESTS_ROOT"]:
        monkeypatch.delenv(name)
    for name, value in {"VS_DATABASE_URL": url, "VS_COOKIE_KEY": GOOD_KEY, **given}.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    try:
        front.check()
    except SystemExit as left:
        return str(left.code)
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    return ""


@pytest.mark.parametrize(
    "key",
    ["", "short", "a" * 64, "abcdefghij" * 5, "abcdefghijklmnopqrstuvwxyz0123456789", keys.DEMO_KEY,
     "changeme-changeme-changeme-changeme!", "Change-Me-To-Something-Long-And-Random-1", GOOD_KEY[:31],
     "$(python -c 'import secrets; print(secrets.token_urlsafe(48))')", "q8Zx!3vB" * 4],
)  # fmt: skip
def test_real_data_needs_a_key_that_nobody_guesses(monkeypatch: pytest.MonkeyPatch, sqlite_url: str, key: str) -> None:
    assert "VS_COOKIE_KEY must be a random text" in refusal(monkeypatch, sqlite_url, VS_COOKIE_KEY=key)
    assert refusal(monkeypatch, sqlite_url, VS_COOKIE_KEY=key, VS_DEMO="1") == ""


def test_a_key_made_as_the_sentence_says_is_taken(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> None:
    assert refusal(monkeypatch, sqlite_url) == ""
    for _ in range(300):
        keys.check(read_settings({"VS_DATABASE_URL": sqlite_url, "VS_COOKIE_KEY": secrets.token_urlsafe(48)}))


def test_real_data_travels_by_https(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> None:
    assert "must start with https://" in refusal(monkeypatch, sqlite_url, VS_PUBLIC_URL="http://vs.example")
    assert refusal(monkeypatch, sqlite_url, VS_PUBLIC_URL="https://vs.example") == ""


@pytest.mark.parametrize("text", ["10.0.0", "proxy.example", "10.0.0.1/8", "10.0.0.0/33", "0.0.0.0/0", "::/0", "1;2"])
def test_a_proxy_that_is_no_address_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(SettingError, match="VS_TRUSTED_PROXIES"):
        read_settings({"VS_TRUSTED_PROXIES": f"10.0.0.7, {text}"})


@on_posix
@pytest.mark.parametrize("mode", [0o604, 0o602, 0o601, 0o666])
@pytest.mark.parametrize("beside", ["", "-wal", "-shm"])
def test_real_data_lies_in_no_file_that_everybody_may_open(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mode: int, beside: str
) -> None:
    url = f"sqlite:///{tmp_path / 'of the council.db'}"
    for end in ("", "-wal", "-shm"):
        (tmp_path / f"of the council.db{end}").touch(0o640)
    assert refusal(monkeypatch, url) == ""
    wide = tmp_path / f"of the council.db{beside}"
    wide.chmod(mode)
    assert f"chmod 600 '{wide}'" in refusal(monkeypatch, url)
    assert refusal(monkeypatch, url, VS_DEMO="1") == ""


@on_posix
def test_a_new_file_is_its_owners_alone(sqlite_url: str) -> None:
    before = os.umask(0)
    try:
        engine = engine_for(sqlite_url)
        with writing(engine) as connection:
            connection.exec_driver_sql("CREATE TABLE one (number INTEGER)")
            found = [one.stat().st_mode & 0o777 for one in Path(str(file_of(sqlite_url))).parent.iterdir()]
        engine.dispose()
    finally:
        os.umask(before)
    assert len(found) == 3
    assert set(found) == {0o600}
    assert open_to_others(sqlite_url) is None


@on_posix
def test_a_command_warns_and_goes_on(empty_authority_file: str) -> None:
    file = Path(str(file_of(empty_authority_file)))
    file.chmod(0o644)
    with command_line(empty_authority_file) as line:
        answer = line("users", "list")
    assert (answer.status, answer.err) == (0, open_to_others(empty_authority_file) + "\n")
    with command_line(empty_authority_file, VS_DEMO="1") as line:
        assert line("users", "list").err == ""


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:////srv/vs.db", "/srv/vs.db"),
        ("sqlite:///vs.db", "vs.db"),
        ("sqlite:///file:/srv/v%20s.db?mode=rw&uri=true", "/srv/v s.db"),
        ("postgresql+psycopg://vs@db.example/vs", None),
        ("not an address", None),
    ],
)
def test_where_the_file_of_a_database_is(url: str, file: str | None) -> None:
    assert file_of(url) == (Path(file) if file else None)
