"""Training: sessions of courses and bookings of their places."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, select

from vs_core.queries.knowledge import known
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


def bookings(frame: Frame) -> Select:
    """Bookings of the period's sessions: `booking_id`, `session_id`, `role`, `status`, `delegate_id`, `school_key`,
    `urn`, `school`, `area`, `booked_on`, `evaluation`."""
    row = booking
    names = (
        "booking_id",
        "session_id",
        "role",
        "status",
        "delegate_id",
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
        .select_from(source)
        .where(known(row, frame.known_on))
        .order_by(row.c.booking_id)
    )


def schools_reached(known_on: date | None, start: date, end: date) -> Select:
    """Schools with a delegate who attended a session held from `start` to `end`: `school_key`, `course`, `held_on`."""
    return (
        select(booking.c.school_key, course_session.c.course, course_session.c.held_on)
        .join_from(booking, course_session, course_session.c.session_id == booking.c.session_id)
        .where(
            known(booking, known_on),
            known(course_session, known_on),
            booking.c.status == "attended",
            booking.c.school_key != 0,
            course_session.c.held_on.between(start, end),
        )
        .distinct()
    )
