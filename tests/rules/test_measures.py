from datetime import date, timedelta

import pandas as pd
import pytest

from vs_core.rules import measures
from vs_core.rules.frame import COHORTS, SUBJECTS, Frame
from vs_core.rules.measures_exclusions import days_by, notices_in_period
from vs_core.rules.measures_pp_plus import OF_THE_ALLOCATION, staged
from vs_core.rules.pep import PepState, pep_state, plans_due
from vs_core.rules.projects import Project, eligible_children, last_weeks, standing
from vs_core.rules.provision import open_timetables

D = date(2026, 11, 23)
FRAME = Frame.for_subject("pep", D)
DAY = timedelta(days=1)


def test_every_subject_has_measures_in_plain_words():
    assert {measure.subject for measure in measures.MEASURES.values()} == set(SUBJECTS)
    for name, measure in measures.MEASURES.items():
        assert name == f"{measure.subject}.{measure.key}"
        assert measure.meaning.endswith("."), name
        assert measure.rule.endswith("."), name
        assert measure.label
        assert measure.source


def frame_of(columns: str, *rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns.split())


def exclusions_of_nothing() -> dict:
    notices = notices_in_period(frame_of("child_id start_date category sessions reason1 status term"), FRAME)
    return measures.exclusions(notices, days_by(notices, "term", 15), days_by(notices, "academic_year", 45))


def projects_of_nothing() -> dict:
    each = [Project("P")]
    return measures.projects(each, standing(each, BELONGING(), PLACES(), USAGE(), FRAME))["P"]


def figures_of_nothing() -> dict[str, dict]:
    requests = "request_id child_id term amount_pence approved_amount_pence status requested_on decided_on fund"
    sessions = "possible_sessions attended_sessions authorised_absence_sessions unauthorised_absence_sessions"
    children = frame_of("child_id year_group without_school")
    return {
        "attendance": measures.attendance(frame_of(sessions)),
        "exclusions": exclusions_of_nothing(),
        "pp-plus": measures.pp_plus(
            FRAME,
            frame_of("financial_year fund stage amount_pence notified_on"),
            *staged(frame_of(requests), frame_of("request_id amount_pence status paid_on fund"), "2026-27", D),
            frame_of("child_id has_request"),
            20,
            D,
        ),
        "training": measures.training(
            frame_of("session_id course date capacity status"), frame_of("session_id status booked_on"), FRAME
        ),
        "projects": projects_of_nothing(),
        "pep": measures.pep(plans_due(frame_of("due_on quality_assured_on quality"), FRAME)),
        "provision": measures.provision(open_timetables(frame_of(TIMETABLES), children, FRAME), children),
        "post-16": measures.post_16(children, frame_of("child_id on status offer"), FRAME),
        "actions": measures.actions(frame_of("opened_on closed_on due_on"), FRAME),
    }


TIMETABLES = "child_id kind start end review_due reviewed_on"


def PLACES(*rows: tuple) -> pd.DataFrame:
    return frame_of("project child_id status start end offered_on", *rows)


def USAGE(*rows: tuple) -> pd.DataFrame:
    return frame_of("project child_id week minutes", *rows)


@pytest.mark.parametrize("subject", [subject for subject in SUBJECTS if subject != "cohort"])
def test_figures_are_the_measures_and_nothing_is_0_or_no_percentage(subject):
    found = figures_of_nothing()[subject]
    assert set(found) == {measure.key for measure in measures.of_subject(subject)}
    for measure in measures.of_subject(subject):
        unknown = measure.unit == "percent" or measure.key in OF_THE_ALLOCATION
        expected = None if unknown else "2026-27" if measure.unit == "text" else 0
        assert found[measure.key] in (expected, {})


def test_a_figure_without_its_source_is_unknown_and_says_so():
    figures = {"paid_pence": 5, "requested_pence": 7, "financial_year": "2026-27"}
    shown, notes = measures.with_unknown("pp-plus", figures, {"pp-requests"})
    assert shown == {"paid_pence": None, "requested_pence": 7, "financial_year": "2026-27"}
    assert notes == {"pp-plus.paid_pence": "Paid: not known, because no file of pp-payments has arrived yet."}


@pytest.mark.parametrize(
    ("cohort", "kinds"),
    [("in care", ("attendance", "ssda903-episodes")), ("kinship", ("attendance", "cohorts")), ("all", ("attendance",))],
)
def test_a_figure_about_a_cohort_needs_the_file_of_the_cohort(cohort, kinds):
    assert cohort in COHORTS
    assert measures.kinds_needed(measures.MEASURES["attendance.children"], cohort) == kinds


