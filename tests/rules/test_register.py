from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_core.rules.dated import NotInForce
from vs_core.rules.measures import attendance
from vs_core.rules.measures_attendance import persistently_absent, severely_absent
from vs_core.rules.register import (
    BAND_EDGES,
    BANDS,
    NO_SESSIONS,
    StatisticalClass,
    band_label,
    band_labels,
    percent_of,
    percent_text,
)

SESSIONS = st.integers(1, 400).flatmap(lambda possible: st.tuples(st.integers(0, possible), st.just(possible)))


def test_possible_sessions_are_the_attended_and_the_absent(reference):
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
    rows = _sessions((possible - absent, possible))
    assert list(persistently_absent(rows)) == [persistent]
    assert list(severely_absent(rows)) == [severe]


def _sessions(*counts):
    """Rows of `attendance`'s frame: (attended, possible) sessions, every second absence authorised."""
    rows = pd.DataFrame(counts, columns=["attended_sessions", "possible_sessions"])
    absent = rows["possible_sessions"] - rows["attended_sessions"]
    return rows.assign(authorised_absence_sessions=absent // 2, unauthorised_absence_sessions=absent - absent // 2)


def _band(attended, possible):
    (label,) = band_labels(pd.Series([attended]), pd.Series([possible]))
    return label


@pytest.mark.parametrize("name", ["persistent_absence_percent", "severe_absence_percent"])
def test_the_department_s_lines_are_no_limits_that_can_be_changed(thresholds, name):
    with pytest.raises(NotInForce):
        thresholds.whole(name, date(2026, 11, 23))


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
    assert _band(attended, possible) == label


def test_no_session_is_in_no_band():
    assert _band(0, 0) == NO_SESSIONS.label
    assert percent_text(0, 0) == ""
    assert percent_of(0, 0) is None


@given(st.lists(SESSIONS, min_size=1, max_size=20))
def test_bands_follow_the_rules_of_absence(sessions):
    rows = _sessions(*sessions, (0, 0))
    labels = band_labels(rows["attended_sessions"], rows["possible_sessions"])
    severe, persistent = [each.label for each in BANDS[:1]], [each.label for each in BANDS[:3]]
    assert list(labels.isin(severe)) == list(severely_absent(rows))
    assert list(labels.isin(persistent)) == list(persistently_absent(rows))


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
    assert _band(shown.numerator, shown.denominator * 100) == _band(attended, possible)
    assert (shown in BAND_EDGES) <= (shown == Fraction(attended * 100, possible))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("each", BANDS, ids=lambda each: each.label)
def test_ink_can_be_read_on_its_band(each):
    light, dark = sorted((luminance(each.colour), luminance(each.ink)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_children_without_a_possible_session_count_nowhere():
    columns = ["possible_sessions", "attended_sessions", "authorised_absence_sessions", "unauthorised_absence_sessions"]
    found = attendance(pd.DataFrame([[0, 0, 0, 0]], columns=columns))
    assert (found["children"], found["attendance_percent"], found["persistently_absent_percent"]) == (0, None, None)
    assert attendance(pd.DataFrame(columns=columns))["possible_sessions"] == 0


def test_one_pair_of_sessions_has_the_band_that_columns_of_them_have():
    pairs = [(attended, possible) for possible in (0, 1, 3, 20, 200) for attended in range(possible + 1)]
    columns = pd.DataFrame(pairs, columns=["attended", "possible"])
    assert [band_label(*pair) for pair in pairs] == list(band_labels(columns["attended"], columns["possible"]))
