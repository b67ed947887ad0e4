"""Register codes that do not agree with what else is known, as work: one row a child, school and spell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import children, fetch, registers
from vs_core.queries import exclusions, triage
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules import reconciling_marks as rules
from vs_core.rules.dated import Thresholds
from vs_core.rules.exclusions import PERMANENT, SUSPENSION
from vs_core.rules.frame import Frame
from vs_core.rules.reconciling_marks import CODES, KINDS, Coded, Notice, Span, Spell
from vs_core.rules.school_diary import Diary

A_YEAR = timedelta(days=365)
"""How far before the period a notice may have begun that still covers one of its days."""


def reconciliations(
    connection: Connection,
    as_at: date,
    known_on: date | None,
    scope: Scope = EVERYTHING,
    authority: str = "",
    cohort: str = "in care",
) -> pd.DataFrame:
    """One row a spell of half days, of the academic year so far and children of the cohort in it, in the order of
    `rules.reconciling_marks.KINDS`, the most sessions first: `kind` (its key), `title`, `first_on`, `last_on`,
    `sessions`, `school` and `urn` (of the register), `to_do`, and the child's `figures.children.details`. Restricted
    children are among them, with `is_listed` false and no school for who may not be shown them."""
    frame = Frame.for_subject("attendance", as_at, known_on, cohort=cohort)
    reader = _Reader(
        connection, frame, replace(scope, restricted=True), registers.diary(connection, known_on, authority)
    )
    found = reader.found(fetch.thresholds(connection))
    rows = pd.DataFrame([_row(key, spell) for key, own in found.items() for spell in own], columns=list(_COLUMNS))
    known = children.details(connection, frame, scope, {int(key) for key in rows["child_key"]})
    named = rows.assign(school=rows["urn"].map(reader.names))
    every = children.with_identity(named.astype({"child_key": known["child_key"].dtype}), known)
    hidden = ~every["is_listed"].eq(True)
    return every.assign(**{name: every[name].astype(object).mask(hidden, None) for name in ("school", "urn")})


_COLUMNS = ("kind", "title", "child_key", "urn", "first_on", "last_on", "sessions", "to_do")


def _row(key: str, spell: Spell) -> dict[str, Any]:
    kind = rules.of_key(key)
    return {"kind": key, "title": kind.title, "to_do": kind.to_do, **spell._asdict()}


def counts(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a kind, in order, those without any too: `kind`, `title`, `to_do`, `children`, `sessions`."""
    found = rows.groupby("kind").agg(children=("child_key", "nunique"), sessions=("sessions", "sum"))
    every = pd.DataFrame([{"kind": each.key, "title": each.title, "to_do": each.to_do} for each in KINDS])
    return every.join(found.reindex(every["kind"], fill_value=0).astype("int64").reset_index(drop=True))


@dataclass(frozen=True)
class _Reader:
    """Reads with the schools of restricted children, whose days count whoever looks. names: of the schools that were
    read of, by URN."""

    connection: Connection
    frame: Frame
    scope: Scope
    diary: Diary
    names: dict[str, str] = field(default_factory=dict)

    def found(self, thresholds: Thresholds) -> Mapping[str, Sequence[Spell]]:
        """The spells of each kind, in the order of KINDS."""
        coded, notices = self._coded(), self._notices()
        of_codes = {kind.key: [mark for mark in coded if mark.code in kind.codes] for kind in KINDS}
        limit = thresholds.whole("no_reason_code_school_days", self.frame.as_at)
        covering = [rules.days_of_notice(each, self.diary) for each in notices]
        kept = {
            rules.E_WITHOUT_SUSPENSION: rules.not_covered(of_codes[rules.E_WITHOUT_SUSPENSION], covering),
            rules.Y5_WITHOUT_CUSTODY: rules.not_covered(of_codes[rules.Y5_WITHOUT_CUSTODY], self._custodies()),
            rules.OFF_SITE_WITHOUT_PROVIDER: rules.not_covered(
                of_codes[rules.OFF_SITE_WITHOUT_PROVIDER], self._provision()
            ),
            rules.D_WITHOUT_REGISTER: rules.nowhere_else(of_codes[rules.D_WITHOUT_REGISTER]),
            rules.N_OVERDUE: rules.overdue(of_codes[rules.N_OVERDUE], self.frame.as_at, self.diary, limit),
        }
        spells = {key: rules.spells(marks) for key, marks in kept.items()}
        spells[rules.SUSPENSION_WITHOUT_E] = self._unmarked(notices)
        return {kind.key: sorted(spells[kind.key], key=_most_first) for kind in KINDS}

    def _coded(self) -> list[Coded]:
        found = self.connection.execute(triage.days_with_codes(self.frame, sorted(CODES), self.scope)).all()
        self.names.update({row.urn: row.school for row in found if row.school})
        return [
            Coded(row.child_key, row.day, half, code, row.urn or "", bool(elsewhere))
            for row in found
            for half, (code, elsewhere) in enumerate(((row.am, row.am_elsewhere), (row.pm, row.pm_elsewhere)))
            if code in CODES
        ]

    def _notices(self) -> list[Notice]:
        since = replace(self.frame, start=self.frame.start - A_YEAR)
        found = self.connection.execute(exclusions.notices(since, self.scope)).all()
        self.names.update({row.urn: row.school for row in found if row.school})
        return [
            Notice(row.child_key, row.urn or "", row.category, row.start_date, row.end_date, row.sessions,
                   row.start_session == "PM")
            for row in found
            if row.category in (SUSPENSION, PERMANENT) and row.status != "withdrawn"
        ]  # fmt: skip

    def _custodies(self) -> Iterable[Span]:
        found = self.connection.execute(triage.custodies(self.frame.known_on, self.scope)).all()
        return [Span(row.child_key, row.started_on, row.ended_on) for row in found]

    def _provision(self) -> Iterable[Span]:
        found = self.connection.execute(triage.named_provision(self.frame.known_on, self.scope)).all()
        return [Span(row.child_key, row.started_on, row.ended_on) for row in found]

    def _unmarked(self, notices: Iterable[Notice]) -> list[Spell]:
        """Suspensions of the period on whose days marks came and none of them is an E; `sessions`: those marks."""
        own = [each for each in rules.suspensions(notices) if each.first >= self.frame.start]
        ends = [min(rules.days_of_notice(each, self.diary).last or self.frame.as_at, self.frame.as_at) for each in own]
        windows = [
            (place, each.child_key, each.first, end) for place, (each, end) in enumerate(zip(own, ends, strict=True))
        ]
        found = {}
        for first in range(0, len(windows), triage.MOST_WINDOWS):
            part = windows[first : first + triage.MOST_WINDOWS]
            for row in self.connection.execute(triage.sessions_in(part, self.frame.known_on, self.scope)).all():
                found[row.place] = (row.possible_sessions + row.not_possible_sessions, row.suspended_sessions)
        return [
            Spell(own[place].child_key, own[place].urn, own[place].first, ends[place], marks)
            for place, (marks, suspended) in sorted(found.items())
            if marks and not suspended
        ]


def _most_first(spell: Spell) -> tuple[int, date, int, str]:
    return -spell.sessions, spell.first_on, spell.child_key, spell.urn
