"""What puts a child on the worklist and how much it weighs: settings (`data/reference/thresholds.csv`, `triage_`)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from vs_core.rules.dated import Thresholds

PREFIX = "triage_"


@dataclass(frozen=True)
class Limits:
    """The settings of a day, each by its name there without the prefix.

    From how much on something counts: `falling_points` (percentage points), `run_sessions`, `unexplained_sessions`,
    `new_school_days` (a crossing is new), `no_mark_school_days`, `no_contact_school_days`, `lift_from_points` (needs
    that weigh less are not lifted when nobody acts), `wake_from_points` (what is newer than a snooze brings the child
    back); `most_points`: what a part that grows weighs at most; `most_points_provisional`: what persistent and severe
    absence weigh at most under `provisional_possible_sessions`, which is the setting of that name, of every page;
    weights in points, those of `falling_point`, `run_session` and `unexplained_session` for each."""

    falling_points: int
    run_sessions: int
    unexplained_sessions: int
    new_school_days: int
    no_mark_school_days: int
    no_contact_school_days: int
    lift_from_points: int
    most_points: int
    most_points_provisional: int
    wake_from_points: int
    weight_custody: int
    weight_newly_severe: int
    weight_not_on_roll: int
    weight_suspended: int
    weight_no_mark: int
    weight_severe: int
    weight_newly_persistent: int
    weight_review_overdue: int
    weight_persistent: int
    weight_absent_today: int
    weight_no_contact: int
    weight_no_action: int
    weight_action_overdue: int
    weight_woken: int
    weight_falling_point: int
    weight_run_session: int
    weight_unexplained_session: int
    provisional_possible_sessions: int


def limits(thresholds: Thresholds, on: date) -> Limits:
    """The settings in force on a day. Raises NotInForce where one is missing."""
    shared = ("provisional_possible_sessions",)
    names = {each.name: each.name if each.name in shared else PREFIX + each.name for each in fields(Limits)}
    return Limits(**{name: thresholds.whole(setting, on) for name, setting in names.items()})
