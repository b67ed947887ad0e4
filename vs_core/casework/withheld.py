"""Refused rows about children whose whereabouts are restricted: they wait for the people who are named for it.

To anybody else such a row is counted among those that wait, and neither shown nor to be acted on."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from vs_core.access.viewer import Viewer
from vs_core.intake.cells import YES
from vs_core.intake.kind import folded
from vs_core.queries import ledger

SHORTEST = 4


def numbers(connection: Connection, viewer: Viewer) -> frozenset[str]:
    """What files know restricted children by, in each of the `_spellings`; nothing for who is named for them."""
    if viewer.sees_restricted:
        return frozenset()
    found = connection.execute(ledger.numbers_of_restricted()).scalars()
    return frozenset(spelt for number in found for spelt in _spellings(number))


def is_withheld(viewer: Viewer, cells: Mapping[str, str], of_restricted: frozenset[str]) -> bool:
    """Whether a row is about a restricted child, by a number of the child's own or by its word, and the viewer is not
    named for it. of_restricted: `numbers`."""
    if viewer.sees_restricted:
        return False
    marked = any(folded(name) == "restricted" and cell.strip().lower() in YES for name, cell in cells.items())
    return marked or any(_spellings(cell) & of_restricted for cell in cells.values())


def _spellings(number: str) -> set[str]:
    """A number without capitals and spaces around it, and without the leading zeros that spreadsheets take off, unless
    so little is left that any small number in another cell would look like it."""
    plain = number.strip().casefold()
    short = plain.lstrip("0")
    return {each for each in (plain, short if len(short) >= SHORTEST else "") if each}
