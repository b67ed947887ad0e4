"""The headteacher's ten figures, put into words once: the weekly review draws them, the reports print them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from vs_core.figures import measure, provision
from vs_core.figures.changes import Changes
from vs_core.figures.headline import SINCE, Headline, definition, of_change
from vs_core.figures.since_last_week import care_corrected
from vs_core.figures.week import ENGLAND, Attendance
from vs_core.rules import school_weeks, words


def ten_figures(
    changes: Mapping[str, Changes], course: Mapping[str, Sequence[float]], seen: Attendance, monday: date
) -> list[Headline]:
    """The ten in their order. course: of `figures.courses`; monday: of the last school week.

    Without `pp-plus` among the changes the reader does not see money, and the figure says so."""
    return [
        _in_care(changes["cohort"], course["in_care"]),
        _attendance(changes["attendance"], seen, monday),
        _absent(changes["attendance"], "persistently_absent", seen),
        _absent(changes["attendance"], "severely_absent", seen),
        _not_full_time(changes["provision"]),
        _suspensions(changes["exclusions"], course["suspension_days"]),
        _plans(changes["pep"], course["plans"]),
        _money(changes.get("pp-plus")),
        _after_16(changes["post-16"]),
        _actions(changes["actions"], course["overdue"]),
    ]


def _in_care(of: Changes, course: Sequence[float]) -> Headline:
    joined, left, corrected = len(of.moved_in("joined")), len(of.moved_in("left")), len(care_corrected(of))
    also = f", {corrected} corrected" if corrected else ""
    caption = f"{joined} joined, {left} left{also} since last week" if of.before else ""
    return of_change(of, "in_care", label="In care", caption=caption, spark=course)


def _attendance(of: Changes, seen: Attendance, monday: date) -> Headline:
    parts = [
        _week_percent(seen, monday),
        f"last year {seen.last_year:.1f}%" if seen.last_year is not None else "",
        _england(seen, "attendance_percent"),
    ]
    spark = [float(percent) for percent in seen.weekly["attendance_percent"].dropna()]
    caption = _sentence(parts)
    made = of_change(of, "attendance_percent", label="Attendance, year to date", caption=caption, spark=spark)
    return replace(made, definition=definition(measure("attendance", "attendance_percent"), school_weeks.MEANING))


def _week_percent(seen: Attendance, monday: date) -> str:
    """`week of 16 Nov 90.6%`: the school week that the registers line is about."""
    percents = seen.weekly.loc[seen.weekly["week"] == monday, "attendance_percent"].dropna()
    return f"week of {words.short_day(monday)} {percents.iloc[0]:.1f}%" if len(percents) else ""


def _absent(of: Changes, key: str, seen: Attendance) -> Headline:
    now, percent = of.now, f"{key}_percent"
    before = of.before.figures[key] if of.before else None
    made = of_change(of, percent, label=measure("attendance", key).label)
    count = now.figures[key]
    said = f"{count:,} of {now.figures['children']:,} children" if count is not None else ""
    caption = _sentence([said, _england(seen, percent)])
    return replace(
        made,
        change=words.change(count, before, "count", "children"),
        better="down",
        spark=tuple(float(share) for share in seen.to_date[percent].dropna()) if len(seen.to_date) else (),
        caption=made.caption or caption,
    )


def _england(seen: Attendance, key: str) -> str:
    """The published figure: `England 91.0%`."""
    found = [each for each in seen.published if each.key == key and each.place == ENGLAND and each.value is not None]
    return f"England {found[0].value:.1f}%" if found else ""


NOT_FULL_TIME = ("part_time", "alternative_provision", "not_on_roll")


def _not_full_time(of: Changes) -> Headline:
    now, before = (provision.not_full_time(each) if each else None for each in (of.now, of.before))
    meanings = [measure("provision", key) for key in NOT_FULL_TIME]
    note = next((of.now.notes[key] for key in NOT_FULL_TIME if key in of.now.notes), "")
    said = ("part-time", "in alternative provision", "on no roll")
    parts = [f"{of.now.figures[key]:,} {each}" for key, each in zip(NOT_FULL_TIME, said, strict=True) if not note]
    return Headline(
        "provision.not_full_time",
        "Not in school full time",
        None if note or now is None else f"{len(now):,}",
        words.change(len(now), len(before), "count") if now is not None and before is not None else None,
        "down",
        SINCE,
        caption=note or ", ".join(parts),
        definition="\n\n".join(["Children counted once who are any of these:", *(each.meaning for each in meanings)]),
    )


def _suspensions(of: Changes, course: Sequence[float]) -> Headline:
    now = of.now.figures
    caption = ""
    if now["suspensions"] is not None:
        permanent = words.counted(now["permanent_exclusions"], "permanent exclusion")
        children = words.counted(now["suspended_children"], "child", "children")
        caption = f"{words.counted(now['suspensions'], 'suspension')}, {children}; {permanent}"
    return of_change(of, "suspension_days", label="Suspension days this term", caption=caption, spark=course)


def _plans(of: Changes, course: Sequence[float]) -> Headline:
    now, before = (_share(each.figures, "completed", "due") if each else None for each in (of.now, of.before))
    figure = of.now.figures
    green = words.figure(figure["quality_green_percent"], "percent")
    said = f"{figure['completed']:,} of {figure['due']:,} due are signed off" if now is not None else "none due yet"
    parts = [said, f"{green} green" if green else ""]
    meaning = definition(measure("pep", "completed"), "Shown as a share of the plans due this academic year.")
    caption = of.now.notes.get("completed") or _sentence(parts)
    return _percent("pep.in_date", "PEPs in date", (now, before), caption, meaning, course)


def _percent(
    key: str,
    label: str,
    shares: tuple[float | None, float | None],
    caption: str,
    meaning: str,
    course: Sequence[float] = (),
) -> Headline:
    """A share of which more is better. shares: now and a week before, 0-100."""
    value, change = words.figure(shares[0], "percent"), words.change(*shares, "percent")
    return Headline(key, label, value, change, "up", SINCE, tuple(course), caption, meaning)


def _share(of: Mapping[str, int | None], part: str, whole: str) -> float | None:
    top, bottom = of[part], of[whole]
    return top * 100 / bottom if top is not None and bottom else None


def _money(of: Changes | None) -> Headline:
    """The forecast as a share of what there is to spend; for one caseload the children without anything."""
    if of is None:
        return Headline("pp-plus.forecast", "PP+ forecast to 31 March", None, caption="Your role does not see money.")
    now, before = (_forecast_share(each.figures) if each else None for each in (of.now, of.before))
    figure = of.now.figures
    if now is None and figure["children_without_spend"] is not None:
        caption = f"of {len(of.now.rows['children']):,} eligible have nothing requested"
        return of_change(of, "children_without_spend", label="Without Pupil Premium Plus", caption=caption)
    caption = ""
    if now is not None:
        to_spend = words.pounds(figure["allocation_pence"] - figure["retained_pence"])
        caption = (
            f"{words.pounds(figure['forecast_pence'])} of {to_spend}; {words.pounds(figure['at_risk_pence'])} at risk"
        )
    more = "Shown as a share of the allocation less what the virtual school keeps."
    meaning = definition(measure("pp-plus", "forecast_pence"), more)
    caption = of.now.notes.get("forecast_pence") or caption
    return _percent("pp-plus.forecast", "PP+ forecast to 31 March", (now, before), caption, meaning)


def _forecast_share(of: Mapping[str, int | None]) -> float | None:
    allocation, kept, forecast = (of[key] for key in ("allocation_pence", "retained_pence", "forecast_pence"))
    if not allocation or kept is None or forecast is None or allocation == kept:
        return None
    return forecast * 100 / (allocation - kept)


def _after_16(of: Changes) -> Headline:
    now, before = (_eet_share(each.figures) if each else None for each in (of.now, of.before))
    figure = of.now.figures
    caption = ""
    if now is not None:
        caption = f"{figure['neet']:,} NEET, {figure['not_known']:,} not known, of {_young(figure):,}"
    counted = "in_education_employment_training"
    meaning = definition(measure("post-16", counted), "Shown as a share of Years 12 and 13.")
    caption = of.now.notes.get(counted) or caption or "Nobody is in Years 12 and 13."
    return _percent("post-16.share", "Post-16 in education or work", (now, before), caption, meaning)


def _young(of: Mapping[str, int]) -> int:
    return of["in_education_employment_training"] + of["neet"] + of["not_known"]


def _eet_share(of: Mapping[str, int | None]) -> float | None:
    known = {key: of[key] for key in ("in_education_employment_training", "neet", "not_known")}
    if any(value is None for value in known.values()) or not sum(value or 0 for value in known.values()):
        return None
    return (known["in_education_employment_training"] or 0) * 100 / sum(value or 0 for value in known.values())


def _actions(of: Changes, course: Sequence[float]) -> Headline:
    return of_change(
        of, "overdue", label="Actions overdue", caption=f"of {of.now.figures['open']:,} open", spark=course
    )


def _sentence(parts: Sequence[str]) -> str:
    said = "; ".join(part for part in parts if part)
    return said[:1].upper() + said[1:]
