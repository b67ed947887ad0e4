import csv
import json
import lzma
from collections import Counter
from datetime import date
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_core.rules.dated import NotInForce
from vs_core.rules.measures import attendance
from vs_core.rules.register import (
    BAND_EDGES,
    BANDS,
    BANDS_WITH_FULL,
    NO_SESSIONS,
    StatisticalClass,
    band,
    band_labels,
    classify,
    is_persistently_absent,
    is_provisional,
    is_severely_absent,
    percent_of,
    percent_text,
    sessions_until_persistent,
)

ESSEX = Path(__file__).parents[1] / "real_data" / "attendance_essex_cla_2024-25"
SESSIONS = st.integers(1, 400).flatmap(lambda possible: st.tuples(st.integers(0, possible), st.just(possible)))
BEFORE, AFTER = date(2024, 8, 18), date(2024, 8, 19)


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("H", StatisticalClass.AUTHORISED_ABSENCE, None),
        ("F", StatisticalClass.AUTHORISED_ABSENCE, None),
        ("J", StatisticalClass.APPROVED_EDUCATIONAL_ACTIVITY, None),
        ("Y", StatisticalClass.NOT_POSSIBLE, None),
        ("J1", None, StatisticalClass.AUTHORISED_ABSENCE),
        ("C2", None, StatisticalClass.AUTHORISED_ABSENCE),
        ("K", None, StatisticalClass.APPROVED_EDUCATIONAL_ACTIVITY),
        ("Y5", None, StatisticalClass.NOT_POSSIBLE),
        ("U", StatisticalClass.UNAUTHORISED_ABSENCE, StatisticalClass.UNAUTHORISED_ABSENCE),
        ("L", StatisticalClass.PRESENT, StatisticalClass.PRESENT),
        ("#", StatisticalClass.ADMINISTRATIVE, StatisticalClass.ADMINISTRATIVE),
        ("?", None, None),
    ],
)
def test_codes_changed_on_19_august_2024(codes, code, before, after):
    assert (classify(code, BEFORE, codes), classify(code, AFTER, codes)) == (before, after)


def test_possible_sessions_are_the_attended_and_the_absent(codes, reference):
    for row in reference("register_codes.csv"):
        found = StatisticalClass(row["statistical_class"])
        assert found.is_possible == (row["possible_session"] == "yes")
        assert found.is_possible == (found.is_attended or found.is_absence)


@pytest.mark.parametrize(
    ("absent", "possible", "persistent", "severe"),
    [
        (34, 340, True, False),
        (34, 341, False, False),
        (150, 300, True, True),
        (149, 300, True, False),
        (1, 10, True, False),
        (0, 1, False, False),
        (1, 1, True, True),
        (0, 0, False, False),
    ],
)
def test_exactly_a_tenth_is_persistent_and_exactly_half_is_severe(absent, possible, persistent, severe):
    assert is_persistently_absent(absent, possible) is persistent
    assert is_severely_absent(absent, possible) is severe


@pytest.mark.parametrize("name", ["persistent_absence_percent", "severe_absence_percent"])
def test_the_department_s_lines_are_no_limits_that_can_be_changed(thresholds, name):
    with pytest.raises(NotInForce):
        thresholds.whole(name, date(2026, 11, 23))


def test_under_20_sessions_is_provisional(thresholds):
    minimum = thresholds.whole("provisional_possible_sessions", date(2026, 11, 23))
    assert is_provisional(19, minimum)
    assert not is_provisional(20, minimum)


@given(SESSIONS)
def test_missing_the_sessions_left_and_one_more_makes_absence_persistent(sessions):
    absent, possible = sessions
    left = sessions_until_persistent(absent, possible)
    assert is_persistently_absent(absent + left + 1, possible + left + 1)
    if not is_persistently_absent(absent, possible):
        assert not is_persistently_absent(absent + left, possible + left)


@pytest.mark.parametrize(
    ("attended", "possible", "label"),
    [
        (1, 2, "50 or under (severe)"),
        (501, 1000, "over 50 to 80"),
        (4, 5, "over 50 to 80"),
        (801, 1000, "over 80 to 90 (persistent)"),
        (9, 10, "over 80 to 90 (persistent)"),
        (901, 1000, "over 90 and under 95"),
        (949, 1000, "over 90 and under 95"),
        (95, 100, "95 and over"),
        (1, 1, "95 and over"),
        (0, 3, "50 or under (severe)"),
    ],
)
def test_band_edges(attended, possible, label):
    assert band(attended, possible).label == label


