"""What the weekly review is put together from: the day, the ten figures, what changed, and the lists behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from vs_core import charts
from vs_core.access.viewer import Viewer
from vs_core.figures.attention import Matter
from vs_core.figures.changes import Changes
from vs_core.figures.since_last_week import Change
from vs_core.figures.ten_figures import ten_figures
from vs_core.figures.week import Attendance, Registers
from vs_core.rules.frame import Frame
from vs_core.ui import chart, sentences, tables, tiles, words
from vs_core.ui.filters import Chosen
from vs_core.ui.parts import weekly_lists


def title_row() -> DeltaGenerator:
    """Where the title stands, with the button that changes the day at its right."""
    return st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom")


def heading(frame: Frame, registers: Registers) -> None:
    """The day, the day that it is compared with, and how complete the registers are."""
    day, before = frame.as_at, frame.as_at - timedelta(days=7)
    known = ", as known on that day" if frame.known_on else ""
    said = f"{day:%A} {day.day} {day:%B %Y}{known}, compared with {before.day} {before:%B}. {registers.sentence}"
    st.caption(words.plain(said))


def is_empty(changes: Mapping[str, Changes]) -> bool:
    """Whether no child is known; says then what to do first."""
    if len(changes["cohort"].now.rows["roll"]):
        return False
    sentences.nothing("cohort")
    st.caption("The review fills by itself: each file that arrives brings its figures, and the week before with them.")
    return True


def figures_row(
    changes: Mapping[str, Changes], course: Mapping[str, Sequence[float]], seen: Attendance, monday: date
) -> None:
    """The headteacher's ten figures, in two rows of five. monday: of the last school week."""
    st.subheader("Ten figures")
    tiles.figures_row(ten_figures(changes, course, seen, monday), key="ten-figures")


def since_last_week(viewer: Viewer, chosen: Chosen, changed: Sequence[Change]) -> None:
    """What changed, a sentence a row; the chosen row opens the children behind it."""
    before = chosen.frame.as_at - timedelta(days=7)
    st.subheader(f"Since {before:%A} {before.day} {before:%B}")
    if not changed:
        st.info("Nothing that is counted here has changed, or there is no week before.", icon=":material/info:")
        return
    rows = pd.DataFrame(
        {"subject": [c.subject for c in changed], "what": [c.what for c in changed]}
        | {"children": [c.children for c in changed], "place": range(len(changed))}
    )
    picked = tables.listing(
        rows, _CHANGED, key="since", alt="What changed since last week", noun=("change", "changes"), select=True
    )
    if picked.empty:
        st.caption("Choose a row to see the children behind it.")
        return
    change = changed[int(picked["place"].iloc[0])]
    weekly_lists.draw(
        viewer, chosen, change.what, weekly_lists.kind_of_change(change.subject, change.rows), change.rows
    )


_CHANGED = (
    tables.Column("subject", "Subject"),
    tables.Column("what", "What changed"),
    tables.Column("children", "Children", "number"),
)


def trend(seen: Attendance, end: date) -> None:
    """Attendance week by week against England, up to the last school week; `end`: the day it is known to."""
    st.subheader("Attendance against England")
    weekly, national = seen.weekly, seen.england
    alt = f"Attendance by week, {len(weekly)} weeks, against England's published year"
    chart.draw(charts.attendance_trend, seen.lines(), alt=alt, key="weekly-trend")
    said = [national.basis] if national else []
    if len(weekly) and max(weekly["week"]) + timedelta(days=4) > end:
        said.append(f"The last point is a week that is not over: marks to {words.long_day(end)}.")
    if said:
        st.caption(words.plain(" ".join(said)))


def behind(viewer: Viewer, chosen: Chosen, changes: Mapping[str, Changes], matters: Sequence[Matter]) -> None:
    """The list behind any of the ten figures, and behind each matter that needs a decision."""
    st.subheader("The children behind a figure")
    lists = weekly_lists.of_figures(changes) | weekly_lists.of_matters(matters)
    key = tables.behind({key: each.label for key, each in lists.items()})
    one = lists[key]
    weekly_lists.draw(viewer, chosen, one.label, one.kind, one.rows)
