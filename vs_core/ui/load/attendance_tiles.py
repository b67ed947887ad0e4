"""The figures at the top of the attendance page as they are sent: each beside last week, last year and what the
department publishes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vs_core.access.viewer import Scope, Viewer, scope
from vs_core.figures import measure as measure_of
from vs_core.figures.attendance_sessions import Cadence
from vs_core.figures.benchmarks import Published
from vs_core.figures.headline import SINCE, Headline, definition, of_measure
from vs_core.rules import measures_sessions, school_weeks
from vs_core.rules.frame import Frame
from vs_core.rules.measure import Measure
from vs_core.rules.measures_sessions import LATE, TOO_SHORT, is_too_short
from vs_core.rules.narrowing import Narrowing
from vs_core.rules.register import COUNTED_BANDS
from vs_core.ui import words
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import Version, attendance, finished, version
from vs_core.ui.load.attendance import Moved, Page, Standing

NOT_STATED = "not stated"


@dataclass(frozen=True)
class Tiles:
    """headline, bands: the figures; against: what last year's and the published ones are about; moved: who came over a
    line; with_marks: children with any mark; awaited: half days (daily) and weeks of pupils (weekly) of which a mark is
    due and none came."""

    headline: tuple[Headline, ...]
    bands: tuple[Headline, ...]
    against: str
    moved: Moved
    with_marks: int
    awaited: int


def of_choice(viewer: Viewer, chosen: Chosen) -> Tiles:
    """Everything over the charts of the page."""
    found: Tiles = _tiles(scope(viewer), version(), chosen.frame, chosen.only)
    return found


@finished
def _tiles(seen: Scope, at: Version, frame: Frame, only: Narrowing) -> Tiles:
    page: Page = attendance.page_of(seen, at, frame, only)
    marks = page.stood.now.marks
    awaited = marks.daily_expected - marks.daily_received + marks.weekly_expected - marks.weekly_received
    if not page.with_marks:
        return Tiles((), (), "", page.moved, 0, awaited)
    shown = Shown(page)
    against = [_of_last_year(page.stood.year_before), _of_published(frame, only, page.published)]
    return Tiles(_headline(shown), _bands(shown), " ".join(filter(None, against)), page.moved, page.with_marks, awaited)


@dataclass(frozen=True)
class Shown:
    """What a tile is made of."""

    page: Page

    @property
    def now(self) -> Standing:
        return self.page.stood.now

    def share(self, name: str) -> list[float]:
        """Sessions of a kind, week by week, as percent of the possible ones."""
        weekly = self.page.weekly
        possible = weekly["possible_sessions"]
        return list((weekly[name] * 100 / possible.where(possible > 0)).dropna())

    def counts(self, key: str) -> list[float]:
        """A count as it stood at the end of each week."""
        return [float(count) for count in self.page.to_date[key]]

    def tile(self, key: str, *lines: str, spark: Sequence[float] = (), label: str = "", beside: str = "") -> Headline:
        """A figure with its change since last week; below it `lines`, last year's, the published ones of `beside`."""
        before, measure = self.page.stood.week_before, _measure(key)
        made = of_measure(
            measure,
            _value(self.now, key),
            None if before is None else _value(before, key),
            note=self._note(key),
            label=label,
            since=SINCE,
            spark=spark if len(spark) > 1 else (),
        )
        if made.value is None:
            return made
        said = [*lines, self._last_year(key, measure), _published(self.page.published, beside)]
        return replace(made, definition=definition(measure, school_weeks.MEANING), lines=tuple(filter(None, said)))

    def _note(self, key: str) -> str:
        """Why a figure is not known."""
        return " ".join(self.now.marks.why_left_out) if key == "coverage_percent" else self.now.notes.get(key, "")

    def _last_year(self, key: str, measure: Measure) -> str:
        """`+0.4 pts on last year (91.9%)`."""
        then = _value(self.page.stood.year_before, key) if self.page.stood.year_before.is_known else None
        if then is None:
            return ""
        moved = words.change(_value(self.now, key), then, measure.unit)
        return f"{'As' if moved == '0' else f'{moved} on'} last year ({words.figure(then, measure.unit)})"


def _measure(key: str) -> Measure:
    return measures_sessions.MEASURES[key] if key in measures_sessions.MEASURES else measure_of("attendance", key)


