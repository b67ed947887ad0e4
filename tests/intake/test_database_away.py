"""A database that is away, full, locked or not to be written, under the Data page: a sentence, nothing half-written,
and the same button works once the database is well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import IntegrityError

from tests.conftest import Databases, prepare
from tests.databases import _started, _stop
from tests.intake.kind_files import FULL, csv_bytes, rows_of, taken_in, wrong
from tests.intake.test_data_page_flow import ADMINISTRATOR, HEADTEACHER, TODAY, use
from tests.needs import Unavailable, missing
from tests.pages.conftest import Open
from tests.pages.conftest import over as over
from vs_core.casework import imports
from vs_core.casework.imports import NotNow, Upload
from vs_core.store import engine as engines
from vs_core.store.copying import row_counts
from vs_core.store.engine import engine_for, reading, writing
from vs_core.ui.parts.data_upload import Pending

MARKS = [{**FULL["attendance"], "child_id": str(child), "source": f"source {child}"} for child in range(300)]
LIST = [{**FULL["children"], "child_id": str(child)} for child in range(300)]
CHILDREN = Upload("children", "children.csv", csv_bytes(LIST), TODAY)
REGISTER = Upload("attendance", "attendance.csv", csv_bytes(MARKS), TODAY)
Ailing = Callable[[Any], None]


def may_not_grow(connection: Any) -> None:
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages + 1}")


def may_not_be_written(connection: Any) -> None:
    connection.execute("PRAGMA query_only=ON")


def does_not_wait(connection: Any) -> None:
    connection.execute("PRAGMA busy_timeout=50")


AILMENTS = {
    "full": (may_not_grow, "The disk of the database is full"),
    "read-only": (may_not_be_written, "may be read here, but not written"),
}


@pytest.fixture
def sqlite_url(sqlite_files: Databases) -> Iterator[str]:
    url = sqlite_files.copy_of("prepared", prepare)
    yield url
    sqlite_files.drop(url)


@pytest.fixture
def well(sqlite_url: str) -> Iterator[Engine]:
    engine = engine_for(sqlite_url)
    yield engine
    engine.dispose()


def ailing(url: str, ailment: Ailing) -> Engine:
    engine = engine_for(url)
    event.listen(engine, "connect", lambda connection, _record: ailment(connection))
    return engine


def held(engine: Engine) -> dict[str, int]:
    with reading(engine) as connection:
        return row_counts(connection)


def waiting_row(engine: Engine) -> int:
    taken_in(engine, "children", csv_bytes([wrong("children")]))
    with reading(engine) as connection:
        return int(connection.scalar(text("select max(id) from rejected_row")) or 0)


@pytest.mark.parametrize("upload", [CHILDREN, REGISTER], ids=["children", "attendance"])
@pytest.mark.parametrize("ailment", AILMENTS)
def test_an_upload_is_looked_at_and_taken_in_once_the_database_is_well(
    sqlite_url: str, well: Engine, ailment: str, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, sentence = AILMENTS[ailment]
    before = held(well)
    well.dispose()
    ill = ailing(sqlite_url, make)
    use(ill, monkeypatch)
    pending = Pending("key", upload)
    pending.look(HEADTEACHER, TODAY)
    assert sentence in pending.not_now
    assert (pending.told, pending.problem) == (None, "")
    pending.confirm(HEADTEACHER, TODAY)
    assert sentence in pending.not_now
    assert (pending.done, pending.problem) == (None, "")
    ill.dispose()
    assert held(well) == before
    use(well, monkeypatch)
    pending.look(HEADTEACHER, TODAY)
    assert (pending.not_now, pending.told is not None) == ("", True)
    pending.confirm(HEADTEACHER, TODAY)
    assert pending.done is not None
    assert pending.done.counts.rejected == 0
    assert pending.not_now == ""


@pytest.mark.parametrize("ailment", AILMENTS)
def test_undoing_correcting_and_dismissing_may_be_tried_again(sqlite_url: str, well: Engine, ailment: str) -> None:
    first = taken_in(well, "children", csv_bytes([FULL["children"]])).import_id or 0
    row = waiting_row(well)
    before = held(well), rows_of(well, "children")
    well.dispose()
    make, sentence = AILMENTS[ailment]
    ill = ailing(sqlite_url, make)
    wordy = {"restricted": "no", "surname": "x" * 20_000}
    deeds = [lambda engine: imports.undo(ADMINISTRATOR, first, TODAY, engine)] if make is not may_not_grow else []
    deeds += [lambda engine: imports.offer_again(ADMINISTRATOR, row, wordy, TODAY, engine)]
    for deed in deeds:
        with pytest.raises(NotNow, match=sentence):
            deed(ill)
    ill.dispose()
    assert (held(well), rows_of(well, "children")) == before
    for deed in reversed(deeds):
        deed(well)


def test_somebody_else_writes(sqlite_url: str, well: Engine) -> None:
    impatient = ailing(sqlite_url, does_not_wait)
    with well.connect() as other_writer:
        other_writer.execution_options(vs_writing=True).execute(text("select 1"))
        with pytest.raises(NotNow, match="Somebody else is writing"):
            imports.take_in(HEADTEACHER, CHILDREN, TODAY, impatient)
    assert imports.take_in(HEADTEACHER, CHILDREN, TODAY, impatient).counts.inserted == len(LIST)
    impatient.dispose()


def test_a_fault_of_the_product_is_not_called_trouble_of_the_database(well: Engine) -> None:
    with pytest.raises(IntegrityError), imports._trouble_in_words(), writing(well) as connection:
        connection.execute(text("insert into school (id, urn) values (0, '')"))


def test_the_page_says_so_and_the_button_works_again(
    over: Callable[[str], Open], sqlite_url: str, well: Engine
) -> None:
    page = over(sqlite_url)("data", part="Upload")
    switch = ["OFF"]
    event.listen(engines.engine(), "checkout", lambda raw, *_: raw.execute(f"PRAGMA query_only={switch[0]}"))
    page.selectbox(key="upload of").set_value("children").run()
    page.file_uploader[0].upload("children.csv", csv_bytes([FULL["children"]]), "text/csv").run()
    switch[0] = "ON"
    page.button(key="take in").click().run()
    assert [error.value for error in page.error if "may be read here, but not written" in error.value]
    assert not page.exception
    assert held(well)["child"] == 0
    switch[0] = "OFF"
    page.button(key="take in").click().run()
    assert not page.error
    assert [success.value for success in page.success if "Taken in as import" in success.value]
    assert held(well)["child"] == 1


class Server:
    """A PostgreSQL server of the test's own, which it stops and starts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "pg"
        self._server = _started(self._folder)
        self.url = str(self._server.get_uri(database="postgres", driver="psycopg"))

    def stop(self) -> None:
        process_file = self._folder / "postmaster.pid"
        if process_file.exists():
            _stop(int(process_file.read_text().split()[0]), process_file)

    def start(self) -> None:
        self._server.start()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    try:
        made = Server(tmp_path)
    except Unavailable as unavailable:
        missing(unavailable)
    yield made
    made.stop()


