"""What is looked at before money leaves: each finding is a sentence that names the line and the rule.

A finding that stops has to be put right, or its line taken out; another is agreed to by a person, with a reason. Who
may be paid, for whom and how much is the authority's policy (`Payable.refused`); what is here holds for any policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from vs_core.rules.frame import financial_year_of_label
from vs_core.rules.payables import Line, Payable, by_request, is_decider, label, reversed_pence
from vs_core.rules.pp_plus import APPROVED_STATES, FUND, pounds
from vs_core.rules.words import long_day

YOUNGEST, OLDEST = 4, 15
"""Age on the 31 August within the financial year: Reception to Year 11."""


@dataclass(frozen=True)
class Rule:
    """name: as a person calls it; stops: whether the line cannot be released with it."""

    name: str
    stops: bool


APPROVED, AMOUNT, PAID, TWICE = "approved", "amount", "paid", "in another batch"
CLOSED, NOT_IN_CARE, LEFT, AGE = "school closed", "not in care", "left care", "age"
NEW_VENDOR, BANK, ALIKE, POLICY, DECIDER = "vendor", "bank reference", "alike", "policy", "decider"
YEAR, CHANGED = "year is over", "changed"
RULES: Mapping[str, Rule] = {
    APPROVED: Rule("Only what is approved is paid", True),
    AMOUNT: Rule("What is paid is what is approved", True),
    PAID: Rule("Nothing is paid twice", True),
    CHANGED: Rule("A batch pays as it was built", True),
    TWICE: Rule("A request stands in one batch", True),
    POLICY: Rule("The authority's policy", True),
    DECIDER: Rule("Who approves does not pay", True),
    CLOSED: Rule("No payment to a closed school", True),
    NOT_IN_CARE: Rule("Looked after on at least one day of the financial year", True),
    AGE: Rule("Reception to Year 11", True),
    YEAR: Rule("Money of a financial year that is over", False),
    LEFT: Rule("A child who has left care", False),
    NEW_VENDOR: Rule("Another vendor than at the last payment", False),
    BANK: Rule("Another bank reference than at the last payment", False),
    ALIKE: Rule("The same child, intervention and amount", False),
}
"""In the order in which findings are listed."""


@dataclass(frozen=True)
class Row:
    """What is to be paid: a request, as a line of a batch or before it is one (`line` None). number: its place in the
    batch."""

    number: int
    payable: Payable
    amount_pence: int
    line: Line | None = None


@dataclass(frozen=True)
class Finding:
    """rule: key of RULES; row: what it is about; said: the sentence."""

    rule: str
    row: Row
    said: str

    @property
    def stops(self) -> bool:
        return RULES[self.rule].stops

    @property
    def key(self) -> str:
        """What it is agreed to by: the rule and the number of the line."""
        return finding_key(self.rule, self.row.line.line_id if self.row.line else 0)

    @property
    def sentence(self) -> str:
        """`Line 3, R10007, Hill School: the school closed on 31 Aug 2026. (No payment to a closed school.)`"""
        of = self.row.payable
        return f"Line {self.row.number}, {of.request_id}, {of.place}: {self.said} ({RULES[self.rule].name}.)"


def finding_key(rule: str, line_id: int) -> str:
    """What a finding about a line is known by."""
    return f"{rule}: {line_id}"


@dataclass(frozen=True)
class Around:
    """What rows are held against: every line that there is, every request that can be read, the day, and the names of
    who would pay (empty: not asked)."""

    lines: Sequence[Line]
    payables: Sequence[Payable]
    on: date
    payer: tuple[str, ...] = ()


def rows_of(batch_id: int, lines: Iterable[Line], payables: Mapping[str, Payable]) -> list[Row]:
    """The lines of a batch that were not taken out and may be listed, by their place in it."""
    own = [line for line in lines if line.batch_id == batch_id and line.taken_out_at is None]
    return [
        Row(number, payables[line.request_id], line.amount_pence, line)
        for number, line in enumerate(own, start=1)
        if line.is_listed and line.request_id in payables
    ]


def findings(rows: Sequence[Row], around: Around) -> list[Finding]:
    """Everything found, by rule and line. Rows that may not be listed are nobody's to be told of."""
    lines = by_request(around.lines)
    alike = _alike(around.payables, lines)
    last = _last_bank(around.lines)
    found: list[Finding] = []
    for row in rows:
        if row.payable.is_listed:
            found += [Finding(rule, row, said) for rule, said in _of_row(row, around, lines, alike, last)]
    order = list(RULES)
    return sorted(found, key=lambda each: (order.index(each.rule), each.row.number))


