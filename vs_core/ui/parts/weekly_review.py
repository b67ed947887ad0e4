"""What the weekly review is put together from: the day, the ten figures, what changed, and the lists behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from vs_core import charts, figures
from vs_core.access.viewer import Viewer
from vs_core.figures import provision
from vs_core.figures.attention import Matter
from vs_core.figures.changes import Changes
from vs_core.figures.since_last_week import Change
from vs_core.rules.frame import Frame
from vs_core.ui import chart, sentences, tables, tiles, words
from vs_core.ui.filters import Chosen
from vs_core.ui.load.weekly_review import Attendance, Registers
from vs_core.ui.parts import comparing, weekly_lists

ENGLAND = "England"


def title_row() -> DeltaGenerator:
    """Where the title stands, with the button that changes the day at its right."""
    return st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom")


def heading(frame: Frame, registers: Registers) -> None:
    """The day, the day that it is compared with, and how complete the registers are."""
    day, before = frame.as_at, frame.as_at - timedelta(days=7)
    known = ", as known on that day" if frame.known_on else ""
    said = f"{day:%A} {day.day} {day:%B %Y}{known}, compared with {before.day} {before:%B}. {_registers(registers)}"
    st.caption(words.plain(said))


def _registers(of: Registers) -> str:
    if of.coverage.percent is None:
        return f"Registers: {of.coverage.why_not or 'the week has no school day.'}"
    to = f"Registers to {of.end:%A} {of.end.day} {of.end:%B}"
    missing = of.missing["school_number"].nunique() if len(of.missing) else 0
    return f"{to}: {of.coverage.percent:.1f}% of the week's marks in, {words.counted(missing, 'school')} missing."


def is_empty(changes: Mapping[str, Changes]) -> bool:
    """Whether no child is known; says then what to do first."""
    if len(changes["cohort"].now.rows["roll"]):
        return False
    sentences.nothing("cohort")
    st.caption("The review fills by itself: each file that arrives brings its figures, and the week before with them.")
    return True


def figures_row(
    changes: Mapping[str, Changes], course: Mapping[str, Sequence[float]], seen: Attendance, monday: date
) -> None:
    """The headteacher's ten figures, in two rows of five. monday: of the last school week."""
    st.subheader("Ten figures")
    tiles.figures_row(
        [
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
        ],
        key="ten-figures",
    )


def _in_care(of: Changes, course: Sequence[float]) -> tiles.Tile:
    joined, left = len(of.moved_in("joined")), len(of.moved_in("left"))
    caption = f"{joined} joined, {left} left since last week" if of.before else ""
    return comparing.tile(of, "in_care", label="In care", caption=caption, spark=course)


def _attendance(of: Changes, seen: Attendance, monday: date) -> tiles.Tile:
    parts = [
        _week_percent(seen, monday),
        f"a year ago {seen.a_year_before:.1f}%" if seen.a_year_before is not None else "",
        _england(seen, "attendance_percent"),
    ]
    spark = [float(percent) for percent in seen.weekly["attendance_percent"].dropna()]
    caption = _sentence(parts)
    return comparing.tile(of, "attendance_percent", label="Attendance, year to date", caption=caption, spark=spark)


def _week_percent(seen: Attendance, monday: date) -> str:
    """`week of 16 Nov 90.6%`: the school week that the registers line is about."""
    percents = seen.weekly.loc[seen.weekly["week"] == monday, "attendance_percent"].dropna()
    return f"week of {words.short_day(monday)} {percents.iloc[0]:.1f}%" if len(percents) else ""


def _absent(of: Changes, key: str, seen: Attendance) -> tiles.Tile:
    now, percent = of.now, f"{key}_percent"
    before = of.before.figures[key] if of.before else None
    made = comparing.tile(of, percent, label=figures.measure("attendance", key).label)
    count = now.figures[key]
    said = f"{count:,} of {now.figures['children']:,} children" if count is not None else ""
    caption = _sentence([said, _england(seen, percent)])
    return tiles.Tile(
        key=made.key,
        label=made.label,
        value=made.value,
        change=words.change(count, before, "count", "children"),
        better="down",
        since=made.since,
        spark=tuple(float(share) for share in seen.to_date[percent].dropna()) if len(seen.to_date) else (),
        caption=made.caption or caption,
        definition=made.definition,
    )


def _england(seen: Attendance, key: str) -> str:
    """The published figure: `England 91.0%`."""
    found = [each for each in seen.published if each.key == key and each.place == ENGLAND and each.value is not None]
    return f"England {found[0].value:.1f}%" if found else ""


