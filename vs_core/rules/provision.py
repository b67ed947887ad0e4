"""Part-time timetables, alternative provision and children without a school: the figures."""

from __future__ import annotations

import pandas as pd

from vs_core.rules.day_columns import as_days, covers, on_or_before
from vs_core.rules.frame import Frame
from vs_core.rules.measure import COHORT_FILE, Figures, Measure

PART_TIME, ALTERNATIVE = "part-time", "alternative provision"
_REVIEWS = (
    "The authority's rule for part-time timetables and alternative provision: in the plan, reviewed each half term"
)
_NEEDS = ("timetables", COHORT_FILE)

MEASURES = (
    Measure(
        "part_time",
        "provision",
        "On a part-time timetable",
        "Children who on the day are at school for fewer hours than their class.",
        "An open part-time timetable: begun, and its end empty or not before the day.",
        _REVIEWS,
        "count",
        "down",
        _NEEDS,
    ),
    Measure(
        "alternative_provision",
        "provision",
        "In alternative provision",
        "Children who on the day are taught by a provider in place of their school.",
        "An open placement in alternative provision: begun, and its end empty or not before the day.",
        _REVIEWS,
        "count",
        "down",
        _NEEDS,
    ),
    Measure(
        "not_on_roll",
        "provision",
        "Not on a school's roll",
        "Children from reception to year 11 who on the day belong to no school and should.",
        "Year reception to 11 and no enrolment that covers the day. Left out: year 11 after the last Friday of June "
        "until 31 August, and in the summer holiday who left with the end of term and has a roll to come.",
        "Education Act 1996, compulsory school age; the authority's admissions rule of 20 school days",
        "count",
        "down",
        ("enrolments", COHORT_FILE),
    ),
    Measure(
        "reviews_overdue",
        "provision",
        "Reviews overdue",
        "Part-time timetables and placements in alternative provision whose review date has passed without a review.",
        "Open, review due before the day, and not reviewed by the day or reviewed before it was due.",
        _REVIEWS,
        "count",
        "down",
        _NEEDS,
    ),
)


def provision(current: pd.DataFrame, children: pd.DataFrame) -> Figures:
    """The provision figures of a day. `current`: rows of `open_timetables`; `children`: as in `not_on_roll`."""
    return {
        "part_time": int(current.loc[current["kind"] == PART_TIME, "child_id"].nunique()),
        "alternative_provision": int(current.loc[current["kind"] == ALTERNATIVE, "child_id"].nunique()),
        "not_on_roll": len(not_on_roll(children)),
        "reviews_overdue": int(current["review_overdue"].sum()),
    }


def open_timetables(timetables: pd.DataFrame, children: pd.DataFrame, frame: Frame) -> pd.DataFrame:
    """Timetables open on the day of children of the cohort, with `review_overdue` (bool). A review after the day has
    not happened: its `reviewed_on` is empty.

    `timetables`: one row a timetable: `child_id`, `kind`, `start`, `end`, `review_due`, `reviewed_on`."""
    own = timetables[timetables["child_id"].isin(children["child_id"])]
    current = own[covers(own["start"], own["end"], frame.as_at)].copy()
    held = on_or_before(current["reviewed_on"], frame.as_at)
    current["reviewed_on"] = current["reviewed_on"].astype(object).where(held, None)
    due, reviewed = as_days(current["review_due"]), as_days(current["reviewed_on"])
    current["review_overdue"] = (due < pd.Timestamp(frame.as_at)) & (reviewed.isna() | (reviewed < due))
    return current


def not_on_roll(children: pd.DataFrame) -> pd.DataFrame:
    """Children who are on no school's roll and should be. `children`: one row a child of the cohort on the day:
    `child_id`, `without_school` (`summer.is_without_school`)."""
    return children[children["without_school"].astype(bool)]
