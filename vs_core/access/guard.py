"""The first statement of every page: who is looking, and may they?

Who is signed in comes from `st.user`, which holds only what the door put into the trusted header; the session behind it
is looked up in the database again at every run.
"""

from __future__ import annotations

from vs_core.access import roles, sessions, trail
from vs_core.access.open_tabs import TABS
from vs_core.access.viewer import Viewer
from vs_core.settings import settings
from vs_core.store.engine import retried, writing

USER_KEY = "session"
"""The name under which `server.trustedUserHeaders` puts the session into `st.user`."""


def signed_in() -> Viewer | None:
    """The person of this run, or None when the session is over."""
    import streamlit as st

    session_id = st.user.to_dict().get(USER_KEY)
    if not isinstance(session_id, str) or not session_id:
        return None
    found = retried(lambda connection: sessions.look_up(connection, session_id, settings(), sessions.now()))
    return found if isinstance(found, Viewer) else None


def require(page: str) -> Viewer:
    """The person looking at `page`. Without a session, or for a role that may not open the page, the run stops here
    with a sentence; a refusal is written to the trail. Raises KeyError for a page that is not in the table of roles."""
    entry = roles.PAGES[page]
    viewer = signed_in()
    if viewer is None:
        _stop("You are signed out. Reload this page to sign in again.")
    elif not viewer.may_open(page):
        with writing() as connection:
            trail.record(connection, viewer, "page refused", page)
        _stop(f"The page '{entry.title}' is not part of your role ({roles.ROLES[viewer.role].title}).")
    assert viewer is not None
    return viewer


def sign_out() -> None:
    """End the session of this run and every tab that is open on it."""
    viewer = signed_in()
    if viewer is None:
        return
    end_by_its_person(viewer)


def end_by_its_person(viewer: Viewer) -> None:
    """End a person's session at their own wish, with a record of it."""
    with writing() as connection:
        sessions.end(connection, viewer.session_id, sessions.SIGNED_OUT, sessions.now())
        trail.record(connection, viewer, "signed out")
    TABS.check_soon()


def _stop(sentence: str) -> None:
    import streamlit as st

    st.error(sentence, icon=":material/lock:")
    st.stop()
