"""What each role may see and do: one table, asked by navigation, pages, queries and downloads alike.

Source: the Virtual School's own division of work. A page or right that is not named for a role is refused.
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
RIGHTS = frozenset({SEE_NAMES, SEE_CHILD, SEE_MONEY, IMPORT, PAY, EXPORT, ASSIGN, ADMINISTER, READ_TRAIL})


@dataclass(frozen=True)
class PageEntry:
    """title: in the navigation; icon: a Material icon; listed: in the navigation (a child's page is not)."""

    title: str
    icon: str
    listed: bool = True


@dataclass(frozen=True)
class Role:
    """pages: in the navigation's order, its first is where it starts; own_caseload: only the adviser's children."""

    title: str
    pages: tuple[str, ...]
    rights: frozenset[str]
    own_caseload: bool = False


PAGES: dict[str, PageEntry] = {
    "weekly_review": PageEntry("Weekly review", ":material/event_note:"),
    "cohort": PageEntry("Cohort", ":material/groups:"),
    "attendance": PageEntry("Attendance", ":material/calendar_month:"),
    "triage": PageEntry("Triage", ":material/low_priority:"),
    "exclusions": PageEntry("Exclusions", ":material/block:"),
    "pp_plus": PageEntry("Pupil Premium Plus", ":material/payments:"),
    "training": PageEntry("Training", ":material/school:"),
    "projects": PageEntry("Projects", ":material/interests:"),
    "child": PageEntry("Child", ":material/person:"),
    "data": PageEntry("Data", ":material/database:"),
    "people": PageEntry("People", ":material/manage_accounts:"),
    "trail": PageEntry("Trail", ":material/footprint:"),
    "my_access": PageEntry("What may I see", ":material/visibility:", listed=False),
}

_CHILDREN = ("weekly_review", "cohort", "attendance", "triage", "exclusions", "pp_plus", "projects", "child")
_WITH_CHILDREN = frozenset({SEE_NAMES, SEE_CHILD, SEE_MONEY, EXPORT, ASSIGN})

_EVERYBODY = ("my_access",)

ROLES: dict[str, Role] = {
    "headteacher": Role("Headteacher", tuple(PAGES), RIGHTS),
    "inclusion": Role("Inclusion", (*_CHILDREN[:-1], "training", "child", *_EVERYBODY), _WITH_CHILDREN),
    "operations": Role(
        "Operations",
        ("pp_plus", "cohort", "training", "projects", *_EVERYBODY),
        frozenset({SEE_NAMES, SEE_MONEY, PAY, EXPORT}),
    ),
    "adviser": Role("Adviser", (*_CHILDREN, *_EVERYBODY), _WITH_CHILDREN, own_caseload=True),
    "analyst": Role(
        "Analyst",
        ("weekly_review", "cohort", "attendance", "exclusions", "pp_plus", "training", "projects", *_EVERYBODY),
        frozenset({SEE_MONEY, EXPORT}),
    ),
    "administrator": Role(
        "Administrator", ("data", "people", "trail", *_EVERYBODY), frozenset({IMPORT, ADMINISTER, READ_TRAIL})
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
