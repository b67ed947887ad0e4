"""Funds that are kept apart from Pupil Premium Plus, each as a row of its own beside it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from vs_core.access.viewer import Viewer
from vs_core.figures import SubjectFigures
from vs_core.ui import tables, words
from vs_core.ui.filters import Chosen
from vs_core.ui.load import pp_funds as read
from vs_core.ui.tables import Column

NAMES = {"PP+": "Pupil Premium Plus", "EYPP": "Early years pupil premium", "post-16": "Post-16 pupil premium plus"}
APART = (
    "Each fund has money of its own: no figure of Pupil Premium Plus on this page counts the others, and nothing is "
    "retained of them. Left: promised to nobody."
)


def draw(viewer: Viewer, chosen: Chosen, money: SubjectFigures) -> None:
    """The row of Pupil Premium Plus as the page has it, and those of the other funds."""
    st.subheader("Beside it: funds of their own")
    if chosen.only:
        st.caption("They are shown for all children together: clear the choice of children to see them.")
        return
    figures = money.figures
    own = {name: figures.get(name) for name in ("allocation_pence", "paid_pence", "committed_pence", "requested_pence")}
    own |= {"fund": "PP+", "left_pence": figures["remaining_pence"], "stage": _stage(figures["allocation_is_final"])}
    others = read.other_funds(viewer, chosen.frame)
    others = others.assign(stage=[_stage(final) for final in others["allocation_is_final"]])
    rows = pd.concat([pd.DataFrame([own]), others[list(own)].astype(object)], ignore_index=True)
    rows = rows.assign(fund=rows["fund"].map(NAMES), stage=rows["stage"].where(rows["allocation_pence"].notna(), ""))
    tables.listing(
        rows,
        COLUMNS,
        key="funds",
        alt="Funds with allocation, paid, committed, asked for and left",
        noun=("fund", "funds"),
        count=f"{words.counted(len(rows), 'fund', 'funds').capitalize()}. {APART}",
    )


def _stage(is_final: object) -> str:
    return "final" if is_final else "provisional"


COLUMNS = (
    Column("fund", "Fund", width="medium"),
    Column("allocation_pence", "Allocation", "money"),
    Column("stage", "Notice"),
    Column("paid_pence", "Paid", "money"),
    Column("committed_pence", "Committed", "money", "Agreed and not paid"),
    Column("requested_pence", "Asked for", "money", "Not decided"),
    Column("left_pence", "Left", "money"),
)
