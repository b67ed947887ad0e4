"""The roll: one row a child with what it is on a day and what happened to it in a period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

import pandas as pd

from vs_core.rules.cohorts import (
    CareSpan,
    Enrolment,
    Episode,
    Membership,
    belongs,
    care_spans_by_child,
    governing_enrolment,
    is_in_care,
    is_pp_plus_eligible,
    joined_within,
    left_within,
    phase,
    spells,
    year_group,
)
from vs_core.rules.frame import COHORTS, Frame

Row = TypeVar("Row", Membership, Enrolment)
OTHER_COHORTS = tuple(name for name in COHORTS if name not in ("in care", "all"))
CARE_FLAGS = (
    "in_care",
    "in_care_with_short_breaks",
    "uasc",
    "pp_plus_eligible",
    "pp_plus_eligible_with_short_breaks",
    "joined",
    "left",
)
COHORT_FLAGS = tuple(name.replace(" ", "_") for name in OTHER_COHORTS)
"""What is true of a child: of care, and of the other cohorts. A figure of the same name counts the children."""
ROLL_COLUMNS = ("child_id", *CARE_FLAGS, "year_group", "phase", "on_roll", "urn", *COHORT_FLAGS)


def roll(
    frame: Frame,
    dobs: Mapping[str, date | None],
    episodes: Iterable[Episode] = (),
    uasc: Mapping[str, date | None] | None = None,
    memberships: Iterable[Membership] = (),
    enrolments: Iterable[Enrolment] = (),
) -> pd.DataFrame:
    """One row a known child, columns ROLL_COLUMNS.

    `dobs`: every known child with its date of birth (None unknown); `uasc`: child and `DUC` (None: no end).
    Flags hold on `frame.as_at`, `joined` and `left` from `start` to `end`;
    `on_roll`: an enrolment covers `as_at`; `urn`: the school of the enrolment that governs it.
    """
    spans = care_spans_by_child(episodes)
    own_memberships = _by_child(memberships)
    own_enrolments = _by_child(enrolments)
    rows = [
        _care_flags(frame, child, dob, spans.get(child, []), uasc or {})
        | _cohort_flags(frame, own_memberships.get(child, []))
        | _school(frame.as_at, dob, own_enrolments.get(child, []))
        for child, dob in dobs.items()
    ]
    return pd.DataFrame(rows, columns=list(ROLL_COLUMNS))


def in_cohort_as_at(rows: pd.DataFrame, cohort: str) -> pd.Series[bool]:
    """Rows of the roll that belong to a cohort on `as_at`."""
    if cohort == "all":
        return pd.Series(True, index=rows.index, dtype=bool)
    return rows[cohort.replace(" ", "_")].astype(bool)


def _care_flags(
    frame: Frame, child: str, dob: date | None, spans: Sequence[CareSpan], uasc: Mapping[str, date | None]
) -> dict[str, object]:
    in_care = is_in_care(spans, frame.as_at)
    own_spells = spells(spans)
    return {
        "child_id": child,
        "in_care": in_care,
        "in_care_with_short_breaks": is_in_care(spans, frame.as_at, short_breaks=True),
        "uasc": in_care and is_unaccompanied(child, uasc, frame.as_at),
        "pp_plus_eligible": is_pp_plus_eligible(spans, dob, frame.as_at),
        "pp_plus_eligible_with_short_breaks": is_pp_plus_eligible(spans, dob, frame.as_at, short_breaks=True),
        "joined": joined_within(own_spells, frame.start, frame.end),
        "left": left_within(own_spells, frame.start, frame.end),
    }


def is_unaccompanied(child: str, uasc: Mapping[str, date | None], on: date) -> bool:
    """Named in the UASC file and `DUC` (the day the status ended) empty or after the day."""
    if child not in uasc:
        return False
    ended = uasc[child]
    return ended is None or ended > on


def _cohort_flags(frame: Frame, memberships: Sequence[Membership]) -> dict[str, object]:
    flags: dict[str, object] = {}
    for name in OTHER_COHORTS:
        own = [each for each in memberships if each.cohort == name]
        key = name.replace(" ", "_")
        flags[key] = any(belongs(each, frame.as_at) for each in own)
    return flags


def _school(on: date, dob: date | None, enrolments: Sequence[Enrolment]) -> dict[str, object]:
    group = year_group(enrolments, dob, on)
    current = governing_enrolment(enrolments, on)
    return {
        "year_group": group,
        "phase": phase(group),
        "on_roll": current is not None,
        "urn": current.urn if current else None,
    }


def _by_child(rows: Iterable[Row]) -> dict[str, list[Row]]:
    by_child: dict[str, list[Row]] = {}
    for row in rows:
        by_child.setdefault(row.child_id, []).append(row)
    return by_child