NOT_FULL_TIME = ("part_time", "alternative_provision", "not_on_roll")


def _not_full_time(of: Changes) -> tiles.Tile:
    now, before = (provision.not_full_time(each) if each else None for each in (of.now, of.before))
    meanings = [figures.measure("provision", key) for key in NOT_FULL_TIME]
    note = next((of.now.notes[key] for key in NOT_FULL_TIME if key in of.now.notes), "")
    said = ("part-time", "in alternative provision", "on no roll")
    parts = [f"{of.now.figures[key]:,} {each}" for key, each in zip(NOT_FULL_TIME, said, strict=True) if not note]
    return tiles.Tile(
        "provision.not_full_time",
        "Not in school full time",
        None if note or now is None else f"{len(now):,}",
        words.change(len(now), len(before), "count") if now is not None and before is not None else None,
        "down",
        comparing.SINCE,
        caption=note or ", ".join(parts),
        definition="\n\n".join(
            ["Children counted once who are any of these:", *(words.plain(each.meaning) for each in meanings)]
        ),
    )


def _suspensions(of: Changes, course: Sequence[float]) -> tiles.Tile:
    now = of.now.figures
    caption = ""
    if now["suspensions"] is not None:
        permanent = words.counted(now["permanent_exclusions"], "permanent exclusion")
        children = words.counted(now["suspended_children"], "child", "children")
        caption = f"{words.counted(now['suspensions'], 'suspension')}, {children}; {permanent}"
    return comparing.tile(of, "suspension_days", label="Suspension days this term", caption=caption, spark=course)


def _plans(of: Changes, course: Sequence[float]) -> tiles.Tile:
    now, before = (_share(each.figures, "completed", "due") if each else None for each in (of.now, of.before))
    figure, measure = of.now.figures, figures.measure("pep", "completed")
    green = words.figure(figure["quality_green_percent"], "percent")
    said = f"{figure['completed']:,} of {figure['due']:,} due are signed off" if now is not None else "none due yet"
    parts = [said, f"{green} green" if green else ""]
    return tiles.Tile(
        "pep.in_date",
        "PEPs in date",
        words.figure(now, "percent"),
        words.change(now, before, "percent"),
        "up",
        comparing.SINCE,
        tuple(course),
        of.now.notes.get("completed") or _sentence(parts),
        tiles.definition(measure) + "\n\n" + words.plain("Shown as a share of the plans due this academic year."),
    )


def _share(of: Mapping[str, int | None], part: str, whole: str) -> float | None:
    top, bottom = of[part], of[whole]
    return top * 100 / bottom if top is not None and bottom else None


def _money(of: Changes | None) -> tiles.Tile:
    """The forecast as a share of what there is to spend; for one caseload the children without anything."""
    if of is None:
        return tiles.Tile("pp-plus.forecast", "PP+ forecast to 31 March", None, caption="Your role does not see money.")
    now, before = (_forecast_share(each.figures) if each else None for each in (of.now, of.before))
    figure = of.now.figures
    if now is None and figure["children_without_spend"] is not None:
        caption = f"of {len(of.now.rows['children']):,} eligible have nothing requested"
        return comparing.tile(of, "children_without_spend", label="Without Pupil Premium Plus", caption=caption)
    caption = ""
    if now is not None:
        to_spend = words.pounds(figure["allocation_pence"] - figure["retained_pence"])
        caption = (
            f"{words.pounds(figure['forecast_pence'])} of {to_spend}; {words.pounds(figure['at_risk_pence'])} at risk"
        )
    return tiles.Tile(
        "pp-plus.forecast",
        "PP+ forecast to 31 March",
        words.figure(now, "percent"),
        words.change(now, before, "percent"),
        "up",
        comparing.SINCE,
        caption=of.now.notes.get("forecast_pence") or caption,
        definition=tiles.definition(figures.measure("pp-plus", "forecast_pence"))
        + "\n\n"
        + words.plain("Shown as a share of the allocation less what the virtual school keeps."),
    )


def _forecast_share(of: Mapping[str, int | None]) -> float | None:
    allocation, kept, forecast = (of[key] for key in ("allocation_pence", "retained_pence", "forecast_pence"))
    if not allocation or kept is None or forecast is None or allocation == kept:
        return None
    return forecast * 100 / (allocation - kept)


