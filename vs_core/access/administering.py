"""What is changed on the page of people, and by everybody about their own sessions.

Each function takes the viewer, asks the database again whether that session lasts and what that person may do now, and
writes to the trail in the same transaction. Raises PermissionError without the right, UserError (a sentence for the
person) when it cannot be done.

Nobody gives, or gets into the hands through a new password or another council account, what they have not themselves
of these two: the headteacher's role and the sight of restricted children. Whoever looks after sign-ins could take any
other role in the name of somebody invented: the trail says so, and the headteacher reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from vs_core.access import roles, sessions, trail, users
from vs_core.access.open_tabs import TABS
from vs_core.access.users import UserError
from vs_core.access.viewer import Viewer
from vs_core.settings import settings
from vs_core.store.access_tables import session, user_account
from vs_core.store.engine import writing
from vs_core.store.trouble import trouble

HEADTEACHER = "headteacher"


@dataclass(frozen=True)
class Place:
    """What a person is to the dashboard. adviser: the caseload of an adviser, as the children file names it."""

    role: str
    adviser: str | None = None
    sees_restricted: bool = False


def add(
    viewer: Viewer, name: str, display_name: str, place: Place, sso_name: str = "", *, no_password: bool = False
) -> str:
    """Let somebody in; the password, which is shown once and kept nowhere. sso_name: what the council's single sign-on
    calls the person; no_password: comes in that way only, and the password is empty."""
    with _administering(viewer) as connection:
        _check_within_own(viewer, place.role, place.sees_restricted)
        return users.add(
            connection,
            viewer,
            name,
            place.role,
            display_name=display_name.strip() or None,
            caseload_adviser=_caseload(place),
            sees_restricted=place.sees_restricted,
            sso_name=sso_name.strip() or None,
            no_password=no_password,
        )


def give_place(viewer: Viewer, name: str, place: Place) -> None:
    """Give somebody else another role, caseload or sight of restricted children; their sessions end."""
    with _administering(viewer) as connection:
        _check_not_self(viewer, name, "Nobody changes the own role. Ask another administrator.")
        _check_within_own(viewer, place.role, place.sees_restricted)
        users.set_role(
            connection,
            viewer,
            name,
            place.role,
            caseload_adviser=_caseload(place),
            sees_restricted=place.sees_restricted,
        )


def disable(viewer: Viewer, name: str) -> None:
    """Let somebody else in no longer; their open tabs end within seconds."""
    with _administering(viewer) as connection:
        _check_not_self(viewer, name, "Nobody locks themself out. Ask another administrator.")
        users.disable(connection, viewer, name)


def enable(viewer: Viewer, name: str) -> None:
    """Let a disabled person in again."""
    with _administering(viewer) as connection:
        users.enable(connection, viewer, name)


def reset(viewer: Viewer, name: str) -> str:
    """Give somebody else a new password, which ends their sessions; the password, shown once."""
    with _administering(viewer) as connection:
        _check_not_self(viewer, name, "Nobody resets the own password: it would end this session before it is read.")
        _check_account_within_own(connection, viewer, name)
        return users.reset(connection, viewer, name)


def name_at_single_sign_on(viewer: Viewer, name: str, sso_name: str) -> None:
    """Say what the council's single sign-on calls somebody else, who is linked at the first coming in."""
    with _administering(viewer) as connection:
        _check_not_self(viewer, name, "Nobody changes the own way in. Ask another administrator.")
        _check_account_within_own(connection, viewer, name)
        users.set_sso_name(connection, viewer, name, sso_name)


def unlink(viewer: Viewer, name: str) -> None:
    """Take somebody else's council account away from them."""
    with _administering(viewer) as connection:
        _check_not_self(viewer, name, "Nobody changes the own way in. Ask another administrator.")
        _check_account_within_own(connection, viewer, name)
        users.unlink_sso(connection, viewer, name)


