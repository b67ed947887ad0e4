"""The numbers of the board pack that are safe to publish: counts of 1 to 5 and what would give them away are hidden.

All counts of the document are hidden together, by the sums that hold between them, so that no table gives away what
another hides. A percentage is shown only where its part, its rest and its whole are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from vs_core.figures import SubjectFigures, behind, provision
from vs_core.rules.cohorts import COMPULSORY_YEARS, YEAR_GROUPS
from vs_core.rules.dated import Thresholds
from vs_core.rules.register import BANDS, Band
from vs_core.rules.suppression import Sum, is_small, safe_counts

BANDS_OF_PERSISTENT = 3
"""The lowest bands of `rules.register.BANDS`: together the persistently absent, the first of them the severely."""
OTHER_REASONS = "Other reasons together"


@dataclass
class Ledger:
    """Counts on their way into the document. also: those that are hidden whatever their size; unprinted: those that
    only the sums know."""

    first: int
    last: int
    counts: dict[str, int] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    also: set[str] = field(default_factory=set)
    unprinted: set[str] = field(default_factory=set)

    def add(self, name: str, count: int, children: int | None = None) -> None:
        """A count; children: how many are behind it, where it counts something else."""
        self.counts[name] = count
        if children is not None and is_small(children, self.first, self.last):
            self.also.add(name)

    def split(self, whole: str, *parts: str) -> None:
        """`parts` and what is left of `whole` besides them add up to it; the rest is `rest of PART, PART`."""
        rest = f"rest of {', '.join(parts)}"
        self.counts[rest] = self.counts[whole] - sum(self.counts[part] for part in parts)
        self.unprinted.add(rest)
        self.sums.append(Sum(whole, (*parts, rest)))

    def total(self, whole: str, *parts: str) -> None:
        """`parts` add up to `whole`, which is among the counts."""
        self.sums.append(Sum(whole, parts))

    def made_of(self, whole: str, *parts: str) -> None:
        """`parts` add up to a number that the document does not show."""
        self.counts[whole] = sum(self.counts[part] for part in parts)
        self.unprinted.add(whole)
        self.sums.append(Sum(whole, parts))


@dataclass(frozen=True)
class Safe:
    """Counts by name, None where hidden; a name is missing where its figure is not known."""

    counts: Mapping[str, int | None]
    exact: Mapping[str, int]

    def known(self, name: str) -> bool:
        """Whether the figure behind a count is known at all."""
        return name in self.counts

    def is_hidden(self, name: str) -> bool:
        """Whether a known count must not be shown."""
        return name in self.counts and self.counts[name] is None

    def percent(self, part: str, whole: str) -> float | None:
        """A share (0-100); None where there is no whole, or part, rest or whole is hidden."""
        names = (part, f"rest of {part}", whole)
        if any(self.counts.get(name) is None for name in names) or not self.exact[whole]:
            return None
        return self.exact[part] * 100 / self.exact[whole]


def safe(of: Mapping[str, SubjectFigures], limits: Thresholds, reasons: pd.DataFrame) -> Safe:
    """The counts of every subject. of: figures by subject; reasons: rows of `reasons_together`."""
    as_at = of["cohort"].frame.as_at
    ledger = Ledger(limits.whole("suppress_from", as_at), limits.whole("suppress_to", as_at))
    for subject, fill in _SUBJECTS.items():
        if subject in of:
            fill(ledger, of[subject])
    _reasons(ledger, reasons)
    _between_subjects(ledger)
    shown = safe_counts(
        ledger.counts, ledger.sums, ledger.first, ledger.last, also=ledger.also, unprinted=ledger.unprinted
    )
    return Safe(shown, dict(ledger.counts))


def reasons_together(suspensions: SubjectFigures, limits: Thresholds, meanings: Mapping[str, str]) -> pd.DataFrame:
    """Suspensions by first reason, most frequent first: `reason` (in words), `suspensions`, `children`.

    Reasons of few suspensions or few children stand together in one last row, with as many others as make it safe;
    empty where that would be all of them."""
    rows = behind(suspensions, "by_reason")
    code = rows["reason1"].astype(object).fillna("").replace("", "not given")
    own = rows.assign(reason=code.map(lambda each: meanings.get(each, "Not given" if each == "not given" else each)))
    found = own.groupby("reason", as_index=False).agg(
        suspensions=("child_key", "size"), children=("child_key", "nunique")
    )
    found = found.sort_values(["suspensions", "reason"], ascending=[False, True], kind="stable")
    frame = suspensions.frame
    bounds = limits.whole("suppress_from", frame.as_at), limits.whole("suppress_to", frame.as_at)
    kept = _kept(own, found, bounds)
    if kept in (0, len(found)):
        return found.iloc[:kept].reset_index(drop=True)
    rest = own[own["reason"].isin(found["reason"].iloc[kept:])]
    last = {"reason": OTHER_REASONS, "suspensions": len(rest), "children": rest["child_key"].nunique()}
    return pd.concat([found.iloc[:kept], pd.DataFrame([last])], ignore_index=True)


def _kept(own: pd.DataFrame, found: pd.DataFrame, bounds: tuple[int, int]) -> int:
    """How many of the most frequent reasons can stand alone, so that the others together are not few either."""
    pairs = zip(found["suspensions"], found["children"], strict=True)
    alone = [not is_small(int(count), *bounds) and not is_small(int(children), *bounds) for count, children in pairs]
    kept = alone.index(False) if False in alone else len(alone)
    while 0 < kept < len(found):
        rest = own[own["reason"].isin(found["reason"].iloc[kept:])]
        if not is_small(len(rest), *bounds) and not is_small(rest["child_key"].nunique(), *bounds):
            break
        kept -= 1
    return kept


def _figures(ledger: Ledger, of: SubjectFigures, *keys: str) -> bool:
    """The figures among the counts, with the children behind each; whether all of them are known."""
    for key in keys:
        if of.figures.get(key) is not None:
            ledger.add(f"{of.subject}.{key}", of.figures[key], _children(behind(of, key)))
    return all(of.figures.get(key) is not None for key in keys)


def _children(rows: pd.DataFrame) -> int | None:
    return int(rows["child_key"].nunique()) if "child_key" in rows else None


def _cohort(ledger: Ledger, of: SubjectFigures) -> None:
    _figures(ledger, of, "joined", "left", "previously_looked_after", "child_in_need", "child_protection", "kinship")
    if not _figures(ledger, of, "in_care"):
        return
    groups = {group: count for group in YEAR_GROUPS if (count := of.figures["by_year_group"].get(group))}
    for group, count in groups.items():
        ledger.add(f"year.{group}", count)
    ledger.total("cohort.in_care", *(f"year.{group}" for group in groups))
    if _figures(ledger, of, "uasc"):
        ledger.split("cohort.in_care", "cohort.uasc")
    if compulsory := [f"year.{group}" for group in groups if group in COMPULSORY_YEARS]:
        ledger.made_of("of school age", *compulsory)


def band_name(band: Band) -> str:
    """The count of a band: the lowest is that of the severely absent, one number under one name."""
    return "attendance.severely_absent" if band == BANDS[0] else f"band.{band.label}"


def _attendance(ledger: Ledger, of: SubjectFigures) -> None:
    if not _figures(ledger, of, "children", "persistently_absent", "severely_absent"):
        return
    counts = of.rows["children"]["band"].value_counts()
    for band in BANDS[1:]:
        ledger.add(band_name(band), int(counts.get(band.label, 0)))
    names = [band_name(band) for band in BANDS]
    ledger.total("attendance.children", *names)
    ledger.total("attendance.persistently_absent", *names[:BANDS_OF_PERSISTENT])
    for key in ("attendance.persistently_absent", "attendance.severely_absent"):
        ledger.split("attendance.children", key)


def _exclusions(ledger: Ledger, of: SubjectFigures) -> None:
    if not _figures(ledger, of, "suspensions", "suspended_children", "permanent_exclusions", "over_15_days_in_term"):
        return
    ledger.split("exclusions.suspended_children", "exclusions.over_15_days_in_term")


def _reasons(ledger: Ledger, reasons: pd.DataFrame) -> None:
    if "exclusions.suspensions" not in ledger.counts:
        return
    for reason, count, children in zip(reasons["reason"], reasons["suspensions"], reasons["children"], strict=True):
        ledger.add(f"reason.{reason}", int(count), int(children))
    if len(reasons):
        ledger.total("exclusions.suspensions", *(f"reason.{reason}" for reason in reasons["reason"]))


def _plans(ledger: Ledger, of: SubjectFigures) -> None:
    if not _figures(ledger, of, "due", "completed", "completed_on_time", "overdue"):
        return
    rated = behind(of, "quality_green_percent")
    rated = rated[rated["quality"].isin(["red", "amber", "green"])]
    green = rated[rated["quality"] == "green"]
    ledger.add("pep.rated", len(rated), _children(rated))
    ledger.add("pep.green", len(green), _children(green))
    ledger.split("pep.due", "pep.completed")
    ledger.split("pep.due", "pep.completed", "pep.overdue")
    ledger.split("pep.completed", "pep.completed_on_time")
    ledger.split("pep.rated", "pep.green")


def _provision(ledger: Ledger, of: SubjectFigures) -> None:
    ways = ("part_time", "alternative_provision", "not_on_roll")
    _figures(ledger, of, "reviews_overdue")
    if not _figures(ledger, of, *ways):
        return
    ledger.add("provision.not_full_time", len(provision.not_full_time(of)))
    ledger.made_of("ways out of full time", *(f"provision.{way}" for way in ways))
    ledger.split("ways out of full time", "provision.not_full_time")


def _after_16(ledger: Ledger, of: SubjectFigures) -> None:
    keys = ("in_education_employment_training", "neet", "not_known")
    _figures(ledger, of, "year_11_without_offer")
    if not _figures(ledger, of, *keys):
        return
    names = [f"post-16.{key}" for key in keys]
    ledger.add("post-16.young", sum(ledger.counts[name] for name in names))
    ledger.total("post-16.young", *names)
    ledger.split("post-16.young", names[0])


def _money(ledger: Ledger, of: SubjectFigures) -> None:
    requests = of.rows["requests"]
    ledger.add("pp-plus.with_requests", int(requests["child_key"].nunique()))
    if _figures(ledger, of, "children_without_spend"):
        ledger.add("pp-plus.eligible", len(of.rows["children"]))
        ledger.split("pp-plus.eligible", "pp-plus.children_without_spend")


def _between_subjects(ledger: Ledger) -> None:
    """Sums across subjects: what one table hides another must not give away."""
    counts = ledger.counts
    if "of school age" in counts and "provision.not_on_roll" in counts:
        ledger.split("of school age", "provision.not_on_roll")
    if "year.11" in counts and "post-16.year_11_without_offer" in counts:
        ledger.split("year.11", "post-16.year_11_without_offer")
    older = [name for name in ("year.12", "year.13") if name in counts]
    if older and "post-16.young" in counts:
        ledger.total("post-16.young", *older)


_SUBJECTS: dict[str, Any] = {
    "cohort": _cohort,
    "attendance": _attendance,
    "exclusions": _exclusions,
    "pep": _plans,
    "provision": _provision,
    "post-16": _after_16,
    "pp-plus": _money,
}


def money_may_be_shown(counts: Safe) -> bool:
    """Whether sums of requests and payments are those of more than a few children (or of none)."""
    return not counts.is_hidden("pp-plus.with_requests")
