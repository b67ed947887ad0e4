"""The people who may sign in: added, disabled, given a new password or role. Each change ends that person's sessions.

All functions take a write transaction and who does it (a Viewer, or a name for the command line), record the change in
the trail and raise UserError with a sentence for the person who asked.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select, update

from vs_core.access import passwords, roles, sessions, trail
from vs_core.access.viewer import Viewer
from vs_core.settings import settings
from vs_core.store.access_tables import session, user_account

DEMO_PASSWORD = "a county that is not there"
NOT_SHOWN = frozenset({"password_hash", "sso_issuer", "sso_subject", "sso_linked_at"})
LONGEST_SSO_NAME = 300
Who = Viewer | str


class UserError(ValueError):
    """The change cannot be made; the text is a sentence for the person who asked."""


@dataclass(frozen=True)
class User:
    """A person who may sign in. last_seen_at: of the latest session, or None."""

    id: int
    name: str
    display_name: str
    role: str
    disabled: bool
    caseload_adviser: str | None
    sees_restricted: bool
    created_at: datetime
    last_seen_at: datetime | None


def folded(name: str) -> str:
    """A sign-in name without regard to case and outer spaces."""
    return name.strip().casefold()


def sso_folded(name: str) -> str:
    """A name at the single sign-on without regard to case: of its A to Z only, because other letters that a computer
    folds into one another (the Kelvin sign into k) would make two people one."""
    return name.lower() if name.isascii() else name


def add(
    connection: Connection,
    by: Who,
    name: str,
    role: str,
    *,
    password: str | None = None,
    display_name: str | None = None,
    caseload_adviser: str | None = None,
    sees_restricted: bool = False,
    is_demo: bool = False,
    sso_name: str | None = None,
    no_password: bool = False,
) -> str:
    """Add a person; returns the password (made up when none is given), which is shown once and kept nowhere.

    sso_name: what the council's single sign-on calls the person; no_password: comes in that way only, and the
    password returned is empty."""
    _check_role(role, caseload_adviser)
    _check_name(connection, name)
    if no_password and not sso_name:
        raise UserError("A person without a password needs the name that the council's single sign-on has for them.")
    known_as = _checked_sso_name(connection, sso_name) if sso_name else None
    chosen = "" if no_password else _checked_password(password, name)
    at = sessions.now()
    connection.execute(
        insert(user_account).values(
            name=name.strip(),
            name_folded=folded(name),
            display_name=(display_name or name).strip(),
            role=role,
            password_hash=passwords.hashed(chosen) if chosen else "",
            caseload_adviser=caseload_adviser,
            sees_restricted=sees_restricted,
            is_demo=is_demo,
            sso_name=known_as,
            created_at=at,
            changed_at=at,
        )
    )
    given = {"role": role, "sees_restricted": sees_restricted} | ({"sso_name": known_as} if known_as else {})
    trail.record(connection, by, "user added", name.strip(), given)
    return chosen


def disable(connection: Connection, by: Who, name: str) -> None:
    """Let a person in no longer; their open tabs end within seconds."""
    _change(connection, by, name, "user disabled", sessions.DISABLED, disabled=True)


def enable(connection: Connection, by: Who, name: str) -> None:
    """Let a disabled person in again."""
    _change(connection, by, name, "user enabled", None, disabled=False)


def reset(connection: Connection, by: Who, name: str, password: str | None = None) -> str:
    """Give a person a new password and end their sessions; returns the password."""
    chosen = _checked_password(password, name)
    _change(connection, by, name, "password reset", sessions.PASSWORD_CHANGED, password_hash=passwords.hashed(chosen))
    return chosen


def set_role(
    connection: Connection,
    by: Who,
    name: str,
    role: str,
    *,
    caseload_adviser: str | None = None,
    sees_restricted: bool = False,
) -> None:
    """Give a person another role; their sessions end, so that no open tab keeps the old one."""
    _check_role(role, caseload_adviser)
    new = {"role": role, "caseload_adviser": caseload_adviser, "sees_restricted": sees_restricted}
    _change(connection, by, name, "role changed", sessions.ROLE_CHANGED, **new)


def set_sso_name(connection: Connection, by: Who, name: str, sso_name: str) -> None:
    """Say what the council's single sign-on calls a person, who is linked when they first come in by that name."""
    linked = select(user_account.c.sso_subject).where(user_account.c.name_folded == folded(name))
    if connection.scalar(linked) is not None:
        raise UserError(f"'{name}' is linked to a council account already. Unlink it first.")
    known_as = _checked_sso_name(connection, sso_name)
    _change(connection, by, name, "single sign-on named", sessions.SIGN_IN_CHANGED, sso_name=known_as)


