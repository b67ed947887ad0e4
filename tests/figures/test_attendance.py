"""Attendance added up from the weekly summary and from single days, against a plain count of every mark."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from tests.queries.written import Written, frame
from vs_core.figures import attendance as subject
from vs_core.figures import behind, compute
from vs_core.figures.subject import SubjectFigures
from vs_core.queries import attendance as queries
from vs_core.queries.scope import EVERYTHING

PRESENT, AUTHORISED, UNAUTHORISED = set("/\\LBV"), set("IE"), set("OUN")
CODES = "/\\LBVIEOUNXD"
FIRST, DAYS = date(2024, 9, 30), 26


def attendance(written: Written, as_at: str = "2025-07-31", **more: Any) -> SubjectFigures:
    with written.reading() as connection:
        return compute(connection, "attendance", frame("attendance", as_at, **more))


def test_exactly_a_tenth_is_persistent_and_exactly_half_is_severe(written: Written) -> None:
    for child, codes in {"A": "O" + "/" * 9, "B": "O" + "/" * 10 + ".", "C": "OO//", "D": "OOO////."}.items():
        written.marks(child, "2024-10-07", codes)
    answer = attendance(written, cohort="all")
    assert set(behind(answer, "persistently_absent")["child_id"]) == {"A", "C", "D"}
    assert list(behind(answer, "severely_absent")["child_id"]) == ["C"]
    assert answer.figures["children"] == 4
    assert answer.figures["persistently_absent_percent"] == 75


def test_a_child_without_a_possible_session_is_in_no_figure(written: Written) -> None:
    written.marks("A", "2024-10-07", "XXDD")
    answer = attendance(written, cohort="all")
    assert answer.figures["children"] == answer.figures["possible_sessions"] == 0
    assert answer.figures["attendance_percent"] is None
    assert answer.notes == {}


def test_nobody_of_the_cohort_has_marks(written: Written) -> None:
    written.marks("A", "2024-10-07", "//")
    written.arrive("ssda903-episodes")
    assert attendance(written).figures["children"] == 0


ATTENDED, AWAY, NOT_THERE = "attended_sessions", "authorised_absence_sessions", "unauthorised_absence_sessions"
NOT_POSSIBLE = "not_possible_sessions"
CODES_CHANGED = {
    "H": (AWAY, None),
    "F": (AWAY, None),
    "J": (ATTENDED, None),
    "Y": (NOT_POSSIBLE, None),
    "J1": (None, AWAY),
    "C2": (None, AWAY),
    "K": (None, ATTENDED),
    "Y5": (None, NOT_POSSIBLE),
    "U": (NOT_THERE, NOT_THERE),
    "L": (ATTENDED, ATTENDED),
    "#": (None, None),
}
"""What a mark counts as up to 18 August 2024, and from the 19th."""


def test_a_code_means_what_it_meant_on_its_day(written: Written) -> None:
    days = ("2024-08-18", "2024-08-19")
    for code in CODES_CHANGED:
        for day in days:
            written.row("child_day", child=code, school="", day=day, am=code)
    for number, day in enumerate(days):
        counts = attendance(written, cohort="all", start=day, end=day).rows["children"].set_index("child_id")
        for code, meanings in CODES_CHANGED.items():
            own = counts.loc[code] if code in counts.index else {}
            counted = [name for name in (ATTENDED, AWAY, NOT_THERE, NOT_POSSIBLE) if own.get(name)]
            assert counted == [name for name in meanings[number : number + 1] if name], (code, day)


def test_no_register_has_arrived(written: Written) -> None:
    answer = attendance(written, cohort="all")
    assert answer.figures["possible_sessions"] is None
    assert behind(answer, "persistently_absent").empty


def test_a_later_correction_leaves_the_earlier_view(written: Written) -> None:
    written.marks("A", "2024-10-07", "NN", known_from="2024-10-08", known_to="2024-10-15")
    written.marks("A", "2024-10-07", "//", known_from="2024-10-15")
    assert attendance(written, cohort="all", known_on="2024-10-14").figures["unauthorised_absence_sessions"] == 2
    assert attendance(written, cohort="all", known_on="2024-10-15").figures["attended_sessions"] == 2
    assert attendance(written, cohort="all", known_on="2024-10-07").figures["attended_sessions"] is None


def test_marks_on_days_out_of_care_are_left_out_on_request(written: Written) -> None:
    written.care("A", "2024-10-01", "2024-10-09")
    written.care("A", "2024-10-09", "2024-10-15", status="V4")
    written.care("A", "2024-10-22")
    written.marks("A", "2024-09-30", "/" * 60)
    assert attendance(written).figures["possible_sessions"] == 60
    assert attendance(written, while_in_care=True).figures["possible_sessions"] == 2 * (8 + 8)


def test_overlapping_rows_of_a_cohort_count_a_day_once_and_its_last_day(written: Written) -> None:
    written.member("A", "kinship", "2024-10-01", "2024-10-10")
    written.member("A", "kinship", "2024-10-05", "2024-10-12")
    written.marks("A", "2024-09-30", "/" * 60)
    assert attendance(written, cohort="kinship", while_in_care=True).figures["possible_sessions"] == 2 * 12


class Invented:
    """Marks and care of some children, drawn from a seed, with corrections; `counted` adds them up one by one."""

    def __init__(self, written: Written, seed: int) -> None:
        self.draw = random.Random(seed)
        self.marks: list[tuple[str, date, str, date, date | None]] = []
        self.spans: dict[str, list[tuple[date, date | None]]] = {}
        for number in range(4):
            self._child(written, f"C{number}")

    def _child(self, written: Written, child: str) -> None:
        starts = sorted(self.draw.sample(range(-20, DAYS), 2))
        ends = (self.draw.randint(starts[0] + 1, starts[1]), None)
        self.spans[child] = []
        for start, end in zip(starts, ends, strict=True):
            span = (FIRST + timedelta(start), None if end is None else FIRST + timedelta(end))
            self.spans[child].append(span)
            written.care(child, span[0].isoformat(), span[1].isoformat() if span[1] else None)
        for offset in range(DAYS):
            self._day(written, child, FIRST + timedelta(offset))

    def _day(self, written: Written, child: str, on: date) -> None:
        came = on + timedelta(self.draw.randint(0, 5))
        corrected = came + timedelta(self.draw.randint(1, 9)) if self.draw.random() < 0.3 else None
        versions = [(came, corrected), *([(corrected, None)] if corrected else [])]
        for start, end in versions:
            codes = "".join(self.draw.choice(CODES) for _ in "ap")
            until = end.isoformat() if end else None
            written.marks(
                child,
                on.isoformat(),
                codes,
                str(self.draw.choice((1, 2))),
                known_from=start.isoformat(),
                known_to=until,
            )
            self.marks += [(child, on, code, start, end) for code in codes]

    def counted(self, start: date, end: date, known_on: date | None, while_in_care: bool) -> dict[str, int]:
        sums = dict.fromkeys(queries.HEADLINE, 0)
        for child, on, code, since, until in self.marks:
            known = until is None if known_on is None else since <= known_on and (until is None or until > known_on)
            cares = self.spans[child]
            belongs = any(first <= end and (last is None or last > start) for first, last in cares)
            covered = any(first <= on and (last is None or last > on) for first, last in cares)
            if known and belongs and start <= on <= end and (covered or not while_in_care):
                _count(sums, code)
        return sums


def _count(sums: dict[str, int], code: str) -> None:
    for name, codes in zip(queries.HEADLINE[1:], (PRESENT, AUTHORISED, UNAUTHORISED), strict=True):
        sums[name] += code in codes
        sums["possible_sessions"] += code in codes


PERIODS = [(0, 25), (0, 6), (2, 24), (3, 4), (6, 20)]


def test_every_period_equals_the_count_of_its_marks(written: Written) -> None:
    invented = Invented(written, seed=1)
    with written.reading() as connection:
        for first, last in PERIODS:
            for known_on in (None, FIRST + timedelta(12)):
                for while_in_care in (False, True):
                    start, end = FIRST + timedelta(first), FIRST + timedelta(last)
                    of = frame(
                        "attendance",
                        "2025-07-31",
                        start=start.isoformat(),
                        end=end.isoformat(),
                        known_on=known_on.isoformat() if known_on else None,
                        while_in_care=while_in_care,
                    )
                    expected = invented.counted(start, end, known_on, while_in_care)
                    answer = compute(connection, "attendance", of)
                    assert {name: answer.figures[name] for name in queries.HEADLINE} == expected, of
                    for rows in (
                        subject.weeks(connection, of, EVERYTHING),
                        subject.weeks_by_child(connection, of, EVERYTHING),
                        subject.schools_by_week(connection, of, EVERYTHING),
                        subject.days_and_sessions(connection, of, EVERYTHING),
                    ):
                        assert {name: int(rows[name].sum()) for name in queries.HEADLINE} == expected, of
