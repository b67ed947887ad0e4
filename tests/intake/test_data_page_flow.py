"""What people do on the Data page: look at a file, take it in once, correct a refused row, undo; and who may."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta

import pytest
import streamlit as st
from sqlalchemy import Engine, func, select, update

from tests.conftest import SMALL_AUTHORITY_AS_AT
from tests.intake.kind_files import FULL, changed, csv_bytes, other, rows_of, taken_in, wrong
from vs_core.access import roles
from vs_core.access.viewer import Viewer
from vs_core.casework import imports
from vs_core.casework.imports import Upload
from vs_core.intake.kinds import KINDS
from vs_core.intake.layout import csv_file, xlsx_file
from vs_core.intake.problems import FileProblem
from vs_core.intake.refused import lacking
from vs_core.queries import knowledge
from vs_core.store import engine as engines
from vs_core.store import schema
from vs_core.store.access_tables import audit_event
from vs_core.store.engine import reading, writing
from vs_core.ui.load import data
from vs_core.ui.parts.data_upload import Pending

TODAY = date(2026, 9, 28)
HEADTEACHER = Viewer(1, "head", "A Head", "headteacher", "session 1", sees_restricted=True)
ADMINISTRATOR = Viewer(2, "admin", "An Administrator", "administrator", "session 2")
WITHOUT_THE_RIGHT = [
    Viewer(3, role, role, role, "session 3") for role in roles.ROLES if not roles.may(role, roles.IMPORT)
]


@pytest.fixture(autouse=True)
def own(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """The page reads and writes the test's database."""
    use(engine, monkeypatch)
    return engine


def use(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "engine", lambda url=None: engine)
    monkeypatch.setattr(imports, "own_engine", lambda: engine)
    st.cache_data.clear()


def upload(*rows: dict[str, str] | object, kind: str = "children", known_on: date = TODAY) -> Upload:
    return Upload(kind, f"C:\\files\\{kind}.csv", csv_bytes(rows), known_on)  # type: ignore[arg-type]


def number_of(engine: Engine, table: object) -> int:
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[call-overload,no-any-return]


def events(engine: Engine) -> list[tuple[str, str, str]]:
    with reading(engine) as connection:
        rows = connection.execute(select(audit_event).order_by(audit_event.c.id)).all()
    return [(row.user_name, row.what, row.subject) for row in rows]


def test_looking_keeps_nothing(engine: Engine) -> None:
    told = imports.preview(HEADTEACHER, upload(FULL["children"], wrong("children")), TODAY)
    assert (told.counts.rows_in, told.counts.inserted, told.counts.rejected, told.import_id) == (2, 1, 1, None)
    assert [number_of(engine, table) for table in (schema.import_ledger, schema.rejected_row, audit_event)] == [0, 0, 0]


def test_taking_in_names_who_and_writes_to_the_trail(engine: Engine) -> None:
    told = imports.take_in(ADMINISTRATOR, upload(FULL["children"]), TODAY)
    with reading(engine) as connection:
        entry = connection.execute(select(schema.import_ledger)).one()
    assert (entry.imported_by, entry.file_name, entry.known_on) == ("admin", "children.csv", TODAY)
    assert events(engine) == [("admin", "import", str(told.import_id))]


@pytest.mark.parametrize("role", list(roles.ROLES))
def test_who_pays_takes_in_what_finance_answers_and_no_other_file(engine: Engine, role: str) -> None:
    viewer = Viewer(3, role, role, role, "session 3")
    for kind in ("pp-payments", "pp-requests", "children"):
        if roles.may(role, roles.IMPORT) or (kind == "pp-payments" and roles.may(role, roles.PAY)):
            told = imports.take_in(viewer, upload(FULL[kind], kind=kind), TODAY)
            assert (told.counts.inserted, told.counts.rejected) == (1, 0)
        else:
            with pytest.raises(PermissionError):
                imports.take_in(viewer, upload(FULL[kind], kind=kind), TODAY)


