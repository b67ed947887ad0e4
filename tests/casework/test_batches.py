"""A batch of payments: built by one, released by another, once; a mistake is reversed and nothing is changed."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError

from tests.casework import paying
from tests.casework.paying import (
    ANN,
    BEN,
    CAT,
    CHOICE,
    HILL,
    INCLUSION,
    MONDAY,
    TERM,
    book,
    build,
    built,
    release,
    shown,
)
from tests.casework.test_at_once import at_once
from tests.databases import SqliteFiles
from vs_core.access import trail
from vs_core.casework import batches, payables, payees
from vs_core.casework.batches import Seen
from vs_core.casework.payables import Choice
from vs_core.casework.payees import Payee
from vs_core.casework.turns import ActionError, Overtaken
from vs_core.store.access_tables import audit_event
from vs_core.store.copying import copy_all
from vs_core.store.engine import engine_for, reading, writing
from vs_core.store.prepare import prepare
from vs_core.store.schema import (
    PAYMENT_TABLES,
    payment_line,
    payment_release,
    payment_reversal,
)


def count(engine: Engine, table: object) -> int:
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(table))


def told(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        assert trail.first_broken(connection) is None
        return list(connection.scalars(select(audit_event.c.what).order_by(audit_event.c.id)))


def test_a_batch_is_built_of_what_is_due_and_released_by_another(paid: Engine) -> None:
    number = build(paid)
    held = book(paid).held(number)
    assert [(line.request_id, line.school, line.vendor, line.amount_pence, line.cost_code) for line in held] == [
        ("R1", "Hill School", "V1", 10_000, "E4410"),
        ("R3", "Hill School", "V1", 30_000, "E4410"),
        ("R2", "Mill School", "V2", 20_000, "E4410"),
        ("R4", "Mill School", "V2", 40_000, "E4410"),
    ]
    assert {(line.term, line.fund, line.built_by) for line in held} == {(TERM, "PP+", "Ann Lee")}
    release(paid, number)
    assert {line.released_by for line in book(paid).held(number)} == {"Ben Roe"}
    assert told(paid)[-2:] == ["batch built", "batch released"]


def test_who_builds_a_batch_does_not_release_it_not_even_in_the_database(paid: Engine) -> None:
    number = build(paid)
    with pytest.raises(ActionError, match="Who builds a batch does not release it"):
        release(paid, number, ANN)
    row = {"batch_id": number, "lines": 4, "total_pence": 100_000, "written_by": "ann", "known_from": MONDAY}
    with pytest.raises(DBAPIError, match="does not release it"), writing(paid) as connection:
        connection.execute(payment_release.insert().values(**row, written_at=_at(paid)))
    assert count(paid, payment_release) == 0


def _at(engine: Engine) -> object:
    return book(engine).lines[0].built_at


@pytest.mark.parametrize("name", ["ann", "  ANN  lee "])
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_who_approved_a_request_neither_builds_nor_releases_with_it(engine: Engine, name: str) -> None:
    written = paying.authority(engine, 2)
    paying.child(written, 3, decided_by=name)
    with written.reading():
        pass
    assert [line.request_id for line in built(engine)] == ["R1", "R2"]
    number = build(engine, BEN)
    assert [line.request_id for line in book(engine).held(number)] == ["R3"]
    with pytest.raises(ActionError, match="approved it, so somebody else pays it"):
        release(engine, number, ANN)
    release(engine, number, CAT)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_role_that_may_not_pay_does_nothing(paid: Engine) -> None:
    number = build(paid)
    line = book(paid).held(number)[0].line_id
    deeds = (
        lambda: batches.build(INCLUSION, CHOICE, "E4410", MONDAY, seen=Seen(4, 100_000), engine=paid),
        lambda: batches.release(INCLUSION, number, MONDAY, seen=Seen(4, 100_000), engine=paid),
        lambda: batches.take_out(INCLUSION, line, "why", MONDAY, paid),
        lambda: batches.agree(INCLUSION, number, ["alike: 1"], "why", MONDAY, paid),
        lambda: batches.reverse(INCLUSION, line, "why", MONDAY, paid),
        lambda: payees.set_up(INCLUSION, HILL, Payee("V9", "", False, "why"), MONDAY, paid),
        lambda: payees.note_invoice(INCLUSION, 1, "I1", MONDAY, MONDAY, paid),
    )
    before = [count(paid, table) for table in PAYMENT_TABLES]
    for deed in deeds:
        with pytest.raises(PermissionError):
            deed()
    assert [count(paid, table) for table in PAYMENT_TABLES] == before


def test_two_people_and_many_clicks_release_a_batch_once(paid: Engine) -> None:
    number = build(paid)
    seen = shown(paid, number)
    deeds = [
        lambda viewer=viewer: batches.release(viewer, number, MONDAY, seen=seen, engine=paid)
        for viewer in (BEN, CAT, BEN, CAT)
    ]
    late = [each for each in at_once(*deeds) if each is not None]
    assert len(late) == 3
    assert all(isinstance(each, Overtaken) and "VS-1 was released by" in str(each) for each in late)
    assert count(paid, payment_release) == 1
    assert told(paid).count("batch released") == 1


def test_many_clicks_build_one_batch(paid: Engine) -> None:
    deeds = [lambda: batches.build(ANN, CHOICE, "E4410", MONDAY, seen=Seen(4, 100_000), engine=paid) for _ in range(4)]
    answers = at_once(*deeds)
    assert sorted(str(type(each).__name__) for each in answers) == ["Overtaken"] * 3 + ["int"]
    assert count(paid, payment_line) == 4
    assert told(paid).count("batch built") == 1


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_what_was_not_shown_is_neither_built_nor_released(paid: Engine) -> None:
    with pytest.raises(Overtaken, match="changed meanwhile: 4 payments, £1,000.00"):
        batches.build(ANN, CHOICE, "E4410", MONDAY, seen=Seen(3, 60_000), engine=paid)
    number = build(paid)
    seen = shown(paid, number)
    batches.take_out(ANN, book(paid).held(number)[0].line_id, "Paid by hand", MONDAY, paid)
    with pytest.raises(Overtaken, match="VS-1 has changed meanwhile: 3 lines, £900.00"):
        batches.release(BEN, number, MONDAY, seen=seen, engine=paid)
    release(paid, number)


def test_a_line_taken_out_can_stand_in_the_next_batch_and_only_there(paid: Engine) -> None:
    first = build(paid)
    line = book(paid).held(first)[1]
    batches.take_out(BEN, line.line_id, "Wrong term", MONDAY, paid)
    with pytest.raises(Overtaken, match="Ben Roe has taken this line out"):
        batches.take_out(ANN, line.line_id, "Wrong term", MONDAY, paid)
    second = build(paid)
    again = book(paid).held(second)
    assert [(each.request_id, each.turn) for each in again] == [("R3", 2)]
    with pytest.raises(Overtaken, match="Nothing is left to pay"):
        build(paid)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_batch_whose_lines_are_all_taken_out_is_not_released(paid: Engine) -> None:
    number = build(paid)
    for line in book(paid).held(number):
        batches.take_out(ANN, line.line_id, "Wrong code", MONDAY, paid)
    with pytest.raises(ActionError, match="holds no line"):
        release(paid, number)


def test_a_released_line_is_reversed_by_an_entry_of_its_own_and_can_be_paid_again(paid: Engine) -> None:
    number = build(paid)
    line = book(paid).held(number)[0]
    with pytest.raises(ActionError, match="Only a line that was released"):
        batches.reverse(BEN, line.line_id, "Wrong school", MONDAY, paid)
    release(paid, number)
    with pytest.raises(ActionError, match="It can be reversed, and not taken out"):
        batches.take_out(BEN, line.line_id, "Wrong school", MONDAY, paid)
    with pytest.raises(ActionError, match="The reason is missing"):
        batches.reverse(BEN, line.line_id, "  ", MONDAY, paid)
    batches.reverse(BEN, line.line_id, "Wrong school", MONDAY, paid)
    with pytest.raises(Overtaken, match="Ben Roe has reversed this line"):
        batches.reverse(CAT, line.line_id, "Wrong school", MONDAY, paid)
    now = book(paid).batch(number)[0]
    assert (now.amount_pence, now.reversed_by, now.reversed_why) == (10_000, "Ben Roe", "Wrong school")
    assert [each.request_id for each in built(paid)] == ["R1"]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_restricted_children_are_paid_by_who_is_named_for_them_and_counted_for_others(engine: Engine) -> None:
    written = paying.authority(engine, 2)
    paying.child(written, 3, restricted=True)
    with written.reading():
        pass
    look = payables.outlook(book(engine, ANN), CHOICE, ANN)
    assert ([row.payable.request_id for row in look.rows], look.unlisted) == (["R1", "R2"], 1)
    hidden = next(each for each in book(engine, ANN).payables if not each.is_listed)
    assert (hidden.urn, hidden.school, hidden.pays_to, hidden.intervention, hidden.child) == (None,) * 4 + (
        f"#{hidden.child_key}",
    )
    own = Choice(TERM, "PP+", restricted=True)
    with pytest.raises(Overtaken, match="Nothing is left"):
        build(engine, ANN, own)
    number = build(engine, CAT, own)
    line = book(engine, ANN).held(number)[0]
    assert (line.is_listed, line.vendor, line.urn, line.amount_pence) == (False, None, None, 30_000)
    with pytest.raises(ActionError, match="1 payment about a child whose whereabouts are restricted"):
        release(engine, number, BEN)
    with pytest.raises(ActionError, match="There is no such line"):
        batches.take_out(ANN, line.line_id, "Why", MONDAY, engine)


CHANGES = (
    "UPDATE payment_line SET amount_pence = 1",
    "DELETE FROM payment_line",
    "UPDATE payment_batch SET term = 'x'",
    "DELETE FROM payment_batch",
    "UPDATE payment_release SET total_pence = 1",
    "DELETE FROM payment_release",
    "UPDATE payment_reversal SET amount_pence = -1",
    "DELETE FROM payment_reversal",
    "DELETE FROM payment_taken_out",
    "DELETE FROM payee",
)
INTO_A_RELEASED_BATCH = (
    "INSERT INTO payment_line (batch_id, request_id, turn, child_key, school_key, vendor, cost_code, amount_pence) "
    "SELECT batch_id, request_id, 7, child_key, school_key, vendor, cost_code, amount_pence FROM payment_line",
    "INSERT INTO payment_taken_out (line_id, reason, written_at, written_by, known_from) "
    "SELECT l.id, 'x', b.written_at, 'x', b.known_from FROM payment_line l JOIN payment_batch b ON b.id = l.batch_id",
    "INSERT INTO payment_agreed (line_id, rule, reason, written_at, written_by, known_from) "
    "SELECT l.id, 'x', 'x', b.written_at, 'x', b.known_from FROM payment_line l "
    "JOIN payment_batch b ON b.id = l.batch_id",
)


def test_the_database_refuses_every_change_of_what_was_released(paid: Engine) -> None:
    number = build(paid)
    batches.take_out(ANN, book(paid).held(number)[3].line_id, "Wrong term", MONDAY, paid)
    payees.set_up(ANN, HILL, Payee("V1", "", False, "As before"), MONDAY, paid)
    release(paid, number)
    batches.reverse(BEN, book(paid).held(number)[0].line_id, "Wrong school", MONDAY, paid)
    before = book(paid)
    grow = [each.format() for each in CHANGES]
    if paid.dialect.name == "sqlite":
        grow += [f"INSERT OR REPLACE INTO {table.name} SELECT * FROM {table.name}" for table in PAYMENT_TABLES[2:5]]
    else:
        grow += [f"TRUNCATE {table.name} CASCADE" for table in PAYMENT_TABLES]
    for change in grow:
        with pytest.raises(DBAPIError, match="can only grow|cannot change"), writing(paid) as connection:
            connection.execute(text(change))
    for change in INTO_A_RELEASED_BATCH:
        with pytest.raises(DBAPIError, match="a released batch cannot change"), writing(paid) as connection:
            connection.execute(text(change))
    assert book(paid) == before


def test_the_database_lets_a_batch_be_released_and_reversed_only_as_it_is(paid: Engine) -> None:
    number = build(paid)
    kept = {"written_at": _at(paid), "written_by": "ben", "known_from": MONDAY}
    for lines, pence in ((4, 99_999), (3, 100_000), (0, 0)):
        row = {"batch_id": number, "lines": lines, "total_pence": pence, **kept}
        with pytest.raises(DBAPIError, match="released as it is"), writing(paid) as connection:
            connection.execute(payment_release.insert().values(**row))
    first = book(paid).held(number)[0].line_id
    with pytest.raises(DBAPIError, match="takes back a released line"), writing(paid) as connection:
        connection.execute(payment_reversal.insert().values(line_id=first, amount_pence=-10_000, reason="x", **kept))
    release(paid, number)
    with pytest.raises(DBAPIError, match="takes back a released line"), writing(paid) as connection:
        connection.execute(payment_reversal.insert().values(line_id=first, amount_pence=-9_999, reason="x", **kept))


def test_a_copy_of_the_database_holds_every_batch(paid: Engine, sqlite_files: SqliteFiles) -> None:
    first = build(paid)
    batches.take_out(ANN, book(paid).held(first)[0].line_id, "Wrong term", MONDAY, paid)
    release(paid, first)
    release(paid, build(paid))
    batches.reverse(BEN, book(paid).held(first)[0].line_id, "Wrong school", MONDAY, paid)
    build(paid)
    url = sqlite_files.blank()
    copy = engine_for(url)
    prepare(copy)
    copy_all(paid, copy)
    assert book(copy) == book(paid)
    assert len(book(copy).lines) == 6
    copy.dispose()
    sqlite_files.drop(url)
