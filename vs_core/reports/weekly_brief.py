"""The weekly brief: one page for the headteacher on Monday morning. Counts only, because it leaves the building."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import typst
from sqlalchemy import Connection

from vs_core import charts
from vs_core.access import roles
from vs_core.figures.attention import Matter
from vs_core.figures.headline import Headline
from vs_core.figures.review import Review, review
from vs_core.reports import pictures
from vs_core.reports.arrivals import arrived_on
from vs_core.reports.asked import Asked
from vs_core.rules import words
from vs_core.rules.clocks import long_date

TEMPLATE = Path(__file__).with_suffix(".typ")
STANDARDS = ["ua-1"]
NOTHING = "Nothing has arrived yet: no child is known on this day. The brief fills by itself with the first files."
ONLY_COUNTS = (
    "Counts only: no child's name or number is on this page. Small counts are not hidden, so it is for the virtual "
    "school and those it answers to, not for publication."
)
DEFINITIONS = (
    "Each figure is the one of the dashboard's weekly review, with the definition that stands beside it there "
    "(python -m vs_core figures --describe prints them all)."
)
NOTHING_TO_DECIDE = "Nothing needs a decision: no limit is passed and nothing is overdue."
MOST_OWNERS = 6


def pdf(connection: Connection, asked: Asked) -> bytes:
    """The brief as tagged PDF (PDF/UA-1)."""
    return _compiled(connection, asked, format="pdf", pdf_standards=STANDARDS)


def _compiled(connection: Connection, asked: Asked, **options: Any) -> bytes:
    """Everything that changes reaches the template as data, never as markup; its fonts are our own."""
    data = json.dumps(content(connection, asked), ensure_ascii=False)
    return bytes(
        typst.compile(
            TEMPLATE.read_bytes(),
            root=str(TEMPLATE.parent),
            sys_inputs={"data": data},
            font_paths=[pictures.FONT_FOLDER],
            ignore_system_fonts=True,
            **options,
        )
    )


def content(connection: Connection, asked: Asked) -> dict[str, Any]:
    """What the brief says, as JSON values; texts are shown as they are written."""
    of = review(
        connection,
        asked.as_at,
        asked.known_on,
        asked.authority,
        asked.reader.scope,
        sees_money=asked.reader.sees_money,
    )
    head = {"title": f"Weekly brief: {asked.school}", "day": _day(of, asked), "font": pictures.FONT}
    if of.is_empty:
        return head | {"nothing": NOTHING, "foot": [ONLY_COUNTS]}
    before = asked.as_at - timedelta(days=7)
    return head | {
        "nothing": None,
        "registers": of.registers.sentence,
        "decisions": [_decision(matter, of) for matter in of.matters],
        "nothing_to_decide": " ".join([NOTHING_TO_DECIDE, *of.notes] if not of.matters else of.notes),
        "figures": [_figure(connection, each, of) for each in of.ten],
        "since": f"Since {before:%A} {before.day} {before:%B}",
        "changes": [{"subject": each.subject, "what": each.what} for each in of.since_last_week],
        "owners": _overdue_by_owner(of.changes["actions"].now.rows["actions"]),
        **_trend(of),
        "foot": [ONLY_COUNTS, " ".join([*_readings(of), DEFINITIONS])],
    }


def _day(of: Review, asked: Asked) -> str:
    adviser = asked.reader.scope.adviser
    whose = f"Caseload of {adviser}. " if adviser else ""
    before = of.as_at - timedelta(days=7)
    day = "that day" if of.known_on == of.as_at else long_date(of.known_on) if of.known_on else ""
    known = f", as known on {day}" if day else ""
    return f"{whose}{of.as_at:%A} {long_date(of.as_at)}{known}, compared with {before.day} {before:%B}"


def _decision(matter: Matter, of: Review) -> dict[str, Any]:
    role = roles.ROLES[matter.role].title
    action = matter.latest_action(of.changes["actions"].now.rows["actions"])
    given = "" if action is None else _given(action)
    answered = action is not None and matter.is_answered(action["opened_on"])
    who = given if answered else f"{role}. Since then more: {given[:1].lower()}{given[1:]}" if given else role
    return {"headline": matter.headline, "who": who, "step": matter.next_step, "severe": matter.severe}


def _given(action: pd.Series) -> str:
    due = "no day" if pd.isna(action["due_on"]) else words.long_day(action["due_on"])
    late = ", overdue" if action["is_overdue"] else ""
    return f"Given to {action['owner'] or 'nobody'}, due {due}{late}"


def _figure(connection: Connection, each: Headline, of: Review) -> dict[str, Any]:
    return {
        "label": each.label,
        "value": each.value if each.value is not None else words.NOT_YET,
        "change": (each.change or "") if each.value is not None else "",
        "verdict": _verdict(each),
        "caption": each.caption,
        "arrived": _arrived(connection, each, of),
    }


def _verdict(each: Headline) -> str:
    """Whether the change is good news: `better`, `worse` or nothing."""
    if each.value is None or each.better is None or each.change in (None, "0"):
        return ""
    return "better" if each.change.startswith("+") == (each.better == "up") else "worse"


def _arrived(connection: Connection, each: Headline, of: Review) -> str:
    """The day on which the newest file behind a figure came: `22 Nov`; `live` for what is written here."""
    if each.subject not in of.changes:
        return ""
    if each.subject == "actions":
        return "live"
    came_on = arrived_on(connection, each.subject, of.changes[each.subject].now.frame)
    return words.short_day(came_on) if came_on else "no file"


def _overdue_by_owner(actions: pd.DataFrame) -> list[dict[str, str]]:
    """Officers with overdue actions, most first: no word of what they are about."""
    late = actions[actions["is_overdue"].astype(bool)]
    owners = late["owner"].astype(object).fillna("").replace("", "Nobody")
    counts = owners.value_counts(sort=True)
    shown = [_owner(name, late[owners == name]) for name in counts.index[:MOST_OWNERS]]
    rest = counts.iloc[MOST_OWNERS:]
    more = [{"owner": f"{len(rest)} others", "overdue": f"{rest.sum():,}", "oldest": ""}] if len(rest) else []
    return [*shown, *more]


def _owner(name: str, late: pd.DataFrame) -> dict[str, str]:
    return {"owner": name, "overdue": f"{len(late):,}", "oldest": words.short_day(min(late["due_on"]))}


def _trend(of: Review) -> dict[str, str]:
    """The chart, what it shows in words, and what its benchmark is."""
    weekly, england = of.attendance.weekly, of.attendance.england
    lines = of.attendance.lines().dropna(subset=["attendance_percent"])
    if lines.empty:
        return {"chart": "", "chart_alt": "", "chart_note": charts.attendance_trend.empty}
    percents = weekly["attendance_percent"].dropna()
    alt = f"Attendance by week, {words.counted(len(percents), 'week')}, from {percents.iloc[0]:.1f}% to "
    alt += f"{percents.iloc[-1]:.1f}%, against England's published year"
    note = england.basis if england is not None else ""
    svg = pictures.svg(charts.attendance_trend, lines, width=420, height=200)
    return {"chart": svg, "chart_alt": alt, "chart_note": note}


def _readings(of: Review) -> Iterator[str]:
    """Which days and whom the figures count."""
    year, term = of.changes["attendance"].now.frame, of.changes["exclusions"].now.frame
    yield f"Attendance and plans: children in care on a day since {long_date(year.start)}."
    if of.attendance.last_year is not None:
        yield "Last year: up to the same school week."
    yield f"Suspensions: the term since {long_date(term.start)}."
    if "pp-plus" in of.changes:
        yield f"Pupil Premium Plus: financial year {of.changes['pp-plus'].now.frame.financial_year}."
    yield "Arrived: the day on which the newest file of the figure's own data came."
