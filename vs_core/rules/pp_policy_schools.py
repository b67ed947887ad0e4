"""What kind of school is paid: read from the type that the department's list of schools gives it."""

from __future__ import annotations

KINDS = MAINTAINED, ACADEMY, INDEPENDENT, SHORT_STAY, OTHER, NOT_KNOWN = (
    "maintained",
    "academy",
    "independent",
    "short-stay",
    "other",
    "not known",
)
PLAIN = {
    MAINTAINED: "maintained schools",
    ACADEMY: "academies",
    INDEPENDENT: "independent schools",
    SHORT_STAY: "short-stay schools and pupil referral units",
}
WORDS = (
    (SHORT_STAY, ("alternative provision", "referral unit")),
    (INDEPENDENT, ("independent",)),
    (ACADEMY, ("academy", "free school", "technical college", "studio school", "technology college")),
    (MAINTAINED, ("community", "foundation", "voluntary", "local authority nursery")),
)
"""Words in the type by which a kind is known, the first kind that has one first."""


def kind_of_school(type_of_establishment: str | None) -> str:
    """One of KINDS. Alternative provision is short-stay whoever runs it; a type in no list is `other`."""
    text = (type_of_establishment or "").strip().casefold()
    if not text:
        return NOT_KNOWN
    return next((kind for kind, words in WORDS if any(word in text for word in words)), OTHER)
