"""What the dashboard and its tests are installed from: every package by name, version and hash."""

from __future__ import annotations

import re
import sys
from importlib.metadata import packages_distributions

import pytest

from tests.rooms import HOUSE, imports, our_own, room_of

PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[a-z]+\])?==(?P<version>[^\s;\\]+)", re.MULTILINE)


def _pins(file: str) -> dict[str, str]:
    text = (HOUSE / file).read_text(encoding="utf-8")
    return {re.sub(r"[-_.]+", "-", found["name"]).lower(): found["version"] for found in PIN.finditer(text)}


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_the_lock_holds_what_is_asked_for_with_hashes_and_names_no_server(name: str) -> None:
    lock = (HOUSE / f"{name}.txt").read_text(encoding="utf-8")
    assert _pins(f"{name}.in").items() <= _pins(f"{name}.txt").items()
    assert "://" not in lock
    assert "--index" not in lock
    entries = [block for block in re.split(r"\n(?=\S)", lock) if not block.startswith("#")]
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_every_package_that_the_product_imports_is_asked_for_by_name() -> None:
    """Else a new version of one package may take another from under us."""
    names = {name.split(".")[0] for source in our_own() for _, name in imports(source) if room_of(name) is None}
    belongs_to = packages_distributions()
    missing = {name for name in names - sys.stdlib_module_names if not _asked_for(belongs_to.get(name, [name]))}
    assert sorted(missing) == []


def _asked_for(distributions: list[str]) -> bool:
    pins = _pins("requirements.in")
    return any(re.sub(r"[-_.]+", "-", name).lower() in pins for name in distributions)


def test_what_only_tests_need_agrees_with_what_the_dashboard_runs_on() -> None:
    runs_on, tests_need = _pins("requirements.txt"), _pins("requirements-dev.txt")
    assert {name: runs_on[name] for name in runs_on.keys() & tests_need.keys()} == {
        name: tests_need[name] for name in runs_on.keys() & tests_need.keys()
    }
