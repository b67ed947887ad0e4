"""What the projects page is put together from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from vs_core import charts, figures
from vs_core.access import roles
from vs_core.access.viewer import Viewer
from vs_core.figures import SubjectFigures
from vs_core.figures.changes import Changes
from vs_core.rules.day_columns import covers, empty_or_from, on_or_before
from vs_core.rules.projects import ENROLLED, Project
from vs_core.ui import chart, downloads, tables, tiles, words
from vs_core.ui.filters import Chosen
from vs_core.ui.parts import attention, children, comparing
from vs_core.ui.parts.attention import Point
from vs_core.ui.tables import Column

FEW = 6
"""Under so many eligible children a share says little about a project, and much about each child."""
RENEWAL_DAYS = 120
EMPTY_PERCENT = 25
NOT_ENROLLED, NOT_ACTIVE = "eligible-not-enrolled", "enrolled-not-active"
KEYS = ("eligible", "offered", "enrolled", "active", "take_up_percent")


def by_project(projects: SubjectFigures, licences: pd.DataFrame) -> pd.DataFrame:
    """One row a project of `projects`: its figures, `caution` (words or empty), `idle` (children who hold a place and
    do not reach its weekly target), `schools` (with a place in the period), of its licence `licence_places`, `taken`,
    `free_places`, `renewal_on`; `cost_pence` (of the licence, else of the places taken in the period) and
    `per_active_pence`, empty where schools' places are part of the cost."""
    held: dict[Any, pd.Series[Any]] = {row["project"]: row for _, row in licences.iterrows()}
    rows = [_row(projects, name, held.get(name)) for name in projects.figures]
    return pd.DataFrame(rows, columns=["project", *KEYS, "caution", "idle", *_OF_LICENCE])


_OF_LICENCE = ("licence_places", "taken", "free_places", "renewal_on", "schools", "cost_pence", "per_active_pence")


def _row(projects: SubjectFigures, name: str, licence: pd.Series[Any] | None) -> dict[str, Any]:
    own, places = projects.figures[name], projects.rows["places"]
    mine = places[(places["project"] == name) & places["status"].isin(ENROLLED)]
    held = mine[covers(mine["start"], mine["end"], projects.frame.as_at)]
    room, taken = _of(licence, "places"), len(held[["child_key", "school_key"]].drop_duplicates())
    current = mine[on_or_before(mine["start"], projects.frame.end) & empty_or_from(mine["end"], projects.frame.start)]
    cost = _of(licence, "cost_pence") if licence is not None else _spent(current)
    per_child = cost and own["active"] and (licence is not None or current["child_id"].notna().all())
    return {
        "project": name,
        **own,
        "caution": _caution(own["eligible"]),
        "idle": len(set(held["child_id"].dropna()) - set(figures.behind(projects, f"{name}.active")["child_id"])),
        "licence_places": room,
        "taken": taken,
        "free_places": None if room is None else max(0, room - taken),
        "renewal_on": None if licence is None else licence["renewal_on"],
        "schools": int(current.loc[current["child_id"].isna(), "school_key"].nunique()),
        "cost_pence": cost,
        "per_active_pence": round(cost / own["active"]) if per_child and cost else None,
    }


def _of(licence: pd.Series[Any] | None, name: str) -> int | None:
    return None if licence is None or pd.isna(licence[name]) else int(licence[name])


def _spent(places: pd.DataFrame) -> int | None:
    """What places cost; None where none of them says."""
    costs = pd.to_numeric(places["cost_pence"]).dropna()
    return int(costs.sum()) if len(costs) else None


def _caution(eligible: int | None) -> str:
    if eligible is None or eligible >= FEW:
        return ""
    return "Nobody is eligible" if eligible == 0 else f"Fewer than {FEW} eligible: read with care"


def needs(table: pd.DataFrame, as_at: date) -> None:
    """What the operations lead decides on: licences to renew or hand on, and children who hold a place unused."""
    points = [*_renewals(table, as_at), *_unused(table), *_idle(table)]
    known = table["active"].notna().any()
    nothing = "No licence is due for renewal, none stands empty and every weekly target is reached."
    attention.draw(points, nothing=nothing if known else "")


