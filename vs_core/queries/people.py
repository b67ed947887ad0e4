"""Who may sign in, as the page of people shows it; and the advisers whom the children file names."""

from __future__ import annotations

from sqlalchemy import Select, func, select

from vs_core.access import roles
from vs_core.access.viewer import Viewer, scope
from vs_core.queries.scope import may_open
from vs_core.store.access_tables import session, user_account
from vs_core.store.schema import child_details


def everybody() -> Select:
    """One row a person, by display name: `id`, `name`, `display_name`, `role`, `caseload_adviser`, `sees_restricted`,
    `disabled`, `is_demo`, `has_password`, `created_at`, `sso_name`, `sso_linked_at`, and of the session in which the
    person was last seen `last_seen_at` and `how` (empty without one)."""
    latest = func.row_number().over(partition_by=session.c.user_id, order_by=session.c.last_seen_at.desc())
    ranked = select(session.c.user_id, session.c.last_seen_at, session.c.how, latest.label("place")).subquery("ranked")
    who = user_account.c
    names = "id name display_name role caseload_adviser sees_restricted disabled is_demo created_at"
    return (
        select(
            *(who[name] for name in names.split()),
            who.sso_name,
            who.sso_linked_at,
            (who.password_hash != "").label("has_password"),
            ranked.c.last_seen_at,
            ranked.c.how,
        )
        .outerjoin(ranked, (ranked.c.user_id == who.id) & (ranked.c.place == 1))
        .order_by(func.lower(who.display_name), who.id)
    )


def names() -> Select:
    """One row a person, by display name: `name`, `display_name`, `role`, `disabled`, `is_demo`."""
    who = user_account.c
    return select(who.name, who.display_name, who.role, who.disabled, who.is_demo).order_by(
        func.lower(who.display_name), who.id
    )


def advisers(viewer: Viewer) -> Select:
    """One row an adviser of the current list of children, for who gives caseloads: `adviser`. No child stands beside
    the name, and who works with restricted children only is left out for who may not see them. Raises PermissionError
    without the right to administer."""
    if not viewer.may(roles.ADMINISTER):
        raise PermissionError("This role may not give caseloads.")
    row = child_details.c
    wanted = [row.known_to.is_(None), row.adviser != "", may_open(row.child_key, scope(viewer))]
    return select(row.adviser).where(*wanted).distinct().order_by(row.adviser)
