"""Everything that a viewer can be given, found by looking: what is written tomorrow is read here without being named.

Every query with a scope, every function of `vs_core/figures` and `vs_core/reports` that reads a database, every reader
of pages, and the rows behind every figure that any of them gives.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib
import inspect
import itertools
import pkgutil
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from types import ModuleType
from typing import Any

import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, Select, select

import vs_core.figures
import vs_core.queries
import vs_core.reports
import vs_core.ui.load
from tests.access.canaries import AS_AT, AUTHORITY
from vs_core import figures
from vs_core.access.roles import SEE_CHILD
from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.figures import SubjectFigures, burn_down, projects, triage, week
from vs_core.intake.kinds import KINDS
from vs_core.queries import care, search, trail
from vs_core.queries.scope import restricted_keys
from vs_core.reports import weekly_brief
from vs_core.reports.asked import Asked
from vs_core.reports.reader import of_viewer
from vs_core.rules import reconciling_marks
from vs_core.rules.attendance_orders import MISSED
from vs_core.rules.frame import SUBJECTS, Frame
from vs_core.rules.narrowing import Narrowing
from vs_core.rules.pp_forecast import Changes as WhatIf
from vs_core.rules.pp_income import Notice
from vs_core.rules.worklist_views import ALL, Choice, Looking
from vs_core.store.engine import retried
from vs_core.store.schema import child, school
from vs_core.ui import load
from vs_core.ui.filters import Chosen
from vs_core.ui.load import attendance_views as load_attendance_views
from vs_core.ui.load import cohort as load_cohort
from vs_core.ui.load import pp_burn as load_pp_burn
from vs_core.ui.load import triage as load_triage
from vs_core.ui.load import triage_listed as load_triage_listed
from vs_core.ui.load import triage_reviewed as load_triage_reviewed
from vs_core.ui.load import weekly_review as load_weekly_review

FRAMES = (
    Frame.for_subject("cohort", AS_AT),
    Frame.for_subject("pp-plus", AS_AT),
    Frame.for_subject("cohort", AS_AT, known_on=AS_AT, cohort="all"),
    Frame.for_subject("cohort", AS_AT, cohort="kinship", while_in_care=True),
)


CHOICES: dict[str, Any] = {"phase": "secondary", "in_county": True, "looked_after_12_months": "at 31 March"}
"""What a group is narrowed to, by what is public, by what is told of nobody who is hidden, and by days."""
WORKLIST = Choice(Looking("", AS_AT, None), None, ALL)
WITH_MARKS = [date(2026, 11, 9), date(2026, 11, 10)]
TYPED = "canary"
"""What is searched for: every name and every school of the authority has it."""


def two_keys(connection: Connection) -> list[int]:
    """A restricted child and another: a viewer may ask for any, and every table says something of each."""
    restricted = set(connection.scalars(restricted_keys()))
    keys = list(connection.scalars(care.everybody(None)))
    return [next(key for key in keys if (key in restricted) == flag) for flag in (True, False)]


def numbers_of(connection: Connection, keys: list[int]) -> list[str]:
    """The authority's numbers of these children, and our own."""
    own = connection.scalars(select(child.c.child_id).where(child.c.id.in_(keys)))
    return [*own, *(f"#{key}" for key in keys)]


def functions(package: ModuleType) -> Iterator[Callable[..., Any]]:
    """The functions that a module, or each module of a package, offers to others."""
    inside = pkgutil.walk_packages(getattr(package, "__path__", []), f"{package.__name__}.")
    names = [each.name for each in inside]
    for module in map(importlib.import_module, [package.__name__, *names]):
        for name, function in inspect.getmembers(module, inspect.isroutine):
            if not name.startswith("_") and function.__module__ == module.__name__:
                yield function


def name_of(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__name__}"


