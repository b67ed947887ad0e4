"""What happened to one child, the latest first: care, schools, suspensions, plans, money, projects, contacts,
actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from vs_core.access import roles
from vs_core.access.viewer import Viewer
from vs_core.figures.child import Child
from vs_core.rules import case_history
from vs_core.rules.exclusions import LUNCHTIME, PERMANENT
from vs_core.rules.frame import academic_year
from vs_core.rules.pep import PepState
from vs_core.rules.pp_plus import APPROVED_STATES, OPEN_STATES
from vs_core.ui import words
from vs_core.ui.load import arrivals
from vs_core.ui.parts import children

NOTHING = "Nothing but its registers is on record of this child."
CARE, SCHOOL, SUSPENSIONS, PLANS, MONEY, PROJECTS, AFTER_16, CONTACTS, ACTIONS = KINDS = (
    "Care",
    "School",
    "Suspensions",
    "Plans",
    "Money",
    "Projects",
    "After 16",
    "Contacts and notes",
    "Actions",
)


@dataclass(frozen=True)
class Event:
    """on: when; kind: of KINDS; what: in words."""

    on: date
    kind: str
    what: str


def draw(viewer: Viewer, of: Child) -> None:
    """The events by academic year, this one open; a choice of kinds."""
    st.subheader("What happened")
    every = events(of, with_money=viewer.may(roles.SEE_MONEY))
    kinds = [kind for kind in KINDS if any(event.kind == kind for event in every)]
    chosen = st.pills("Show only", kinds, selection_mode="multi", key="timeline-kinds") if len(kinds) > 1 else kinds
    shown = [event for event in every if not chosen or event.kind in chosen]
    if not shown:
        st.info(NOTHING, icon=":material/info:")
    years: dict[str, list[Event]] = {}
    for event in shown:
        years.setdefault(academic_year(event.on), []).append(event)
    for number, (year, own) in enumerate(years.items()):
        with st.expander(f"{year}: {words.counted(len(own), 'entry', 'entries')}", expanded=number == 0):
            st.markdown("\n".join(map(_line, own)))


def _line(event: Event) -> str:
    return f"- **{words.plain(words.long_day(event.on))}** {event.kind}: {words.plain(event.what)}"


def events(of: Child, *, with_money: bool) -> list[Event]:
    """What had happened by the day, the latest first."""
    tellers = _TELLERS + ((_requests, _payments) if with_money else ())
    told = [event for teller in tellers for event in teller(of)]
    return sorted(told, key=lambda event: event.on, reverse=True)


def _rows(of: Child, name: str) -> Iterator[Any]:
    yield from _each(of.records[name])


def _each(rows: pd.DataFrame) -> Iterator[Any]:
    yield from rows.itertuples()


def _meaning(of: str, code: Any, on: date) -> str:
    return arrivals.meanings(of, on).get(str(code), str(code)) if _is(code) else ""


def _care(of: Child) -> Iterator[Event]:
    for row in _rows(of, "episodes"):
        new = "Came into care" if row.reason_new_episode == "S" else "Care changed"
        told = (
            _meaning("legal_status", row.legal_status, row.started_on),
            _meaning("placement", row.placement, row.started_on),
        )
        yield Event(row.started_on, CARE, _said(new, *told))
        if _is(row.ended_on) and row.reason_ceased != "X1":
            why = _meaning("reason_episode_ceased", row.reason_ceased, row.ended_on)
            yield Event(row.ended_on, CARE, _said("Care ended", why))
    for row in _rows(of, "custodies"):
        yield Event(row.started_on, CARE, _said("In custody", _meaning("custody_setting", row.setting, row.started_on)))
        if _is(row.ended_on):
            yield Event(row.ended_on, CARE, "Last day in custody")
    for row in _rows(of, "memberships"):
        yield Event(row.started_on, CARE, _said(row.cohort.capitalize(), row.type))


def _schools(of: Child) -> Iterator[Event]:
    for row in _rows(of, "rolls"):
        name = _text(row.school) or _text(row.urn) or "a school"
        kind = f" ({row.status})" if _text(row.status) not in ("", "main") else ""
        year = children.year(row.year_group) if _text(row.year_group) else ""
        yield Event(row.started_on, SCHOOL, _said(f"Joined {name}{kind}", year))
        if _is(row.ended_on):
            yield Event(row.ended_on, SCHOOL, f"Last day at {name}{kind}")
    for row in _rows(of, "searches"):
        steps = [f"{label} {words.short_day(day)}" for label, day in _steps(row) if _is(day)]
        yield Event(row.needed_on, SCHOOL, _said("A school place was needed", *steps, row.decision))
    for row in _rows(of, "timetables"):
        hours = hours_of(row)
        until = f"to {words.long_day(row.end)}" if _is(row.end) else ""
        yield Event(row.start, SCHOOL, _said(row.kind.capitalize(), hours, row.provider, until, row.reason))


def _steps(row: Any) -> tuple[tuple[str, Any], ...]:
    return (
        ("applied", row.applied_on),
        ("decided", row.decided_on),
        ("directed", row.directed_on),
        ("started", row.started_on),
    )


def _notices(of: Child) -> Iterator[Event]:
    for row in _each(of.subjects["exclusions"].rows["notices"]):
        what = {PERMANENT: "Permanently excluded", LUNCHTIME: "Suspended at lunchtime"}.get(
            row.kind, f"Suspended for {words.figure(row.days, 'days')} {'day' if row.days == 1 else 'days'}"
        )
        why = _meaning("suspension_reason", row.reason1, row.start_date)
        stands = row.status if _text(row.status) not in ("", "issued") else ""
        yield Event(row.start_date, SUSPENSIONS, _said(what, why, row.school, stands))


def _plans(of: Child) -> Iterator[Event]:
    for row in _each(of.plans):
        name = f"{row.kind.capitalize()} plan of {row.term}"
        if row.state in (PepState.ON_TIME, PepState.LATE):
            late = "late" if row.state == PepState.LATE else ""
            yield Event(row.quality_assured_on, PLANS, _said(f"{name} signed off", late, row.quality))
        elif row.state == PepState.OVERDUE:
            yield Event(row.due_on, PLANS, f"{name} was due and is not signed off")
        if _is(row.meeting_on):
            yield Event(row.meeting_on, PLANS, f"Meeting for the {name[0].lower()}{name[1:]}")


def _requests(of: Child) -> Iterator[Event]:
    for row in _rows(of, "requests"):
        asked = words.pounds(row.amount_pence or 0)
        yield Event(row.requested_on, MONEY, _said(f"Asked for {asked}", row.intervention, row.area))
        if _is(row.decided_on) and row.state not in OPEN_STATES:
            agreed = words.pounds(row.approved_pence) if row.state in APPROVED_STATES else asked
            yield Event(row.decided_on, MONEY, f"{row.state.capitalize()}: {agreed}")


def _payments(of: Child) -> Iterator[Event]:
    for row in _rows(of, "payments"):
        yield Event(
            row.paid_on, MONEY, _said(f"{row.status.capitalize()} {words.pounds(row.amount_pence or 0)}", row.school)
        )


def _projects(of: Child) -> Iterator[Event]:
    for row in _rows(of, "places"):
        until = f"to {words.long_day(row.end)}" if _is(row.end) else ""
        yield Event(row.start, PROJECTS, _said(row.project, row.status, row.instrument, row.device, until))


def _destinations(of: Child) -> Iterator[Event]:
    for row in _rows(of, "destinations"):
        offer = f"offer: {row.offer}" if _text(row.offer) else ""
        yield Event(
            row.on, AFTER_16, _said("NEET" if row.status == "neet" else row.status.capitalize(), row.provider, offer)
        )


def _written(of: Child) -> Iterator[Event]:
    for row in _rows(of, "entries"):
        by = f"written by {row.by}" if _text(row.by) else ""
        yield Event(row.on, CONTACTS, _said(case_history.entry(row), row.said, row.outcome, by))


def _actions(of: Child) -> Iterator[Event]:
    for row in _rows(of, "actions"):
        owner = f"for {row.owner}" if _text(row.owner) else ""
        yield Event(row.opened_on, ACTIONS, _said(f"Opened: {row.next_step}", row.subject, owner))
        if _is(row.closed_on):
            yield Event(row.closed_on, ACTIONS, _said(f"Closed: {row.next_step}", row.outcome))


def hours_of(timetable: Any) -> str:
    """`12.5 hours a week`; empty where it is not said."""
    hundredths = timetable.hours_per_week_hundredths
    return f"{hundredths / 100:g} hours a week" if _is(hundredths) else ""


def _said(what: str, *more: Any) -> str:
    return "; ".join([what, *(str(part) for part in more if _text(part))])


def _is(value: Any) -> bool:
    return value is not None and not pd.isna(value)


def _text(value: Any) -> str:
    return str(value) if _is(value) else ""


_TELLERS: tuple[Callable[[Child], Iterator[Event]], ...] = (
    _care,
    _schools,
    _notices,
    _plans,
    _projects,
    _destinations,
    _written,
    _actions,
)
