"""The pack for the corporate parenting board: a Word document for clerks to edit, safe to publish."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

import pandas as pd
from sqlalchemy import Connection

from vs_core import charts, figures
from vs_core.charts import Chart
from vs_core.figures.burn_down import burn_down
from vs_core.figures.week import ENGLAND
from vs_core.reports import pictures
from vs_core.reports.asked import Asked
from vs_core.reports.board_counts import band_name, money_may_be_shown
from vs_core.reports.board_figures import Board, board
from vs_core.reports.reader import MONEY
from vs_core.reports.word import WordFile
from vs_core.reports.workbook import SUBJECT_WORDS
from vs_core.rules import school_weeks, words
from vs_core.rules.clocks import long_date
from vs_core.rules.cohorts import YEAR_GROUPS
from vs_core.rules.register import BANDS
from vs_core.rules.suppression import SUPPRESSED

NOTHING = "Nothing has arrived yet: no child is known on this day. The pack fills by itself with the first files."
HIDING = (
    f"{SUPPRESSED}: hidden. Numbers of children from 1 to 5 are not shown, nor what is counted of so few, nor the "
    "percentages made of them; where a total would give a hidden number away, another one is hidden too. 0 is shown."
)
NO_CHART = "The chart is left out, because it would show a hidden number."
PROMPT = "[To be written: what the board is asked to note, to challenge and to decide.]"
SOURCE = (
    "Source: Department for Education, Outcomes for children in need, including children looked after by local "
    "authorities in England, {year}: children looked after for twelve months or more at 31 March. Attendance is 100 "
    "less the published absence. Open Government Licence v3."
)
_YEAR_NAMES = {"N1": "Nursery 1", "N2": "Nursery 2", "R": "Reception", "under 2": "Under 2", "over 18": "Over 18"}
_WIDE = 620


def content(connection: Connection, asked: Asked) -> bytes:
    """The pack as .docx."""
    of = board(connection, asked)
    day = long_date(asked.as_at)
    file = WordFile("Report to the corporate parenting board", f"{asked.whose}, {day}", asked.as_at)
    known = " and as it was known on that day" if asked.known_on else ""
    file.paragraph(f"{asked.whose}. The education of children in care as at {day}{known}.")
    if of.is_empty:
        file.paragraph(NOTHING)
        return file.content()
    file.heading("Commentary")
    file.paragraph(PROMPT, italic=True)
    for section in (_headlines, _roll, _attendance, _exclusions, _plans, _provision, _after_16, _money, _about):
        section(file, of)
    return file.content()


def _headlines(file: WordFile, of: Board) -> None:
    file.heading("Headline figures")
    file.table(("Figure", "Now", "Beside it"), [*_headline_rows(of)], (6.6, 2.6, 7.4))
    file.paragraph(HIDING, faint=True)


def _headline_rows(of: Board) -> Iterator[tuple[str, str, str]]:
    since = f"since {long_date(of.of['cohort'].frame.start)}"
    yield "Children in care", of.count("cohort.in_care"), f"{of.count('cohort.uasc')} unaccompanied"
    yield "Came into care, left care", f"{of.count('cohort.joined')}, {of.count('cohort.left')}", since
    yield "Attendance, year to date", _attendance_percent(of), _beside(of, "attendance_percent")
    for key in ("persistently_absent", "severely_absent"):
        name = f"attendance.{key}"
        label = figures.measure("attendance", key).label
        yield label, of.percent(name, "attendance.children"), _beside(of, f"{key}_percent")
    yield "Not in school full time", of.count("provision.not_full_time"), f"on {long_date(of.asked.as_at)}"
    suspended = f"of {of.count('exclusions.suspended_children')} children, {since}"
    yield "Suspensions", of.count("exclusions.suspensions"), suspended
    yield "Permanent exclusions", of.count("exclusions.permanent_exclusions"), since
    plans = f"{of.count('pep.completed')} of {of.count('pep.due')} plans due, {since}"
    yield "Education plans in date", of.percent("pep.completed", "pep.due"), plans
    young = "post-16.in_education_employment_training"
    whole = f"of {of.count('post-16.young')} in Years 12 and 13"
    yield "Post-16 in education or work", of.percent(young, "post-16.young"), whole
    if MONEY in of.of and of.of[MONEY].figures["forecast_pence"] is not None:
        yield "Pupil Premium Plus forecast", _money_text(of, "forecast_pence"), f"of {_to_spend(of)}, by 31 March"


def _attendance_percent(of: Board) -> str:
    return of.amount("attendance", "attendance_percent", "attendance.children")


def _beside(of: Board, key: str) -> str:
    """`England 91.0%, East of England 92.2% (2024/25); last year 92.2%`."""
    own = [each for each in of.published if each.key == key and each.value is not None]
    said = [f"{', '.join(f'{each.place} {each.value:.1f}%' for each in own)} ({own[0].academic_year})"] if own else []
    if key == "attendance_percent" and of.last_year is not None:
        said.append(f"last year {of.last_year:.1f}%")
    return "; ".join(said)


def _roll(file: WordFile, of: Board) -> None:
    file.heading("Children in care")
    names = {_year(group): f"year.{group}" for group in YEAR_GROUPS if of.counts.known(f"year.{group}")}
    if not _said_why_not(file, of, "cohort", "in_care"):
        rows = [(label, of.count(name)) for label, name in names.items()]
        file.table(("Year group", "Children"), [*rows, ("All", of.count("cohort.in_care"))], (6.0, 3.0))
        counts = [of.counts.counts[name] for name in names.values()]
        frame = pd.DataFrame({"group": list(names), "children": counts})
        _chart(file, of, charts.roll_by_group, frame, names, "Children in care by year group")
    others = ("previously_looked_after", "child_in_need", "child_protection", "kinship")
    labels = {key: figures.measure("cohort", key).label for key in others}
    file.table(
        ("Other children whom the virtual school is for", "Children"),
        [(labels[key], of.count(f"cohort.{key}")) for key in others],
        (10.0, 3.0),
    )


def _year(group: str) -> str:
    return f"Year {group}" if group.isdigit() else _YEAR_NAMES.get(group, group.capitalize())


def _attendance(file: WordFile, of: Board) -> None:
    file.heading("Attendance")
    if _said_why_not(file, of, "attendance", "attendance_percent"):
        return
    file.table(("Place", "Attendance", "Persistently absent", "Severely absent", "Year"), [*_compared(of)], _COMPARED)
    if of.published:
        file.paragraph(SOURCE.format(year=of.published[0].academic_year), faint=True)
    _trend(file, of)
    names = {band.label.capitalize(): band_name(band) for band in BANDS}
    rows = [(label, of.count(name)) for label, name in names.items()]
    file.heading("Children by attendance", 2)
    file.table(
        ("Attendance, percent of sessions", "Children"), [*rows, ("All", of.count("attendance.children"))], (7.0, 3.0)
    )
    _chart(file, of, charts.bands, of.of["attendance"].rows["children"], names, "Children by band of attendance")


_COMPARED = (4.6, 2.8, 3.6, 3.0, 2.4)


def _ours(of: Board) -> str:
    return "This caseload" if of.asked.reader.scope.adviser else of.asked.school


def _compared(of: Board) -> Iterator[tuple[str, ...]]:
    shares = [of.percent(f"attendance.{key}", "attendance.children") for key in _ABSENT]
    yield _ours(of), _attendance_percent(of), *shares, "to date"
    for place in dict.fromkeys(each.place for each in of.published):
        own = {each.key: each for each in of.published if each.place == place}
        cells = [own[key] for key in ("attendance_percent", *(f"{key}_percent" for key in _ABSENT))]
        said = [words.figure(each.value, "percent") or each.symbol or SUPPRESSED for each in cells]
        yield f"{place}, children in care", *said, cells[0].academic_year


_ABSENT = ("persistently_absent", "severely_absent")


def _trend(file: WordFile, of: Board) -> None:
    """Week by week, up to the last week that is over."""
    last = of.asked.as_at - timedelta(days=4)
    weekly = of.weekly[of.weekly["week"] <= last].dropna(subset=["attendance_percent"])
    if weekly.empty:
        return
    file.heading("Week by week", 2)
    lines = [weekly.rename(columns={"week": "week_on"}).assign(series="Ours")]
    england = next((e for e in of.published if e.key == "attendance_percent" and e.place == ENGLAND), None)
    if england is not None and england.value is not None:
        flat = {"week_on": weekly["week"], "series": ENGLAND, "attendance_percent": england.value}
        lines.append(pd.DataFrame(flat))
    first, final = weekly["attendance_percent"].iloc[0], weekly["attendance_percent"].iloc[-1]
    alt = f"Attendance by week, {words.counted(len(weekly), 'week')}, from {first:.1f}% to {final:.1f}%"
    beside = f", beside England's {england.value:.1f}%" if england is not None and england.value is not None else ""
    trend = pictures.png(charts.attendance_trend, pd.concat(lines, ignore_index=True), width=_WIDE, height=240)
    file.picture(trend, alt=f"{alt}{beside}.")


def _exclusions(file: WordFile, of: Board) -> None:
    file.heading("Suspensions and exclusions")
    if _said_why_not(file, of, "exclusions", "suspensions"):
        return
    keys = ("suspensions", "suspended_children", "permanent_exclusions", "over_15_days_in_term")
    rows = [(figures.measure("exclusions", key).label, of.count(f"exclusions.{key}")) for key in keys]
    hidden_with = "exclusions.suspended_children"
    if of.counts.is_hidden("exclusions.suspensions"):
        hidden_with = "exclusions.suspensions"
    rows.insert(2, ("Days of suspension", of.amount("exclusions", "suspension_days", hidden_with)))
    file.table((f"Since {long_date(of.of['exclusions'].frame.start)}", "Number"), rows, (9.0, 3.0))
    if of.reasons.empty:
        return
    names = {reason: f"reason.{reason}" for reason in of.reasons["reason"]}
    file.heading("Suspensions by first reason", 2)
    rows = [(reason, of.count(name)) for reason, name in names.items()]
    file.table(("First reason given", "Suspensions"), rows, (11.0, 3.0))
    shown = of.reasons.assign(reason=[reason[:60] for reason in of.reasons["reason"]])
    _chart(file, of, charts.exclusions_by_reason, shown, names, "Suspensions by first reason given")


def _plans(file: WordFile, of: Board) -> None:
    file.heading("Personal education plans")
    if _said_why_not(file, of, "pep", "due"):
        return
    rows = [
        (figures.measure("pep", key).label, of.count(f"pep.{key}"))
        for key in ("due", "completed", "completed_on_time", "overdue")
    ]
    rows += [
        ("Completed, of those due", of.percent("pep.completed", "pep.due")),
        ("Rated green, of those rated", of.percent("pep.green", "pep.rated")),
    ]
    file.table((f"Due since {long_date(of.of['pep'].frame.start)}", "Plans"), rows, (9.0, 3.0))


def _provision(file: WordFile, of: Board) -> None:
    file.heading("Not in school full time")
    if _said_why_not(file, of, "provision", "not_on_roll"):
        return
    keys = ("part_time", "alternative_provision", "not_on_roll")
    rows = [(figures.measure("provision", key).label, of.count(f"provision.{key}")) for key in keys]
    rows.append(("Any of these, each child once", of.count("provision.not_full_time")))
    rows.append((figures.measure("provision", "reviews_overdue").label, of.count("provision.reviews_overdue")))
    file.table((f"On {long_date(of.asked.as_at)}", "Number"), rows, (9.0, 3.0))


def _after_16(file: WordFile, of: Board) -> None:
    file.heading("After 16")
    if _said_why_not(file, of, "post-16", "neet"):
        return
    keys = ("in_education_employment_training", "neet", "not_known", "year_11_without_offer")
    rows = [(figures.measure("post-16", key).label, of.count(f"post-16.{key}")) for key in keys]
    rows.insert(3, ("All in Years 12 and 13", of.count("post-16.young")))
    file.table((f"On {long_date(of.asked.as_at)}", "Young people"), rows, (9.0, 3.0))


def _money(file: WordFile, of: Board) -> None:
    if MONEY not in of.of:
        return
    file.heading(f"Pupil Premium Plus, {of.of[MONEY].frame.financial_year}")
    if _said_why_not(file, of, MONEY, "paid_pence"):
        return
    known = [key for key in _SUMS if of.of[MONEY].figures[key] is not None]
    rows = [(_sum_label(of, key), _money_text(of, key)) for key in known]
    rows.append(("Eligible children with nothing requested", of.count("pp-plus.children_without_spend")))
    file.table(("Financial year to date", "Amount"), rows, (9.0, 3.4))
    for note in dict.fromkeys(of.of[MONEY].notes[key] for key in _SUMS if key not in known):
        file.paragraph(note)
    lines = burn_down(of.of[MONEY])
    if len(lines) and money_may_be_shown(of.counts):
        alt = "Pupil Premium Plus over the financial year: allocation, plan by payment runs, paid, committed, forecast"
        file.picture(pictures.png(charts.pp_burn_down, lines, width=_WIDE, height=240), alt=f"{alt}.")


_SUMS = ("allocation_pence", "retained_pence", "paid_pence", "committed_pence", "forecast_pence", "at_risk_pence")


def _sum_label(of: Board, key: str) -> str:
    label = figures.measure(MONEY, key).label
    provisional = key == "allocation_pence" and of.of[MONEY].figures["allocation_is_final"] is False
    return f"{label} (provisional)" if provisional else label


def _money_text(of: Board, key: str) -> str:
    """Allocation and what is retained are published whatever is spent; the rest hides with the children behind it."""
    of_all = "allocation" if key in ("allocation_pence", "retained_pence") else "pp-plus.with_requests"
    return of.amount(MONEY, key, of_all)


def _to_spend(of: Board) -> str:
    allocation, kept = (of.of[MONEY].figures[key] for key in ("allocation_pence", "retained_pence"))
    return words.NOT_YET if allocation is None or kept is None else words.pounds(allocation - kept)


def _said_why_not(file: WordFile, of: Board, subject: str, key: str) -> bool:
    """Whether a section's data has not arrived; says so in its place."""
    note = of.of[subject].notes.get(key, "")
    if note:
        file.paragraph(note)
    return bool(note)


