"""Passwords: kept and compared with streamlit-authenticator's Hasher (bcrypt).

bcrypt reads 72 bytes at most and refuses more, so the SHA-256 of a password is what it gets: every byte counts.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from vs_core.access import weak_passwords

SHORTEST = 10
LONGEST = 128
BCRYPT = re.compile(r"\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}")


def hashed(password: str) -> str:
    """The hash to keep for a password."""
    return str(_hasher().hash(_digest(password)))


def matches(password: str, kept: str | None) -> bool:
    """Is this the password behind the kept hash? Takes as long for None (an unknown person), for an empty text (a
    person without a password) and for what is no bcrypt hash at all."""
    is_a_hash = bool(kept) and BCRYPT.fullmatch(kept or "") is not None
    found = _hasher().check_pw(_digest(password), kept if is_a_hash else _nobody())
    return bool(found) and is_a_hash


def refusal(password: str, *names: str) -> str | None:
    """Why a new password cannot be taken, as a sentence, or None. names: the person's sign-in name, the council's."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"A password has {SHORTEST} to {LONGEST} characters."
    if weak_passwords.is_guessed_first(password, names):
        return "That password is too easy to guess. Three or four words that do not belong together make a good one."
    return None


@cache
def _hasher() -> Any:
    """Hasher out of its own file: importing its package would run Streamlit code that needs a browser's session."""
    package = find_spec("streamlit_authenticator")
    if package is None or package.origin is None:
        raise RuntimeError("streamlit-authenticator is not installed.")
    spec = spec_from_file_location("vs_hasher", Path(package.origin).parent / "utilities" / "hasher.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Hasher


def _digest(password: str) -> str:
    normal = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return base64.b64encode(hashlib.sha256(normal).digest()).decode()


@cache
def _nobody() -> str:
    return hashed("nobody has this password")
