"""The reference rows that ship with the product, as the rules take them."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from vs_core.rules.clocks import Clock
from vs_core.rules.dated import Code, Threshold, Thresholds
from vs_core.rules.pp_policy import PolicyTerm
from vs_core.rules.school_calendar import CalendarRow, SchoolCalendar

REFERENCE = Path(__file__).parents[2] / "data" / "reference"


def rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.fixture(scope="session")
def reference():
    return rows


@pytest.fixture(scope="session")
def listed_codes() -> list[Code]:
    return [
        Code(row["list"], row["code"], row["meaning"], day(row["starts_on"]), day(row["ends_on"]))
        for row in rows("codes.csv")
    ]


@pytest.fixture(scope="session")
def thresholds() -> Thresholds:
    return Thresholds(
        Threshold(row["name"], Decimal(row["value"]), row["unit"], row["meaning"], day(row["starts_on"]))
        for row in rows("thresholds.csv")
    )


@pytest.fixture(scope="session")
def policy_terms() -> list[PolicyTerm]:
    return [
        PolicyTerm(
            *(row[name] for name in ("policy", "name", "value", "unit", "meaning")),
            day(row["starts_on"]),
            day(row["ends_on"]),
            row["source"],
            row["unconfirmed"] == "1",
        )
        for row in rows("pp_policies.csv")
    ]


@pytest.fixture(scope="session")
def calendar() -> SchoolCalendar:
    return SchoolCalendar(
        CalendarRow(
            row["la"],
            row["academic_year"],
            row["what"],
            date.fromisoformat(row["start"]),
            date.fromisoformat(row["end"]),
        )
        for name in ("calendar.csv", "calendar_unconfirmed.csv")
        for row in rows(name)
    )


@pytest.fixture
def essex(calendar: SchoolCalendar, thresholds: Thresholds) -> Clock:
    return Clock(calendar, thresholds, "Essex")
