"""Who is looking, and which rows and names that person gets."""

from __future__ import annotations

from dataclasses import dataclass

from vs_core.access import roles


@dataclass(frozen=True)
class Viewer:
    """A signed-in person. session_id: hash of the session's cookie; adviser: the caseload of an adviser;
    sees_restricted: named as allowed to see restricted children."""

    user_id: int
    name: str
    display_name: str
    role: str
    session_id: str
    adviser: str | None = None
    sees_restricted: bool = False

    def may(self, right: str) -> bool:
        """Has this person the right (`roles.SEE_NAMES`, ...)?"""
        return roles.may(self.role, right)

    def may_take_in(self, kind: str) -> bool:
        """May this person take in a file of this kind?"""
        return roles.may_take_in(self.role, kind)

    def may_upload(self) -> bool:
        """May this person bring in a file of some kind?"""
        return roles.may_upload(self.role)

    def may_open(self, page: str) -> bool:
        """May this person open the page?"""
        return roles.may_open(self.role, page)


@dataclass(frozen=True)
class Scope:
    """names: may names leave the query; adviser: only children of this adviser (None: of every adviser);
    restricted: restricted children too; child: of these only this one, by `child_key` (None: all of them). Part of
    every query and of every cache key."""

    names: bool
    adviser: str | None
    restricted: bool
    child: int | None = None


EVERYTHING = Scope(names=True, adviser=None, restricted=True)
"""The scope of the command line, whose user can read the database itself."""


def scope(viewer: Viewer) -> Scope:
    """The scope of a person. Raises ValueError for an adviser without a caseload."""
    own = roles.ROLES[viewer.role].own_caseload
    if own and not viewer.adviser:
        raise ValueError("An adviser without a caseload sees nobody.")
    return Scope(viewer.may(roles.SEE_NAMES), viewer.adviser if own else None, viewer.sees_restricted)
