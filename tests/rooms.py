"""The rooms of the house, what each may use, and what is said of a file that is out of order."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

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


@cache
def our_own() -> list[Source]:
    """Read and parsed once, for every check."""
    return sources(HOUSE)


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
