"""What the exclusions page is put together from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from vs_core import charts, figures
from vs_core.access.viewer import Viewer
from vs_core.figures import SubjectFigures
from vs_core.figures.changes import Changes
from vs_core.figures.freshness import Freshness
from vs_core.rules.exclusions import LUNCHTIME, PERMANENT, REASON_NOT_GIVEN, SUSPENSION, ExclusionLimits
from vs_core.rules.listed import MARK, left_out, listed
from vs_core.rules.measures_exclusions import counted
from vs_core.ui import chart, tables, tiles, words
from vs_core.ui.filters import Chosen
from vs_core.ui.parts import children, comparing
from vs_core.ui.tables import Column

MOST_SHOWN = 15
BY_WEEK, BY_TERM = "By week", "By term"
BEHIND = (
    "suspensions",
    "suspended_children",
    "permanent_exclusions",
    "over_15_days_in_term",
    "over_45_days_in_year",
    "lunchtime_suspensions",
    "days_lost",
)
KIND_WORDS = {SUSPENSION: "Suspension", LUNCHTIME: "Lunchtime", PERMANENT: "Permanent exclusion"}


def last_notice(fresh: Freshness) -> str:
    """The clause about the latest notice: `The latest starts on 20 Nov 2026`."""
    return f"The latest starts on {words.long_day(fresh.last_on)}" if fresh.last_on else ""


def figures_row(compared: Changes, weekly: pd.DataFrame, members: int) -> None:
    """Six tiles: suspensions, children, days, permanent exclusions, and children over each limit."""
    now = compared.now.figures
    spark = {name: [float(count) for count in weekly[name]] for name in ("suspensions", "children", "days_lost")}
    lunchtimes = words.counted(now["lunchtime_suspensions"] or 0, "lunchtime")
    tiles.figures_row(
        [
            comparing.tile(compared, "suspensions", caption=f"{lunchtimes} besides", spark=spark["suspensions"]),
            comparing.tile(
                compared,
                "suspended_children",
                caption=f"{_share(now['suspended_children'], members)} of {members:,} in the group",
                spark=spark["children"],
            ),
            comparing.tile(
                compared,
                "days_lost",
                label="School days lost",
                caption=_days_each(now["days_lost"], now["suspended_children"]),
                spark=spark["days_lost"],
            ),
            comparing.tile(
                compared, "permanent_exclusions", caption="not counted when withdrawn or the child is reinstated"
            ),
            comparing.tile(
                compared, "over_15_days_in_term", label="Over 15 days in a term", caption="the governors must meet"
            ),
            comparing.tile(
                compared, "over_45_days_in_year", label="Over 45 days in the year", caption="more than the law allows"
            ),
        ],
        key="exclusion-figures",
    )


def _share(part: int | None, whole: int) -> str:
    return words.figure(part * 100 / whole if part is not None and whole else None, "percent") or "none"


def _days_each(days: float | None, pupils: int | None) -> str:
    return f"{days / pupils:.1f} for each child suspended" if days and pupils else "suspension and lunchtimes"


def what_moved(compared: Changes, days: pd.DataFrame, limits: ExclusionLimits) -> None:
    """New notices since last week, and who is near the limit of a year."""
    said = [_new_notices(compared), _near(days, limits)]
    text = " ".join(each for each in said if each)
    if text:
        st.markdown(words.plain(text))


def _new_notices(compared: Changes) -> str:
    if compared.before is None or compared.now.figures["suspensions"] is None:
        return ""
    suspensions = compared.moved_in("suspensions")
    permanent = len(compared.moved_in("permanent_exclusions"))
    new = words.counted(len(suspensions), "suspension").capitalize()
    of = f" of {words.counted(suspensions['child_key'].nunique(), 'child', 'children')}" if len(suspensions) else ""
    return f"{new}{of} and {words.counted(permanent, 'permanent exclusion')} are new since last week."


def _near(days: pd.DataFrame, limits: ExclusionLimits) -> str:
    may = limits.governors_may_meet_over_days
    over = int((days["term_days"] > may).sum())
    if not over:
        return f"Nobody has more than {may} days this term."
    who = words.counted(over, "child has", "children have").capitalize()
    must = limits.governors_must_meet_over_days
    beyond = int((days["term_days"] > must).sum())
    return f"{who} more than {may} days this term, {beyond or 'none'} of them more than {must}."


def by_week(notices: pd.DataFrame, start: date, end: date) -> pd.DataFrame:
    """`week_on`, `suspensions`, `days_lost`, `children`, `permanent_exclusions`: what counts, by the week it starts;
    every week of the period, unless nothing starts in it."""
    rows = pd.concat([counted(notices, kind) for kind in KIND_WORDS])
    monday = [day - timedelta(days=day.weekday()) for day in rows["start_date"]]
    rows = rows.assign(week_on=monday, is_suspension=rows["kind"] == SUSPENSION, is_permanent=rows["kind"] == PERMANENT)
    suspended = rows[rows["is_suspension"]].groupby("week_on")["child_key"].nunique()
    weekly = rows.groupby("week_on", as_index=False).agg(
        suspensions=("is_suspension", "sum"), days_lost=("days", "sum"), permanent_exclusions=("is_permanent", "sum")
    )
    weekly["children"] = weekly["week_on"].map(suspended).fillna(0).astype(int)
    first = start - timedelta(days=start.weekday())
    every = [day.date() for day in pd.date_range(first, end, freq="7D")] if len(weekly) else []
    return weekly.set_index("week_on").reindex(pd.Index(every, name="week_on"), fill_value=0).reset_index()


def by_term(years: Sequence[SubjectFigures], term_now: str) -> pd.DataFrame:
    """`term`, `suspensions`, `children`, `days_lost`, `is_part` of each term of the years, oldest first."""
    notices = pd.concat([counted(year.rows["notices"], kind) for year in years for kind in (SUSPENSION, LUNCHTIME)])
    suspended = notices[notices["kind"] == SUSPENSION]
    terms = suspended.groupby("term").agg(suspensions=("days", "size"), children=("child_key", "nunique"))
    terms["days_lost"] = notices.groupby("term")["days"].sum()
    order = sorted(terms.index, key=_in_time)
    return terms.loc[order].reset_index().assign(is_part=[term == term_now for term in order])


def _in_time(term: str) -> tuple[str, int]:
    year, season = term.split(" ")
    return year, ("autumn", "spring", "summer").index(season)


def over_time(weekly: pd.DataFrame, by_terms: pd.DataFrame | None) -> None:
    """Days lost by week, or suspensions by term where `by_terms` is given."""
    if by_terms is None:
        alt = f"School days lost to suspension in {len(weekly)} weeks with a suspension"
        chart.draw(charts.suspensions_by_week, weekly, alt=alt, key="by-week")
    else:
        alt = f"Suspensions in {len(by_terms)} terms"
        chart.draw(charts.suspensions_by_term, by_terms, alt=alt, key="by-term")


def over_time_choice() -> str:
    """By week or by term, kept in the address."""
    st.subheader("Suspensions over time")
    chosen = st.segmented_control(
        "Suspensions over time",
        (BY_WEEK, BY_TERM),
        default=BY_WEEK,
        required=True,
        key="over",
        bind="query-params",
        label_visibility="collapsed",
    )
    return chosen or BY_WEEK


def by_reason(now: SubjectFigures, meanings: dict[str, str]) -> None:
    """Suspensions by first reason, in the words of the department's list."""
    st.subheader("Why: first reason given")
    suspensions = figures.behind(now, "by_reason")
    reasons = suspensions.assign(reason=_first_reason(suspensions, meanings))
    rows = reasons.groupby("reason", as_index=False).agg(
        suspensions=("days", "size"), children=("child_key", "nunique")
    )
    alt = f"{len(suspensions)} suspensions by first reason, {len(rows)} reasons"
    chart.draw(charts.exclusions_by_reason, rows, alt=alt, key="by-reason")


