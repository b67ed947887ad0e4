"""Canaries in bytes: in a frame, a body, a log, and inside the parts of a file that was taken away."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from io import BytesIO

from tests.access import canaries
from tests.access.canaries import COUNTED, FOREIGN, HIDDEN, OF_TEAM, OPEN, TEAM, TOLD, WHO
from tests.access.matrix.authority import DRAFT, SIGN_IN, VIEWERS
from tests.reports.files import pdf_text
from vs_core.intake.kinds import KINDS

Canary = tuple[str, str]
"""Whose it is, and of which column."""
UNKNOWN: Canary = ("of nobody knows whom", "")
COLUMNS = {f"{table}.{name}" for listed in (TOLD, WHO, OF_TEAM, COUNTED) for table in listed for name in listed[table]}
CELLS = {f"cell {column.name}" for kind in KINDS.values() for column in kind.columns}
SIGN_INS = {f"{said} {name}" for said in ("name", DRAFT) for name in VIEWERS}
BETWEEN = r"(?:%2c|%20|%27|&#?[a-z0-9]+;|[^a-z0-9]){1,4}"
"""What may stand between the words of a canary in a file's name or an address."""


def _words(text: str) -> str:
    return BETWEEN.join(re.findall(r"[a-z0-9]+", text.lower()))


def _any_of(texts: Iterable[str]) -> str:
    return "|".join(map(_words, sorted(texts, key=len, reverse=True)))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", re.sub(r"%2c|%20|%27|&#?[a-z0-9]+;", " ", text.lower())))


WHOSE = {_plain(whose): whose for whose in (HIDDEN, OPEN, FOREIGN, TEAM, SIGN_IN)}
NAMED = {_plain(name): name for name in (*COLUMNS, *CELLS, *SIGN_INS)}
CANARY = re.compile(f"({_any_of(WHOSE)}){BETWEEN}({_any_of(NAMED)})")


def canaries_in(data: bytes) -> set[Canary]:
    """Every canary; whatever calls itself one and cannot be read counts as UNKNOWN."""
    found: set[Canary] = set()
    for part in _parts(data):
        found |= _numbers(part)
        text = part.decode("latin-1").replace("\\", "").lower()
        matches = CANARY.findall(text)
        found |= {(WHOSE[_plain(whose)], NAMED[_plain(column)]) for whose, column in set(matches)}
        if text.count("canary") > len(matches):
            found.add(UNKNOWN)
    return found


def _parts(data: bytes) -> list[bytes]:
    """The bytes themselves, or the parts of a file that is packed."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(data)) as packed:
            return [part for name in packed.namelist() for part in _parts(packed.read(name))]
    return [pdf_text(data).encode()] if data.startswith(b"%PDF") else [data]


def _numbers(data: bytes) -> set[Canary]:
    """The number of a restricted child's school and the day of its inspection, in words and as numbers of a table."""
    at = canaries.HIDDEN_INSPECTION
    since = datetime.combine(at, datetime.min.time()) - datetime(1970, 1, 1)
    of_school = (b"%d" % canaries.HIDDEN_SCHOOL_KEY, struct.pack("<q", canaries.HIDDEN_SCHOOL_KEY))
    units = (timedelta(milliseconds=1), timedelta(microseconds=1))
    of_day = [at.isoformat().encode(), f"{at.day} {at:%b %Y}".encode()]
    of_day += [struct.pack("<q", since // unit) for unit in units]
    found = {(HIDDEN, "school.id") for form in of_school if form in data}
    return found | {(HIDDEN, "school_details.ofsted_inspected_on") for form in of_day if form in data}
