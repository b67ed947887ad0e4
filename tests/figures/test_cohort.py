"""The cohort figures on rows in the database, with the edges of the definitions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.queries.written import Written, frame
from vs_core.figures import behind, compute
from vs_core.figures.subject import SubjectFigures
from vs_core.queries.scope import Scope

AS_AT = "2025-03-31"


def cohort(written: Written, as_at: str = AS_AT, scope: Scope | None = None, **more: Any) -> SubjectFigures:
    with written.reading() as connection:
        return compute(connection, "cohort", frame("cohort", as_at, **more), *([scope] if scope else []))


def test_in_care_from_the_first_day_until_the_day_before_the_end(written: Written) -> None:
    written.care("A", AS_AT)
    written.care("B", "2024-10-01", "2025-04-01")
    written.care("C", "2024-10-01", AS_AT)
    written.care("D", "2025-04-01")
    assert cohort(written).figures["in_care"] == 2


def test_an_episode_left_open_governs_again_when_a_later_one_ends(written: Written) -> None:
    written.care("A", "2024-01-01")
    written.care("A", "2024-06-01", "2024-09-01", status="V4")
    assert cohort(written, "2024-08-31").figures["in_care"] == 0
    assert cohort(written, "2024-08-31").figures["in_care_with_short_breaks"] == 1
    assert cohort(written).figures["in_care"] == 1


def test_an_episode_without_a_day_changes_nothing(written: Written) -> None:
    written.care("A", "2024-01-01")
    written.care("A", "2024-06-01", "2024-06-01")
    assert cohort(written).figures["in_care"] == 1


def test_short_breaks_count_only_where_named_and_an_empty_status_is_care(written: Written) -> None:
    written.care("A", "2024-10-01", status="V4")
    written.care("B", "2024-10-01", status=None)
    figures = cohort(written).figures
    assert (figures["in_care"], figures["in_care_with_short_breaks"]) == (1, 2)


def test_a_move_is_neither_joining_nor_leaving(written: Written) -> None:
    written.care("A", "2023-10-01", "2024-11-05")
    written.care("A", "2024-11-05")
    written.care("B", "2024-11-05", "2025-02-03")
    figures = cohort(written)
    assert (figures.figures["joined"], figures.figures["left"]) == (1, 1)
    assert list(behind(figures, "left")["child_id"]) == ["B"]


def test_what_was_known_then(written: Written) -> None:
    written.care("A", "2024-10-01", known_from="2024-10-10", known_to="2025-03-20")
    written.care("A", "2024-10-01", "2025-03-01", known_from="2025-03-20")
    assert cohort(written, known_on="2024-10-09").figures["in_care"] is None
    assert cohort(written, known_on="2025-03-19").figures["in_care"] == 1
    assert cohort(written, known_on="2025-03-20").figures["in_care"] == 0


def test_a_source_that_has_not_arrived_is_not_nought(written: Written) -> None:
    written.child("A", born_on="2014-05-05")
    answer = cohort(written)
    assert answer.figures["in_care"] is None
    assert "ssda903-episodes" in answer.notes["in_care"]
    assert answer.figures["all"] == 1


def test_an_undone_file_has_not_arrived(written: Written) -> None:
    written.care("A", "2024-10-01", known_from="2024-10-10")
    written.undone("ssda903-episodes", "2024-10-20")
    assert cohort(written).figures["in_care"] is None
    assert cohort(written, known_on="2024-10-19").figures["in_care"] == 1


def test_date_of_birth_comes_from_the_children_file_first(written: Written) -> None:
    written.child("A", born_on="2014-08-31")
    written.row("ssda903_header", child="A", born_on="2010-01-01")
    written.row("ssda903_uasc", child="B", born_on="2009-09-01", ceased_on=None)
    for child in ("A", "B"):
        written.care(child, "2024-10-01")
    answer = cohort(written)
    assert answer.figures["by_year_group"] == {"6": 1, "10": 1}
    assert answer.figures["uasc"] == 1
    assert len(behind(answer, "by_year_group.10")) == 1


def test_the_enrolment_that_governs_gives_the_year(written: Written) -> None:
    written.child("A", born_on="2014-08-31")
    written.care("A", "2024-10-01")
    written.enrolled("A", "100001", "2024-09-01", year_group="7", status="main")
    written.enrolled("A", "100002", "2024-09-01", year_group="9", status="guest")
    written.enrolled("A", "100003", "2024-11-01", AS_AT, year_group="8", status="main")
    assert cohort(written).figures["by_year_group"] == {"8": 1}
    assert cohort(written, "2025-04-01").figures["by_year_group"] == {"7": 1}


def test_a_later_guest_does_not_govern_and_lends_the_year_that_is_not_stated(written: Written) -> None:
    written.child("A", born_on="2014-08-31")
    written.care("A", "2024-10-01")
    written.enrolled("A", "100001", "2023-09-01", status="main")
    written.enrolled("A", "100002", "2024-09-01", year_group="9", status="guest")
    answer = cohort(written)
    assert answer.figures["by_year_group"] == {"9": 1}
    assert list(answer.rows["roll"]["urn"]) == ["100001"]


def test_other_cohorts_include_their_last_day(written: Written) -> None:
    written.member("A", "kinship", "2024-01-01", AS_AT)
    written.member("B", "child in need", "2024-01-01", "2025-03-30")
    figures = cohort(written).figures
    assert (figures["kinship"], figures["child_in_need"]) == (1, 0)


@pytest.mark.parametrize(
    ("born", "eligible"), [("2020-08-31", 1), ("2020-09-01", 0), ("2008-09-01", 1), ("2008-08-31", 0)]
)
def test_eligible_at_four_to_fifteen_on_31_august(written: Written, born: str, eligible: int) -> None:
    written.child("A", born_on=born)
    written.care("A", "2023-01-01", "2024-04-02")
    assert cohort(written).figures["pp_plus_eligible"] == eligible


def test_care_that_ended_on_1_april_is_no_day_of_the_new_year(written: Written) -> None:
    written.child("A", born_on="2014-08-31")
    written.care("A", "2023-01-01", "2024-04-01")
    assert cohort(written).figures["pp_plus_eligible"] == 0


def test_an_adviser_sees_the_caseload_and_others_see_no_names(written: Written) -> None:
    for child, adviser in (("A", "P. Dale"), ("B", "S. Howe")):
        written.child(child, born_on="2014-05-05", forename="Kim", surname="Lake", adviser=adviser)
        written.care(child, "2024-10-01")
    own = cohort(written, scope=Scope(names=False, adviser="P. Dale", restricted=False))
    children = behind(own, "in_care")
    assert own.figures["in_care"] == own.figures["all"] == 1
    assert children["surname"].isna().all()
    assert children["child_id"].str.startswith("#").all()


def test_where_a_restricted_child_is_stays_hidden(written: Written) -> None:
    written.child("A", forename="Kim", surname="Lake", restricted=True)
    written.care("A", "2024-10-01")
    written.enrolled("A", "100001", "2024-09-01", year_group="8")
    hidden = behind(cohort(written, scope=Scope(True, None, False)), "in_care").iloc[0]
    shown = behind(cohort(written), "in_care").iloc[0]
    assert hidden[["forename", "surname", "urn"]].isna().all()
    assert hidden["year_group"] == "8"
    assert list(shown[["forename", "urn"]]) == ["Kim", "100001"]


def test_every_count_is_the_number_of_rows_behind_it(written: Written) -> None:
    written.child("A", born_on="2014-05-05")
    written.care("A", "2024-10-01")
    written.member("B", "kinship", "2024-10-01")
    written.row("ssda903_uasc", child="A", ceased_on=None)
    answer = cohort(written)
    for key, value in answer.figures.items():
        if isinstance(value, int):
            assert len(behind(answer, key)) == value, key
