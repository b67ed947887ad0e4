"""The second opinion on published figures: a county's register, a town's suspensions, a faulty statutory return."""

import csv
import io
import json
import lzma
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.naive import Delivery, figures
from tests.naive.deliveries import day

REAL = Path(__file__).parents[1] / "real_data"


def rows_of(text: str, **renamed: str) -> list[dict[str, str]]:
    return [{renamed.get(name, name): cell for name, cell in row.items()} for row in csv.DictReader(io.StringIO(text))]


def expected(folder: str) -> dict[str, Any]:
    return json.loads((REAL / folder / "expected.json").read_text())


def test_the_county_register() -> None:
    folder = "attendance_essex_cla_2024-25"
    text = lzma.decompress((REAL / folder / "sessions.csv.xz").read_bytes()).decode()
    register = Delivery("attendance", date(2025, 7, 31), rows_of(text, pupil_id="child_id"))
    end = date(2025, 7, 31)
    found, right = figures([register], "attendance", end, None, date(2024, 9, 1), end, "all"), expected(folder)
    assert found["children"] == right["pupils"]
    assert found["possible_sessions"] == right["possible_sessions"]
    assert found["authorised_absence_sessions"] == right["authorised"]
    assert found["unauthorised_absence_sessions"] == right["unauthorised"]
    assert found["attendance_percent"] == pytest.approx(right["attendance_pct"], abs=5e-5)
    assert (found["persistently_absent"], found["severely_absent"]) == (64, 30)


def test_the_town_s_suspensions() -> None:
    folder = "suspensions_southend_2016-17"
    text = (REAL / folder / "suspensions.csv").read_text()
    notices = Delivery("exclusions", date(2017, 8, 31), rows_of(text, pupil_id="child_id"))
    end = date(2017, 8, 31)
    found, right = figures([notices], "exclusions", end, None, date(2016, 9, 1), end, "all"), expected(folder)
    assert found["suspensions"] == right["suspensions"]
    assert found["suspended_children"] == right["pupils_with_one_or_more"]
    assert found["by_reason"] == right["by_reason"]
    assert found["days_lost"] == right["days_lost_generated(sessions/2)"]


def is_taken(row: dict[str, str], *dates: str) -> bool:
    try:
        return bool(row["CHILD"]) and all(day(row[name]) for name in dates)
    except ValueError:
        return False


def test_the_faulty_return() -> None:
    folder, as_at = "ssda903_2025", date(2025, 3, 31)
    deliveries = []
    for kind, dates in (("header", ()), ("episodes", ("DECOM",)), ("uasc", ())):
        rows = rows_of((REAL / folder / f"SSDA903_2025_{kind}.csv").read_text(encoding="utf-8-sig"))
        taken = [row for row in rows if is_taken(row, *dates)]
        deliveries.append(Delivery(f"ssda903-{kind}", as_at, taken))
    found, right = figures(deliveries, "cohort", as_at, None, date(2024, 9, 1), as_at), expected(folder)
    same = ("in_care", "in_care_with_short_breaks", "pp_plus_eligible", "pp_plus_eligible_with_short_breaks", "uasc")
    assert {name: found[name] for name in same} == {name: right[name] for name in same}
