"""The department's notices of the year in one line, and what they come to for a child."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from vs_core.access.viewer import Viewer
from vs_core.figures import SubjectFigures
from vs_core.rules.pp_count import Count, CountYear, named
from vs_core.rules.pp_income import Income, Notice, income, share
from vs_core.rules.pp_plus import pounds
from vs_core.ui import words
from vs_core.ui.load import pp_count as read


def draw(viewer: Viewer, money: SubjectFigures, top_slice_percent: Decimal) -> None:
    """Nothing where no notice has come, or where the choice is of some children: the allocation is everybody's."""
    allocation, retained = money.figures["allocation_pence"], money.figures["retained_pence"]
    own = income(money.rows["allocations"], money.frame.financial_year, money.frame.end)
    if allocation is None or retained is None or own.holds is None:
        return
    said = [_of_a_child(own.holds, int(retained), top_slice_percent), _difference(own), _in_the_year(money)]
    st.caption(words.plain(" ".join(each for each in said if each)))
    _checked(viewer, money, own)


def _checked(viewer: Viewer, money: SubjectFigures, own: Income) -> None:
    """The notice against our own count of the same children, and what there is to do about it."""
    notice = own.holds
    count = None if notice is None else read.of_notice(viewer, money.frame, notice)
    if notice is None or count is None:
        return
    final = read.to_come(viewer, money.frame) if own.final is None else None
    told = [f"{_own_count(count)}.", _compared(notice, count), _to_come(notice, final)]
    st.markdown(f"**Notice against our own count.** {words.plain(' '.join(each for each in told if each))}")
    if count.source:
        st.caption(words.plain(f"The notice names no count year. Rule: {count.source}."))


def _own_count(count: Count) -> str:
    children = words.counted(count.children, "child", "children")
    return f"Our data has {children} {_counted_as(count.of)}"


def _counted_as(of: CountYear) -> str:
    """Which children a count year counts, in words."""
    return (
        f"looked after on at least one day from {words.long_day(of.starts_on)} to {words.long_day(of.ends_on)} "
        f"and aged 4 to 15 on {words.long_day(of.aged_on)}"
    )


def _compared(notice: Notice, count: Count) -> str:
    more = count.difference
    if more is None:
        return f"The {notice.stage} notice does not say how many it counts: ask the department for the number."
    if not more:
        return f"The {notice.stage} notice counts as many: nothing to do."
    each = notice.pence // notice.children if notice.children else 0
    money = f"about {pounds(abs(more) * each)} at {pounds(each)} a child" if each else "money without a rate"
    if more > 0:
        return (
            f"The {notice.stage} notice counts {more:,} more: {money}. Do not promise that money yet: see whether all "
            "episodes of that year are imported, and with whoever sends the SSDA903 return which children we lack."
        )
    return (
        f"The {notice.stage} notice counts {-more:,} fewer: {money}. Compare our list with the SSDA903 return, and ask "
        "the department to put it right before the year's final notice."
    )


def _to_come(notice: Notice, final: Count | None) -> str:
    if final is None or notice.children is None:
        return ""
    more, each = final.children - notice.children, notice.pence // notice.children if notice.children else 0
    change = "as many" if not more else f"{abs(more):,} {'more' if more > 0 else 'fewer'}"
    money = f", about {pounds(abs(more) * each)} {'more' if more > 0 else 'less'}" if more and each else ""
    rests = f"The final notice is to rest on the return of {words.long_day(final.of.ends_on)}"
    return f"{rests}: our data has {final.children:,} for it, {change}{money}."


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
    if not notice.count_year:
        return "which does not name its count year"
    of = named(notice.count_year)
    ends = f" (the year to {words.long_day(of.ends_on)})" if of else " (which is no year that we can read)"
    return f"count year {notice.count_year}{ends}"


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
