"""What every part of the page of payments shares: the parts, the rows as lists show them, and saving."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from vs_core.access.viewer import Viewer
from vs_core.casework.payables import Book
from vs_core.casework.turns import ActionError, Overtaken
from vs_core.rules.frame import Frame
from vs_core.rules.payables import Line
from vs_core.rules.payment_checks import Row
from vs_core.rules.words import ENGLAND
from vs_core.ui import notes, said_lately, sentences, words
from vs_core.ui.tables import Column

TO_PAY, BATCHES, ANSWER, PAYEES, REQUEST = PARTS = (
    "To pay",
    "Batches",
    "Finance's answer",
    "Vendors and invoices",
    "One request",
)
SAID = "saved about payments"
LINE = ("payment", "payments")


@dataclass(frozen=True)
class Desk:
    """viewer: who pays; book: what is known now; today: the day."""

    viewer: Viewer
    book: Book
    today: date

    @property
    def frame(self) -> Frame:
        return Frame(self.today, None, self.today, self.today)


def part() -> str:
    """Which part of the page is shown, in the address."""
    chosen = st.segmented_control(
        "Part of the page", PARTS, default=TO_PAY, key="part", label_visibility="collapsed", bind="query-params"
    )
    return chosen or TO_PAY


def said() -> None:
    """What was saved by the last button."""
    said_lately.show(SAID)


def is_empty(desk: Desk) -> bool:
    """Whether nothing was ever approved or paid; says so then."""
    if desk.book.payables or desk.book.lines:
        return False
    sentences.nothing("payments")
    return True


def saved(write: Callable[[], Any], done: str | Callable[[Any], str]) -> None:
    """Write, and say so on the page drawn anew, or that somebody was quicker; what cannot be is said in its place."""
    told = said_lately.about(SAID)
    try:
        given = write()
    except Overtaken as error:
        told.say(str(error), worked=False)
        st.rerun()
    except (ActionError, PermissionError) as error:
        st.error(words.plain(error), icon=":material/error:")
        return
    told.say(done if isinstance(done, str) else done(given))
    st.rerun()


def noted(desk: Desk, field: str, write: Callable[[], Any], done: str) -> None:
    """Write what somebody wrote in a field of notes, which is empty afterwards."""

    def writing() -> None:
        write()
        notes.emptied(desk.viewer, field)

    saved(writing, done)


def seen(key: str, now: Any) -> Any:
    """What the page had shown under a key when it was last drawn; from now on, what it shows now."""
    before = st.session_state.get(key, now)
    st.session_state[key] = now
    return before


def schools(rows: Iterable[Row | Line], amount: Callable[[Any], int]) -> pd.DataFrame:
    """Sums by school: `urn`, `school`, `vendor`, `lines`, `pence`, and `is_listed`."""
    frame = pd.DataFrame([_school(row, amount(row)) for row in rows], columns=_SCHOOL)
    if frame.empty:
        return frame.assign(lines=0)
    grouped = frame.groupby(["is_listed", "urn", "school", "vendor"], as_index=False, dropna=False, sort=False)
    return grouped.agg(lines=("pence", "size"), pence=("pence", "sum"))


_SCHOOL = ["is_listed", "urn", "school", "vendor", "pence"]


def _school(row: Row | Line, pence: int) -> tuple[Any, ...]:
    of: Any = row.payable if isinstance(row, Row) else row
    vendor = of.pays_to if isinstance(row, Row) else of.vendor
    return of.is_listed, of.urn, of.place, vendor, pence


SCHOOLS = (
    Column("school", "School"),
    Column("urn", "URN"),
    Column("vendor", "Vendor"),
    Column("lines", "Payments", "number"),
    Column("pence", "Amount", "money"),
)


def rows(of: Sequence[Row]) -> pd.DataFrame:
    """Rows to be paid, ready to be listed by ROWS."""
    return pd.DataFrame(
        [
            {
                "is_listed": row.payable.is_listed,
                "number": row.number,
                "school": row.payable.place,
                "urn": row.payable.urn,
                "vendor": row.line.vendor if row.line else row.payable.pays_to,
                "amount_pence": row.amount_pence,
                "request_id": row.payable.request_id,
                "child": row.payable.child,
                "intervention": row.payable.intervention,
                "invoice": row.line.invoice if row.line else row.payable.invoice,
                "cost_code": row.line.cost_code if row.line else None,
                "decided_on": row.payable.decided_on,
                "decided_by": row.payable.decided_by,
            }
            for row in of
        ],
        columns=["is_listed", *(column.field for column in ROWS), "cost_code"],
    )


ROWS = (
    Column("number", "Line", "number"),
    Column("school", "School"),
    Column("urn", "URN"),
    Column("vendor", "Vendor"),
    Column("amount_pence", "Amount", "money"),
    Column("request_id", "Request"),
    Column("child", "Child", names_people=True),
    Column("intervention", "Intervention"),
    Column("invoice", "Invoice"),
    Column("decided_on", "Approved", "date"),
    Column("decided_by", "Approved by", names_people=True),
)


def day(at: Any) -> date | None:
    """The day of a moment in England."""
    return at.astimezone(ENGLAND).date() if at is not None else None