@pytest.mark.parametrize("viewer", WITHOUT_THE_RIGHT, ids=lambda viewer: viewer.role)
def test_a_role_without_the_right_can_do_none_of_it(engine: Engine, viewer: Viewer) -> None:
    taken_in(engine, "children", csv_bytes([wrong("children")]))
    before = (number_of(engine, schema.import_ledger), number_of(engine, audit_event))
    for attempt in (
        lambda: imports.preview(viewer, upload(FULL["children"]), TODAY),
        lambda: imports.take_in(viewer, upload(FULL["children"]), TODAY),
        lambda: imports.undo(viewer, 1, TODAY),
        lambda: imports.undo_outlook(viewer, 1, TODAY),
        lambda: imports.offer_again(viewer, 1, {}, TODAY),
        lambda: imports.dismiss(viewer, 1, "no need"),
    ):
        with pytest.raises(PermissionError):
            attempt()
    assert before == (number_of(engine, schema.import_ledger), number_of(engine, audit_event))


def test_confirmed_twice_at_once_is_taken_in_once(engine: Engine) -> None:
    pending = Pending("key", upload(FULL["children"]))
    pending.look(HEADTEACHER, TODAY)
    presses = [threading.Thread(target=pending.confirm, args=(HEADTEACHER, TODAY)) for _ in range(4)]
    for press in presses:
        press.start()
    for press in presses:
        press.join()
    assert number_of(engine, schema.import_ledger) == 1
    assert pending.done is not None
    assert pending.done.counts.inserted == 1


def test_a_file_that_cannot_be_taken_in_says_why_and_is_never_confirmed(engine: Engine) -> None:
    pending = Pending("key", upload({"name": "x"}))
    pending.look(HEADTEACHER, TODAY)
    assert pending.problem.startswith("A file of children needs the column child_id, dob.")
    pending.confirm(HEADTEACHER, TODAY)
    assert (pending.done, number_of(engine, schema.import_ledger)) == (None, 0)


def test_a_file_is_not_known_before_it_came_nor_larger_than_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileProblem, match="known later than today"):
        imports.preview(HEADTEACHER, upload(FULL["children"], known_on=TODAY + timedelta(1)), TODAY)
    monkeypatch.setattr(imports, "LARGEST_BYTES", 10)
    with pytest.raises(FileProblem, match="is larger than"):
        imports.preview(HEADTEACHER, upload(FULL["children"]), TODAY)


def test_a_mapping_is_one_of_the_folder(tmp_path: object) -> None:
    with pytest.raises(FileProblem, match="There is no mapping called"):
        imports.preview(HEADTEACHER, Upload("children", "a.csv", b"a\n1\n", TODAY, mapping="../secret.toml"), TODAY)


def refused_row(engine: Engine, *rows: object) -> int:
    taken_in(engine, "children", csv_bytes(rows or [wrong("children")]))  # type: ignore[arg-type]
    with reading(engine) as connection:
        return connection.scalar(select(func.max(schema.rejected_row.c.id))) or 0


def state_of(engine: Engine, row: int) -> tuple[str, int | None]:
    table = schema.rejected_row
    with reading(engine) as connection:
        found = connection.execute(select(table.c.state, table.c.resolved_by).where(table.c.id == row)).one()
    return found.state, found.resolved_by


def test_a_refused_row_is_corrected_and_taken_in(engine: Engine) -> None:
    row = refused_row(engine)
    told = imports.offer_again(HEADTEACHER, row, {"restricted": "yes"}, TODAY)
    assert told.counts.inserted == 1
    assert state_of(engine, row) == ("taken in", told.import_id)
    assert events(engine)[-1] == ("head", "refused row corrected", str(told.import_id))
    assert data.waiting(HEADTEACHER) == {}
    with pytest.raises(FileProblem, match="no longer waits: it is taken in"):
        imports.offer_again(HEADTEACHER, row, {"restricted": "yes"}, TODAY)


def test_a_row_that_is_refused_once_more_waits_as_it_was(engine: Engine) -> None:
    row = refused_row(engine)
    before = number_of(engine, schema.import_ledger)
    told = imports.offer_again(HEADTEACHER, row, {"restricted": "perhaps"}, TODAY)
    assert told.import_id is None
    assert "'perhaps' is neither yes nor no" in str(told.problems[0])
    assert (state_of(engine, row), number_of(engine, schema.import_ledger)) == (("waiting", None), before)


