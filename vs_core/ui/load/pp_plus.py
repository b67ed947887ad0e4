"""What the Pupil Premium Plus page reads. Asked by a viewer who may see money, and refused to any other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from vs_core.access import roles
from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.figures import SubjectFigures, fetch, with_children
from vs_core.figures.changes import Changes, week_before
from vs_core.figures.pp_plus import OF_THE_AUTHORITY
from vs_core.rules import measures
from vs_core.rules.dated import Thresholds
from vs_core.rules.frame import Frame, financial_year, financial_year_bounds
from vs_core.rules.narrowing import Narrowing
from vs_core.rules.pp_plus import FUND, payment_runs, runs_left
from vs_core.rules.school_calendar import CalendarNotLoaded, SchoolCalendar
from vs_core.settings import settings
from vs_core.store.engine import retried
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import Version, kept, narrowing, version

EVERYBODY_ONLY = "The allocation is for all children together: clear the choice of children to see it."


@dataclass(frozen=True)
class YearEnd:
    """What is left of a financial year, and its limits.

    days_left: from the day itself to 31 March; school_days_left: the same of the authority's school days, None where
    its calendar is not loaded so far; runs: payment runs still to come, one on the day among them; all_runs: how many
    the year has; last_run: its last one; year_ends: 31 March; following_run: the first one of the
    next year; exceptional_pence: a request above it needs an adviser's
    agreement."""

    days_left: int
    school_days_left: int | None
    runs: tuple[date, ...]
    all_runs: int
    last_run: date
    year_ends: date
    following_run: date
    last_run_is_confirmed: bool
    exceptional_pence: int
    top_slice_percent: Decimal


def compared(viewer: Viewer, chosen: Chosen) -> Changes:
    """The figures of the choice, and the same as they were seen a week before in the same financial year.

    Rows of `requests` and `payments` also have the child's `forename`, `surname`, `year_group` and `phase` (payments
    too `child_id`, `school`, `term`). Raises PermissionError for a viewer without `see money`."""
    refuse_without_money(viewer)
    seen, at = scope(viewer), version()
    now, then = of_choice(seen, at, chosen.frame, chosen.only), week_before(chosen.frame)
    if then is None or then.financial_year != chosen.frame.financial_year:
        return Changes(now, None, "A week before was another financial year, or before the period began.")
    return Changes(now, of_choice(seen, at, then, chosen.only))


def year_end(frame: Frame) -> YearEnd:
    """What is left of the financial year of the frame's last day."""
    left: YearEnd = _year_end(version(), frame.end, frame.known_on)
    return left


def first_run_after(frame: Frame) -> date:
    """The first payment run of the financial year that follows."""
    return year_end(frame).following_run


def unconfirmed_rate(frame: Frame) -> int | None:
    """Pence a child of this year's rate where nobody has confirmed it yet; None where it is certain or not listed."""
    pence: int | None = _unconfirmed_rate(version(), frame.financial_year, frame.known_on)
    return pence


def refuse_without_money(viewer: Viewer) -> None:
    """Raises PermissionError for a viewer without `see money`."""
    if not viewer.may(roles.SEE_MONEY):
        raise PermissionError("This role may not see money.")


def of_scope(seen: Scope, at: Version, frame: Frame) -> SubjectFigures:
    """The figures of `figures.with_children`, for a scope that may see money and a version of the data."""
    found: SubjectFigures = _figures(seen, at, frame)
    return found


@kept
def _figures(seen: Scope, at: Version, frame: Frame) -> SubjectFigures:
    return retried(lambda connection: with_children.pp_plus(connection, frame, seen))


def of_choice(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> SubjectFigures:
    """The figures of the chosen children, for a scope that may see money; what rests on the whole allocation is not
    known for some of them."""
    of = of_scope(seen, at, frame)
    if not only:
        return of
    keys = narrowing.chosen_among_all(seen, at, frame, only)
    own = {name: of.rows[name][of.rows[name]["child_key"].isin(keys)] for name in ("requests", "payments", "children")}
    rows = of.rows | own
    again = measures.pp_plus(
        of.frame, rows["allocations"], rows["requests"], rows["payments"], rows["children"], Decimal(0), of.frame.end
    )
    shared = dict.fromkeys(OF_THE_AUTHORITY, EVERYBODY_ONLY)
    notes = shared | of.notes
    return SubjectFigures(
        of.subject, of.frame, {key: None if key in notes else again[key] for key in of.figures}, notes, rows
    )


@kept
def _year_end(at: Version, on: date, known_on: date | None) -> YearEnd:
    limits = retried(lambda connection: fetch.thresholds(connection, known_on))
    calendar = retried(lambda connection: fetch.school_calendar(connection, known_on))
    last_day = financial_year_bounds(on)[1]
    frame = Frame(on, None, on, on)
    last_run = limits.row("last_payment_run_day_in_march", on)
    runs = payment_runs(frame.financial_year, limits.whole("payment_run_day", on), int(last_run.value))
    return YearEnd(
        (last_day - on) // timedelta(days=1),
        _school_days(calendar, on, last_day),
        tuple(runs_left(runs, on)),
        len(runs),
        runs[-1],
        last_day,
        _first_run(limits, on),
        not last_run.unconfirmed,
        limits.whole("exceptional_request_pence", on),
        limits.value("top_slice_percent", on),
    )


def _first_run(limits: Thresholds, on: date) -> date:
    following = financial_year(financial_year_bounds(on)[1] + timedelta(days=1))
    days = (limits.whole(name, on) for name in ("payment_run_day", "last_payment_run_day_in_march"))
    return payment_runs(following, *days)[0]


def _school_days(calendar: SchoolCalendar, after: date, until: date) -> int | None:
    try:
        return calendar.school_days_since(after, until, settings().authority) if after < until else 0
    except CalendarNotLoaded:
        return None


@kept
def _unconfirmed_rate(at: Version, year: str, known_on: date | None) -> int | None:
    rate = retried(lambda connection: fetch.pp_rates(connection, known_on)).get((year, FUND))
    return rate.pence if rate and rate.unconfirmed else None