@pytest.mark.postgres
@pytest.mark.slow
def test_a_server_that_is_stopped_in_the_middle_of_an_import(server: Server) -> None:
    engine = engine_for(server.url)
    prepare(engine)
    before = held(engine)
    stopped: list[str] = []

    def stop(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("UPDATE import_ledger") and not stopped:
            stopped.append(statement)
            server.stop()

    event.listen(engine, "before_cursor_execute", stop)
    with pytest.raises(NotNow, match="Try again in a while"):
        imports.take_in(HEADTEACHER, REGISTER, TODAY, engine)
    assert stopped
    with pytest.raises(NotNow, match="connection"):
        imports.preview(HEADTEACHER, REGISTER, TODAY, engine)
    with pytest.raises(NotNow, match="connection"):
        imports.undo(HEADTEACHER, 1, TODAY, engine)
    server.start()
    assert held(engine) == before
    assert imports.take_in(HEADTEACHER, REGISTER, TODAY, engine).counts.inserted == len(MARKS)
    engine.dispose()


@pytest.mark.postgres
@pytest.mark.slow
def test_a_connection_that_ends_while_rows_are_copied(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, killer = engine_for(server.url), engine_for(server.url)
    prepare(engine)
    before = held(engine)

    def rows() -> Iterator[tuple[int]]:
        with killer.connect() as connection:
            others = (
                "select pg_terminate_backend(pid) from pg_stat_activity where state = 'active' and query like 'COPY%'"
            )
            connection.execute(text(others))
        yield from ((number,) for number in range(100_000))

    from vs_core.store import bulk

    real = bulk._as_stored
    monkeypatch.setattr(bulk, "_as_stored", lambda *given: (row for _ in rows() for row in real(*given)))
    with pytest.raises(NotNow):
        imports.take_in(HEADTEACHER, CHILDREN, TODAY, engine)
    monkeypatch.setattr(bulk, "_as_stored", real)
    assert held(engine) == before
    assert imports.take_in(HEADTEACHER, CHILDREN, TODAY, engine).counts.inserted == len(LIST)
    engine.dispose()
    killer.dispose()