def calls(function: Callable[..., Any], given: Mapping[str, list[Any]]) -> Iterator[dict[str, Any]]:
    """Every choice of arguments. Raises LookupError for an argument that nobody has said anything about."""
    wanted = inspect.signature(function).parameters.values()
    named = [each.name for each in wanted if each.name in given or each.default is inspect.Parameter.empty]
    missing = [name for name in named if name not in given]
    if missing:
        raise LookupError(f"{name_of(function)} takes {missing}: say in {__name__} what to give it")
    for choice in itertools.product(*(given[name] for name in named)):
        yield dict(zip(named, choice, strict=True))


def takes(function: Callable[..., Any], *names: str) -> bool:
    return set(names) <= set(inspect.signature(function).parameters)


def for_queries(connection: Connection, seen: Scope) -> dict[str, list[Any]]:
    """What queries are given, by the names of their arguments."""
    return {
        "scope": [seen],
        "frame": list(FRAMES),
        "as_at": [AS_AT],
        "on": [AS_AT],
        "known_on": [None, AS_AT],
        "cohort": ["in care", "kinship", "all"],
        "year": ["2026-27"],
        "decided_from": [AS_AT - timedelta(365)],
        "start": [date(2025, 9, 1)],
        "end": [AS_AT],
        "child_key": two_keys(connection),
        "only": [None],
        "keys": [two_keys(connection), list(connection.scalars(care.everybody(None)))],
        "codes": [["O", "D"]],
        "windows": [[(key, key, date(2025, 9, 1), AS_AT) for key in two_keys(connection)]],
        "number": numbers_of(connection, two_keys(connection)),
        "way": list(search.WAYS),
        "typed": [TYPED],
        "days": [WITH_MARKS],
        "session": [None, "AM"],
        "authority": [AUTHORITY],
        "words": [{"laptop": ("laptop",), "none": ()}],
        "urn": list(connection.scalars(select(school.c.urn).where(school.c.urn != ""))),
    }


def queries(connection: Connection, seen: Scope) -> Iterator[tuple[str, Any]]:
    """The rows of every query with a scope."""
    given = for_queries(connection, seen)
    for function in functions(vs_core.queries):
        if takes(function, "scope") and function.__module__ != "vs_core.queries.scope":
            if inspect.signature(function).return_annotation not in ("Select", "CTE"):
                continue
            for arguments in calls(function, given):
                found = function(**arguments)
                query = found if isinstance(found, Select) else found.select()
                yield name_of(function), connection.execute(query).mappings().all()


def of_figures(connection: Connection, seen: Scope) -> Iterator[tuple[str, Any]]:
    """What every function of `figures` gives that reads a database for a scope, in the usual frame: what each frame
    reads is told by `queries`."""
    given: dict[str, list[Any]] = {
        "connection": [connection],
        "scope": [seen],
        "frame": [FRAMES[0]],
        "subject": list(SUBJECTS),
        "as_at": [AS_AT],
        "known_on": [None],
        "authority": [AUTHORITY],
        "start": [date(2025, 9, 1)],
        "end": [AS_AT],
        "by": [week.clock(connection, None, AUTHORITY)],
        "only": [None],
        "child_key": two_keys(connection),
        "way": list(search.WAYS),
        "typed": [TYPED],
        "on": [AS_AT],
        "limit": [50],
        "keys": [two_keys(connection)],
        "days": [WITH_MARKS],
        "session": [None],
        "events": [[(key, date(2026, 10, 5)) for key in two_keys(connection)]],
    }
    facts = triage.Facts.read(connection, AS_AT, None, seen, AUTHORITY)
    given["urn"] = list(connection.scalars(select(school.c.urn).where(school.c.urn != "")))
    given |= {"facts": [facts], "rows": [facts.worklist(connection, seen)]}
    for function in functions(vs_core.figures):
        if takes(function, "connection", "scope"):
            for arguments in calls(function, given):
                yield name_of(function), function(**arguments)