def _renewals(table: pd.DataFrame, as_at: date) -> Iterator[Point]:
    dated = _each(table[table["renewal_on"].notna()].sort_values("renewal_on", kind="stable"))
    due = [row for row in dated if timedelta(0) <= row.renewal_on - as_at <= timedelta(days=RENEWAL_DAYS)]
    if due:
        said = [f"{row.project} {words.long_day(row.renewal_on)} ({row.active:.0f} take part)" for row in due]
        headline = f"{words.counted(len(due), 'licence').capitalize()} to renew within {RENEWAL_DAYS} days."
        yield Point(headline, f"{words.listed(said)}.")


def _each(table: pd.DataFrame) -> Iterable[Any]:
    return table.itertuples()


def _unused(table: pd.DataFrame) -> Iterator[Point]:
    licensed = table[table["licence_places"].notna() & (table["licence_places"] > 0)]
    share = 100 * licensed["free_places"].astype(float) / licensed["licence_places"].astype(float)
    most = licensed[share >= EMPTY_PERCENT].sort_values("free_places", ascending=False)
    if len(most):
        said = [f"{row.project} {row.free_places:.0f} of {row.licence_places:.0f}" for row in _each(most)]
        yield Point(
            f"{most['free_places'].sum():,.0f} licence places stand empty.",
            f"{words.listed(said)}. Offer them to eligible children who are not enrolled, or renew for fewer.",
        )


def _idle(table: pd.DataFrame) -> Iterator[Point]:
    for row in _each(table[table["active"].notna() & (table["idle"] > 0)]):
        who = words.counted(row.idle, "child", "children").capitalize()
        yield Point(
            f"{who} with a place on {row.project} did not reach its weekly target in the last four weeks.",
            "Choose the project below to see who.",
        )


def uptake(table: pd.DataFrame) -> None:
    """Who could take part, who does and who is active, by project."""
    st.subheader("Take-up by project")
    drawn = table[["project", "eligible", "enrolled", "active", "take_up_percent"]].dropna(
        subset=["eligible", "enrolled", "active"]
    )
    alt = f"Eligible, enrolled and active children of {words.counted(len(drawn), 'project')}"
    chart.draw(charts.project_uptake, drawn, alt=alt, key="uptake")
    few = table.loc[table["caution"].str.startswith("Fewer"), "project"]
    if len(few):
        st.caption(
            words.plain(f"Fewer than {FEW} children are eligible for {words.listed(list(few))}: a share says little.")
        )


def money(viewer: Viewer, chosen: Chosen, table: pd.DataFrame) -> None:
    """Places, renewal and cost of every project."""
    title = "Places, renewal and cost"
    st.subheader(title)
    seen = [column for column in PROJECTS if column.kind != "money" or viewer.may(roles.SEE_MONEY)]
    columns = [column for column in seen if column.field != "caution" or table["caution"].any()]
    tables.listing(table, columns, key="projects", alt=title, noun=("project", "projects"))
    st.caption(
        "Cost: of the licence that runs on the day, for its whole term; else of the places taken in the period. "
        "Licences are the whole authority's: for one phase or one caseload they are left out."
    )
    downloads.table(viewer, table, columns, title=title, notes=[chosen.sentence], as_at=chosen.frame.as_at)


def choose(names: Sequence[str]) -> str:
    """Which project, kept in the address."""
    st.subheader("One project")
    chosen = st.selectbox("Project", names, key="project", filter_mode="contains", width=420, bind="query-params")
    return chosen if chosen in names else names[0]


def figures_row(compared: Changes, name: str, rule: Project | None) -> None:
    """Five tiles of one project with their change since last week."""
    now, before = compared.now.figures[name], compared.before.figures.get(name, {}) if compared.before else {}
    of = "" if now["eligible"] is None else f"of {now['eligible']:,} eligible"
    weekly = f"reached {rule.minutes_per_week} minutes in one of four weeks" if rule and rule.minutes_per_week else ""
    enrolled = "" if now["enrolled"] is None else f"of {now['enrolled']:,} who took a place"
    captions = {
        "eligible": _years(rule),
        "offered": "a place of any status",
        "enrolled": "within the period, eligible or not",
        "active": "; ".join(part for part in (enrolled, weekly) if part),
        "take_up_percent": _caution(now["eligible"]) or of,
    }
    shown = [_tile(compared.now, name, key, before.get(key), caption) for key, caption in captions.items()]
    tiles.figures_row(shown, key="project-figures")


