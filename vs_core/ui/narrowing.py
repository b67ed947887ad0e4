"""Which of a group's children a page is about: the choices, each in the address by a value that names nobody."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from vs_core.access.viewer import Viewer
from vs_core.rules.cohorts import PHASES, YEAR_GROUPS
from vs_core.rules.frame import Frame
from vs_core.rules.narrowing import SEN, TWELVE_MONTHS, Narrowing
from vs_core.rules.words import year
from vs_core.ui.chosen import Chosen
from vs_core.ui.load import narrowing as read

ALL = "All"
SCHOOL = "school"
BOUND = ("phase", "year", "schools_of", "sen", "placement", "county", "unaccompanied", "area", "in_care_a_year")
"""Names in the address of all choices but SCHOOL, whose value there is another than the one that is read."""
_WRITTEN = "school in the address"
_SEEN_ON = "page of the school in the address"
_NARROWEST_PIXELS = 112


def choose(viewer: Viewer, frame: Frame, page: str) -> Chosen:
    """The choices, from what the viewer's own children have. page: what tells a page from another."""
    offer = read.offer(viewer, frame)
    in_care = frame.cohort == "in care"
    with _pairs("first"):
        phase = _one_of("Phase", _in_words(PHASES), "phase")
        group = _one_of("Year group", {year(each): each for each in YEAR_GROUPS}, "year")
    school = _school(offer.schools, page)
    with _pairs("second"):
        authority = _one_of("Schools of", _same(offer.authorities), "schools_of")
        sen = _one_of("Special needs", {_capital(said): code for code, said in SEN.items()}, "sen")
        county = _one_of("Placed", {"In county": "in", "Out of county": "out"}, "county")
        alone = _one_of("Unaccompanied", {"Yes": "yes", "No": "no"}, "unaccompanied")
    placement = _one_of("Placement type", _same(offer.placements), "placement") if in_care else None
    with _pairs("third"):
        area = _one_of("Area", _same(offer.areas), "area")
        months = _one_of("In care a year", _in_words(TWELVE_MONTHS), "in_care_a_year", _A_YEAR) if in_care else None
    only = Narrowing(
        phase,
        group,
        school,
        authority,
        sen,
        placement,
        None if county is None else county == "in",
        None if alone is None else alone == "yes",
        area,
        next((each for each in TWELVE_MONTHS if each == months), None),
    )
    return Chosen(frame, only, offer.schools.get(school or "", ""), read.left_out(viewer, frame, only))


_A_YEAR = (
    "In care on every day of the twelve months that end on 31 March, or on the last day of the period. The department's"
    " tables count only children in care for a year or more on 31 March: choose it before comparing with them."
)


def _pairs(key: str) -> DeltaGenerator:
    """Two choices in a row."""
    return st.grid(2, min_column_width=_NARROWEST_PIXELS, gap="small", key=f"narrowing {key}")


def clear_button() -> None:
    """Every child of the group again."""
    st.button("Clear", icon=":material/close:", help="Every child of the group again", on_click=_clear, key="clear")


def _clear() -> None:
    for key in (*BOUND, SCHOOL):
        if key in st.session_state:
            st.session_state[key] = ALL


def _one_of(label: str, options: Mapping[str, str], key: str, more: str | None = None) -> str | None:
    """The value of the chosen option; None for all, and where there is nothing to choose from."""
    if not options:
        return None
    chosen = st.selectbox(label, (ALL, *options), key=key, filter_mode="contains", help=more, bind="query-params")
    return options.get(chosen or ALL)


def _school(names: Mapping[str, str], page: str) -> str | None:
    """The URN of the chosen school. The list shows names, the address holds the URN alone: so the two are kept in step
    here. What the address says, on being opened or on going back, stands before what was chosen."""
    asked = st.query_params.get(SCHOOL, "")
    moved = st.session_state.get(_SEEN_ON) != page
    if asked != st.session_state.get(_WRITTEN, "") and (asked or not moved):
        st.session_state[SCHOOL] = asked if asked in names else ALL
    options = (ALL, *names)
    chosen = st.selectbox(
        "School",
        options,
        format_func=lambda urn: f"{names[urn]} ({urn})" if urn in names else urn,
        key=SCHOOL,
        filter_mode="contains",
        persist_state="session",
    )
    urn = chosen if chosen in names else ""
    if urn != asked:
        _write(urn)
    st.session_state[_WRITTEN], st.session_state[_SEEN_ON] = urn, page
    return urn or None


def _write(urn: str) -> None:
    if urn:
        st.query_params[SCHOOL] = urn
    else:
        st.query_params.pop(SCHOOL, None)


def _same(values: tuple[str, ...]) -> dict[str, str]:
    return {value: value for value in values}


def _in_words(values: tuple[str, ...]) -> dict[str, str]:
    return {_capital(value): value for value in values}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
