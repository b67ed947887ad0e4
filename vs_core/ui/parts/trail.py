"""The trail: what is asked of it, whether it holds, who has looked at a child, what somebody did, and every event."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import streamlit as st

from vs_core.access import guard, roles
from vs_core.access import trail as trails
from vs_core.access.events import EVENTS, in_words
from vs_core.access.viewer import Viewer
from vs_core.queries.trail import Asked
from vs_core.store.engine import writing
from vs_core.ui import downloads, tables, words
from vs_core.ui.load import trail as read
from vs_core.ui.tables import Column

EARLIEST = date(2020, 1, 1)
LONGEST_SUBJECT = 200
EVERYBODY, EVERYTHING = "Everybody", "Everything"
NOBODY_IN_PERSON = ("server", "unknown")
ABOUT, NUMBER, UNKNOWN_NUMBER = "about", "number of a child", "unknown number of a child"
TOLD, PLACE = "trail told", "trail place"

EVENT = (
    Column("when", "When"),
    Column("who", "Who"),
    Column("what", "What"),
    Column("about", "About"),
    Column("detail", "More"),
)
LOOKED = (
    Column("who", "Who"),
    Column("times", "Times", "number"),
    Column("first", "First"),
    Column("last", "Last"),
)
DID = (Column("what", "What"), Column("times", "Times", "number"), Column("last", "Last"))


def choose(viewer: Viewer, today: date) -> Asked:
    """What is asked of the trail, kept in the address; a child stands there by its key only."""
    first, second = st.columns(4), st.columns([1, 1, 2])
    person = first[0].selectbox(
        "Who",
        [EVERYBODY, *read.persons(viewer), *NOBODY_IN_PERSON],
        accept_new_options=True,
        filter_mode="contains",
        key="person",
        bind="query-params",
    )
    what = first[1].selectbox(
        "What", [EVERYTHING, *EVENTS], format_func=in_words, filter_mode="contains", key="event", bind="query-params"
    )
    days: dict[str, Any] = {"min_value": EARLIEST, "max_value": today, "format": "DD/MM/YYYY", "bind": "query-params"}
    start = first[2].date_input("From", None, key="trail_from", **days)
    end = first[3].date_input("To", None, key="trail_to", **days)
    second[0].text_input(
        "Child's number",
        key=NUMBER,
        max_chars=LONGEST_SUBJECT,
        placeholder="as in the children file, or #17" if viewer.may(roles.SEE_NAMES) else "#17",
        on_change=_find_child,
        help="Who has looked at this child.",
    )
    subject = second[1].text_input(
        "About",
        key=ABOUT,
        max_chars=LONGEST_SUBJECT,
        bind="query-params",
        help="What the event was done to, as it stands in the list: child 17, action 3, a person's sign-in name.",
    )
    if unknown := st.session_state.pop(UNKNOWN_NUMBER, ""):
        st.warning(f"You know no child with the number {words.plain(unknown)}.", icon=":material/person_off:")
    return Asked(
        "" if person in (None, EVERYBODY) else str(person),
        "" if what in (None, EVERYTHING) else str(what),
        (subject or "").strip(),
        words.begins(start) if isinstance(start, date) else None,
        words.begins(end + timedelta(1)) if isinstance(end, date) else None,
    )


def _find_child() -> None:
    """The number that was typed leads to the child's key; runs before the page asks who is looking."""
    viewer, number = guard.signed_in(), str(st.session_state.get(NUMBER, "")).strip()
    if viewer is None or not viewer.may(roles.READ_TRAIL) or not number:
        return
    subject = read.subject_of_number(viewer, number)
    st.session_state[NUMBER] = ""
    st.session_state[ABOUT if subject else UNKNOWN_NUMBER] = subject or number


def tell(viewer: Viewer, asked: Asked) -> None:
    """Looking at the trail is an event itself: once for each thing that is asked of it."""
    if st.session_state.get(TOLD) == asked:
        return
    told = read.to_be_told(viewer, asked)
    detail = {"who": told.person, "what": told.what, "from": told.start, "before": told.end}
    with writing() as connection:
        trails.record(
            connection, viewer, "trail read", told.subject, {name: value for name, value in detail.items() if value}
        )
    st.session_state[TOLD] = asked


