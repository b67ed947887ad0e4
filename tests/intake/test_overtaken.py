"""Refused rows that wait beside newer ones: none overwrites another, none shifts the numbers of others."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select

from tests.intake.kind_files import (
    BY,
    FIRST,
    FULL,
    SECOND,
    THIRD,
    changed,
    csv_bytes,
    other,
    rows_of,
    taken_in,
    wrong,
)
from vs_core.access.viewer import Viewer
from vs_core.casework import imports
from vs_core.intake.kinds import KINDS
from vs_core.intake.layout import header_of
from vs_core.intake.ledger import Counts
from vs_core.intake.problems import SAID_SINCE, FileProblem
from vs_core.intake.reconciling import unreconciled
from vs_core.intake.refused import as_table
from vs_core.intake.undo import undo
from vs_core.store import schema
from vs_core.store.engine import reading

HEAD = Viewer(1, "head", "A Head", "headteacher", "session 1", sees_restricted=True)
TODAY = date(2026, 10, 30)
NOTICE = {name: cell for name, cell in FULL["exclusions"].items() if name != "notice_id"}
Row = dict[str, str]


@pytest.fixture
def engine(emptied: Engine) -> Engine:
    return emptied


def refused(engine: Engine) -> list[Any]:
    row = schema.rejected_row.c
    with reading(engine) as connection:
        return list(connection.execute(select(row.id, row.state, row.resolved_by, row.cells).order_by(row.id)))


def states(engine: Engine) -> list[str]:
    return [row.state for row in refused(engine)]


def offered_on_the_page(engine: Engine, number: int, cells: Row) -> Any:
    return imports.offer_again(HEAD, number, cells, TODAY, engine)


def offered_as_a_file(engine: Engine, number: int, cells: Row) -> Any:
    kind, row = "", next(row for row in refused(engine) if row.id == number)
    with reading(engine) as connection:
        kind = str(connection.scalar(select(schema.rejected_row.c.kind).where(schema.rejected_row.c.id == number)))
    names, lines = as_table(kind, [(number, json.loads(row.cells) | cells, "why")])
    return taken_in(engine, kind, csv_bytes([dict(zip(names, lines[0], strict=True))]), TODAY, name="again.csv")


ways = pytest.mark.parametrize("offer", [offered_on_the_page, offered_as_a_file], ids=["on the page", "as a file"])


def notice(sessions: str, **cells: str) -> Row:
    return {**NOTICE, "sessions": sessions, **cells}


def sessions(engine: Engine) -> list[str]:
    place = header_of(KINDS["exclusions"]).index("sessions")
    return sorted(row[place] for row in rows_of(engine, "exclusions"))


@ways
def test_a_corrected_notice_takes_its_own_number_in_the_file(engine: Engine, offer: Any) -> None:
    file = [notice("2", reason1="QQ"), notice("6"), notice("4", reason1="??"), notice("8")]
    assert taken_in(engine, "exclusions", csv_bytes(file)).counts == Counts(inserted=2, rejected=2)
    first, third = (row.id for row in refused(engine))
    assert offer(engine, third, {"reason1": "PP"}).counts == Counts(inserted=1)
    assert offer(engine, first, {"reason1": "PP"}).counts == Counts(inserted=1)
    assert sessions(engine) == ["2", "4", "6", "8"]
    right = [{**row, "reason1": "PP"} if row["reason1"] in ("QQ", "??") else row for row in file]
    again = taken_in(engine, "exclusions", csv_bytes(right), TODAY)
    assert again.counts == Counts(unchanged=4)
    with reading(engine) as connection:
        assert unreconciled(connection) == []


@ways
@pytest.mark.parametrize("column", ["child_id", "start_date", "category"])
def test_a_notice_whose_key_could_not_be_read_becomes_one_more(engine: Engine, offer: Any, column: str) -> None:
    file = [notice("2", **{column: ""}), notice("6"), notice("4", reason1="??")]
    taken_in(engine, "exclusions", csv_bytes(file))
    unread, unknown = (row.id for row in refused(engine))
    assert offer(engine, unread, {column: NOTICE[column]}).counts == Counts(inserted=1)
    assert offer(engine, unknown, {"reason1": "PP"}).counts == Counts(inserted=1)
    assert sessions(engine) == ["2", "4", "6"]


@ways
def test_a_notice_without_a_readable_key_is_no_second_time_of_a_newer_one(engine: Engine, offer: Any) -> None:
    taken_in(engine, "exclusions", csv_bytes([notice("2", child_id="")]))
    taken_in(engine, "exclusions", csv_bytes([notice("2")]), SECOND, name="newer.csv")
    told = offer(engine, refused(engine)[0].id, {"child_id": NOTICE["child_id"]})
    assert [problem.rule for problem in told.problems] == [SAID_SINCE]
    assert "newer.csv, 14/09/2026) has said such a row since" in told.problems[0].sentence
    assert "or give it a notice_id if it is one more" in told.problems[0].sentence
    assert states(engine) == ["waiting"]
    right = {"child_id": NOTICE["child_id"], "notice_id": "N77"}
    assert offer(engine, refused(engine)[0].id, right).counts == Counts(inserted=1)


def test_notices_beside_one_that_waits_go_out_and_come_back_unchanged(engine: Engine, elsewhere: Engine) -> None:
    taken_in(engine, "exclusions", csv_bytes([notice("2", reason1="??"), notice("6"), notice("8")]))
    lines = [dict(zip(header_of(KINDS["exclusions"]), row, strict=True)) for row in rows_of(engine, "exclusions")]
    assert taken_in(engine, "exclusions", csv_bytes(lines), SECOND).counts == Counts(unchanged=2)
    assert taken_in(elsewhere, "exclusions", csv_bytes(lines), SECOND).counts == Counts(inserted=2)
    assert rows_of(elsewhere, "exclusions") == rows_of(engine, "exclusions")


WITH_A_WRONG_VALUE = [kind for kind in KINDS if kind not in ("benchmarks", "ssda903-uasc", "calendar", "cohorts")]


def wrong_value(kind: str) -> Row | None:
    """The row `other`, refused for a cell that is not of its key."""
    row = wrong(kind)
    column = next(name for name, cell in row.items() if cell != other(kind)[name])
    to = next(one for one in KINDS[kind].columns if one.name == column)
    return None if to.to in KINDS[kind].key else row


@pytest.mark.parametrize("kind", WITH_A_WRONG_VALUE)
def test_a_later_file_that_brings_the_row_settles_the_waiting_one(engine: Engine, kind: str) -> None:
    row = wrong_value(kind)
    if row is None:
        return
    taken_in(engine, kind, csv_bytes([row]))
    told = taken_in(engine, kind, csv_bytes([FULL[kind], other(kind)]), SECOND)
    assert "1 refused row that waited for a correction waits no longer: this file has brought it." in told.lines()
    (waited,) = refused(engine)
    assert (waited.state, waited.resolved_by) == ("overtaken", told.import_id)
    with pytest.raises(FileProblem, match="no longer waits: it is overtaken"):
        imports.offer_again(HEAD, waited.id, {}, TODAY, engine)
    undo(engine, told.import_id or 0, by=BY, known_on=THIRD)
    assert states(engine) == ["waiting"]


def test_a_row_of_another_key_or_of_an_earlier_day_settles_nothing(engine: Engine) -> None:
    taken_in(engine, "children", csv_bytes([wrong("children")]), SECOND)
    taken_in(engine, "children", csv_bytes([FULL["children"]]), THIRD)
    taken_in(engine, "children", csv_bytes([other("children")]), FIRST)
    assert states(engine) == ["waiting"]


def test_a_row_further_down_in_the_same_file_overtakes_and_one_above_does_not(engine: Engine) -> None:
    taken_in(engine, "children", csv_bytes([wrong("children"), other("children")]))
    taken_in(engine, "children", csv_bytes([FULL["children"], {**FULL["children"], "restricted": "perhaps"}]), SECOND)
    assert states(engine) == ["overtaken", "waiting"]
    late = {"restricted": "no", "forename": "Newest"}
    assert offered_on_the_page(engine, refused(engine)[1].id, late).counts == Counts(corrected=1)


@ways
@pytest.mark.parametrize("repeated", [False, True])
def test_a_correction_of_an_old_row_does_not_bring_the_old_back(engine: Engine, offer: Any, repeated: bool) -> None:
    new = {**FULL["children"], "forename": "New"}
    if repeated:
        taken_in(engine, "children", csv_bytes([new]))
    taken_in(engine, "children", csv_bytes([{**new, "child_id": "", "forename": "Old"}]))
    taken_in(engine, "children", csv_bytes([new]), SECOND, name="newer.csv")
    before = rows_of(engine, "children")
    (waits,) = refused(engine)
    told = offer(engine, waits.id, {"child_id": new["child_id"]})
    assert [problem.rule for problem in told.problems] == [SAID_SINCE]
    assert "(newer.csv, 14/09/2026) has said such a row since" in str(told.problems[0])
    assert (rows_of(engine, "children"), states(engine)) == (before, ["waiting"])
    same = {"child_id": new["child_id"], "forename": "New"}
    assert offer(engine, waits.id, same).counts == Counts(unchanged=1)
    assert states(engine) == ["taken in"]


@ways
def test_waiting_rows_of_one_key_can_be_corrected_in_their_order_and_newest_first(engine: Engine, offer: Any) -> None:
    for number, name in enumerate(["Old", "New"]):
        for child in ("00123", "00124"):
            row = {**FULL["children"], "child_id": child, "restricted": f"no {name}", "forename": name}
            taken_in(engine, "children", csv_bytes([row]), (FIRST, SECOND)[number])
    old_1, old_2, new_1, new_2 = (row.id for row in refused(engine))
    for waits in (old_1, new_1, new_2):
        assert offer(engine, waits, {"restricted": "no"}).counts.rejected == 0
    assert states(engine) == ["taken in", "overtaken", "taken in", "taken in"]
    assert [row[header_of(KINDS["children"]).index("forename")] for row in rows_of(engine, "children")] == ["New"] * 2
    assert old_2


@ways
def test_a_mark_that_newer_files_gave_is_not_replaced_by_an_old_one(engine: Engine, offer: Any) -> None:
    mark = {name: FULL["attendance"][name] for name in ("child_id", "date", "session", "code")}
    taken_in(engine, "attendance", csv_bytes([{**mark, "child_id": "", "code": "I"}]))
    taken_in(engine, "attendance", csv_bytes([mark]), SECOND)
    told = offer(engine, refused(engine)[0].id, {"child_id": mark["child_id"]})
    assert [problem.rule for problem in told.problems] == [SAID_SINCE]
    half = "PM" if mark["session"] == "AM" else "AM"
    right = {"child_id": mark["child_id"], "session": half}
    assert offer(engine, refused(engine)[0].id, right).counts == Counts(inserted=1)


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        ([{"session": "AM"}], "waiting"),
        ([{"session": "AM"}, {"session": "PM"}], "overtaken"),
        ([{"session": "AM", "urn": "990001"}, {"session": "PM", "urn": "990001"}], "overtaken"),
    ],
)
def test_a_day_that_waits_is_settled_when_both_halves_have_come(engine: Engine, rows: Sequence[Row], left: str) -> None:
    day = {"child_id": "1", "date": "07/09/2026", "am": "?", "pm": "/"}
    taken_in(engine, "attendance", csv_bytes([day]))
    marks = [{"child_id": "1", "date": "07/09/2026", "code": "/", **row} for row in rows]
    taken_in(engine, "attendance", csv_bytes(marks), SECOND)
    assert states(engine) == [left]


def test_a_day_at_another_school_settles_nothing(engine: Engine) -> None:
    day = {"child_id": "1", "date": "07/09/2026", "am": "?", "pm": "/", "urn": "990001"}
    taken_in(engine, "attendance", csv_bytes([day]))
    taken_in(engine, "attendance", csv_bytes([{**day, "am": "/", "urn": "990002"}]), SECOND)
    assert states(engine) == ["waiting"]


def test_rows_of_an_undone_file_do_not_wait_whatever_overtook_them(engine: Engine) -> None:
    first = taken_in(engine, "children", csv_bytes([wrong("children"), other("children")]))
    second = taken_in(engine, "children", csv_bytes([{**wrong("children"), "sex": "2"}]), SECOND)
    third = taken_in(engine, "children", csv_bytes([changed("children", other("children"))]), THIRD)
    for told in (third, second, first):
        undo(engine, told.import_id or 0, by=BY, known_on=TODAY)
    assert states(engine) == ["dismissed", "dismissed"]
