"""The product's words, and text made safe for Streamlit's markdown."""

import re
from datetime import date, datetime, time

from vs_core.rules.words import (
    ENGLAND,
    NOT_YET,
    change,
    counted,
    figure,
    listed,
    long_day,
    moment,
    pounds,
    short_day,
    span,
)

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

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:])")


def plain(text: object) -> str:
    """Text for a label, caption or sentence: shown as it is written, never read as markdown."""
    return _MARKDOWN.sub(r"\\\1", " ".join(str(text).split()))


def begins(day: date) -> datetime:
    """The moment at which a day begins in England."""
    return datetime.combine(day, time(), ENGLAND)
