"""Searches for a school place that were open on a day."""

from __future__ import annotations

from datetime import date

import pytest

from tests.queries.written import Written
from vs_core.queries import school_places


@pytest.mark.parametrize(
    ("as_at", "needed"),
    [
        (date(2024, 3, 31), []),
        (date(2024, 4, 1), [date(2024, 4, 1)]),
        (date(2024, 5, 9), [date(2024, 4, 1)]),
        (date(2024, 5, 10), []),
        (date(2024, 6, 3), [date(2024, 6, 3)]),
    ],
)
def test_a_search_is_open_until_the_day_before_the_child_starts(
    written: Written, as_at: date, needed: list[date]
) -> None:
    written.row("admission", child="A", needed_on="2024-04-01", started_on="2024-05-10")
    written.row("admission", child="A", needed_on="2024-06-03")
    with written.reading() as connection:
        found = connection.execute(school_places.open_searches(as_at, None)).all()
    assert [row.needed_on for row in found] == needed
