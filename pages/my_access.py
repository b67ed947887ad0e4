"""What may I see, and why: the table of roles, one's own place in it, and one's own sessions."""

import streamlit as st

from vs_core import access
from vs_core.ui import load
from vs_core.ui.parts import my_access, my_password, my_sessions

viewer = access.require("my_access")

st.title("What may I see, and why")
my_access.place(viewer)

sees, not_sees = st.columns(2, gap="large")
with sees:
    my_access.pages(viewer)
    my_access.rights(viewer)
with not_sees:
    my_access.left_out(viewer)

my_sessions.show(viewer)
my_password.show(viewer)
my_access.written_down(viewer)
my_access.kept(load.today())
my_access.whole_table()
my_access.whom_to_ask(viewer)
