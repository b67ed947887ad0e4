"""The lists behind the weekly review: of each figure, of each matter, of each change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from vs_core import figures
from vs_core.access.viewer import Viewer
from vs_core.figures import SubjectFigures
from vs_core.figures.attention import Matter
from vs_core.figures.changes import Changes
from vs_core.figures.provision import not_full_time
from vs_core.ui.filters import Chosen
from vs_core.ui.parts import children, comparing
from vs_core.ui.tables import Column

CHILD, PLAN, NOTICE, ACTION, REQUEST, PAYMENT = (
    ("child", "children"),
    ("plan", "plans"),
    ("notice", "notices"),
    ("action", "actions"),
    ("request", "requests"),
    ("payment", "payments"),
)
NOUNS = {"plans": PLAN, "notices": NOTICE, "actions": ACTION, "requests": REQUEST, "payments": PAYMENT}
_OF_MATTER = {
    "without-school": "without school",
    "suspended-over-limit": "days",
    "permanent-exclusion": "notices",
    "newly-severe": "attendance",
    "reviews-overdue": "reviews",
    "plans-overdue": "plans",
    "no-first-plan": "first plans",
}
_OF_CHANGE = {"Attendance": "attendance", "Exclusions": "notices", "PEPs": "plans", "PP+": "money"}


@dataclass(frozen=True)
class Listed:
    """A list: its name, which columns it has, its rows."""

    label: str
    kind: str
    rows: pd.DataFrame


def of_figures(changes: Mapping[str, Changes]) -> dict[str, Listed]:
    """The lists behind the ten figures, in their order."""
    now = {subject: each.now for subject, each in changes.items()}
    found = [_of(now[subject], key, label, kind) for subject, kind, key, label in _FIGURES if subject in now]
    at = next(place for place, (key, _) in enumerate(found) if key.startswith("exclusions."))
    full_time = Listed("Not in school full time", "not full time", not_full_time(now["provision"]))
    return dict([*found[:at], ("provision.not_full_time", full_time), *found[at:]])


def _of(of: SubjectFigures, key: str, label: str, kind: str) -> tuple[str, Listed]:
    return f"{of.subject}.{key}", Listed(label, kind, figures.behind(of, key))


_FIGURES = (
    ("cohort", "children", "in_care", "In care"),
    ("cohort", "children", "joined", "Joined this year"),
    ("cohort", "children", "left", "Left this year"),
    ("attendance", "attendance", "children", "Attendance, every child"),
    ("attendance", "attendance", "persistently_absent", "Persistently absent"),
    ("attendance", "attendance", "severely_absent", "Severely absent"),
    ("exclusions", "notices", "suspension_days", "Suspensions this term"),
    ("exclusions", "notices", "permanent_exclusions", "Permanent exclusions this term"),
    ("pep", "plans", "overdue", "PEPs overdue"),
    ("pep", "plans", "completed", "PEPs signed off"),
    ("pep", "plans", "due", "PEPs due"),
    ("pp-plus", "children", "children_without_spend", "Without Pupil Premium Plus"),
    ("pp-plus", "requests", "forecast_pence", "Pupil Premium Plus requests"),
    ("post-16", "after 16", "neet", "Post-16, NEET"),
    ("post-16", "after 16", "not_known", "Post-16, not known"),
    ("post-16", "after 16", "in_education_employment_training", "Post-16, in education or work"),
    ("actions", "actions", "overdue", "Actions overdue"),
    ("actions", "actions", "open", "Actions open"),
)


def of_matters(matters: Sequence[Matter]) -> dict[str, Listed]:
    """The lists behind what needs a decision."""
    return {
        f"matter.{each.key}": Listed(f"To decide: {each.about}", _OF_MATTER.get(each.key, "children"), each.rows)
        for each in matters
    }


def kind_of_change(subject: str, rows: pd.DataFrame) -> str:
    """Which columns the rows behind a change have."""
    kind = _OF_CHANGE.get(subject, "children")
    return kind if kind != "money" else "payments" if "payment_id" in rows else "requests"


def draw(viewer: Viewer, chosen: Chosen, title: str, kind: str, rows: pd.DataFrame) -> None:
    """The rows in the columns of their kind, with the button that takes them away."""
    worded = _worded(rows, kind)
    columns = [column for column in COLUMNS[kind] if column.field in worded]
    comparing.listing(viewer, chosen, worded, columns, title=title, noun=NOUNS.get(kind, CHILD))


def _worded(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    if "year_group" in rows:
        rows = children.with_names(rows)
    elif {"forename", "child_id"} <= set(rows.columns):
        rows = rows.assign(child=children.names(rows))
    if kind == "attendance" and "possible_sessions" in rows:
        pairs = zip(rows["attended_sessions"], rows["possible_sessions"], strict=True)
        rows = rows.assign(sessions=[f"{attended:,} of {possible:,}" for attended, possible in pairs])
        return rows.sort_values(["attendance_percent", "absent_sessions"], ascending=[True, False], kind="stable")
    if kind == "plans":
        return rows.sort_values("due_on", kind="stable")
    if kind in ("children", "not full time", "after 16") and "surname" in rows:
        return children.by_surname(rows)
    return rows


_OFFICERS = (children.SOCIAL_WORKER, children.ADVISER)
_WHO = (children.YEAR, children.SCHOOL, *_OFFICERS)
COLUMNS: dict[str, tuple[Column, ...]] = {
    "children": (children.CHILD, *_WHO),
    "attendance": (
        children.CHILD,
        Column("attendance_percent", "Attendance", "progress"),
        Column("sessions", "Sessions", help="Attended of possible sessions since 1 September"),
        Column("unauthorised_absence_sessions", "Unauthorised", "number"),
        *_WHO,
    ),
    "not full time": (children.CHILD, Column("how", "How"), *_WHO),
    "without school": (
        children.CHILD,
        Column("out_since", "Without since", "date"),
        Column("school_days", "School days", "number"),
        Column("applied_on", "Applied", "date"),
        Column("directed_on", "Directed", "date"),
        children.YEAR,
        *_OFFICERS,
    ),
    "reviews": (
        children.CHILD,
        Column("kind", "Kind"),
        Column("start", "Since", "date"),
        Column("review_due", "Review due", "date"),
        Column("provider", "Provider"),
        *_WHO,
    ),
    "notices": (
        children.CHILD,
        Column("kind", "Kind"),
        Column("start_date", "Starts", "date"),
        Column("days", "Days", "days"),
        Column("reason1", "Reason"),
        Column("governors_by", "Governors by", "date"),
        *_WHO,
    ),
    "days": (children.CHILD, Column("days", "Days this term", "days"), *_WHO),
    "plans": (
        children.CHILD,
        Column("term", "Term"),
        Column("kind", "Kind"),
        Column("due_on", "Due", "date"),
        Column("state", "State"),
        Column("quality", "Quality"),
        *_WHO,
    ),
    "first plans": (
        children.CHILD,
        Column("entered_on", "In care since", "date"),
        Column("due_on", "First plan due", "date"),
        *_WHO,
    ),
    "requests": (
        children.CHILD,
        Column("requested_on", "Requested", "date"),
        Column("amount_pence", "Asked", "money"),
        Column("state", "State"),
        Column("paid_pence", "Paid", "money"),
        Column("area", "Area"),
        children.YEAR,
        children.SCHOOL,
    ),
    "payments": (
        children.CHILD,
        Column("paid_on", "Paid", "date"),
        Column("amount_pence", "Amount", "money"),
        children.YEAR,
        children.SCHOOL,
    ),
    "after 16": (
        children.CHILD,
        Column("status", "Now"),
        Column("on", "Recorded", "date"),
        Column("provider", "Where"),
        children.YEAR,
        *_OFFICERS,
    ),
    "actions": (
        Column("subject", "Subject"),
        Column("next_step", "Next step", names_people=True),
        children.CHILD,
        Column("owner", "Owner"),
        Column("due_on", "Due", "date"),
        Column("opened_on", "Opened", "date"),
    ),
}
