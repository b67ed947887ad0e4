"""What changed since a week before, in sentences, each with exactly the rows that it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from vs_core.figures.changes import Changes


@dataclass(frozen=True)
class Change:
    """One sentence. key: distinct; subject: as a person says it; what: the sentence; rows: those it counts."""

    key: str
    subject: str
    what: str
    rows: pd.DataFrame

    @property
    def children(self) -> int:
        """Children behind it."""
        return int(self.rows["child_key"].nunique())


def since_last_week(changes: Mapping[str, Changes]) -> list[Change]:
    """The sentences over the subjects that have a week before; nothing where nothing changed.

    changes: by subject; those of `cohort`, `attendance`, `provision`, `exclusions`, `pep`, `pp-plus`, `post-16`."""
    return [
        change
        for subject, rule in _RULES.items()
        if subject in changes and changes[subject].before is not None
        for change in rule(changes[subject])
        if len(change.rows)
    ]


def _attendance(of: Changes) -> Iterator[Change]:
    for key, said in (("severely_absent", "severely absent"), ("persistently_absent", "persistently absent")):
        yield _came(of, key, "Attendance", f"became {said}")
        yield _went(of, key, "Attendance", f"{{is}} no longer {said}")


def _care(of: Changes) -> Iterator[Change]:
    joined = of.moved_in("joined")
    alone = int(joined["uasc"].astype(bool).sum())
    extra = f" ({alone} unaccompanied)" if alone else ""
    yield Change("joined", "Care", f"{_children(joined)} came into care{extra}", joined)
    yield _came(of, "left", "Care", "left care")
    corrected = care_corrected(of)
    yield Change("care corrected", "Care", f"For {_children(corrected)} the days in care were corrected", corrected)


def care_corrected(of: Changes) -> pd.DataFrame:
    """Children in care now and not a week before, or then and not now, who neither joined nor left since: a later file
    has corrected their days. With them the change of the number in care adds up."""
    came, went = of.moved_in("in_care"), of.moved_out("in_care")
    came = came[~came["child_key"].isin(of.moved_in("joined")["child_key"])]
    went = went[~went["child_key"].isin(of.moved_in("left")["child_key"])]
    return pd.concat([came, went])


def _schools(of: Changes) -> Iterator[Change]:
    yield _came(of, "not_on_roll", "School", "{is} newly without a school's roll")
    yield _went(of, "not_on_roll", "School", "{is} no longer without a school's roll")
    moved = _other_school(of)
    of_year_11 = int((moved["year_group"] == "11").sum())
    extra = f", {of_year_11} in Year 11" if of_year_11 else ""
    yield Change("moved-school", "School", f"{_children(moved)} changed school{extra}", moved)
    for key, said in (("part_time", "a part-time timetable"), ("alternative_provision", "alternative provision")):
        yield _came(of, key, "School", f"began {said}")
        yield _went(of, key, "School", f"ended {said}")


def _other_school(of: Changes) -> pd.DataFrame:
    """Children on a roll now and a week before, at different schools."""
    assert of.before is not None
    now, before = (each.rows["children"] for each in (of.now, of.before))
    then = now["child_key"].map(before[before["on_roll"].astype(bool)].set_index("child_key")["urn"])
    return now[now["on_roll"].astype(bool) & then.notna() & (then != now["urn"])]


def _exclusions(of: Changes) -> Iterator[Change]:
    permanent, suspended = of.moved_in("permanent_exclusions"), of.moved_in("suspensions")
    yield Change("permanent", "Exclusions", _counted(len(permanent), "permanent exclusion"), permanent)
    schools = suspended["school"].nunique()
    days = f"{suspended['days'].sum():,.1f}".removesuffix(".0")
    where = f" at {_counted(schools, 'school')}" if schools else ""
    said = f"{_counted(len(suspended), 'suspension')}{where}, {days} days"
    yield Change("suspensions", "Exclusions", said, suspended)


def _plans(of: Changes) -> Iterator[Change]:
    late, done = of.moved_in("overdue"), of.moved_in("completed")
    yield Change("plans-overdue", "PEPs", f"{_counted(len(late), 'plan')} fell overdue", late)
    green = int((done["quality"] == "green").sum())
    yield Change("plans-done", "PEPs", f"{_counted(len(done), 'plan')} completed, {green} green", done)


def _money(of: Changes) -> Iterator[Change]:
    paid, asked = of.moved_in("paid_pence"), _new_requests(of)
    if "child_key" in paid:
        yield Change("paid", "PP+", f"{_pounds(paid)} paid in {_counted(len(paid), 'payment')}", paid)
    yield Change("requested", "PP+", f"{_pounds(asked)} requested in {_counted(len(asked), 'request')}", asked)


def _new_requests(of: Changes) -> pd.DataFrame:
    assert of.before is not None
    now, before = (each.rows["requests"] for each in (of.now, of.before))
    return now[~now["request_id"].isin(before["request_id"])]


def _after_16(of: Changes) -> Iterator[Change]:
    yield _came(of, "neet", "Post-16", "became NEET")
    yield _went(of, "neet", "Post-16", "{is} no longer NEET")


_RULES: dict[str, Callable[[Changes], Iterator[Change]]] = {
    "attendance": _attendance,
    "cohort": _care,
    "provision": _schools,
    "exclusions": _exclusions,
    "pep": _plans,
    "pp-plus": _money,
    "post-16": _after_16,
}


def _came(of: Changes, key: str, subject: str, said: str) -> Change:
    return _moved(of.moved_in(key), f"{key} in", subject, said)


def _went(of: Changes, key: str, subject: str, said: str) -> Change:
    return _moved(of.moved_out(key), f"{key} out", subject, said)


def _moved(rows: pd.DataFrame, key: str, subject: str, said: str) -> Change:
    return Change(key, subject, f"{_children(rows)} {said.format(**{'is': 'is' if len(rows) == 1 else 'are'})}", rows)


def _children(rows: pd.DataFrame) -> str:
    return _counted(len(rows), "child", "children")


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _pounds(rows: pd.DataFrame) -> str:
    return f"£{rows['amount_pence'].sum() / 100:,.0f}"
