"""What people change through the Data page: files taken in, imports undone, refused rows corrected or dismissed.

Each asks for the right to import and writes to the trail in the same transaction. Raises PermissionError without the
right, FileProblem (a sentence for the person) when it cannot be done, NotNow when the database could not do it and may
do it later; nothing is written then."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from collections.abc import Mapping as ByName
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.exc import SQLAlchemyError

from vs_core.access import roles, trail
from vs_core.access.viewer import Viewer
from vs_core.casework import withheld
from vs_core.intake import Reconciliation, layout, taking_in
from vs_core.intake import undo as undoing
from vs_core.intake.kind import REJECTED_ROW, folded
from vs_core.intake.kinds import KINDS
from vs_core.intake.mapping import Mapping, read_mapping
from vs_core.intake.problems import FileProblem
from vs_core.intake.reading import Sheet, read_bytes
from vs_core.intake.refused import lacking
from vs_core.queries.knowledge import TYPED_IN
from vs_core.settings import settings
from vs_core.store.engine import engine as own_engine
from vs_core.store.engine import reading, writing
from vs_core.store.schema import import_ledger, rejected_row
from vs_core.store.trouble import trouble

LARGEST_BYTES = 100 * 1024 * 1024
LONGEST_NAME = 200
LONGEST_REASON = 500
NAMES = frozenset({"forename", "surname"})


@dataclass(frozen=True)
class Upload:
    """A file as it was uploaded, and how it is to be read. mapping: name of a mapping file, empty for none;
    known_on: day from which its rows count as known."""

    kind: str
    name: str
    content: bytes = field(repr=False)
    known_on: date
    encoding: str | None = None
    sheet: str | None = None
    mapping: str = ""


class NotNow(FileProblem):
    """The database is away, full, locked or not to be written; the text says which. The same may be tried again."""


@contextmanager
def _trouble_in_words() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        said = trouble(error)
        if said is None:
            raise
        raise NotNow(said) from error


@_trouble_in_words()
def preview(viewer: Viewer, upload: Upload, today: date, engine: Engine | None = None) -> Reconciliation:
    """What taking the file in would do; nothing is kept."""
    return _offered(viewer, upload, today, engine or own_engine(), dry_run=True)


@_trouble_in_words()
def take_in(viewer: Viewer, upload: Upload, today: date, engine: Engine | None = None) -> Reconciliation:
    """Take the file in, wholly or not at all."""
    return _offered(viewer, upload, today, engine or own_engine(), dry_run=False)


@_trouble_in_words()
def undo(viewer: Viewer, import_id: int, today: date, engine: Engine | None = None) -> str:
    """Undo an import from today on; what happened, as a sentence."""
    _may_import(viewer)
    also = undoing_on_the_trail(viewer, import_id)
    return undoing.undo(engine or own_engine(), import_id, by=viewer.name, known_on=today, also=also)


@_trouble_in_words()
def undo_outlook(viewer: Viewer, import_id: int, today: date, engine: Engine | None = None) -> str:
    """What undoing an import would do, as a sentence."""
    _may_import(viewer)
    with reading(engine or own_engine()) as connection:
        return undoing.outlook(connection, import_id, today)


@_trouble_in_words()
def offer_again(
    viewer: Viewer, row_id: int, changed: ByName[str, str], today: date, engine: Engine | None = None
) -> Reconciliation:
    """Offer a refused row again with some cells changed, through the same checks as a file. Still refused: nothing is
    written, and the answer (without `import_id`) says why."""
    _may_import(viewer)
    own = engine or own_engine()
    with reading(own) as connection:
        row = _waiting(connection, viewer, row_id)
    cells = _corrected(row.kind, json.loads(row.cells), changed)

    def also(connection: Connection, told: Reconciliation) -> None:
        if told.counts.rejected:
            raise _StillRefused(told)
        _must_be_settled(connection, row_id, told.import_id)
        detail = {"kind": row.kind, "refused row": row_id, "columns": sorted(changed)}
        trail.record(connection, viewer, "refused row corrected", str(told.import_id), detail)

    try:
        return taking_in.take_in(own, row.kind, _one_row(row, cells), known_on=today, by=viewer.name, also=also)
    except _StillRefused as refusal:
        return Reconciliation(**{**vars(refusal.told), "import_id": None})


@_trouble_in_words()
def dismiss(viewer: Viewer, row_id: int, reason: str, engine: Engine | None = None) -> None:
    """Set a refused row aside for good, with a reason that the trail keeps and that may not name the row's child."""
    _may_import(viewer)
    said = " ".join(reason.split())[:LONGEST_REASON]
    if not said:
        raise FileProblem("Say in a few words why the row is not needed.")
    with writing(engine or own_engine()) as connection:
        row = _waiting(connection, viewer, row_id)
        if viewer.may(roles.SEE_NAMES) and _names_the_child(said, row.kind, json.loads(row.cells)):
            raise FileProblem("Leave the child's name out: the trail keeps the reason for years.")
        connection.execute(update(rejected_row).where(rejected_row.c.id == row_id).values(state="dismissed"))
        trail.record(connection, viewer, "refused row dismissed", str(row_id), {"kind": row.kind, "reason": said})


