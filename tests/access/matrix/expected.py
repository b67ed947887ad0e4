"""What the matrix expects, written down once: who opens which page and may be shown what; everything that answers.

A page, a fragment, a callback or a route that is not written here makes the matrix fail.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.access.canaries import FOREIGN, HIDDEN, OF_TEAM, OPEN, TEAM, WHO
from tests.access.matrix.authority import DRAFT, SIGN_IN
from vs_core.intake.kinds import KINDS as OF_FILES

HEAD, INCLUSION, OPERATIONS = "headteacher", "inclusion", "operations"
ADVISER, ANALYST, ADMINISTRATOR = "adviser", "analyst", "administrator"
WITH_CHILDREN = frozenset({HEAD, INCLUSION, ADVISER})

PAGES: dict[str, frozenset[str]] = {
    "weekly_review": WITH_CHILDREN | {ANALYST},
    "triage": WITH_CHILDREN,
    "cohort": WITH_CHILDREN | {ANALYST, OPERATIONS},
    "attendance": WITH_CHILDREN | {ANALYST},
    "exclusions": WITH_CHILDREN | {ANALYST},
    "pp_plus": WITH_CHILDREN | {ANALYST, OPERATIONS},
    "payments": frozenset({HEAD, OPERATIONS}),
    "training": frozenset({HEAD, INCLUSION, ANALYST, OPERATIONS}),
    "projects": WITH_CHILDREN | {ANALYST, OPERATIONS},
    "child": WITH_CHILDREN,
    "data": frozenset({HEAD, ADMINISTRATOR}),
    "people": frozenset({HEAD, ADMINISTRATOR}),
    "trail": frozenset({HEAD, ADMINISTRATOR}),
    "my_access": frozenset({HEAD, INCLUSION, ADVISER, ANALYST, OPERATIONS, ADMINISTRATOR}),
}
"""The roles that open each page."""


@dataclass(frozen=True)
class Sight:
    """Whose places and whose names somebody may be shown; the team's own notes and people; who signs in."""

    places: frozenset[str]
    names: frozenset[str]
    team: bool = True
    sign_ins: bool = True


EVERYBODY, BUT_HIDDEN, NOBODY = frozenset({HIDDEN, OPEN, FOREIGN}), frozenset({OPEN, FOREIGN}), frozenset[str]()
SIGHTS: dict[str, Sight] = {
    "headteacher": Sight(EVERYBODY, EVERYBODY),
    "headteacher, not named": Sight(BUT_HIDDEN, BUT_HIDDEN),
    "inclusion": Sight(BUT_HIDDEN, BUT_HIDDEN),
    "adviser": Sight(frozenset({OPEN}), frozenset({OPEN})),
    "adviser of nobody": Sight(NOBODY, NOBODY),
    "operations": Sight(BUT_HIDDEN, BUT_HIDDEN, sign_ins=False),
    "analyst": Sight(BUT_HIDDEN, NOBODY, team=False, sign_ins=False),
    "administrator": Sight(BUT_HIDDEN, NOBODY, team=False),
}
"""What each viewer of `authority.VIEWERS` may be shown anywhere."""

FRAGMENTS: frozenset[str] = frozenset(
    {
        "vs_core/ui/parts/attendance_views.py:draw",
        "vs_core/ui/parts/attendance_lists.py:listing",
        "vs_core/ui/parts/pp_burn.py:draw",
        "vs_core/ui/parts/triage_day.py:draw",
        "vs_core/ui/parts/triage_effect.py:draw",
        "vs_core/ui/parts/triage_registers.py:draw",
        "vs_core/ui/parts/triage_worklist.py:draw",
    }
)
"""Functions that run again by themselves, as `file:function`; each asks first who is looking."""

