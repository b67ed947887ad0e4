"""What each role may see and do: one table, asked by navigation, pages, queries and downloads alike.

Source: the Virtual School's own division of work. A page or right that is not named for a role is refused. The page
"What may I see" shows this table, so everything in it says what it means.
"""

from __future__ import annotations

from dataclasses import dataclass

SEE_NAMES = "see names"
SEE_CHILD = "see child"
SEE_MONEY = "see money"
IMPORT = "import"
PAY = "pay"
EXPORT = "export"
ASSIGN = "assign"
ADMINISTER = "administer"
READ_TRAIL = "read trail"
MEANINGS = {
    SEE_NAMES: "Names of children and of those who work with them. Without it a child is a number such as #17.",
    SEE_CHILD: "One child's page, with all that is known of the child.",
    SEE_MONEY: "Pupil Premium Plus: allocations, requests, payments, and what projects cost.",
    IMPORT: "Take files in, undo an import, correct or dismiss refused rows.",
    PAY: "Build and release batches of payments; who approved a request does not pay it. Take in what finance answers. "
    "Change and confirm rates and policies.",
    EXPORT: "Take tables and reports away. Each download is written to the trail.",
    ASSIGN: "Give an action to somebody with a day by which it is due; write down contacts, snoozes and referrals.",
    ADMINISTER: "Let people in, give them a role, end their sessions.",
    READ_TRAIL: "Read who did what, and who has looked at a child.",
}
RIGHTS = frozenset(MEANINGS)
FINANCE_ANSWER = "pp-payments"
"""The kind of file that finance answers with: who pays takes it in too."""


@dataclass(frozen=True)
class PageEntry:
    """title: in the navigation; icon: a Material icon; meaning: what is on it; needs: the right without which no role
    has it; listed: in the navigation (a child's page is not)."""

    title: str
    icon: str
    meaning: str
    needs: str | None = None
    listed: bool = True


@dataclass(frozen=True)
class Role:
    """meaning: what its work needs, and so why other pages are left out; pages: in the navigation's order, its first is
    where it starts; own_caseload: only the adviser's children."""

    title: str
    meaning: str
    pages: tuple[str, ...]
    rights: frozenset[str]
    own_caseload: bool = False


PAGES: dict[str, PageEntry] = {
    "weekly_review": PageEntry(
        "Weekly review", ":material/event_note:", "What changed since last Monday and what needs a decision."
    ),
    "triage": PageEntry(
        "Triage",
        ":material/priority_high:",
        "Which children need somebody today, who acts, and what worked.",
        SEE_CHILD,
    ),
    "cohort": PageEntry("Cohort", ":material/groups:", "Who our children are, and who came and went."),
    "attendance": PageEntry("Attendance", ":material/calendar_month:", "Who misses school, how much, and its course."),
    "exclusions": PageEntry("Exclusions", ":material/block:", "Suspensions and exclusions, and who nears a limit."),
    "pp_plus": PageEntry(
        "Pupil Premium Plus", ":material/payments:", "The year's money: asked for, approved, paid, left.", SEE_MONEY
    ),
    "payments": PageEntry(
        "Payments",
        ":material/account_balance:",
        "Batches of payments: built by one person, released by another, held against what finance paid.",
        PAY,
    ),
    "training": PageEntry("Training", ":material/school:", "Courses for schools, their places and who came."),
    "projects": PageEntry("Projects", ":material/interests:", "Who could take part in each project, and who does."),
    "child": PageEntry(
        "Child", ":material/person_search:", "One child across attendance, exclusions, money and projects.", SEE_CHILD
    ),
    "data": PageEntry(
        "Data", ":material/database:", "What has arrived, how complete it is, and what was refused.", IMPORT
    ),
    "people": PageEntry(
        "People", ":material/manage_accounts:", "Who may sign in with which role, and who is signed in.", ADMINISTER
    ),
    "trail": PageEntry("Trail", ":material/footprint:", "Who did what and when, by child and by person.", READ_TRAIL),
    "my_access": PageEntry(
        "What may I see", ":material/visibility:", "What one's own role shows, what not, and why.", listed=False
    ),
}

_CHILDREN = ("weekly_review", "triage", "cohort", "attendance", "exclusions", "pp_plus", "projects", "child")
_WITH_CHILDREN = frozenset({SEE_NAMES, SEE_CHILD, SEE_MONEY, EXPORT, ASSIGN})

_EVERYBODY = ("my_access",)

ROLES: dict[str, Role] = {
    "headteacher": Role("Headteacher", "Answers for all of it: every page and every right.", tuple(PAGES), RIGHTS),
    "inclusion": Role(
        "Inclusion",
        "Works with all children: attendance, suspensions, plans, money and projects. Files, people and the trail are "
        "not part of that work.",
        ("triage", "weekly_review", *_CHILDREN[2:-1], "training", "child", *_EVERYBODY),
        _WITH_CHILDREN,
    ),
    "operations": Role(
        "Operations",
        "Works with money, training and projects. Attendance is shown only where a payment needs it, and nothing else "
        "of a single child's schooling.",
        ("pp_plus", "payments", "cohort", "training", "projects", *_EVERYBODY),
        frozenset({SEE_NAMES, SEE_MONEY, PAY, EXPORT}),
    ),
    "adviser": Role(
        "Adviser",
        "Works with the children of the own caseload. Other children, courses for schools, files, people and the trail "
        "are not part of that work.",
        (*_CHILDREN, *_EVERYBODY),
        _WITH_CHILDREN,
        own_caseload=True,
    ),
    "analyst": Role(
        "Analyst",
        "Works with figures and with lists without names. Pages about single children are not part of that work.",
        ("weekly_review", "cohort", "attendance", "exclusions", "pp_plus", "training", "projects", *_EVERYBODY),
        frozenset({SEE_MONEY, EXPORT}),
    ),
    "administrator": Role(
        "Administrator",
        "Keeps people, imports and reference lists. That needs no page about children; refused rows come without "
        "names.",
        ("data", "people", "trail", *_EVERYBODY),
        frozenset({IMPORT, ADMINISTER, READ_TRAIL}),
    ),
}


def pages(role: str) -> tuple[str, ...]:
    """Page names a role may open, in the order of its navigation; none for an unknown role."""
    return ROLES[role].pages if role in ROLES else ()


def may_open(role: str, page: str) -> bool:
    """May this role open this page? An unknown page or role: no."""
    return page in pages(role)


def may(role: str, right: str) -> bool:
    """Has this role this right? Raises ValueError for a right that is not in the table."""
    if right not in RIGHTS:
        raise ValueError(f"No right is called '{right}'.")
    return role in ROLES and right in ROLES[role].rights


def may_take_in(role: str, kind: str) -> bool:
    """May this role take in a file of this kind?"""
    return may(role, IMPORT) or (kind == FINANCE_ANSWER and may(role, PAY))


def may_upload(role: str) -> bool:
    """May this role bring in a file of some kind?"""
    return may(role, IMPORT) or may_take_in(role, FINANCE_ANSWER)


def why_not(role: str, page: str) -> str:
    """Why a role may not open a page, as a sentence; empty when it may. Raises KeyError for a page or role that is not
    in the table."""
    entry, own = PAGES[page], ROLES[role]
    if page in own.pages:
        return ""
    if entry.needs is not None and entry.needs not in own.rights:
        return f"It needs the right to {entry.needs}, which the role {own.title} has not."
    return f"It is not part of the work of the role {own.title}."
