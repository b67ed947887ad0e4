"""The weekly review: figures that the command prints, who may assign and see names, another day, no data."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from tests.conftest import SMALL_AUTHORITY_AS_AT
from tests.pages.conftest import Open
from vs_core import figures
from vs_core.figures import SubjectFigures
from vs_core.rules.frame import Frame
from vs_core.store.engine import engine
from vs_core.store.schema import action
from vs_core.ui import load, words
from vs_core.ui.load import weekly_review as read


def printed(subject: str) -> SubjectFigures:
    """The figures as the command prints them; exclusions of the term."""
    frame = Frame.for_subject(subject, SMALL_AUTHORITY_AS_AT)
    if subject == "exclusions":
        frame = read.frames(SMALL_AUTHORITY_AS_AT, None)["exclusions"]
    with engine().connect() as connection:
        return figures.compute(connection, subject, frame)


def shown(value: float | int | None, unit: str) -> str:
    return words.plain(words.figure(value, unit) or words.NOT_YET)


def tile(test: AppTest, label: str) -> str:
    return next(metric.value for metric in test.metric if metric.label == label)


def said(test: AppTest) -> str:
    return re.sub(r"\\(.)", r"\1", " ".join(each.value for each in [*test.markdown, *test.caption]))


def test_the_ten_figures_are_those_that_the_command_prints(small: Open) -> None:
    test = small("weekly_review")
    attendance, care, plans = (printed(subject).figures for subject in ("attendance", "cohort", "pep"))
    money, after_16, exclusions = (printed(subject).figures for subject in ("pp-plus", "post-16", "exclusions"))
    to_spend = money["allocation_pence"] - money["retained_pence"]
    young = after_16["in_education_employment_training"] + after_16["neet"] + after_16["not_known"]
    expected = [
        shown(care["in_care"], "count"),
        shown(attendance["attendance_percent"], "percent"),
        shown(attendance["persistently_absent_percent"], "percent"),
        shown(attendance["severely_absent_percent"], "percent"),
        None,
        shown(exclusions["suspension_days"], "days"),
        shown(plans["completed"] * 100 / plans["due"], "percent"),
        shown(money["forecast_pence"] * 100 / to_spend, "percent"),
        shown(after_16["in_education_employment_training"] * 100 / young, "percent"),
        shown(printed("actions").figures["overdue"], "count"),
    ]
    values = [metric.value for metric in test.metric]
    assert len(values) == 10
    assert [value for value, own in zip(values, expected, strict=True) if own is not None and value != own] == []


def test_captions_hold_the_denominators(small: Open) -> None:
    text, attendance, provision = said(small("weekly_review")), printed("attendance"), printed("provision")
    assert f"{attendance.figures['persistently_absent']:,} of {attendance.figures['children']:,} children" in text
    assert f"{provision.figures['not_on_roll']:,} on no roll" in text


def test_the_first_line_says_the_day_and_the_registers(small: Open) -> None:
    text = said(small("weekly_review"))
    assert "Monday 23 November 2026, compared with 16 November. Registers to Friday 20 November:" in text


@pytest.mark.parametrize(("role", "may"), [("headteacher", True), ("adviser", True), ("analyst", False)])
def test_only_some_roles_assign(small: Open, role: str, may: bool) -> None:
    test = small("weekly_review", role)
    assert any(button.label == "Assign" for button in test.button) == may


def test_what_is_assigned_shows_its_owner_and_can_be_closed(small: Open) -> None:
    test = small("weekly_review")
    next(button for button in test.button if button.label == "Assign").click().run()
    assert not test.exception
    with engine().connect() as connection:
        row = connection.execute(select(action)).one()
    assert f"{row.owner}, due {words.long_day(row.due_on)}" in said(test)
    assert tile(test, "Actions overdue") == "0"
    next(button for button in test.button if button.label == "Close as done").click().run()
    with engine().connect() as connection:
        current = connection.execute(select(action).where(action.c.known_to.is_(None))).one()
    assert (current.closed_on, current.outcome) == (SMALL_AUTHORITY_AS_AT, "Done")


def test_an_action_makes_no_other_answer_old(small: Open) -> None:
    test = small("weekly_review")
    before = load.version()
    next(button for button in test.button if button.label == "Assign").click().run()
    assert load.version() == before


def test_on_another_day_nothing_is_assigned(small: Open) -> None:
    test = small("weekly_review", as_at="2026-11-16", as_then="true")
    assert "Monday 16 November 2026, as known on that day, compared with 9 November" in said(test)
    assert not any(button.label == "Assign" for button in test.button)


LISTS = {
    "In care": ("cohort", "in_care"),
    "Severely absent": ("attendance", "severely_absent"),
    "PEPs overdue": ("pep", "overdue"),
    "Without Pupil Premium Plus": ("pp-plus", "children_without_spend"),
    "Post-16, NEET": ("post-16", "neet"),
}


@pytest.mark.parametrize("label", LISTS)
def test_a_list_holds_what_its_figure_counts(small: Open, label: str) -> None:
    subject, key = LISTS[label]
    count = printed(subject).figures[key]
    test = small("weekly_review", behind=label)
    assert count == 0 or len(test.dataframe[-1].value) == count


def test_every_list_opens(small: Open) -> None:
    test = small("weekly_review")
    chooser = next(box for box in test.selectbox if box.label == "Show the children behind")
    for label in chooser.options:
        chooser.select(label).run()
        assert not test.exception, label


def test_an_analyst_sees_no_name(small: Open) -> None:
    rows = small("weekly_review", "analyst").dataframe[-1].value
    assert rows["Child"].str.startswith("#").all()


def test_an_adviser_sees_the_own_caseload(small: Open) -> None:
    own, every = small("weekly_review", "adviser"), small("weekly_review")
    assert int(tile(own, "In care")) < int(tile(every, "In care"))
    assert any(metric.label == "Without Pupil Premium Plus" for metric in own.metric)


@pytest.mark.parametrize("role", ["headteacher", "adviser", "analyst"])
def test_without_data_a_sentence_says_what_to_do(empty: Open, role: str) -> None:
    test = empty("weekly_review", role)
    assert "Import the children" in test.info[0].value
    assert len(test.metric) == 0