def unlink_sso(connection: Connection, by: Who, name: str) -> None:
    """Take a person's council account away from them; its name has to be given anew to link another."""
    nothing = dict.fromkeys(("sso_name", "sso_issuer", "sso_subject", "sso_linked_at"))
    _change(connection, by, name, "single sign-on unlinked", sessions.SIGN_IN_CHANGED, **nothing)


def listed(connection: Connection) -> list[User]:
    """Everybody who may or might sign in, by name."""
    seen = select(session.c.user_id, func.max(session.c.last_seen_at).label("last_seen_at")).group_by(session.c.user_id)
    last = seen.subquery()
    wanted = [user_account.c[name] for name in User.__dataclass_fields__ if name in user_account.c]
    query = select(*wanted, last.c.last_seen_at).outerjoin(last, last.c.user_id == user_account.c.id)
    return [User(**row) for row in connection.execute(query.order_by(user_account.c.name_folded)).mappings()]


def add_demo(connection: Connection, caseload_adviser: str) -> None:
    """The demo's sign-ins, one a role, named after it, all with DEMO_PASSWORD; they work in demo mode only.
    Those that are there already stay as they are."""
    there = set(connection.scalars(select(user_account.c.name_folded)))
    for role, entry in roles.ROLES.items():
        if role not in there:
            own = caseload_adviser if entry.own_caseload else None
            add(
                connection,
                "demo",
                role,
                role,
                password=DEMO_PASSWORD,
                display_name=f"{entry.title} (demo)",
                caseload_adviser=own,
                sees_restricted=role == "headteacher",
                is_demo=True,
            )


def _change(connection: Connection, by: Who, name: str, what: str, ends: str | None, **new: Any) -> None:
    administering = connection.execute(_administering().with_for_update()).all()
    person = connection.execute(select(user_account).where(user_account.c.name_folded == folded(name))).one_or_none()
    if person is None:
        raise UserError(f"Nobody is called '{name}'.")
    at = sessions.now()
    connection.execute(update(user_account).where(user_account.c.id == person.id).values(**new, changed_at=at))
    if person.id in {row.id for row in administering} and not _somebody_administers(connection, person.is_demo):
        raise UserError(f"{person.display_name} is the last person who may let others in. Let somebody else in first.")
    if ends:
        sessions.end_all_of(connection, person.id, ends, at)
    shown = {key: value for key, value in new.items() if key not in NOT_SHOWN}
    before = {key: getattr(person, key) for key in shown}
    trail.record(connection, by, what, person.name, {**shown, "before": before} if shown else None)


def _administering() -> Select[Any]:
    """Who may administer now, rows of user_account."""
    own = [name for name in roles.ROLES if roles.may(name, roles.ADMINISTER)]
    return select(user_account).where(user_account.c.role.in_(own), ~user_account.c.disabled)


def _somebody_administers(connection: Connection, demo: bool) -> bool:
    """Whether anybody may; people of the demo count among themselves only."""
    return any(demo or not row.is_demo for row in connection.execute(_administering()))


def _check_role(role: str, caseload_adviser: str | None) -> None:
    if role not in roles.ROLES:
        raise UserError(f"No role is called '{role}'. Roles: {', '.join(roles.ROLES)}.")
    if roles.ROLES[role].own_caseload and not caseload_adviser:
        raise UserError("An adviser needs the name of their caseload, as it stands in the children file.")


def _check_name(connection: Connection, name: str) -> None:
    if not folded(name) or len(name) > 100 or not name.isprintable():
        raise UserError("A sign-in name has 1 to 100 visible characters.")
    if connection.scalar(select(user_account.c.id).where(user_account.c.name_folded == folded(name))) is not None:
        raise UserError(f"Somebody is called '{name}' already.")


def _checked_sso_name(connection: Connection, sso_name: str) -> str:
    known_as = sso_folded(sso_name.strip())
    if not known_as or len(known_as) > LONGEST_SSO_NAME or not known_as.isprintable():
        raise UserError(f"A name at the single sign-on has 1 to {LONGEST_SSO_NAME} visible characters.")
    if connection.scalar(select(user_account.c.id).where(user_account.c.sso_name == known_as)) is not None:
        raise UserError(f"Somebody has the name '{known_as}' at the single sign-on already.")
    return known_as


def _checked_password(password: str | None, name: str) -> str:
    chosen = password if password is not None else secrets.token_urlsafe(15)
    refusal = passwords.refusal(chosen, name, settings().authority)
    if refusal:
        raise UserError(refusal)
    return chosen
