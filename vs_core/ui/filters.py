"""What a page is about: period, cohort, which of its children, and the day. Kept in the address, without names."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from vs_core.access.viewer import Viewer
from vs_core.rules import periods
from vs_core.rules.frame import COHORTS, Frame
from vs_core.rules.periods import HalfTerm
from vs_core.ui import narrowing, words
from vs_core.ui.chosen import COHORT_WORDS, Chosen

__all__ = ["COHORT_WORDS", "Chosen", "choose", "choose_day"]

EARLIEST = date(2015, 9, 1)


def choose(
    subject: str,
    today: date,
    half_terms: Sequence[HalfTerm] = (),
    cohorts: Sequence[str] = COHORTS,
    *,
    viewer: Viewer | None = None,
    while_in_care: bool = False,
) -> Chosen:
    """One row: what is shown, a button to change it, and one to show every child of the group again.

    subject: as in `rules.frame.SUBJECTS` (it sets the period at the start); half_terms: the authority's calendar;
    cohorts: a single one stands and is not offered; viewer: who may narrow the group to some of the own children (None:
    the page's figures are not of children one by one); `while_in_care` offers that choice. Every choice stands in the
    address and holds on every page.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filters"):
        said = st.empty()
        with st.popover("Change", icon=":material/tune:", help="Period, group, which of its children, and day"):
            chosen = _widgets(subject, today, half_terms, cohorts, viewer, while_in_care)
        if chosen.only:
            narrowing.clear_button()
    said.markdown(words.plain(chosen.sentence), width="content")
    if chosen.without:
        st.caption(words.plain(chosen.without))
    return chosen


def choose_day(today: date) -> tuple[date, date | None]:
    """For a page whose periods are its own: a button to change the day it is seen from, and what was known then.

    Gives `as_at` and `known_on` (None: now). The choice is that of `choose`, in the address and on every page."""
    with st.popover("Another day", icon=":material/event:", help="The day from which the figures are seen"):
        return _day(today)


def _widgets(
    subject: str,
    today: date,
    half_terms: Sequence[HalfTerm],
    cohorts: Sequence[str],
    viewer: Viewer | None,
    while_in_care: bool,
) -> Chosen:
    as_at, known_on = _day(today)
    start, end = _period(subject, as_at, half_terms)
    cohort = _cohort(cohorts) if len(cohorts) > 1 else cohorts[0]
    inside = while_in_care and st.checkbox(
        "Only sessions while in the cohort", key="while_in_care", bind="query-params"
    )
    frame = Frame(as_at, known_on, start, end, cohort, bool(inside))
    return Chosen(frame) if viewer is None else narrowing.choose(viewer, frame, subject)


def _cohort(cohorts: Sequence[str]) -> str:
    return st.selectbox("Children", cohorts, format_func=COHORT_WORDS.__getitem__, key="cohort", bind="query-params")


def _day(today: date) -> tuple[date, date | None]:
    as_at = st.date_input("As at", today, EARLIEST, today, key="as_at", format="DD/MM/YYYY", bind="query-params")
    seen_then = st.checkbox(
        "As it was known on that day",
        key="as_then",
        bind="query-params",
        help="Leaves out what arrived later: late registers, corrections.",
    )
    day = as_at if isinstance(as_at, date) else today
    return day, day if seen_then and day < today else None


def _period(subject: str, as_at: date, half_terms: Sequence[HalfTerm]) -> tuple[date, date]:
    offered = periods.offered(half_terms)
    usual = periods.FINANCIAL_YEAR if subject == "pp-plus" else periods.ACADEMIC_YEAR
    period = st.selectbox("Period", offered, offered.index(usual), key="period", filter_mode=None, bind="query-params")
    if period != periods.FREE:
        return periods.first_day(period or usual, as_at, half_terms), as_at
    first, last = _free(as_at)
    if first > last:
        st.warning("The first day is after the last; they have been exchanged.", icon=":material/swap_horiz:")
    return min(first, last), max(first, last)


def _free(as_at: date) -> tuple[date, date]:
    usual = periods.first_day(periods.ACADEMIC_YEAR, as_at)
    options: dict[str, Any] = {"min_value": EARLIEST, "format": "DD/MM/YYYY", "bind": "query-params"}
    first = st.date_input("From", usual, key="from", **options)
    last = st.date_input("To", as_at, key="to", **options)
    return min(first or usual, as_at), min(last or as_at, as_at)
