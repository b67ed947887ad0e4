"""What the finance system answered, held against what was released: line by line and to the penny."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from vs_core.rules.payables import Line, label
from vs_core.rules.pp_plus import pounds
from vs_core.rules.words import long_day

MATCHED, DIFFERS, MISSING, WAITING, UNKNOWN, REVERSED = (
    "matched",
    "differs",
    "missing",
    "with finance",
    "unknown",
    "reversed",
)
OUTCOMES = (DIFFERS, UNKNOWN, MISSING, WAITING, MATCHED, REVERSED)
"""What needs somebody first."""


@dataclass(frozen=True)
class Answer:
    """One row of the finance system's file; of one that may not be listed it is empty whom it paid."""

    payment_id: str
    request_id: str | None
    is_listed: bool
    amount_pence: int
    status: str
    paid_on: date | None
    batch: str | None = None
    urn: str | None = None
    vendor: str | None = None
    invoice: str | None = None


@dataclass(frozen=True)
class Matched:
    """line: None where the finance system names one of our batches for what was never in it; sent_pence: what it was
    released for, nothing for a line that was reversed; paid_pence: paid less recovered; said: what differs, a sentence,
    empty where nothing does."""

    batch_id: int | None
    line: Line | None
    answers: tuple[Answer, ...]
    outcome: str
    sent_pence: int
    paid_pence: int
    paid_on: date | None
    said: str

    @property
    def difference_pence(self) -> int:
        return self.paid_pence - self.sent_pence

    @property
    def is_listed(self) -> bool:
        return self.line.is_listed if self.line else all(each.is_listed for each in self.answers)


def matched(lines: Sequence[Line], answers: Iterable[Answer]) -> list[Matched]:
    """Every line that was released, in order, then every answer that names a batch of ours and belongs to no line.

    An answer belongs to the line whose reference is its payment number; else to the line of its request in the batch
    that it names; else, where it names none of our batches, to the last line of its request that was released by its
    day. An answer belongs to one line only.
    A line is missing when finance has answered about others of its batch."""
    released = [line for line in lines if line.released_at is not None and line.taken_out_at is None]
    own: dict[int, list[Answer]] = {line.line_id: [] for line in released}
    unknown = []
    for answer in answers:
        line = _line_of(answer, released)
        if line is not None:
            own[line.line_id].append(answer)
        elif _names_a_batch(answer):
            unknown.append(_unknown(answer))
    answered = {line.batch_id for line in released if own[line.line_id]}
    return [*(_held_against(line, own[line.line_id], line.batch_id in answered) for line in released), *unknown]


def _line_of(answer: Answer, released: Sequence[Line]) -> Line | None:
    by_number = next((line for line in released if line.reference == answer.payment_id), None)
    if by_number is not None:
        return by_number
    of_request = [line for line in released if line.request_id == answer.request_id]
    if _names_a_batch(answer):
        return next((line for line in of_request if label(line.batch_id) == _batch(answer)), None)
    before = [line for line in of_request if answer.paid_on is None or _released_on(line) <= answer.paid_on]
    return before[-1] if before else None


def _released_on(line: Line) -> date:
    assert line.released_at is not None
    return line.released_at.date()


def _batch(answer: Answer) -> str:
    return (answer.batch or "").strip().upper()


def _names_a_batch(answer: Answer) -> bool:
    return _batch(answer).startswith(label(0)[:-1])


def _held_against(line: Line, answers: Sequence[Answer], is_answered: bool) -> Matched:
    paid = [each for each in answers if each.status == "paid"]
    back = [each for each in answers if each.status == "recovered"]
    net = sum(each.amount_pence for each in paid) - sum(each.amount_pence for each in back)
    sent = 0 if line.reversed_at is not None else line.amount_pence
    outcome, said = _outcome(line, answers, sent, net, is_answered)
    days = [each.paid_on for each in paid if each.paid_on is not None]
    return Matched(line.batch_id, line, tuple(answers), outcome, sent, net, max(days, default=None), said)


def _outcome(line: Line, answers: Sequence[Answer], sent: int, net: int, is_answered: bool) -> tuple[str, str]:
    if line.reversed_at is not None:
        told = "" if not net else f"It was reversed, and {pounds(net)} of it is paid: finance recovers it."
        return (DIFFERS if net else REVERSED), told
    if not answers and not is_answered:
        return WAITING, "Finance has said nothing of this batch yet."
    if not answers:
        return MISSING, "Finance has answered about this batch, and says nothing of this line."
    if not any(each.status in ("paid", "recovered") for each in answers):
        if any(each.status == "returned" for each in answers):
            return DIFFERS, "The payment came back and was not made again."
        return WAITING, ""
    if net != sent:
        more = f"{pounds(abs(net - sent))} {'too much' if net > sent else 'too little'}"
        return DIFFERS, f"Released for {pounds(sent)}, paid {pounds(net)}: {more}."
    others = sorted({each.vendor for each in answers if each.status == "paid" and each.vendor} - {line.vendor})
    if others and line.vendor:
        return DIFFERS, f"Paid to vendor {', '.join(others)} instead of {line.vendor}."
    return MATCHED, ""


def _unknown(answer: Answer) -> Matched:
    sign = {"paid": 1, "recovered": -1}.get(answer.status, 0)
    number = _batch(answer).removeprefix(label(0)[:-1])
    batch_id = int(number) if number.isdecimal() and number.isascii() and len(number) < 10 else None
    on = f" on {long_day(answer.paid_on)}" if answer.paid_on else ""
    said = f"{answer.payment_id}: {pounds(answer.amount_pence)} {answer.status}{on}, which is no line of that batch."
    return Matched(batch_id, None, (answer,), UNKNOWN, 0, sign * answer.amount_pence, answer.paid_on, said)


@dataclass(frozen=True)
class Agreement:
    """A batch against the finance system: what was sent, what of it agrees, and by how much the rest differs.
    sent_pence - paid_pence = missing_pence - surplus_pence, to the penny."""

    batch_id: int | None
    lines: int
    sent_pence: int
    paid_pence: int
    missing_pence: int
    surplus_pence: int
    by_outcome: dict[str, int]

    @property
    def agrees(self) -> bool:
        return self.sent_pence == self.paid_pence and set(self.by_outcome) <= {MATCHED, REVERSED}


def agreements(rows: Iterable[Matched]) -> list[Agreement]:
    """One for each batch, the latest first."""
    by_batch: dict[int | None, list[Matched]] = {}
    for row in rows:
        by_batch.setdefault(row.batch_id, []).append(row)
    order = sorted(by_batch, key=lambda number: -1 if number is None else number, reverse=True)
    return [_agreement(number, by_batch[number]) for number in order]


def _agreement(batch_id: int | None, rows: Sequence[Matched]) -> Agreement:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.outcome] = counts.get(row.outcome, 0) + 1
    return Agreement(
        batch_id,
        sum(row.line is not None for row in rows),
        sum(row.sent_pence for row in rows),
        sum(row.paid_pence for row in rows),
        sum(max(0, -row.difference_pence) for row in rows),
        sum(max(0, row.difference_pence) for row in rows),
        counts,
    )