Alike = Mapping[tuple[int, str, int, str], list[Payable]]


def _of_row(
    row: Row, around: Around, lines: Mapping[str, list[Line]], alike: Alike, last: Mapping[int, Line]
) -> Iterator[tuple[str, str]]:
    own = lines.get(row.payable.request_id, [])
    for rule, look in _LOOKS.items():
        said = look(row, around, own)
        if said:
            yield rule, said
    if said := _said_alike(row, alike):
        yield ALIKE, said
    if said := _bank_changed(row, last):
        yield BANK, said


def _not_approved(row: Row, _around: Around, _own: list[Line]) -> str:
    of = row.payable
    return "" if of.status in APPROVED_STATES else f"the request is {of.status} now."


def _another_amount(row: Row, around: Around, own: list[Line]) -> str:
    of = row.payable
    due = of.due_pence(reversed_pence(own))
    if of.status not in APPROVED_STATES or not due or due == row.amount_pence:
        return ""
    return f"{pounds(due)} is due on it and the line says {pounds(row.amount_pence)}."


def _paid(row: Row, _around: Around, own: list[Line]) -> str:
    of = row.payable
    if of.status not in APPROVED_STATES or of.due_pence(reversed_pence(own)):
        return ""
    return f"finance has paid {pounds(of.paid_pence)} of the {pounds(of.approved_pence)} that was approved."


def _changed(row: Row, _around: Around, _own: list[Line]) -> str:
    """Whether the school, or how it is paid, is another than when the batch was built."""
    of, line = row.payable, row.line
    if line is None:
        return ""
    if of.school_key != line.school_key:
        return f"the request names {of.place} now, and the line pays {line.place}."
    if of.pays_to != line.vendor:
        return f"the vendor number is {of.pays_to or 'not known'} now, and the line says {line.vendor}."
    if of.bank_reference != line.bank_reference:
        now, then = (each or "not known" for each in (of.bank_reference, line.bank_reference))
        return f"the bank reference is {now} now, and was {then} when the batch was built."
    return ""


def _in_another(row: Row, _around: Around, own: list[Line]) -> str:
    mine = row.line.line_id if row.line else 0
    other = next((line for line in own if line.holds and line.line_id != mine), None)
    return "" if other is None else f"it is in batch {label(other.batch_id)} already."


def _policy(row: Row, _around: Around, _own: list[Line]) -> str:
    return row.payable.refused


def _decider(row: Row, around: Around, _own: list[Line]) -> str:
    by = row.payable.decided_by
    return f"{by} approved it, so somebody else pays it." if is_decider(by, *around.payer) else ""


def _closed(row: Row, around: Around, _own: list[Line]) -> str:
    of = row.payable
    if of.school_closed_on is not None and of.school_closed_on <= around.on:
        return f"the school closed on {long_day(of.school_closed_on)}."
    is_closed = of.school_closed_on is None and (of.school_status or "").strip().casefold() == "closed"
    return "the school is closed." if is_closed else ""


def _never_in_care(row: Row, _around: Around, _own: list[Line]) -> str:
    of = row.payable
    if of.of_fund != FUND or not of.financial_year or not of.care:
        return ""
    first, last = financial_year_of_label(of.financial_year)
    if any(start <= last and (end is None or end > first) for start, end in of.care):
        return ""
    return f"the child was not looked after on any day of {of.financial_year}."