def test_a_project_with_a_weekly_target_needs_its_use():
    each = [Project("Whizz", minutes_per_week=45), Project("Books")]
    figures = {project.name: {"eligible": 1, "active": 1} for project in each}
    shown, notes = measures.projects_with_unknown(figures, each, {"ssda903-episodes", "project-places"})
    assert shown == {"Whizz": {"eligible": 1, "active": None}, "Books": {"eligible": 1, "active": 1}}
    assert list(notes) == ["projects.Whizz.active"]


@pytest.mark.parametrize(
    ("due", "done", "state"),
    [
        (D, None, PepState.DUE),
        (D - DAY, None, PepState.OVERDUE),
        (D, D, PepState.ON_TIME),
        (D - DAY, D, PepState.LATE),
        (D - DAY, D + DAY, PepState.OVERDUE),
        (D + DAY, D + DAY, PepState.DUE),
    ],
)
def test_the_state_of_a_plan(due, done, state):
    assert pep_state(due, done, D) is state


def test_plans():
    rows = frame_of(
        "due_on quality_assured_on quality",
        (D, D, "green"),
        (D - DAY, D, "amber"),
        (D - DAY, D, None),
        (D - DAY, None, "green"),
        (date(2026, 8, 31), None, None),
        (D + DAY, None, None),
    )
    assert measures.pep(plans_due(rows, FRAME)) == {
        "due": 4,
        "completed": 3,
        "completed_on_time": 1,
        "overdue": 1,
        "quality_green_percent": 50.0,
    }


def test_provision():
    children = frame_of("child_id year_group without_school", ("A", "R", True), ("B", "12", False), ("C", "11", False))
    rows = frame_of(
        TIMETABLES,
        ("A", "part-time", date(2026, 9, 1), D, D - DAY, None),
        ("A", "alternative provision", D, None, D, None),
        ("C", "part-time", date(2026, 9, 1), None, D - DAY, D - DAY),
        ("B", "part-time", date(2026, 9, 1), D - DAY, D - DAY, None),
        ("Z", "part-time", date(2026, 9, 1), None, D - DAY, None),
    )
    found = measures.provision(open_timetables(rows, children, FRAME), children)
    assert found == {"part_time": 2, "alternative_provision": 1, "not_on_roll": 1, "reviews_overdue": 1}


def test_destinations_take_the_latest_row_up_to_the_day():
    children = frame_of(
        "child_id year_group", ("A", "12"), ("B", "13"), ("C", "12"), ("D", "11"), ("E", "11"), ("F", "11")
    )
    rows = frame_of(
        "child_id on status offer",
        ("A", date(2026, 9, 1), "neet", None),
        ("A", D, "employment without training", None),
        ("B", D, "neet", None),
        ("C", D + DAY, "education", None),
        ("D", D, None, " No "),
        ("E", D, None, "City College"),
    )
    assert measures.post_16(children, rows, FRAME) == {
        "in_education_employment_training": 1,
        "neet": 1,
        "not_known": 1,
        "year_11_without_offer": 2,
    }


def test_actions():
    rows = frame_of(
        "opened_on closed_on due_on",
        (D, None, D - DAY),
        (D, D + DAY, D),
        (D, D, D - DAY),
        (D + DAY, None, D - DAY),
        (D, None, None),
    )
    assert measures.actions(rows, FRAME) == {"open": 3, "overdue": 1}


def test_training():
    sessions = frame_of(
        "session_id course date capacity status",
        ("1", "Network", D, 20, None),
        ("2", "Network", date(2026, 9, 1), None, "held"),
        ("3", "Other", D, 20, "cancelled"),
        ("4", "Other", D + DAY, 20, None),
    )
    statuses = ["booked", "attended", "did not attend", "waiting", "cancelled"]
    bookings = frame_of(
        "session_id status booked_on",
        *(("1", status, D) for status in statuses),
        ("2", "booked", None),
        ("1", "booked", D + DAY),
        ("3", "booked", D),
    )
    found = measures.training(sessions, bookings, FRAME)
    assert found == {
        "courses": 1,
        "sessions": 2,
        "places": 20,
        "booked": 4,
        "attended": 1,
        "did_not_attend": 1,
        "waiting": 1,
    }


def BELONGING(*rows: tuple) -> pd.DataFrame:
    return frame_of("child_id year_group on_the_day in_period cohorts", *rows)


