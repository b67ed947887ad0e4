"""What can be paid and what stands in batches, read whole: what a page shows of it is what a change is made against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import Connection

from vs_core.access.viewer import Scope, Viewer
from vs_core.casework import pp_refusals
from vs_core.queries import children, payments
from vs_core.rules.payables import Line, Payable, by_request
from vs_core.rules.payment_checks import Around, Finding, Row, finding_key, findings, rows_of
from vs_core.rules.payment_matching import Answer, Matched, matched

T = TypeVar("T")


@dataclass(frozen=True)
class Agreed:
    """Somebody has looked at a finding and pays all the same."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Book:
    """payables: approved requests that are due or were ever in a batch; lines: of every batch; answers: of the finance
    system; agreed: by `Finding.key`; on: the day. authority: whose schools are paid without an invoice."""

    payables: tuple[Payable, ...]
    lines: tuple[Line, ...]
    answers: tuple[Answer, ...]
    agreed: Mapping[str, Agreed]
    on: date
    authority: str

    @cached_property
    def of_request(self) -> dict[str, Payable]:
        return {each.request_id: each for each in self.payables}

    @cached_property
    def lines_of_request(self) -> dict[str, list[Line]]:
        return by_request(self.lines)

    @cached_property
    def answers_of_request(self) -> dict[str, list[Answer]]:
        found: dict[str, list[Answer]] = {}
        for each in self.answers:
            found.setdefault(each.request_id or "", []).append(each)
        return found

    @cached_property
    def matched(self) -> list[Matched]:
        return matched(self.lines, self.answers)

    def batch(self, batch_id: int) -> list[Line]:
        """The lines of a batch, those that were taken out too."""
        return [line for line in self.lines if line.batch_id == batch_id]

    def held(self, batch_id: int) -> list[Line]:
        """The lines that a batch holds."""
        return [line for line in self.batch(batch_id) if line.taken_out_at is None]

    def findings(self, batch_id: int, payer: tuple[str, ...] = ()) -> list[Finding]:
        """What is found of a batch. payer: the names of who would release it."""
        return findings(rows_of(batch_id, self.lines, self.of_request), self.around(payer))

    def around(self, payer: tuple[str, ...] = ()) -> Around:
        return Around(self.lines, self.payables, self.on, payer)


@dataclass(frozen=True)
class Choice:
    """What a batch is built of. restricted: of children whose whereabouts are restricted, who have batches of their
    own."""

    term: str
    fund: str
    restricted: bool = False


@dataclass(frozen=True)
class Outlook:
    """What a batch would hold. rows: its lines, by school; left_out: what is approved and would not be in it, with why;
    found: what somebody would have to agree to; unlisted: how many are not for this viewer."""

    rows: tuple[Row, ...]
    left_out: tuple[tuple[Payable, str], ...]
    found: tuple[Finding, ...]
    unlisted: int = 0
    total_pence: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "total_pence", sum(row.amount_pence for row in self.rows))


def read(connection: Connection, scope: Scope, on: date, authority: str, *, answered: bool = True) -> Book:
    """What is known now. answered: with what the finance system said."""
    refused = pp_refusals.refusals(connection, on, scope)
    born = {row.child_key: row.born_on for row in connection.execute(children.births(None, scope))}
    care: dict[int, list[tuple[date, date | None]]] = {}
    for row in connection.execute(payments.days_in_care(None, scope)):
        care.setdefault(row.child_key, []).append((row.started_on, row.ended_on))
    found = tuple(
        replace(
            each,
            born_on=born.get(each.child_key),
            care=tuple(care.get(each.child_key, ())),
            refused=refused.get(each.request_id, ""),
        )
        for each in _made(Payable, connection, payments.payable(None, scope))
    )
    lines = tuple(_made(Line, connection, payments.lines(None, scope)))
    answers = tuple(_made(Answer, connection, payments.answers(None, scope))) if answered else ()
    return Book(found, lines, answers, _agreed(connection, scope), on, authority)


def _agreed(connection: Connection, scope: Scope) -> dict[str, Agreed]:
    rows = connection.execute(payments.agreed(scope)).all()
    return {finding_key(row.rule, row.line_id): Agreed(row.reason, row.by, row.at) for row in rows if row.is_listed}


def _made(of: type[T], connection: Connection, query: Any) -> list[T]:
    names = {each.name for each in fields(of)}  # type: ignore[arg-type]
    rows = connection.execute(query).mappings()
    return [of(**{name: row[name] for name in row if name in names}) for row in rows]


def names_of(viewer: Viewer) -> tuple[str, ...]:
    """What a person may be called where it stands who decided."""
    return (viewer.name, viewer.display_name)


def outlook(book: Book, choice: Choice, viewer: Viewer) -> Outlook:
    """What a batch of a choice would hold if this person built it now."""
    due = [each for each in book.payables if _is_chosen(book, each, choice)]
    listed = sorted((each for each in due if each.is_listed), key=lambda of: (of.place, of.urn or "", of.request_id))
    rows = [Row(0, each, _due(book, each)) for each in listed]
    why = {each.request_id: WAITS[wait] for each in listed if (wait := each.waits_for(book.authority))}
    for stop in reversed([each for each in _found(book, rows, viewer) if each.stops]):
        why[stop.row.payable.request_id] = stop.said[:1].upper() + stop.said[1:]
    kept = [row for row in rows if row.payable.request_id not in why]
    numbered = [replace(row, number=number) for number, row in enumerate(kept, start=1)]
    left = [(each, why[each.request_id]) for each in listed if each.request_id in why]
    return Outlook(tuple(numbered), tuple(left), tuple(_found(book, numbered, viewer)), len(due) - len(listed))


WAITS = {
    "vendor": "No vendor number is known for the school: it has to be set up.",
    "invoice": "The school is paid against an invoice, and none has come.",
}


def _found(book: Book, rows: Sequence[Row], viewer: Viewer) -> list[Finding]:
    return findings(rows, book.around(names_of(viewer)))


def _due(book: Book, of: Payable) -> int:
    own = book.lines_of_request.get(of.request_id, [])
    return of.due_pence(sum(line.amount_pence for line in own if line.reversed_at is not None))


def _is_chosen(book: Book, of: Payable, choice: Choice) -> bool:
    is_own = of.term == choice.term and of.of_fund == choice.fund
    is_own = is_own and (of.restricted == choice.restricted or not of.is_listed)
    held = any(line.holds for line in book.lines_of_request.get(of.request_id, []))
    return is_own and not held and _due(book, of) > 0


def open_choices(book: Book) -> dict[Choice, int]:
    """What batches could be built of now, with how many approved requests each has."""
    found: dict[Choice, int] = {}
    for each in book.payables:
        if each.is_listed and each.term:
            choice = Choice(each.term, each.of_fund, each.restricted)
            if _is_chosen(book, each, choice):
                found[choice] = found.get(choice, 0) + 1
    return found


def open_findings(book: Book, found: Sequence[Finding]) -> list[Finding]:
    """The findings with which a batch cannot be released: those that stop, and those that nobody has agreed to."""
    return [each for each in found if each.stops or each.key not in book.agreed]
