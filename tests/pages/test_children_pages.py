"""Cohort, attendance and exclusions: the figures that the command prints, the rows behind them, and who sees what."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import SMALL_AUTHORITY_AS_AT
from tests.pages.conftest import Open, lists
from vs_core import figures
from vs_core.figures import SubjectFigures
from vs_core.rules.attendance_orders import ORDERS
from vs_core.rules.cohorts import PHASES
from vs_core.rules.frame import Frame
from vs_core.store.engine import engine
from vs_core.ui import words
from vs_core.ui.load.narrowing import narrowed
from vs_core.ui.parts import attendance_lists, cohort, exclusions

SUBJECTS = ("cohort", "attendance", "exclusions")
TILES = {
    "cohort": ("in_care", "joined", "left", "uasc", "pp_plus_eligible", *cohort.OTHER_GROUPS, "all"),
    "exclusions": (
        "suspensions",
        "suspended_children",
        "days_lost",
        "permanent_exclusions",
        "over_15_days_in_term",
        "over_45_days_in_year",
    ),
}
BEHIND = {
    "cohort": cohort.BEHIND,
    "attendance": (*attendance_lists.ABSENT, *attendance_lists.HEADLINE),
    "exclusions": exclusions.BEHIND,
}


def printed(subject: str) -> SubjectFigures:
    """The figures as the command prints them."""
    with engine().connect() as connection:
        return figures.compute(connection, subject, Frame.for_subject(subject, SMALL_AUTHORITY_AS_AT))


def values(of: SubjectFigures) -> list[str]:
    shown = [words.figure(of.figures[key], figures.measure(of.subject, key).unit) for key in TILES[of.subject]]
    return [words.plain(text) if text is not None else words.NOT_YET for text in shown]


def of_phase(of: SubjectFigures, phase: str) -> set[int]:
    return {key for rows in of.rows.values() for key in rows.loc[rows["phase"] == phase, "child_key"]}


def listed(test: AppTest) -> int:
    return sum(len(table.value) for table in lists(test))


@pytest.mark.parametrize("subject", TILES)
def test_the_tiles_are_the_figures_that_the_command_prints(small: Open, subject: str) -> None:
    assert [metric.value for metric in small(subject).metric] == values(printed(subject))


@pytest.mark.parametrize("subject", TILES)
def test_a_phase_has_the_figures_of_its_own_rows(small: Open, subject: str) -> None:
    test, whole = small(subject, phase="Secondary"), printed(subject)
    assert [metric.value for metric in test.metric] == values(narrowed(whole, of_phase(whole, "secondary")))


@pytest.mark.parametrize(("subject", "key"), [(subject, key) for subject in SUBJECTS for key in BEHIND[subject]])
def test_the_list_holds_exactly_the_rows_behind_the_figure(small: Open, subject: str, key: str) -> None:
    assert listed(small(subject, behind=figures.measure(subject, key).label)) == len(
        figures.behind(printed(subject), key)
    )


@pytest.mark.parametrize("subject", SUBJECTS)
def test_phases_add_up(small: Open, subject: str) -> None:
    whole = printed(subject)
    counts = {"cohort": "in_care", "attendance": "children", "exclusions": "suspensions"}
    parts = [narrowed(whole, of_phase(whole, phase)).figures[counts[subject]] for phase in PHASES]
    assert sum(parts) == whole.figures[counts[subject]] > 0


def test_a_figure_that_is_not_known_stays_unknown_in_a_phase(small: Open) -> None:
    known = printed("attendance")
    unknown = replace(known, figures=known.figures | {"children": None}, notes={"children": "Not arrived."})
    assert narrowed(unknown, of_phase(unknown, "primary")).figures["children"] is None


@pytest.mark.parametrize("subject", SUBJECTS)
def test_an_analyst_sees_numbers_in_place_of_names(small: Open, subject: str) -> None:
    tables = [table.value for table in lists(small(subject, "analyst"))]
    assert all(table["Child"].str.startswith("#").all() for table in tables)
    assert not {"Adviser", "Social worker", "Open"} & {name for table in tables for name in table.columns}
    assert sum(len(table) for table in tables) > 0


@pytest.mark.parametrize("subject", ["cohort", "attendance"])
def test_an_adviser_sees_the_own_caseload(small: Open, subject: str) -> None:
    listed = pd.concat([table.value for table in lists(small(subject, "adviser"))])
    assert listed["Adviser"].nunique() == 1
    assert listed["Adviser"].notna().all()


@pytest.mark.parametrize("role", ["headteacher", "inclusion", "analyst", "adviser"])
@pytest.mark.parametrize("subject", SUBJECTS)
def test_an_authority_without_data_is_told_what_is_missing(empty: Open, subject: str, role: str) -> None:
    test = empty(subject, role)
    assert len(test.info) == 1
    assert not test.metric


@pytest.mark.parametrize("by", ["School quality", "Placement", "Legal status", "Age", "In or out of county"])
def test_every_child_of_the_group_is_in_one_part_of_a_division(small: Open, by: str) -> None:
    test = small("cohort", by=by)
    groups = next(box for box in test.selectbox if box.label == by)
    assert groups.options[0] == cohort.EVERYBODY
    assert len(groups.options) > 1


@pytest.mark.parametrize("order", ORDERS)
def test_each_order_of_the_children(small: Open, order: str) -> None:
    assert small("attendance", order=order)


def test_terms_are_drawn_when_asked_for(small: Open) -> None:
    assert small("exclusions", over=exclusions.BY_TERM)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_role_without_the_page_is_refused(small: Open, subject: str) -> None:
    test = small(subject, "administrator")
    assert "not part of your role" in test.error[0].value
    assert not test.metric
