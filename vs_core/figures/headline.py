"""One figure as it is read: value, change, denominator and meaning, the same on a page and in every report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from vs_core.figures import measure as measure_of
from vs_core.figures.changes import Changes
from vs_core.rules import words
from vs_core.rules.measure import Measure

SINCE = "in a week"


@dataclass(frozen=True)
class Headline:
    """One figure.

    value: as it is read, None when it is not known (then `caption` says why); change: `+9`, `-0.3 pts` or `0`, with
    `since` such as `in a week`; better: whether a rise is good news (up), bad news (down) or neither; spark: the
    figure's recent course; caption: the denominator and the benchmark; lines: what it is held against, one below the
    other; definition: what the figure means, paragraphs
    with an empty line between.
    """

    key: str
    label: str
    value: str | None
    change: str | None = None
    better: Literal["up", "down"] | None = None
    since: str = ""
    spark: tuple[float, ...] = ()
    caption: str = ""
    definition: str = ""
    lines: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """The subject of its key: `attendance` of `attendance.persistently_absent`."""
        return self.key.partition(".")[0]


def of_measure(
    measure: Measure,
    value: float | int | bool | str | None,
    before: float | int | None = None,
    *,
    note: str = "",
    label: str = "",
    since: str = "",
    spark: Sequence[float] = (),
    caption: str = "",
) -> Headline:
    """The figure of a measure. `note` is the sentence of a figure that is not known; `before` the one compared with."""
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    return Headline(
        key=measure.name,
        label=label or measure.label,
        value=words.figure(value, measure.unit),
        change=words.change(number, before, measure.unit),
        better=measure.better,
        since=since,
        spark=tuple(spark),
        caption=note or caption,
        definition=definition(measure),
    )


def of_change(
    compared: Changes, key: str, *, label: str = "", caption: str = "", spark: Sequence[float] = ()
) -> Headline:
    """A figure with its change since last week."""
    now = compared.now
    return of_measure(
        measure_of(now.subject, key),
        now.figures[key],
        compared.before.figures.get(key) if compared.before else None,
        note=now.notes.get(key, ""),
        label=label,
        since=SINCE,
        caption=caption,
        spark=spark,
    )


def definition(measure: Measure, *more: str) -> str:
    """Meaning, rule and source of a measure, then what else is to be said, in paragraphs."""
    return "\n\n".join((measure.meaning, measure.rule, f"Source: {measure.source}", *more))
