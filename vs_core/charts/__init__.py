"""Charts: a frame in, an altair chart out. Every chart's frame is described in its docstring."""

from vs_core.charts.bars import exclusions_by_reason, pp_requests_by_state, roll_by_group
from vs_core.charts.days import calendar, child_calendar, weekdays
from vs_core.charts.drawing import Chart, Drawing
from vs_core.charts.effect import before_and_after
from vs_core.charts.flow import joined_and_left, suspensions_by_term, suspensions_by_week
from vs_core.charts.limits import days_against_limits
from vs_core.charts.money import pp_burn_down, pp_left
from vs_core.charts.places import coverage, project_uptake, training_fill
from vs_core.charts.spend import pp_spend_by_group
from vs_core.charts.spread import bands
from vs_core.charts.trend import attendance_trend
from vs_core.charts.weeks import Weeks, child_by_week, group_by_week, school_by_week

__all__ = [
    "Chart",
    "Drawing",
    "Weeks",
    "attendance_trend",
    "bands",
    "before_and_after",
    "calendar",
    "child_by_week",
    "child_calendar",
    "coverage",
    "days_against_limits",
    "exclusions_by_reason",
    "group_by_week",
    "joined_and_left",
    "pp_burn_down",
    "pp_left",
    "pp_requests_by_state",
    "pp_spend_by_group",
    "project_uptake",
    "roll_by_group",
    "school_by_week",
    "suspensions_by_term",
    "suspensions_by_week",
    "training_fill",
    "weekdays",
]
