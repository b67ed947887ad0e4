"""users and figures: what they print, and their exit status."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Engine, select

from tests.commands.line import CommandLine, command_line
from tests.conftest import SMALL_AUTHORITY_AS_AT
from vs_core.access import passwords, roles
from vs_core.figures import SUBJECTS
from vs_core.store.access_tables import user_account
from vs_core.store.engine import reading

SHOWN_ONCE = re.compile(r"^Password, shown this once: (\S+)$", re.M)


def password(out: str) -> str:
    found = SHOWN_ONCE.search(out)
    assert found, out
    return found[1]


def works(engine: Engine, name: str, tried: str) -> bool:
    with reading(engine) as connection:
        kept = connection.scalar(select(user_account.c.password_hash).where(user_account.c.name == name))
    return bool(passwords.matches(tried, kept))


def test_a_person_comes_and_goes(line: CommandLine, engine: Engine) -> None:
    added = line("users", "add", "Sam", "--role", "analyst", "--display-name", "Sam of the data team")
    assert (added.status, added.err) == (0, "")
    first = password(added.out)
    assert works(engine, "Sam", first)
    second = password(line("users", "reset", "sam").out)
    assert works(engine, "Sam", second)
    assert not works(engine, "Sam", first)
    assert line("users", "disable", "Sam").status == 0
    assert "Sam\tanalyst\tSam of the data team\tdisabled\tnever signed in" in line("users", "list").out
    assert line("users", "enable", "Sam").status == 0
    assert line("users", "role", "Sam", "--role", "operations").status == 0
    listed = line("users", "list").out
    assert "Sam\toperations\tSam of the data team\tmay sign in" in listed
    assert first not in listed
    assert second not in listed


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_person_comes_in_by_the_council_account(line: CommandLine, engine: Engine) -> None:
    added = line("users", "add", "Sam", "--role", "analyst", "--sso-name", "Sam@council.example", "--no-password")
    assert (added.status, added.out) == (0, "Done: Sam.\n")
    assert not works(engine, "Sam", "")
    assert line("users", "sso", "sam", "--sso-name", "sam.b@council.example").status == 0
    assert line("users", "sso", "Sam", "--unlink").status == 0
    with reading(engine) as connection:
        assert connection.scalar(select(user_account.c.sso_name)) is None


def test_nobody_yet(line: CommandLine) -> None:
    answer = line("users", "list")
    assert answer.status == 0
    assert "Nobody may sign in yet" in answer.out


WRONG = {
    "a role that is not": ["add", "Sam", "--role", "mayor"],
    "no role": ["add", "Sam"],
    "an adviser without a caseload": ["add", "Sam", "--role", "adviser"],
    "no name": ["add", " ", "--role", "analyst"],
    "a name twice": ["add", "TAKEN", "--role", "analyst"],
    "nobody to disable": ["disable", "Sam"],
    "without any way in": ["add", "Sam", "--role", "analyst", "--no-password"],
    "nobody to unlink": ["sso", "Sam", "--unlink"],
    "named and unlinked at once": ["sso", "taken", "--sso-name", "a", "--unlink"],
    "nobody to reset": ["reset", "Sam"],
    "no act": [],
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_call_ends_with_2(line: CommandLine, what: str) -> None:
    line("users", "add", "taken", "--role", "analyst")
    before = line("users", "list").out
    answer = line("users", *WRONG[what])
    assert answer.status == 2
    assert answer.err.strip()
    assert "Traceback" not in answer.err
    assert line("users", "list").out == before


@pytest.mark.parametrize("role", roles.ROLES)
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_every_role_can_be_given(line: CommandLine, role: str) -> None:
    assert line("users", "add", "Sam", "--role", role, "--caseload", "A. Person").status == 0


def test_figures_of_an_empty_authority_are_not_0(line: CommandLine) -> None:
    answer = line("figures", "--as-at", "2026-03-01", "--json")
    assert answer.status == 0
    assert set(answer.json) == {"frame", "notes", *SUBJECTS}
    assert answer.json["attendance"]["persistently_absent"] is None
    assert answer.json["notes"]["attendance.persistently_absent"]


def test_one_subject_is_nested_too(small_authority_url: str) -> None:
    with command_line(small_authority_url) as line:
        everything = line("figures", "--as-at", SMALL_AUTHORITY_AS_AT, "--json").json
        for subject in SUBJECTS:
            one = line("figures", subject, "--as-at", SMALL_AUTHORITY_AS_AT, "--json").json
            assert one[subject] == everything[subject]
        assert line("figures", "--as-at", SMALL_AUTHORITY_AS_AT).status == 0
    assert everything["cohort"]["in_care"] > 0


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_every_figure_is_described(line: CommandLine, small_authority_url: str) -> None:
    described = {row["key"] for row in line("figures", "--describe", "--json").json}
    assert all(row["meaning"] and row["source"] for row in line("figures", "--describe", "--json").json)
    with command_line(small_authority_url) as other:
        found = other("figures", "--as-at", SMALL_AUTHORITY_AS_AT, "--json").json
    keys = {f"{subject}.{key}" for subject in SUBJECTS if subject != "projects" for key in found[subject]}
    assert keys - described == set()
    assert line("figures", "attendance", "--describe").out.startswith("attendance.")


@pytest.mark.parametrize(
    "arguments",
    [
        ["cousins"],
        ["cohort", "--as-at", "yesterday"],
        ["cohort", "--as-at", "9999-12-31"],
        ["cohort", "--as-at", "0001-01-01"],
        ["cohort", "--known-on", "31/12/9999"],
        ["cohort", "--cohort", "cousins"],
        ["attendance", "--from", "2026-02-01", "--to", "2026-01-01", "--as-at", "2026-03-01"],
    ],
)
def test_a_wrong_question_ends_with_2(line: CommandLine, arguments: list[str]) -> None:
    answer = line("figures", *arguments)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.strip()
    assert "Traceback" not in answer.err


UNUSABLE = (
    "postgresql://nobody@127.0.0.1:1/none",
    "sqlite:////no/such/folder/x.db",
    "oracle://somewhere/x",
    "nonsense",
    "sqlite://",
    "sqlite:///:memory:",
    "postgresql://host:port/x",
    "postgresql+psycopg2://host/x",
)


@pytest.mark.parametrize("url", UNUSABLE)
@pytest.mark.parametrize("command", [["figures", "cohort"], ["users", "list"], ["check"]], ids=lambda given: given[0])
def test_a_database_that_cannot_be_used_is_said_in_a_sentence(url: str, command: list[str]) -> None:
    with command_line(url) as line:
        answer = line(*command)
    assert (answer.status, answer.out) == (2, "")
    assert len(answer.err.splitlines()) == 1
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("day", ["1900-01-01", "2199-12-31"])
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_first_and_the_last_day_that_may_be_asked_for(line: CommandLine, day: str) -> None:
    answer = line("figures", "--as-at", day, "--json")
    assert (answer.status, answer.err) == (0, "")
