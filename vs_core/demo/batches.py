"""The invented team's last batch: what the last payment run paid, built a week before and released four days later."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select

from vs_core.rules.frame import term_without_calendar
from vs_core.store.schema import (
    child_details,
    payment_batch,
    payment_line,
    payment_release,
    payment_reversal,
    pp_payment,
    pp_request,
)

BUILDER, RELEASER = "operations", "headteacher"
BUILT_BEFORE, RELEASED_BEFORE = timedelta(7), timedelta(3)
REVERSED_AFTER = timedelta(3)
WHY = "The child had moved: the new school is paid in the next batch"


def write_batches(connection: Connection, as_at: date) -> None:
    """A batch of the term's requests that the last run before a day paid, of children who are not restricted; finance
    has answered it. A payment that came back is reversed."""
    run = connection.scalar(select(func.max(pp_payment.c.paid_on)).where(_current(), pp_payment.c.paid_on < as_at))
    rows = connection.execute(_paid(run, str(term_without_calendar(run)))).all() if run else []
    if not rows or run is None:
        return
    built = {"term": rows[0].term, "fund": "PP+", **_written(BUILDER, run - BUILT_BEFORE)}
    (number,) = connection.execute(insert(payment_batch).values(**built)).inserted_primary_key or (0,)
    connection.execute(insert(payment_line), [_line(row, int(number)) for row in rows])
    sums = {"lines": len(rows), "total_pence": sum(row.amount_pence for row in rows)}
    released = {"batch_id": number, **sums, **_written(RELEASER, run - RELEASED_BEFORE)}
    connection.execute(insert(payment_release).values(**released))
    if run + REVERSED_AFTER <= as_at:
        _reverse(connection, int(number), [row.request_id for row in rows if row.status == "returned"], run)


def _reverse(connection: Connection, batch_id: int, request_ids: list[str], run: date) -> None:
    line = payment_line.c
    own = select(line.id, line.amount_pence).where(line.batch_id == batch_id, line.request_id.in_(request_ids))
    for row in connection.execute(own).all():
        entry = {"line_id": row.id, "amount_pence": -row.amount_pence, "reason": WHY}
        connection.execute(insert(payment_reversal).values(**entry, **_written(BUILDER, run + REVERSED_AFTER)))


def _current() -> Any:
    return pp_payment.c.known_to.is_(None)


def _paid(run: date, term: str) -> Select[Any]:
    """What a run paid, or tried to, of a term: one row a request, by school."""
    row, asked, known = pp_payment, pp_request, child_details
    source = row.join(asked, (asked.c.request_id == row.c.request_id) & asked.c.known_to.is_(None)).join(
        known, (known.c.child_key == asked.c.child_key) & known.c.known_to.is_(None)
    )
    names = ("request_id", "school_key", "vendor", "invoice", "cost_code", "amount_pence", "status")
    of_run = _current(), row.c.paid_on == run, row.c.status.in_(("paid", "returned"))
    of_term = asked.c.term == term, asked.c.fund == "PP+", ~known.c.restricted
    return (
        select(*(row.c[name] for name in names), asked.c.child_key, asked.c.term)
        .select_from(source)
        .where(*of_run, *of_term, row.c.vendor != "", row.c.amount_pence > 0, row.c.payment_id.not_like("%-%"))
        .order_by(row.c.school_key, row.c.request_id)
    )


def _line(row: Any, batch_id: int) -> dict[str, Any]:
    names = ("request_id", "child_key", "school_key", "vendor", "cost_code", "amount_pence")
    return {name: getattr(row, name) for name in names} | {
        "batch_id": batch_id,
        "turn": 1,
        "invoice": row.invoice or None,
    }


def _written(by: str, on: date) -> dict[str, Any]:
    day = on - timedelta(max(0, on.weekday() - 4))
    return {"written_at": datetime.combine(day, time(10, 15), UTC), "written_by": by, "known_from": day}
