"""The key that signs forms and knows browsers again: `VS_COOKIE_KEY`, or in demo mode a known one."""

from __future__ import annotations

import hashlib
import hmac
import re

from vs_core.settings import Settings

DEMO_KEY = "a demo has nothing to keep secret"
SHORTEST = 32
FEWEST_SIGNS = 10
MADE_BY_NOBODY = re.compile("change.?me|secret|example|password|placeholder|insert|random|your.?key|test.?key|cookie")
"""What a key taken from a document, or typed in place of one, reads like."""
REPEATED = re.compile(r"(.{1,16}?)\1+.{0,15}", re.DOTALL)


def signing_key(rules: Settings) -> str:
    """The key to sign with."""
    return rules.cookie_key or DEMO_KEY


def signed(rules: Settings, purpose: str, text: str) -> str:
    """A keyed hash of a text, of use for one purpose only; 64 hexadecimal signs."""
    said = f"{purpose}:{text}".encode("utf-8", "surrogatepass")
    return hmac.new(signing_key(rules).encode(), said, hashlib.sha256).hexdigest()


def check(rules: Settings) -> None:
    """Raises RuntimeError when the key is missing, short, simple, or stands in a document."""
    key = rules.cookie_key
    if len(key) < SHORTEST or key == DEMO_KEY or _is_simple(key):
        raise RuntimeError(
            f"VS_COOKIE_KEY must be a random text of at least {SHORTEST} characters. Make one with: "
            'python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )


def _is_simple(key: str) -> bool:
    steps = {ord(following) - ord(sign) for sign, following in zip(key, key[1:], strict=False)}
    few = min(len(set(key)), len(steps)) < FEWEST_SIGNS
    return few or bool(REPEATED.fullmatch(key) or MADE_BY_NOBODY.search(key.casefold()))