def _left(row: Row, around: Around, own: list[Line]) -> str:
    of = row.payable
    if not of.care or _never_in_care(row, around, own):
        return ""
    if any(start <= around.on and (end is None or end > around.on) for start, end in of.care):
        return ""
    ends = [end for start, end in of.care if end is not None and end <= around.on]
    return f"the child left care on {long_day(max(ends))}." if ends else ""


def _year_over(row: Row, around: Around, _own: list[Line]) -> str:
    year = row.payable.financial_year
    last = financial_year_of_label(year)[1] if year else None
    return f"{year} ended on {long_day(last)}." if last is not None and last < around.on else ""


def _age(row: Row, _around: Around, _own: list[Line]) -> str:
    of = row.payable
    if of.of_fund != FUND or of.born_on is None or not of.financial_year:
        return ""
    within = date(financial_year_of_label(of.financial_year)[0].year, 8, 31)
    age = within.year - of.born_on.year - ((within.month, within.day) < (of.born_on.month, of.born_on.day))
    if YOUNGEST <= age <= OLDEST:
        return ""
    return f"the child is {'over' if age > OLDEST else 'under'} the age on {long_day(within)}."


def _new_vendor(row: Row, _around: Around, _own: list[Line]) -> str:
    of = row.payable
    vendor = row.line.vendor if row.line else of.pays_to
    if not of.last_vendor or not vendor or vendor == of.last_vendor:
        return ""
    return f"vendor {vendor}, and the last payment to the school went to {of.last_vendor}."


_LOOKS: Mapping[str, Callable[[Row, Around, list[Line]], str]] = {
    APPROVED: _not_approved,
    AMOUNT: _another_amount,
    PAID: _paid,
    CHANGED: _changed,
    TWICE: _in_another,
    POLICY: _policy,
    DECIDER: _decider,
    CLOSED: _closed,
    NOT_IN_CARE: _never_in_care,
    AGE: _age,
    YEAR: _year_over,
    LEFT: _left,
    NEW_VENDOR: _new_vendor,
}


def _last_bank(lines: Iterable[Line]) -> dict[int, Line]:
    """The last released line to each school."""
    return {line.school_key: line for line in lines if line.released_at and line.holds and line.school_key}


def _bank_changed(row: Row, last: Mapping[int, Line]) -> str:
    of = row.payable
    before = last.get(of.school_key or 0)
    now = row.line.bank_reference if row.line else of.bank_reference
    if before is None or before.bank_reference == now or (row.line and before.line_id == row.line.line_id):
        return ""
    told = f"batch {label(before.batch_id)} paid to {before.bank_reference or 'no bank reference'}"
    return f"bank reference {now or 'none'}, and {told}."


def _alike(payables: Sequence[Payable], lines: Mapping[str, list[Line]]) -> Alike:
    """Requests that are paid, in part or in whole, or stand in a batch, by what would make another the same."""
    found: dict[tuple[int, str, int, str], list[Payable]] = {}
    for each in payables:
        taken = each.paid_pence or any(line.holds for line in lines.get(each.request_id, []))
        if each.is_listed and each.intervention and (taken or each.status in APPROVED_STATES):
            found.setdefault(_likeness(each), []).append(each)
    return found


def _likeness(of: Payable) -> tuple[int, str, int, str]:
    what = " ".join((of.intervention or "").split()).casefold()
    return of.child_key, what, of.approved_pence, of.financial_year


def _said_alike(row: Row, alike: Alike) -> str:
    others = [each for each in alike.get(_likeness(row.payable), []) if each.request_id != row.payable.request_id]
    if not others:
        return ""
    other = others[0]
    return f"{other.request_id} of {other.term or 'the same year'} buys the same for the same child at the same amount."
