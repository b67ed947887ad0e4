"""People: who may sign in with which role, and who is signed in now."""

import streamlit as st

from vs_core import access
from vs_core.ui.parts import people, people_added, people_sessions

viewer = access.require("people")

st.title("People")
part = people.choose()

if part == people.EVERYBODY:
    people.show(viewer)
elif part == people.NEW:
    people_added.show(viewer)
else:
    people_sessions.show(viewer)
