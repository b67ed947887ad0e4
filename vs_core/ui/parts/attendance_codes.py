"""Attendance with and without the sessions that say more of what a child was offered than of the child."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from vs_core.access.viewer import Viewer
from vs_core.figures import SubjectFigures
from vs_core.rules.listed import listed
from vs_core.rules.measures_sessions import MEASURES
from vs_core.rules.words import change, figure
from vs_core.ui import tables, words
from vs_core.ui.chosen import Chosen
from vs_core.ui.load.attendance import Page
from vs_core.ui.parts import attendance_lists as lists
from vs_core.ui.tables import Column

_LABELS = {"": "As it counts", lists.ANY_TAKEN_OUT: "Without all three"}
_MEANS = (
    "Each is taken out of the possible sessions and of the absent ones, as if the register did not hold it; sessions"
    " attended stay. In every other figure here it counts, as authorised absence. A chosen row opens its children."
)
_APART = "Not possible sessions, so in no figure here: not attended and not missed."


def draw(page: Page, of: SubjectFigures) -> str | None:
    """A row for each code that is taken out, and one for each that counts nowhere. Gives the key of a chosen row."""
    st.subheader("With and without some codes")
    taken = _taken(page.without)
    picked = _table(taken, TAKEN, "codes-taken-out", "Attendance with and without part-time timetables", _MEANS)
    outside = _apart(page, of.rows["children"])
    also = _table(
        outside, OUTSIDE, "codes-apart", "Sessions at the other school, and of children unable to attend", _APART
    )
    return next(iter((*picked["key"], *also["key"])), None)


def opened(
    viewer: Viewer, chosen: Chosen, of: SubjectFigures, courses: pd.DataFrame, few: int, key: str | None
) -> None:
    """The children of the chosen row."""
    if key is None:
        return
    title = f"Children of the row: {MEASURES[key].label if key in MEASURES else _LABELS[key]}"
    st.markdown(f"**{words.plain(title)}**")
    lists.of_figure(viewer, chosen, of, courses, few, key or "children", title)


def _table(rows: pd.DataFrame, columns: tuple[Column, ...], key: str, alt: str, says: str) -> pd.DataFrame:
    return tables.listing(rows, columns, key=key, alt=alt, noun=("row", "rows"), select=True, count=says)


def _taken(found: pd.DataFrame) -> pd.DataFrame:
    percents: list[float | None] = found["attendance_percent"].astype(object).tolist()
    return found.assign(
        sessions=found["sessions"].where(found["key"] != ""),
        children=found["children"].where(found["key"] != ""),
        label=[_label(key) for key in found["key"]],
        attendance=pd.Series([figure(percent, "percent") for percent in percents], found.index, dtype=object),
        moved=pd.Series([None, *(change(each, percents[0], "percent") for each in percents[1:])], dtype=object),
    )


def _label(key: str) -> str:
    own = _LABELS.get(key) or MEASURES[key].label
    return own if key in _LABELS else f"Without {own[:1].lower()}{own[1:]}"


def _apart(page: Page, rows: pd.DataFrame) -> pd.DataFrame:
    """A row for D and one for all Y; then one for each Y, of children who may be listed: Y5 tells where a child is."""
    found, meanings = page.apart, page.meanings
    of_all = [
        _part(key, MEASURES[key].label, found[found["code"].str.startswith(code)]) for key, code in lists.APART.items()
    ]
    told = found[found["child_key"].isin(listed(rows)["child_key"]) & found["code"].str.startswith("Y")]
    each = [
        _part("unable_sessions", f"– {code} {meanings.get(str(code), '')}", own) for code, own in told.groupby("code")
    ]
    return pd.DataFrame([*of_all, *each])


def _part(key: str, label: str, rows: pd.DataFrame) -> dict[str, object]:
    return {
        "key": key,
        "label": label,
        "sessions": int(rows["sessions"].sum()),
        "children": rows["child_key"].nunique(),
    }


TAKEN = (
    Column("label", "Attendance"),
    Column("attendance", "Percent"),
    Column("moved", "Difference"),
    Column("sessions", "Taken out", "number", "Sessions taken out"),
    Column("children", "Children", "number", "Children with any of them"),
)
OUTSIDE = (
    Column("label", "Apart"),
    Column("sessions", "Sessions", "number"),
    Column("children", "Children", "number"),
)
