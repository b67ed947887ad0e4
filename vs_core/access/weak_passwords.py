"""Passwords that are guessed first: those in a list of common ones, those made of names that everybody here knows, and
those of one thing said again and again. Nothing is asked of the kinds of signs in a password."""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from vs_core.settings import DATA

COMMON = DATA / "reference" / "common_passwords.txt.gz"
PRODUCT = "Virtual School dashboard"
MOST_AROUND_A_WORD = 8
"""Digits and other signs before and after a common password do not make it another: `summer2026!!`."""
FEWEST_BESIDE_NAMES = 5
SHORTEST_NAME = 3
FEWEST_SIGNS = 4
AROUND = re.compile(r"^[\W\d_]*(.*?)[\W\d_]*$", re.DOTALL)
REPEATED = re.compile(r"(.+?)\1+(.*)", re.DOTALL)
ROWS = ("1234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")


def is_guessed_first(password: str, names: Iterable[str]) -> bool:
    """Would a guesser come to this password soon? names: the person's sign-in name, the council's."""
    folded = _folded(password)
    return len(set(folded)) < FEWEST_SIGNS or _is_common(folded) or _is_repeated(folded) or _is_of_names(folded, names)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


@cache
def _common() -> frozenset[str]:
    with gzip.open(COMMON, "rt", encoding="utf-8") as file:
        return frozenset(line.strip().casefold() for line in file)


def _is_common(folded: str) -> bool:
    found = AROUND.fullmatch(folded)
    word = found[1] if found else folded
    known = bool(word) and (word in _common() or _is_a_row(word))
    return folded in _common() or _is_a_row(folded) or (known and len(folded) - len(word) <= MOST_AROUND_A_WORD)


def _is_a_row(text: str) -> bool:
    """Neighbours of the alphabet, of the digits or of the keyboard, forwards or backwards: `456789`, `poiuyt`."""
    return len(text) >= FEWEST_SIGNS and any(text in row * 3 or text in row[::-1] * 3 for row in ROWS)


def _is_repeated(folded: str) -> bool:
    found = REPEATED.fullmatch(folded)
    if not found or not found[1].startswith(found[2]):
        return False
    return len(found[1]) <= FEWEST_BESIDE_NAMES or _is_common(found[1])


def _is_of_names(folded: str, names: Iterable[str]) -> bool:
    """Is it little more than names written together, or a common password beside them?"""
    rest = _letters_and_digits(folded)
    whole = len(rest)
    for name in sorted(_known_names(names), key=len, reverse=True):
        rest = rest.replace(name, "")
    return len(rest) < whole and (len(rest) < FEWEST_BESIDE_NAMES or _is_common(rest))


def _known_names(names: Iterable[str]) -> set[str]:
    said = [_folded(name) for name in (*names, PRODUCT)]
    parts = {_letters_and_digits(part) for name in said for part in (name, *re.split(r"[\W_]+", name))}
    return {part for part in parts if len(part) >= SHORTEST_NAME}


def _letters_and_digits(folded: str) -> str:
    return "".join(sign for sign in folded if sign.isalnum())
