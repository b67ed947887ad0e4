"""The batches: what each holds, what was found, who built and who released it, its file for finance, its reversals."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from vs_core.casework import batches, payables
from vs_core.casework.batches import Seen, why_not_release
from vs_core.rules.payables import Line, label
from vs_core.rules.payment_checks import RULES, Finding, rows_of
from vs_core.rules.pp_plus import pounds
from vs_core.ui import address, downloads, notes, tables, words
from vs_core.ui.parts import payments as parts
from vs_core.ui.parts import payments_build as build
from vs_core.ui.parts.payments import Desk
from vs_core.ui.tables import Column

BATCH = "batch"
NONE_YET = "No batch has been built yet. What can be paid stands under To pay."
BUILT, RELEASED, EMPTY = "waits for its release", "released", "taken back"
LIST = (
    Column("batch", "Batch"),
    Column("state", "State"),
    Column("term", "Term"),
    Column("fund", "Fund"),
    Column("lines", "Payments", "number"),
    Column("pence", "Amount", "money"),
    Column("built_on", "Built", "date"),
    Column("built_by", "By"),
    Column("released_on", "Released", "date"),
    Column("released_by", "By whom"),
    Column("reversed_pence", "Reversed", "money"),
)
TAKEN = (
    Column("line", "Line", "number"),
    Column("what", "What"),
    Column("request_id", "Request"),
    Column("school", "School"),
    Column("pence", "Amount", "money"),
    Column("on", "On", "date"),
    Column("by", "By"),
    Column("why", "Why"),
)


def draw(desk: Desk) -> None:
    """The list of batches, and the one that is open."""
    numbers = sorted({line.batch_id for line in desk.book.lines}, reverse=True)
    if not numbers:
        st.info(NONE_YET, icon=":material/info:")
        return
    options = {str(number): f"{label(number)}, {_state(desk.book.batch(number))}" for number in numbers}
    chosen = address.choose("Open a batch", options, BATCH, none="Choose a batch", width=320)
    if not chosen:
        frame = pd.DataFrame([_in_list(desk, number) for number in numbers])
        tables.listing(frame, LIST, key="batches", alt="Batches", noun=("batch", "batches"))
        return
    _open(desk, int(chosen))


def _state(lines: Sequence[Line]) -> str:
    if lines[0].released_at:
        return RELEASED
    return BUILT if any(line.taken_out_at is None for line in lines) else EMPTY


def _in_list(desk: Desk, number: int) -> dict[str, object]:
    every, held = desk.book.batch(number), desk.book.held(number)
    first = every[0]
    return {
        "batch": label(number),
        "state": _state(every),
        "term": first.term,
        "fund": first.fund,
        "lines": len(held),
        "pence": sum(line.amount_pence for line in held),
        "built_on": parts.day(first.built_at),
        "built_by": first.built_by,
        "released_on": parts.day(first.released_at),
        "released_by": first.released_by,
        "reversed_pence": -sum(line.amount_pence for line in held if line.reversed_at),
    }


def _open(desk: Desk, number: int) -> None:
    every, held = desk.book.batch(number), desk.book.held(number)
    st.subheader(words.plain(f"{label(number)}: {every[0].term}, {every[0].fund}"))
    st.markdown(words.plain(_told(every, held)))
    hidden = sum(not line.is_listed for line in held)
    if hidden:
        about = words.counted(hidden, "payment about a child", "payments about children")
        st.caption(f"{about.capitalize()} whose whereabouts are restricted: counted and not listed.")
    if every[0].released_at:
        _files(desk, number, held)
    elif held:
        _check(desk, number)
        _release(desk, number, held)
    _contents(desk, number, held)
    _gone(every)
    _mistake(desk, number, held)


def _told(every: Sequence[Line], held: Sequence[Line]) -> str:
    first = every[0]
    sums = f"{words.counted(len(held), *parts.LINE)}, {pounds(sum(line.amount_pence for line in held))}".capitalize()
    built = f"Built by {first.built_by} on {words.moment(first.built_at)}."
    if first.released_at is None:
        return f"{sums}. {built} Not released yet."
    return f"{sums}. {built} Released by {first.released_by} on {words.moment(first.released_at)}."


def _check(desk: Desk, number: int) -> None:
    """What was found: what stops, what has to be agreed to, and what was."""
    found = desk.book.findings(number, payables.names_of(desk.viewer))
    stops = [each for each in found if each.stops]
    open_ones = [each for each in found if not each.stops and each.key not in desk.book.agreed]
    if not stops and not open_ones:
        st.success("The check finds nothing that is open.", icon=":material/fact_check:")
    build.findings(stops, "Stops the release")
    build.findings(open_ones, "To be agreed to")
    if open_ones:
        _agree(desk, number, open_ones)
    _agreed(desk, [each for each in found if each.key in desk.book.agreed and not each.stops])


def _agree(desk: Desk, number: int, found: Sequence[Finding]) -> None:
    rules = list(dict.fromkeys(each.rule for each in found))
    with st.form("agree", border=True, clear_on_submit=False):
        rule = st.selectbox("Rule", rules, format_func=_rule_name, key=f"rule {number}", filter_mode=None)
        reason = notes.text_area(
            desk.viewer, "Why it is paid all the same", "payment agreed", most_characters=batches.LONGEST_REASON
        )
        keys = [each.key for each in found if each.rule == rule]
        if st.form_submit_button("Agree to all findings of this rule", icon=":material/thumb_up:"):
            parts.noted(
                desk, "payment agreed", lambda: batches.agree(desk.viewer, number, keys, reason, desk.today), "Agreed."
            )


def _rule_name(rule: str) -> str:
    return RULES[rule].name if rule in RULES else rule


def _agreed(desk: Desk, found: Sequence[Finding]) -> None:
    if not found:
        return
    with st.expander(f"Agreed to: {words.counted(len(found), 'finding')}"):
        for each in found:
            told = desk.book.agreed[each.key]
            st.markdown(words.plain(f"{each.sentence} {told.by}, {words.moment(told.at)}: {told.reason}"))


def _release(desk: Desk, number: int, held: Sequence[Line]) -> None:
    shown = parts.seen(f"shown of {label(number)}", Seen(len(held), sum(line.amount_pence for line in held)))
    why = why_not_release(desk.viewer, desk.book, number)
    name = f"Release {label(number)}: {words.counted(shown.lines, *parts.LINE)}, {pounds(shown.total_pence)}"
    pressed = st.button(
        words.plain(name), type="primary", icon=":material/send_money:", disabled=bool(why), key=f"release {number}"
    )
    if why:
        st.caption(words.plain(why))
    elif pressed:
        parts.saved(
            lambda: batches.release(desk.viewer, number, desk.today, seen=shown),
            f"{label(number)} is released. Nothing of it can be changed now; a mistake is reversed.",
        )


def _files(desk: Desk, number: int, held: Sequence[Line]) -> None:
    if any(not line.is_listed for line in held):
        st.caption("The file for finance is for who is named for all of its children.")
        return
    released = parts.day(held[0].released_at) or desk.today
    with st.container(horizontal=True):
        downloads.payments(desk.viewer, held, label(number), released)
        back = [line for line in held if line.reversed_at]
        if back:
            downloads.payments(desk.viewer, back, f"{label(number)} reversals", desk.today, reversed_ones=True)


def _contents(desk: Desk, number: int, held: Sequence[Line]) -> None:
    if not held:
        return
    by_school, by_line = st.tabs(["By school", "Line by line"])
    with by_school:
        sums = parts.schools(held, lambda line: line.amount_pence)
        tables.listing(sums, parts.SCHOOLS, key="batch-schools", alt="Sums by school", noun=("school", "schools"))
    with by_line:
        frame = parts.rows(rows_of(number, desk.book.lines, desk.book.of_request))
        columns = (*tables.seen(parts.ROWS, desk.viewer), Column("cost_code", "Cost code"))
        tables.listing(frame, columns, key="batch-lines", alt="Payments of the batch", noun=parts.LINE)
        downloads.table(
            desk.viewer, frame, columns, title=f"{label(number)} lines", notes=[], as_at=desk.today, noun=parts.LINE
        )


def _gone(every: Sequence[Line]) -> None:
    """Lines taken out, and counter-entries."""
    rows = [_taken(line) for line in every if line.taken_out_at or line.reversed_at]
    if rows:
        st.subheader("Taken out and reversed")
        tables.listing(pd.DataFrame(rows), TAKEN, key="gone", alt="Taken out and reversed", noun=("entry", "entries"))


def _taken(line: Line) -> dict[str, object]:
    back = line.reversed_at is not None
    return {
        "is_listed": line.is_listed,
        "line": line.line_id,
        "what": "reversed" if back else "taken out",
        "request_id": line.request_id,
        "school": line.place,
        "pence": -line.amount_pence if back else line.amount_pence,
        "on": parts.day(line.reversed_at if back else line.taken_out_at),
        "by": line.reversed_by if back else line.taken_out_by,
        "why": line.reversed_why if back else line.taken_out_why,
    }


def _mistake(desk: Desk, number: int, held: Sequence[Line]) -> None:
    """Take a line out before the release, reverse it after."""
    own = {
        str(row.line.line_id): row
        for row in rows_of(number, desk.book.lines, desk.book.of_request)
        if row.line is not None
    }
    options = {key: row for key, row in own.items() if row.line is not None and row.line.holds}
    if not options:
        return
    is_released = held[0].released_at is not None
    title, button = ("Reverse a line", "Reverse it") if is_released else ("Take a line out", "Take it out")
    with st.expander(title, icon=":material/undo:" if is_released else ":material/remove_circle:"), st.form("mistake"):
        names = {
            key: f"Line {row.number}: {row.payable.request_id}, {row.payable.place}" for key, row in options.items()
        }
        line = st.selectbox("Line", list(names), format_func=lambda key: names.get(key, key), key=f"line of {number}")
        reason = notes.text_area(desk.viewer, "Reason", "payment mistake", most_characters=batches.LONGEST_REASON)
        if is_released:
            st.caption("The line stays as it was released. The counter-entry stands beside it, with your name.")
        if st.form_submit_button(button, icon=":material/check:") and line in names:
            act = batches.reverse if is_released else batches.take_out
            done = "The line is reversed." if is_released else "The line is taken out."
            parts.noted(desk, "payment mistake", lambda: act(desk.viewer, int(line), reason, desk.today), done)
