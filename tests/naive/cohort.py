"""Who is in care and in the other groups at as_at, and who joined and left in the period."""

from collections import Counter
from datetime import date
from typing import Any

from .care import spells
from .deliveries import day
from .setting import COHORTS, Setting
from .years import age_on, financial_year_start


def figures(s: Setting) -> dict[str, Any]:
    found: dict[str, Any] = {
        "in_care": None, "in_care_with_short_breaks": None, "uasc": None, "pp_plus_eligible": None,
        "pp_plus_eligible_with_short_breaks": None, "joined": None, "left": None, "by_year_group": None,
    }  # fmt: skip
    if s.arrived("ssda903-episodes"):
        found |= _care_figures(s)
    for name in COHORTS:
        key = name.replace(" ", "_")
        found[key] = len(s.children_on(s.as_at, name)) if s.arrived("cohorts") else None
    found["all"] = len(s.known.children)
    return found


def _care_figures(s: Setting) -> dict[str, Any]:
    children = s.known.children
    in_care = {child for child in children if s.in_care(child, s.as_at)}
    return {
        "in_care": len(in_care),
        "in_care_with_short_breaks": sum(s.in_care(child, s.as_at, short_breaks=True) for child in children),
        "uasc": _uasc(s, in_care),
        "pp_plus_eligible": len(pp_plus_eligible(s, s.as_at)),
        "pp_plus_eligible_with_short_breaks": len(pp_plus_eligible(s, s.as_at, short_breaks=True)),
        "joined": sum(_joined(s, child) for child in children),
        "left": sum(_left(s, child) for child in children),
        "by_year_group": dict(Counter(s.year_group(child) for child in in_care)),
    }


def _uasc(s: Setting, in_care: set[str]) -> int | None:
    if not s.arrived("ssda903-uasc"):
        return None
    named = {row["CHILD"] for row in s.known.of("ssda903-uasc") if not row["DUC"] or _after(row["DUC"], s.as_at)}
    return len(named & in_care)


def _after(text: str, on: date) -> bool:
    found = day(text)
    return found is None or found > on


def _joined(s: Setting, child: str) -> bool:
    return any(s.start <= begun <= s.end for begun, _ in spells(s.spans(child)))


def _left(s: Setting, child: str) -> bool:
    return any(over is not None and s.start <= over <= s.end for _, over in spells(s.spans(child)))


def pp_plus_eligible(s: Setting, on: date, short_breaks: bool = False) -> set[str]:
    """Looked after on a day of the financial year up to `on`, and aged 4 to 15 on the 31 August in that year."""
    april = financial_year_start(on)
    eligible = set()
    for child in s.known.children:
        born = s.dob(child)
        if born is None or not 4 <= age_on(born, date(april.year, 8, 31)) <= 15:
            continue
        if s.in_care_between(child, april, on, short_breaks):
            eligible.add(child)
    return eligible
