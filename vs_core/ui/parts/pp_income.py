"""The department's notices of the year in one line, and what they come to for a child."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from vs_core.figures import SubjectFigures
from vs_core.rules.pp_income import Income, Notice, income, share
from vs_core.rules.pp_plus import pounds
from vs_core.ui import words


def draw(money: SubjectFigures, top_slice_percent: Decimal) -> None:
    """Nothing where no notice has come, or where the choice is of some children: the allocation is everybody's."""
    allocation, retained = money.figures["allocation_pence"], money.figures["retained_pence"]
    own = income(money.rows["allocations"], money.frame.financial_year, money.frame.end)
    if allocation is None or retained is None or own.holds is None:
        return
    said = [_of_a_child(own.holds, int(retained), top_slice_percent), _difference(own), _in_the_year(money)]
    st.caption(words.plain(" ".join(each for each in said if each)))


def _of_a_child(notice: Notice, retained: int, top_slice_percent: Decimal) -> str:
    of = share(notice.pence, retained, notice.children or 0)
    if of is None:
        return f"How many children {_source(notice)} counts is not said, so no share of a child is shown."
    first, second, third = map(pounds, of.terms)
    counted = words.counted(of.children, "child", "children")
    return (
        f"For a child {pounds(of.pence)}, in terms of {first} (summer), {second} (autumn) and {third} (spring): "
        f"{pounds(of.delegated_pence)} delegated for {counted} after {top_slice_percent.normalize():f}% is retained. "
        f"Source: {_source(notice)}, {_count(notice)}."
    )


def _source(notice: Notice) -> str:
    return f"the department's {notice.stage} notice of {words.long_day(notice.notified_on)}"


def _count(notice: Notice) -> str:
    return f"count year {notice.count_year}" if notice.count_year else "which does not name its count year"


def _difference(own: Income) -> str:
    if own.provisional is None:
        return ""
    amount = f"Provisional {pounds(own.provisional.pence)} ({words.long_day(own.provisional.notified_on)})"
    if own.final is None or own.difference_pence is None:
        return f"{amount}; the final notice has not come by this day."
    less = "less" if own.difference_pence < 0 else "more"
    change = f"{pounds(abs(own.difference_pence))} {less}" if own.difference_pence else "the same"
    return f"{amount}, final {pounds(own.final.pence)} ({words.long_day(own.final.notified_on)}): {change}."


def _in_the_year(money: SubjectFigures) -> str:
    """The children eligible in the year itself: the allocation is paid on an earlier count, not on these."""
    if money.figures["children_without_spend"] is None:
        return ""
    children = words.counted(len(money.rows["children"]), "child", "children")
    until = words.long_day(money.frame.end)
    return (
        f"Eligible in {money.frame.financial_year} itself by {until}: {children}; the allocation does not rest on it."
    )
