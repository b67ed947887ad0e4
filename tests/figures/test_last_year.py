"""Last year is one thing wherever attendance is held against it: the same school week."""

from __future__ import annotations

from datetime import date

from tests.queries.written import Written
from vs_core import figures
from vs_core.figures import week
from vs_core.figures.review import review
from vs_core.reports.asked import Asked
from vs_core.reports.board_figures import board
from vs_core.rules.frame import Frame
from vs_core.rules.school_weeks import MEANING, a_year_before

LA, AS_AT = "Westmere", date(2024, 11, 15)
HALVES = (
    ("2023/24", 1, "2023-09-04", "2023-10-20"),
    ("2023/24", 2, "2023-10-30", "2023-12-20"),
    ("2024/25", 1, "2024-09-02", "2024-10-25"),
    ("2024/25", 2, "2024-11-04", "2024-12-20"),
)


def authority(written: Written) -> None:
    """Six children whom nobody saw in the third week of November of last year, when the second half term was a week
    older than this year."""
    for year, number, start, end in HALVES:
        what = f"half term {number}"
        written.row("calendar_entry", la=LA, academic_year=year, what=what, started_on=start, ended_on=end, school="")
    for child in "ABCDEF":
        written.child(child, born_on="2012-01-10")
        written.care(child, "2020-01-01")
        written.marks(child, "2023-11-06", "//" * 5)
        written.marks(child, "2023-11-13", "OO" * 3)
        written.marks(child, "2024-11-11", "//" * 5)


def test_the_review_and_the_board_pack_say_what_the_page_of_attendance_says(written: Written) -> None:
    authority(written)
    with written.reading() as connection:
        year = Frame.for_subject("attendance", AS_AT)
        then = a_year_before(year, week.half_terms(connection, LA))
        page = figures.compute(connection, "attendance", then).figures["attendance_percent"]
        seen = review(connection, AS_AT, None, LA)
        pack = board(connection, Asked(AS_AT, authority=LA))
    assert then.end == date(2023, 11, 10)
    assert (page, seen.attendance.last_year, pack.last_year) == (100, 100, 100)
    tile = next(each for each in seen.ten if each.key == "attendance.attendance_percent")
    assert "last year 100.0%" in tile.caption.lower()
    assert MEANING in tile.definition
