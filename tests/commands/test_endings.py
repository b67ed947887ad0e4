"""How a command ends when something is wrong that no command foresees."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from tests.commands.line import CommandLine, command_line
from vs_core import settings
from vs_core.commands import figures


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_unforeseen_ends_with_70_and_a_reference(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("C1 Sam Example")

    monkeypatch.setattr(figures, "compute", fail)
    answer = line("figures", "cohort", "--as-at", "2026-03-01")
    assert (answer.status, answer.out) == (70, "")
    first, second = answer.err.splitlines()
    reference = first.removeprefix("Something went wrong that this program did not foresee. Reference: ")
    assert second.startswith(f"Error {reference}: ZeroDivisionError at ")
    assert "Sam" not in answer.err


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_query_that_is_wrong_is_unforeseen(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(connection: Connection, *_: object) -> None:
        connection.execute(text("select 'Sam' from child where :missing = 1"))

    monkeypatch.setattr(figures, "compute", fail)
    answer = line("figures", "cohort", "--as-at", "2026-03-01")
    assert (answer.status, answer.out) == (70, "")
    assert "Sam" not in answer.err


BROKEN = {
    "no TOML": (b'VS_COOKIE_KEY = "unfinished\n', "is not readable TOML (at line 1, column 28)."),
    "no UTF-8": (b'VS_COOKIE_KEY = "\xe9"\n', "is not readable TOML."),
}


@pytest.mark.parametrize("what", BROKEN)
def test_secrets_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    content, said = BROKEN[what]
    monkeypatch.setattr(settings, "SECRETS", tmp_path / "secrets.toml")
    settings.SECRETS.write_bytes(content)
    with command_line("sqlite:///unused.db") as line:
        answer = line("figures", "cohort")
    assert (answer.status, answer.out) == (2, "")
    assert answer.err == f"The file secrets.toml {said}\n"


def test_secrets_that_are_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SECRETS", tmp_path)
    with command_line("sqlite:///unused.db") as line:
        answer = line("figures", "cohort")
    assert answer.status == 2
    assert "cannot be opened" in answer.err
