"""The workbook: every headline figure with what it means, and each subject's main breakdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from vs_core import figures
from vs_core.figures import SubjectFigures, behind
from vs_core.figures.changes import Changes, changes
from vs_core.queries import reference
from vs_core.reports.asked import Asked
from vs_core.reports.tables import Sheet, book_bytes
from vs_core.rules import words
from vs_core.rules.cohorts import YEAR_GROUPS
from vs_core.rules.measure import Measure
from vs_core.rules.register import BANDS

SUBJECT_WORDS = {
    "cohort": "Children in care",
    "attendance": "Attendance",
    "exclusions": "Suspensions and exclusions",
    "pp-plus": "Pupil Premium Plus",
    "training": "Training",
    "projects": "Projects",
    "pep": "Education plans",
    "provision": "Provision",
    "post-16": "After 16",
    "actions": "Actions",
}
COLUMNS = (
    "Subject",
    "Figure",
    "Value",
    "Unit",
    "Change since last week",
    "From",
    "To",
    "As at",
    "Meaning",
    "Rule",
    "Source",
    "Note",
)
NOTHING_TO_SHARE = "Nothing to take a share of."
NOTHING = "Nothing has arrived yet: no child is known on this day."
NOT_HIDDEN = "Small numbers are not hidden: for the virtual school, not for publication. No child is named."


def content(connection: Connection, asked: Asked) -> bytes:
    """The workbook as .xlsx: `Figures`, then a sheet for each subject with rows."""
    compared = {
        subject: changes(connection, subject, asked.frame(subject), asked.reader.scope)
        for subject in asked.reader.subjects
    }
    notes = [f"{asked.whose}, as at {words.long_day(asked.as_at)}, {asked.known}.", NOT_HIDDEN]
    if all(frame.empty for frame in compared["cohort"].now.rows.values()):
        notes.append(NOTHING)
    meanings = {row.code: row.meaning for row in connection.execute(reference.suspension_reasons())}
    rows = pd.DataFrame([row for each in compared.values() for row in _rows(each)], columns=list(COLUMNS))
    sheets = [Sheet("Figures", rows, notes), *_breakdowns(compared, notes, meanings)]
    return book_bytes(f"Figures of {asked.school}", sheets)


def _rows(compared: Changes) -> Iterator[tuple[Any, ...]]:
    of, frame = compared.now, compared.now.frame
    before = compared.before.flat if compared.before else {}
    for key, value in of.flat.items():
        measure = figures.measure(of.subject, key if of.subject == "projects" else key.partition(".")[0])
        note = of.notes.get(key, NOTHING_TO_SHARE if value is None else "")
        shown, moved = _in_unit(value, measure), _in_unit(_difference(value, before.get(key)), measure)
        yield (
            SUBJECT_WORDS[of.subject],
            _label(of.subject, key, measure),
            shown,
            _unit(measure, value),
            moved,
            frame.start,
            frame.end,
            frame.as_at,
            measure.meaning,
            measure.rule,
            measure.source,
            note,
        )


def _label(subject: str, key: str, measure: Measure) -> str:
    """`Persistently absent`, `Suspensions by reason: PP`, `Letterbox: Enrolled`."""
    if subject == "projects":
        return f"{key.rpartition('.')[0]}: {measure.label}"
    group = key.partition(".")[2]
    return f"{measure.label}: {group}" if group else measure.label


def _unit(measure: Measure, value: Any) -> str:
    if isinstance(value, bool | str):
        return ""
    return {"pence": "pounds", "by group": "count"}.get(measure.unit, measure.unit)


def _in_unit(value: Any, measure: Measure) -> Any:
    return value / 100 if measure.unit == "pence" and isinstance(value, int) else value


def _difference(now: Any, before: Any) -> float | int | None:
    numbers = [isinstance(each, int | float) and not isinstance(each, bool) for each in (now, before)]
    return now - before if all(numbers) else None


def _breakdowns(compared: Mapping[str, Changes], notes: list[str], meanings: Mapping[str, str]) -> Iterator[Sheet]:
    for subject, (rows_of, breakdown) in _BREAKDOWNS.items():
        rows = rows_of(compared[subject].now) if subject in compared else pd.DataFrame()
        if len(rows):
            yield Sheet(SUBJECT_WORDS[subject], breakdown(rows, meanings), notes)


def _roll(rows: pd.DataFrame, _: Mapping[str, str]) -> pd.DataFrame:
    parts = {"In care": "in_care", "Joined": "joined", "Left": "left", "Unaccompanied": "uasc"}
    counts = {name: rows.loc[rows[key].astype(bool), "year_group"].value_counts() for name, key in parts.items()}
    return _by_year(pd.DataFrame(counts).fillna(0).astype(int))


def _attendance(rows: pd.DataFrame, _: Mapping[str, str]) -> pd.DataFrame:
    sums = rows.groupby("year_group")[["possible_sessions", "attended_sessions"]].sum()
    bands = pd.crosstab(rows["year_group"], rows["band"]).reindex(columns=[band.label for band in BANDS], fill_value=0)
    frame = pd.DataFrame(
        {
            "Children": rows["year_group"].value_counts(),
            "Possible sessions": sums["possible_sessions"],
            "Attended sessions": sums["attended_sessions"],
            "Attendance percent": sums["attended_sessions"] * 100 / sums["possible_sessions"],
            "Persistently absent": rows.groupby("year_group")["is_persistently_absent"].sum(),
            "Severely absent": rows.groupby("year_group")["is_severely_absent"].sum(),
        }
    )
    return _by_year(frame.join(bands))


def _exclusions(rows: pd.DataFrame, meanings: Mapping[str, str]) -> pd.DataFrame:
    code = rows["reason1"].astype(object).fillna("").replace("", "not given")
    grouped = (
        rows.assign(Code=code)
        .groupby("Code", as_index=False)
        .agg(Suspensions=("child_key", "size"), Children=("child_key", "nunique"), Days=("days", "sum"))
    )
    grouped.insert(1, "First reason", grouped["Code"].map(lambda each: meanings.get(each, each)))
    return grouped.sort_values("Suspensions", ascending=False, kind="stable")


def _money(rows: pd.DataFrame, _: Mapping[str, str]) -> pd.DataFrame:
    grouped = rows.groupby("state", as_index=False).agg(
        Requests=("request_id", "size"),
        Children=("child_key", "nunique"),
        asked=("amount_pence", "sum"),
        paid=("paid_pence", "sum"),
        committed=("committed_pence", "sum"),
    )
    pounds = {f"{name.capitalize()}, pounds": grouped.pop(name) / 100 for name in ("asked", "paid", "committed")}
    return grouped.rename(columns={"state": "State"}).assign(**pounds)


def _plans(rows: pd.DataFrame, _: Mapping[str, str]) -> pd.DataFrame:
    states = rows["state"].astype(str).str.capitalize()
    return _by_year(pd.crosstab(rows["year_group"].astype(object).fillna("not known"), states))


def _after_16(rows: pd.DataFrame, _: Mapping[str, str]) -> pd.DataFrame:
    return _by_year(
        pd.crosstab(rows["year_group"], rows["status"].astype(object).fillna("not known").astype(str).str.capitalize())
    )


def _by_year(frame: pd.DataFrame) -> pd.DataFrame:
    """Year groups in their order, one a row."""
    ordered = frame.reindex([group for group in YEAR_GROUPS if group in frame.index])
    ordered.columns = [str(name) for name in ordered.columns]
    return ordered.rename_axis("Year group").reset_index()


Breakdown = Callable[[pd.DataFrame, Mapping[str, str]], pd.DataFrame]
_BREAKDOWNS: dict[str, tuple[Callable[[SubjectFigures], pd.DataFrame], Breakdown]] = {
    "cohort": (lambda of: behind(of, "in_care") if of.figures["in_care"] is None else of.rows["roll"], _roll),
    "attendance": (lambda of: behind(of, "children"), _attendance),
    "exclusions": (lambda of: behind(of, "by_reason"), _exclusions),
    "pp-plus": (lambda of: of.rows["requests"], _money),
    "pep": (lambda of: behind(of, "due"), _plans),
    "post-16": (lambda of: of.rows["children"], _after_16),
}