def of_reports(connection: Connection, viewer: Viewer) -> Iterator[tuple[str, Any]]:
    """What every report is made of, and its bytes; of the brief not the PDF, which is made of its `content`."""
    given = {"connection": [connection], "asked": [Asked(AS_AT, None, AUTHORITY, of_viewer(viewer))]}
    for function in functions(vs_core.reports):
        if takes(function, "connection", "asked") and function is not weekly_brief.pdf:
            for arguments in calls(function, given):
                yield name_of(function), function(**arguments)


def of_pages(viewer: Viewer) -> Iterator[tuple[str, Any]]:
    """What every reader of pages gives. One that is not for this viewer may refuse."""
    usual = Chosen(FRAMES[0])
    given: dict[str, list[Any]] = {
        "viewer": [viewer],
        "frame": [FRAMES[0]],
        "chosen": [Chosen(FRAMES[0]), Chosen(FRAMES[0], Narrowing(in_county=True))],
        "subject": list(SUBJECTS),
        "as_at": [AS_AT],
        "today": [AS_AT],
        "known_on": [None],
        "on": [AS_AT],
        "of": ["legal_status", "suspension_reason"],
        "only": [Narrowing(), *(Narrowing(**{name: value}) for name, value in CHOICES.items())],
        "seen": [scope(viewer)],
        "at": [load.version()],
        "kind": list(KINDS),
        "limit": [100],
        "offset": [0],
        "monday": [date(2026, 11, 16)],
        "asked": [trail.Asked(), trail.Asked(subject="child 1")],
        "number": ["#1"],
        "child_key": retried(two_keys),
        "way": list(search.WAYS),
        "typed": [TYPED],
        "by": ["child_key", "urn"],
        "first": [0],
        "outlined": [("", "")],
        "key": ["children", "persistently_absent", "unable_sessions", "all", "coverage_percent"],
        "day": [WITH_MARKS[0]],
        "weekday": [0],
        "session": [None, "PM"],
        "now": [datetime(2026, 11, 23, 9, tzinfo=UTC)],
        "notice": [Notice("provisional", date(2026, 5, 14), 26_900_000, 100, "2025")],
    }
    of_whole_list = {"cells": [{}], "secret": [frozenset()]}
    for function in functions(vs_core.ui.load):
        own = given | of_whole_list | _made_of_others(function, viewer, usual)
        if takes(function, "viewer") or set(inspect.signature(function).parameters) <= set(given):
            yield from _read(function, own)


def _made_of_others(function: Callable[..., Any], viewer: Viewer, chosen: Chosen) -> dict[str, list[Any]]:
    """Arguments that are what another reader gave."""
    made = _of_worklist(function, viewer)
    if takes(function, "subject"):
        made |= {"chosen": [chosen], "only": [Narrowing()]}
    if takes(function, "order"):
        made |= {"of": ["child", "school", "year"], "order": [MISSED]}
    if takes(function, "roll"):
        made["roll"] = [load_cohort.compared(viewer, chosen).now.rows["roll"]]
    if function.__module__ == load_pp_burn.__name__:
        wide = WhatIf(approve_all=True, release_retained=True, late_rush=True)
        made |= {"form": list(burn_down.FORMS), "marked": [("", "")], "changes": [WhatIf(), wide]}
        made |= {"line": ["", "paid", "committed", "forecast", "allocation"], "on": [None, AS_AT]}
    elif takes(function, "changes"):
        every = load_weekly_review.compared(viewer, AS_AT, None)
        of_one = "dict" not in str(inspect.signature(function).parameters["changes"].annotation)
        made["changes"] = list(every.values()) if of_one else [every]
    if takes(function, "due"):
        made["rows"] = [load.of_subject(viewer, "attendance", chosen.frame).rows["children"].iloc[:1]]
        made["due"] = [load_attendance_views.awaited(viewer, chosen)]
    if takes(function, "urn"):
        made |= {"urn": [retried(_urn)], "rows": [_worklist(viewer)]}
    if takes(function, "registers"):
        made["registers"] = [load_weekly_review.registers(viewer, chosen.frame)]
    if "Kind" in str(getattr(inspect.signature(function).parameters.get("kind"), "annotation", "")):
        made["kind"] = list(KINDS.values())
    return made


