from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_core.rules.frame import (
    Frame,
    FrameError,
    Term,
    academic_year,
    academic_year_bounds,
    academic_year_of_label,
    easter_sunday,
    financial_year,
    financial_year_bounds,
    financial_year_of_label,
    parse_academic_year,
    parse_term,
    term_without_calendar,
)

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("on", "year"),
    [
        (date(2026, 8, 31), "2025/26"),
        (date(2026, 9, 1), "2026/27"),
        (date(2000, 2, 29), "1999/00"),
        (date(2099, 12, 1), "2099/00"),
    ],
)
def test_the_academic_year_turns_on_1_september(on, year):
    assert academic_year(on) == year


@pytest.mark.parametrize(
    ("on", "year"),
    [(date(2027, 3, 31), "2026-27"), (date(2027, 4, 1), "2027-28"), (date(2028, 2, 29), "2027-28")],
)
def test_the_financial_year_turns_on_1_april(on, year):
    assert financial_year(on) == year


@given(DAYS)
def test_every_day_lies_in_its_years_and_the_day_after_them_in_the_next(on):
    for bounds, label in ((academic_year_bounds, academic_year), (financial_year_bounds, financial_year)):
        first, last = bounds(on)
        assert first <= on <= last
        assert label(first) == label(last) == label(on)
        assert label(last + timedelta(days=1)) != label(on)


@given(DAYS)
def test_a_label_leads_back_to_its_bounds(on):
    assert academic_year_of_label(academic_year(on)) == academic_year_bounds(on)
    assert financial_year_of_label(financial_year(on)) == financial_year_bounds(on)


@pytest.mark.parametrize("label", ["2026", "2026/28", "26/27", "", "2026/27 autumn"])
def test_a_label_whose_years_do_not_follow_is_refused(label):
    with pytest.raises(ValueError, match="is not a year"):
        parse_academic_year(label)


@pytest.mark.parametrize("label", ["2026-27", "2026/27", " 2026/2027 "])
def test_labels_have_one_form(label):
    assert parse_academic_year(label) == "2026/27"


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2026/27 autumn", "2026-27"),
        ("2026/27 spring", "2026-27"),
        ("2026/27 summer", "2027-28"),
        ("2025-26 Summer", "2026-27"),
    ],
)
def test_the_financial_year_runs_summer_autumn_spring(text, year):
    assert parse_term(text).financial_year == year


def test_a_term_keeps_its_written_form_and_its_order():
    assert str(parse_term(" 2026-27  AUTUMN ")) == "2026/27 autumn"
    assert Term.of("2026/27", "summer").following == Term.of("2027/28", "autumn")
    assert Term.of("2026/27", "autumn") < Term.of("2026/27", "spring") < Term.of("2026/27", "summer")


@pytest.mark.parametrize("text", ["", "autumn", "2026/27", "2026/27 winter", "2026/28 autumn"])
def test_what_is_no_term_is_refused_in_a_sentence(text):
    with pytest.raises(ValueError, match=r"is not a (term|year) like"):
        parse_term(text)


@pytest.mark.parametrize(
    ("year", "sunday"), [(2024, date(2024, 3, 31)), (2026, date(2026, 4, 5)), (2027, date(2027, 3, 28))]
)
def test_easter(year, sunday):
    assert easter_sunday(year) == sunday


@given(st.integers(1990, 2090))
def test_easter_is_a_sunday_between_22_march_and_25_april(year):
    sunday = easter_sunday(year)
    assert sunday.weekday() == 6
    assert date(year, 3, 22) <= sunday <= date(year, 4, 25)


@pytest.mark.parametrize(
    ("on", "term"),
    [
        (date(2026, 9, 1), "2026/27 autumn"),
        (date(2026, 12, 31), "2026/27 autumn"),
        (date(2027, 1, 1), "2026/27 spring"),
        (date(2027, 3, 28), "2026/27 spring"),
        (date(2027, 3, 29), "2026/27 summer"),
        (date(2027, 8, 31), "2026/27 summer"),
    ],
)
def test_without_a_calendar_easter_parts_spring_from_summer(on, term):
    assert str(term_without_calendar(on)) == term


def test_a_frame_takes_the_academic_year_so_far():
    frame = Frame.for_subject("attendance", date(2026, 11, 23))
    assert (frame.start, frame.end, frame.cohort) == (date(2026, 9, 1), date(2026, 11, 23), "in care")


def test_a_frame_for_pp_plus_takes_the_financial_year_so_far():
    frame = Frame.for_subject("pp-plus", date(2027, 3, 31))
    assert (frame.start, frame.end, frame.financial_year) == (date(2026, 4, 1), date(2027, 3, 31), "2026-27")


def test_a_period_never_reaches_past_as_at():
    assert Frame.for_subject("pep", date(2026, 11, 23), end=date(2026, 12, 31)).end == date(2026, 11, 23)


def test_a_period_of_a_past_year_starts_with_that_year():
    assert Frame.for_subject("pep", date(2026, 11, 23), end=date(2025, 7, 31)).start == date(2024, 9, 1)


@pytest.mark.parametrize(
    "wrong",
    [{"start": date(2026, 11, 24)}, {"cohort": "everybody"}, {"start": date(2026, 9, 2), "end": date(2026, 9, 1)}],
)
def test_a_frame_that_cannot_be_is_refused(wrong):
    with pytest.raises(FrameError, match=r"\.$"):
        Frame.for_subject("attendance", date(2026, 11, 23), **wrong)


def test_an_unknown_subject_is_refused():
    with pytest.raises(FrameError, match="pp-plus"):
        Frame.for_subject("money", date(2026, 11, 23))