def chain(viewer: Viewer) -> None:
    """Whether each event follows from the one before it, as far as that is known now."""
    known = read.chain(viewer)
    number, since = words.counted(known.followed.events, "event"), words.plain(words.moment(known.since))
    if known.followed.broken is not None:
        st.error(
            f"The trail was changed from outside: event {known.followed.broken} does not follow from the one before it."
            f" The {number} before it do.",
            icon=":material/link_off:",
        )
    elif known.is_whole:
        st.caption(f":material/link: The trail holds: {number}, followed one by one from the first since {since}.")
    else:
        st.caption(f":material/link: The trail holds so far: {number}, followed one by one since {since}; more follow.")


def who_looked(viewer: Viewer, asked: Asked) -> None:
    """Who opened the page of the child that is asked about; nothing when it is not about a child."""
    child = read.child(viewer, asked.subject)
    if not child:
        return
    st.subheader(f"Who has looked at {words.plain(child)}")
    tables.listing(
        read.who_looked(viewer, asked),
        LOOKED,
        key=f"looked {asked.subject}",
        alt="People who opened this child's page, how often and when",
        noun=("person", "people"),
        empty="Nobody has opened this child's page, as far as the trail reaches and for these choices.",
    )


def what_somebody_did(viewer: Viewer, asked: Asked) -> None:
    """How often the person who is asked about did what; nothing for everybody."""
    if not asked.person:
        return
    st.subheader(f"What {words.plain(asked.person)} did")
    tables.listing(
        read.what_somebody_did(viewer, asked),
        DID,
        key=f"did {asked.person}",
        alt="What this person did, how often and when last",
        noun=("kind of event", "kinds of event"),
        empty="Nothing, as far as the trail reaches and for these choices.",
    )


def events(viewer: Viewer, asked: Asked, today: date) -> None:
    """Every event, newest first, a page at a time."""
    st.subheader("Events")
    before, after = _place(asked)
    page = read.events(viewer, asked, before, after)
    tables.listing(
        page.rows,
        EVENT,
        key="events",
        alt="Events of the trail, newest first, with who did what to what",
        noun=("event on this page", "events on this page"),
        empty="The trail has no event for these choices.",
    )
    with st.container(horizontal=True):
        _turn("Newest", ":material/first_page:", asked, None, None, page.after is not None)
        _turn("Newer", ":material/chevron_left:", asked, None, page.after, page.after is not None)
        _turn("Older", ":material/chevron_right:", asked, page.before, None, page.before is not None)
    if not page.rows.empty:
        file = partial(read.for_a_file, viewer, asked)
        downloads.lazily(viewer, file, EVENT, title="Trail", notes=_notes(asked), as_at=today)


def _notes(asked: Asked) -> list[str]:
    """What the file holds, for its reader and for the trail; a child stands there by its key only."""
    said = {"Who": asked.person, "What": in_words(asked.what), "About": asked.subject}
    days = {"From": asked.start, "Before": asked.end}
    said |= {name: words.moment(at) for name, at in days.items() if at is not None}
    chosen = [f"{name}: {value}" for name, value in said.items() if value]
    return [*chosen, f"The newest {read.MOST_IN_A_FILE:,} events at most"]


def _place(asked: Asked) -> tuple[int | None, int | None]:
    """Where the page begins; another question begins with the newest."""
    place = st.session_state.get(PLACE)
    return (place[1], place[2]) if place and place[0] == asked else (None, None)


def _turn(label: str, icon: str, asked: Asked, before: int | None, after: int | None, there_is: bool) -> None:
    st.button(
        label, icon=icon, disabled=not there_is, key=f"trail {label}", on_click=_go, args=((asked, before, after),)
    )


def _go(place: tuple[Asked, int | None, int | None]) -> None:
    st.session_state[PLACE] = place