def _value(standing: Standing, key: str) -> float | int | None:
    value = standing.marks.percent if key == "coverage_percent" else standing.figures[key]
    assert value is None or isinstance(value, int | float)
    return value


def _published(published: Sequence[Published], key: str) -> str:
    """`East of England 92.2%, England 91.0%`."""
    known = [each for each in published if each.key == key and each.value is not None]
    return ", ".join(f"{each.place} {each.value:.1f}%" for each in reversed(known))


def _headline(shown: Shown) -> tuple[Headline, ...]:
    """Attendance, persistent, severe and unauthorised absence; lateness, marks received, children."""
    now, weekly = shown.now, shown.page.weekly
    possible = f"of {now.figures['possible_sessions']:,} possible sessions"
    course = list(weekly["attendance_percent"].dropna())
    return (
        shown.tile("attendance_percent", possible, spark=course, beside="attendance_percent"),
        _absent(shown, "persistently_absent"),
        _absent(shown, "severely_absent"),
        shown.tile("unauthorised_percent", possible, spark=shown.share("unauthorised_absence_sessions")),
        *(shown.tile(share, _half_days(now, key), spark=shown.share(key)) for key, share in LATE.items()),
        shown.tile("coverage_percent", *_registers(now.marks), spark=shown.page.coverage),
        shown.tile("children", f"of {shown.page.members:,} in the group", spark=shown.counts("children")),
    )


def _absent(shown: Shown, key: str) -> Headline:
    """Persistent or severe absence; for a week or a day it is not stated, and why."""
    now = shown.now
    if is_too_short(now.frame.start, now.frame.end):
        measure = _measure(key)
        return Headline(measure.name, measure.label, NOT_STATED, caption=TOO_SHORT, definition=definition(measure))
    share = words.figure(_value(now, f"{key}_percent"), "percent") or "none"
    few = now.provisional[key]
    provisional = f"{few:,} provisional: under {shown.page.few} possible sessions" if few else ""
    of = f"{share} of {now.figures['children']:,} children"
    return shown.tile(key, of, provisional, spark=shown.counts(key), beside=f"{key}_percent")


def _half_days(now: Standing, key: str) -> str:
    count = _value(now, key)
    return words.counted(int(count), "half day") if count is not None else ""


def _registers(marks: Cadence) -> list[str]:
    """What the coverage is out of, by cadence; who has sent nothing for too long; who is in no number."""
    said = [f"Daily: of {marks.daily_expected:,} half days, Reception to Year 11"] if marks.daily_expected else []
    if marks.weekly_percent is not None:
        said.append(f"Weekly: {marks.weekly_percent:.1f}% of {marks.weekly_expected:,} weeks, early years and post-16")
    if marks.stale:
        said.append(f"{words.counted(marks.stale, 'child', 'children')} without a mark for too long")
    if marks.left_out:
        said.append(f"{words.counted(marks.left_out, 'pupil')} left out: term dates not loaded")
    return said


def _bands(shown: Shown) -> tuple[Headline, ...]:
    """How many children are in each band of attendance over the period."""
    children = shown.now.figures["children"]
    assert isinstance(children, int)
    return tuple(
        shown.tile(key, _of(shown.now.figures[key], children), spark=shown.counts(key)) for key in COUNTED_BANDS
    )


def _of(part: object, whole: int) -> str:
    assert isinstance(part, int)
    return f"{words.figure(part * 100 / whole, 'percent')} of {whole:,} children" if whole else ""


def _of_last_year(then: Standing) -> str:
    days = words.span(then.frame.start, then.frame.end)
    return f"Last year: {days}, to the same school week." if then.is_known else f"No registers of last year ({days})."


def _of_published(frame: Frame, only: Narrowing, published: Sequence[Published]) -> str:
    known = [each for each in published if each.value is not None]
    if not known:
        return "The department publishes no figures for this choice." if only else ""
    places = words.listed(list(dict.fromkeys(each.place for each in reversed(known))))
    first = known[0]
    said = f"{places}: {first.population}, the whole year {first.academic_year}, as the department publishes it."
    if frame.cohort != "in care" or only.looked_after_12_months == "at 31 March":
        return said
    return f"{said} Ours are all of the group: to compare like with like, choose “In care a year” under Change."
