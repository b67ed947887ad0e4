"""What can be paid now: of which term, what a batch would hold, what is left out and why; the button that builds it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from vs_core.casework import batches, payables
from vs_core.casework.batches import Seen
from vs_core.casework.payables import Choice, Outlook
from vs_core.rules.payables import label, term_order
from vs_core.rules.payment_checks import RULES, Finding
from vs_core.rules.pp_plus import FUND, pounds, short_pounds
from vs_core.ui import downloads, tables, tiles, words
from vs_core.ui.parts import payments as parts
from vs_core.ui.parts.payments import Desk
from vs_core.ui.tables import Column
from vs_core.ui.tiles import Tile

COST_CODE = "cost code"
SEEN = "what could be paid"
NOTHING = "Nothing is due: every approved request is paid or stands in a batch."
LEFT_OUT = (
    Column("why", "Why not", width=440),
    Column("request_id", "Request"),
    Column("school", "School"),
    Column("child", "Child", names_people=True),
    Column("amount_pence", "Approved", "money"),
    Column("decided_on", "On", "date"),
)
REQUEST = ("request", "requests")


def draw(desk: Desk) -> None:
    """The choice of a term, the outlook of its batch, and the form that builds it."""
    options = payables.open_choices(desk.book)
    if not options:
        st.info(NOTHING, icon=":material/info:")
        return
    choice = _choose(options)
    look = payables.outlook(desk.book, choice, desk.viewer)
    _figures(look)
    if look.unlisted:
        about = words.counted(look.unlisted, "request", "requests")
        st.caption(
            f"{about.capitalize()} about children whose whereabouts are restricted: left to who is named for them."
        )
    _form(desk, choice, look)
    findings(look.found, "To be agreed to before the release")
    _left_out(desk, look)
    _rows(desk, choice, look)


def _choose(options: dict[Choice, int]) -> Choice:
    ordered = sorted(options, key=lambda of: (of.restricted, of.fund != FUND, of.fund, *_latest(of.term)))
    named = {_name(choice): choice for choice in ordered}
    chosen = st.selectbox(
        "Requests of",
        list(named),
        format_func=lambda name: f"{name}: {words.counted(options[named[name]], *REQUEST)}" if name in named else name,
        key="of",
        filter_mode="contains",
        width=420,
        bind="query-params",
    )
    return named[chosen] if chosen in named else ordered[0]


def _latest(term: str) -> tuple[int, int]:
    year, position = term_order(term)
    return -int(year[:4] or 0), -position


def _name(of: Choice) -> str:
    return f"{of.term}, {of.fund}{', restricted children' if of.restricted else ''}"


def _figures(look: Outlook) -> None:
    schools = len({row.payable.urn for row in look.rows})
    left = sum(of.approved_pence for of, _ in look.left_out)
    open_ones = len({each.row.number for each in look.found})
    shown = [
        Tile(
            "payments.ready",
            "Ready to pay",
            short_pounds(look.total_pence),
            caption=_count(len(look.rows)),
            definition=_READY,
        ),
        Tile("payments.schools", "Schools", f"{schools:,}", caption="paid by this batch"),
        Tile(
            "payments.agree", "To be agreed to", f"{open_ones:,}", caption="payments with a finding", definition=_AGREE
        ),
        Tile(
            "payments.left",
            "Left out",
            f"{len(look.left_out):,}",
            caption=f"{short_pounds(left)} approved",
            definition=_LEFT,
        ),
    ]
    tiles.figures_row(shown, key="payments-figures")


_READY = "Approved, not paid, in no other batch, the vendor known and the invoice there where one is needed."
_AGREE = "Somebody agrees to each of them with a reason before another person releases the batch."
_LEFT = "Approved, but a rule stops the payment, or the vendor or the invoice is awaited."


def _count(number: int) -> str:
    return words.counted(number, *parts.LINE)


def _form(desk: Desk, choice: Choice, look: Outlook) -> None:
    shown = parts.seen(f"{SEEN} {_name(choice)}", Seen(len(look.rows), look.total_pence))
    if not look.rows:
        st.info("Nothing of this choice can be paid now. What is left out is listed below.", icon=":material/info:")
        return
    with st.form("build a batch", border=True):
        code, button = st.columns([2, 3], vertical_alignment="bottom")
        cost_code = code.text_input(
            "Cost code", _cost_code(desk, choice), max_chars=batches.LONGEST_CODE, key=COST_CODE
        )
        name = f"Build a batch of {_count(len(look.rows))}, {pounds(look.total_pence)}"
        if button.form_submit_button(words.plain(name), type="primary", icon=":material/inventory_2:"):
            parts.saved(lambda: batches.build(desk.viewer, choice, cost_code, desk.today, seen=shown), _built)
    st.caption("You build it; somebody else releases it. Who approved a request does neither.")


def _built(number: int) -> str:
    return f"{label(number)} is built. It stands under Batches until somebody else releases it."


def _cost_code(desk: Desk, choice: Choice) -> str:
    """That of the last batch of the fund, else the one that finance has paid most schools by."""
    used = [line.cost_code for line in desk.book.lines if line.fund == choice.fund and line.cost_code]
    if used:
        return used[-1]
    paid = Counter(of.last_cost_code for of in desk.book.payables if of.last_fund == choice.fund and of.last_cost_code)
    return str(paid.most_common(1)[0][0]) if paid else ""


def findings(found: Sequence[Finding], title: str) -> None:
    """Sentences under the names of their rules."""
    if not found:
        return
    st.subheader(title)
    for rule in dict.fromkeys(each.rule for each in found):
        own = [each for each in found if each.rule == rule]
        with st.expander(words.plain(f"{RULES[rule].name}: {_count(len(own))}"), expanded=len(own) <= 3):
            st.markdown("\n".join(f"- {words.plain(each.sentence)}" for each in own))


def _left_out(desk: Desk, look: Outlook) -> None:
    if not look.left_out:
        return
    st.subheader("Left out, and why")
    frame = pd.DataFrame(
        [
            {
                "is_listed": of.is_listed,
                "why": why,
                "request_id": of.request_id,
                "school": of.place,
                "child": of.child,
                "amount_pence": of.approved_pence,
                "decided_on": of.decided_on,
            }
            for of, why in look.left_out
        ]
    )
    columns = tables.seen(LEFT_OUT, desk.viewer)
    tables.listing(frame, columns, key="left-out", alt="Requests left out", noun=REQUEST, row_pixels=tables.TWO_LINES)
    downloads.table(
        desk.viewer, frame, LEFT_OUT, title="Requests left out of a batch", notes=[], as_at=desk.today, noun=REQUEST
    )


def _rows(desk: Desk, choice: Choice, look: Outlook) -> None:
    if not look.rows:
        return
    st.subheader("What the batch would hold")
    by_school, by_line = st.tabs(["By school", "Line by line"])
    with by_school:
        sums = parts.schools(look.rows, lambda row: row.amount_pence)
        tables.listing(sums, parts.SCHOOLS, key="to-pay-schools", alt="Sums by school", noun=("school", "schools"))
    with by_line:
        columns = tables.seen(parts.ROWS, desk.viewer)
        frame = parts.rows(look.rows)
        tables.listing(frame, columns, key="to-pay-lines", alt="Payments", noun=parts.LINE)
        downloads.table(
            desk.viewer,
            frame,
            columns,
            title="Payments to be made",
            notes=[_name(choice)],
            as_at=desk.today,
            noun=parts.LINE,
        )