def test_a_row_of_too_few_cells_is_given_those_it_lacks(engine: Engine) -> None:
    taken_in(engine, "enrolments", b"child_id,urn,start\n00123,990001\n")
    with reading(engine) as connection:
        row = connection.scalar(select(schema.rejected_row.c.id)) or 0
    assert lacking("enrolments", {"child_id": "00123", "urn": "990001"}) == ["start"]
    assert imports.offer_again(HEADTEACHER, row, {"start": "01/09/2026"}, TODAY).counts.inserted == 1


def test_columns_left_empty_do_not_wipe_what_is_held(engine: Engine) -> None:
    taken_in(engine, "children", csv_bytes([other("children")]))
    short = {name: cell for name, cell in wrong("children").items() if name not in ("surname", "area")}
    row = refused_row(engine, short)
    imports.offer_again(HEADTEACHER, row, {"restricted": "no", "surname": ""}, TODAY)
    held = dict(zip(["child_id"], rows_of(engine, "children")[0], strict=False))
    assert held["child_id"] == "00124"
    assert "NA" in rows_of(engine, "children")[0]


def test_a_row_is_dismissed_with_a_reason(engine: Engine) -> None:
    row = refused_row(engine)
    with pytest.raises(FileProblem, match="Say in a few words why"):
        imports.dismiss(ADMINISTRATOR, row, "  ")
    imports.dismiss(ADMINISTRATOR, row, "A test of the supplier's")
    assert state_of(engine, row)[0] == "dismissed"
    assert events(engine)[-1] == ("admin", "refused row dismissed", str(row))
    with pytest.raises(FileProblem, match="it is dismissed"):
        imports.dismiss(ADMINISTRATOR, row, "again")


def test_the_reason_names_no_child(engine: Engine) -> None:
    row = refused_row(engine)
    name = next(cell for column, cell in wrong("children").items() if column == "surname")
    with pytest.raises(FileProblem, match="Leave the child's name out"):
        imports.dismiss(HEADTEACHER, row, f"{name.upper()} is there twice")
    assert state_of(engine, row)[0] == "waiting"


def test_what_became_of_refused_rows_is_said(engine: Engine) -> None:
    first = refused_row(engine)
    imports.offer_again(HEADTEACHER, first, {"restricted": "no"}, TODAY)
    imports.dismiss(HEADTEACHER, refused_row(engine, {**wrong("children"), "child_id": "00125"}), "A test")
    refused_row(engine, {**wrong("children"), "child_id": "00126"})
    last = imports.take_in(HEADTEACHER, upload({**other("children"), "child_id": "00126"}), TODAY).import_id
    rows = data.no_longer_waiting(ADMINISTRATOR)
    assert rows["what"].tolist()[0] == f"not needed any more: import {last} (children.csv) brought the row"
    assert sorted(rows["what"])[:1] == ["corrected and taken in by import 2 (row 2 of children.csv, corrected)"]
    assert "dismissed" in rows["what"].tolist()
    assert not {"cells", "forename"} & {*rows.columns}


def test_an_administrator_sees_refused_rows_without_names(engine: Engine) -> None:
    refused_row(engine, {**other("children"), "in_county": "maybe", "Full name": "Ann Other"})
    (seen,), _ = data.refused(ADMINISTRATOR, "children")
    assert {seen.cells[name] for name in ("forename", "surname", "Full name")} == {data.MASKED}
    assert (seen.cells["child_id"], seen.hidden) == ("00124", {"forename", "surname", "Full name"})
    (whole,), _ = data.refused(HEADTEACHER, "children")
    assert (whole.cells["forename"], whole.hidden) == ("Null", frozenset())
    assert whole.reasons == {"in_county": "'maybe' is neither yes nor no (Y, N, yes, no, true, false, 1, 0)"}


def test_a_masked_cell_is_offered_as_it_came(engine: Engine) -> None:
    row = refused_row(engine)
    imports.offer_again(ADMINISTRATOR, row, {"restricted": "no"}, TODAY)
    assert "Null" in rows_of(engine, "children")[0]


OTHER_HEAD = Viewer(4, "other", "Other", "headteacher", "session 4")


