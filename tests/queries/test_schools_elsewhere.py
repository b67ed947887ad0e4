"""Whether a school is another authority's, as both databases say it."""

from __future__ import annotations

import pytest
from sqlalchemy import Boolean, Connection, cast, select

from tests.queries.written import Written
from vs_core.queries.pp_waiting import asked, elsewhere_column

OURS = "Westmere"
NAMES = [
    ("Westmere", False),
    (" westmere  ", False),
    ("WESTMERE", False),
    ("Westmere and Elsewhere", True),
    ("Elsewhere", True),
    ("", None),
    ("   ", None),
    (None, None),
]


@pytest.mark.parametrize(("name", "elsewhere"), NAMES)
def test_case_and_spaces_do_not_count_and_no_name_is_not_known(
    written: Written, name: str | None, elsewhere: bool | None
) -> None:
    with written.reading() as connection:
        assert _said(connection, name, OURS) is elsewhere
        assert _said(connection, name, f"  {OURS.upper()} ") is elsewhere


@pytest.mark.parametrize("authority", ["", "  "])
def test_without_our_own_name_nothing_is_elsewhere(written: Written, authority: str) -> None:
    with written.reading() as connection:
        assert {_said(connection, name, authority) for name, _ in NAMES} == {None}


def _said(connection: Connection, name: str | None, authority: str) -> bool | None:
    return connection.scalar(select(cast(elsewhere_column(name, authority), Boolean)))


def test_each_request_is_told_by_the_school_that_it_is_for(written: Written) -> None:
    for urn, (name, _) in enumerate(NAMES, 100001):
        written.row("school_details", school=str(urn), name=str(urn), la_name=name)
        _ask(written, str(urn))
    _ask(written, "no school", school="")
    with written.reading() as connection:
        rows = connection.execute(asked(None, "2026-27", OURS, {})).mappings().all()
    told = {row["request_id"]: row["out_of_county"] for row in rows}
    assert told.pop("no school") is None
    assert [None if each is None else bool(each) for each in told.values()] == [answer for _, answer in NAMES]


def _ask(written: Written, number: str, school: str | None = None) -> None:
    at = number if school is None else school
    own = {"request_id": number, "child": "A", "school": at, "status": "requested", "financial_year": "2026-27"}
    written.row("pp_request", amount_pence=100, requested_on="2026-09-10", **own)