def _tile(projects: SubjectFigures, name: str, key: str, before: Any, caption: str) -> tiles.Tile:
    return tiles.of_measure(
        figures.measure("projects", f"{name}.{key}"),
        projects.figures[name][key],
        before,
        note=projects.notes.get(f"{name}.{key}", ""),
        since=comparing.SINCE,
        caption=caption,
    )


def _years(rule: Project | None) -> str:
    if rule is None or not (rule.years_from or rule.years_to):
        return "every year group"
    first, last = (children.year(group) if group else "" for group in (rule.years_from, rule.years_to))
    return f"{first} to {last}" if first and last else first or last


def listing(viewer: Viewer, chosen: Chosen, projects: SubjectFigures, name: str) -> None:
    """The children behind a figure of one project, and those who could take part and do not."""
    labels = _labels(name)
    key = tables.behind(labels)
    rows = children.with_names(_behind(projects, name, key)).merge(_latest_place(projects, name), how="left")
    ordered = rows.sort_values(["school", "child"], kind="stable")
    comparing.listing(viewer, chosen, ordered, CHILDREN, title=f"{name}: {labels[key].lower()}")


def _labels(name: str) -> Mapping[str, str]:
    own = {key: figures.measure("projects", f"{name}.{key}").label for key in KEYS[:4]}
    return {NOT_ENROLLED: "Eligible, not enrolled", NOT_ACTIVE: "Took a place, not taking part now"} | own


def _behind(projects: SubjectFigures, name: str, key: str) -> pd.DataFrame:
    if key == NOT_ENROLLED:
        eligible = figures.behind(projects, f"{name}.eligible")
        return eligible[~eligible["is_enrolled"].astype(bool)]
    if key == NOT_ACTIVE:
        enrolled = figures.behind(projects, f"{name}.enrolled")
        return enrolled[~enrolled["is_active"].astype(bool)]
    return figures.behind(projects, f"{name}.{key}")


def _latest_place(projects: SubjectFigures, name: str) -> pd.DataFrame:
    """The last place that each child was offered: `child_id`, `place`, `place_from`, `place_to`, `last_minutes`."""
    places, usage = (projects.rows[each] for each in ("places", "usage"))
    own = places[(places["project"] == name) & places["child_id"].notna()].sort_values("start", kind="stable")
    last = own.drop_duplicates("child_id", keep="last")[["child_id", "status", "start", "end"]]
    used = usage[usage["project"] == name].groupby("child_id")["minutes"].max().rename("most_minutes")
    return last.set_axis(["child_id", "place", "place_from", "place_to"], axis=1).merge(
        used.reset_index(), on="child_id", how="left"
    )


PROJECTS = (
    Column("project", "Project"),
    Column("eligible", "Eligible", "number"),
    Column("enrolled", "Enrolled", "number"),
    Column("active", "Active", "number"),
    Column("take_up_percent", "Take-up", "progress", "Enrolled and eligible, of eligible"),
    Column("licence_places", "Licence places", "number"),
    Column("free_places", "Free", "number", "Places of the licence that nobody holds on the day"),
    Column("renewal_on", "Renew by", "date"),
    Column("schools", "Schools", "number", "Schools that hold a place themselves, in the period"),
    Column("cost_pence", "Cost", "money"),
    Column("per_active_pence", "Per active child", "money"),
    Column("caution", "Remark"),
)
CHILDREN = (
    children.CHILD,
    children.YEAR,
    children.SCHOOL,
    Column("place", "Place"),
    Column("place_from", "From", "date"),
    Column("place_to", "To", "date"),
    Column("most_minutes", "Most minutes a week", "number", "In one of the last four weeks"),
    children.ADVISER,
    children.SOCIAL_WORKER,
)
