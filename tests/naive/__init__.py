"""A second opinion on every figure: plain Python over plain rows, sharing nothing with the product."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from . import attendance, cohort, exclusions, heatmaps, pep, post_16, pp_plus, projects, provision, training
from .deliveries import Delivery
from .replay import replay
from .setting import Setting

SUBJECTS: dict[str, Callable[[Setting], dict[str, Any]]] = {
    "cohort": cohort.figures,
    "attendance": attendance.figures,
    "exclusions": exclusions.figures,
    "pp-plus": pp_plus.figures,
    "training": training.figures,
    "projects": projects.figures,
    "pep": pep.figures,
    "provision": provision.figures,
    "post-16": post_16.figures,
}


def figures(
    deliveries: Iterable[Delivery],
    subject: str,
    as_at: date,
    known_on: date | None,
    start: date,
    end: date,
    cohort: str = "in care",
    while_in_care: bool = False,
    *,
    reference: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The subject's figures by the contract's keys, money in pence, percentages 0-100, None where no source arrived.

    reference: `projects` (name -> (year groups, minutes a week or None, cohorts)), `top_slice_percent`,
    `terms` (calendar rows held before any delivery).
    """
    return SUBJECTS[subject](_setting(deliveries, as_at, known_on, start, end, cohort, while_in_care, reference))


def cells(
    deliveries: Iterable[Delivery],
    as_at: date,
    known_on: date | None,
    start: date,
    end: date,
    cohort: str = "in care",
    while_in_care: bool = False,
) -> dict[str, dict[Any, heatmaps.Counts]]:
    """The cells of heatmaps of attendance (`heatmaps.cells`)."""
    return heatmaps.cells(_setting(deliveries, as_at, known_on, start, end, cohort, while_in_care, None))


def _setting(
    deliveries: Iterable[Delivery],
    as_at: date,
    known_on: date | None,
    start: date,
    end: date,
    cohort: str,
    while_in_care: bool,
    reference: dict[str, Any] | None,
) -> Setting:
    known = replay(deliveries, date.max - timedelta(days=1) if known_on is None else known_on)
    return Setting(known, as_at, start, min(end, as_at), cohort, while_in_care, reference or {})


__all__ = ["SUBJECTS", "Delivery", "cells", "figures", "replay"]
