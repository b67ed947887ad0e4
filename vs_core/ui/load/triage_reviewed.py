"""Registers to put right and what worked, as they are sent: each kept whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from vs_core import charts
from vs_core.access.viewer import Scope, Viewer
from vs_core.figures import reconciling
from vs_core.rules import effect
from vs_core.rules.frame import Frame
from vs_core.ui import chart, tables, words
from vs_core.ui.chart import Finished
from vs_core.ui.load import Version, finished, triage, version, version_with_actions
from vs_core.ui.load.triage import scope_of
from vs_core.ui.parts import children
from vs_core.ui.tables import Column, Listing

SPELL = ("spell of marks", "spells of marks")
KIND = ("kind", "kinds")
SPELLS = (
    Column("child", "Child"),
    Column("year", "Year"),
    Column("school", "School"),
    Column("first_on", "From", "date"),
    Column("last_on", "To", "date"),
    Column("sessions", "Half days", "number"),
)
KINDS = (
    Column("name", "What was done"),
    Column("cases", "Cases", "number", "With enough sessions on both sides"),
    Column("children", "Children", "number"),
    Column("before_percent", "Before", "percent"),
    Column("after_percent", "After", "percent"),
    Column("rose", "Rose", "number", "Cases in which attendance was higher after"),
    Column("fell", "Fell", "number", "Cases in which attendance was lower after"),
    Column("not_yet", "Too early", "number", "The school days after it are not over yet"),
    Column("too_few", "Too few sessions", "number"),
)
CASE = ("case", "cases")
CASES = (
    Column("child", "Child"),
    Column("year", "Year"),
    Column("school", "School"),
    Column("on", "Done on", "date"),
    Column("before_percent", "Before", "percent", "Attendance in the ten school days before"),
    Column("after_percent", "After", "percent", "Attendance in the ten school days after"),
    Column("change_points", "Change, points", "days"),
    Column("sentence", "Why it is not known"),
)
_SHORT = {"attendance entitlement officer": "attendance officer"}


@dataclass(frozen=True)
class Kind:
    """A way in which registers do not agree with what else is known. children: of whom; to_do: what puts it right."""

    key: str
    title: str
    to_do: str
    children: int


@dataclass(frozen=True)
class Effects:
    """What was done, with attendance before and after: a chart and a list, a row a kind. kinds: of the rows."""

    chart: Finished
    listing: Listing
    kinds: tuple[str, ...]


def kinds(viewer: Viewer, as_at: date, known_on: date | None) -> tuple[Kind, ...]:
    """Every kind, those of which there is nothing too."""
    found: tuple[Kind, ...] = _kinds(scope_of(viewer), version(), as_at, known_on)
    return found


def spells(viewer: Viewer, as_at: date, known_on: date | None, kind: str) -> Listing:
    """What there is of a kind, by its key."""
    found: Listing = _spells(scope_of(viewer), version(), as_at, known_on, kind)
    return found


def rows_of(viewer: Viewer, as_at: date, known_on: date | None, kind: str) -> pd.DataFrame:
    """The rows of that list, and of those who are counted and not listed."""
    return _rows(scope_of(viewer), version(), as_at, known_on, kind)


def effects(viewer: Viewer, as_at: date, known_on: date | None) -> Effects:
    """Of everything that was done, by its kind."""
    found: Effects = _effects(scope_of(viewer), version_with_actions(), as_at, known_on, chart.is_dark())
    return found


def cases(viewer: Viewer, as_at: date, known_on: date | None, kind: str) -> Listing:
    """What was done of a kind, the latest first, each with its child."""
    found: Listing = _cases(scope_of(viewer), version_with_actions(), as_at, known_on, kind)
    return found


def name_of(kind: str) -> str:
    """`Action`, `Contact`, `Referral: PP+ request`."""
    what, _, to = kind.partition(": ")
    named = f"{what}: {_SHORT.get(to, to)}" if to else what
    return named[:1].upper() + named[1:]


@finished
def _kinds(seen: Scope, at: Version, as_at: date, known_on: date | None) -> tuple[Kind, ...]:
    counts = reconciling.counts(triage.reconciliations_of(seen, at, as_at, known_on))
    named = zip(*(counts[name].astype(str) for name in ("kind", "title", "to_do")), counts["children"], strict=True)
    return tuple(Kind(key, title, to_do, int(number)) for key, title, to_do, number in named)


def _rows(seen: Scope, at: Version, as_at: date, known_on: date | None, kind: str) -> pd.DataFrame:
    every: pd.DataFrame = triage.reconciliations_of(seen, at, as_at, known_on)
    return children.with_names(every[every["kind"] == kind])


@finished
def _spells(seen: Scope, at: Version, as_at: date, known_on: date | None, kind: str) -> Listing:
    rows, day = _rows(seen, at, as_at, known_on, kind), Frame(as_at, known_on, as_at, as_at)
    return tables.finish(*children.with_links(rows, SPELLS, day), SPELL)


@finished
def _effects(seen: Scope, at: Version, as_at: date, known_on: date | None, dark: bool) -> Effects:
    every = effect.by_kind(triage.effects_of(seen, at, as_at, known_on))
    every = every.assign(name=[name_of(str(kind)) for kind in every["kind"]])
    drawn = chart.finish(charts.before_and_after, _drawn(every), dark=dark)
    return Effects(drawn, tables.finish(every, KINDS, KIND), tuple(every["kind"].astype(str)))


@finished
def _cases(seen: Scope, at: Version, as_at: date, known_on: date | None, kind: str) -> Listing:
    every = triage.cases_of(seen, at, as_at, known_on)
    own, day = children.with_names(every[every["kind"] == kind]), Frame(as_at, known_on, as_at, as_at)
    return tables.finish(*children.with_links(own, CASES, day), CASE)


def _drawn(every: pd.DataFrame) -> pd.DataFrame:
    """The rows of the chart: a kind is named with its number of cases."""
    pairs = [(int(cases), int(own)) for cases, own in zip(every["cases"], every["children"], strict=True)]
    of = [f"{words.counted(cases, 'case')}, {words.counted(own, 'child', 'children')}" for cases, own in pairs]
    named = [f"{name} ({cases})" for name, (cases, _) in zip(every["name"], pairs, strict=True)]
    return every.assign(name=named, cases=of)
