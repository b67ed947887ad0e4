"""The cohort: the figures and what they mean."""

from __future__ import annotations

import pandas as pd

from vs_core.rules.cohorts import YEAR_GROUPS
from vs_core.rules.measure import Figures, Measure, Unit
from vs_core.rules.roll import CARE_FLAGS, COHORT_FLAGS

_RETURN = "DfE, SSDA903 guide: children looked after on a day, short breaks (V3, V4) left out"
_GRANT = "DfE, pupil premium conditions of grant: looked after for at least one day, reception to year 11"


def _measure(
    key: str, label: str, meaning: str, rule: str, source: str, needs: tuple[str, ...], unit: Unit = "count"
) -> Measure:
    return Measure(key, "cohort", label, meaning, rule, source, unit, None, needs)


_EPISODES = ("ssda903-episodes",)
_COHORT_WORDS = {
    "previously looked after": "Children who left care by adoption, special guardianship or a child arrangements order",
    "child in need": "Children with a child in need plan",
    "child protection": "Children with a child protection plan",
    "kinship": "Children who live with relatives or friends in a kinship arrangement",
}

MEASURES = (
    _measure(
        "in_care",
        "Children in care",
        "Children looked after by the authority on the day, wherever they live or go to school.",
        "The latest episode that has started is still open. Short breaks are left out; a child counts once.",
        _RETURN,
        _EPISODES,
    ),
    _measure(
        "in_care_with_short_breaks",
        "Children in care, short breaks included",
        "Children looked after on the day, those in a series of short breaks included.",
        "As children in care, with legal statuses V3 and V4.",
        _RETURN,
        _EPISODES,
    ),
    _measure(
        "uasc",
        "Unaccompanied asylum-seeking children",
        "Children in care on the day who came to the country on their own to seek asylum.",
        "In care, named in the return's UASC file, and its end date (DUC) is empty or after the day.",
        "DfE, SSDA903 guide: unaccompanied asylum-seeking children",
        (*_EPISODES, "ssda903-uasc"),
    ),
    _measure(
        "pp_plus_eligible",
        "Eligible for pupil premium plus",
        "Children looked after for a day or more since 1 April who are of an age for reception to year 11.",
        "In care on at least one day of the financial year so far, aged 4 to 15 on the 31 August within it.",
        _GRANT,
        _EPISODES,
    ),
    _measure(
        "pp_plus_eligible_with_short_breaks",
        "Eligible for pupil premium plus, short breaks included",
        "As eligible for pupil premium plus, children in a series of short breaks included.",
        "As above, with legal statuses V3 and V4.",
        _GRANT,
        _EPISODES,
    ),
    _measure(
        "joined",
        "Came into care",
        "Children whose time in care began within the period; a move between placements is no beginning.",
        "First day of an unbroken time in care lies in the period. Short breaks are left out.",
        _RETURN,
        _EPISODES,
    ),
    _measure(
        "left",
        "Left care",
        "Children whose time in care ended within the period.",
        "An episode ended in the period and no episode starts on its end date. Short breaks are left out.",
        _RETURN,
        _EPISODES,
    ),
    _measure(
        "by_year_group",
        "Children in care by year group",
        "Children in care on the day, by the school year they are in.",
        "Year of the enrolment that covers the day, else by age on the 31 August before the academic year.",
        "School admissions practice in England: age on 31 August",
        _EPISODES,
        "by group",
    ),
    *(
        _measure(
            name.replace(" ", "_"),
            name.capitalize(),
            f"{words}, on the day.",
            "The cohorts file says that the child belongs on that day.",
            "DfE, Promoting the education of looked-after and previously looked-after children",
            ("cohorts",),
        )
        for name, words in _COHORT_WORDS.items()
    ),
    _measure(
        "all",
        "All children known",
        "Every child that any file has named so far.",
        "Children mentioned in any file, whether or not they belong to a cohort.",
        "Contract of the incoming files",
        (),
    ),
)


def cohort(rows: pd.DataFrame) -> Figures:
    """The cohort figures. `rows`: the roll (`roll.roll`), one row a known child.

    `by_year_group` counts children in care, in the order of YEAR_GROUPS, groups without a child left out.
    """
    figures: Figures = {flag: _count(rows, flag) for flag in CARE_FLAGS}
    figures["by_year_group"] = by_year_group(rows)
    figures.update({flag: _count(rows, flag) for flag in COHORT_FLAGS})
    figures["all"] = len(rows)
    return figures


def by_year_group(rows: pd.DataFrame) -> dict[str, int]:
    """Children in care of the roll by year group; groups without a child are left out."""
    counts = rows.loc[rows["in_care"].astype(bool), "year_group"].value_counts()
    return {group: int(counts[group]) for group in YEAR_GROUPS if group in counts.index}


def _count(rows: pd.DataFrame, flag: str) -> int:
    return int(rows[flag].astype(bool).sum())
