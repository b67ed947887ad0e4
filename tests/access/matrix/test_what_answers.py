"""Every page, fragment, callback and route of the code is one that the matrix knows, and the other way round."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeGuard
from unittest.mock import MagicMock

import pytest
from starlette.routing import Mount, Route, WebSocketRoute
from streamlit.web.server.starlette.starlette_app import create_streamlit_routes

from tests.access.attacks.raw_requests import ask, knock
from tests.access.matrix.authority import VIEWERS
from tests.access.matrix.expected import CALLBACKS, CLOSED, EVERYBODYS, FRAGMENTS, PAGES, ROUTES, SIGHTS, SIGNED_IN
from tests.serving import REPOSITORY, Server
from vs_core.access import front, roles

AGAIN = frozenset({"fragment", "experimental_fragment", "dialog", "experimental_dialog"})
"""Decorators of functions that Streamlit runs again without the page around them."""
HEARD = ("on_click", "on_change", "on_select", "on_submit", "on_dismiss")
SETTINGS = frozenset({"rerun", "ignore"})
"""What Streamlit takes there instead of a function."""


def code() -> Iterator[tuple[str, ast.Module]]:
    for folder in ("pages", "vs_core"):
        for file in sorted((REPOSITORY / folder).rglob("*.py")):
            yield file.relative_to(REPOSITORY).as_posix(), ast.parse(file.read_text(encoding="utf-8"))


def fragments(path: str, tree: ast.Module) -> Iterator[str]:
    """Functions that run again by themselves: decorated, or handed to what makes them so."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any(map(_says_again, node.decorator_list)):
            yield f"{path}:{node.name}"
        elif isinstance(node, ast.Call) and _says_again(node.func):
            yield f"{path}:{node.lineno}"
        elif isinstance(node, ast.keyword) and node.arg == "run_every":
            yield f"{path}:{node.value.lineno}"


def _says_again(node: ast.expr) -> bool:
    called = node.func if isinstance(node, ast.Call) else node
    return (called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")) in AGAIN


def callbacks(path: str, tree: ast.Module) -> Iterator[str]:
    """What is given to a widget to be run."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in HEARD:
            yield from (f"{path}:{each}" for each in _functions(node.value))
        elif isinstance(node, ast.Attribute) and node.attr == "register_widget":
            yield f"{path}:{node.lineno}"


def _functions(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.IfExp):
        yield from (*_functions(value.body), *_functions(value.orelse))
    elif not (isinstance(value, ast.Constant) and value.value in SETTINGS):
        yield ast.unparse(value)


def test_every_page_is_known_with_its_roles() -> None:
    assert set(PAGES) == set(roles.PAGES)
    assert {page: {role for role in roles.ROLES if roles.may_open(role, page)} for page in PAGES} == PAGES
    assert {file.stem for file in (REPOSITORY / "pages").glob("*.py")} == set(PAGES)
    assert {person.role for person in VIEWERS.values()} == set(roles.ROLES)
    assert SIGHTS.keys() == VIEWERS.keys()


def test_every_fragment_is_known() -> None:
    assert {found for path, tree in code() for found in fragments(path, tree)} == FRAGMENTS


def test_every_fragment_asks_first_who_is_looking() -> None:
    found = {f"{path}:{node.name}": node for path, tree in code() for node in tree.body if _is_fragment(node)}
    assert found.keys() == FRAGMENTS
    assert {name: _first(node) for name, node in found.items()} == dict.fromkeys(FRAGMENTS, "viewer = access.require")


def _is_fragment(node: ast.stmt) -> TypeGuard[ast.FunctionDef]:
    return isinstance(node, ast.FunctionDef) and any(map(_says_again, node.decorator_list))


def _first(node: ast.FunctionDef) -> str:
    """Its first statement after the docstring, to the first bracket."""
    return ast.unparse(node.body[1]).partition("(")[0]


def test_every_callback_is_known() -> None:
    assert {found for path, tree in code() for found in callbacks(path, tree)} == CALLBACKS.keys()


def test_what_hides_is_found() -> None:
    tree = ast.parse(
        "import streamlit as st\n@st.fragment(run_every=1)\ndef one(): ...\ntwo = st.fragment(three)\n"
        "@dialog('x')\ndef four(): ...\nst.button('x', on_click=five if six else 'rerun')\n"
        "st.button('y', on_click='ignore')\nst.dataframe(x, on_select=lambda: seven())\n"
    )
    assert {"a:one", "a:4", "a:four"} <= set(fragments("a", tree))
    assert set(callbacks("a", tree)) == {"a:five", "a:lambda: seven()"}


def test_every_route_is_known() -> None:
    """Ours, and those that the framework serves with our settings, but for its own files."""
    served = [*front.ROUTES, *create_streamlit_routes(MagicMock())]
    assert all(isinstance(route, Route | WebSocketRoute | Mount) for route in served)
    assert {route.path for route in served if not isinstance(route, Mount)} == set(ROUTES)
    assert [route.path for route in served if isinstance(route, Mount)] == [""]


FILLED = {
    "{token}": "x" * 32,
    "{session_id}/{file_id}": "a/b",
    "{file_id:path}": "x.png",
    "{path:path}": "x/index.html",
}


@pytest.fixture(scope="module")
def signed_in(demo_person) -> bytes:
    return f"Cookie: {demo_person('headteacher').cookie}".encode()


@pytest.mark.parametrize("path", ROUTES)
def test_every_route_answers_whom_it_is_for(app: Server, signed_in: bytes, path: str) -> None:
    target = path
    for name, value in FILLED.items():
        target = target.replace(name, value)
    if path == "/_stcore/stream":
        assert (knock(app.port), knock(app.port, [signed_in])) == (403, 101)
        return
    html = b"Accept: text/html"
    stranger, known = (ask(app.port, target, [html, *lines]).status for lines in ([], [signed_in]))
    if ROUTES[path] == EVERYBODYS:
        assert stranger in {200, 303, 400, 401, 404}
    elif ROUTES[path] == SIGNED_IN:
        assert stranger in {303, 401}
        assert known not in {303, 401, 500}
    else:
        assert ROUTES[path] == CLOSED
        assert stranger == known == 404
