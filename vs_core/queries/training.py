"""Training: sessions of courses and bookings of their places."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, func, select

from vs_core.queries.knowledge import known
from vs_core.queries.scope import EVERYTHING, Scope, person
from vs_core.rules.frame import Frame
from vs_core.store.schema import booking, course_session, school, school_details


def sessions(frame: Frame) -> Select:
    """Sessions dated in the period, cancelled ones too: `session_id`, `course`, `audience`, `date`, `capacity`,
    `provider`, `delivery`, `cost_pence`, `status`, in order."""
    row = course_session
    names = ("session_id", "course", "audience", "capacity", "provider", "delivery", "cost_pence", "status")
    return (
        select(*(row.c[name] for name in names), row.c.held_on.label("date"))
        .where(known(row, frame.known_on), row.c.held_on.between(frame.start, frame.end))
        .order_by(row.c.held_on, row.c.session_id)
    )


def bookings(frame: Frame, scope: Scope = EVERYTHING) -> Select:
    """Bookings of the period's sessions: `booking_id`, `session_id`, `role`, `status`, `delegate_id`
    (empty without the right to names), `school_key`, `urn`, `school`, `area`, `booked_on`, `evaluation`."""
    row = booking
    names = (
        "booking_id",
        "session_id",
        "role",
        "status",
        "school_key",
        "area",
        "booked_on",
        "evaluation",
    )
    held = sessions(frame).order_by(None).subquery("held")
    place = (school_details.c.school_key == row.c.school_key) & known(school_details, frame.known_on)
    source = (
        row.join(held, held.c.session_id == row.c.session_id)
        .join(school, school.c.id == row.c.school_key)
        .outerjoin(school_details, place)
    )
    return (
        select(*(row.c[name] for name in names), school.c.urn, school_details.c.name.label("school"))
        .add_columns(person(row.c.delegate_id, scope))
        .select_from(source)
        .where(known(row, frame.known_on))
        .order_by(row.c.booking_id)
    )


def schools_reached(known_on: date | None, start: date, end: date) -> Select:
    """Schools with a delegate who attended a session held from `start` to `end`: `school_key`, `urn`, `course`,
    `held_on`, one row each."""
    return (
        select(booking.c.school_key, school.c.urn, course_session.c.course, course_session.c.held_on)
        .join_from(booking, course_session, course_session.c.session_id == booking.c.session_id)
        .join(school, school.c.id == booking.c.school_key)
        .where(
            known(booking, known_on),
            known(course_session, known_on),
            booking.c.status == "attended",
            booking.c.school_key != 0,
            course_session.c.held_on.between(start, end),
        )
        .distinct()
    )


def open_schools(as_at: date, known_on: date | None) -> Select:
    """Schools that are open on a day, as far as the list says: `urn`, `school`, `school_phase`, `town`, `la_name`."""
    row = school_details
    closed = func.coalesce(row.c.closed_on <= as_at, func.lower(func.coalesce(row.c.status, "")) == "closed")
    return (
        select(school.c.urn, row.c.name.label("school"), row.c.phase.label("school_phase"), row.c.town, row.c.la_name)
        .join_from(row, school, school.c.id == row.c.school_key)
        .where(known(row, known_on), ~closed)
        .order_by(row.c.name, school.c.urn)
    )
