"""The product's words, and text made safe for Streamlit's markdown."""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from vs_core.rules.words import NOT_YET, change, counted, figure, listed, long_day, pounds, short_day, span

__all__ = [
    "ENGLAND",
    "NOT_YET",
    "begins",
    "change",
    "counted",
    "figure",
    "listed",
    "long_day",
    "moment",
    "plain",
    "pounds",
    "short_day",
    "span",
]

ENGLAND = ZoneInfo("Europe/London")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:])")


def plain(text: object) -> str:
    """Text for a label, caption or sentence: shown as it is written, never read as markdown."""
    return _MARKDOWN.sub(r"\\\1", " ".join(str(text).split()))


def moment(at: datetime, *, seconds: bool = False) -> str:
    """`20 Nov 2026, 09:15` on the clock of England; with `seconds` `09:15:07`."""
    here = at.astimezone(ENGLAND)
    return f"{long_day(here)}, {here:%H:%M:%S}" if seconds else f"{long_day(here)}, {here:%H:%M}"


def begins(day: date) -> datetime:
    """The moment at which a day begins in England."""
    return datetime.combine(day, time(), ENGLAND)
