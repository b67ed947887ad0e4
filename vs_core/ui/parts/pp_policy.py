"""Rates, policies and limits: what holds, where it comes from, who confirmed it; and how they are changed."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import streamlit as st

from vs_core.access import roles
from vs_core.access.viewer import Viewer
from vs_core.rules.frame import financial_year, financial_year_of_label
from vs_core.rules.pp_add_ons import NOT_CHECKED
from vs_core.rules.pp_plus import FUNDS, pounds
from vs_core.rules.pp_policy import NO_POLICY, PolicyTerm
from vs_core.rules.reference_changes import LIMITS, POLICIES, RATES
from vs_core.ui import downloads, load, tables, words
from vs_core.ui.filters import Chosen
from vs_core.ui.load import pp_policy as read
from vs_core.ui.load.pp_policy import Lists
from vs_core.ui.parts import pp_policy_forms as forms
from vs_core.ui.parts.pp_policy_forms import Row
from vs_core.ui.tables import Column

OF_RATES, OF_LIMITS = "Rates", "Limits of every policy"
NOT_SET = "not set"
TWO_LINES = 70


def draw(viewer: Viewer, chosen: Chosen) -> None:
    """Which policy holds, each list with its sources, and for who may pay the way to change and confirm them."""
    lists = read.lists(viewer, chosen.frame)
    st.subheader("Rates and policy")
    st.markdown(words.plain(policy_in_words(viewer, lists)))
    may_change = viewer.may(roles.PAY) and chosen.frame.known_on is None
    if may_change:
        forms.say()
        forms.choose_policy(viewer, lists, load.today())
    part = _choose_part(lists)
    rows = list(rows_of(lists, part, chosen.frame.financial_year))
    _listing(viewer, chosen, rows, part)
    for said in not_checked(rows):
        st.caption(words.plain(said))
    if may_change:
        forms.change_a_row(viewer, lists, rows, load.today())
        forms.shown(lists)


def policy_in_words(viewer: Viewer, lists: Lists) -> str:
    """Which policy holds and who chose it; without one that nothing is checked against any."""
    held, change = lists.policy, lists.chosen
    if held is None or change is None:
        return NO_POLICY
    begins = f"from {words.long_day(change.starts_on)}" if change.starts_on else "always"
    by = f" by {change.written_by}" if viewer.may(roles.SEE_NAMES) else ""
    unsure = len(held.unconfirmed)
    said = f"The {held.title} policy holds {begins}, chosen{by} on {words.long_day(change.known_from)}."
    return f"{said} {_unsure(unsure)}" if unsure else said


def _unsure(terms: int) -> str:
    counted = words.counted(terms, "term").capitalize()
    return f"{counted} of it {'is' if terms == 1 else 'are'} not confirmed."


def _choose_part(lists: Lists) -> str:
    titles = {key: f"Policy: {held.title}" for key, held in lists.policies.items()}
    held = [lists.chosen.value] if lists.chosen and lists.chosen.value in titles else []
    options = [*held, OF_RATES, OF_LIMITS, *(key for key in titles if key not in held)]
    chosen = st.selectbox(
        "Show",
        options,
        format_func=lambda key: titles.get(key, key),
        key="policy",
        width=420,
        filter_mode=None,
        bind="query-params",
    )
    return chosen if chosen in options else options[0]


def rows_of(lists: Lists, part: str, year: str) -> Iterator[Row]:
    """The rows of a list; of rates also those of the year and the next that nobody has set."""
    if part == OF_RATES:
        yield from _rates(lists, year)
    elif part == OF_LIMITS:
        for limit in lists.limits:
            change = lists.change_of(LIMITS, "", limit.name, limit.starts_on)
            value, told = str(limit.value), (limit.source, limit.unconfirmed, change)
            yield Row(LIMITS, "", limit.name, limit.starts_on, limit.meaning, value, limit.unit, *told)
    else:
        for term in lists.policies[part].terms:
            if term.name != "title":
                yield _term(lists, term)


def _term(lists: Lists, term: PolicyTerm) -> Row:
    change = lists.change_of(POLICIES, term.policy, term.name, term.starts_on)
    told = (term.source, term.unconfirmed, change)
    return Row(POLICIES, term.policy, term.name, term.starts_on, term.meaning, term.value, term.unit, *told)


def _rates(lists: Lists, year: str) -> Iterator[Row]:
    following = financial_year(financial_year_of_label(year)[1].replace(month=4, day=1))
    set_so_far = [key for key in lists.rates if key[0] not in (year, following)]
    wanted = [(each, fund) for each in (year, following) for fund in FUNDS]
    for key in [*wanted, *sorted(set_so_far, reverse=True)]:
        rate = lists.rates.get(key)
        starts_on = financial_year_of_label(key[0])[0]
        what = f"{key[1]} {key[0]}, a child and year"
        if rate is None or rate.pence is None:
            yield Row(RATES, *key, starts_on, what, "", "pence")
            continue
        change = lists.change_of(RATES, *key, starts_on)
        yield Row(RATES, *key, starts_on, what, str(rate.pence), "pence", rate.source, rate.unconfirmed, change)


def not_checked(rows: list[Row]) -> list[str]:
    """Of the terms of a policy in a list, those that no rule looks at, each with why."""
    return [NOT_CHECKED[row.name] for row in rows if row.list == POLICIES and row.name in NOT_CHECKED]


def in_words(row: Row) -> str:
    """A value as a person says it: pence in pounds, words with commas."""
    if not row.value:
        return NOT_SET
    if row.unit == "pence":
        return pounds(int(row.value))
    if row.unit == "words":
        return row.value.replace(";", ", ")
    return row.value if row.unit in ("text", "yes or no") else f"{row.value} {row.unit}"


def _listing(viewer: Viewer, chosen: Chosen, rows: list[Row], part: str) -> None:
    frame = pd.DataFrame([_told(row) for row in rows], columns=[column.field for column in ROWS])
    columns = tables.seen(ROWS, viewer)
    title = f"Rates and policy, {part.lower()}"
    lines = None if part == OF_RATES else TWO_LINES
    tables.listing(frame, columns, key=f"policy {part}", alt=title, noun=("row", "rows"), row_pixels=lines)
    notes = [chosen.sentence]
    downloads.table(viewer, frame, columns, title=title, notes=notes, as_at=chosen.frame.as_at, noun=("row", "rows"))


def _told(row: Row) -> dict[str, object]:
    change = row.change
    is_sure = "not set" if not row.value else "no: provisional" if row.unconfirmed else "yes"
    return {
        "what": row.what,
        "value": in_words(row),
        "confirmed": is_sure,
        "starts_on": row.starts_on,
        "source": row.source,
        "changed_on": change.known_from if change else None,
        "changed_by": change.written_by if change else None,
    }


ROWS = (
    Column("what", "What", width=330),
    Column("value", "Value", width=150),
    Column("confirmed", "Confirmed", width=110),
    Column("starts_on", "From", "date"),
    Column("source", "Source", width=330),
    Column("changed_on", "Changed", "date"),
    Column("changed_by", "By", names_people=True),
)
