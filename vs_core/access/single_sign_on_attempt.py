"""A sign-in that is under way at the provider: kept by the browser that began it, and good for one return.

The cookie holds a random seed, when it was made and where to go on to, signed. What goes out to the provider (state,
nonce, the code challenge) is made from the seed with our key, so neither the cookie nor the addresses on the way tell
the rest.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta

from vs_core.access import keys, origin
from vs_core.access.single_sign_on_provider import Attempt
from vs_core.settings import Settings

LASTS = timedelta(minutes=10)
LONGEST_COOKIE = 3500


def begun(target: str, at: datetime, rules: Settings) -> str:
    """The cookie of a new attempt. A target too long for a cookie becomes the first page."""
    for wanted in (target, "/"):
        packed = urlsafe_b64encode(wanted.encode("utf-8", "replace")).decode().rstrip("=")
        said = f"{secrets.token_urlsafe(32)}.{int(at.timestamp())}.{packed}"
        if len(said) <= LONGEST_COOKIE:
            break
    return f"{said}.{keys.signed(rules, 'council', said)}"


def read(cookie: str, at: datetime, rules: Settings, redirect: str) -> tuple[Attempt, str] | None:
    """The attempt and its target out of a cookie that we made, not long ago; else None."""
    said, _, signature = cookie.rpartition(".")
    if not hmac.compare_digest(signature.encode(), keys.signed(rules, "council", said).encode()):
        return None
    seed, made_at, packed = said.split(".")
    if not timedelta(0) <= at - datetime.fromtimestamp(int(made_at), at.tzinfo) < LASTS:
        return None
    target = urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()
    return attempt(seed, rules, redirect), origin.local_path(target)


def attempt(seed: str, rules: Settings, redirect: str) -> Attempt:
    """What an attempt sends out, made from its seed."""
    state, nonce, verifier = (_made_from(seed, part, rules) for part in ("state", "nonce", "verifier"))
    return Attempt(state, nonce, verifier, redirect)


class Returns:
    """The attempts that have come back, so that none comes back twice. For one thread."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}

    def is_first(self, state: str, at: datetime) -> bool:
        """Is this the first return with this state? Each is remembered for as long as its cookie would count."""
        while self._until and next(iter(self._until.values())) <= at:
            del self._until[next(iter(self._until))]
        if state in self._until:
            return False
        self._until[state] = at + LASTS
        return True


def _made_from(seed: str, part: str, rules: Settings) -> str:
    digest = hashlib.sha256(keys.signed(rules, f"council {part}", seed).encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
