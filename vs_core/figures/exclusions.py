"""Suspensions and exclusions: figures, and the notices and children behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import children, fetch
from vs_core.figures.subject import Answer, Behind, SubjectFigures
from vs_core.queries import exclusions
from vs_core.queries.scope import Scope
from vs_core.rules import measures
from vs_core.rules.clocks import exclusion_limits
from vs_core.rules.exclusions import LUNCHTIME, PERMANENT, SUSPENSION
from vs_core.rules.frame import Frame
from vs_core.rules.measures_exclusions import counted, days_by, first_reasons, most_days_over, notices_in_period
from vs_core.rules.school_calendar import SchoolCalendar


def answer(connection: Connection, frame: Frame, scope: Scope) -> Answer:
    """rows: `notices` (one row a notice of the period with `term`, `kind`, `days`, `is_counted`, `academic_year` and
    the child's details), `days_by_term`, `days_by_year` (one row a child and term or year: `days`, `limit_days`,
    `is_over`)."""
    found = fetch.rows(connection, exclusions.notices(frame, scope))
    found["term"] = _terms(connection, frame, scope)
    known = children.of_cohort(connection, frame, scope, frame.start, frame.end)
    rows = notices_in_period(children.with_identity(found, known), frame)
    limits = exclusion_limits(fetch.thresholds(connection), frame.end)
    by_term, by_year = (
        children.with_identity(days_by(rows, span, limit).merge(known[["child_key", "child_id"]], on="child_id"), known)
        for span, limit in (("term", limits.governors_must_meet_over_days), ("academic_year", limits.year_limit_days))
    )
    figures = measures.exclusions(rows, by_term, by_year)
    return Answer(figures, {"notices": rows, "days_by_term": by_term, "days_by_year": by_year})


def _terms(connection: Connection, frame: Frame, scope: Scope) -> pd.Series[Any]:
    """The term of each notice by the calendar of its school, else of the only authority with one, else by season. The
    calendar of a restricted child's school counts whoever looks; nothing else of the school is given."""
    notices = fetch.rows(connection, exclusions.notices(frame, replace(scope, restricted=True)))
    loaded = fetch.calendar_rows(connection, frame.known_on)
    calendar = SchoolCalendar(loaded)
    authorities = {row.la for row in loaded}
    only = authorities.pop() if len(authorities) == 1 else ""
    terms = [_term(calendar, row, only) for row in notices.itertuples()]
    return pd.Series(terms, notices.index, dtype=object)


def _term(calendar: SchoolCalendar, row: Any, otherwise: str) -> str:
    urn = None if pd.isna(row.urn) else str(row.urn)
    return str(calendar.term_or_season(row.start_date, _authority(calendar, row, otherwise), urn))


def _authority(calendar: SchoolCalendar, row: Any, otherwise: str) -> str:
    la = "" if pd.isna(row.la) else str(row.la)
    return la if la and calendar.is_loaded(row.start_date, la) else otherwise


def _of_kind(*kinds: str) -> Behind:
    def rows(of: SubjectFigures) -> pd.DataFrame:
        return pd.concat([counted(of.rows["notices"], kind) for kind in kinds]).sort_index()

    return rows


def _suspended_children(of: SubjectFigures) -> pd.DataFrame:
    suspensions = _of_kind(SUSPENSION)(of)
    by_child = suspensions.groupby("child_key", as_index=False).agg(suspensions=("days", "size"), days=("days", "sum"))
    first = suspensions.drop_duplicates("child_key").drop(columns="days")
    return by_child.merge(first[_about_the_child(first)], on="child_key", how="left")


_OF_NOTICE = {
    "notice_key",
    "notice_id",
    "start_date",
    "end_date",
    "start_session",
    "category",
    "sessions",
    "status",
    "term",
}


def _about_the_child(rows: pd.DataFrame) -> list[str]:
    return [name for name in rows.columns if name not in _OF_NOTICE and not name.startswith("reason")]


def of_reason(of: SubjectFigures, reason: str) -> pd.DataFrame:
    """Suspensions with a first reason (`not given`: without one)."""
    suspensions = _of_kind(SUSPENSION)(of)
    return suspensions[first_reasons(suspensions) == reason]


BEHIND: Mapping[str, Behind] = {
    "suspensions": _of_kind(SUSPENSION),
    "suspended_children": _suspended_children,
    "suspension_days": _of_kind(SUSPENSION),
    "lunchtime_suspensions": _of_kind(LUNCHTIME),
    "lunchtime_days": _of_kind(LUNCHTIME),
    "permanent_exclusions": _of_kind(PERMANENT),
    "days_lost": _of_kind(SUSPENSION, LUNCHTIME),
    "by_reason": _of_kind(SUSPENSION),
    "over_15_days_in_term": lambda of: most_days_over(of.rows["days_by_term"]),
    "over_45_days_in_year": lambda of: most_days_over(of.rows["days_by_year"]),
}
