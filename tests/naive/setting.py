"""The question being asked: what is known, the day it is asked for, the period and the cohort."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .care import CareSpan, care_spans, on_a_day, touches
from .deliveries import Row, day
from .replay import Known
from .years import year_from_dob

COHORTS = ("previously looked after", "child in need", "child protection", "kinship")


@dataclass
class Setting:
    """Everything a subject needs; `end` is never after `as_at`."""

    known: Known
    as_at: date
    start: date
    end: date
    cohort: str
    while_in_care: bool
    reference: dict[str, Any]
    _spans: dict[str, list[CareSpan]] = field(default_factory=dict)

    def spans(self, child: str) -> list[CareSpan]:
        if not self._spans:
            episodes: dict[str, list[Row]] = {}
            for row in self.known.of("ssda903-episodes"):
                episodes.setdefault(row["CHILD"], []).append(row)
            self._spans = {who: care_spans(rows) for who, rows in episodes.items()}
        return self._spans.get(child, [])

    def in_care(self, child: str, on: date, short_breaks: bool = False) -> bool:
        return any(on_a_day(span, on) for span in self.spans(child) if short_breaks or not span.short_break)

    def in_care_between(self, child: str, start: date, end: date, short_breaks: bool = False) -> bool:
        return any(touches(span, start, end) for span in self.spans(child) if short_breaks or not span.short_break)

    def belongs(self, child: str, on: date, cohort: str | None = None) -> bool:
        """Whether the child is in the cohort on that day."""
        return self.belongs_between(child, on, on, cohort)

    def belongs_between(self, child: str, start: date, end: date, cohort: str | None = None) -> bool:
        """Whether the child is in the cohort on at least one day from start to end."""
        cohort = cohort or self.cohort
        if cohort == "all":
            return child in self.known.children
        if cohort == "in care":
            return self.in_care_between(child, start, end)
        return any(_named(row, child, cohort, start, end) for row in self.known.of("cohorts"))

    def children_on(self, on: date, cohort: str | None = None) -> set[str]:
        return {child for child in self.known.children if self.belongs(child, on, cohort)}

    def children_in_period(self) -> set[str]:
        return {child for child in self.known.children if self.belongs_between(child, self.start, self.end)}

    def dob(self, child: str) -> date | None:
        for kind, id_name, dob_name in (
            ("children", "child_id", "dob"),
            ("ssda903-header", "CHILD", "DOB"),
            ("ssda903-uasc", "CHILD", "DOB"),
        ):
            for row in self.known.of(kind):
                if row[id_name] == child and day(row.get(dob_name)):
                    return day(row[dob_name])
        return None

    def enrolments_covering(self, child: str, on: date) -> list[Row]:
        covering = []
        for row in self.known.of("enrolments"):
            start, end = day(row["start"]), day(row.get("end"))
            if row["child_id"] == child and start is not None and start <= on and (end is None or end >= on):
                covering.append(row)
        return covering

    def year_group(self, child: str) -> str:
        """At as_at: as a main enrolment says, else another, the one that began last first; else by date of birth."""
        covering = self.enrolments_covering(child, self.as_at)
        covering.sort(key=lambda row: (row.get("status", "") in ("", "main"), day(row["start"]), row["urn"]))
        for row in reversed(covering):
            if row.get("nc_year", "").strip():
                return row["nc_year"].strip()
        return year_from_dob(self.dob(child), self.as_at)

    def arrived(self, *kinds: str) -> bool:
        return all(kind in self.known.arrived for kind in kinds)

    def cohort_kinds(self) -> tuple[str, ...]:
        """The file without which nobody can be said to be in the cohort."""
        if self.cohort == "all":
            return ()
        return ("ssda903-episodes",) if self.cohort == "in care" else ("cohorts",)


def _named(row: Row, child: str, cohort: str, start: date, end: date) -> bool:
    first, last = day(row["start"]), day(row.get("end"))
    if row["child_id"] != child or row["cohort"] != cohort or first is None or start > end:
        return False
    if last is not None and last < first:
        return False
    return first <= end and (last is None or last >= start)
