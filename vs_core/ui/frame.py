"""The frame around every page: navigation by role, the demo's banner, who is signed in. Streamlit's main script."""

from functools import partial

import streamlit as st

from vs_core import access
from vs_core.access import guard, roles
from vs_core.settings import ROOT, settings
from vs_core.ui import words

PRODUCT = "Virtual School dashboard"
PAGES = ROOT / "pages"
MY_ACCESS = "my_access"
TAB_ICON = (
    '<svg viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#1d5fa8"/>'
    '<path d="M16 7 4 13l12 6 12-6zM9 17v5c3 3 11 3 14 0v-5l-7 3.5z" fill="#fff"/></svg>'
)
"""Drawn here because a Material icon as a tab's icon would be fetched from another host."""
LESS_SPACE_ABOVE = "<style>.stMainBlockContainer { padding-top: 4.25rem; }</style>"


def built() -> list[str]:
    """Pages of the table of roles whose file is there."""
    return [name for name in roles.PAGES if (PAGES / f"{name}.py").exists()]


def open_page(name: str) -> st.Page:
    entry = roles.PAGES[name]
    return st.Page(
        PAGES / f"{name}.py",
        title=entry.title,
        icon=entry.icon,
        url_path=name,
        visibility="visible" if entry.listed else "hidden",
    )


def refused_page(name: str) -> st.Page:
    """In place of a page that the role may not open: its address answers with the refusal."""

    def refuse() -> None:
        access.require(name)

    return st.Page(refuse, title=roles.PAGES[name].title, url_path=name, visibility="hidden")


def start(first: st.Page | None) -> None:
    """The address without a page leads to the role's first page, so that every page has one address."""
    if first is None:
        st.info("There is no page for your role yet.", icon=":material/info:")
    else:
        st.switch_page(first)


def pages_of(viewer: access.Viewer) -> list[st.Page]:
    allowed = [open_page(name) for name in roles.pages(viewer.role) if name in built()]
    refused = [refused_page(name) for name in built() if not viewer.may_open(name)]
    listed = [page for page in allowed if page.visibility == "visible"]
    to_first = partial(start, listed[0] if listed else None)
    home = st.Page(to_first, title="Start", url_path="start", default=True, visibility="hidden")
    return [*allowed, *refused, home]


def account(viewer: access.Viewer, pages: list[st.Page]) -> None:
    """The demo's banner and the menu of the person who is signed in, in one row. pages: those of the person."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        if settings().demo:
            st.badge("This is an invented county: no real children", icon=":material/theater_comedy:", color="orange")
        else:
            st.caption(PRODUCT)
        with st.popover(words.plain(viewer.display_name), icon=":material/account_circle:", type="tertiary"):
            st.markdown(f"Role: **{roles.ROLES[viewer.role].title}**")
            for page in pages:
                if page.url_path == MY_ACCESS:
                    st.page_link(page)
            st.button("Sign out", icon=":material/logout:", on_click=guard.sign_out)


def show() -> None:
    st.set_page_config(page_title=PRODUCT, page_icon=TAB_ICON, layout="wide")
    viewer = access.signed_in()
    if viewer is None:
        st.error("You are signed out. Reload this page to sign in again.", icon=":material/lock:")
        st.stop()
    pages = pages_of(viewer)
    page = st.navigation(pages, position="top")
    st.set_page_config(page_title=f"{page.title} - {PRODUCT}")
    st.html(LESS_SPACE_ABOVE)
    account(viewer, pages)
    page.run()


show()
