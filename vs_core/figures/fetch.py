"""The rows of a query as a small frame."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pandas as pd
from sqlalchemy import Connection, Row, Select

from vs_core.queries import reference
from vs_core.rules import pp_policy, reference_changes
from vs_core.rules.dated import Threshold, Thresholds, in_force
from vs_core.rules.frame import Frame
from vs_core.rules.periods import pieces
from vs_core.rules.pp_policy import Policy, PolicyTerm
from vs_core.rules.projects import Project
from vs_core.rules.reference_changes import Change, Rate
from vs_core.rules.school_calendar import CalendarRow, SchoolCalendar


def rows(connection: Connection, query: Select) -> pd.DataFrame:
    """One row a row of the query, its columns in order; dates stay dates, empty cells stay empty."""
    result = connection.execute(query)
    return pd.DataFrame.from_records([tuple(row) for row in result.fetchall()], columns=list(result.keys()))


WEEKS_A_PIECE = 3


def in_pieces(connection: Connection, query: Callable[..., Select], frame: Frame) -> pd.DataFrame:
    """The same of a query that takes a `piece` of the frame's period: read three weeks at a time, so that no query
    takes long, however long the period is."""
    parts = [rows(connection, query(piece=each)) for each in pieces(frame.start, frame.end, WEEKS_A_PIECE)]
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def summed_in_pieces(connection: Connection, query: Callable[..., Select], frame: Frame, key: str) -> pd.DataFrame:
    """The same with the rows of a `key` added up: one row each, in order; the other columns are counts."""
    return in_pieces(connection, query, frame).groupby(key, as_index=False).sum()


def thresholds(connection: Connection, known_on: date | None = None) -> Thresholds:
    """The limits that rules use, as people had changed them by the end of a day (None: now)."""
    shipped = (
        Threshold(
            row.name, Decimal(row.value), row.unit, row.meaning, row.starts_on, row.ends_on, row.source, row.unconfirmed
        )
        for row in connection.execute(reference.thresholds())
    )
    return Thresholds(reference_changes.limits(shipped, changes(connection, known_on)))


def changes(connection: Connection, known_on: date | None = None) -> list[Change]:
    """What people had changed of rates, policies and limits by the end of a day (None: now), the first change first."""
    return [Change(**row) for row in connection.execute(reference.changes(known_on)).mappings()]


def pp_rates(connection: Connection, known_on: date | None = None) -> dict[tuple[str, str], Rate]:
    """Rates a child by financial year and fund, as known by the end of a day (None: now)."""
    rows = connection.execute(reference.pp_rates())
    shipped = (Rate(row.financial_year, row.fund, row.rate_pence, row.source, row.unconfirmed) for row in rows)
    return reference_changes.rates(shipped, changes(connection, known_on))


def policy_terms(connection: Connection, known_on: date | None = None) -> list[PolicyTerm]:
    """The terms of every policy, as known by the end of a day (None: now)."""
    shipped = (PolicyTerm(*row) for row in connection.execute(reference.pp_policies()))
    return reference_changes.policy_terms(shipped, changes(connection, known_on))


def policy(connection: Connection, on: date, known_on: date | None = None) -> Policy | None:
    """The policy that holds on a day, as it was known; None where none is chosen."""
    chosen = reference_changes.in_force_on(changes(connection, known_on), on)
    return pp_policy.policy(policy_terms(connection, known_on), chosen.value, on) if chosen else None


def school_calendar(connection: Connection, known_on: date | None) -> SchoolCalendar:
    """Term dates and closed days of every authority and school, as known."""
    return SchoolCalendar(calendar_rows(connection, known_on))


def calendar_rows(connection: Connection, known_on: date | None) -> list[CalendarRow]:
    found = connection.execute(reference.calendar(known_on))
    return [
        CalendarRow(row.la, row.academic_year, row.what, row.started_on, row.ended_on, row.urn or None) for row in found
    ]


def projects(connection: Connection, on: date, known_on: date | None = None) -> list[Project]:
    """The projects of the reference list that hold on a day; then those that only places, use or licences name."""
    listed = [_project(row) for row in connection.execute(reference.projects())]
    names = {project.name for project in listed}
    others = sorted(
        row.project for row in connection.execute(reference.project_names(known_on)) if row.project not in names
    )
    return [project for project in listed if in_force(project, on)] + [Project(name) for name in others]


def _project(row: Row) -> Project:
    cohorts = tuple(part.strip() for part in (row.cohorts or "").split(";") if part.strip())
    plain = (row.minutes_per_week, row.target, row.unit_cost_pence, row.starts_on, row.ends_on)
    return Project(row.name, row.years_from, row.years_to, cohorts, *plain)
