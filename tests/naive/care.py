"""Time in care from episodes."""

from dataclasses import dataclass
from datetime import date

from .deliveries import Row, day

SHORT_BREAKS = ("V3", "V4")


@dataclass(frozen=True)
class CareSpan:
    """From `start` up to, not including, `end` (None: still open)."""

    start: date
    end: date | None
    short_break: bool


def care_spans(episodes: list[Row]) -> list[CareSpan]:
    """Stretches of days between any two changes; of the episodes that cover one, the last to start governs it.

    An episode covers the days from DECOM up to, not including, DEC: one that ends on or before its start covers none.
    """
    dated = [(day(row["DECOM"]), day(row.get("DEC")), row.get("LS", "").strip()) for row in episodes]
    covers = [(start, end, status) for start, end, status in dated if start and (end is None or end > start)]
    changes = sorted({start for start, _, _ in covers} | {end for _, end, _ in covers if end})
    spans = []
    for number, start in enumerate(changes):
        holding = [(begun, status) for begun, end, status in covers if begun <= start and (end is None or end > start)]
        if holding:
            until = changes[number + 1] if number + 1 < len(changes) else None
            spans.append(CareSpan(start, until, max(holding)[1] in SHORT_BREAKS))
    return spans


def on_a_day(span: CareSpan, on: date) -> bool:
    return span.start <= on and (span.end is None or on < span.end)


def touches(span: CareSpan, start: date, end: date) -> bool:
    """Whether the span holds at least one day from start to end, both included."""
    if start > end:
        return False
    return span.start <= end and (span.end is None or span.end > start)


def spells(spans: list[CareSpan]) -> list[tuple[date, date | None]]:
    """Unbroken time in care, short breaks left out: spans joined where one starts by the other's end."""
    joined: list[tuple[date, date | None]] = []
    for span in sorted((span for span in spans if not span.short_break), key=lambda span: span.start):
        if joined and joined[-1][1] is not None and joined[-1][1] >= span.start:
            joined[-1] = (joined[-1][0], span.end)
        else:
            joined.append((span.start, span.end))
    return joined
