"""Which children to act on today, who acts, and did last week's actions work?"""

from vs_core import access
from vs_core.ui.parts import triage_day

viewer = access.require("triage")

triage_day.draw()
