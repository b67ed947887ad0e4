"""Past Mondays exist: what the county knew on a Monday of an older year is most of what had happened by then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from tests.demo.conftest import AS_AT
from tests.demo.files import KEYS, Authority, Row, day, rows_of
from tests.demo.test_writing import HAPPENED

MONDAYS = (date(2024, 6, 24), date(2025, 3, 10), date(2026, 1, 19), date(2026, 5, 4), date(2026, 10, 12))
EVENTS = {
    "ssda903-episodes": ("DECOM", "DEC"),
    "cohorts": ("start", "end"),
    "enrolments": ("start", "end"),
    "exclusions": ("start_date", "reintegration_on"),
    "timetables": ("start",),
    "admissions": ("needed_on", "started_on"),
    "peps": ("due_on", "quality_assured_on"),
    "pp-allocations": ("notified_on",),
    "pp-requests": ("requested_on", "decided_on"),
    "pp-payments": ("paid_on",),
    "courses": ("date",),
    "bookings": ("booked_on",),
    "licences": ("start",),
    "project-places": ("offered_on",),
    "project-usage": ("week",),
    "destinations": ("on",),
    "calendar": ("start",),
}
STEPS = ("timetables", "peps", "pp-requests", "pp-payments", "courses", "bookings", "project-places")
EVERY_HALF_TERM = (*STEPS, "attendance", "exclusions", "project-usage", "admissions", "enrolments", "ssda903-header")
WEEKLY_FROM = AS_AT - timedelta(weeks=12)
Deliveries = dict[str, list[tuple[date, list[Row]]]]


@pytest.fixture(scope="module")
def deliveries(county: Authority) -> Deliveries:
    """By KIND each delivery's day and rows; no registers, which are large."""
    found: Deliveries = {kind: [] for kind in KEYS if kind != "attendance"}
    for delivery in county.delivered:
        if delivery.kind in found:
            found[delivery.kind].append((delivery.known_on, rows_of(delivery.path)))
    return found


def _key(kind: str, row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in KEYS[kind])


def _held(deliveries: Deliveries, kind: str, known_on: date) -> list[Row]:
    rows: dict[tuple[str, ...], Row] = {}
    for on, given in deliveries[kind]:
        if on <= known_on:
            rows |= {_key(kind, row): row for row in given}
    return list(rows.values())


def _of_twelve_months(rows: list[Row], column: str, monday: date) -> int:
    first = monday.replace(year=monday.year - 1)
    return sum(first < (day(row[column]) or date.max) <= monday for row in rows)


@pytest.mark.parametrize("monday", MONDAYS, ids=str)
def test_most_of_what_had_happened_was_known(deliveries: Deliveries, monday: date) -> None:
    for kind, columns in EVENTS.items():
        then, now = _held(deliveries, kind, monday), _held(deliveries, kind, AS_AT)
        for column in columns:
            known, happened = (_of_twelve_months(rows, column, monday) for rows in (then, now))
            assert 0.7 * happened <= known, (kind, column, known, happened)
            assert happened, (kind, column)


@pytest.mark.parametrize("kind", EVERY_HALF_TERM)
def test_older_years_are_delivered_by_half_term(county: Authority, kind: str) -> None:
    days = {each.known_on for each in county.delivered if each.kind == kind and each.known_on < WEEKLY_FROM}
    assert len({(on.year, on.month) for on in days}) >= 16


def test_a_file_of_an_older_year_tells_nothing_that_came_after_it(deliveries: Deliveries) -> None:
    for kind, columns in HAPPENED.items():
        for on, rows in _older(deliveries, kind):
            for column in columns:
                assert all((day(row[column]) or on) <= on for row in rows if row[column]), (kind, column, on)


@pytest.mark.parametrize("kind", STEPS)
def test_a_later_file_of_the_older_years_brings_the_next_step(deliveries: Deliveries, kind: str) -> None:
    times = Counter(_key(kind, row) for _, rows in _older(deliveries, kind) for row in rows)
    assert sum(count > 1 for count in times.values()) > LEAST.get(kind, 0.02) * len(times)


LEAST = {"pp-payments": 0.001}
"""A batch closes five days before its run, and few files that come by half term fall between the two."""


def _older(deliveries: Deliveries, kind: str) -> Iterator[tuple[date, list[Row]]]:
    return ((on, rows) for on, rows in deliveries.get(kind, []) if on < WEEKLY_FROM)
