"""Courses held in the period and who booked on them."""

from typing import Any

from .deliveries import Row, day
from .setting import Setting


def figures(s: Setting) -> dict[str, Any]:
    if not s.arrived("courses"):
        return dict.fromkeys(("courses", "sessions", "places", "booked", "attended", "did_not_attend", "waiting"))
    held = [row for row in s.known.of("courses") if _counts(s, row)]
    return {
        "courses": len({row["course"] for row in held}),
        "sessions": len(held),
        "places": sum(int(row["capacity"] or 0) for row in held),
    } | _bookings(s, {row["session_id"] for row in held})


def _counts(s: Setting, row: Row) -> bool:
    on = day(row["date"])
    return on is not None and s.start <= on <= s.end and row.get("status", "").strip().lower() != "cancelled"


def _bookings(s: Setting, sessions: set[str]) -> dict[str, int | None]:
    if not s.arrived("bookings"):
        return dict.fromkeys(("booked", "attended", "did_not_attend", "waiting"))
    statuses = []
    for row in s.known.of("bookings"):
        booked_on = day(row.get("booked_on"))
        if row["session_id"] in sessions and (booked_on is None or booked_on <= s.as_at):
            statuses.append(row["status"])
    return {
        "booked": sum(statuses.count(status) for status in ("booked", "attended", "did not attend")),
        "attended": statuses.count("attended"),
        "did_not_attend": statuses.count("did not attend"),
        "waiting": statuses.count("waiting"),
    }
