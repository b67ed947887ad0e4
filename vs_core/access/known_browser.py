"""Browsers in which a person has signed in before, known again by a cookie.

The cookie lets nobody in. Tries to sign in from such a browser are counted apart (`attempts`), so that whoever guesses
at a person's password elsewhere cannot lock the person out. It holds one entry for each of the last people who signed
in here: a random value, the moment, and a signature over both, the person's name and the hash of their password. So it
names nobody, nobody can make one, it is worth nothing for another name, and a new password makes it worthless.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta

from vs_core.access import keys
from vs_core.settings import Settings

LASTS = timedelta(days=90)
MOST_PEOPLE = 5
BETWEEN, WITHIN = "~", "."
LONGEST_COOKIE = 1000


def found_in(cookie: str, who: str, password_hash: str, rules: Settings, at: datetime) -> str | None:
    """What `sign_in_attempt.browser` knows this browser by, if the person has signed in here; else None.

    who: attempts.name_hash of the name typed; password_hash: the person's own, any text where there is nobody."""
    own = [entry for entry in _entries(cookie, at) if _is_signed(entry, who, password_hash, rules)]
    return hashlib.sha256(own[0].encode()).hexdigest() if own else None


def with_person(cookie: str, who: str, password_hash: str, rules: Settings, at: datetime) -> str:
    """The cookie after this person has signed in: a new entry in front, in place of an older one of the same person."""
    start = WITHIN.join((secrets.token_urlsafe(16), str(int(at.timestamp()))))
    new = WITHIN.join((start, _signature(start, who, password_hash, rules)))
    others = [entry for entry in _entries(cookie, at) if not _is_signed(entry, who, password_hash, rules)]
    return BETWEEN.join([new, *others][:MOST_PEOPLE])


def _entries(cookie: str, at: datetime) -> Iterator[str]:
    """The well-formed entries that are not too old, whoever signed them."""
    for entry in cookie.split(BETWEEN)[:MOST_PEOPLE] if len(cookie) <= LONGEST_COOKIE else ():
        parts = entry.split(WITHIN)
        if entry.isascii() and len(parts) == 3 and parts[1].isdigit() and len(parts[1]) <= 11:
            age = at.timestamp() - int(parts[1])
            if age < LASTS.total_seconds():
                yield entry


def _is_signed(entry: str, who: str, password_hash: str, rules: Settings) -> bool:
    start, _, signature = entry.rpartition(WITHIN)
    return hmac.compare_digest(signature, _signature(start, who, password_hash, rules))


def _signature(start: str, who: str, password_hash: str, rules: Settings) -> str:
    return keys.signed(rules, "browser", f"{start}:{who}:{password_hash}")
