"""Who could take part in each project, who does, what is left to offer, and what it costs."""

import streamlit as st

from vs_core import access
from vs_core.ui import filters, freshness, load
from vs_core.ui.load import arrivals
from vs_core.ui.load import projects as read
from vs_core.ui.parts import comparing
from vs_core.ui.parts import projects as parts

viewer = access.require("projects")

st.title("Projects")
chosen = filters.choose("projects", load.today(), load.half_terms(), viewer=viewer)
fresh = arrivals.of_subject("projects", chosen.frame)
freshness.caption(chosen.frame, fresh.known_on, "Places, use and licences")
compared = read.compared(viewer, chosen)
projects = compared.now
if comparing.is_empty(compared, "standing", fresh):
    st.stop()

table = parts.by_project(projects, read.licences(viewer, chosen))
parts.needs(table, chosen.frame.as_at)
parts.uptake(table)
parts.money(viewer, chosen, table)

name = parts.choose(list(projects.figures))
parts.figures_row(compared, name, read.rules_of(chosen.frame).get(name))
parts.listing(viewer, chosen, projects, name)
