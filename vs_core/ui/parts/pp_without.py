"""Eligible children with nothing requested: by school, year group and need, beside how many are eligible there."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from vs_core import charts, figures
from vs_core.access.viewer import Viewer
from vs_core.figures import SubjectFigures
from vs_core.rules.cohorts import YEAR_GROUPS
from vs_core.rules.listed import MARK
from vs_core.rules.pp_spend import NOT_SHOWN, slug
from vs_core.rules.words import year
from vs_core.ui import chart, words
from vs_core.ui.filters import Chosen
from vs_core.ui.parts import children, comparing, grouped, groupings
from vs_core.ui.parts.groupings import NOT_KNOWN
from vs_core.ui.parts.pp_plus import CHILDREN
from vs_core.ui.tables import Column

YEAR, SCHOOL, NEED = "Year group", "School", "Special educational needs"
DIVISIONS = (YEAR, SCHOOL, NEED)
NO_SCHOOL = "On no school's roll"
NOBODY = "Something is requested for every eligible child."
MOST_DRAWN = 14
OF = "without_of"


def draw(viewer: Viewer, chosen: Chosen, money: SubjectFigures) -> None:
    """The division in the address, its chart and table; beneath, the children, all or those of the chosen row."""
    st.subheader("Eligible children with nothing requested")
    rows = figures.behind(money, "children_without_spend")
    if rows.empty:
        st.info(money.notes.get("children_without_spend", NOBODY), icon=":material/info:")
        return
    told = st.selectbox("Divided by", DIVISIONS, key="without", filter_mode=None, width=320, bind="query-params")
    division = told if told in DIVISIONS else YEAR
    groups = by_group(money, division)
    drawn, table = st.columns(2, gap="large")
    with drawn:
        alt = f"{len(rows)} eligible children with nothing requested, by {division.lower()}"
        chart.draw(charts.roll_by_group, bars(groups), alt=alt, key=f"without {division}", title="Children")
    with table:
        children_of = f"{words.counted(len(rows), 'child', 'children')} of {len(money.rows['children']):,} eligible."
        columns = (Column("group", division, width="medium"), *COLUMNS)
        opened = grouped.table(groups, columns, OF, alt=alt, count=children_of.capitalize())
    _children(viewer, chosen, rows.assign(group=_groups(rows, division, money)), groups[groups["key"] == opened])


def bars(groups: pd.DataFrame) -> pd.DataFrame:
    """The groups with children as they are drawn: `group`, `children`; where they are many the smallest in one bar, so
    that every bar's share is of all children."""
    drawn = groups.loc[groups["children"] > 0, ["group", "children"]]
    if len(drawn) <= MOST_DRAWN:
        return drawn
    first, rest = drawn.head(MOST_DRAWN - 1), drawn.iloc[MOST_DRAWN - 1 :]
    others = pd.DataFrame({"group": [f"{len(rest)} others together"], "children": [int(rest["children"].sum())]})
    return pd.concat([first, others], ignore_index=True)


def _children(viewer: Viewer, chosen: Chosen, rows: pd.DataFrame, own: pd.DataFrame) -> None:
    title = "Nothing requested"
    if len(own):
        group = str(own["group"].iloc[0])
        rows, title = rows[rows["group"] == group], f"{title}: {group}"
    ordered = children.with_names(rows.sort_values(["school", "surname"], kind="stable"))
    comparing.listing(viewer, chosen, ordered, CHILDREN, title=title)


def by_group(money: SubjectFigures, division: str) -> pd.DataFrame:
    """One row a group with an eligible child: `key` (in an address), `group`, `children` (with nothing requested: they
    add up to the figure), `eligible`, `percent` (of these). Groups with the most children first, year groups and needs
    in their order."""
    every = money.rows["children"]
    own = every.assign(group=_groups(every, division, money), without=~every["has_request"].astype(bool))
    counts = own.groupby("group").agg(children=("without", "sum"), eligible=("without", "size"))
    counts = counts[counts["children"] > 0] if division == SCHOOL else counts
    ordered = counts.loc[_in_order(counts, _ORDERS.get(division, ()))].reset_index()
    keys = own.groupby("group")["urn"].first() if division == SCHOOL else None
    return ordered.assign(
        percent=100 * ordered["children"] / ordered["eligible"],
        key=[_key(str(group), keys) for group in ordered["group"]],
    )


def _key(group: str, urns: pd.Series[Any] | None) -> str:
    urn = None if urns is None or group in (NOT_SHOWN, NO_SCHOOL, NOT_KNOWN) else urns[group]
    return slug(group) if urn is None or pd.isna(urn) else str(urn)


def _groups(rows: pd.DataFrame, division: str, money: SubjectFigures) -> list[str]:
    if division == YEAR:
        return list(map(year, rows["year_group"]))
    if division == NEED:
        groups = groupings.meanings(rows["sen"], "sen", money.frame.end)
    else:
        on_roll = rows["on_roll"].astype(bool)
        groups = [
            (NOT_KNOWN if pd.isna(name) or not name else str(name)) if on else NO_SCHOOL
            for name, on in zip(rows["school"], on_roll, strict=True)
        ]
    return [group if may else NOT_SHOWN for group, may in zip(groups, rows[MARK].eq(True), strict=True)]


def _in_order(counts: pd.DataFrame, order: tuple[str, ...]) -> list[str]:
    place, last = {name: number for number, name in enumerate(order)}, {NOT_SHOWN: 1, NOT_KNOWN: 2}
    number = {str(name): int(count) for name, count in counts["children"].items()}

    def rank(name: str) -> tuple[int, int, int, str]:
        return (last.get(name, 0), place.get(name, len(place)), -number[name], name)

    return sorted(number, key=rank)


_ORDERS = {
    YEAR: tuple(map(year, YEAR_GROUPS)),
    NEED: ("No special educational need", "SEN support", "Education, health and care plan"),
}
COLUMNS = (
    Column("children", "With nothing requested", "number"),
    Column("eligible", "Eligible", "number", "On the last day of the period"),
    Column("percent", "Of the eligible", "percent"),
)
