"""Which cell of a heatmap is chosen: by a click, in the boxes over the chart or by an address that somebody sent.

The address holds keys and days alone: `row` whose (`child-17`, `school-100001`, `year-7`), `at` when (`2026-11-16`,
`2026-11-18-PM`, `4-PM` for Friday afternoons). What it names that is not of this view is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st

from vs_core.ui import chart
from vs_core.ui.chart import Cell

ROW, AT = "row", "at"
EVERY = ""
_LAST = "last cell"
_SAFE = re.compile(r"[A-Za-z0-9 -]{1,40}", re.ASCII)


@dataclass(frozen=True)
class Choice:
    """row: the key of the row, at: the day, week or half day; each empty for every one. unknown: the address names a
    row that is not there for this viewer and these choices."""

    row: str = EVERY
    at: str = EVERY
    unknown: bool = False

    def __bool__(self) -> bool:
        return bool(self.row or self.at)


@dataclass(frozen=True)
class _Last:
    view: str
    choice: Choice
    clicked: Cell | None


@dataclass(frozen=True)
class Offer:
    """What can be chosen in a view. view: its name; of: what a row's key begins with in the address; rows, times: label
    by key, without the one for every one; labels: of the two boxes; every: what they say for every one; of_cell: what
    a click means, as row and time; chart: its key."""

    view: str
    of: str
    rows: Mapping[str, str]
    times: Mapping[str, str]
    labels: tuple[str, str]
    every: tuple[str, str]
    of_cell: Callable[[Cell], tuple[str, str]]
    chart: str


def choose(offer: Offer) -> Choice:
    """The boxes, in the row of widgets that is open, with what they say; the choice stands in the address then."""
    found = _resolved(offer)
    choice = Choice(
        found.row if found.row in offer.rows else EVERY,
        found.at if found.at in offer.times else EVERY,
        bool(found.row) and found.row not in offer.rows,
    )
    for part, options, label, every in _boxes(offer):
        st.session_state[_key(offer, part)] = getattr(choice, part)
        st.selectbox(
            label,
            [EVERY, *options],
            format_func=partial(_said, options, every),
            key=_key(offer, part),
            width=230,
        )
    st.session_state[_LAST] = _Last(offer.view, choice, chart.clicked(offer.chart))
    if not choice.unknown:
        _say(offer, choice)
    return choice


def _boxes(offer: Offer) -> list[tuple[str, Mapping[str, str], str, str]]:
    both = [(ROW, offer.rows, offer.labels[0], offer.every[0]), (AT, offer.times, offer.labels[1], offer.every[1])]
    return [each for each in both if each[2]]


def _said(options: Mapping[str, str], every: str, key: str) -> str:
    return options.get(key, every)


def _key(offer: Offer, part: str) -> str:
    return f"{offer.view} {part}"


def _resolved(offer: Offer) -> Choice:
    """What was said last: a click, then the boxes, then the address."""
    last: _Last | None = st.session_state.get(_LAST)
    address = in_address(offer.of)
    if last is None or last.view != offer.view:
        return address
    clicked = chart.clicked(offer.chart)
    if clicked is not None and clicked != last.clicked:
        return Choice(*offer.of_cell(clicked))
    boxes = Choice(*(st.session_state.get(_key(offer, part), getattr(last.choice, part)) for part in (ROW, AT)))
    if (boxes.row, boxes.at) != (last.choice.row, last.choice.at):
        return boxes
    return address


def in_address(of: str) -> Choice:
    """What the address names, as far as it is of this view; anything that no page of ours writes is nothing."""
    row, at = (_only(part) for part in (ROW, AT))
    own = row.removeprefix(f"{of}-") if of and row.startswith(f"{of}-") else EVERY
    return Choice(own, at)


def _only(part: str) -> str:
    given = st.query_params.get_all(part)
    return given[0] if len(given) == 1 and _SAFE.fullmatch(given[0]) else EVERY


def _say(offer: Offer, choice: Choice) -> None:
    wanted = {ROW: f"{offer.of}-{choice.row}" if choice.row else EVERY, AT: choice.at}
    for part, value in wanted.items():
        if not value and part in st.query_params:
            del st.query_params[part]
        elif value and _only(part) != value:
            st.query_params[part] = value