def test_no_session_is_in_no_band():
    assert band(0, 0) is NO_SESSIONS
    assert percent_text(0, 0) == ""
    assert percent_of(0, 0) is None


def test_full_attendance_can_have_a_band_of_its_own():
    assert band(399, 400, BANDS_WITH_FULL).label == "95 and under 100"
    assert band(400, 400, BANDS_WITH_FULL).label == "100"


@given(SESSIONS)
def test_bands_follow_the_rules_of_absence(sessions):
    attended, possible = sessions
    key = band(attended, possible).key
    assert (key == "severe") == is_severely_absent(possible - attended, possible)
    assert (key in ("severe", "under 80", "persistent")) == is_persistently_absent(possible - attended, possible)


@given(st.lists(SESSIONS, min_size=1, max_size=20), st.sampled_from([BANDS, BANDS_WITH_FULL]))
def test_a_column_of_bands_is_each_band(sessions, bands):
    frame = pd.DataFrame([*sessions, (0, 0)], columns=["attended", "possible"])
    labels = band_labels(frame["attended"], frame["possible"], bands)
    assert list(labels) == [band(attended, possible, bands).label for attended, possible in [*sessions, (0, 0)]]


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (796, 1000, "79.6"),
        (804, 1000, "80.4"),
        (80, 100, "80"),
        (7996, 10000, "79.96"),
        (895, 1000, "89.5"),
        (873, 1000, "87"),
        (875, 1000, "88"),
        (997, 1000, "99.7"),
        (99999, 100000, "99.999"),
        (3, 1000, "0.3"),
        (1, 1, "100"),
        (0, 7, "0"),
    ],
)
def test_a_printed_percentage_never_names_an_edge_that_it_is_not_on(part, whole, text):
    assert percent_text(part, whole) == text


@given(SESSIONS)
def test_what_is_printed_lies_in_the_band_that_colours_it(sessions):
    attended, possible = sessions
    shown = Fraction(percent_text(attended, possible))
    assert band(shown.numerator, shown.denominator * 100).key == band(attended, possible).key
    assert (shown in BAND_EDGES) <= (shown == Fraction(attended * 100, possible))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("each", BANDS_WITH_FULL, ids=lambda each: each.label)
def test_ink_can_be_read_on_its_band(each):
    light, dark = sorted((luminance(each.colour), luminance(each.ink)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_the_essex_register_gives_the_published_figures(codes):
    with lzma.open(ESSEX / "sessions.csv.xz", "rt", encoding="utf-8") as file:
        marks = Counter(
            (row["pupil_id"], classify(row["code"], date.fromisoformat(row["date"]), codes))
            for row in csv.DictReader(file)
        )
    rows = pd.DataFrame([_child(child, marks) for child in sorted({child for child, _ in marks})])
    expected = json.loads((ESSEX / "expected.json").read_text(encoding="utf-8"))
    found = attendance(rows)
    assert found["children"] == expected["pupils"]
    assert found["possible_sessions"] == expected["possible_sessions"]
    assert found["authorised_absence_sessions"] == expected["authorised"]
    assert found["unauthorised_absence_sessions"] == expected["unauthorised"]
    assert found["attendance_percent"] == pytest.approx(expected["attendance_pct"], abs=0.00005)
    assert found["persistently_absent"] == expected["persistent_absentees"]
    assert found["severely_absent"] == expected["severe_absentees"]


def _child(child: str, marks: Counter) -> dict[str, object]:
    counts = {each: marks[(child, each)] for each in StatisticalClass}
    return {
        "child_id": child,
        "possible_sessions": sum(number for each, number in counts.items() if each.is_possible),
        "attended_sessions": sum(number for each, number in counts.items() if each.is_attended),
        "authorised_absence_sessions": counts[StatisticalClass.AUTHORISED_ABSENCE],
        "unauthorised_absence_sessions": counts[StatisticalClass.UNAUTHORISED_ABSENCE],
    }


def test_children_without_a_possible_session_count_nowhere():
    columns = ["possible_sessions", "attended_sessions", "authorised_absence_sessions", "unauthorised_absence_sessions"]
    found = attendance(pd.DataFrame([[0, 0, 0, 0]], columns=columns))
    assert (found["children"], found["attendance_percent"], found["persistently_absent_percent"]) == (0, None, None)
    assert attendance(pd.DataFrame(columns=columns))["possible_sessions"] == 0
