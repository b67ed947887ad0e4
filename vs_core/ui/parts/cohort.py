"""What the cohort page is put together from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd
import streamlit as st

from vs_core import charts, figures
from vs_core.access.viewer import Viewer
from vs_core.figures.changes import Changes
from vs_core.rules.frame import Frame
from vs_core.rules.provision import not_on_roll
from vs_core.rules.roll import in_cohort_as_at
from vs_core.ui import chart, filters, tables, tiles, words
from vs_core.ui.filters import Chosen
from vs_core.ui.parts import children, comparing, groupings
from vs_core.ui.tables import Column

OTHER_GROUPS = ("previously_looked_after", "child_in_need", "child_protection", "kinship")
EVERYBODY = "Every group"
BEHIND = ("in_care", "joined", "left", "uasc", "pp_plus_eligible", "in_care_with_short_breaks", *OTHER_GROUPS)
NOT_ON_ROLL = "not_on_roll"


def figures_row(compared: Changes, course: Mapping[str, Sequence[float]], frame: Frame) -> None:
    """Ten tiles in two rows: care, and the other groups. course: recent weeks of some figures, by key."""
    now = compared.now.figures
    since = f"since {words.long_day(frame.start)}"
    breaks = _extra(now["in_care_with_short_breaks"], now["in_care"], "in short breaks besides")
    eligible = _extra(now["pp_plus_eligible_with_short_breaks"], now["pp_plus_eligible"], "in short breaks besides")
    captions = {
        "in_care": breaks,
        "joined": since,
        "left": since,
        "uasc": _share(now["uasc"], now["in_care"], "of children in care"),
        "pp_plus_eligible": eligible,
        **dict.fromkeys(OTHER_GROUPS, f"on {words.long_day(frame.as_at)}"),
        "all": "named in any file so far",
    }
    labels = {"uasc": "Unaccompanied", "pp_plus_eligible": "Eligible for PP+"}
    tiles.figures_row(
        [
            comparing.tile(compared, key, label=labels.get(key, ""), caption=caption, spark=course.get(key, ()))
            for key, caption in captions.items()
        ],
        key="cohort-figures",
    )


def _extra(more: int | None, less: int | None, said: str) -> str:
    return f"{more - less:,} {said}" if more is not None and less is not None else ""


def _share(part: int | None, whole: int | None, said: str) -> str:
    return f"{part * 100 / whole:.1f}% {said}" if part is not None and whole else ""


def what_stands_out(rows: pd.DataFrame) -> None:
    """Children in care of school age who are on no roll, and those placed outside the authority, in a sentence."""
    in_care = rows[rows["in_care"].astype(bool)]
    off_roll, outside = len(not_on_roll(in_care)), int(in_care["in_county"].eq(False).sum())
    known = int(in_care["in_county"].notna().sum())
    of_whom = "" if known == len(in_care) else " of whom it is shown where"
    first = f"{words.counted(off_roll, 'child', 'children').capitalize()} in care from Reception to Year 11 "
    second = f"{outside:,} of {known:,} children in care{of_whom} live out of county."
    st.markdown(words.plain(f"{first}{'is' if off_roll == 1 else 'are'} on no school's roll. {second}"))


def roll(viewer: Viewer, rows: pd.DataFrame, frame: Frame) -> tuple[str, pd.Series[str]]:
    """The children of the chosen group, divided; gives the division's name and each child's group by `child_key`."""
    belonging = rows[in_cohort_as_at(rows, frame.cohort)]
    offered = {each.label: each for each in groupings.offered(frame.cohort, viewer)}
    st.subheader(words.plain(f"{filters.COHORT_WORDS[frame.cohort]} by"))
    label = _choice(list(offered))
    grouping = offered[label]
    groups = grouping.of(belonging, frame)
    counts = groupings.in_order(groups.value_counts(), grouping.order)
    chart.draw(
        charts.roll_by_group,
        pd.DataFrame({"group": counts.index, "children": counts.to_numpy()}),
        alt=f"{len(belonging):,} children by {label.lower()} on {words.long_day(frame.as_at)}, {len(counts)} groups",
        key="roll",
        title=f"Children on {words.long_day(frame.as_at)}",
    )
    if label == groupings.QUALITY:
        st.caption("Ofsted's report cards (from November 2025) and its older overall grades cannot be compared.")
    return label, groups


def _choice(labels: list[str]) -> str:
    chosen = st.selectbox(
        "Divided by",
        labels,
        key="by",
        filter_mode="contains",
        width=320,
        label_visibility="collapsed",
        bind="query-params",
    )
    return chosen if chosen in labels else labels[0]


def moves(by_month: pd.DataFrame) -> None:
    """Children who joined and who left, month by month."""
    st.subheader("Joined and left, by month")
    total = (int(by_month["joined"].sum()), int(by_month["left"].sum()))
    alt = f"Children by month in {len(by_month)} months: {total[0]} joined, {total[1]} left"
    chart.draw(charts.joined_and_left, by_month, alt=alt, key="joined-and-left")
    st.caption(words.plain("First days in care, and first days out of it. A move between placements is neither."))


def listing(viewer: Viewer, chosen: Chosen, compared: Changes, grouped: tuple[str, pd.Series[str]]) -> None:
    """The children behind a figure, all of them or those of one group of the division above."""
    labels = comparing.labels("cohort", BEHIND) | {NOT_ON_ROLL: "In care, Reception to Year 11, on no school's roll"}
    label, groups = grouped
    with st.container(horizontal=True, gap="medium"):
        key = tables.behind(labels)
        rows = _behind(compared, key)
        own = rows["child_key"].map(groups).astype(object)
        group = _group(label, own.dropna())
    shown = rows if group == EVERYBODY else rows[own == group]
    worded = _worded(children.with_names(children.by_surname(shown)), chosen.frame.as_at)
    title = labels[key] if group == EVERYBODY else f"{labels[key]}, {group}"
    comparing.listing(viewer, chosen, worded, COLUMNS, title=title)


def _behind(compared: Changes, key: str) -> pd.DataFrame:
    return (
        not_on_roll(figures.behind(compared.now, "in_care"))
        if key == NOT_ON_ROLL
        else figures.behind(compared.now, key)
    )


def _group(label: str, own: pd.Series[str]) -> str:
    names = [EVERYBODY, *sorted(own.unique(), key=str)]
    chosen = st.selectbox(label, names, key=f"group {label}", filter_mode="contains", width=320)
    return chosen if chosen in names else EVERYBODY


def _worded(rows: pd.DataFrame, on: date) -> pd.DataFrame:
    said = {name: groupings.meanings(rows[name], name, on) for name in ("legal_status", "placement")}
    said["sen"] = [SEN.get(code, groupings.NOT_KNOWN) for code in rows["sen"]]
    ages = pd.array([groupings.age(born, on) for born in rows["born_on"]], dtype="Int64")
    return rows.assign(age=ages, where=groupings.where(rows["in_county"]), **said)


SEN = {"N": "None", "K": "Support", "E": "EHC plan"}
COLUMNS = (
    children.CHILD,
    Column("age", "Age", "number"),
    children.YEAR,
    children.SCHOOL,
    Column("sen", "SEN"),
    Column("area", "Area"),
    Column("where", "Lives"),
    Column("legal_status", "Legal status"),
    Column("placement", "Placement"),
    children.SOCIAL_WORKER,
    children.ADVISER,
)
