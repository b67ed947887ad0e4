"""The department's published figures to compare attendance with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Connection, Row

from vs_core.queries import benchmarks

GROUPS = {
    "in care": "CLA 12 months at 31 March",
    "child in need": "CINO at 31 March",
    "child protection": "CPPO at 31 March",
}
"""The department's group of each cohort; it publishes none for the others."""
POPULATIONS = {
    "in care": "children looked after for a year or more",
    "child in need": "children in need on 31 March",
    "child protection": "children with a protection plan on 31 March",
}
"""Whom each group counts, in words: not everybody whom our own figure counts."""
PHASES = {None: "Total", "primary": "State-funded primary", "secondary": "State-funded secondary"}
"""The department's schools of each phase of ours; None: of all. Only England's figures are by phase."""
_CELLS = {
    "attendance_percent": "pt_overall",
    "persistently_absent_percent": "pt_pupils_pa_10_exact",
    "severely_absent_percent": "pt_pupils_pa_50_exact",
}


@dataclass(frozen=True)
class Published:
    """A published figure. place: England, a region or an authority; academic_year: `2024/25`; value: percent 0-100, or
    None with the department's symbol (`c`, `x`, `z`); population: whom it counts."""

    key: str
    place: str
    level: str
    academic_year: str
    value: float | None
    population: str
    symbol: str = ""

    @property
    def basis(self) -> str:
        """`England: children looked after for a year or more, 2024/25.`"""
        return f"{self.place}: {self.population}, {self.academic_year}."


def published(
    connection: Connection,
    cohort: str,
    authority: str | None = None,
    known_on: date | None = None,
    phase: str = "Total",
) -> list[Published]:
    """For each attendance figure England, the authority's region and the authority, of the latest year published.

    Empty for a cohort that the department does not publish, or where no benchmark has arrived. Without an authority
    England only. Attendance is 100 less the published absence. phase: the department's, of PHASES."""
    if cohort not in GROUPS:
        return []
    rows = connection.execute(benchmarks.latest_benchmarks((GROUPS[cohort],), known_on, phase)).all()
    own = next((row for row in rows if row.la_name and row.la_name == authority), None)
    region = next((row for row in rows if own and _is_region(row, own.region_name)), None)
    england = next((row for row in rows if row.geographic_level == "National"), None)
    places = [row for row in (england, region, own) if row is not None]
    return [_cell(key, name, row, POPULATIONS[cohort]) for key, name in _CELLS.items() for row in places]


def _is_region(row: Row[Any], region: str) -> bool:
    return row.geographic_level == "Regional" and row.region_name == region


def _cell(key: str, name: str, row: Row[Any], population: str) -> Published:
    text = str(getattr(row, name) or "").strip()
    place = {"National": "England", "Regional": row.region_name}.get(row.geographic_level, row.la_name)
    year = f"{row.time_period[:4]}/{row.time_period[4:]}"
    number = _number(text)
    if number is not None and key == "attendance_percent":
        number = 100 - number
    value = None if number is None else float(number)
    return Published(key, place, row.geographic_level, year, value, population, "" if value is not None else text)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
