"""What the attendance page is put together from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from vs_core import charts, figures
from vs_core.access.viewer import Viewer
from vs_core.figures.benchmarks import Published
from vs_core.figures.changes import Changes
from vs_core.figures.freshness import Coverage
from vs_core.ui import chart, tables, tiles, words
from vs_core.ui.chosen import Chosen
from vs_core.ui.parts import attendance_orders as orders
from vs_core.ui.parts import children, comparing
from vs_core.ui.tables import Column

BEHIND = (
    "persistently_absent",
    "severely_absent",
    "unauthorised_absence_sessions",
    "authorised_absence_sessions",
    "children",
)


def coverage(marks: Coverage) -> str:
    """The clause about completeness: `97.2% of expected marks are in`."""
    if marks.percent is None:
        return marks.why_not.rstrip(".")
    said = f"{marks.percent:.1f}% of the half days of pupils in Reception to Year 11 have a mark"
    return f"{said}, {marks.without}" if marks.without else said


def figures_row(
    compared: Changes, course: pd.DataFrame, weekly: pd.DataFrame, published: Sequence[Published], members: int
) -> None:
    """Five tiles: attendance, persistent, severe and unauthorised absence, children."""
    now = compared.now.figures
    of = f"{now['children']:,} children"
    unauthorised = _share(now["unauthorised_absence_sessions"], now["possible_sessions"])
    tiles.figures_row(
        [
            comparing.tile(
                compared,
                "attendance_percent",
                caption=_beside(f"of {now['possible_sessions']:,} possible sessions", published, "attendance_percent"),
                spark=list(weekly["attendance_percent"].dropna()),
            ),
            _absent(compared, course, "persistently_absent", of, published),
            _absent(compared, course, "severely_absent", of, published),
            comparing.tile(
                compared,
                "unauthorised_absence_sessions",
                label="Unauthorised sessions",
                caption=f"{unauthorised} of possible sessions",
                spark=_shares(weekly, "unauthorised_absence_sessions"),
            ),
            comparing.tile(
                compared,
                "children",
                caption=f"of {members:,} in the group",
                spark=list(course["children"].astype(float)),
            ),
        ],
        key="attendance-figures",
    )


def _absent(compared: Changes, course: pd.DataFrame, key: str, of: str, published: Sequence[Published]) -> tiles.Tile:
    share = words.figure(compared.now.figures[f"{key}_percent"], "percent")
    caption = _beside(f"{share} of {of}", published, f"{key}_percent")
    return comparing.tile(compared, key, caption=caption, spark=[float(count) for count in course[key]])


def _beside(said: str, published: Sequence[Published], key: str) -> str:
    """A denominator with the benchmarks: `16.6% of 968 children; England 20.3% (2024/25)`."""
    beside = [f"{each.place} {each.value:.1f}%" for each in published if each.key == key and each.value is not None]
    return "; ".join([said, *beside])


def _share(part: int, whole: int) -> str:
    return words.figure(part * 100 / whole if whole else None, "percent") or "none"


def _shares(weekly: pd.DataFrame, name: str) -> list[float]:
    possible = weekly["possible_sessions"]
    return list((weekly[name] * 100 / possible.where(possible > 0)).dropna())


def what_moved(compared: Changes) -> None:
    """Who came over a line and who came back, in a sentence each."""
    said = [
        comparing.moved(compared, "persistently_absent", "became persistently absent", "no longer are"),
        comparing.moved(compared, "severely_absent", "became severely absent", "no longer are"),
    ]
    text = " ".join(each for each in said if each) or compared.why_not
    if text:
        st.markdown(words.plain(text))


def trend(weekly: pd.DataFrame, published: Sequence[Published], end: date) -> None:
    """Attendance week by week against the published year; a last week that is not over by `end` is named."""
    st.subheader("Week by week")
    lines = [each for each in published if each.key == "attendance_percent" and each.value is not None]
    ours = pd.DataFrame({"week_on": weekly["week"], "series": "Ours", **{name: weekly[name] for name in _TREND}})
    flat = [_level(weekly, each) for each in lines]
    alt = f"Attendance by week, {len(ours)} weeks, against {words.listed([each.place for each in lines]) or 'nothing'}"
    chart.draw(charts.attendance_trend, pd.concat([ours, *flat], ignore_index=True), alt=alt, key="trend")
    said = [_published_year(lines)] if lines else []
    said += _not_over(max(weekly["week"]), end)
    if said:
        st.caption(words.plain(" ".join(said)))


def _published_year(lines: Sequence[Published]) -> str:
    places = words.listed([line.place for line in lines])
    first = lines[0]
    return f"{places}: {first.population}, the whole year {first.academic_year}, as the department publishes it."


def _not_over(last_monday: date, end: date) -> list[str]:
    friday = last_monday + timedelta(days=4)
    return [f"The last point is a week that is not over: marks up to {words.long_day(end)}."] if end < friday else []


_TREND = ("attendance_percent", "attended_sessions", "possible_sessions")


def _level(weekly: pd.DataFrame, line: Published) -> pd.DataFrame:
    return pd.DataFrame({"week_on": weekly["week"], "series": line.place, "attendance_percent": line.value})


def bands(rows: pd.DataFrame) -> None:
    """How many children are in each band."""
    st.subheader("Children by attendance")
    with_sessions = int((rows["possible_sessions"] > 0).sum())
    chart.draw(
        charts.bands,
        rows[["attended_sessions", "possible_sessions"]],
        alt=f"{with_sessions:,} children by band of attendance over the period",
        key="bands",
    )


def listing(viewer: Viewer, chosen: Chosen, compared: Changes, courses: pd.DataFrame, provisional_under: int) -> None:
    """The children behind a figure, lowest attendance first."""
    labels = comparing.labels("attendance", BEHIND)
    key = tables.behind(labels)
    rows = children.with_names(figures.behind(compared.now, key)).merge(courses, on="child_key", how="left")
    rows = rows.assign(
        sessions=[f"{a:,} of {p:,}" for a, p in zip(rows["attended_sessions"], rows["possible_sessions"], strict=True)],
        remark=_remarks(rows["possible_sessions"], provisional_under),
    ).sort_values(["attendance_percent", "absent_sessions"], ascending=[True, False], kind="stable")
    comparing.listing(viewer, chosen, rows, COLUMNS, title=labels[key])


def _remarks(possible: pd.Series[int], provisional_under: int) -> list[str]:
    return [
        f"Provisional: fewer than {provisional_under} sessions" if count < provisional_under else ""
        for count in possible
    ]


COLUMNS = (
    children.CHILD,
    Column("attendance_percent", "Attendance", "progress"),
    Column("sessions", "Sessions", help="Attended of possible sessions in the period"),
    children.YEAR,
    children.SCHOOL,
    Column("authorised_absence_sessions", "Authorised", "number", "Sessions missed with the school's leave"),
    Column("unauthorised_absence_sessions", "Unauthorised", "number", "Sessions missed without leave"),
    Column("change_points", "Change, points", "days", orders.MEANS[orders.WORSENED]),
    Column("persistent_from", "Persistent from", "date", "Monday of the week since which absence has been 10% or more"),
    children.SOCIAL_WORKER,
    children.ADVISER,
    Column("remark", "Remark"),
)
