"""What is kept for the next one who asks is kept by the viewer's scope, in one room, and nowhere else."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import vs_core.ui.load
from tests.access.what_is_kept import ROOM, kept_functions, key_of
from vs_core.access.viewer import Scope
from vs_core.rules.frame import Frame
from vs_core.rules.narrowing import Narrowing
from vs_core.rules.worklist_views import Choice
from vs_core.ui.load import Version, kept

HOUSE = Path(vs_core.ui.load.__file__).parents[3]
KEEPING = {"cache", "lru_cache"}
OF_SOMEBODY = {"Viewer", "Scope", "Connection", "Engine", "DataFrame", "Row", "retried", "reading", "execute"}
"""What a function that keeps its answers outside ROOM may not be asked with, nor ask."""
KEPT_IN_MODULES = {
    "access.activity._seen": "when a session was last seen, by its hash",
    "access.chain._known": "how far the trail was followed, by database",
    "access.downloads._offers": "files offered to one session, each fetched once by it alone",
    "figures.projects.BEHIND": "nothing: projects have their rows by name",
    "reports.pictures._NO_ADDRESS": "nothing: no address may be fetched while a picture is made",
}
"""Empty containers that stand in modules and could be filled while the server runs: each with what is in it."""


def test_things_are_kept_in_one_room() -> None:
    """Streamlit's own way to keep them is called in one place, and what that place offers is used beside it alone."""
    own = {"cache_data", "cache_resource"}
    assert [place for place, names in names_used() if names & own] == [f"{ROOM}.__init__"]
    assert {place.startswith(f"{ROOM}.") for place, names in names_used() if f"{ROOM}.kept" in names} == {True}
    assert len(kept_functions()) > 20


@functools.cache
def names_used() -> list[tuple[str, set[str]]]:
    """Each file as a module, with the attributes, names and imports that it uses."""
    files = [HOUSE / "app.py", *(HOUSE / "pages").rglob("*.py"), *(HOUSE / "vs_core").rglob("*.py")]
    places = (file.relative_to(HOUSE).with_suffix("").as_posix().replace("/", ".") for file in files)
    return [(place, _names(ast.parse(file.read_text()))) for place, file in zip(places, files, strict=True)]


def _names(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            found |= {node.attr, f"{ROOM}.{node.attr}" if ast.unparse(node.value) == "load" else node.attr}
        elif isinstance(node, ast.ImportFrom):
            found |= {name for alias in node.names for name in (alias.name, f"{node.module}.{alias.name}")}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found.add(node.id)
    return found


def test_every_argument_is_part_of_the_key() -> None:
    """Streamlit leaves out of the key what begins with an underscore."""
    keys = {name: key_of(each) for name, each in kept_functions().items()}
    assert [name for name, key in keys.items() if any(part.startswith("_") for part in key)] == []
    assert [name for name, key in keys.items() if key.get("at") != Version] == []
    kinds = {kind for key in keys.values() for kind in key.values()}
    assert kinds <= {Scope, Version, Frame, date, date | None, bool, int, str, str | None, Narrowing, Choice}


def test_two_scopes_have_two_keys() -> None:
    asked: list[Scope] = []

    @kept
    def answer(seen: Scope, at: tuple[int, ...]) -> Scope:
        asked.append(seen)
        return seen

    every = [Scope(names, adviser, restricted) for names in (0, 1) for adviser in (None, "A") for restricted in (0, 1)]
    every += [Scope(True, None, True, child=1), Scope(True, None, True, child=2)]
    for _ in range(2):
        assert [answer(each, (1,)) for each in every] == every
    assert len(asked) == len(every) == 10


def test_what_functions_keep_otherwise_is_nobodys() -> None:
    """But for the engine itself, which is every viewer's."""
    found = {name: node for name, node in _functions() if KEEPING & _decorators(node)}
    assert len(found) > 10
    assert [name for name, node in found.items() if _names(node) & OF_SOMEBODY] == ["store.engine.engine"]


def test_what_modules_keep_is_written_down() -> None:
    assert {name: KEPT_IN_MODULES.get(name, "?") for name in _containers()} == KEPT_IN_MODULES


@functools.cache
def _trees() -> list[tuple[str, ast.Module]]:
    files = sorted(file for file in (HOUSE / "vs_core").rglob("*.py") if "migrations" not in file.parts)
    return [
        (file.relative_to(HOUSE / "vs_core").with_suffix("").as_posix().replace("/", "."), ast.parse(file.read_text()))
        for file in files
    ]


def _functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for place, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                yield f"{place}.{node.name}", node


def _decorators(function: ast.FunctionDef) -> set[str]:
    called = (each.func if isinstance(each, ast.Call) else each for each in function.decorator_list)
    return {each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "") for each in called}


def _containers() -> Iterator[str]:
    for place, tree in _trees():
        for node in tree.body:
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            if value is not None and _is_empty(value):
                (target,) = node.targets if isinstance(node, ast.Assign) else [node.target]
                yield f"{place}.{ast.unparse(target)}"


def _is_empty(value: ast.expr) -> bool:
    """`{}`, `[]`, or a call without arguments that makes a container."""
    if isinstance(value, ast.Dict):
        return not value.keys
    if isinstance(value, ast.List):
        return not value.elts
    makers = {"dict", "list", "set", "OrderedDict", "deque", "WeakKeyDictionary", "WeakValueDictionary", "defaultdict"}
    return isinstance(value, ast.Call) and ast.unparse(value.func).rpartition(".")[2] in makers and not value.keywords