def _chart(file: WordFile, of: Board, chart: Chart, frame: pd.DataFrame, counts: Mapping[str, str], alt: str) -> None:
    """The chart of counts (names by label), with its numbers in words; nothing is drawn of which a part is hidden."""
    if frame.empty or not counts:
        file.paragraph(chart.empty)
        return
    if any(of.counts.is_hidden(name) for name in counts.values()):
        file.paragraph(NO_CHART, faint=True)
        return
    said = ", ".join(f"{label} {of.count(name)}" for label, name in counts.items())
    file.picture(pictures.png(chart, frame, width=_WIDE), alt=f"{alt}: {said}.")


def _about(file: WordFile, of: Board) -> None:
    file.heading("About these figures")
    file.paragraph(HIDING)
    rows = [(SUBJECT_WORDS[subject], _arrived(of, subject), _period(of, subject)) for subject in of.of]
    file.table(("Subject", "Newest file arrived", "Period"), rows, (5.0, 4.6, 7.0))
    measures = [figures.measure(*each.split(".")) for each in _EXPLAINED if each.split(".")[0] in of.of]
    explained = [(each.label, f"{each.meaning} {each.rule}", each.source) for each in measures]
    file.table(("Figure", "What it means", "Where the rule comes from"), explained, (3.8, 7.6, 5.2))
    if of.last_year is not None:
        file.paragraph(school_weeks.MEANING)


_EXPLAINED = (
    "cohort.in_care",
    "attendance.attendance_percent",
    "attendance.persistently_absent",
    "attendance.severely_absent",
    "exclusions.suspensions",
    "exclusions.permanent_exclusions",
    "pep.completed",
    "provision.not_on_roll",
    "post-16.neet",
    "pp-plus.forecast_pence",
)


def _arrived(of: Board, subject: str) -> str:
    came_on = of.arrived_on[subject]
    return words.long_day(came_on) if came_on else "nothing has arrived"


def _period(of: Board, subject: str) -> str:
    frame = of.of[subject].frame
    if subject in ("provision", "post-16"):
        return f"on {words.long_day(frame.as_at)}"
    return words.span(frame.start, frame.end)