def end_session(viewer: Viewer, session_id: str) -> None:
    """End one session of anybody."""
    with _administering(viewer) as connection:
        at = sessions.now()
        found = sessions.open_now(connection, settings(), at, session_id=session_id)
        if not found:
            raise UserError("This session has ended already.")
        sessions.end(connection, session_id, sessions.ENDED_BY_ADMINISTRATOR, at)
        detail = {"address": found[0].address, "since": found[0].created_at.isoformat(timespec="minutes")}
        trail.record(connection, viewer, "session ended", found[0].name, detail)


def end_sessions_of(viewer: Viewer, name: str) -> None:
    """End every session of one person."""
    with _administering(viewer) as connection:
        by_name = select(user_account.c.id).where(user_account.c.name_folded == users.folded(name))
        user_id = connection.scalar(by_name)
        if user_id is None:
            raise UserError(f"Nobody is called '{name}'.")
        at = sessions.now()
        number = len(sessions.open_now(connection, settings(), at, user_id=user_id))
        sessions.end_all_of(connection, user_id, sessions.ENDED_BY_ADMINISTRATOR, at)
        trail.record(connection, viewer, "sessions ended", name.strip(), {"number": number})


def end_own_others(viewer: Viewer) -> int:
    """End every session of the viewer but this one; how many those were."""
    with _writing(_is_signed_in(viewer)) as connection:
        at = sessions.now()
        number = len(sessions.open_now(connection, settings(), at, user_id=viewer.user_id)) - 1
        sessions.end_all_of(connection, viewer.user_id, sessions.ENDED_ELSEWHERE, at, but=viewer.session_id)
        trail.record(connection, viewer, "signed out elsewhere", detail={"number": number})
    return number


def may_administer(viewer: Viewer) -> None:
    """Raises PermissionError without the right: readers of people and sessions ask for themselves, because callbacks
    and fragments run before the page asks who is looking."""
    if not viewer.may(roles.ADMINISTER):
        raise PermissionError("This role may not see who may sign in.")


def _caseload(place: Place) -> str | None:
    own = roles.ROLES[place.role].own_caseload if place.role in roles.ROLES else False
    return (place.adviser or "").strip() or None if own else None


def _check_not_self(viewer: Viewer, name: str, sentence: str) -> None:
    if users.folded(name) == users.folded(viewer.name):
        raise UserError(sentence)


def _check_within_own(viewer: Viewer, role: str, sees_restricted: bool) -> None:
    if role == HEADTEACHER and viewer.role != HEADTEACHER:
        raise UserError("Only a headteacher does this for a headteacher's sign-in; so does the command line.")
    if sees_restricted and not viewer.sees_restricted:
        raise UserError("Only who sees restricted children does this for others who do; so does the command line.")


def _check_account_within_own(connection: Connection, viewer: Viewer, name: str) -> None:
    of_them = select(user_account).where(user_account.c.name_folded == users.folded(name))
    them = connection.execute(of_them).one_or_none()
    if them is not None:
        _check_within_own(viewer, them.role, them.sees_restricted)


@contextmanager
def _administering(viewer: Viewer) -> Iterator[Connection]:
    may_administer(viewer)
    with _writing(_is_administrator_now(viewer)) as connection:
        yield connection


@contextmanager
def _writing(check: Callable[[Connection], None]) -> Iterator[Connection]:
    """A write transaction that begins with the check; then open tabs are looked up at once."""
    try:
        with writing() as connection:
            check(connection)
            yield connection
    except SQLAlchemyError as error:
        said = trouble(error)
        if said is None:
            raise
        raise UserError(said) from error
    TABS.check_soon()


def _is_administrator_now(viewer: Viewer) -> Callable[[Connection], None]:
    """What has become of the viewer and the session since this page was drawn is in the database only."""

    def check(connection: Connection) -> None:
        own = sessions.look_up(connection, viewer.session_id, settings(), sessions.now())
        if not isinstance(own, Viewer) or not own.may(roles.ADMINISTER):
            raise PermissionError("You may not administer any more.")

    return check


def _is_signed_in(viewer: Viewer) -> Callable[[Connection], None]:
    def check(connection: Connection) -> None:
        own = select(session.c.ended_at).where(session.c.token_hash == viewer.session_id)
        row = connection.execute(own).one_or_none()
        if row is None or row.ended_at is not None:
            raise PermissionError("You are signed out.")

    return check
