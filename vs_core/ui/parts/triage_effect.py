"""Attendance in the ten school days before and after what was done: of one child, and of everything of a kind."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from vs_core import charts
from vs_core.access.viewer import Viewer
from vs_core.rules import effect
from vs_core.ui import chart, tables, words
from vs_core.ui.load import triage as read
from vs_core.ui.parts.triage import Day
from vs_core.ui.tables import Column

NOT_WHY = (
    "What happened, not why: children are acted for when they are worst, and some would have come back without it. "
    "A few cases say little."
)
MOST = 12
SHORT = {"attendance entitlement officer": "attendance officer"}
COLUMNS = (
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


def draw(viewer: Viewer, day: Day) -> None:
    """Over everything of a kind, with its number of cases."""
    with st.spinner("Looking at the days before and after"):
        rows = read.effects(viewer, day.as_at, day.known_on)
    kinds = effect.by_kind(rows)
    kinds = kinds.assign(name=[_name(str(kind)) for kind in kinds["kind"]])
    of = [f"{words.counted(cases, 'case')}, {words.counted(own, 'child', 'children')}" for cases, own in _pairs(kinds)]
    named = [f"{name} ({cases})" for name, cases in zip(kinds["name"], kinds["cases"], strict=True)]
    chart.draw(
        charts.before_and_after,
        kinds.assign(name=named, cases=of),
        alt="Attendance in the ten school days before and after, by what was done",
        key="effect of all",
    )
    st.caption(words.plain(NOT_WHY))
    if len(kinds):
        tables.listing(
            kinds,
            COLUMNS,
            key="effects",
            alt="By what was done: cases, attendance before and after",
            noun=("kind", "kinds"),
        )


def of_child(viewer: Viewer, child_key: int, day: Day) -> None:
    """Of each thing that was done for one child, the latest first; nothing where nothing was."""
    rows = read.effects(viewer, day.as_at, day.known_on)
    own = rows[rows["child_key"] == child_key].head(MOST)
    if own.empty:
        return
    st.markdown("**Attendance before and after**")
    known = own[own["state"] == effect.KNOWN]
    if len(known):
        names = [
            f"{_name(str(kind))}, {words.short_day(on)}" for kind, on in zip(known["kind"], known["on"], strict=True)
        ]
        chart.draw(
            charts.before_and_after,
            known.assign(name=names, cases="this child"),
            alt="Attendance in the ten school days before and after each thing that was done for the child",
            key=f"effect of child {child_key}",
        )
    waiting = int((own["state"] == effect.NOT_YET).sum())
    if waiting:
        st.caption(words.plain(f"For {waiting} more the ten school days after are not over yet."))


def _pairs(kinds: pd.DataFrame) -> list[tuple[int, int]]:
    return [(int(cases), int(children)) for cases, children in zip(kinds["cases"], kinds["children"], strict=True)]


def _name(kind: str) -> str:
    """`Action`, `Contact`, `Referral: PP+ request`."""
    what, _, to = kind.partition(": ")
    named = f"{what}: {SHORT.get(to, to)}" if to else what
    return named[:1].upper() + named[1:]
