"""The rows of a query as a small frame."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd
from sqlalchemy import Connection, Row, Select

from vs_core.queries import reference
from vs_core.rules.dated import Threshold, Thresholds, in_force
from vs_core.rules.projects import Project
from vs_core.rules.school_calendar import CalendarRow, SchoolCalendar


def rows(connection: Connection, query: Select) -> pd.DataFrame:
    """One row a row of the query, its columns in order; dates stay dates, empty cells stay empty."""
    result = connection.execute(query)
    return pd.DataFrame.from_records([tuple(row) for row in result.fetchall()], columns=list(result.keys()))


def thresholds(connection: Connection) -> Thresholds:
    """The limits that rules use."""
    return Thresholds(
        Threshold(
            row.name, Decimal(row.value), row.unit, row.meaning, row.starts_on, row.ends_on, row.source, row.unconfirmed
        )
        for row in connection.execute(reference.thresholds())
    )


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
