"""What the Pupil Premium Plus page is put together from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd
import streamlit as st

from vs_core import charts, figures
from vs_core.access import roles
from vs_core.access.viewer import Viewer
from vs_core.figures import SubjectFigures
from vs_core.ui import chart, sentences, tables, words
from vs_core.ui.filters import Chosen
from vs_core.ui.load.pp_plus import YearEnd
from vs_core.ui.parts import attention, children, comparing
from vs_core.ui.parts.attention import Point
from vs_core.ui.tables import Column

BEHIND = (
    "children_without_spend",
    "committed_pence",
    "paid_pence",
    "requested_pence",
    "approved_pence",
    "recovered_pence",
    "forecast_pence",
    "allocation_pence",
)


def stop_without_money(viewer: Viewer) -> None:
    """A role that may open the page but not see money gets a sentence and no figure."""
    if not viewer.may(roles.SEE_MONEY):
        st.error("Your role does not see money.", icon=":material/lock:")
        st.stop()


def is_empty(money: SubjectFigures) -> bool:
    """Whether neither an allocation nor a request nor a payment of the year is known; says then what is missing."""
    if any(len(figures.behind(money, key)) for key in ("allocation_pence", "forecast_pence", "paid_pence")):
        return False
    sentences.nothing("pp-plus")
    return True


def needs(money: SubjectFigures, left: YearEnd) -> None:
    """What the operations lead decides on: money at risk, requests that wait, children with nothing."""
    points = [*_at_risk(money, left), *_waiting(money, left), *_without(money)]
    known = all(money.figures[key] is not None for key in ("requested_pence", "children_without_spend"))
    nothing = "No request waits and no eligible child is without one."
    attention.draw(points, nothing=nothing if known else "")


def _at_risk(money: SubjectFigures, left: YearEnd) -> Iterator[Point]:
    at_risk, spendable = money.figures["at_risk_pence"], to_spend(money)
    if not at_risk or not spendable:
        return
    forecast = money.figures["forecast_pence"]
    share = words.figure(forecast * 100 / spendable, "percent")
    yield Point(
        f"{words.pounds(at_risk)} is expected to go back on 31 March.",
        f"Forecast {words.pounds(forecast)} is {share} of the {words.pounds(spendable)} to spend. {_runs(left)}",
    )


def _runs(left: YearEnd) -> str:
    if not left.runs:
        return "No payment run is left."
    count = words.counted(len(left.runs), "payment run").capitalize()
    unsure = "" if left.last_run_is_confirmed else " (not confirmed by finance)"
    last = f"the last on {words.long_day(left.runs[-1])}{unsure}"
    if len(left.runs) == 1:
        return f"{count} left, {last}."
    return f"{count} left, the next on {words.long_day(left.runs[0])}, {last}."


def _waiting(money: SubjectFigures, left: YearEnd) -> Iterator[Point]:
    rows = waiting(money)
    if rows.empty:
        return
    queried = int((rows["state"] == "queried").sum())
    yield Point(
        f"{words.counted(len(rows), 'request').capitalize()} for {words.pounds(int(rows['amount_pence'].sum()))} "
        f"{'waits' if len(rows) == 1 else 'wait'} for a decision.",
        f"The oldest has waited {words.counted(int(rows['age_days'].max()), 'day')}; {queried} of them queried.",
    )
    alone = rows[(rows["amount_pence"] > left.exceptional_pence) & rows["adviser_agreed_on"].isna()]
    if len(alone):
        yield Point(
            f"{words.counted(len(alone), 'waiting request')} above {words.pounds(left.exceptional_pence)} "
            "without an adviser's agreement.".capitalize(),
            "Ask the adviser before the intervention starts.",
        )


def _without(money: SubjectFigures) -> Iterator[Point]:
    count, rows = money.figures["children_without_spend"], money.rows["children"]
    if not count:
        return
    listed = figures.behind(money, "children_without_spend")
    in_care, without_school = int(listed["in_care"].astype(bool).sum()), int((~listed["on_roll"].astype(bool)).sum())
    yield Point(
        f"{words.counted(count, 'child', 'children').capitalize()} of {len(rows):,} eligible "
        f"{'has' if count == 1 else 'have'} nothing requested this year.",
        f"{in_care} of them are in care now, {without_school} on no school's roll.",
    )


def to_spend(money: SubjectFigures) -> int | None:
    """Allocation less what is retained, in pence; None where there is no notice."""
    allocation, kept = money.figures["allocation_pence"], money.figures["retained_pence"]
    return None if not allocation or kept is None else int(allocation - kept)


def states(money: SubjectFigures) -> None:
    """Requests by the state they are in, money and count."""
    st.subheader("Requests by state")
    rows = by_state(money)
    each = zip(rows["state"], rows["pence"], rows["requests"], strict=True)
    alt = "; ".join(f"{state} {words.pounds(pence)}, {count}" for state, pence, count in each)
    chart.draw(charts.pp_requests_by_state, rows, alt=f"Requests by state: {alt}", key="states")
    st.caption("Approved: what is not paid of it. A request that is paid in part stands in both bars.")


def by_state(money: SubjectFigures) -> pd.DataFrame:
    """`state`, `requests`, `pence`: open and refused requests at the amount asked, approved ones at what is not paid
    of them, `paid` and `recovered` at the money that moved; so the bars add up to the tiles."""
    requests, payments = money.rows["requests"], money.rows["payments"]
    agreed = requests[requests["committed_pence"] > 0].assign(pence=lambda rows: rows["committed_pence"])
    asked = requests[~requests["state"].isin(["approved", "part-approved"])].assign(pence=lambda r: r["amount_pence"])
    moved = payments[payments["status"].isin(["paid", "recovered"])]
    parts = [each[["state", "request_id", "pence"]] for each in (asked, agreed)]
    parts.append(moved.assign(state=moved["status"], pence=moved["amount_pence"])[["state", "request_id", "pence"]])
    every = pd.concat(parts, ignore_index=True)
    grouped = every.groupby("state", as_index=False)
    return grouped.agg(requests=("request_id", "nunique"), pence=("pence", "sum"))


def waiting(money: SubjectFigures) -> pd.DataFrame:
    """Rows behind `requested_pence` with `age_days`, the oldest first."""
    return _aged(figures.behind(money, "requested_pence"), money.frame.end)


def _aged(requests: pd.DataFrame, on: date) -> pd.DataFrame:
    age = (pd.Timestamp(on) - pd.to_datetime(requests["requested_on"])).dt.days
    return requests.assign(age_days=age).sort_values("requested_on", kind="stable")


def listing(viewer: Viewer, chosen: Chosen, money: SubjectFigures) -> None:
    """The notices, requests, payments or children behind a figure."""
    labels = comparing.labels("pp-plus", BEHIND)
    key = tables.behind(labels, noun="records")
    rows, columns, noun = figures.behind(money, key), *LISTS.get(key, (REQUESTS, REQUEST))
    if columns is REQUESTS:
        rows = _aged(rows, money.frame.end)
    named = children.with_names(rows) if "year_group" in rows else rows
    ordered = named.sort_values("school", kind="stable") if key == "children_without_spend" else named
    comparing.listing(viewer, chosen, ordered, columns, title=labels[key], noun=noun)


REQUEST = ("request", "requests")
_ASKED = (
    Column("request_id", "Request"),
    children.CHILD,
    children.YEAR,
    children.SCHOOL,
    Column("term", "Term"),
    Column("area", "Area"),
    Column("state", "State"),
    Column("requested_on", "Requested", "date"),
)
REQUESTS = (
    *_ASKED,
    Column("decided_on", "Decided", "date"),
    Column("amount_pence", "Asked", "money"),
    Column("approved_pence", "Approved", "money"),
    Column("paid_pence", "Paid", "money"),
    Column("committed_pence", "Committed", "money"),
)
PAYMENTS = (
    Column("payment_id", "Payment"),
    Column("paid_on", "Paid", "date"),
    Column("amount_pence", "Amount", "money"),
    Column("request_id", "Request"),
    children.CHILD,
    children.SCHOOL,
    Column("term", "Term"),
    Column("batch", "Batch"),
    Column("vendor", "Vendor"),
    Column("invoice", "Invoice"),
    Column("cost_code", "Cost code"),
)
NOTICES = (
    Column("financial_year", "Year"),
    Column("stage", "Stage"),
    Column("notified_on", "Notified", "date"),
    Column("children", "Children", "number"),
    Column("rate_pence", "Rate", "money"),
    Column("amount_pence", "Amount", "money"),
)
CHILDREN = (
    children.CHILD,
    children.YEAR,
    children.SCHOOL,
    Column("in_care", "In care now", "yes or no"),
    Column("designated_teacher", "Designated teacher", names_people=True),
    children.ADVISER,
    children.SOCIAL_WORKER,
)
LISTS = {
    "children_without_spend": (CHILDREN, ("child", "children")),
    "paid_pence": (PAYMENTS, ("payment", "payments")),
    "recovered_pence": (PAYMENTS, ("payment", "payments")),
    "allocation_pence": (NOTICES, ("notice", "notices")),
}