def _first_reason(notices: pd.DataFrame, meanings: dict[str, str]) -> list[str]:
    codes = notices["reason1"].astype(object).fillna("").replace("", REASON_NOT_GIVEN)
    return [meanings.get(str(code), str(code)).capitalize() for code in codes]


def days_by_child(year: SubjectFigures, term_now: str) -> pd.DataFrame:
    """One row a child with a day lost in the academic year: its details, `name`, `term_days`, `year_days`."""
    in_term = year.rows["days_by_term"]
    this_term = in_term[in_term["term"] == term_now].set_index("child_key")["days"]
    rows = year.rows["days_by_year"].sort_values("days", ascending=False, kind="stable").drop_duplicates("child_key")
    return rows.assign(
        name=children.names(rows),
        term_days=rows["child_key"].map(this_term).fillna(0.0).astype(float),
        year_days=rows["days"].astype(float),
    )


def limits(days: pd.DataFrame, limit: ExclusionLimits) -> None:
    """Each child's days this term and this academic year beside the limits."""
    st.subheader("Days against the limits")
    st.caption(
        words.plain(
            f"This academic year, whatever period is chosen. Over {limit.governors_may_meet_over_days} days in a term "
            f"governors meet if the parent asks, over {limit.governors_must_meet_over_days} they must; nobody may be "
            f"suspended for more than {limit.year_limit_days} days in a year."
        )
    )
    shown, unlisted = listed(days), left_out(days)
    most = shown.head(MOST_SHOWN)
    term_limits = (float(limit.governors_may_meet_over_days), float(limit.governors_must_meet_over_days))
    chart.draw(
        charts.days_against_limits,
        most[["name", "term_days", "year_days", MARK]],
        alt=f"Days of suspension of {len(most)} children, this term and this academic year, against the limits",
        key="limits",
        term_limits=term_limits,
        year_limit=float(limit.year_limit_days),
    )
    if len(most) < len(shown):
        st.caption(
            f"The {MOST_SHOWN} children with most days of {len(shown):,}; the list of children suspended has all."
        )
    if unlisted:
        st.caption(words.plain(unlisted))


