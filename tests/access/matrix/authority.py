"""The authority of `canaries`, and the people of every kind who look at it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, make_url, select

from tests.access import canaries
from tests.access.canaries import FOREIGN, HIDDEN, OPEN
from tests.queries.written import Written
from vs_core.access import drafts, sessions, users
from vs_core.settings import read_settings
from vs_core.store import schema
from vs_core.store.access_tables import user_account
from vs_core.store.engine import engine_for, reading, writing
from vs_core.store.prepare import prepare

SIGN_IN = "canary of a sign-in, "
DRAFT = "what is written by"
AN_ADVISER = canaries.cells("child_details", OPEN)["adviser"]
RULES = read_settings({"VS_DEMO": "1"})


@dataclass(frozen=True)
class Person:
    """role; sees_restricted: named as allowed to see restricted children; adviser: whose caseload."""

    role: str
    sees_restricted: bool = False
    adviser: str | None = None


VIEWERS: dict[str, Person] = {
    "headteacher": Person("headteacher", sees_restricted=True),
    "headteacher, not named": Person("headteacher"),
    "inclusion": Person("inclusion"),
    "adviser": Person("adviser", adviser=AN_ADVISER),
    "adviser of nobody": Person("adviser", adviser="an adviser of nobody"),
    "operations": Person("operations"),
    "analyst": Person("analyst"),
    "administrator": Person("administrator"),
}
"""Who looks, under the names of `expected.SIGHTS`."""


@dataclass(frozen=True)
class Authority:
    """url: of the database; cookies: of each viewer's session; children: key of each child by whose it is."""

    url: str
    cookies: dict[str, str]
    children: dict[str, list[int]]

    @property
    def secrets(self) -> list[str]:
        """What nobody is ever told: cookies, and what the database knows them by."""
        return [*self.cookies.values(), *map(sessions.session_id_of, self.cookies.values())]


def fill(engine: Engine) -> None:
    """Write the authority into a database that has nothing in it."""
    prepare(engine)
    written = Written(engine)
    canaries.write(written)
    with written.reading():
        pass


def with_viewers(url: str) -> Authority:
    """Let every viewer sign in to the authority of a database that is filled."""
    engine = engine_for(url)
    with writing(engine) as connection:
        whose = _whose(connection)
        cookies = {name: _signed_in(connection, name, person) for name, person in VIEWERS.items()}
    engine.dispose()
    Path(str(make_url(url).database)).chmod(0o600)
    return Authority(url, cookies, {each: [key for key in whose if whose[key] == each] for each in set(whose.values())})


def _whose(connection: Connection) -> dict[int, str]:
    """Whose each child is, by its key."""
    every = (HIDDEN, OPEN, FOREIGN)
    rows = connection.execute(select(schema.child)).all()
    return {row.id: next(whose for whose in every if row.child_id.startswith(whose)) for row in rows}


def _signed_in(connection: Connection, name: str, person: Person) -> str:
    given: dict[str, Any] = {"caseload_adviser": person.adviser, "sees_restricted": person.sees_restricted}
    unique = {"display_name": f"{SIGN_IN}name {name}", "sso_name": f"{name}@council.example", "no_password": True}
    users.add(connection, "test", name, person.role, **given, **unique)
    user_id = connection.scalar(select(user_account.c.id).where(user_account.c.name == name))
    drafts.keep(connection, user_id, "note-step-without-school", f"{SIGN_IN}{DRAFT} {name}", sessions.now())
    return sessions.open_session(connection, user_id, "", RULES, sessions.now())


def state(url: str) -> dict[str, list[str]]:
    """Everything that the database holds, but for sessions, the trail and last looks, which grow by looking."""
    engine = engine_for(url)
    kept = [
        table for table in schema.metadata.tables.values() if table.name not in {"session", "audit_event", "last_look"}
    ]
    with reading(engine) as connection:
        found = {table.name: sorted(repr(tuple(row)) for row in connection.execute(table.select())) for table in kept}
    engine.dispose()
    return found
