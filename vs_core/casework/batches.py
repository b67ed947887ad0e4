"""A batch of payments: one person builds it, another releases it, and what is released is only ever reversed.

Each change is one transaction with its event on the trail, made alone, so that of two who release the same batch one
does. Raises PermissionError for a viewer who may not, ActionError (a sentence for the person) when it cannot be done,
and Overtaken when somebody else was quicker; nothing is written then."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, insert

from vs_core.access import roles, trail
from vs_core.access.viewer import Viewer, scope
from vs_core.casework import payables
from vs_core.casework.payables import Book, Choice, names_of, outlook
from vs_core.casework.turns import ActionError, Overtaken, alone, said
from vs_core.rules.payables import Line, label
from vs_core.rules.payment_checks import Finding, Row
from vs_core.rules.pp_plus import pounds
from vs_core.rules.words import counted, moment
from vs_core.settings import settings
from vs_core.store.engine import engine as own_engine
from vs_core.store.engine import writing
from vs_core.store.schema import (
    payment_agreed,
    payment_batch,
    payment_line,
    payment_release,
    payment_reversal,
    payment_taken_out,
)

LONGEST_REASON, LONGEST_CODE = 500, 40


@dataclass(frozen=True)
class Seen:
    """What somebody was shown of a batch before acting on it: how many lines it holds, and their sum."""

    lines: int
    total_pence: int


def build(
    viewer: Viewer, choice: Choice, cost_code: str, today: date, *, seen: Seen, engine: Engine | None = None
) -> int:
    """Put what is due of a choice into a new batch; gives its number."""
    may_pay(viewer)
    code = said(cost_code, "cost code", LONGEST_CODE)
    with writing(engine or own_engine()) as connection:
        alone(connection)
        book = _book(connection, viewer, today)
        look = outlook(book, choice, viewer)
        if not look.rows:
            raise Overtaken(f"Nothing is left to pay of {choice.term}: {_last(book)}")
        if Seen(len(look.rows), look.total_pence) != seen:
            now = f"{counted(len(look.rows), 'payment')}, {pounds(look.total_pence)}"
            raise Overtaken(f"What can be paid has changed meanwhile: {now}. Look at it again before you build.")
        number = _write(connection, viewer, payment_batch, today, term=choice.term, fund=choice.fund)
        lines = [_line(book, row, number, code) for row in look.rows]
        connection.execute(insert(payment_line), lines)
        told = {"lines": seen.lines, "total_pence": seen.total_pence, "term": choice.term}
        trail.record(connection, viewer, "batch built", _subject(number), told)
        return number


def _last(book: Book) -> str:
    if not book.lines:
        return "no request of it is approved and ready."
    line = book.lines[-1]
    return f"{label(line.batch_id)} was built by {line.built_by} on {moment(line.built_at)}."


def _line(book: Book, row: Row, batch_id: int, cost_code: str) -> dict[str, Any]:
    of = row.payable
    return {
        "batch_id": batch_id,
        "request_id": of.request_id,
        "turn": len(book.lines_of_request.get(of.request_id, ())) + 1,
        "child_key": of.child_key,
        "school_key": of.school_key or 0,
        "vendor": of.pays_to,
        "bank_reference": of.bank_reference,
        "invoice": of.invoice,
        "cost_code": cost_code,
        "amount_pence": row.amount_pence,
    }


def take_out(viewer: Viewer, line_id: int, reason: str, today: date, engine: Engine | None = None) -> None:
    """Take a line out of a batch that is not released yet."""
    may_pay(viewer)
    why = said(reason, "reason", LONGEST_REASON)
    with writing(engine or own_engine()) as connection:
        alone(connection)
        line = _line_shown(_book(connection, viewer, today), line_id)
        if line.taken_out_at is not None:
            raise Overtaken(f"{line.taken_out_by} has taken this line out on {moment(line.taken_out_at)}.")
        if line.released_at is not None:
            raise ActionError(f"{_released(line)} It can be reversed, and not taken out.")
        _write(connection, viewer, payment_taken_out, today, line_id=line_id, reason=why)
        trail.record(connection, viewer, "line taken out", _subject(line.batch_id), {"line": line_id})


def agree(
    viewer: Viewer, batch_id: int, keys: Collection[str], reason: str, today: date, engine: Engine | None = None
) -> None:
    """Agree to findings of a batch that was not released yet. keys: `Finding.key` of each."""
    may_pay(viewer)
    why = said(reason, "reason", LONGEST_REASON)
    with writing(engine or own_engine()) as connection:
        alone(connection)
        book = _book(connection, viewer, today)
        _open_batch(book, batch_id)
        found = {each.key: each for each in book.findings(batch_id)}
        gone = [key for key in keys if key not in found]
        if gone or not keys:
            raise Overtaken("What was found has changed meanwhile. Look at it again before you agree.")
        if any(found[key].stops for key in keys):
            raise ActionError("A finding that stops the release is put right, or its line taken out.")
        for key in sorted(set(keys) - book.agreed.keys()):
            about = {"line_id": _line_of(found[key]), "rule": found[key].rule}
            _write(connection, viewer, payment_agreed, today, **about, reason=why)
        trail.record(connection, viewer, "findings agreed", _subject(batch_id), {"findings": sorted(keys)})


def _line_of(finding: Finding) -> int:
    assert finding.row.line is not None
    return finding.row.line.line_id


def release(viewer: Viewer, batch_id: int, today: date, *, seen: Seen, engine: Engine | None = None) -> None:
    """Release a batch that somebody else has built, whole and once."""
    may_pay(viewer)
    with writing(engine or own_engine()) as connection:
        alone(connection)
        book = _book(connection, viewer, today)
        held = _open_batch(book, batch_id)
        now = Seen(len(held), sum(line.amount_pence for line in held))
        if now != seen:
            raise Overtaken(f"{label(batch_id)} has changed meanwhile: {counted(now.lines, 'line')}, {_sum(now)}.")
        if why := why_not_release(viewer, book, batch_id):
            raise ActionError(why)
        _write(
            connection, viewer, payment_release, today, batch_id=batch_id, lines=now.lines, total_pence=now.total_pence
        )
        told = {"lines": now.lines, "total_pence": now.total_pence}
        trail.record(connection, viewer, "batch released", _subject(batch_id), told)


def why_not_release(viewer: Viewer, book: Book, batch_id: int) -> str:
    """Why this person cannot release a batch, in a sentence; empty when it can."""
    lines = book.held(batch_id)
    if not lines:
        return f"{label(batch_id)} holds no line."
    if lines[0].builder == viewer.name:
        return "Who builds a batch does not release it: somebody else does."
    hidden = sum(not line.is_listed for line in lines)
    if hidden:
        about = counted(hidden, "payment about a child", "payments about children")
        return f"It holds {about} whose whereabouts are restricted: somebody who is named for them releases it."
    open_ones = payables.open_findings(book, book.findings(batch_id, names_of(viewer)))
    if not open_ones:
        return ""
    first, more = open_ones[0], len(open_ones) - 1
    kind = "Put it right or take the line out" if first.stops else "Agree to it with a reason"
    return f"{first.sentence} {kind}." + (f" {more} more findings are open." if more else "")


def reverse(viewer: Viewer, line_id: int, reason: str, today: date, engine: Engine | None = None) -> None:
    """Take back a line of a released batch by an entry of its own; the line stays as it was released."""
    may_pay(viewer)
    why = said(reason, "reason", LONGEST_REASON)
    with writing(engine or own_engine()) as connection:
        alone(connection)
        line = _line_shown(_book(connection, viewer, today), line_id)
        if line.reversed_at is not None:
            raise Overtaken(f"{line.reversed_by} has reversed this line on {moment(line.reversed_at)}.")
        if line.released_at is None or line.taken_out_at is not None:
            raise ActionError("Only a line that was released is reversed; another is taken out.")
        _write(
            connection, viewer, payment_reversal, today, line_id=line_id, amount_pence=-line.amount_pence, reason=why
        )
        told = {"line": line_id, "amount_pence": -line.amount_pence}
        trail.record(connection, viewer, "line reversed", _subject(line.batch_id), told)


def may_pay(viewer: Viewer) -> None:
    """Raises PermissionError for a viewer who may not pay."""
    if not viewer.may(roles.PAY):
        raise PermissionError("This role may not build or release payments.")


def _book(connection: Connection, viewer: Viewer, today: date) -> Book:
    return payables.read(connection, scope(viewer), today, settings().authority, answered=False)


def _open_batch(book: Book, batch_id: int) -> list[Line]:
    """The lines that a batch holds. Raises ActionError where there is none, Overtaken where it is released."""
    every = book.batch(batch_id)
    if not every:
        raise ActionError(f"There is no batch {label(batch_id)}.")
    if every[0].released_at is not None:
        raise Overtaken(_released(every[0]))
    return book.held(batch_id)


def _released(line: Line) -> str:
    assert line.released_at is not None
    return f"{label(line.batch_id)} was released by {line.released_by} on {moment(line.released_at)}."


def _line_shown(book: Book, line_id: int) -> Line:
    line = next((each for each in book.lines if each.line_id == line_id and each.is_listed), None)
    if line is None:
        raise ActionError("There is no such line.")
    return line


def _write(connection: Connection, viewer: Viewer, table: Table, today: date, **values: Any) -> int:
    at = datetime.now(UTC).replace(microsecond=0)
    made = insert(table).values(**values, written_at=at, written_by=viewer.name, known_from=today)
    (number, *_) = connection.execute(made).inserted_primary_key or (0,)
    return int(number)


def _subject(batch_id: int) -> str:
    return f"batch {batch_id}"


def _sum(seen: Seen) -> str:
    return pounds(seen.total_pence)
