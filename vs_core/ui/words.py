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

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")
_FOUND_LATER = re.compile(
    r"(?<=:)(?!\d\d:)(?=[\w+-]+:|material/|www)|(?<=http)(?=s?://)|(?<=ww)(?=w\.)|(?<=@)(?=[-\w])"
    r"|(?<=<)(?=[-=])|(?<=-)(?=[->])|(?<=[>~])(?==)",
    re.IGNORECASE,
)
_NOTHING = ":small[]"
"""Drawn as nothing."""


def plain(text: object) -> str:
    """Text for a label, caption or sentence: shown as it is written, never read as markdown.

    Streamlit looks for icons, emoji, web and mail addresses and arrows once more after the markdown has been read,
    when an escaped sign is a sign like any other: there the text is parted."""
    parts = _FOUND_LATER.split(" ".join(str(text).split()))
    return _NOTHING.join(_MARKDOWN.sub(r"\\\1", part) for part in parts)


def begins(day: date) -> datetime:
    """The moment at which a day begins in England."""
    return datetime.combine(day, time(), ENGLAND)
