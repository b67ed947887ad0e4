"""The rooms of the house: what each may use. Read from the source itself, and seen to fail on a house built badly."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent
EVERYTHING = frozenset({"*"})


@dataclass(frozen=True)
class Room:
    """uses: rooms of ours it may import, besides itself; banned: packages it may not import; timeless: today's date
    is passed to it, never asked for."""

    uses: frozenset[str]
    banned: frozenset[str]
    timeless: bool = False


def _room(uses: str, banned: str, *, timeless: bool = False) -> Room:
    return Room(frozenset(uses.split()), frozenset(banned.split()), timeless)


ROOMS = {
    "settings": _room("", "streamlit altair sqlalchemy pandas"),
    "rules": _room("", "streamlit altair sqlalchemy", timeless=True),
    "store": _room("settings rules", "streamlit altair"),
    "queries": _room("store rules access", "streamlit altair", timeless=True),
    "summaries": _room("queries store rules", "streamlit altair", timeless=True),
    "figures": _room("queries store rules access", "streamlit altair", timeless=True),
    "charts": _room("rules", "streamlit sqlalchemy", timeless=True),
    "access": _room("store rules settings", "streamlit altair pandas"),
    "casework": _room("access intake queries store rules settings", "streamlit altair pandas"),
    "intake": _room("summaries store rules settings access", "streamlit altair"),
    "demo": _room("intake summaries store rules settings access", "streamlit altair"),
    "reports": _room("figures queries charts summaries store rules settings access", "streamlit altair", timeless=True),
    "ui": _room(
        "access casework charts figures queries summaries reports intake demo store rules settings", "altair sqlalchemy"
    ),
    "pages": _room("ui access casework charts rules", "altair sqlalchemy"),
    "app": _room("ui access demo settings store", "altair pandas"),
    "__main__": Room(EVERYTHING, frozenset({"altair"})),
    "commands": Room(EVERYTHING, frozenset({"altair"})),
}
EXPECTED = frozenset(ROOMS) - {"casework", "commands"}

LET_IN = {
    ("vs_core/access/guard.py", "streamlit"): "the first statement of every page stops that page's run",
    ("vs_core/access/door.py", "streamlit"): "the door checks Streamlit's settings",
    ("vs_core/access/socket_guard.py", "streamlit"): "the guard reads and writes Streamlit's messages",
    ("vs_core/access/headers.py", "streamlit"): "the content policy names the scripts inside Streamlit's own page",
}
ONLY_IN = {
    "typst": "reports",
    "docx": "reports",
    "vl_convert": "reports",
    "font_source_sans_pro": "reports",
}
"""Packages that one room alone may use."""
CONNECTION = frozenset({"sqlalchemy.Connection", "sqlalchemy.Engine"})
HANDS_IT_ON = "vs_core/ui/load/"
READS_SETTINGS = frozenset({"vs_core/settings.py"})
AS_LONG_AS_THE_TABLES = "vs_core/store/migrations/versions/"
LONGEST_PAGE, LONGEST_FILE, LONGEST_FUNCTION = 100, 400, 50
EMPTY_NAMES = frozenset({"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"})
CLOCK_CALLS = frozenset({"today", "utcnow", "current_date", "current_timestamp", "localtimestamp", "localtime"})
CLOCK_OWNERS = frozenset({"datetime", "dt", "func", "Timestamp", "time", "sa"})
CLOCK_SQL = re.compile(r"\bcurrent_(date|timestamp|time)\b|\bnow\(\)|\b(date|datetime)\('now'", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """One file of the house: path as written in messages, the room it is in, its text and its syntax tree."""

    path: str
    room: str
    text: str
    tree: ast.Module

    def says(self, line: int, what: str) -> str:
        return f"{self.path}:{line}: {what}"


def sources(house: Path) -> list[Source]:
    files = [house / "app.py", *sorted((house / "pages").rglob("*.py")), *sorted((house / "vs_core").rglob("*.py"))]
    return [_source(house, file) for file in files if file.exists() and file != house / "vs_core" / "__init__.py"]


def _source(house: Path, file: Path) -> Source:
    path = file.relative_to(house)
    text = file.read_text(encoding="utf-8")
    room = path.parts[1] if path.parts[0] == "vs_core" else path.parts[0]
    return Source(path.as_posix(), room.removesuffix(".py"), text, ast.parse(text, str(path)))


def imports(source: Source) -> Iterator[tuple[int, str]]:
    """Every module or name that a file imports, wherever in it, in full: (line, "vs_core.ui.load")."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = _start_of(source, node)
            yield from ((node.lineno, f"{start}.{alias.name}") for alias in node.names)


