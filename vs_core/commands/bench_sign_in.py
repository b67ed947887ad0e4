"""bench --sign-in: does the time of a try to sign in tell a known name from an unknown one?"""

from __future__ import annotations

import time
from statistics import median

from sqlalchemy import Engine, insert

from vs_core.access import admission, attempts, passwords, sessions, users
from vs_core.access.admission import Asked, Refused
from vs_core.settings import settings
from vs_core.store.access_tables import user_account
from vs_core.store.engine import writing

PEOPLE = 10
LOCKED_TURNS = 40
ADDRESS = "192.0.2.{}"


def measure(engine: Engine) -> None:
    """Print the medians of tries with a wrong password, then of tries that the lockout refuses; known and unknown
    names take turns."""
    _add_people(engine)
    for what, locked in (("wrong password", False), ("locked", True)):
        known, unknown = _pairs(engine, locked=locked)
        ratio = median(known) / median(unknown)
        print(
            f"sign-in, {what}, {engine.dialect.name}: known name {1000 * median(known):.1f} ms, "
            f"unknown {1000 * median(unknown):.1f} ms (medians of {len(known)}), ratio {ratio:.3f}"
        )


def _add_people(engine: Engine) -> None:
    at, kept = sessions.now(), passwords.hashed("nobody is told this")
    passwords.matches("", None)
    with writing(engine) as connection:
        for number in range(PEOPLE):
            name = f"known {number}"
            person = {"name": name, "name_folded": users.folded(name), "display_name": name, "role": "analyst"}
            connection.execute(insert(user_account).values(**person, password_hash=kept, created_at=at, changed_at=at))


def _pairs(engine: Engine, *, locked: bool) -> tuple[list[float], list[float]]:
    """Seconds of each try of a known name, and of an unknown one."""
    taken: dict[str, list[float]] = {"known": [], "unknown": []}
    for turn in range(LOCKED_TURNS if locked else attempts.MOST_FROM_A_NEW_PLACE):
        for number in range(PEOPLE):
            for who in ("known", "unknown") if (turn + number) % 2 else ("unknown", "known"):
                taken[who].append(_seconds(engine, f"{who} {number}", ADDRESS.format(number), locked=locked))
    return taken["known"], taken["unknown"]


def _seconds(engine: Engine, name: str, address: str, *, locked: bool) -> float:
    start = time.perf_counter()
    found = admission.admit(Asked(name, "a guess", address), settings(), engine)
    seconds = time.perf_counter() - start
    if not isinstance(found, Refused) or found.locked != locked:
        raise RuntimeError("The tries to measure did not come out as they should.")
    return seconds
