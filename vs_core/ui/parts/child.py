"""What one child's page is put together from: who it is, the figures, the weeks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from vs_core import charts, figures
from vs_core.access import openings, roles
from vs_core.access.viewer import Viewer
from vs_core.figures.child import Child, current_plan, in_custody, schools_on_the_day
from vs_core.figures.headline import Headline, of_measure
from vs_core.queries.trail import Asked
from vs_core.rules.listed import MARK
from vs_core.rules.pep import PepState
from vs_core.ui import chart, links, tables, tiles, words
from vs_core.ui.load import attendance_views
from vs_core.ui.parts import attendance_views as views
from vs_core.ui.parts import children, groupings, trail
from vs_core.ui.tables import Column

NOT_THEN = "Nothing was known of this child on that day. Choose a later day."
_COHORTS = {
    "previously_looked_after": "Previously looked after",
    "child_in_need": "Child in need",
    "child_protection": "Protection plan",
    "kinship": "Kinship care",
}


def title_row() -> Any:
    """The row of the name, the way to another child and the choice of the day."""
    return st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="title-row"
    )


def heading(of: Child) -> None:
    """The child's name with what must not be overlooked."""
    st.title(words.plain(children.names(of.roll).iloc[0]), width="content")
    for label, icon, colour in _flags(of, of.roll.iloc[0]):
        st.badge(label, icon=f":material/{icon}:", color=colour)


def who(of: Child) -> None:
    """In one line who the child is."""
    st.markdown(words.plain(" · ".join(_who(of, of.roll.iloc[0]))))


def _flags(of: Child, row: Any) -> Iterator[tuple[str, str, Any]]:
    if row.restricted:
        yield "Restricted: tell nobody where", "lock", "red"
    if row.uasc:
        yield "Unaccompanied", "travel_explore", "blue"
    if in_custody(of) is not None:
        yield "In custody", "gavel", "red"
    if not row.in_care:
        yield "Not in care", "logout", "gray"
    for flag, label in _COHORTS.items():
        if row[flag]:
            yield label, "groups", "gray"


def _who(of: Child, row: Any) -> Iterator[str]:
    years = groupings.age(row.born_on, of.frame.as_at)
    yield str(row.child_id)
    yield children.year(row.year_group) if row.year_group != "not known" else "year group not known"
    if years is not None:
        yield f"{years} years old"
    if _day(row.in_care_since):
        yield f"in care since {words.long_day(row.in_care_since)}"
    yield _text(row.school) or ("on a school's roll" if row.on_roll else "on no school's roll")


def figures_row(viewer: Viewer, of: Child) -> None:
    """Attendance, days of suspension, the plan, the money, the actions."""
    money = [_money(of)] if viewer.may(roles.SEE_MONEY) else []
    tiles.figures_row([_attendance(of), _days(of), _plan(of), *money, _actions(of)], key="child-figures")


def _attendance(of: Child) -> Headline:
    now = of.subjects["attendance"]
    attended, possible = (now.figures[key] or 0 for key in ("attended_sessions", "possible_sessions"))
    tile = of_measure(
        figures.measure("attendance", "attendance_percent"),
        now.figures["attendance_percent"],
        note=now.notes.get("attendance_percent", ""),
        label="Attendance this year",
        caption=f"{attended:,} of {possible:,} possible sessions since {words.long_day(of.frame.start)}",
        spark=list(of.weeks.sort_values("week")["attendance_percent"].dropna()) if len(of.weeks) else [],
    )
    change = _change(of)
    return replace(
        tile, change=change, since=SINCE if change else "", definition=f"{tile.definition}\n\n{_OF_THE_CHANGE}"
    )


SINCE = "last four weeks"
_OF_THE_CHANGE = "The change: the last four weeks of school against the weeks before them, since 1 September."


def _change(of: Child) -> str | None:
    """`+2.1 pts`; None where too few sessions lie on either side (`rules.attendance_course`)."""
    if of.course.empty or pd.isna(of.course["change_points"].iloc[0]):
        return None
    recent, earlier = (of.course[name].iloc[0] for name in ("recent_percent", "earlier_percent"))
    return words.change(recent, earlier, "percent")


def _days(of: Child) -> Headline:
    days, notes = of.days, of.subjects["exclusions"].notes
    limit = days.limits
    return of_measure(
        figures.measure("exclusions", "days_lost"),
        None if "days_lost" in notes else days.in_year,
        note=notes.get("days_lost", ""),
        label="Days suspended this year",
        caption=f"of {limit.year_limit_days} at most; {words.figure(days.in_term, 'days')} of "
        f"{limit.governors_must_meet_over_days} this term",
    )


def _plan(of: Child) -> Headline:
    plan, notes = current_plan(of), of.subjects["pep"].notes
    measure = figures.measure("pep", "due")
    if plan is None:
        none = None if notes.get("due") else "none"
        due = f"The first is due on {words.long_day(of.first_plan_due)}" if of.first_plan_due else "No plan on record"
        return of_measure(measure, none, note=notes.get("due", ""), label="Education plan", caption=due)
    said = {PepState.OVERDUE: "overdue", PepState.DUE: f"due {words.short_day(plan.due_on)}"}
    quality = [f"rated {plan.quality}"] if _text(plan.quality) and plan.state not in said else []
    parts = [f"{plan.kind.capitalize()} of {plan.term}, due {words.long_day(plan.due_on)}", *_done(plan), *quality]
    return of_measure(measure, said.get(plan.state, "signed off"), label="Education plan", caption="; ".join(parts))


def _done(plan: Any) -> list[str]:
    steps = (
        ("quality_assured_on", "signed off"),
        ("finished_on", "finished by the school"),
        ("meeting_on", "meeting held"),
        ("initiated_on", "begun"),
    )
    done = next(((plan[name], what) for name, what in steps if _day(plan[name])), None)
    return [f"{done[1]} {words.short_day(done[0])}"] if done else ["not begun"]


