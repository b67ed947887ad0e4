"""The product's words, and text made safe for Streamlit's markdown."""

import re

from vs_core.rules.words import NOT_YET, change, counted, figure, listed, long_day, pounds, short_day, span

__all__ = ["NOT_YET", "change", "counted", "figure", "listed", "long_day", "plain", "pounds", "short_day", "span"]

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:])")


def plain(text: object) -> str:
    """Text for a label, caption or sentence: shown as it is written, never read as markdown."""
    return _MARKDOWN.sub(r"\\\1", " ".join(str(text).split()))
