"""What pages keep for the next one who asks: by which key, and what it was made of."""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, get_type_hints

import pytest
from sqlalchemy import Engine, Table, event
from sqlalchemy.sql import ClauseElement, visitors
from streamlit.runtime.caching.cache_utils import CachedFunc

import vs_core.ui.load
from vs_core.store import schema
from vs_core.store.schema import metadata
from vs_core.ui.load import weekly_review

ROOM = "vs_core.ui.load"
PERSONAL = {table.name for table in metadata.tables.values() if "child_key" in table.c} | {
    "child",
    "pp_payment",
    "booking",
    "rejected_row",
    "row_problem",
    "user_account",
    "session",
    "sign_in_attempt",
    "audit_event",
    "draft",
    "last_look",
    *(table.name for table in schema.PAYMENT_TABLES),
}
"""Tables about children, or about people by their names; the ledger of imports names nobody but who took a file in."""


def read_by(query: ClauseElement) -> set[str]:
    """The tables that a query reads, those of its parts among them."""
    return {each.name for each in visitors.iterate(query) if isinstance(each, Table)}


@functools.cache
def kept_functions() -> dict[str, CachedFunc]:
    """What Streamlit keeps, by module and name."""
    inside = pkgutil.walk_packages(vs_core.ui.load.__path__, f"{ROOM}.")
    modules = map(importlib.import_module, [ROOM, *(each.name for each in inside)])
    return {
        f"{module.__name__}.{name}": each
        for module in modules
        for name, each in inspect.getmembers(module, lambda member: isinstance(member, CachedFunc))
        if each.__module__ == module.__name__
    }


def key_of(function: CachedFunc) -> dict[str, Any]:
    """Its arguments, which are its key, with their types."""
    hints = get_type_hints(function.__wrapped__)
    return {name: hints[name] for name in inspect.signature(function.__wrapped__).parameters}


@contextmanager
def watched(engine: Engine) -> Iterator[dict[str, set[str]]]:
    """The tables of which each kept function's answer is made, by its name, as far as it is asked meanwhile."""
    names = {id(each): name for name, each in kept_functions().items()}
    tables: dict[str, set[str]] = {}
    asked: dict[str, set[str]] = {}
    running: list[str] = []
    call = CachedFunc.__call__

    def noted(connection: Any, statement: Any, *_: Any) -> None:
        read = read_by(statement) if running else set()
        for name in running:
            tables[name] |= read

    def noting(self: CachedFunc, *given: Any, **named: Any) -> Any:
        name = names[id(self)]
        tables.setdefault(name, set())
        for caller in running:
            asked.setdefault(caller, set()).add(name)
        running.append(name)
        try:
            return call(self, *given, **named)
        finally:
            running.pop()

    event.listen(engine, "before_execute", noted)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CachedFunc, "__call__", noting)
        patch.setattr(weekly_review, "AT_ONCE", 1)
        yield tables
    event.remove(engine, "before_execute", noted)
    for name, others in asked.items():
        tables[name] |= set().union(*(tables[other] for other in others))