def _names_the_child(said: str, kind: str, cells: dict[str, str]) -> bool:
    """Whether a word of the sentence is one of the row's names."""
    called = {
        folded(name) for column in KINDS[kind].columns if column.to in NAMES for name in (column.name, *column.aliases)
    }
    names = {word for name, cell in cells.items() if folded(name) in called for word in _words(cell)}
    return not names.isdisjoint(_words(said))


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w{2,}", text.casefold()))


def import_on_the_trail(who: Viewer | str, kind: str, known_on: date) -> Callable[[Connection, Reconciliation], None]:
    """What writes an import to the trail, within its transaction. who: as `trail.record` takes it."""

    def record(connection: Connection, told: Reconciliation) -> None:
        detail = {"kind": kind, "rows": told.counts.rows_in, "known_on": str(known_on)}
        trail.record(connection, who, "import", str(told.import_id), detail)

    return record


def undoing_on_the_trail(who: Viewer | str, import_id: int) -> Callable[[Connection, str], None]:
    """What writes the undoing of an import to the trail, within its transaction."""

    def record(connection: Connection, _told: str) -> None:
        trail.record(connection, who, "import undone", str(import_id))

    return record


def mapping_names() -> list[str]:
    """The council's mapping files."""
    return sorted(file.name for file in settings().mapping_folder.glob("*.toml"))


class _StillRefused(Exception):
    """Ends the transaction of a row that is refused once more."""

    def __init__(self, told: Reconciliation) -> None:
        super().__init__("still refused")
        self.told = told


def _may_import(viewer: Viewer) -> None:
    if not viewer.may(roles.IMPORT):
        raise PermissionError("This role may not take files in.")


def _offered(viewer: Viewer, upload: Upload, today: date, engine: Engine, *, dry_run: bool) -> Reconciliation:
    if not viewer.may_take_in(upload.kind):
        raise PermissionError("This role may not take such files in.")
    if len(upload.content) > LARGEST_BYTES:
        raise FileProblem(f"The file {upload.name} is larger than {LARGEST_BYTES // 1024**2} MB.")
    name = Path(upload.name.replace("\\", "/")).name[:LONGEST_NAME]
    return taking_in.take_in(
        engine,
        upload.kind,
        read_bytes(name, upload.content, upload.encoding, upload.sheet),
        known_on=upload.known_on,
        by=viewer.name,
        dry_run=dry_run,
        mapping=_mapping(upload.mapping),
        today=today,
        also=import_on_the_trail(viewer, upload.kind, upload.known_on),
    )


def _mapping(name: str) -> Mapping | None:
    if not name:
        return None
    if name not in mapping_names():
        raise FileProblem(f"There is no mapping called {name}.")
    return read_mapping(settings().mapping_folder / name)


def _waiting(connection: Connection, viewer: Viewer, row_id: int) -> Any:
    """The refused row, for who may act on it."""
    names = [rejected_row.c[name] for name in ("id", "kind", "row_number", "cells", "state")]
    found = select(*names, import_ledger.c.file_name).join(
        import_ledger, import_ledger.c.id == rejected_row.c.import_id
    )
    row = connection.execute(found.where(rejected_row.c.id == row_id)).first()
    if row is None or withheld.is_withheld(viewer, json.loads(row.cells), withheld.numbers(connection, viewer)):
        raise FileProblem(f"There is no refused row {row_id}.")
    if row.state != "waiting":
        raise FileProblem(f"The refused row {row_id} no longer waits: it is {row.state}.")
    return row


def _must_be_settled(connection: Connection, row_id: int, import_id: int | None) -> None:
    resolved_by = connection.scalar(select(rejected_row.c.resolved_by).where(rejected_row.c.id == row_id))
    if resolved_by != import_id:
        raise FileProblem(f"Somebody else has just dealt with the refused row {row_id}.")


def _corrected(kind: str, was: ByName[str, str], changed: ByName[str, str]) -> dict[str, str]:
    """The cells with the changes; a column that the row lacked is added only when something stands in it, or must."""
    added = {name: cell for name, cell in changed.items() if name in was or cell or name in lacking(kind, was)}
    return {**was, **added}


def _one_row(row: Any, cells: ByName[str, str]) -> Sheet:
    names, values = [*cells, REJECTED_ROW], [*cells.values(), str(row.id)]
    sha256 = hashlib.sha256(layout.csv_file(names, [values])).hexdigest()
    return Sheet(f"row {row.row_number} of {row.file_name}, corrected", sha256, TYPED_IN, names, [values], [2])