def test_what_tells_of_a_child_that_may_be_restricted_is_hidden(engine: Engine) -> None:
    refused_row(engine)
    (seen,), withheld = data.refused(OTHER_HEAD, "children")
    assert {"forename", "surname", "area", "in_county", "social_worker", "adviser"} <= seen.hidden
    assert withheld == 0
    assert data.refused(HEADTEACHER, "children")[0][0].hidden == frozenset()
    assert FULL["children"]["surname"].encode() not in data.refused_file([seen], csv_file)


def test_rows_about_a_restricted_child_wait_for_who_is_named_for_it(engine: Engine) -> None:
    """As spreadsheets spell its number."""
    child = {"child_id": "0012345", "restricted": "yes"}
    taken_in(engine, "children", csv_bytes([{**FULL["children"], **child}]))
    spelt = ("12345", " 0012345 ", "000012345")
    about = [{**FULL["ssda903-episodes"], "CHILD": each, "LS": "??"} for each in spelt]
    taken_in(engine, "ssda903-episodes", csv_bytes(about))
    for viewer in (OTHER_HEAD, ADMINISTRATOR):
        assert data.refused(viewer, "ssda903-episodes") == ([], 3)
        assert data.waiting(viewer) == {"ssda903-episodes": 3}
        with pytest.raises(FileProblem, match="There is no refused row"):
            imports.offer_again(viewer, 1, {"LS": "C2"}, TODAY)
        with pytest.raises(FileProblem, match="There is no refused row"):
            imports.dismiss(viewer, 1, "Not needed")
    (seen, *_), withheld = data.refused(HEADTEACHER, "ssda903-episodes")
    assert (seen.hidden, withheld) == (frozenset(), 0)
    imports.dismiss(HEADTEACHER, seen.id, "Not needed")


def test_a_row_that_says_so_itself_waits_for_who_is_named_for_it(engine: Engine) -> None:
    refused_row(engine, {**FULL["children"], "restricted": "Yes", "in_county": "maybe"})
    assert data.refused(ADMINISTRATOR, "children") == ([], 1)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_refused_rows_are_taken_away_corrected_and_uploaded_again(engine: Engine, ending: str) -> None:
    refused_row(engine, wrong("children"), {**wrong("children"), "child_id": "00125", "forename": "=1+1"})
    rows, _ = data.refused(HEADTEACHER, "children")
    again = imports.preview(HEADTEACHER, _file(rows, ending), TODAY)
    assert (again.counts.rejected, again.ignored) == (2, ())
    imports.take_in(HEADTEACHER, _file(rows, ending), TODAY)
    assert number_of(engine, schema.rejected_row) == 2
    for row in rows:
        row.cells["restricted"] = "no"
    told = imports.take_in(HEADTEACHER, _file(rows, ending), TODAY)
    assert (told.counts.inserted, told.counts.rejected) == (2, 0)
    assert data.waiting(HEADTEACHER) == {}
    assert "=1+1" in [row[3] for row in rows_of(engine, "children")]


def _file(rows: list[data.Refused], ending: str) -> Upload:
    content = data.refused_file(rows, csv_file if ending == "csv" else xlsx_file)
    return Upload("children", f"refused.{ending}", content, TODAY)


def test_undoing_is_told_beforehand_done_and_on_the_trail(engine: Engine) -> None:
    first = imports.take_in(HEADTEACHER, upload(FULL["children"]), TODAY).import_id or 0
    assert "1 rows would no longer be believed" in imports.undo_outlook(HEADTEACHER, first, TODAY)
    assert "is undone by entry" in imports.undo(HEADTEACHER, first, TODAY)
    assert events(engine)[-1] == ("head", "import undone", str(first))
    entries, number = data.entries(HEADTEACHER, "children", 50, 0)
    assert (number, list(entries["what"])) == (2, [f"undid import {first}", f"undone by entry {first + 1}"])
    with pytest.raises(FileProblem, match="already undone"):
        imports.undo_outlook(HEADTEACHER, first, TODAY)


