"""Requests for Pupil Premium Plus by where they stand and how old they are, each with why it is not paid."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from vs_core.access.viewer import Viewer
from vs_core.figures import pp_waiting
from vs_core.rules.pp_policy import NO_POLICY
from vs_core.ui import downloads, tables, words
from vs_core.ui.filters import Chosen
from vs_core.ui.load import pp_policy as policies
from vs_core.ui.load import pp_waiting as read
from vs_core.ui.parts import children
from vs_core.ui.tables import Column

NOT_PAID = "not paid yet"
ENDED = ("rejected", "lapsed", "paid")
"""Stages in which nobody waits for anything."""
REQUEST = ("request", "requests")
WHY_WIDTH = 440


def draw(viewer: Viewer, chosen: Chosen) -> None:
    """How many requests stand where, with their pounds and the oldest; then those of a stage, the oldest first."""
    st.subheader("Requests by state and age")
    rows = read.requests(viewer, chosen)
    if rows.empty:
        st.info("No request of this year was made by this day.", icon=":material/info:")
        return
    stages = pp_waiting.by_stage(rows)
    if policies.lists(viewer, chosen.frame).policy is None:
        st.caption(NO_POLICY)
    counted = stages.assign(stage=stages["stage"].map(str.capitalize))
    tables.listing(counted, STAGES, key="stages", alt=_said(stages), noun=("state", "states"))
    stage = _choose(stages)
    _listing(viewer, chosen, of_stage(rows, stage), stage)


def of_stage(rows: pd.DataFrame, stage: str) -> pd.DataFrame:
    """Rows of `figures.pp_waiting.requests` in a stage; of NOT_PAID every one that somebody waits for."""
    return rows[~rows["stage"].isin(ENDED)] if stage == NOT_PAID else rows[rows["stage"] == stage]


def _choose(stages: pd.DataFrame) -> str:
    options = [NOT_PAID, *stages["stage"]]
    chosen = st.selectbox(
        "Show the requests that are",
        options,
        format_func=str.capitalize,
        key="stage",
        filter_mode="contains",
        width=420,
        bind="query-params",
    )
    return chosen if chosen in options else NOT_PAID


def _said(stages: pd.DataFrame) -> str:
    each = zip(stages["stage"], stages["requests"], stages["pence"], strict=True)
    return "Requests by state: " + "; ".join(f"{stage} {count}, {words.pounds(pence)}" for stage, count, pence in each)


def _listing(viewer: Viewer, chosen: Chosen, rows: pd.DataFrame, stage: str) -> None:
    title = f"Requests {stage}, oldest first"
    named = children.with_names(rows)
    columns = [column for column in REQUESTS if stage != "paid" or column.field not in ("why", "rule")]
    linked, with_link = children.linked(viewer, named, columns, chosen.frame)
    nobody = "Every request of the year is paid or has ended." if stage == NOT_PAID else ""
    tables.listing(
        linked, with_link, key=f"requests {stage}", alt=title, noun=REQUEST, empty=nobody, row_pixels=tables.TWO_LINES
    )
    downloads.table(
        viewer, named, columns, title=title, notes=[chosen.sentence], as_at=chosen.frame.as_at, noun=REQUEST
    )


STAGES = (
    Column("stage", "State"),
    Column("requests", "Requests", "number"),
    Column("pence", "Pounds", "money", "Asked for; of approved ones what is not paid, of paid ones what was paid"),
    Column("oldest_days", "Oldest, days", "number"),
)
REQUESTS = (
    Column("age_days", "Days", "number", "Since it was asked for"),
    Column("pence", "Amount", "money", "Asked for; of an approved one what is not paid of it"),
    Column("why", "Why it is not paid", width=WHY_WIDTH),
    children.CHILD,
    children.YEAR,
    children.SCHOOL,
    Column("term", "Term"),
    Column("request_id", "Request"),
    Column("area", "Area"),
    Column("intervention", "Intervention"),
    Column("requested_on", "Requested", "date"),
    Column("decided_on", "Decided", "date"),
    Column("adviser_agreed_on", "Adviser agreed", "date"),
    Column("rule", "Rule", help="Where the reason comes from"),
)