def test_years_of_a_project():
    groups = ("under 2", "R", "1", "6", "7", "not known")
    children = BELONGING(*((group, group, True, True, ("in care",)) for group in groups))
    assert eligible_children(Project("P", "1", "6"), children) == {"1", "6"}
    assert eligible_children(Project("P", "under 2", "R"), children) == {"under 2", "R"}
    assert len(eligible_children(Project("P"), children)) == 6


def test_cohorts_of_a_project():
    children = BELONGING(
        ("cared for", "4", True, True, ("in care",)),
        ("in need", "4", True, True, ("child in need",)),
        ("both", "4", True, True, ("in care", "child in need")),
        ("in care no more", "4", False, True, ()),
    )
    found = {cohorts: eligible_children(Project("P", cohorts=cohorts), children) for cohorts in COHORTS_OF_PROJECTS}
    assert list(found.values()) == [
        {"cared for", "both"},
        {"cared for", "in need", "both"},
        set(),
        {"cared for", "in need", "both"},
        {"cared for", "in need", "both"},
    ]


COHORTS_OF_PROJECTS = (("in care",), ("in care", "child in need"), ("kinship",), ("all",), ())


def test_the_last_four_mondays():
    assert last_weeks(D) == [D, date(2026, 11, 16), date(2026, 11, 9), date(2026, 11, 2)]
    assert last_weeks(date(2026, 11, 29))[0] == D


def test_projects():
    children = BELONGING(
        ("A", "1", True, True, ("in care",)),
        ("B", "2", True, True, ("in care",)),
        ("C", "9", True, True, ("in care",)),
        ("D", "1", False, True, ()),
        ("E", "3", True, False, ("in care",)),
    )
    places = PLACES(
        ("Whizz", "A", "enrolled", date(2026, 9, 1), None, None),
        ("Whizz", "A", "offered", date(2026, 9, 1), None, None),
        ("Whizz", "C", "left", date(2025, 9, 1), date(2026, 9, 1), None),
        ("Whizz", "D", "enrolled", date(2025, 9, 1), date(2026, 8, 31), None),
        ("Whizz", "B", "offered", date(2027, 1, 1), None, D),
        ("Whizz", None, "enrolled", date(2026, 9, 1), None, None),
        ("Whizz", "E", "enrolled", date(2026, 9, 1), None, None),
        ("Whizz", "Z", "enrolled", date(2026, 9, 1), None, None),
        ("Other", "B", "enrolled", date(2026, 9, 1), None, None),
        ("Other", "D", "enrolled", date(2026, 9, 1), D, None),
    )
    usage = USAGE(("Whizz", "A", date(2026, 11, 2), 45), ("Whizz", "C", date(2026, 10, 26), 90), ("Other", "C", D, 90))
    whizz, other = Project("Whizz", "1", "6", minutes_per_week=45), Project("Other", "9", "9")
    assert measures.projects([whizz, other], standing([whizz, other], children, places, usage, FRAME)) == {
        "Whizz": {"eligible": 3, "offered": 3, "enrolled": 2, "active": 1, "take_up_percent": 100 / 3},
        "Other": {"eligible": 1, "offered": 2, "enrolled": 2, "active": 2, "take_up_percent": 0.0},
    }


@pytest.mark.parametrize(("ended", "active"), [(None, 1), (D, 1), (D - DAY, 0)])
def test_who_has_left_takes_part_no_more_whatever_was_done_before(ended, active):
    whizz = Project("Whizz", minutes_per_week=45)
    children = BELONGING(("A", "1", True, True, ("in care",)))
    places = PLACES(("Whizz", "A", "left", date(2026, 9, 1), ended, None))
    found = standing([whizz], children, places, USAGE(("Whizz", "A", D - 14 * DAY, 60)), FRAME)
    assert (int(found["is_enrolled"].sum()), int(found["is_active"].sum())) == (1, active)


def test_a_project_for_others_needs_the_file_that_says_who_they_are():
    figures = {"P": {"eligible": 0, "enrolled": 0, "take_up_percent": None}}
    project = Project("P", cohorts=("in care",))
    shown, notes = measures.projects_with_unknown(figures, [project], {"cohorts", "project-places"}, "child in need")
    assert shown == {"P": {"eligible": None, "enrolled": 0, "take_up_percent": None}}
    assert "ssda903-episodes" in notes["projects.P.eligible"]
    both = Project("P", cohorts=("in care", "child in need"))
    shown, notes = measures.projects_with_unknown(figures, [both], {"cohorts", "project-places"}, "child in need")
    assert (shown["P"]["eligible"], notes) == (0, {})
