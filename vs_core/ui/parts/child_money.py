"""What was asked for one child, what became of it, and what was seen before and after it began."""

from __future__ import annotations

from statistics import median
from typing import Any

import pandas as pd
import streamlit as st

from vs_core.access.viewer import Viewer
from vs_core.figures.child import Child
from vs_core.rules import effect
from vs_core.rules.pp_history import NO_CLAIM
from vs_core.ui import tables, words
from vs_core.ui.load import pp_history as read
from vs_core.ui.tables import Column


def draw(viewer: Viewer, of: Child) -> None:
    """Nothing for a viewer who may not see money; a sentence where nothing was ever asked for."""
    money = read.of_child(viewer, int(of.roll["child_key"].iloc[0]), of.frame)
    if money is None:
        return
    st.subheader("Pupil Premium Plus")
    if money.requests.empty:
        st.info("Nothing was asked for this child by this day.", icon=":material/info:")
        return
    days = read.limits(of.frame.as_at).school_days
    st.markdown(words.plain(_said(money.requests, money.seen, days)))
    noun = ("request", "requests")
    alt = "Requests for the child: target, amounts, where it stands, attendance and plan before and after"
    rows = _rows(money.requests, money.seen)
    tables.listing(rows, REQUESTS, key="child-money", alt=alt, noun=noun, most_rows=10)
    st.caption(words.plain(f"Before and after: the {days} school days on either side of the first day. {NO_CLAIM}"))
    with st.expander("Every step with its day and who did it"):
        named = money.steps.merge(money.requests[["request_id", "term", "intervention"]], on="request_id", how="left")
        steps = named.assign(what=named["what"].str.capitalize()).iloc[::-1]
        tables.listing(
            steps,
            tables.seen(STEPS, viewer),
            key="child-money-steps",
            alt="Steps of the requests",
            noun=("step", "steps"),
        )


def _said(requests: pd.DataFrame, seen: pd.DataFrame, days: int) -> str:
    """How much, how many cases, and what is owed."""
    paid, agreed = int(requests["paid_pence"].sum()), int(requests["approved_pence"].sum())
    count = words.counted(len(requests), "request").capitalize()
    told = [f"{count}: {words.pounds(agreed)} approved, {words.pounds(paid)} paid in all."]
    known = seen[seen["effect_state"] == effect.KNOWN]
    if len(known):
        change = median(float(each) for each in known["change_points"])
        told.append(
            f"Attendance is known for the {days} school days before and after {words.counted(len(known), 'beginning')}:"
            f" median change {change:+.1f} points."
        )
    else:
        told.append("Of no beginning is attendance known before and after.")
    owed = int(requests["owes_impact"].sum())
    if owed:
        told.append(f"{words.counted(owed, 'paid request').capitalize()} without an impact though the term is over.")
    return " ".join(told)


def _rows(requests: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    names = ["request_id", "effect_state", "before_percent", "after_percent", "quality_before", "quality_after"]
    rows = requests.merge(seen[names], on="request_id", how="left")
    return rows.assign(
        stands=[_stands(row) for row in rows.to_dict("records")],
        attendance=[_attendance(row) for row in rows.to_dict("records")],
        plan=[_plan(row) for row in rows.to_dict("records")],
        came=[_impact(row) for row in rows.to_dict("records")],
    )


def _stands(row: dict[Any, Any]) -> str:
    if row["why"]:
        return str(row["why"])
    recovered = f"; {words.pounds(int(row['recovered_pence']))} recovered" if row["recovered_pence"] else ""
    if row["paid_pence"]:
        return f"Paid {words.pounds(int(row['paid_pence']))}{recovered}"
    return f"{str(row['state']).capitalize()}{recovered}"


def _attendance(row: dict[Any, Any]) -> str:
    if row["effect_state"] == effect.KNOWN:
        return f"{row['before_percent']:.0f}% to {row['after_percent']:.0f}%"
    return {effect.NOT_YET: "too early", effect.TOO_FEW: "too few sessions"}.get(row["effect_state"], "")


def _plan(row: dict[Any, Any]) -> str:
    pair = [row[name] for name in ("quality_before", "quality_after")]
    known = ["not known" if pd.isna(each) or not each else str(each) for each in pair]
    return "" if known == ["not known"] * 2 else " to ".join(known)


def _impact(row: dict[Any, Any]) -> str:
    if row["has_impact"]:
        return "recorded" if pd.isna(row["impact"]) else str(row["impact"])
    return "owed: the term is over" if row["owes_impact"] else ""


REQUESTS = (
    Column("term", "Term"),
    Column("intervention", "Intervention"),
    Column("target", "PEP target", names_people=True),
    Column("amount_pence", "Asked for", "money"),
    Column("approved_pence", "Approved", "money"),
    Column("paid_pence", "Paid", "money"),
    Column("attendance", "Attendance", help="Before and after the first day"),
    Column("plan", "Plan", help="Quality of the last plan before the first day and of the first after it"),
    Column("came", "Impact"),
    Column("stands", "Where it stands", width=320),
    Column("area", "Area"),
    Column("starts_on", "First day", "date"),
    Column("request_id", "Request"),
)
STEPS = (
    Column("on", "Day", "date"),
    Column("what", "Step"),
    Column("by", "Who", names_people=True, help="Who did it, or whom it waits for"),
    Column("pence", "Amount", "money"),
    Column("intervention", "Intervention"),
    Column("term", "Term"),
    Column("request_id", "Request"),
)
