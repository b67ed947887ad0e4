"""How fresh and how complete each subject's data is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import children, kinds_of, registers
from vs_core.figures.registers import Due
from vs_core.queries import knowledge, latest, rejected
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules import words
from vs_core.rules.expected_marks import HALVES_A_DAY
from vs_core.rules.frame import Frame


@dataclass(frozen=True)
class Freshness:
    """last_kind, known_on, imported_at, imported_by: the latest delivery (None: none); last_on: the last day that the
    data speaks of; missing: kinds of which nothing has arrived; waiting: refused rows that wait for a person."""

    subject: str
    last_kind: str | None
    known_on: date | None
    imported_at: datetime | None
    imported_by: str | None
    last_on: date | None
    missing: tuple[str, ...]
    waiting: int


@dataclass(frozen=True)
class Coverage:
    """Half days with a mark out of those that children of statutory school age on a roll should have; None, with
    `why_not`, where that cannot be said. left_out: pupils in neither number; why_left_out: the sentences."""

    received: int | None
    expected: int | None
    why_not: str = ""
    left_out: int = 0
    why_left_out: tuple[str, ...] = ()

    @property
    def percent(self) -> float | None:
        return self.received * 100 / self.expected if self.expected and self.received is not None else None

    @property
    def without(self) -> str:
        """`2 pupils left out (the term dates of Kent for 2024/25 are not loaded)`; empty when nobody is."""
        if not self.left_out:
            return ""
        why = " ".join(each[:1].lower() + each[1:] for each in self.why_left_out)
        return f"{words.counted(self.left_out, 'pupil')} left out ({why.rstrip('.')})"


def freshness(connection: Connection, subject: str, frame: Frame) -> Freshness:
    """The freshness of a subject in a frame."""
    kinds = kinds_of(subject, frame.cohort)
    arrived = {row.kind for row in connection.execute(knowledge.arrived(kinds, frame.known_on))} if kinds else set()
    last = connection.execute(knowledge.deliveries(kinds, frame.known_on).limit(1)).first() if kinds else None
    waiting = connection.execute(rejected.waiting(kinds)).all() if kinds else []
    return Freshness(
        subject,
        last.kind if last else None,
        last.known_on if last else None,
        last.imported_at if last else None,
        last.imported_by if last else None,
        connection.execute(latest.last_day(subject, frame.as_at, frame.known_on)).scalar(),
        tuple(kind for kind in kinds if kind not in arrived),
        sum(row.rows for row in waiting),
    )


def coverage(connection: Connection, frame: Frame, authority: str, scope: Scope = EVERYTHING) -> Coverage:
    """Marks received of marks expected in the period (`registers.due`): of each half day of a pupil one, from whichever
    register it came. Pupils whose school's term dates are not loaded are in neither.

    authority: as in `registers.due`."""
    return in_all(registers.due(connection, frame, authority, scope))


def in_all(due: Due) -> Coverage:
    """What was due, added up."""
    reasons = tuple(sorted(set(due.left_out.values())))
    if due.rows.empty and reasons:
        return Coverage(None, None, " ".join(reasons), len(due.left_out), reasons)
    if due.rows.empty:
        return Coverage(None, None, "No child of statutory school age had a school day on a roll.")
    received, expected = int(due.rows["received"].sum()), HALVES_A_DAY * len(due.rows)
    return Coverage(received, expected, "", len(due.left_out), reasons)


def missing_registers(
    connection: Connection, frame: Frame, authority: str, scope: Scope = EVERYTHING
) -> tuple[Coverage, pd.DataFrame]:
    """The coverage of the period, and the pupils of schools from which no register came: `figures.children.details` as
    the viewer may see them, and `school_number`, which tells their schools apart. Restricted children are among them
    only for who may know where they are: beside the pupils of a single school nobody would have to be told."""
    due = registers.due(connection, frame, authority, scope)
    missing = without_register(due.rows)
    numbers = dict(zip(missing["child_key"], pd.factorize(missing["urn"])[0], strict=True))
    shown = children.details(connection, frame, scope, [int(key) for key in numbers])
    return in_all(due), shown.assign(school_number=shown["child_key"].map(numbers))


def without_register(rows: pd.DataFrame) -> pd.DataFrame:
    """Of the rows of `registers.due` the pupils (`child_key`, `urn`) of schools from whose register not one half day
    that was due has come."""
    came = rows.groupby("urn")["from_school"].transform("sum")
    return rows.loc[came == 0, ["child_key", "urn"]].drop_duplicates(ignore_index=True)
