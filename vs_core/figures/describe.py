"""Figures as JSON, and what they mean."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from vs_core.figures.subject import SubjectFigures
from vs_core.rules.frame import Frame
from vs_core.rules.measures import MEASURES


def as_json(subjects: Iterable[SubjectFigures]) -> dict[str, Any]:
    """`frame`, one object a subject, and `notes`: a sentence by `subject.key` for each figure that is not known.

    The frame's `from` and `to` are those of each subject where they differ (the financial year of `pp-plus`)."""
    listed = list(subjects)
    notes = {f"{each.subject}.{key}": sentence for each in listed for key, sentence in each.notes.items()}
    figures = {each.subject: each.figures for each in listed}
    return {"frame": _frames(listed), **figures, "notes": notes}


def _frames(listed: list[SubjectFigures]) -> dict[str, Any]:
    if not listed:
        return {}
    usual = next((each.frame for each in listed if each.subject != "pp-plus"), listed[0].frame)
    others = {each.subject: _period(each.frame) for each in listed if each.frame != usual}
    common = {
        "as_at": usual.as_at.isoformat(),
        "known_on": usual.known_on.isoformat() if usual.known_on else None,
        **_period(usual),
        "cohort": usual.cohort,
        "while_in_care": usual.while_in_care,
    }
    return common | ({"periods": others} if others else {})


def _period(frame: Frame) -> dict[str, str]:
    return {"from": frame.start.isoformat(), "to": frame.end.isoformat()}


def describe() -> list[tuple[str, str, str, str]]:
    """Every figure: key (`subject.key`), meaning, rule and source, in the order of the pages."""
    return [(name, each.meaning, each.rule, each.source) for name, each in MEASURES.items()]