CALLBACKS: dict[str, str] = {
    "vs_core/ui/narrowing.py:_clear": "forgets in the sender's own tab which children were chosen",
    "vs_core/ui/frame.py:guard.sign_out": "ends the session of whoever sends it",
    "vs_core/ui/parts/data_upload.py:_next": "forgets the upload of the sender's own tab",
    "vs_core/ui/parts/child_search.py:_ask": "keeps in the sender's own tab what was typed; the page then asks",
    "vs_core/ui/parts/trail.py:_find_child": "asks for the right to read the trail; finds the sender's children only",
    "vs_core/ui/parts/trail.py:_go": "keeps in the sender's own tab which part of the list is shown",
    "vs_core/ui/address.py:_chosen": "keeps in the address of the sender's own tab what was chosen; the page then asks",
    "vs_core/ui/tables.py:select": "keeps in the address of the sender's own tab which row of a list it is",
    "vs_core/ui/parts/triage_panel.py:_to": "keeps in the address of the sender's own tab who comes next; as above",
    "vs_core/ui/parts/people_told.py:_forget": "forgets in the sender's own tab a password that was shown",
}
"""What runs before a page asks who is looking, as `file:function`, and why that does no harm."""

EVERYBODYS, SIGNED_IN, CLOSED = "everybody", "signed in", "closed"
ROUTES: dict[str, str] = {
    "/login": EVERYBODYS,
    "/login.css": EVERYBODYS,
    "/login/council": EVERYBODYS,
    "/login/council/back": EVERYBODYS,
    "/login/council/out": EVERYBODYS,
    "/session": EVERYBODYS,
    "/_stcore/health": EVERYBODYS,
    "/": SIGNED_IN,
    "/logout": SIGNED_IN,
    "/screen.js": SIGNED_IN,
    "/draft": SIGNED_IN,
    "/download/{token}": SIGNED_IN,
    "/_stcore/host-config": SIGNED_IN,
    "/_stcore/upload_file/{session_id}/{file_id}": SIGNED_IN,
    "/_stcore/stream": SIGNED_IN,
    **{f"/{page}": SIGNED_IN for page in PAGES},
    "/_stcore/metrics": CLOSED,
    "/media/{file_id:path}": CLOSED,
    "/component/{path:path}": CLOSED,
    "/_stcore/bidi-components/{path:path}": CLOSED,
    "/auth/login": CLOSED,
    "/auth/logout": CLOSED,
    "/oauth2callback": CLOSED,
    "/_stcore/agent/interact": CLOSED,
    "/_stcore/agent/openapi.json": CLOSED,
    "/_stcore/agent/mcp": CLOSED,
}
"""Everything that answers, ours and the framework's, and to whom."""

_NAMING = {f"{table}.{name}" for listed in (WHO, OF_TEAM) for table in listed for name in listed[table]}
_NAMING |= {
    f"cell {column.name}"
    for table in WHO
    for kind in OF_FILES.values()
    for column in kind.columns
    if column.to in WHO[table] and kind.name not in ("schools",)
}


def may_appear(who: str, whose: str, column: str) -> bool:
    """May this viewer be shown a canary?"""
    sight = SIGHTS[who]
    if whose == TEAM:
        return sight.team
    if whose == SIGN_IN:
        return column in {f"name {who}", f"{DRAFT} {who}", *ASKED} or (sight.sign_ins and column.startswith("name "))
    told_anyway = (who, whose, column) in ANYWAY
    return told_anyway or whose in (sight.names if column in _NAMING else sight.places)


