"""The ways to divide the roll, each group in the field's own words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from vs_core.access import roles
from vs_core.access.viewer import Viewer
from vs_core.rules.cohorts import PHASES, YEAR_GROUPS, age_on
from vs_core.rules.frame import Frame
from vs_core.rules.listed import MARK
from vs_core.rules.school_quality import OVERALL_GRADES, REPORT_CARD, regime
from vs_core.ui.load import arrivals
from vs_core.ui.parts.children import year

NOT_KNOWN = "Not known"
NO_ROLL, NO_GRADE = "On no school's roll", "School without a grade"
AGES = ("Under 1", "1 to 4", "5 to 9", "10 to 15", "16 and over")
"""The age groups of the department's tables of children looked after."""
IN_COUNTY, OUT_OF_COUNTY = "In county", "Out of county"
_SEN = ("No special educational need", "SEN support", "Education, health and care plan")


@dataclass(frozen=True)
class Grouping:
    """One way to divide the roll. groups: each row's group in words; order: groups as they are drawn (others follow by
    size, `not known` last); in_care_only: it says nothing of children who are not in care; names_people: it says
    nothing to a person who may not see names; is_a_figure: its counts are figures, in which everybody is counted."""

    label: str
    groups: Callable[[pd.DataFrame, Frame], list[str]]
    order: tuple[str, ...] = ()
    in_care_only: bool = False
    names_people: bool = False
    is_a_figure: bool = False

    def of(self, rows: pd.DataFrame, frame: Frame) -> pd.Series[str]:
        """The group of each row, by `child_key`. Of children who may not be listed nothing is told but figures."""
        groups = pd.Series(self.groups(rows, frame), rows.index, dtype=object)
        told = groups if self.is_a_figure else groups.where(rows[MARK], NOT_KNOWN)
        return told.set_axis(rows["child_key"].to_numpy())


def in_order(counts: pd.Series[int], order: tuple[str, ...]) -> pd.Series[int]:
    """Children by group, drawn in the grouping's order."""
    place = {name: number for number, name in enumerate(order)}
    names = sorted(counts.index, key=lambda name: (name == NOT_KNOWN, place.get(name, len(place)), -counts[name], name))
    return counts.loc[names]


def age(born_on: date | None, on: date) -> int | None:
    """Age in whole years on a day; None without a date of birth."""
    return None if born_on is None or pd.isna(born_on) else age_on(born_on, on)


def where(in_county: pd.Series[bool]) -> list[str]:
    """In or out of county, or not known."""
    return [NOT_KNOWN if pd.isna(flag) else IN_COUNTY if flag else OUT_OF_COUNTY for flag in in_county]


def meanings(codes: pd.Series[str], of: str, on: date, *, with_code: bool = False) -> list[str]:
    """Codes of a list in words, `C2 Full care order` with the code; an unknown code stays as it is."""
    known = arrivals.meanings(of, on)
    return [_meaning(code, known, with_code) for code in codes]


def _meaning(code: str | None, known: dict[str, str], with_code: bool) -> str:
    if code is None or pd.isna(code) or not code:
        return NOT_KNOWN
    said = known.get(code, code)
    return f"{code} {said}" if with_code and said != code else said


def _coded(column: str, *, with_code: bool = False) -> Callable[[pd.DataFrame, Frame], list[str]]:
    return lambda rows, frame: meanings(rows[column], column, frame.as_at, with_code=with_code)


def _plain(column: str) -> Callable[[pd.DataFrame, Frame], list[str]]:
    return lambda rows, _: [NOT_KNOWN if pd.isna(text) or not text else str(text) for text in rows[column]]


def _age_group(years: int | None) -> str:
    if years is None:
        return NOT_KNOWN
    return AGES[sum(years >= first for first in (1, 5, 10, 16))]


def _quality(on_roll: bool, word: str | None) -> str:
    if not on_roll:
        return NO_ROLL
    if word is None or pd.isna(word) or not word:
        return NO_GRADE
    named = regime(word)
    return f"{word} ({named})" if named else word


def _qualities(rows: pd.DataFrame, _: Frame) -> list[str]:
    return [_quality(bool(on), word) for on, word in zip(rows["on_roll"], rows["ofsted_rating"], strict=True)]


_QUALITIES = (
    *(f"{word} (report card)" for word in REPORT_CARD),
    *(f"{word} (overall grade)" for word in OVERALL_GRADES),
    NO_GRADE,
    NO_ROLL,
)
QUALITY = "School quality"
_YEARS, _PHASES = tuple(map(year, YEAR_GROUPS)), tuple(map(str.capitalize, PHASES))
GROUPINGS = (
    Grouping("Year group", lambda rows, _: list(map(year, rows["year_group"])), _YEARS, is_a_figure=True),
    Grouping("Phase", lambda rows, _: list(map(str.capitalize, rows["phase"])), _PHASES, is_a_figure=True),
    Grouping("Age", lambda rows, frame: [_age_group(age(born, frame.as_at)) for born in rows["born_on"]], AGES),
    Grouping("Area", _plain("area")),
    Grouping("In or out of county", lambda rows, _: where(rows["in_county"]), (IN_COUNTY, OUT_OF_COUNTY)),
    Grouping("Legal status", _coded("legal_status", with_code=True), in_care_only=True),
    Grouping("Placement", _coded("placement", with_code=True), in_care_only=True),
    Grouping("Placement provider", _coded("placement_provider", with_code=True), in_care_only=True),
    Grouping("Reason for care", _coded("category_of_need", with_code=True), in_care_only=True),
    Grouping("Special educational needs", _coded("sen"), _SEN),
    Grouping(QUALITY, _qualities, _QUALITIES),
    Grouping("School's authority", _plain("school_la")),
    Grouping("Ethnicity", _coded("ethnicity")),
    Grouping("Sex", _coded("sex")),
    Grouping("Adviser", _plain("adviser"), names_people=True),
)


def offered(cohort: str, viewer: Viewer) -> list[Grouping]:
    """The ways to divide a cohort in which this person may find anything."""
    sees_names = viewer.may(roles.SEE_NAMES)
    return [
        each
        for each in GROUPINGS
        if (cohort == "in care" or not each.in_care_only) and (sees_names or not each.names_people)
    ]
