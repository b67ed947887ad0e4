"""What the training page is put together from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from vs_core import charts, figures
from vs_core.access import roles
from vs_core.access.viewer import Viewer
from vs_core.figures import SubjectFigures
from vs_core.figures.changes import Changes
from vs_core.rules.register import percent_of
from vs_core.ui import chart, downloads, tables, tiles, words
from vs_core.ui.filters import COHORT_WORDS, Chosen
from vs_core.ui.parts import attention, comparing
from vs_core.ui.parts.attention import Point
from vs_core.ui.tables import Column

BEHIND = ("waiting", "did_not_attend", "attended", "booked", "sessions", "courses")
SOON_DAYS = 21
HALF_EMPTY_PERCENT = 50
NEVER, NOT_IN_PERIOD, REACHED = "Never attended", "Not this period", "Attended"


def needs(ahead: pd.DataFrame, schools: pd.DataFrame, as_at: date) -> None:
    """What the operations lead decides on: who to promote, which session to fill or cancel, whom to invite."""
    points = [*promotions(ahead), *_half_empty(ahead, as_at), *_never(schools)]
    nothing = "Nobody waits for a seat and the sessions of the next weeks are well filled."
    attention.draw(points, nothing=nothing if len(ahead) else "")


def promotions(ahead: pd.DataFrame) -> Iterator[Point]:
    """A point for each session to come that somebody waits for."""
    full: Iterable[Any] = ahead[ahead["waiting"] > 0].itertuples()
    for row in full:
        people = words.counted(row.waiting, "person", "people").capitalize()
        waits = "waits" if row.waiting == 1 else "wait"
        yield Point(f"{people} {waits} for {row.course} on {words.long_day(row.date)}.", _room_for(row, ahead))


def _room_for(row: Any, ahead: pd.DataFrame) -> str:
    """What to do about a waiting list: the seats of that session, else the next session of the course with room."""
    if row.empty:
        return f"It has {words.counted(row.empty, 'empty seat')}: promote from the waiting list."
    others = ahead[(ahead["course"] == row.course) & (ahead["empty"] > 0)]
    if others.empty:
        return "It is full, and no other session of the course has room: add one, or wait for a cancellation."
    other = others.iloc[0]
    return (
        f"It is full; {words.long_day(other['date'])} has {words.counted(int(other['empty']), 'empty seat')}: offer it."
    )


def _half_empty(ahead: pd.DataFrame, as_at: date) -> Iterator[Point]:
    soon = ahead[pd.to_datetime(ahead["date"]) <= pd.Timestamp(as_at + timedelta(days=SOON_DAYS))]
    room = pd.to_numeric(soon["capacity"])
    thin = soon[(room > 0) & (soon["booked"] * 100 < room * HALF_EMPTY_PERCENT)]
    if len(thin):
        first = thin.iloc[0]
        yield Point(
            f"{words.counted(len(thin), 'session').capitalize()} in the next {SOON_DAYS} days "
            f"{'is' if len(thin) == 1 else 'are'} less than half booked.",
            f"{int(thin['empty'].sum())} seats are empty; the first is {first['course']} on "
            f"{words.long_day(first['date'])}: invite schools that were never reached, or cancel.",
        )


def _never(schools: pd.DataFrame) -> Iterator[Point]:
    never = schools[schools["last_attended_on"].isna()]
    if len(never):
        yield Point(
            f"{words.counted(len(never), 'school').capitalize()} of {len(schools):,} with a child of ours "
            f"{'has' if len(never) == 1 else 'have'} never attended anything.",
            f"{words.counted(int(never['children'].sum()), 'child', 'children').capitalize()} are on their rolls.",
        )


def figures_row(compared: Changes, ahead: pd.DataFrame, schools: pd.DataFrame, before: pd.DataFrame | None) -> None:
    """Eight tiles: sessions and seats, who came, who did not, who waits, which schools, what is to come."""
    now = compared.now.figures
    seats = words.figure(now["places"], "count") or ""
    held = _sum(now["attended"], now["did_not_attend"])
    later = words.counted(int(ahead["waiting"].sum()), "person", "people")
    captions = {
        "sessions": f"of {words.counted(now['courses'] or 0, 'course')}",
        "places": f"in {words.counted(now['sessions'] or 0, 'session')}",
        "booked": f"{_percent(now['booked'], now['places'])} of {seats} seats",
        "attended": f"{_percent(now['attended'], held)} of {held:,} who had a seat",
        "did_not_attend": f"{_percent(now['did_not_attend'], held)} of {held:,} who had a seat",
        "waiting": f"for sessions held; {later} for those to come",
    }
    shown = [comparing.tile(compared, key, caption=caption) for key, caption in captions.items()]
    tiles.figures_row([*shown, _reached(schools, before), _to_come(ahead)], key="training-figures")


def _sum(*counts: int | None) -> int:
    return sum(count or 0 for count in counts)


def _percent(part: int | None, whole: int | None) -> str:
    return words.figure(percent_of(part or 0, whole or 0), "percent") or "none"


def _reached(schools: pd.DataFrame, before: pd.DataFrame | None) -> tiles.Tile:
    reached = int(schools["attended_in_period"].sum())
    then = None if before is None else int(before["attended_in_period"].sum())
    return tiles.Tile(
        "training.schools-reached",
        "Schools reached",
        f"{reached:,}" if len(schools) else None,
        change=words.change(reached, then, "count"),
        better="up",
        since="" if before is None else comparing.SINCE,
        caption=f"of {len(schools):,} open with a child of ours"
        if len(schools)
        else "No school has a child on its roll.",
        definition="Open schools with a child of the chosen group on the roll from which somebody attended a session "
        "of the period, of all open schools with such a child.",
    )


def _to_come(ahead: pd.DataFrame) -> tiles.Tile:
    room = int(pd.to_numeric(ahead["capacity"]).fillna(0).sum())
    return tiles.Tile(
        "training.empty-seats",
        "Empty seats to come",
        f"{int(ahead['empty'].sum()):,}",
        caption=f"of {room:,} in {words.counted(len(ahead), 'session')} of the next six months",
        definition="Seats of planned sessions after the day, less those booked by it.",
    )


def fill(training: SubjectFigures) -> None:
    """Seats of each session and who has them."""
    st.subheader("Fill by session")
    sessions = training.rows["sessions"].rename(columns={"date": "on"})
    drawn = sessions[["course", "on", "capacity", "booked", "attended", "waiting"]]
    alt = f"Seats, bookings and attendance of {words.counted(len(drawn), 'session')} by date"
    chart.draw(charts.training_fill, drawn, alt=alt, key="fill")


def to_come(viewer: Viewer, chosen: Chosen, ahead: pd.DataFrame) -> None:
    """Planned sessions, those with somebody waiting first, then by date."""
    title = "Sessions to come"
    st.subheader(title)
    rows = ahead.assign(
        filled_percent=100 * ahead["booked"] / pd.to_numeric(ahead["capacity"]).where(lambda room: room > 0),
        to_do=[_to_do(row) for row in ahead.itertuples()],
    )
    nothing = "No session is planned for the next six months."
    tables.listing(rows, AHEAD, key="ahead", alt=title, noun=("session", "sessions"), empty=nothing)
    downloads.table(viewer, rows, AHEAD, title=title, notes=[chosen.sentence], as_at=chosen.frame.as_at)


def _to_do(row: Any) -> str:
    waiting, empty = row.waiting, row.empty
    if not waiting:
        return ""
    return f"Promote {min(waiting, empty)}" if empty else "Full"


def coverage(viewer: Viewer, chosen: Chosen, schools: pd.DataFrame) -> None:
    """Schools with a child of ours: how many of each phase were reached, and which were not."""
    st.subheader("Schools reached")
    who = COHORT_WORDS[chosen.frame.cohort].lower()
    st.caption(f"Open schools with {who} on the roll on {words.long_day(chosen.frame.as_at)}.")
    by_phase, by_school = st.columns([2, 3], gap="large")
    with by_phase:
        chart.draw(charts.coverage, _by_phase(schools), alt="Schools reached by phase of school", key="coverage")
    with by_school:
        which = st.segmented_control(
            "Schools", (NEVER, NOT_IN_PERIOD, REACHED), default=NEVER, required=True, key="reach", bind="query-params"
        )
        rows = _schools(schools, which or NEVER)
        noun, nobody = ("school", "schools"), "No school with a child of ours is in this list."
        tables.listing(rows, SCHOOLS, key=f"schools {which}", alt=f"Schools: {which}", noun=noun, empty=nobody)
        title = f"Schools {(which or NEVER).lower()}"
        downloads.table(viewer, rows, SCHOOLS, title=title, notes=[chosen.sentence], as_at=chosen.frame.as_at)


def _by_phase(schools: pd.DataFrame) -> pd.DataFrame:
    grouped = schools.assign(name=schools["school_phase"].fillna("Not known")).groupby("name", as_index=False)
    return grouped.agg(reached=("attended_in_period", "sum"), expected=("urn", "size"))


def _schools(schools: pd.DataFrame, which: str) -> pd.DataFrame:
    """Schools of one of the three lists, most children first."""
    came, ever = schools["attended_in_period"].astype(bool), schools["last_attended_on"].notna()
    chosen = {NEVER: ~ever, NOT_IN_PERIOD: ever & ~came, REACHED: came}[which]
    return schools[chosen].sort_values(["children", "school"], ascending=[False, True], kind="stable")


def listing(viewer: Viewer, chosen: Chosen, training: SubjectFigures) -> None:
    """The sessions, courses or bookings behind a figure."""
    labels = comparing.labels("training", BEHIND)
    key = tables.behind(labels, noun="records")
    columns, noun = LISTS.get(key, (BOOKINGS, ("booking", "bookings")))
    rows = figures.behind(training, key)
    ordered = rows.sort_values("date", kind="stable") if "date" in rows else rows
    comparing.listing(viewer, chosen, ordered, _seen(columns, viewer), title=labels[key], noun=noun)


def _seen(columns: tuple[Column, ...], viewer: Viewer) -> tuple[Column, ...]:
    return tuple(column for column in columns if column.kind != "money" or viewer.may(roles.SEE_MONEY))


_SESSION = (Column("date", "Date", "date"), Column("course", "Course"))
_SEATS = (Column("capacity", "Seats", "number"), Column("booked", "Booked", "number"))
AHEAD = (
    *_SESSION,
    Column("filled_percent", "Filled", "progress"),
    *_SEATS,
    Column("empty", "Empty", "number"),
    Column("waiting", "Waiting", "number"),
    Column("to_do", "To do", help="Promote: people wait and the session has empty seats. Full: people wait."),
    Column("audience", "For"),
    Column("delivery", "How"),
)
_CAME = (
    Column("attended", "Attended", "number"),
    Column("did_not_attend", "Did not attend", "number"),
    Column("waiting", "Waiting", "number"),
)
SESSIONS = (
    *_SESSION,
    *_SEATS,
    *_CAME,
    Column("audience", "For"),
    Column("provider", "Given by"),
    Column("delivery", "How"),
    Column("cost_pence", "Cost", "money"),
    Column("session_id", "Session"),
)
COURSES = (Column("course", "Course"), Column("sessions", "Sessions", "number"), *_SEATS, *_CAME)
BOOKINGS = (
    *_SESSION,
    Column("school", "School"),
    Column("role", "Role"),
    Column("delegate_id", "Delegate", names_people=True),
    Column("area", "Area"),
    Column("status", "Status"),
    Column("booked_on", "Booked", "date"),
    Column("evaluation", "Evaluation"),
    Column("booking_id", "Booking"),
)
SCHOOLS = (
    Column("school", "School"),
    Column("children", "Our children", "number"),
    Column("school_phase", "Phase"),
    Column("town", "Town"),
    Column("last_attended_on", "Last attended", "date"),
    Column("courses_in_period", "Courses", "number", "Different courses attended in the period"),
)
LISTS = {
    "sessions": (SESSIONS, ("session", "sessions")),
    "places": (SESSIONS, ("session", "sessions")),
    "courses": (COURSES, ("course", "courses")),
}
