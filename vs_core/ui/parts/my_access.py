"""What one's own role shows, what not and why, what is written down and for how long: out of the table of roles, the
kinds of events and the schedule of keeping, so that none of it can say anything else than what is done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd
import streamlit as st

from vs_core.access import retention, roles
from vs_core.access.events import GROUPS
from vs_core.access.viewer import Viewer
from vs_core.settings import settings
from vs_core.ui import tables, words
from vs_core.ui.load import people as read
from vs_core.ui.tables import Column

YES, NO = "✓ yes", "– no"


def place(viewer: Viewer) -> None:
    """Who the viewer is to the dashboard, and which children and what of them that shows."""
    role = roles.ROLES[viewer.role]
    st.markdown(f"You are **{words.plain(viewer.display_name)}**, with the role **{words.plain(role.title)}**.")
    st.markdown("\n".join(f"- {words.plain(sentence)}" for sentence in _scope(viewer)))


def _scope(viewer: Viewer) -> list[str]:
    """Children, names, restricted children and money, a sentence each."""
    pages_of_children = any(page in viewer_pages(viewer) for page in ("cohort", "attendance", "weekly_review"))
    if not pages_of_children:
        children = "Children: none. No page of yours is about children."
    elif roles.ROLES[viewer.role].own_caseload:
        children = f"Children: those whose adviser is {viewer.adviser} in the list of children. No others."
    else:
        children = "Children: all that the Virtual School knows of."
    names = "with their names" if viewer.may(roles.SEE_NAMES) else "without names: a child is a number such as #17"
    restricted = (
        "You are named as one who may see them."
        if viewer.sees_restricted
        else "You are not named for them, so they are not shown to you one by one. Figures still count them."
    )
    money = "Money: yes." if viewer.may(roles.SEE_MONEY) else "Money: no."
    return [children, f"Names: {names}.", f"Children whose whereabouts are restricted: {restricted}", money]


def viewer_pages(viewer: Viewer) -> tuple[str, ...]:
    """Pages that the viewer may open, by name."""
    return roles.pages(viewer.role)


def pages(viewer: Viewer) -> None:
    """The pages that the viewer may open, with what is on them."""
    st.subheader("Pages you may open")
    _listed((entry.title, entry.meaning) for name, entry in roles.PAGES.items() if name in viewer_pages(viewer))


def rights(viewer: Viewer) -> None:
    """What the viewer may do."""
    st.subheader("What you may do")
    _listed((name.capitalize(), meaning) for name, meaning in roles.MEANINGS.items() if viewer.may(name))


def left_out(viewer: Viewer) -> None:
    """Pages and rights that the viewer has not, and why."""
    st.subheader("What you may not see or do, and why")
    away = [(entry.title, roles.why_not(viewer.role, name)) for name, entry in roles.PAGES.items()]
    away = [(title, why) for title, why in away if why]
    if not away:
        st.markdown("Nothing is left out for your role.")
        return
    _listed(away)
    st.markdown(words.plain(roles.ROLES[viewer.role].meaning))
    lacking = [name for name in roles.MEANINGS if not viewer.may(name)]
    st.markdown(f"You have not the right to {words.plain(words.listed(lacking))}.")


def written_down(viewer: Viewer) -> None:
    """What the trail keeps of the viewer."""
    st.subheader("What is written down about you")
    st.markdown(
        "The trail keeps what you do here with your name, the time, and what you did it to. Nobody can change it, and"
        " a child stands there by a number only. It is written when somebody with your sign-in:"
    )
    _listed((about, "; ".join(group.values())) for about, group in GROUPS.items())
    readers = [role.title for role in roles.ROLES.values() if roles.READ_TRAIL in role.rights]
    st.caption(f"It is read by: {words.listed(readers)}. Who reads the Trail page is written down as well.")


def kept(today: date) -> None:
    """How long what is written down is kept."""
    st.subheader("How long it is kept")
    _listed((f"{rule.what}: {rule.kept}", rule.why) for rule in retention.schedule(settings(), today))
    st.caption(words.plain(retention.NO_RULE))
    st.caption("What is due is deleted once a day by itself, and that is written to the trail.")


def whole_table() -> None:
    """Every page and every right with every role: the rule itself."""
    st.subheader("The whole rule: every page and right, by role")
    titles = [Column(name, role.title) for name, role in roles.ROLES.items()]
    for noun, rows in (("page", _pages_by_role()), ("right", _rights_by_role())):
        columns = [Column("what", noun.capitalize()), *titles, Column("meaning", "What it is")]
        tables.listing(
            rows, columns, key=f"rule of {noun}s", alt=f"Which role has which {noun}", noun=(noun, f"{noun}s")
        )
    st.caption(
        "An adviser has all of it for the own caseload only. Restricted children are shown to those only who are named"
        " for them one by one, whatever the role."
    )


def whom_to_ask(viewer: Viewer) -> None:
    """Who gives and takes rights here."""
    st.subheader("Whom to ask")
    asked = read.administrators(viewer)
    who = words.listed(asked) if asked else "nobody has been given that role yet"
    st.markdown(words.plain(f"Another role, a right or a question about this page: {who}."))


def _pages_by_role() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"what": entry.title, "meaning": entry.meaning, **_by_role(page in role.pages for role in _ROLES)}
            for page, entry in roles.PAGES.items()
        ]
    )


def _rights_by_role() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"what": right.capitalize(), "meaning": meaning, **_by_role(right in role.rights for role in _ROLES)}
            for right, meaning in roles.MEANINGS.items()
        ]
    )


_ROLES = tuple(roles.ROLES.values())


def _by_role(has: Iterable[bool]) -> dict[str, str]:
    return {name: YES if one else NO for name, one in zip(roles.ROLES, has, strict=True)}


def _listed(lines: Iterable[tuple[str, str]]) -> None:
    st.markdown("\n".join(f"- **{words.plain(name)}**: {words.plain(said)}" for name, said in lines))
