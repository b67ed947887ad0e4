"""What the board pack is made of: each subject's figures of the year so far, and which of them may be published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from vs_core import figures
from vs_core.figures import SubjectFigures, attendance, benchmarks, fetch, week
from vs_core.figures.benchmarks import Published
from vs_core.queries import reference
from vs_core.reports.arrivals import arrived_on
from vs_core.reports.asked import Asked
from vs_core.reports.board_counts import Safe, reasons_together, safe
from vs_core.reports.reader import MONEY
from vs_core.rules import attendance_course, words
from vs_core.rules.dated import Thresholds
from vs_core.rules.frame import Frame
from vs_core.rules.school_weeks import a_year_before
from vs_core.rules.suppression import SUPPRESSED, is_small

SUBJECTS = ("cohort", "attendance", "exclusions", "pep", "provision", "post-16", MONEY)


@dataclass(frozen=True)
class Board:
    """of: figures by subject; counts: those that may be shown; reasons: rows of `board_counts.reasons_together`;
    weekly: attendance by week without weeks of few children; last_year: attendance percent of the same period of
    last year (`rules.school_weeks`), None where it is not known or of few children; arrived_on: the newest
    file of each subject."""

    asked: Asked
    of: Mapping[str, SubjectFigures]
    counts: Safe
    reasons: pd.DataFrame
    weekly: pd.DataFrame
    last_year: float | None
    published: list[Published]
    arrived_on: Mapping[str, date | None]

    @property
    def is_empty(self) -> bool:
        """Whether no child is known."""
        return self.of["cohort"].rows["roll"].empty

    def count(self, name: str) -> str:
        """`1,100`; `c` where hidden; `not yet` where its data has not arrived."""
        if not self.counts.known(name):
            return words.NOT_YET
        number = self.counts.counts[name]
        return SUPPRESSED if number is None else f"{number:,}"

    def percent(self, part: str, whole: str) -> str:
        """`16.6%`; `c` where hidden; `none` of nothing; `not yet` where its data has not arrived."""
        if not self.counts.known(part) or not self.counts.known(whole):
            return words.NOT_YET
        if not self.counts.exact[whole]:
            return "none"
        return words.figure(self.counts.percent(part, whole), "percent") or SUPPRESSED

    def amount(self, subject: str, key: str, of_children: str) -> str:
        """A figure that is no count of children, hidden where the count named is."""
        value = self.of[subject].figures.get(key)
        if value is None:
            return words.NOT_YET
        if self.counts.is_hidden(of_children):
            return SUPPRESSED
        return words.figure(value, figures.measure(subject, key).unit) or words.NOT_YET


def board(connection: Connection, asked: Asked) -> Board:
    """The figures of a day, each over its usual period: the academic year so far, for money the financial year."""
    wanted = [subject for subject in SUBJECTS if subject != MONEY or asked.reader.sees_money]
    frames = {subject: asked.frame(subject) for subject in wanted}
    scope = asked.reader.scope
    of = {subject: figures.compute(connection, subject, frame, scope) for subject, frame in frames.items()}
    limits = fetch.thresholds(connection)
    reasons = reasons_together(of["exclusions"], limits, _meanings(connection))
    own = frames["attendance"]
    weeks = attendance_course.by_week(attendance.weeks_by_child(connection, own, scope))
    return Board(
        asked,
        of,
        safe(of, limits, reasons),
        reasons,
        weeks[~weeks["children"].map(lambda count: _is_few(int(count), limits, asked)).astype(bool)],
        _last_year(connection, own, limits, asked),
        benchmarks.published(connection, own.cohort, asked.authority or None, asked.known_on),
        {subject: arrived_on(connection, subject, frame) for subject, frame in frames.items()},
    )


def _last_year(connection: Connection, own: Frame, limits: Thresholds, asked: Asked) -> float | None:
    then = a_year_before(own, week.half_terms(connection, asked.authority))
    before = figures.compute(connection, "attendance", then, asked.reader.scope).figures
    few = _is_few(before["children"] or 0, limits, asked)
    return None if before["attendance_percent"] is None or few else float(before["attendance_percent"])


def _is_few(count: int, limits: Thresholds, asked: Asked) -> bool:
    return is_small(count, *(limits.whole(name, asked.as_at) for name in ("suppress_from", "suppress_to")))


def _meanings(connection: Connection) -> dict[str, str]:
    return {row.code: row.meaning for row in connection.execute(reference.suspension_reasons())}
