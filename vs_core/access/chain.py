"""Does the trail hold? Followed whole at the server's start and once a day, and on from there when somebody asks.

A million events take many seconds to follow, so a page never waits for the whole of it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine

from vs_core.access import trail
from vs_core.access.trail import Followed
from vs_core.store.engine import reading

AT_ONCE = 10_000
"""Events followed in one go."""


@dataclass(frozen=True)
class Chain:
    """followed: how far, and whether it holds so far; since: when the following began at the first event; is_whole: it
    has come to the newest event."""

    followed: Followed
    since: datetime
    is_whole: bool


_known: dict[str, Chain] = {}
_lock = threading.Lock()


def followed_on(engine: Engine) -> Chain:
    """What is known of the trail's chain, followed a piece further."""
    with _lock:
        before = _known.get(str(engine.url)) or _begun()
        now = before if before.followed.broken is not None else _further(engine, before)
        _known[str(engine.url)] = now
    return now


def follow_whole(engine: Engine) -> Iterator[None]:
    """Follow the chain anew from its first event to its newest, piece by piece; what was known stands until then."""
    now = _begun()
    while not now.is_whole and now.followed.broken is None:
        now = _further(engine, now)
        yield
    with _lock:
        _known[str(engine.url)] = now


def broken(engine: Engine) -> int | None:
    """The event that does not follow, as far as is known."""
    known = _known.get(str(engine.url))
    return known.followed.broken if known else None


def _begun() -> Chain:
    return Chain(Followed(), datetime.now(UTC), False)


def _further(engine: Engine, before: Chain) -> Chain:
    with reading(engine) as connection:
        followed = trail.follow(connection, before.followed, AT_ONCE)
    return Chain(followed, before.since, followed.events - before.followed.events < AT_ONCE)
