"""Where restricted children are, and who anybody is, reaches nobody who may not know it.

The authority of `canaries` is read whole (`everything_read`) as each kind of viewer. A query, a figure, a report or a
reader of pages that is added is read as well; a column of text that is added has to be put into one of the lists of
`canaries`.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from datetime import date, datetime
from typing import Any

import pytest
import streamlit as st
from sqlalchemy import Engine

from tests.access import canaries, everything_read, what_is_kept
from tests.access.canaries import (
    AS_AT,
    COUNTED,
    FOREIGN,
    HIDDEN,
    NEVER_READ,
    OF_TEAM,
    ON_THE_SERVER,
    OPEN,
    TEAM,
    TOLD,
    WHO,
)
from vs_core import figures
from vs_core.access import roles
from vs_core.access.viewer import EVERYTHING, Scope, Viewer, scope
from vs_core.rules.listed import MARK
from vs_core.store.engine import reading
from vs_core.ui.load import data

CANARY = re.compile(rf"({HIDDEN}|{OPEN}|{FOREIGN}|{TEAM})(\w+\.\w+|cell \w+)")
AN_ADVISER = canaries.cells("child_details", OPEN)["adviser"]
NAMED = "headteacher who is named for restricted children"
ONLY_QUERIES = "analyst who sees restricted children"
"""Names are left out by queries, whoever asks them what for."""
VIEWERS = {
    NAMED: Viewer(1, "d", "d", "headteacher", "session", None, True),
    "headteacher": Viewer(1, "h", "h", "headteacher", "session"),
    "adviser": Viewer(1, "a", "a", "adviser", "session", AN_ADVISER),
    "analyst": Viewer(1, "n", "n", "analyst", "session"),
    ONLY_QUERIES: Viewer(1, "n", "n", "analyst", "session", None, True),
    "administrator": Viewer(1, "m", "m", "administrator", "session"),
}
"""In the order in which pages are read by one after the other in one process, who may see most first."""
KNOWS_THE_ROW = ("vs_core.ui.load.data.refused", "child.child_id")
"""Who corrects refused rows tells them apart by the child's number, with or without the right to names."""
WITHOUT_A_CHILD = ("vs_core.ui.load.people.advisers", "child_details.adviser")
"""Who gives caseloads chooses from the advisers' names: no child stands beside them."""
Found = set[tuple[str, str, str]]


def found_in(read: Iterable[tuple[str, Any]]) -> Found:
    """Who gave it, whose it is, and the column, of every canary that was read."""
    found: Found = set()
    done: dict[Any, Any] = {}
    for name, result in read:
        for value in everything_read.values(result, done):
            found |= {(name, *canary) for canary in _canaries(value)}
    return found


