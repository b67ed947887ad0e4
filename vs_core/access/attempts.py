"""Lockout, kept in the database: for one name at most ten passwords that are wrong are compared in five minutes,
whatever restarts and however many ask at once. It opens by itself as the tries grow old.

A try is written down (`checking`) before its password is compared, so that of many at once none slips through, and one
that a crash left like that counts as failed. A try that is refused is not written down: it prolongs nothing. A try with
the right password does not count.

Nobody can use this to keep another person out. Of a name's ten tries
- 3 are kept for browsers in which this name has signed in before (`known_browser`), where the address has no say;
- 2 are kept for places (addresses) from which this name has signed in before, for browsers that keep no cookies;
- 5 are left to everywhere else, and of those one place has no more than 4, or 5 where the name is at home;
- 2 are kept from known browsers, so that somebody at a person's own desk cannot shut the person out elsewhere.

One place has 100 such tries a window over all names. An office behind one address, with some hundred people who
mistype once on a Monday morning, does not reach it; a list of common passwords tried on many names does. It is also
what one place can make us compute: 100 comparisons take about half a minute of one core's five. Known browsers
are free of it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Literal

from sqlalchemy import BigInteger, Connection, cast, func, insert, literal, select, update

from vs_core.access import keys
from vs_core.settings import Settings
from vs_core.store.access_tables import sign_in_attempt

MOST_TRIES = 10
MOST_FROM_KNOWN_BROWSERS = 8
MOST_FROM_OTHER_BROWSERS = 7
MOST_FROM_NEW_PLACES = 5
MOST_FROM_A_HOME = 5
MOST_FROM_A_NEW_PLACE = 4
MOST_FROM_AN_ADDRESS = 100
"""Over all names."""
WINDOW = timedelta(minutes=5)
AT_HOME = timedelta(days=30)
"""How long a place counts as one from which the name has signed in: as long as tries are kept."""
NETWORK_BITS = 64
"""Of an IPv6 address: what a provider gives to one household or server at the least."""

Locked = Literal["name", "place"]
"""What has had too many tries."""


@dataclass(frozen=True)
class Try:
    """who: name_hash of the name typed; place: place_of the address; browser: the known browser's hash, or None."""

    who: str
    place: str
    browser: str | None = None


@dataclass(frozen=True)
class Booked:
    """A try that may be compared. number: its row; closes: what is locked when it fails, or None."""

    number: int
    closes: Locked | None


def name_hash(name_folded: str, rules: Settings) -> str:
    """What a typed name is kept as: somebody may have typed a password there."""
    return keys.signed(rules, "name", name_folded)


def place_of(address: str) -> str:
    """What an address is counted as: itself, of IPv6 the network of its first 64 bits."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, NETWORK_BITS), strict=False)) if isinstance(found, IPv6Address) else str(found)


def locked(connection: Connection, one: Try, at: datetime) -> Locked | None:
    """Would this try be refused now?"""
    return _Recent.read(connection, one, at).locked(one)


def begin(connection: Connection, one: Try, at: datetime) -> Booked | Locked:
    """Book one try before its password is compared, or say what is locked. Takes a write transaction of its own: it
    must be committed before the password is compared."""
    _one_at_a_time(connection, one)
    recent = _Recent.read(connection, one, at)
    refused = recent.locked(one)
    if refused:
        return refused
    row = insert(sign_in_attempt).values(
        name_hash=one.who, address=one.place, at=at, outcome="checking", browser=one.browser
    )
    number = connection.execute(row.returning(sign_in_attempt.c.id)).scalar_one()
    return Booked(int(number), recent.and_one_more(one).locked(one))


def finish(connection: Connection, booked: Booked, worked: bool) -> None:
    """Say how a booked try came out."""
    outcome = "worked" if worked else "failed"
    connection.execute(update(sign_in_attempt).where(sign_in_attempt.c.id == booked.number).values(outcome=outcome))


@dataclass(frozen=True)
class _Recent:
    """tries: (place, known browser?) of each try of one name in the window that did not work; homes: places from which
    the name has signed in; of_place: tries of the place in the window, over all names and without known browsers."""

    tries: tuple[tuple[str, bool], ...]
    homes: frozenset[str]
    of_place: int

    @classmethod
    def read(cls, connection: Connection, one: Try, at: datetime) -> _Recent:
        mine, tried = sign_in_attempt.c.name_hash == one.who, sign_in_attempt.c.outcome != "worked"
        in_window = sign_in_attempt.c.at > at - WINDOW
        rows = select(sign_in_attempt.c.address, sign_in_attempt.c.browser).where(mine, in_window, tried)
        tries = tuple((row.address, row.browser is not None) for row in connection.execute(rows))
        homes = select(sign_in_attempt.c.address).distinct().where(mine, ~tried, sign_in_attempt.c.at > at - AT_HOME)
        here = sign_in_attempt.c.address == one.place
        of_place = select(func.count()).where(here, in_window, tried, sign_in_attempt.c.browser.is_(None))
        return cls(tries, frozenset(connection.scalars(homes)), connection.scalar(of_place) or 0)

    def and_one_more(self, one: Try) -> _Recent:
        known = one.browser is not None
        return _Recent((*self.tries, (one.place, known)), self.homes, self.of_place + (not known))

    def locked(self, one: Try) -> Locked | None:
        if one.browser is not None:
            known = sum(1 for _, known in self.tries if known)
            return "name" if known >= MOST_FROM_KNOWN_BROWSERS or len(self.tries) >= MOST_TRIES else None
        if self.of_place >= MOST_FROM_AN_ADDRESS:
            return "place"
        return "name" if self._no_try_left_for(one.place) else None

    def _no_try_left_for(self, place: str) -> bool:
        others = [tried for tried, known in self.tries if not known]
        at_home = place in self.homes
        return (
            len(self.tries) >= MOST_TRIES
            or len(others) >= MOST_FROM_OTHER_BROWSERS
            or others.count(place) >= (MOST_FROM_A_HOME if at_home else MOST_FROM_A_NEW_PLACE)
            or (not at_home and sum(tried not in self.homes for tried in others) >= MOST_FROM_NEW_PLACES)
        )


def _one_at_a_time(connection: Connection, one: Try) -> None:
    """Wait for whoever books for the same name, and then for the same place: always in this order. SQLite has one
    writer at a time anyway."""
    if connection.dialect.name == "postgresql":
        for text in (f"name:{one.who}", f"place:{one.place}"):
            key = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)
            connection.execute(select(func.pg_advisory_xact_lock(cast(literal(key), BigInteger))))