def _money(of: Child) -> Headline:
    now = of.subjects["pp-plus"]
    sums = now.figures
    eligible = len(now.rows["children"]) > 0
    parts = f"asked {words.pounds(sums['requested_pence'] or 0)}, approved {words.pounds(sums['approved_pence'] or 0)}"
    return of_measure(
        figures.measure("pp-plus", "paid_pence"),
        sums["paid_pence"],
        note=now.notes.get("paid_pence", ""),
        label=f"PP+ paid, {now.frame.financial_year}",
        caption=f"{parts}{'' if eligible else '; not eligible this year'}",
    )


def _actions(of: Child) -> Headline:
    now = of.subjects["actions"].figures
    return of_measure(
        figures.measure("actions", "open"),
        now["open"],
        label="Open actions",
        caption=f"{now['overdue'] or 'none'} overdue",
    )


def weeks(of: Child) -> None:
    """Attendance week by week, each with its number."""
    st.subheader("Week by week")
    rows = of.weeks.rename(columns={"week": "week_on"})
    name = "Attendance"
    with_sessions = int((of.weeks["possible_sessions"] > 0).sum()) if len(of.weeks) else 0
    chart.draw(
        charts.child_by_week,
        rows.assign(row_id="child", name=name, rank=1, is_listed=bool(of.roll[MARK].all())),
        alt=f"Attendance of the child by week, {with_sessions} weeks with sessions",
        key="child-weeks",
        empty=f"No possible session is recorded since {words.long_day(of.frame.start)}.",
    )


def half_days(viewer: Viewer, of: Child) -> None:
    """Each half day of the last weeks with its register code."""
    st.subheader("Half day by half day")
    marks = attendance_views.marks(viewer, int(of.roll["child_key"].iloc[0]), of.frame, due_in="in care")
    views.child_calendar(marks, of.frame, "child-half-days")


def about(of: Child) -> None:
    """Care, school and people in three boxes."""
    row, on = of.roll.iloc[0], of.frame.as_at
    boxes = {"Care": _care(row, on), "School": _school(of, row), "People": _people(row)}
    grid = st.grid(len(boxes), min_column_width=230, border=True, gap="xsmall", key="about")
    for title, lines in boxes.items():
        with grid.cell(), st.container(gap="xxsmall"):
            st.subheader(title)
            for label, value in lines:
                st.markdown(f"**{label}:** {words.plain(value or 'not known')}")


def _care(row: Any, on: date) -> list[tuple[str, str]]:
    def said(name: str) -> str:
        return groupings.meanings(pd.Series([row[name]]), name, on)[0]

    born = f"{words.long_day(row.born_on)}" if _day(row.born_on) else ""
    of_care = [("Legal status", said("legal_status")), ("Placement", said("placement"))]
    where = groupings.where(pd.Series([row.in_county]))[0]
    since = words.long_day(row.episode_from) if _day(row.episode_from) else ""
    return [
        ("Born", born),
        *(of_care if _day(row.in_care_since) or row.in_care_with_short_breaks else []),
        *([("Unchanged since", since)] if since else []),
        ("Lives", f"{where}{', ' + row.area if _text(row.area) else ''}"),
    ]


def _school(of: Child, row: Any) -> list[tuple[str, str]]:
    sen = groupings.meanings(pd.Series([row.sen]), "sen", date.max)[0]
    if not row.on_roll:
        return [("School", "on no school's roll"), ("Special educational needs", sen)]
    since = f", since {words.long_day(row.enrolled_from)}" if _day(row.enrolled_from) else ""
    told = words.long_day(row.school_informed_on) if _day(row.school_informed_on) else "not on record"
    return [
        ("School", f"{_text(row.school) or _text(row.urn) or 'not known'}{since}"),
        *([("Also on the roll of", also)] if (also := _other_schools(of, row)) else []),
        ("Authority", _text(row.school_la)),
        ("Ofsted", _text(row.ofsted_rating)),
        ("Special educational needs", sen),
        ("Told that the child is in care", told),
    ]


def _other_schools(of: Child, row: Any) -> str:
    others = schools_on_the_day(of)
    names = [_text(each.school) or _text(each.urn) for each in _each(others[others["urn"] != row.urn])]
    return words.listed(names)


def _each(rows: pd.DataFrame) -> Iterator[Any]:
    yield from rows.itertuples()


def _people(row: Any) -> list[tuple[str, str]]:
    return [
        ("Adviser", _text(row.adviser)),
        ("Social worker", _text(row.social_worker)),
        ("Designated teacher", _text(row.designated_teacher)),
    ]


def actions(of: Child) -> None:
    """The open actions about the child, the first due first."""
    rows = of.subjects["actions"].rows["actions"]
    if rows.empty:
        return
    st.subheader("Open actions")
    tables.listing(
        rows.sort_values("due_on"),
        _ACTIONS,
        key="child-actions",
        alt="Open actions about the child",
        noun=("action", "actions"),
    )


_ACTIONS = (
    Column("due_on", "Due", "date"),
    Column("next_step", "Next step"),
    Column("owner", "Owner"),
    Column("subject", "Subject"),
    Column("opened_on", "Opened", "date"),
)


def who_looked(viewer: Viewer, child_key: int) -> None:
    """Who opened this page, for who may read the trail."""
    if not viewer.may(roles.READ_TRAIL):
        return
    trail.who_looked(viewer, Asked(subject=openings.subject_of(child_key)))
    links.to_trail("All that the trail says of this child", child_key)


def _day(value: Any) -> bool:
    return value is not None and not pd.isna(value)


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)
