"""What the door keeps is deleted in its time, no earlier, and the trail still proves itself. On both databases."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from tests.commands.line import command_line
from tests.queries.written import Written
from vs_core.access import chain, daily, retention, sessions, trail, users
from vs_core.access.viewer import Viewer
from vs_core.settings import SettingError, read_settings
from vs_core.store.access_tables import KEPT_SINCE, TRAIL_YEARS, audit_event, draft, last_look, session, sign_in_attempt
from vs_core.store.engine import reading, writing
from vs_core.store.schema import case_entry, child

RULES = read_settings({"VS_DEMO": "1"})
TODAY = datetime.now(UTC).date()
CUTOFF = retention.years_before(TODAY, TRAIL_YEARS)
VIEWER = Viewer(7, "a.person", "A Person", "inclusion", "f" * 64)
SECOND = timedelta(seconds=1)


def told(engine: Engine, *moments: datetime) -> None:
    """An event at each moment."""
    with writing(engine) as connection:
        for number, at in enumerate(moments):
            trail.record(connection, VIEWER, "child opened", f"child {number}", {"n": number}, at)


def run(engine: Engine, today: date = TODAY) -> dict[str, int]:
    deleted: dict[str, int] = {}
    for what, number in retention.delete_due(engine, "test", RULES, today):
        deleted[what] = deleted.get(what, 0) + number
    return deleted


def events(engine: Engine) -> list[Any]:
    with reading(engine) as connection:
        return list(connection.execute(select(audit_event).order_by(audit_event.c.id)))


def first_broken(engine: Engine) -> int | None:
    with reading(engine) as connection:
        return trail.first_broken(connection)


def test_events_go_when_six_years_are_over_and_not_a_day_earlier(engine: Engine) -> None:
    told(engine, CUTOFF - timedelta(400), CUTOFF - SECOND, CUTOFF, CUTOFF + timedelta(400))
    before = events(engine)
    assert run(engine) == {"Trail": 2}
    left = events(engine)
    assert [row.id for row in left[:2]] == [row.id for row in before[2:]]
    assert (left[-1].what, left[-1].user_name, left[-1].user_id) == ("trail shortened", "test", None)
    assert json.loads(left[-1].detail) == {
        "events": 2,
        "last": before[1].id,
        "last_at": before[1].at.isoformat(),
        "last_hash": before[1].hash,
    }
    assert first_broken(engine) is None
    assert run(engine) == {}
    assert len(events(engine)) == len(left)


def test_every_slice_is_an_event_and_the_chain_goes_on(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "SLICE", 3)
    told(engine, *[CUTOFF - timedelta(days) for days in range(8, 1, -1)])
    assert run(engine) == {"Trail": 7}
    told(engine, datetime.now(UTC))
    assert [row.what for row in events(engine)] == ["trail shortened"] * 3 + ["child opened"]
    assert first_broken(engine) is None


def test_only_the_oldest_in_a_row_go(engine: Engine) -> None:
    """An event written with a clock that was wrong keeps those after it."""
    told(engine, CUTOFF - timedelta(2), CUTOFF + timedelta(1), CUTOFF - timedelta(1))
    assert run(engine) == {"Trail": 1}
    assert [json.loads(row.detail).get("n") for row in events(engine)] == [1, 2, None]
    assert first_broken(engine) is None


@pytest.mark.parametrize("fault", ["first left", "in the middle", "more deleted", "the record of it"])
def test_tampering_is_found_after_a_shortening(engine: Engine, fault: str) -> None:
    told(engine, CUTOFF - timedelta(2), *[CUTOFF + timedelta(days) for days in range(1, 5)])
    run(engine)
    rows = events(engine)
    forged = rows[-1].detail.replace('"events": 1', '"events": 2')
    change, found = {
        "first left": (update(audit_event).where(audit_event.c.id == rows[0].id).values(subject="child 9"), rows[0].id),
        "in the middle": (delete(audit_event).where(audit_event.c.id == rows[1].id), rows[2].id),
        "more deleted": (delete(audit_event).where(audit_event.c.id <= rows[1].id), rows[2].id),
        "the record of it": (
            update(audit_event).where(audit_event.c.id == rows[-1].id).values(detail=forged),
            rows[-1].id,
        ),
    }[fault]
    behind_the_products_back(engine, change)
    assert first_broken(engine) == found


def behind_the_products_back(engine: Engine, change: Any) -> None:
    off = {
        "sqlite": ["drop trigger audit_event_no_update", "drop trigger audit_event_no_delete"],
        "postgresql": ["alter table audit_event disable trigger all"],
    }
    with writing(engine) as connection:
        for statement in off[engine.dialect.name]:
            connection.execute(text(statement))
        connection.execute(change)


def test_the_database_refuses_a_younger_delete(engine: Engine) -> None:
    """Whoever asks: also where the product itself is told to keep it for less."""
    moment = datetime.now(UTC)
    told(engine, CUTOFF - timedelta(2), moment - timedelta(365 * 6 - 1))
    with pytest.raises(DBAPIError, match="can only grow"), writing(engine) as connection:
        trail.shorten(connection, "test", moment, 10)
    with pytest.raises(DBAPIError, match="can only grow"), writing(engine) as connection:
        connection.execute(delete(audit_event))
    assert [row.what for row in events(engine)] == ["child opened"] * 2


@pytest.mark.parametrize(
    ("now", "kept_since"),
    [
        ("2028-02-28 12:00:00", "2022-02-28 12:00:00"),
        ("2028-02-29 12:00:00", "2022-02-28 12:00:00"),
        ("2028-03-01 12:00:00", "2022-03-01 12:00:00"),
        ("2030-02-28 12:00:00", "2024-02-28 12:00:00"),
        ("2030-03-01 12:00:00", "2024-03-01 12:00:00"),
        ("2026-03-29 01:30:00", "2020-03-29 01:30:00"),
    ],
)
def test_leap_days_and_changes_of_the_clock(engine: Engine, now: str, kept_since: str) -> None:
    """The database keeps nothing shorter than the product does."""
    given = {"sqlite": ("'now'", f"'{now}'"), "postgresql": ("now()", f"timestamptz '{now}+00'")}[engine.dialect.name]
    installed = {
        "sqlite": "select sql from sqlite_master where name = 'audit_event_no_delete'",
        "postgresql": "select prosrc from pg_proc where proname = 'audit_event_only_grows'",
    }
    with reading(engine) as connection:
        assert KEPT_SINCE[engine.dialect.name] in connection.execute(text(installed[engine.dialect.name])).scalar_one()
        if engine.dialect.name == "postgresql":
            connection.execute(text("set time zone 'Europe/London'"))
        asked = KEPT_SINCE[engine.dialect.name].replace(*given)
        held = connection.exec_driver_sql(f"select {asked}").scalar()
    held = datetime.fromisoformat(held).replace(tzinfo=UTC) if isinstance(held, str) else held.astimezone(UTC)
    assert held == datetime.fromisoformat(kept_since).replace(tzinfo=UTC)
    product = retention.years_before(date.fromisoformat(now[:10]), TRAIL_YEARS)
    assert timedelta(0) <= held - product < timedelta(1)


def test_sessions_tries_and_notes_go_in_their_time(engine: Engine) -> None:
    at = datetime.combine(TODAY, datetime.min.time(), UTC)
    with writing(engine) as connection:
        users.add(connection, "test", "somebody", "analyst")
        user_id = users.listed(connection)[0].id
        for number, (days, ended) in enumerate([(500, 401), (500, 400), (401, None), (399, None), (1, None)]):
            created = at - timedelta(days)
            values = {"token_hash": f"{number:064}", "user_id": user_id, "created_at": created, "last_seen_at": created}
            over = {"ended_at": at - timedelta(ended), "ended_why": sessions.IDLE} if ended else {}
            connection.execute(insert(session).values(**values, expires_at=created + timedelta(hours=10), **over))
        for days in (31, 30, 1):
            moment = at - timedelta(days)
            connection.execute(insert(sign_in_attempt).values(name_hash="a", at=moment, outcome="failed"))
            connection.execute(
                insert(draft).values(user_id=user_id, field=f"note {days}", text="half a", written_at=moment)
            )
        for days in (401, 400):
            look = {"user_id": user_id, "page": f"page {days}", "looked_at": at - timedelta(days)}
            connection.execute(insert(last_look).values(**look))
    with reading(engine) as connection:
        due = retention.due(connection, RULES, TODAY)
    assert due == {
        "Trail": 0,
        ENTRIES: 0,
        "Sessions": 2,
        "Tries to sign in": 1,
        "Notes not saved yet": 1,
        "Last looks": 1,
    }
    assert run(engine) == {what: number for what, number in due.items() if number}
    with reading(engine) as connection:
        of = (session, sign_in_attempt, draft, last_look)
        counts = [connection.scalar(select(func.count()).select_from(one)) for one in of]
    assert counts == [3, 2, 2, 1]
    assert [(row.what, row.subject) for row in events(engine)[1:]] == [
        ("records deleted", "Sessions"),
        ("records deleted", "Tries to sign in"),
        ("records deleted", "Notes not saved yet"),
        ("records deleted", "Last looks"),
    ]


ENTRIES = "Contacts, notes, snoozes and referrals"


def entry(engine: Engine, at: datetime, replaces: int | None = None) -> int:
    about = {
        "kind": "note",
        "said": "a note",
        "happened_on": at.date(),
        "known_from": at.date(),
        "written_by": "asmith",
    }
    with writing(engine) as connection:
        key = connection.scalar(select(child.c.id))
        made = insert(case_entry).values(child_key=key, written_at=at, replaces=replaces, **about)
        (number,) = connection.execute(made).inserted_primary_key or (0,)
    return int(number)


def entries_left(engine: Engine) -> set[int]:
    with reading(engine) as connection:
        return set(connection.scalars(select(case_entry.c.id)))


def test_what_the_team_wrote_goes_after_six_years_and_with_its_correction(engine: Engine) -> None:
    written = Written(engine)
    written.child("C1")
    with written.reading():
        pass
    old = entry(engine, CUTOFF - timedelta(400))
    corrected = entry(engine, CUTOFF - timedelta(9))
    entry(engine, CUTOFF - timedelta(8), replaces=corrected)
    first = entry(engine, CUTOFF - timedelta(2))
    second = entry(engine, CUTOFF + timedelta(2), replaces=first)
    last = entry(engine, CUTOFF + timedelta(3))
    for number in (second, last):
        with pytest.raises(DBAPIError, match="can only grow"), writing(engine) as connection:
            connection.execute(delete(case_entry).where(case_entry.c.id == number))
    assert run(engine) == {ENTRIES: 3}
    assert entries_left(engine) == {first, second, last}
    assert old not in entries_left(engine)
    assert {(row.what, row.subject) for row in events(engine)} == {("records deleted", ENTRIES)}
    with pytest.raises(DBAPIError, match="can only grow"), writing(engine) as connection:
        connection.execute(update(case_entry).where(case_entry.c.id == first).values(said="x"))


def test_the_trail_may_be_kept_longer_and_never_shorter(engine: Engine) -> None:
    assert read_settings({}).trail_years == TRAIL_YEARS
    for years in ("5", "0", "1000", "six"):
        with pytest.raises(SettingError, match="VS_TRAIL_YEARS"):
            read_settings({"VS_TRAIL_YEARS": years})
    told(engine, CUTOFF - timedelta(365))
    longer = read_settings({"VS_TRAIL_YEARS": "8"})
    assert list(retention.delete_due(engine, "test", longer, TODAY)) == []


def test_the_command_says_the_schedule_and_keeps_to_it(prepared_url: str, engine: Engine) -> None:
    told(engine, CUTOFF - timedelta(2), CUTOFF + timedelta(2))
    with command_line(prepared_url) as line:
        assert "Trail\tkept 6 years\t1 due" in line("retention", "--dry-run").out
        assert len(events(engine)) == 2
        assert "Trail\tkept 6 years\t1 deleted" in line("retention").out
        assert line("check").status == 0
        behind_the_products_back(engine, update(audit_event).values(subject="nobody"))
        answer = line("check")
        assert answer.status == 1
        assert "The trail of what people did was changed: event 2 does not follow." in answer.out


@pytest.mark.parametrize("dialect", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_a_shortened_trail_is_backed_up_and_restored(prepared_url: str, engine: Engine, tmp_path: Path) -> None:
    told(engine, CUTOFF - timedelta(2), CUTOFF + timedelta(2))
    run(engine)
    with command_line(prepared_url) as line:
        assert line("backup", tmp_path / "backup.db").status == 0
    with command_line(f"sqlite:///{tmp_path / 'restored.db'}") as line:
        answer = line("restore", tmp_path / "backup.db")
        assert (answer.status, answer.err) == (0, "")
        assert line("check").status == 0


def test_the_chain_is_followed_piece_by_piece(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "AT_ONCE", 2)
    told(engine, *[CUTOFF + timedelta(days) for days in range(1, 6)])
    assert [chain.followed_on(engine).followed.events for _ in range(4)] == [2, 4, 5, 5]
    assert chain.followed_on(engine).is_whole
    behind_the_products_back(engine, update(audit_event).where(audit_event.c.id == 2).values(subject="nobody"))
    assert chain.followed_on(engine).followed.broken is None
    list(chain.follow_whole(engine))
    assert chain.broken(engine) == chain.followed_on(engine).followed.broken == 2


def test_events_that_go_while_the_chain_is_followed_are_no_break(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "AT_ONCE", 2)
    told(
        engine, *[CUTOFF - timedelta(days) for days in range(6, 2, -1)], *[CUTOFF + timedelta(days) for days in (1, 2)]
    )
    assert chain.followed_on(engine).followed.last_id == 2
    with writing(engine) as connection:
        assert trail.shorten(connection, "server", CUTOFF, 3) == 3
    assert chain.followed_on(engine).followed.broken is None
    behind_the_products_back(engine, delete(audit_event).where(audit_event.c.id == 6))
    assert chain.followed_on(engine).followed.broken == 7


def test_the_server_s_day_survives_a_fault(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def stop(_: float) -> None:
        if seen.append(1) or len(seen) > 1:
            raise asyncio.CancelledError

    def fail(*_: object) -> Iterator[None]:
        raise RuntimeError("A name that must not be logged")

    seen: list[int] = []
    told(engine, CUTOFF - timedelta(2), CUTOFF + timedelta(2))
    behind_the_products_back(engine, update(audit_event).values(subject="nobody"))
    monkeypatch.setattr(daily, "engine", lambda: engine)
    monkeypatch.setattr(daily, "settings", lambda: RULES)
    monkeypatch.setattr(retention, "delete_due", fail)
    monkeypatch.setattr(asyncio, "sleep", stop)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(daily.every_day())
    assert "broken off: RuntimeError" in caplog.text
    assert "event 1 does not follow" in caplog.text
    assert "name" not in caplog.text
