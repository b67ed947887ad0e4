"""How far the building of the invented authority has come: the trail says when it began and when it was done."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Connection, Engine, select

from vs_core.access import trail
from vs_core.demo.plan import Delivery, Size
from vs_core.intake.problems import FileProblem
from vs_core.intake.readiness import SHIPPED_BY
from vs_core.intake.reading import sha256_of
from vs_core.store import access_tables, schema
from vs_core.store.engine import reading

BY = "demo"
BEGUN, BUILT = "demo begun", "demo built"
Taken = tuple[str, str, date]


@dataclass(frozen=True)
class Asked:
    """Which authority: as at which day, of which size, with every mark or not."""

    as_at: date
    size: Size = "county"
    full: bool = False

    def __str__(self) -> str:
        size = self.size if self.size == "county" else f"{self.size} authority"
        return f"the {size} as at {self.as_at:%d/%m/%Y}{' with all marks' if self.full else ''}"


def holds_data(engine: Engine) -> bool:
    """Whether any file has come in but those that ship with the dashboard."""
    ledger = schema.import_ledger
    others = select(ledger.c.id).where(ledger.c.imported_by != SHIPPED_BY).limit(1)
    with reading(engine) as connection:
        return connection.execute(others).first() is not None


def unfinished(engine: Engine) -> Asked | None:
    """The authority whose building was begun and not done; None where none was."""
    event = access_tables.audit_event
    last = select(event.c.what, event.c.detail).where(event.c.what.in_((BEGUN, BUILT))).order_by(event.c.id.desc())
    with reading(engine) as connection:
        row = connection.execute(last.limit(1)).first()
    if row is None or row.what == BUILT:
        return None
    told = json.loads(row.detail)
    return Asked(date.fromisoformat(told["as_at"]), told["size"], told["full"])


def begun(connection: Connection, asked: Asked) -> None:
    trail.record(connection, BY, BEGUN, asked.size, asdict(asked))


def built(connection: Connection, asked: Asked) -> None:
    trail.record(connection, BY, BUILT, asked.size, asdict(asked))


def remaining(engine: Engine, delivered: list[Delivery]) -> list[Delivery]:
    """What has not been taken in. Raises FileProblem when files were taken in that are none of these."""
    taken = _taken(engine)
    if not taken:
        return delivered
    names: dict[Taken, Delivery] = {(each.kind, sha256_of(each.path), each.known_on): each for each in delivered}
    if taken - names.keys():
        raise FileProblem(
            "The building of the invented authority was begun by another version of the dashboard and broken off."
            " Take an empty database."
        )
    return [each for key, each in names.items() if key not in taken]


def _taken(engine: Engine) -> set[Taken]:
    row = schema.import_ledger.c
    with reading(engine) as connection:
        found = connection.execute(
            select(row.kind, row.file_hash, row.known_on).where(row.imported_by == BY, row.undoes.is_(None))
        )
        return {(each.kind, each.file_hash, each.known_on) for each in found}
