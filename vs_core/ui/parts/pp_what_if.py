"""The forecast to 31 March in words and numbers, and what would change it: a what-if is said to be one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from vs_core.access.viewer import Viewer
from vs_core.figures import SubjectFigures
from vs_core.figures.pp_forecast import Changes, Forecast
from vs_core.rules.frame import financial_year_bounds
from vs_core.rules.pp_forecast import NOTHING_CHANGES
from vs_core.rules.pp_forecast_band import Held
from vs_core.rules.school_calendar import is_working_day
from vs_core.ui import tables, tiles, words
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import pp_burn as read
from vs_core.ui.load import pp_plus as of_page
from vs_core.ui.tables import Column
from vs_core.ui.tiles import Tile

NO_RUN = "No run"
WHAT_IF = "What if"


def choose(viewer: Viewer, chosen: Chosen, money: SubjectFigures) -> Changes:
    """What is changed, in the address; nothing where there is no forecast to change."""
    plain = read.forecast(viewer, chosen)
    if plain is None or not plain.by_run:
        return NOTHING_CHANGES
    with st.expander("What if? Changes move the line and the numbers", icon=":material/tune:", expanded=_in_address()):
        with st.container(horizontal=True):
            approve = st.checkbox("Approve every open request", key="approve_all", bind="query-params")
            release = st.checkbox("Release what is retained", key="release", bind="query-params")
            rush = st.checkbox("A late rush as last year", key="late_rush", bind="query-params")
        with st.container(horizontal=True):
            run, to = _run(chosen, money)
    return Changes(bool(approve), run if to else None, to, bool(release), bool(rush))


def _in_address() -> bool:
    return bool({"approve_all", "release", "late_rush", "run"} & set(st.query_params))


def _run(chosen: Chosen, money: SubjectFigures) -> tuple[date | None, date | None]:
    """Which payment run is brought forward, and to which day."""
    end = chosen.frame.end
    last = financial_year_bounds(end)[1]
    runs = [run for run in money.rows["runs"]["on"] if run > end]
    options = {words.long_day(run): run for run in [*runs, of_page.first_run_after(chosen.frame)]}
    run = options.get(_of("Bring a payment run forward", [NO_RUN, *options], "run"))
    if run is None:
        return None, None
    latest = min(run - timedelta(days=1), last)
    days = [latest - timedelta(days=number) for number in range((latest - end).days)]
    working = {words.long_day(day): day for day in days if is_working_day(day)}
    if not working:
        st.caption("No working day is left before it.")
        return None, None
    return run, working.get(_of("to", list(working), "run_to"))


def _of(label: str, options: list[str], key: str) -> str:
    chosen = st.selectbox(label, options, key=key, filter_mode="contains", width=260, bind="query-params")
    return chosen if chosen in options else options[0]


def difference(viewer: Viewer, chosen: Chosen, changes: Changes) -> None:
    """Of a what-if its numbers, and what it changes in one sentence; nothing where nothing is changed."""
    plain = read.forecast(viewer, chosen)
    if plain is None or changes == NOTHING_CHANGES:
        return
    other = read.forecast(viewer, chosen, changes)
    if other is None:
        st.warning("That run cannot be brought forward to that day.", icon=":material/tune:")
        return
    st.warning(words.plain(said(plain, other, changes)), icon=":material/tune:")
    tiles.figures_row(list(_numbers(other, plain)), key="pp-plus-what-if")


def said(plain: Forecast, other: Forecast, changes: Changes) -> str:
    """`What if, not a figure: with every open request approved £1.306m would be paid by 31 March, £12,381 more ...`"""
    moved = other.expected_pence - plain.expected_pence
    than = "as the forecast says" if not moved else f"{words.pounds(abs(moved))} {'more' if moved > 0 else 'less'}"
    paid = f"{words.pounds(other.expected_pence)} would be paid by 31 March, {than}{' than forecast' if moved else ''}"
    risk = ""
    if other.at_risk_pence is not None and plain.at_risk_pence is not None:
        now, then = words.pounds(other.at_risk_pence), words.pounds(plain.at_risk_pence)
        risk = f", and {now} is at risk" + (f" instead of {then}" if now != then else " as before")
    return f"What if, not a figure: {words.listed(_named(changes))}, {paid}{risk}."


def _named(changes: Changes) -> list[str]:
    named = ["with every open request approved"] if changes.approve_all else []
    if changes.run_brought_forward and changes.run_to:
        run, to = words.long_day(changes.run_brought_forward), words.long_day(changes.run_to)
        named.append(f"with the run of {run} on {to}")
    named += ["with what is retained given out too"] if changes.release_retained else []
    return named + (["with a late rush as last year"] if changes.late_rush else [])


def _numbers(other: Forecast, plain: Forecast) -> Iterator[Tile]:
    given = {
        "expected": ("Expected by 31 March", other.expected_pence, plain.expected_pence, "paid less recovered"),
        "low": ("At least", other.low_pence, plain.low_pence, "the lower end of the band"),
        "high": ("At most", other.high_pence, plain.high_pence, "the upper end of the band"),
        "risk": ("At risk", other.at_risk_pence, plain.at_risk_pence, "of what may then be given out"),
    }
    for key, (label, pence, before, caption) in given.items():
        if pence is None:
            continue
        yield Tile(
            f"pp-plus.what-if-{key}",
            f"{WHAT_IF}: {label[0].lower()}{label[1:]}",
            words.pounds(pence),
            change=words.change(pence, before, "pence"),
            since="changed",
            caption=caption,
            definition="A what-if and not a figure: the forecast with the changes that are chosen above.",
        )


def basis(viewer: Viewer, chosen: Chosen) -> None:
    """What the forecast rests on: method, years, how often the band held, and the stages with their cases."""
    plain = read.forecast(viewer, chosen)
    if plain is None:
        return
    st.caption(words.plain(rests_on(plain)))
    with st.expander("What the forecast rests on: stages of requests", icon=":material/query_stats:"):
        tables.listing(
            of_stages(plain), STAGES, key="forecast stages", alt="Stages of requests", noun=("stage", "stages")
        )
        st.caption(
            "Requested and queried are one stage here, and so are approved and in a batch: files of earlier years "
            "seldom say on which day a request went from one to the other."
        )


def rests_on(of: Forecast) -> str:
    """Method, years and how often the band held, in sentences."""
    if of.method == "plain":
        return f"Forecast, plain method: {of.note}"
    years = words.listed(sorted(of.years_of_history))
    begins = (
        f"Forecast, from stages: what came by 31 March of requests in the same stage on the same day of "
        f"{words.counted(len(of.years_of_history), 'earlier year')}, {years}."
        if of.method == "stages"
        else f"Forecast, as last year: the year is expected to end as the last one did, scaled by the allocation; "
        f"what is asked for and approved comes as in {years}."
    )
    return (
        f"{begins} {words.pounds(of.arrivals_pence)} of it is expected on requests that nobody has made yet"
        f"{_after_the_last_run(of)}. {_tried(of.held)}"
    )


def _tried(held: Held) -> str:
    if not held.cases:
        return "No earlier year could be tried yet, so the width of the band is an assumption."
    said = (
        f"Tried from the first of each month of {words.listed(sorted(held.years))}, the band held what was paid in the "
        f"end {held.held:,} of {held.cases:,} times."
    )
    if not held.missed:
        return said
    missed = dict(held.missed)
    return (
        f"{said} On the {words.counted(held.both, 'day')} that both ways could be tried, by stages missed "
        f"{words.pounds(missed['stages'])} in the mean, as last year {words.pounds(missed['last year'])}: "
        "the lesser is used."
    )


def _after_the_last_run(of: Forecast) -> str:
    pence = of.outside_runs_pence
    return f", {words.pounds(pence)} after the last payment run, as in earlier years" if pence > 0 else ""


def of_stages(of: Forecast) -> pd.DataFrame:
    """One row a stage, with the columns of STAGES; shares in percent."""
    rows = [
        {
            "state": each.state.capitalize(),
            "requests": each.requests,
            "pence": each.pence,
            "share_percent": None if each.share is None else each.share * 100,
            "amount_percent": None if each.amount_share is None else each.amount_share * 100,
            "delay_days": each.delay_days,
            "cases": each.cases,
        }
        for each in of.stages
    ]
    return pd.DataFrame(rows, columns=[column.field for column in STAGES])


STAGES = (
    Column("state", "Stage"),
    Column("requests", "Requests now", "number"),
    Column("pence", "Pounds now", "money"),
    Column("share_percent", "Paid by 31 March", "percent", "Of the pounds in this stage on this day of earlier years"),
    Column(
        "amount_percent", "Share of the amount", "percent", "Approved of what was asked for; paid of what was approved"
    ),
    Column("delay_days", "Usual delay, days", "number", "Until the decision; from the decision to the payment"),
    Column("cases", "Cases", "number", "Requests in this stage on the same day of earlier years"),
)