def test_an_empty_authority_is_told_what_to_begin_with(engine: Engine) -> None:
    rows = data.deliveries(ADMINISTRATOR, TODAY)
    assert data.nothing_imported(rows)
    assert set(rows["state"]) == {"never arrived"}
    found = data.coverage(HEADTEACHER, TODAY)
    assert found.marks.empty
    assert "are not loaded" in found.no_calendar
    assert data.reconciliation(HEADTEACHER, TODAY).faults == []


def test_a_kind_is_late_by_its_own_cadence(engine: Engine) -> None:
    for kind in ("children", "timetables", "licences"):
        taken_in(engine, kind, csv_bytes([FULL[kind]]), date(2026, 9, 7))
    states = [dict(zip(*_states(TODAY + timedelta(days)), strict=True)) for days in (0, 40, 400)]
    kinds = ("children", "timetables", "licences")
    assert [[state[kind] for kind in kinds] for state in states] == [
        ["late", "in time", "in time"],
        ["late", "late", "in time"],
        ["late", "late", "late"],
    ]


def test_a_corrected_row_is_no_delivery_and_does_not_make_a_kind_fresh(engine: Engine) -> None:
    row = refused_row(engine)
    imports.offer_again(HEADTEACHER, row, {"restricted": "no"}, TODAY)
    last = data.deliveries(HEADTEACHER, TODAY).set_index("kind").loc["children"]
    assert (last["file_name"], last["state"]) == ("children.csv", "late")
    with reading(engine) as connection:
        (arrived,) = connection.execute(knowledge.arrived(["children"], None))
        (delivery,) = connection.execute(knowledge.deliveries(["children"], None))
    assert (arrived.deliveries, arrived.known_on) == (1, date(2026, 9, 7))
    assert delivery.file_name == "children.csv"


def test_a_corrected_row_of_a_file_that_was_undone_is_all_that_arrived(engine: Engine) -> None:
    row = refused_row(engine)
    with reading(engine) as connection:
        first = connection.scalar(select(func.min(schema.import_ledger.c.id))) or 0
    imports.offer_again(HEADTEACHER, row, {"restricted": "no"}, TODAY)
    imports.undo(HEADTEACHER, first, TODAY)
    with reading(engine) as connection:
        (arrived,) = connection.execute(knowledge.arrived(["children"], None))
    assert (arrived.deliveries, arrived.known_on) == (0, TODAY)


def _states(today: date) -> tuple[list[str], list[str]]:
    rows = data.deliveries(HEADTEACHER, today)
    return list(rows["kind"]), list(rows["state"])


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_small_authority_agrees_from_file_to_figure_and_a_fault_is_told(
    small_authority: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(small_authority, monkeypatch)
    told = data.reconciliation(HEADTEACHER, SMALL_AUTHORITY_AS_AT)
    assert told.faults == []
    assert set(told.kinds["kind"]) <= KINDS.keys()
    assert told.kinds["agrees"].all()
    assert told.figures["agrees"].all()
    table = schema.exclusion
    with writing(small_authority) as connection:
        one = connection.scalar(select(table.c.id).where(table.c.known_to.is_(None)).limit(1))
        connection.execute(update(table).where(table.c.id == one).values(known_to=TODAY, closed_by=table.c.import_id))
    taken_in(small_authority, "cohorts", csv_bytes([FULL["cohorts"]]))
    assert any("Suspensions and exclusions" in fault for fault in data.reconciliation(HEADTEACHER, TODAY).faults)


def test_the_trail_and_the_import_stand_or_fall_together(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the trail cannot be written")

    monkeypatch.setattr(imports.trail, "record", broken)
    with pytest.raises(RuntimeError):
        imports.take_in(HEADTEACHER, upload(FULL["children"]), TODAY)
    assert number_of(engine, schema.import_ledger) == 0
    assert rows_of(engine, "children") == []


def test_the_trail_holds_no_cell_of_a_child(engine: Engine) -> None:
    row = refused_row(engine, {**wrong("children"), "surname": "Secretname"})
    imports.offer_again(HEADTEACHER, row, {"restricted": "no", "surname": "Othername"}, TODAY)
    imports.take_in(HEADTEACHER, upload(changed("children")), TODAY)
    with reading(engine) as connection:
        details = connection.scalars(select(audit_event.c.detail)).all()
    assert "name" not in json.dumps(details).replace("surname", "").lower()