def _start_of(source: Source, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    above = source.path.removesuffix(".py").split("/")[: -node.level]
    return ".".join([*above, *([node.module] if node.module else [])])


def room_of(name: str) -> str | None:
    """The room that an imported name is in; None for what is not ours."""
    parts = name.split(".")
    if parts[0] == "vs_core":
        return parts[1] if len(parts) > 1 else ""
    return parts[0] if parts[0] in {"pages", "app"} else None


def unknown_rooms(source: Source) -> Iterator[str]:
    if source.room not in ROOMS:
        yield source.says(1, f"room '{source.room}' is not in the table of rooms")


def arrows_that_return(source: Source) -> Iterator[str]:
    room = ROOMS.get(source.room)
    for line, name in imports(source) if room and room.uses != EVERYTHING else []:
        target = room_of(name)
        if target is not None and target != source.room and target not in room.uses:
            yield source.says(line, f"{source.room} may not use {name}")


def packages_in_the_wrong_room(source: Source) -> Iterator[str]:
    room = ROOMS.get(source.room)
    for line, name in imports(source) if room else []:
        package = name.split(".")[0]
        handed_on = name in CONNECTION and source.path.startswith(HANDS_IT_ON)
        if package in room.banned and not handed_on and (source.path, package) not in LET_IN:
            yield source.says(line, f"{source.room} may not use {package}")


def packages_of_another_room(source: Source) -> Iterator[str]:
    for line, name in imports(source):
        package = name.split(".")[0]
        if ONLY_IN.get(package, source.room) != source.room:
            yield source.says(line, f"only {ONLY_IN[package]} may use {package}")


def clocks(source: Source) -> Iterator[str]:
    """Today's date, asked for where it must be passed: a figure for a past day would not be that day's."""
    room = ROOMS.get(source.room)
    if room is None or not room.timeless:
        return
    documentation = _docstrings(source.tree)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and _is_clock(node):
            yield source.says(node.lineno, f"{source.room} may not ask for today's date ({ast.unparse(node)})")
        elif isinstance(node, ast.Constant) and id(node) not in documentation and CLOCK_SQL.search(str(node.value)):
            yield source.says(node.lineno, f"{source.room} may not ask for today's date ({node.value!r})")


def _is_clock(node: ast.Attribute) -> bool:
    owner = ast.unparse(node.value).split(".")[-1]
    if node.attr in CLOCK_CALLS:
        return True
    return node.attr in {"now", "time", "time_ns"} and owner in CLOCK_OWNERS and (node.attr == "now" or owner == "time")


def _docstrings(tree: ast.Module) -> set[int]:
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def environments(source: Source) -> Iterator[str]:
    if source.path in READS_SETTINGS:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.environb", "os.getenv"}:
            yield source.says(node.lineno, "only vs_core/settings.py reads the environment")
        elif isinstance(node, ast.Attribute) and ast.unparse(node) in {"st.secrets", "streamlit.secrets"}:
            yield source.says(node.lineno, "only vs_core/settings.py reads secrets")
    for line, name in imports(source):
        if name in {"os.environ", "os.getenv", "streamlit.secrets"}:
            yield source.says(line, "only vs_core/settings.py reads the environment and secrets")


def open_pages(source: Source) -> Iterator[str]:
    """A page whose first statement after its imports does not ask who is there, for this very page."""
    if source.room != "pages":
        return
    statements = [node for node in source.tree.body if not isinstance(node, ast.Import | ast.ImportFrom)]
    if statements and _is_docstring(statements[0]):
        statements = statements[1:]
    name = Path(source.path).stem
    if not statements or not _asks_who(statements[0], name):
        yield source.says(1, f"the first statement of a page is access.require({name!r})")


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _asks_who(node: ast.stmt, page: str) -> bool:
    call = node.value if isinstance(node, ast.Assign | ast.Expr) else None
    return isinstance(call, ast.Call) and ast.unparse(call) in {f"access.require({page!r})", f"require({page!r})"}


def too_long(source: Source) -> Iterator[str]:
    if source.path.startswith(AS_LONG_AS_THE_TABLES):
        return
    longest = LONGEST_PAGE if source.room == "pages" else LONGEST_FILE
    lines = len(source.text.splitlines())
    if lines > longest:
        yield source.says(1, f"{lines} lines; {longest} at most")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield source.says(node.lineno, f"{node.name} has {length} lines; {LONGEST_FUNCTION} at most")


def names_that_say_nothing(source: Source) -> Iterator[str]:
    for part in source.path.removesuffix(".py").split("/"):
        if part in EMPTY_NAMES:
            yield source.says(1, f"'{part}' says nothing")


CHECKS: list[Callable[[Source], Iterator[str]]] = [
    unknown_rooms,
    arrows_that_return,
    packages_in_the_wrong_room,
    packages_of_another_room,
    clocks,
    environments,
    open_pages,
    too_long,
    names_that_say_nothing,
]


def problems(house: Path) -> list[str]:
    return [problem for source in sources(house) for check in CHECKS for problem in check(source)]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_house_is_in_order(check: Callable[[Source], Iterator[str]]) -> None:
    found = [problem for source in sources(HOUSE) for problem in check(source)]
    assert not found, "\n" + "\n".join(found)


def test_every_room_is_there() -> None:
    """Else the checks above would hold of an empty house."""
    assert sorted(EXPECTED - {source.room for source in sources(HOUSE)}) == []


def test_every_exception_is_still_needed() -> None:
    used = {(source.path, name.split(".")[0]) for source in sources(HOUSE) for _, name in imports(source)}
    assert set(LET_IN) <= used


PAGE = "from vs_core import access\n\nviewer = access.require('cohort')\n"
FUNCTION_TOO_LONG = "def f():\n" + "    x = 1\n" * LONGEST_FUNCTION

BAD = [
    ("vs_core/cellar/a.py", "x = 1\n", "room 'cellar' is not in the table"),
    ("vs_core/rules/a.py", "from vs_core.store import schema\n", "rules may not use vs_core.store.schema"),
    ("vs_core/rules/a.py", "from vs_core import queries\n", "rules may not use vs_core.queries"),
    ("vs_core/rules/a.py", "from ..store import schema\n", "rules may not use vs_core.store.schema"),
    ("vs_core/rules/a.py", "def f():\n    import vs_core.ui.load\n", "rules may not use vs_core.ui.load"),
    ("vs_core/store/a.py", "from vs_core.intake import taking_in\n", "store may not use vs_core.intake"),
    ("vs_core/queries/a.py", "from vs_core.figures import cohort\n", "queries may not use vs_core.figures"),
    ("vs_core/figures/a.py", "from vs_core.ui import load\n", "figures may not use vs_core.ui.load"),
    ("vs_core/charts/a.py", "from vs_core.queries import cohort\n", "charts may not use vs_core.queries"),
    ("vs_core/ui/a.py", "import pages.cohort\n", "ui may not use pages.cohort"),
    ("pages/cohort.py", PAGE + "from vs_core.queries import cohort\n", "pages may not use vs_core.queries"),
    ("pages/cohort.py", PAGE + "from vs_core.store import engine\n", "pages may not use vs_core.store"),
    ("pages/cohort.py", PAGE + "from vs_core.figures import cohort\n", "pages may not use vs_core.figures"),
    ("pages/cohort.py", PAGE + "from sqlalchemy import select\n", "pages may not use sqlalchemy"),
    ("pages/cohort.py", PAGE + "import altair as alt\n", "pages may not use altair"),
    ("vs_core/ui/a.py", "import altair as alt\n", "ui may not use altair"),
    ("vs_core/ui/a.py", "from sqlalchemy import Connection\n", "ui may not use sqlalchemy"),
    ("vs_core/ui/load/a.py", "from sqlalchemy import select\n", "ui may not use sqlalchemy"),
    ("vs_core/reports/a.py", "import altair as alt\n", "reports may not use altair"),
    ("vs_core/reports/a.py", "import streamlit as st\n", "reports may not use streamlit"),
    ("vs_core/ui/a.py", "import typst\n", "only reports may use typst"),
    ("vs_core/commands/a.py", "def f():\n    from docx import Document\n", "only reports may use docx"),
    ("vs_core/charts/a.py", "import vl_convert\n", "only reports may use vl_convert"),
    ("vs_core/rules/a.py", "import sqlalchemy as sa\n", "rules may not use sqlalchemy"),
    ("vs_core/charts/a.py", "import streamlit as st\n", "charts may not use streamlit"),
    ("vs_core/figures/a.py", "import streamlit as st\n", "figures may not use streamlit"),
    ("vs_core/access/a.py", "import pandas as pd\n", "access may not use pandas"),
    ("vs_core/access/trail.py", "import streamlit as st\n", "access may not use streamlit"),
    ("vs_core/rules/a.py", "from datetime import date\nx = date.today()\n", "rules may not ask for today's date"),
    ("vs_core/figures/a.py", "import datetime\nx = datetime.datetime.now(None)\n", "figures may not ask for today's"),
    ("vs_core/queries/a.py", "from sqlalchemy import func\nx = func.now()\n", "queries may not ask for today's date"),
    (
        "vs_core/queries/a.py",
        "from sqlalchemy import func\nx = func.current_date()\n",
        "queries may not ask for today's",
    ),
    ("vs_core/summaries/a.py", "x = text('where d < CURRENT_DATE')\n", "summaries may not ask for today's date"),
    ("vs_core/summaries/a.py", "x = text(\"where d < date('now')\")\n", "summaries may not ask for today's date"),
    ("vs_core/rules/a.py", "import pandas as pd\nx = pd.Timestamp.today()\n", "rules may not ask for today's date"),
    ("vs_core/rules/a.py", "import time\nx = time.time()\n", "rules may not ask for today's date"),
    ("vs_core/ui/a.py", "import os\nx = os.environ['VS_A']\n", "only vs_core/settings.py reads the environment"),
    ("vs_core/store/a.py", "from os import getenv\n", "only vs_core/settings.py reads the environment"),
    ("vs_core/__main__.py", "import os\nx = os.getenv('VS_A')\n", "only vs_core/settings.py reads the environment"),
    ("vs_core/ui/a.py", "import streamlit as st\nx = st.secrets['a']\n", "only vs_core/settings.py reads secrets"),
    ("pages/cohort.py", "x = 1\n" + PAGE, "the first statement of a page is"),
    ("pages/cohort.py", "import streamlit as st\nst.title('Cohort')\n", "the first statement of a page is"),
    ("pages/cohort.py", PAGE.replace("cohort", "attendance"), "access.require('cohort')"),
    ("pages/cohort.py", "", "the first statement of a page is"),
    ("pages/cohort.py", PAGE + "x = 1\n" * LONGEST_PAGE, "103 lines; 100 at most"),
    ("vs_core/rules/a.py", "x = 1\n" * (LONGEST_FILE + 1), "401 lines; 400 at most"),
    ("vs_core/rules/a.py", FUNCTION_TOO_LONG, "f has 51 lines; 50 at most"),
    ("vs_core/store/migrations/a.py", FUNCTION_TOO_LONG, "f has 51 lines; 50 at most"),
    ("vs_core/queries/a.py", "from vs_core.summaries import weeks\n", "queries may not use vs_core.summaries"),
    ("vs_core/rules/utils.py", "x = 1\n", "'utils' says nothing"),
]

GOOD = [
    ("pages/cohort.py", '"""Who is there?"""\n\nimport streamlit as st\n' + PAGE + "st.title('Cohort')\n"),
    (
        "vs_core/rules/a.py",
        '"""Never date.today(), nor CURRENT_DATE."""\nfrom datetime import date\nx = date(2026, 9, 1)\n',
    ),
    ("vs_core/figures/a.py", "from vs_core.queries import cohort\nfrom vs_core.rules.frame import Frame\n"),
    ("vs_core/intake/a.py", "from datetime import date\nfrom vs_core.summaries import weeks\nx = date.today()\n"),
    ("vs_core/access/guard.py", "def f():\n    import streamlit as st\n"),
    ("vs_core/charts/a.py", "import altair as alt\n"),
    ("vs_core/reports/a.py", "import typst\nimport docx\nimport vl_convert\n"),
    ("vs_core/ui/load/a.py", "from sqlalchemy import Connection\n"),
    ("vs_core/store/migrations/versions/a.py", FUNCTION_TOO_LONG),
    ("vs_core/settings.py", "import os\nx = os.environ\n"),
    ("vs_core/__main__.py", "from vs_core.figures import cohort\nfrom vs_core.demo import build\n"),
]


def _build(house: Path, path: str, text: str) -> Path:
    file = house / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return house


@pytest.mark.parametrize(("path", "text", "said"), BAD, ids=range(len(BAD)))
def test_what_is_out_of_order_is_seen(tmp_path: Path, path: str, text: str, said: str) -> None:
    found = problems(_build(tmp_path, path, text))
    assert any(said in problem and problem.startswith(path) for problem in found), found


@pytest.mark.parametrize(("path", "text"), GOOD, ids=[path for path, _ in GOOD])
def test_what_is_in_order_is_left_alone(tmp_path: Path, path: str, text: str) -> None:
    assert problems(_build(tmp_path, path, text)) == []


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
    names = {name.split(".")[0] for source in sources(HOUSE) for _, name in imports(source) if room_of(name) is None}
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