ASKED = frozenset({"name headteacher", "name headteacher, not named", "name administrator"})
"""Whom everybody is told to ask about what they may see."""
ANYWAY = {
    ("adviser", FOREIGN, "child_details.adviser"): "a colleague to whom an action can be given",
    ("adviser of nobody", FOREIGN, "child_details.adviser"): "a colleague to whom an action can be given",
    ("adviser of nobody", OPEN, "child_details.adviser"): "a colleague to whom an action can be given",
    ("administrator", OPEN, "child_details.adviser"): "whose caseload an adviser has, on the page of people",
    ("administrator", FOREIGN, "child_details.adviser"): "whose caseload an adviser may be given",
}
"""What is shown although it names somebody who works with a child, and why."""
NOT_AGAIN = {"headteacher, not named": "inclusion"}
"""Who sees the same rows as another, and therefore opens only what the other may not."""
AGAIN = {("headteacher, not named", "pp_plus"): "changes and confirms rates and policies there, as the other may not"}
"""Pages that are opened all the same, because more can be done on them."""
REPORTS = frozenset({"adviser", "analyst"})
"""Who fetches the reports of the weekly review too, which take seconds to make; `everything_read` reads all of them."""
PARTS = {("adviser", page) for page in PAGES} | {("analyst", "training"), ("analyst", "projects")}
PARTS |= {(who, page) for who in ("administrator", "headteacher, not named") for page in ("data", "people")}
PARTS |= {(who, "pp_plus") for who in ("headteacher, not named", "operations", "analyst")}
PARTS |= {(who, "payments") for who in ("headteacher", "headteacher, not named", "operations")}
"""Who opens every part of a page."""
_PAYING = {"payments": 1, "payments?part=Batches": 3, "payments?part=One+request": 2}
TURNS = {
    "operations": _PAYING | {"payments?part=Vendors+and+invoices": 1},
    "headteacher": _PAYING,
    "administrator": {"data?part=Refused+rows": 3, "data": 1, "people": 1},
    "headteacher, not named": {"data?part=Refused+rows": 2, "payments?part=Batches": 2},
    "analyst": {"weekly_review": 2, "cohort": 1, "pp_plus": 1},
    "adviser": {"weekly_review": 1, "cohort": 1},
}
"""In how many ways other entries are chosen on a page or a part of it."""
SPELLED = {"operations": ("data",), "administrator": ("child",)}
"""Who asks for which pages in other spellings over the socket: each leads to the viewer's own first page instead."""

MARK = "mark-of-an-address"
BROKEN = (
    f"as_at=9999-99-99&period=<script>alert(1)</script>&cohort=%27%20or%201%3D1--&phase={MARK}&behind=../../etc/passwd"
    "&project=${7*7}&part=Upload&order=x&reach=x&over=x&by=x&person=x&event=x&about=child%201&child=-1&child=1"
    "&row=child-1&at=2026-11-09"
    "&burn=x&run=x&run_to=x&approve_all=x&release=x&late_rush=x"
    "&worklist=x&of_school=x&open=-1"
    "&batch=-1&request=x&of=x&school=x&invoice_for=x&lines=x"
    "&stage=x&outside=x&spend=x&spend_of=x&came=x&without=x&without_of=x&policy=x"
)
ENDLESS = f"as_at={'9' * 3000}&behind={'x' * 4000}&child={'1' * 3000}&cohort=%00%0d%0a&part={MARK}"
ENDLESS += f"&open={'1' * 3000}&of_school={'9' * 3000}"
TWICE = "as_at=2026-10-05&as_at=2026-11-20&as_then=true&cohort=all&cohort=in%20care&part=Refused%20rows&child=1&child=9"
TWICE += "&open=1&open=9"
TAINTED = {
    **{("adviser", page): (BROKEN,) for page in PAGES if ADVISER in PAGES[page]},
    **{("adviser", page): (TWICE,) for page in ("cohort", "exclusions", "pp_plus", "triage")},
    ("adviser", "child"): (BROKEN, ENDLESS, TWICE),
    ("analyst", "training"): (BROKEN,),
    ("analyst", "attendance"): (TWICE,),
    ("operations", "payments"): (BROKEN, f"{TWICE}&part=Batches&batch=1&batch=2"),
    ("administrator", "data"): (BROKEN, ENDLESS, TWICE),
    ("administrator", "people"): (BROKEN, TWICE),
    ("administrator", "trail"): (BROKEN, ENDLESS, TWICE),
}
"""Addresses that no page of ours makes."""
