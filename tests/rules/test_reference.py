import csv
from datetime import date
from pathlib import Path

import pytest

from vs_core.rules.cohorts import YEAR_GROUPS
from vs_core.rules.dated import codes_by_code, is_valid_code
from vs_core.rules.frame import financial_year_of_label, parse_academic_year
from vs_core.rules.school_calendar import CLOSED, HALF_TERMS

RETURN = Path(__file__).parents[1] / "real_data" / "ssda903_2025"
DATED = [
    "register_codes",
    "suspension_reasons",
    "codes",
    "pp_rates",
    "pp_policies",
    "thresholds",
    "courses",
    "projects",
]
COLUMN_LISTS = {
    "RNE": "reason_new_episode",
    "LS": "legal_status",
    "CIN": "category_of_need",
    "PLACE": "placement",
    "PLACE_PROVIDER": "placement_provider",
    "REC": "reason_episode_ceased",
    "REASON_PLACE_CHANGE": "reason_place_change",
}


@pytest.mark.parametrize("name", DATED)
def test_every_row_is_dated_sourced_and_marked(reference, name):
    rows = reference(f"{name}.csv")
    assert list(rows[0])[-4:] == ["starts_on", "ends_on", "source", "unconfirmed"]
    for row in rows:
        first, last = (date.fromisoformat(row[key]) if row[key] else None for key in ("starts_on", "ends_on"))
        assert first is None or last is None or first <= last
        assert row["source"]
        assert row["unconfirmed"] in ("0", "1")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("register_codes", ("code", "starts_on")),
        ("suspension_reasons", ("code", "starts_on")),
        ("codes", ("list", "code", "starts_on")),
        ("pp_rates", ("financial_year", "fund")),
        ("pp_policies", ("policy", "name", "starts_on")),
        ("thresholds", ("name", "starts_on")),
        ("courses", ("course",)),
        ("projects", ("name",)),
    ],
)
def test_no_row_stands_twice(reference, name, key):
    keys = [tuple(row[column] for column in key) for row in reference(f"{name}.csv")]
    assert len(keys) == len(set(keys))


def test_rates_hold_for_their_financial_year(reference):
    for row in reference("pp_rates.csv"):
        first, last = financial_year_of_label(row["financial_year"])
        assert (row["starts_on"], row["ends_on"]) == (first.isoformat(), last.isoformat())


def test_projects_name_year_groups(reference):
    for row in reference("projects.csv"):
        years = [row[key] for key in ("years_from", "years_to") if row[key]]
        assert len(years) in (0, 2)
        assert [YEAR_GROUPS.index(year) for year in years] == sorted(YEAR_GROUPS.index(year) for year in years)


@pytest.mark.parametrize("name", ["calendar.csv", "calendar_unconfirmed.csv"])
def test_calendars_are_in_the_layout_of_an_incoming_file(reference, name):
    for row in reference(name):
        assert list(row) == ["la", "academic_year", "what", "start", "end"]
        assert row["what"] in HALF_TERMS + CLOSED
        assert row["start"] <= row["end"]
        assert parse_academic_year(row["academic_year"])


def test_a_year_of_an_authority_stands_in_one_calendar_only(reference):
    published, recalled = (
        {(row["la"], row["academic_year"]) for row in reference(name)}
        for name in ("calendar.csv", "calendar_unconfirmed.csv")
    )
    assert not published & recalled


@pytest.mark.parametrize("column", COLUMN_LISTS)
def test_no_code_of_the_return_is_outside_its_list(listed_codes, column):
    codes = codes_by_code(listed_codes, COLUMN_LISTS[column])
    with (RETURN / "SSDA903_2025_episodes.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["DECOM"] and row[column]]
    starts = [date(*map(int, reversed(row["DECOM"].split("/")))) for row in rows]
    assert [
        row[column] for row, on in zip(rows, starts, strict=True) if not is_valid_code(row[column], on, codes)
    ] == []


@pytest.mark.parametrize(("column", "name"), [("SEX", "sex"), ("ETHNIC", "ethnicity")])
def test_no_code_of_the_header_is_outside_its_list(listed_codes, column, name):
    codes = codes_by_code(listed_codes, name)
    with (RETURN / "SSDA903_2025_header.csv").open(encoding="utf-8-sig", newline="") as file:
        found = {row[column] for row in csv.DictReader(file)} - {""}
    assert found <= set(codes)


@pytest.mark.parametrize(("code", "last"), [("H5", 2025), ("P2", 2025), ("Z1", 2025)])
def test_retired_placements_end_with_march(listed_codes, code, last):
    codes = codes_by_code(listed_codes, "placement")
    assert is_valid_code(code, date(last, 3, 31), codes)
    assert not is_valid_code(code, date(last, 4, 1), codes)
    assert is_valid_code("Z11", date(last, 4, 1), codes)
