"""The files: the same for the same date, in the contracts' layouts, delivered in order."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from tests.demo.conftest import AS_AT
from tests.demo.files import KEYS, Authority, on, rows_of
from vs_core.demo import Delivery, write

REFERENCE = Path(__file__).parents[2] / "data" / "reference"
REQUIRED = {
    "schools": "URN EstablishmentName",
    "ssda903-header": "CHILD SEX DOB",
    "ssda903-episodes": "CHILD DECOM RNE LS PLACE",
    "ssda903-uasc": "CHILD DUC",
    "children": "child_id dob",
    "cohorts": "child_id cohort start",
    "enrolments": "child_id urn start",
    "exclusions": "child_id start_date sessions category reason1",
    "timetables": "child_id kind start review_due",
    "peps": "child_id term kind due_on",
    "pp-allocations": "financial_year fund stage children amount notified_on",
    "pp-requests": "request_id child_id term amount area status requested_on",
    "pp-payments": "payment_id request_id amount status paid_on",
    "courses": "session_id course audience date capacity",
    "bookings": "booking_id session_id role status",
    "project-places": "project child_id urn start status",
    "project-usage": "project child_id week minutes",
    "licences": "project start end places cost",
    "admissions": "child_id needed_on",
    "destinations": "child_id on status",
    "custody": "child_id start setting",
    "calendar": "la academic_year what start end",
}
HAPPENED = {
    "enrolments": ("end",),
    "attendance": ("date",),
    "exclusions": ("start_date", "notified_on"),
    "peps": ("initiated_on", "meeting_on", "finished_on", "quality_assured_on"),
    "pp-requests": ("requested_on", "decided_on"),
    "pp-payments": ("paid_on",),
    "bookings": ("booked_on",),
    "ssda903-episodes": ("DECOM", "DEC"),
    "cohorts": ("start", "end"),
    "destinations": ("on",),
    "custody": ("start", "end"),
    "admissions": ("needed_on", "applied_on", "decision_on", "started_on"),
    "timetables": ("start", "reviewed_on", "end"),
}


def _bytes(folder: Path, delivered: list[Delivery]) -> dict[str, bytes]:
    return {delivery.path.relative_to(folder).as_posix(): delivery.path.read_bytes() for delivery in delivered}


def test_the_same_date_gives_the_same_bytes(tmp_path: Path, small: Authority) -> None:
    again = _bytes(tmp_path, write(tmp_path, AS_AT, "small"))
    first = {f"{d.known_on:%Y-%m-%d}/{d.kind}.csv": d.path.read_bytes() for d in small.delivered}
    assert again == first


def test_another_date_gives_another_authority(tmp_path: Path, small: Authority) -> None:
    other = write(tmp_path, date(2026, 11, 24), "small")
    assert [d.path.read_bytes() for d in other] != [d.path.read_bytes() for d in small.delivered]


def test_every_kind_is_there(small: Authority) -> None:
    assert {delivery.kind for delivery in small.delivered} == set(KEYS)


def test_headers_hold_the_columns_that_the_contract_requires(small: Authority) -> None:
    for delivery in small.delivered:
        columns = set(delivery.path.open(encoding="utf-8").readline().strip().split(","))
        if delivery.kind == "attendance":
            assert {"child_id", "date", "session", "code"} <= columns or {"child_id", "date", "am", "pm"} <= columns
        else:
            assert set(REQUIRED[delivery.kind].split()) <= columns


def test_the_county_writes_both_layouts_of_the_register(county: Authority) -> None:
    headers = {d.path.open(encoding="utf-8").readline().strip() for d in county.delivered if d.kind == "attendance"}
    assert headers == {"child_id,date,am,pm,urn", "child_id,date,session,code,urn,received_at,source"}


def test_deliveries_come_in_order_and_none_from_the_future(small: Authority) -> None:
    days = [delivery.known_on for delivery in small.delivered]
    assert days == sorted(days)
    assert days[-1] == AS_AT


def test_nothing_is_known_before_it_happened(small: Authority) -> None:
    for delivery in small.delivered:
        for row in rows_of(delivery.path):
            told = [row[name] for name in HAPPENED.get(delivery.kind, ()) if row.get(name)]
            assert all(on(text) <= delivery.known_on for text in told), (delivery.kind, row)


def test_the_manifest_names_every_file_in_order(tmp_path: Path) -> None:
    delivered = write(tmp_path, AS_AT, "small")
    listed = rows_of(tmp_path / "manifest.csv")
    assert [(row["kind"], row["known_on"]) for row in listed] == [(d.kind, d.known_on.isoformat()) for d in delivered]
    assert [tmp_path / row["file"] for row in listed] == [d.path for d in delivered]


def test_the_empty_authority_has_no_file(tmp_path: Path) -> None:
    assert write(tmp_path, AS_AT, "empty") == []
    assert rows_of(tmp_path / "manifest.csv") == []


@pytest.mark.parametrize(
    "as_at",
    [date(2025, 9, 1), date(2026, 8, 14), date(2026, 9, 2), date(2026, 12, 25), date(2027, 3, 28), date(2028, 2, 29)],
)
def test_any_day_of_the_year_will_do(tmp_path: Path, as_at: date) -> None:
    found = Authority(write(tmp_path, as_at, "small"), as_at)
    assert len(_in_care(found)) == 60


def _in_care(authority: Authority) -> set[str]:
    """Naively: an episode that covers the day and is no short break."""
    return {
        row["CHILD"]
        for row in authority.rows("ssda903-episodes")
        if row["LS"] not in ("V3", "V4")
        and on(row["DECOM"]) <= authority.as_at
        and (not row["DEC"] or on(row["DEC"]) > authority.as_at)
    }


def _names(file: str, column: str) -> set[str]:
    with (REFERENCE / file).open(encoding="utf-8", newline="") as rows:
        return {row[column] for row in csv.DictReader(rows)}


def test_every_course_and_project_of_the_reference_tables_takes_place(county: Authority) -> None:
    assert {row["course"] for row in county.rows("courses")} == _names("courses.csv", "course")
    assert {row["project"] for row in county.rows("project-places")} == _names("projects.csv", "name")


def test_the_county_has_its_size(county: Authority) -> None:
    assert len(_in_care(county)) == 1100
    assert len(county.rows("schools")) == 300
    assert all(row["URN"].startswith("9") and len(row["URN"]) == 6 for row in county.rows("schools"))
    with_worker = {
        row["child_id"]
        for row in county.rows("cohorts")
        if row["cohort"] in ("child in need", "child protection") and (not row["end"] or on(row["end"]) >= AS_AT)
    }
    assert len(with_worker) == 5000
    assert len(county.delivered) < 600