def _canaries(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if "canary" not in value:
            return
        yield from ((whose, column) for whose, column in CANARY.findall(value))
    elif isinstance(value, datetime | date):
        if value.isoformat()[:10] == canaries.HIDDEN_INSPECTION.isoformat():
            yield HIDDEN, "school_details.ofsted_inspected_on"
    elif isinstance(value, int | float) and value == canaries.HIDDEN_SCHOOL_KEY:
        yield HIDDEN, "school.id"


def of_database(engine: Engine, viewer: Viewer) -> Iterator[tuple[str, Any]]:
    if viewer.may(roles.EXPORT):
        with reading(engine) as connection:
            yield from everything_read.queries(connection, scope(viewer))
            if viewer is not VIEWERS[ONLY_QUERIES]:
                yield from everything_read.of_figures(connection, scope(viewer))
                yield from everything_read.of_reports(connection, viewer)


def may_be_read(viewer: Viewer, name: str, whose: str, column: str) -> bool:
    """Whether the viewer may be given a canary by `name`, by the lists of `canaries`."""
    table, _, cell = column.removeprefix("cell ").partition(".")
    of_other = whose == FOREIGN and scope(viewer).adviser is not None
    if of_other or (whose == HIDDEN and not viewer.sees_restricted and (name, column) not in ON_THE_SERVER):
        return False
    names_somebody = cell in WHO.get(table, ()) or cell in OF_TEAM.get(table, ())
    known = (name, column) in (KNOWS_THE_ROW, WITHOUT_A_CHILD) and viewer.may_open("data")
    return not names_somebody or viewer.may(roles.SEE_NAMES) or known


@functools.cache
def read_by(engine: Engine, who: str) -> tuple[Found, Found]:
    """What a viewer is given by queries, figures and reports, and what by the readers of pages, after every viewer
    before it in the same process."""
    earlier = list(VIEWERS)[: list(VIEWERS).index(who)]
    for other in earlier:
        read_by(engine, other)
    viewer = VIEWERS[who]
    of_first = nullcontext(MADE_OF) if earlier else what_is_kept.watched(engine)
    with of_first as tables:
        found = found_in(of_database(engine, viewer)), found_in(everything_read.of_pages(viewer))
    MADE_OF.update(tables)
    return found


MADE_OF: dict[str, set[str]] = {}
"""The tables of which the answers of kept functions were made, when the first viewer read them and nothing was kept."""
SAME_FOR_ALL = {
    "arrivals._of_subject": "days of deliveries and how many refused rows wait",
    "data._waiting": "how many refused rows wait, by kind",
    "data._no_longer_waiting": "where refused rows stood and what became of them, no cell of them",
    "data._to_look_at": "where cells stand and what is odd about them, nobody's number or name",
    "data._reconciliation": "counts of rows by kind of file and figure",
    "projects._projects": "names and rules of projects",
    "training._to_come": "sessions with how many seats are booked",
}
"""Kept functions that read tables about children or people without a scope, because their answer is the same for
everybody who may ask: each with what the answer is."""


@pytest.mark.parametrize("who", list(VIEWERS))
def test_nobody_reads_what_is_not_for_them(authority: Engine, who: str) -> None:
    read = set().union(*read_by(authority, who))
    assert not sorted(each for each in read if not may_be_read(VIEWERS[who], *each))


def test_who_is_named_for_it_reads_all_of_it(authority: Engine) -> None:
    read = {(whose, column) for _, whose, column in set().union(*read_by(authority, NAMED))}
    of_children = {f"{table}.{name}" for columns in (TOLD, WHO) for table in columns for name in columns[table]}
    every = {(whose, column) for whose in (HIDDEN, OPEN, FOREIGN) for column in of_children}
    every |= {(whose, f"action.{name}") for name in OF_TEAM["action"] for whose in (HIDDEN, OPEN, FOREIGN, TEAM)}
    every |= {(whose, f"case_entry.{name}") for name in OF_TEAM["case_entry"] for whose in (HIDDEN, OPEN, FOREIGN)}
    of_line = ("payment_taken_out", "payment_agreed", "payment_reversal", "invoice_received", "payee")
    every |= {(w, f"{table}.{name}") for table in of_line for name in OF_TEAM[table] for w in (HIDDEN, OPEN, FOREIGN)}
    every |= {(TEAM, "payment_batch.written_by"), (TEAM, "payment_release.written_by")}
    every |= {(TEAM, "action.subject"), (TEAM, "booking.delegate_id")}
    every -= {(TEAM, "action.written_by")}
    every |= {(HIDDEN, "school.id"), (HIDDEN, "school_details.ofsted_inspected_on")}
    of_school = {(FOREIGN, f"{table}.{name}") for table in ("school", "school_details") for name in TOLD[table]}
    in_tables = {each for each in read if not each[1].startswith("cell ")}
    of_school |= {(FOREIGN, f"payee.{name}") for name in (*TOLD["payee"], *OF_TEAM["payee"])}
    by_number = ("pp_payment.request_id", "payment_line.request_id", "invoice_received.request_id")
    of_request = {(whose, name) for whose in (HIDDEN, OPEN, FOREIGN) for name in by_number}
    assert in_tables == {each for each in every - of_school - of_request if each[1] not in NEVER_READ}
    assert {column for whose, column in read if whose == HIDDEN and column.startswith("cell ")}


@pytest.mark.parametrize("who", ["analyst", "adviser", NAMED])
def test_what_is_kept_for_one_is_not_given_to_another(authority: Engine, who: str) -> None:
    """Pages are read by one after the other in one process, in this order and in that of VIEWERS: each is given what
    is for this viewer, and all of it."""
    first = {each[1:] for each in read_by(authority, who)[1]}
    if who == "analyst":
        st.cache_data.clear()
    again = found_in(everything_read.of_pages(VIEWERS[who]))
    assert not sorted(each for each in again if not may_be_read(VIEWERS[who], *each))
    assert {each[1:] for each in again} == first


def test_what_depends_on_the_viewer_is_kept_by_the_viewers_scope(authority: Engine) -> None:
    read_by(authority, NAMED)
    functions = what_is_kept.kept_functions()
    assert set(MADE_OF) == set(functions)
    blind = {name for name, each in functions.items() if Scope not in what_is_kept.key_of(each).values()}
    about_people = {name for name in blind if MADE_OF[name] & what_is_kept.PERSONAL}
    assert {name.removeprefix(f"{what_is_kept.ROOM}.") for name in about_people} == set(SAME_FOR_ALL)


def test_readers_of_the_data_page_refuse_who_may_not_open_it(authority: Engine) -> None:
    """Callbacks and fragments run before the page asks."""
    asked = [each for each in everything_read.functions(data) if everything_read.takes(each, "viewer")]
    given = {"viewer": VIEWERS["analyst"], "today": AS_AT, "kind": "children", "limit": 1, "offset": 0}
    readers = [each for each in asked if set(inspect.signature(each).parameters) <= set(given)]
    assert len(readers) >= 7
    for reader in readers:
        with pytest.raises(PermissionError):
            reader(**{name: given[name] for name in inspect.signature(reader).parameters})


def test_every_column_of_text_is_in_one_of_the_lists() -> None:
    said = [(table, name) for kind in (TOLD, WHO, OF_TEAM, COUNTED) for table in kind for name in kind[table]]
    assert len(said) == len(set(said))
    assert set(said) == set(canaries.texts())


@pytest.mark.parametrize("adviser", [None, AN_ADVISER])
def test_restricted_children_are_counted_for_who_may_not_be_shown_them(authority: Engine, adviser: str | None) -> None:
    """Every figure of every subject is the same, and of the rows behind it fewer may be listed."""
    named, others = (Scope(True, adviser, restricted) for restricted in (True, False))
    with reading(authority) as connection:
        for subject in everything_read.SUBJECTS:
            frame = everything_read.FRAMES[subject == "pp-plus"]
            one, other = (figures.compute(connection, subject, frame, seen) for seen in (named, others))
            assert (one.figures, one.notes) == (other.figures, other.notes), subject
            for name, rows in other.rows.items():
                if MARK in rows:
                    assert 0 < rows[MARK].sum() < len(rows) + bool(adviser), (subject, name)
                    assert len(rows) == one.rows[name][MARK].sum(), (subject, name)


def test_no_frame_of_a_subject_is_without_a_restricted_child(authority: Engine) -> None:
    """Else the others would prove nothing about it."""
    with reading(authority) as connection:
        for subject in everything_read.SUBJECTS:
            of = figures.compute(connection, subject, everything_read.FRAMES[subject == "pp-plus"], EVERYTHING)
            for name, rows in of.rows.items():
                restricted = "restricted" not in rows or rows["restricted"].astype(bool).any()
                assert len(rows), (subject, name)
                assert restricted, (subject, name)
