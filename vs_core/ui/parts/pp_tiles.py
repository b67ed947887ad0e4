"""The figures of Pupil Premium Plus: what is left, what is forecast, what is at risk, and the time and runs left."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from vs_core import figures
from vs_core.access import roles
from vs_core.access.viewer import Viewer
from vs_core.figures import SubjectFigures
from vs_core.figures.burn_down import planned_pence
from vs_core.figures.changes import Changes
from vs_core.figures.pp_forecast import Forecast
from vs_core.figures.pp_plus import OF_THE_AUTHORITY
from vs_core.ui import links, tiles, words
from vs_core.ui.filters import Chosen
from vs_core.ui.load import pp_burn, pp_waiting
from vs_core.ui.load.pp_plus import YearEnd
from vs_core.ui.parts import comparing
from vs_core.ui.parts.pp_plus import to_spend, waiting
from vs_core.ui.tiles import Tile

READY = "ready to pay"


def glance(viewer: Viewer, chosen: Chosen, compared: Changes, left: YearEnd) -> None:
    """What is left, forecast and at risk, the next run with what is ready for it, and the time that is left."""
    money, spendable, ahead = compared.now, to_spend(compared.now), pp_burn.forecast(viewer, chosen)
    share = f"of {words.pounds(spendable)} to spend" if spendable is not None else ""
    captions = {
        "remaining_pence": f"{share}, promised to nobody{_unpaid(money)}" if share else "",
        "forecast_pence": f"{share}{_band(ahead)}" if share else "",
        "at_risk_pence": f"{share}{_band_at_risk(ahead)}; goes back to the department" if share else "",
    }
    kept_back = _of_the_authority(money)
    shown = [comparing.tile(compared, key, caption=said) for key, said in captions.items() if key not in kept_back]
    without = comparing.tile(
        compared,
        "children_without_spend",
        label="Nothing requested",
        caption=f"of {len(money.rows['children']):,} eligible children",
    )
    tiles.figures_row([*shown, _next_run(viewer, chosen, left), without, *_time_left(left)], key="pp-plus-glance")
    if kept_back:
        also = "The same holds for what is retained, remains, is forecast and is at risk."
        st.caption(words.plain(f"{money.notes['allocation_pence']} {also}"))
    if viewer.may(roles.PAY):
        links.to_payments("Payments: build the next batch")


def of_the_year(compared: Changes, left: YearEnd, unconfirmed_rate: int | None) -> None:
    """The year's money in its parts: what there is, what is agreed, asked and paid."""
    money = compared.now
    captions = {
        "allocation_pence": _stage(money),
        "retained_pence": f"{left.top_slice_percent.normalize():f}% of the allocation",
        "approved_pence": f"{_count(money, 'approved_pence')}, paid or not",
        "committed_pence": f"agreed, not paid: {_count(money, 'committed_pence')}",
        "paid_pence": _beside_plan(money),
        "recovered_pence": "paid back by schools",
        "requested_pence": f"not decided: {words.counted(len(waiting(money)), 'request')}",
    }
    kept_back = _of_the_authority(money)
    shown = [comparing.tile(compared, key, caption=said) for key, said in captions.items() if key not in kept_back]
    tiles.figures_row(shown, key="pp-plus-figures")
    if unconfirmed_rate is not None:
        rate = words.pounds(unconfirmed_rate)
        st.caption(
            words.plain(
                f"Provisional: the rate of {rate} a child for {money.frame.financial_year} is not confirmed. No figure "
                "here rests on it; the allocation is that of the department's notice."
            )
        )


def _of_the_authority(money: SubjectFigures) -> tuple[str, ...]:
    """The figures that a part of the children, one caseload or one phase, cannot have though a notice has come."""
    whole = money.figures["allocation_pence"] is not None or money.rows["allocations"].empty
    return () if whole else OF_THE_AUTHORITY


def _band(ahead: Forecast | None) -> str:
    return "" if ahead is None else f", between {words.pounds(ahead.low_pence)} and {words.pounds(ahead.high_pence)}"


def _band_at_risk(ahead: Forecast | None) -> str:
    if ahead is None or ahead.at_risk_low_pence is None or ahead.at_risk_high_pence is None:
        return ""
    return f", between {words.pounds(ahead.at_risk_low_pence)} and {words.pounds(ahead.at_risk_high_pence)}"


def _unpaid(money: SubjectFigures) -> str:
    committed, remaining = money.figures["committed_pence"], money.figures["remaining_pence"]
    if committed is None or remaining is None:
        return ""
    return f"; {words.pounds(remaining + committed)} is not paid yet"


def _count(money: SubjectFigures, key: str) -> str:
    return words.counted(len(figures.behind(money, key)), "request")


def _stage(money: SubjectFigures) -> str:
    if not money.figures["allocation_pence"]:
        return "no notice by this day"
    return "final" if money.figures["allocation_is_final"] else "provisional: not final yet"


def _beside_plan(money: SubjectFigures) -> str:
    planned = planned_pence(money, money.frame.end)
    return "" if planned is None else f"the runs so far were planned to pay {words.pounds(planned)}"


def _next_run(viewer: Viewer, chosen: Chosen, left: YearEnd) -> Tile:
    rows = pp_waiting.requests(viewer, chosen)
    ready = rows[rows["stage"] == READY] if len(rows) else rows
    pence = int(ready["pence"].sum()) if len(ready) else 0
    when = str(left.runs[0].year) if left.runs else "nothing more is paid this year"
    return Tile(
        "pp-plus.next-run",
        "Next payment run",
        words.short_day(left.runs[0]) if left.runs else "None left",
        caption=f"{when}; {words.pounds(pence)} is ready, {words.counted(len(ready), 'request')}",
        definition="The first monthly payment run from the day on, and approved requests that wait for nothing else "
        "(state: ready to pay), with what is not paid of them.\n\nSource: payment run days, Rates and policy.",
    )


def _time_left(left: YearEnd) -> list[Tile]:
    until = words.long_day(left.year_ends)
    school = left.school_days_left
    unsure = "" if left.last_run_is_confirmed else ", not confirmed by finance"
    days = "Calendar days after the day shown up to and with 31 March, when unspent money goes back."
    runs = (
        "Monthly payment runs from the day shown to the end of the financial year, one on the day itself among them. "
        "The last is in mid-March: money paid after it does not leave the account by 31 March."
    )
    return [
        Tile("pp-plus.days-left", "Days left", f"{left.days_left:,}", caption=f"to {until}", definition=days),
        Tile(
            "pp-plus.school-days-left",
            "School days left",
            None if school is None else f"{school:,}",
            caption=f"to {until}" if school is not None else "the authority's calendar is not loaded up to then",
            definition="Days after the day shown up to and with 31 March on which schools are open by the authority's "
            "published term dates.",
        ),
        Tile(
            "pp-plus.runs-left",
            "Payment runs left",
            f"{len(left.runs)} of {left.all_runs}",
            caption=f"last {words.long_day(left.last_run)}{_before_the_end(left)}{unsure}",
            definition=runs,
        ),
    ]


def _before_the_end(left: YearEnd) -> str:
    days = (left.year_ends - left.last_run) // timedelta(days=1)
    return f", {words.counted(days, 'day')} before the year ends"
