"""Our own count of the children of a notice, by hand at its edges, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.queries.written import Written
from vs_core.access.viewer import EVERYTHING
from vs_core.figures import pp_count
from vs_core.rules.pp_count import CountYear

ENDS = CountYear(date(2026, 3, 31)).ends_on


def test_who_is_counted(written: Written) -> None:
    days = {
        "one day, the first": ("2025-01-01", "2025-04-02", "2015-01-01"),
        "gone on the first": ("2025-01-01", "2025-04-01", "2015-01-01"),
        "came on the last": ("2026-03-31", None, "2015-01-01"),
        "came on the morrow": ("2026-04-01", None, "2015-01-01"),
        "four on the day": ("2025-05-01", None, "2021-08-31"),
        "four on the morrow": ("2025-05-01", None, "2021-09-01"),
        "fifteen on the day": ("2025-05-01", None, "2009-09-01"),
        "sixteen on the day": ("2025-05-01", None, "2009-08-31"),
        "no birth": ("2025-05-01", None, None),
        "hidden": ("2025-05-01", None, "2015-01-01"),
    }
    for child, (start, end, born) in days.items():
        written.child(child, born_on=born, restricted=child == "hidden")
        written.care(child, start, end)
    written.child("short breaks", born_on="2015-01-01")
    written.care("short breaks", "2025-05-01", status="V3")
    with written.reading() as connection:
        found = pp_count.counted(connection, ENDS, None)
        unnamed = pp_count.counted(connection, ENDS, None, replace(EVERYTHING, restricted=False))
    own = {"one day, the first", "came on the last", "four on the day", "fifteen on the day", "hidden"}
    assert set(found["child_id"]) == own
    assert len(unnamed) == len(own)
    assert sorted(unnamed["is_listed"]) == [False, True, True, True, True]


def test_what_was_known_later_was_not_known_then(written: Written) -> None:
    written.child("A", born_on="2015-01-01")
    written.care("A", "2025-05-01", known_from="2026-06-01")
    with written.reading() as connection:
        assert len(pp_count.counted(connection, ENDS, date(2026, 5, 31))) == 0
        assert len(pp_count.counted(connection, ENDS, date(2026, 6, 1))) == 1