def _urn(connection: Connection) -> str:
    return str(connection.scalar(select(school.c.urn).where(school.c.urn != "")))


def _worklist(viewer: Viewer) -> pd.DataFrame:
    try:
        return load_triage.worklist(viewer, AS_AT, None)
    except PermissionError:
        return pd.DataFrame()


def _of_worklist(function: Callable[..., Any], viewer: Viewer) -> dict[str, list[Any]]:
    if takes(function, "choice"):
        return {"choice": [WORKLIST], "number": [0], "is_beside": [True, False]}
    if function is load_triage_reviewed.cases:
        return {"kind": ["action", "contact"]}
    if takes(function, "kind") and function.__module__ == load_triage_reviewed.__name__:
        return {"kind": [each.key for each in reconciling_marks.KINDS]}
    if function is load_triage_listed.whole:
        return {"by": [WORKLIST.by]}
    if function is load_triage_listed.ready:
        return {"rows": [load_triage_listed.rows(viewer, WORKLIST)] if viewer.may(SEE_CHILD) else []}
    return {}


def _read(function: Callable[..., Any], given: Mapping[str, list[Any]]) -> Iterator[tuple[str, Any]]:
    for arguments in calls(function, given):
        try:
            yield name_of(function), function(**arguments)
        except PermissionError:
            continue


PLAIN = (str, int, float, date, type(None))


def values(found: Any, done: dict[Any, Any]) -> Iterator[Any]:
    """Every cell, text and number in what was given, the rows behind its figures among them.

    done: what was looked at before, by identity, and figures by subject and frame for the rows behind them."""
    if isinstance(found, PLAIN):
        yield found
    elif id(found) not in done:
        done[id(found)] = found
        yield from _inside(found, done)


def _inside(found: Any, done: dict[Any, Any]) -> Iterator[Any]:
    if isinstance(found, pa.Table):
        yield from values(found.to_pydict(), done)
    elif isinstance(found, pd.DataFrame):
        yield from found.columns
        cells = found.to_numpy(dtype=object).ravel().tolist()
        yield from {cell for cell in cells if not isinstance(cell, list | tuple)}
        yield from {part for cell in cells if isinstance(cell, list | tuple) for part in cell}
    elif isinstance(found, pd.Series | pd.Index):
        yield from set(found.tolist())
    elif isinstance(found, Mapping):
        for key, value in found.items():
            yield from (*values(key, done), *values(value, done))
    elif isinstance(found, bytes):
        yield from _texts_of_file(found)
    elif dataclasses.is_dataclass(found) and not isinstance(found, type):
        yield from _of_parts(found, done)
    elif not isinstance(found, Iterable):
        yield found
    else:
        for each in found:
            yield from values(each, done)


@functools.cache
def _parts(of: type) -> tuple[str, ...]:
    properties = (name for name, _ in inspect.getmembers(of, lambda member: isinstance(member, property)))
    return (*(field.name for field in dataclasses.fields(of)), *properties)


def _of_parts(found: Any, done: dict[Any, Any]) -> Iterator[Any]:
    for name in _parts(type(found)):
        yield from values(getattr(found, name), done)
    if isinstance(found, SubjectFigures) and (found.subject, found.frame) not in done:
        done[found.subject, found.frame] = found
        for key in keys_of(found):
            yield from values(figures.behind(found, key), done)


def keys_of(found: SubjectFigures) -> list[str]:
    """The keys of the figures that have rows behind them, of each project and each reason too."""
    if found.subject == "projects":
        return [f"{project}.{key}" for project in found.figures for key in projects.OF_PROJECT]
    reasons = [f"by_reason.{reason}" for reason in found.figures.get("by_reason") or {}]
    return [*figures.MODULES[found.subject].BEHIND, *reasons]


def _texts_of_file(content: bytes) -> Iterator[str]:
    """What stands in an Office file, and in any other file of text."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as parts:
            yield from (parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    else:
        yield content.decode("utf-8", "replace")
