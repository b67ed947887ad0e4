"""What payments wait for: schools without a vendor number, requests without an invoice, and the forms that end it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from vs_core.casework import batches, payees
from vs_core.casework.payees import Payee
from vs_core.rules.frame import financial_year
from vs_core.rules.payables import INVOICE, VENDOR, Payable
from vs_core.rules.payment_chain import WAITING
from vs_core.ui import address, downloads, notes, tables, words
from vs_core.ui.parts import payments as parts
from vs_core.ui.parts.payments import Desk
from vs_core.ui.tables import Column

SCHOOL, REQUEST = "school", "invoice_for"
COLUMNS = (
    Column("waits", "Waits for"),
    Column("since", "Since", "date", "The day of the approval"),
    Column("days", "Days", "number"),
    Column("amount_pence", "Approved", "money"),
    Column("request_id", "Request"),
    Column("school", "School"),
    Column("urn", "URN"),
    Column("term", "Term"),
    Column("child", "Child", names_people=True),
)
REQUESTS = ("request", "requests")
NOBODY_WAITS = "No approved request waits for a vendor number or an invoice."


def draw(desk: Desk) -> None:
    """What waits, the longest first, beside the two forms."""
    due = [each for each in desk.book.payables if each.is_listed and each.due_pence()]
    waiting = [each for each in due if each.waits_for(desk.book.authority)]
    first, second = st.columns(2, gap="large")
    with first:
        _vendor(desk, due)
    with second:
        _invoice(desk, waiting)
    st.subheader("What waits, the longest first")
    year = financial_year(desk.today)
    own = [each for each in waiting if each.financial_year >= year]
    _earlier(len(waiting) - len(own), year)
    frame = _frame(desk, own)
    tables.listing(
        frame,
        tables.seen(COLUMNS, desk.viewer),
        key="waiting",
        alt="Requests that wait",
        noun=REQUESTS,
        empty=NOBODY_WAITS,
    )
    downloads.table(desk.viewer, frame, COLUMNS, title="Payments that wait", notes=[], as_at=desk.today, noun=REQUESTS)


def _earlier(number: int, year: str) -> None:
    """How many are of a year that is over."""
    if number:
        wait = f"{words.counted(number, *REQUESTS)} of earlier years {'waits' if number == 1 else 'wait'}"
        st.caption(words.plain(f"Of {year}. {wait} too: that money went back on 31 March, so they are left out."))


def _frame(desk: Desk, waiting: Sequence[Payable]) -> pd.DataFrame:
    rows = [
        {
            "is_listed": of.is_listed,
            "waits": WAITING[of.waits_for(desk.book.authority)].removeprefix("awaiting "),
            "since": since,
            "days": (desk.today - since).days if since else None,
            "amount_pence": of.due_pence(),
            "request_id": of.request_id,
            "school": of.place,
            "urn": of.urn,
            "term": of.term,
            "child": of.child,
        }
        for of, since in ((of, of.decided_on or of.approved_known_on) for of in waiting)
    ]
    frame = pd.DataFrame(rows, columns=["is_listed", *(column.field for column in COLUMNS)])
    return frame.sort_values("days", ascending=False, kind="stable")


def _vendor(desk: Desk, due: Sequence[Payable]) -> None:
    st.subheader("How a school is paid")
    authority = desk.book.authority
    without = {of.urn for of in due if of.waits_for(authority) == VENDOR}
    by_urn = {of.urn: of for of in sorted(due, key=lambda of: (of.urn not in without, of.place)) if of.urn}
    options = {
        urn: f"{of.place} ({urn}){': no vendor yet' if urn in without else ''}" for urn, of in by_urn.items() if urn
    }
    urn = address.choose("School", options, SCHOOL, none="Choose a school", width=420)
    if not urn:
        st.caption("A vendor number that finance has used for the school is taken from its last payment.")
        return
    of = by_urn[urn]
    with st.form(f"vendor of {urn}", border=True):
        vendor = st.text_input("Vendor number", of.pays_to or "", max_chars=batches.LONGEST_CODE, key=f"vendor {urn}")
        bank = st.text_input(
            "Bank reference",
            of.bank_reference or "",
            max_chars=batches.LONGEST_CODE,
            key=f"bank {urn}",
            help="How finance tells one account from another, such as the date of the bank letter. Never the account. "
            "It is held against our own last payment to the school only: finance's file names no bank reference.",
        )
        invoices = st.checkbox("Paid against an invoice", of.needs_invoice(authority), key=f"invoices {urn}")
        reason = notes.text_area(
            desk.viewer, "How it was confirmed", "payment vendor", most_characters=batches.LONGEST_REASON
        )
        if st.form_submit_button("Save", type="primary", icon=":material/account_balance:"):
            new = Payee(vendor, bank, bool(invoices), reason)
            parts.noted(
                desk, "payment vendor", lambda: payees.set_up(desk.viewer, urn, new, desk.today), "The vendor is saved."
            )


def _invoice(desk: Desk, waiting: Sequence[Payable]) -> None:
    st.subheader("An invoice came")
    own = [of for of in waiting if of.waits_for(desk.book.authority) == INVOICE]
    options = {str(of.key): f"{of.request_id}, {of.place}, {of.child}" for of in sorted(own, key=lambda of: of.place)}
    key = address.choose("Request", options, REQUEST, none="Choose a request", width=420)
    if not key:
        now = sum(of.financial_year >= financial_year(desk.today) for of in own)
        wait = f"{words.counted(now, *REQUESTS)} of this financial year {'waits' if now == 1 else 'wait'} for one."
        st.caption(words.plain(wait.capitalize()))
        return
    with st.form(f"invoice for {key}", border=True):
        number = st.text_input("Invoice number", max_chars=batches.LONGEST_CODE, key=f"invoice {key}")
        on = st.date_input("Came on", desk.today, max_value=desk.today, format="DD/MM/YYYY", key=f"came {key}")
        if st.form_submit_button("Save", type="primary", icon=":material/receipt_long:"):
            day = on if isinstance(on, date) else desk.today
            parts.saved(
                lambda: payees.note_invoice(desk.viewer, int(key), number, day, desk.today), "The invoice is noted."
            )