def listing(viewer: Viewer, chosen: Chosen, compared: Changes, meanings: dict[str, str]) -> None:
    """The notices or children behind a figure."""
    labels = comparing.labels("exclusions", BEHIND)
    key = tables.behind(labels, noun="notices or children")
    rows = children.with_names(figures.behind(compared.now, key))
    if key in ("over_15_days_in_term", "over_45_days_in_year"):
        counts: Sequence[Column] = (Column("days", "Days", "days"), Column("limit_days", "Limit", "number"))
        comparing.listing(viewer, chosen, rows, (children.CHILD, *counts, *_WHO), title=labels[key])
    elif key == "suspended_children":
        rows = rows.sort_values("days", ascending=False, kind="stable")
        counts = (Column("suspensions", "Suspensions", "number"), Column("days", "Days", "days"))
        comparing.listing(viewer, chosen, rows, (children.CHILD, *counts, *_WHO), title=labels[key])
    else:
        rows = rows.sort_values("start_date", ascending=False, kind="stable")
        worded = rows.assign(reason=_first_reason(rows, meanings), kind=rows["kind"].map(KIND_WORDS))
        columns = [column for column in NOTICE if column.field != "kind" or key == "days_lost"]
        comparing.listing(viewer, chosen, worded, columns, title=labels[key], noun=("notice", "notices"))


_WHO = (children.YEAR, children.SCHOOL, children.SOCIAL_WORKER, children.ADVISER)
NOTICE = (
    children.CHILD,
    Column("start_date", "From", "date"),
    Column("days", "Days", "days"),
    Column("end_date", "To", "date"),
    Column("kind", "Kind"),
    Column("reason", "First reason"),
    Column("status", "Status"),
    Column("consulted_virtual_school", "We were asked", "yes or no", "The school asked the Virtual School beforehand"),
    Column("notified_on", "We were told", "date"),
    *_WHO,
)