def _after_16(of: Changes) -> tiles.Tile:
    now, before = (_eet_share(each.figures) if each else None for each in (of.now, of.before))
    figure, measure = of.now.figures, figures.measure("post-16", "in_education_employment_training")
    caption = ""
    if now is not None:
        caption = f"{figure['neet']:,} NEET, {figure['not_known']:,} not known, of {_young(figure):,}"
    return tiles.Tile(
        "post-16.share",
        "Post-16 in education or work",
        words.figure(now, "percent"),
        words.change(now, before, "percent"),
        "up",
        comparing.SINCE,
        caption=of.now.notes.get("in_education_employment_training") or caption or "Nobody is in Years 12 and 13.",
        definition=tiles.definition(measure) + "\n\n" + words.plain("Shown as a share of Years 12 and 13."),
    )


def _young(of: Mapping[str, int]) -> int:
    return of["in_education_employment_training"] + of["neet"] + of["not_known"]


def _eet_share(of: Mapping[str, int | None]) -> float | None:
    known = {key: of[key] for key in ("in_education_employment_training", "neet", "not_known")}
    if any(value is None for value in known.values()) or not sum(value or 0 for value in known.values()):
        return None
    return (known["in_education_employment_training"] or 0) * 100 / sum(value or 0 for value in known.values())


def _actions(of: Changes, course: Sequence[float]) -> tiles.Tile:
    return comparing.tile(
        of, "overdue", label="Actions overdue", caption=f"of {of.now.figures['open']:,} open", spark=course
    )


def _sentence(parts: Sequence[str]) -> str:
    said = "; ".join(part for part in parts if part)
    return said[:1].upper() + said[1:]


def since_last_week(viewer: Viewer, chosen: Chosen, changed: Sequence[Change]) -> None:
    """What changed, a sentence a row; the chosen row opens the children behind it."""
    before = chosen.frame.as_at - timedelta(days=7)
    st.subheader(f"Since {before:%A} {before.day} {before:%B}")
    if not changed:
        st.info("Nothing that is counted here has changed, or there is no week before.", icon=":material/info:")
        return
    rows = pd.DataFrame(
        {"subject": [c.subject for c in changed], "what": [c.what for c in changed]}
        | {"children": [c.children for c in changed], "place": range(len(changed))}
    )
    picked = tables.listing(
        rows, _CHANGED, key="since", alt="What changed since last week", noun=("change", "changes"), select=True
    )
    if picked.empty:
        st.caption("Choose a row to see the children behind it.")
        return
    change = changed[int(picked["place"].iloc[0])]
    weekly_lists.draw(
        viewer, chosen, change.what, weekly_lists.kind_of_change(change.subject, change.rows), change.rows
    )


_CHANGED = (
    tables.Column("subject", "Subject"),
    tables.Column("what", "What changed"),
    tables.Column("children", "Children", "number"),
)


def trend(seen: Attendance, end: date) -> None:
    """Attendance week by week against England, up to the last school week; `end`: the day it is known to."""
    st.subheader("Attendance against England")
    weekly = seen.weekly
    national = next(
        (each for each in seen.published if each.key == "attendance_percent" and each.place == ENGLAND), None
    )
    ours = weekly.rename(columns={"week": "week_on"}).assign(series="Ours")
    lines = [ours[["week_on", "series", "attendance_percent", "attended_sessions", "possible_sessions"]]]
    if national is not None and national.value is not None:
        flat = pd.DataFrame({"week_on": weekly["week"], "series": ENGLAND, "attendance_percent": national.value})
        lines.append(flat)
    alt = f"Attendance by week, {len(weekly)} weeks, against England's published year"
    chart.draw(charts.attendance_trend, pd.concat(lines, ignore_index=True), alt=alt, key="weekly-trend")
    said = [f"England: children looked after for a year or more, {national.academic_year}."] if national else []
    if len(weekly) and max(weekly["week"]) + timedelta(days=4) > end:
        said.append(f"The last point is a week that is not over: marks to {words.long_day(end)}.")
    if said:
        st.caption(words.plain(" ".join(said)))


def behind(viewer: Viewer, chosen: Chosen, changes: Mapping[str, Changes], matters: Sequence[Matter]) -> None:
    """The list behind any of the ten figures, and behind each matter that needs a decision."""
    st.subheader("The children behind a figure")
    lists = weekly_lists.of_figures(changes) | weekly_lists.of_matters(matters)
    key = tables.behind({key: each.label for key, each in lists.items()})
    one = lists[key]
    weekly_lists.draw(viewer, chosen, one.label, one.kind, one.rows)
