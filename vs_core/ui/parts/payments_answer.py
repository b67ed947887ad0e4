"""What the finance system answered, held against what was released: by batch, and line by line what differs."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from vs_core.access.roles import FINANCE_ANSWER
from vs_core.rules.payables import label
from vs_core.rules.payment_matching import MATCHED, MISSING, OUTCOMES, REVERSED, UNKNOWN, WAITING, Matched, agreements
from vs_core.rules.pp_plus import pounds
from vs_core.ui import downloads, tables, tiles, words
from vs_core.ui.parts import data_upload
from vs_core.ui.parts import payments as parts
from vs_core.ui.parts.payments import Desk
from vs_core.ui.tables import Column
from vs_core.ui.tiles import Tile

NONE_YET = "No batch has been released yet, so there is nothing that finance could answer."
HOW = "Each line that was released is held against what finance's file says of it."
TAKE_IN = "Take in finance's file"
EVERYTHING, OPEN = "All lines", "What differs"
BATCHES = (
    Column("batch", "Batch"),
    Column("agrees", "Agrees", "yes or no"),
    Column("lines", "Lines", "number"),
    Column("sent_pence", "Released", "money", "Without what was reversed"),
    Column("paid_pence", "Paid", "money", "Less what was recovered"),
    Column("missing_pence", "Too little", "money"),
    Column("surplus_pence", "Too much", "money"),
    *(Column(outcome, outcome.capitalize(), "number") for outcome in OUTCOMES),
)
LINES = (
    Column("outcome", "Outcome"),
    Column("said", "What differs"),
    Column("batch", "Batch"),
    Column("line", "Line", "number"),
    Column("request_id", "Request"),
    Column("school", "School"),
    Column("vendor", "Vendor"),
    Column("sent_pence", "Released", "money"),
    Column("paid_pence", "Paid", "money"),
    Column("difference_pence", "Difference", "money"),
    Column("paid_on", "Paid on", "date"),
)


def draw(desk: Desk) -> None:
    """Sums by batch, then the lines that differ."""
    rows = desk.book.matched
    st.caption(HOW)
    _take_in(desk)
    if not rows:
        st.info(NONE_YET, icon=":material/info:")
        return
    _figures(rows)
    st.subheader("By batch")
    frame = pd.DataFrame([_batch(each) for each in agreements(rows)])
    tables.listing(frame, BATCHES, key="agreement", alt="Batches against finance", noun=("batch", "batches"))
    st.subheader("Line by line")
    shown = st.segmented_control(
        "Which lines", (OPEN, EVERYTHING), default=OPEN, key="lines", label_visibility="collapsed", bind="query-params"
    )
    own = rows if shown == EVERYTHING else [row for row in rows if row.outcome not in (MATCHED, WAITING, REVERSED)]
    own = sorted(own, key=lambda row: OUTCOMES.index(row.outcome))
    _listing(desk, own)


def _take_in(desk: Desk) -> None:
    if desk.viewer.may_take_in(FINANCE_ANSWER) and st.toggle(TAKE_IN, key="take in an answer"):
        with st.container(border=True):
            data_upload.show(desk.viewer, desk.today, [FINANCE_ANSWER])


def _figures(rows: Sequence[Matched]) -> None:
    sent, paid = sum(row.sent_pence for row in rows), sum(row.paid_pence for row in rows)
    unknown = [row for row in rows if row.outcome == UNKNOWN]
    open_ones = [row for row in rows if row.outcome not in (MATCHED, WAITING, REVERSED, UNKNOWN)]
    shown = [
        Tile("answer.sent", "Released", pounds(sent), caption=words.counted(len(rows) - len(unknown), *parts.LINE)),
        Tile("answer.paid", "Paid", pounds(paid), caption="less what was recovered"),
        Tile("answer.difference", "Difference", pounds(paid - sent), caption="paid less released"),
        Tile("answer.open", "Lines that differ", f"{len(open_ones):,}", caption=_of_missing(rows)),
        Tile("answer.unknown", "Unknown payments", f"{len(unknown):,}", caption="in a batch of ours, on no line"),
    ]
    tiles.figures_row(shown, key="answer-figures")


def _of_missing(rows: Sequence[Matched]) -> str:
    return f"{sum(row.outcome == MISSING for row in rows):,} of them missing"


def _batch(of: object) -> dict[str, object]:
    found = vars(of)
    number = found["batch_id"]
    counts = {outcome: found["by_outcome"].get(outcome, 0) for outcome in OUTCOMES}
    name = "not known" if number is None else label(number)
    return {**found, **counts, "batch": name, "agrees": getattr(of, "agrees")}  # noqa: B009


def _listing(desk: Desk, rows: Sequence[Matched]) -> None:
    if not rows:
        st.success("Every line agrees to the penny.", icon=":material/check:")
        return
    frame = pd.DataFrame([_line(row) for row in rows])
    tables.listing(frame, LINES, key="answer-lines", alt="Lines against finance", noun=parts.LINE)
    downloads.table(
        desk.viewer, frame, LINES, title="Payments against finance", notes=[HOW], as_at=desk.today, noun=parts.LINE
    )


def _line(row: Matched) -> dict[str, object]:
    line, first = row.line, row.answers[0] if row.answers else None
    return {
        "is_listed": row.is_listed,
        "outcome": row.outcome,
        "said": row.said,
        "batch": "not known" if row.batch_id is None else label(row.batch_id),
        "line": line.line_id if line else None,
        "request_id": line.request_id if line else (first.request_id if first else None),
        "school": line.place if line else (first.urn if first else None),
        "vendor": line.vendor if line else (first.vendor if first else None),
        "sent_pence": row.sent_pence,
        "paid_pence": row.paid_pence,
        "difference_pence": row.difference_pence,
        "paid_on": row.paid_on,
    }
