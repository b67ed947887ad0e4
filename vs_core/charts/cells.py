"""What every heatmap of attendance is made of: cells with a number and a band, what stands where there is none, the
cell of today, the cell that was chosen, and what a click on one gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from vs_core.charts.drawing import layered, over_rows
from vs_core.charts.look import Look
from vs_core.rules.register import BAND_EDGES, BANDS, NO_SESSIONS, band_label, percent_text

HOLIDAY, CLOSED, AWAITED = "holiday", "closed", "not yet received"
NOW, CHOSEN = "now", "chosen"
SHUT = "×"
ALL = "-"
"""Row or column of the sum over all of them. It sorts before every week."""
SELECTED = "chosen"
"""The selection that a click makes."""
ROW_PIXELS = 27
FITTING = "max(4, floor(width / (width < 420 ? 28 : 34)))"
"""How many columns have room."""
_NOWHERE = "rgba(0,0,0,0)"
_CLOSED_COLOUR = "rgba(128,128,128,.10)"


@dataclass(frozen=True)
class Key:
    """What a grid's colours mean: labels in the order of the legend, their colours, their ink; title: lines over it."""

    labels: tuple[str, ...]
    colours: tuple[str, ...]
    inks: tuple[str, ...]
    title: tuple[str, ...]

    @classmethod
    def of_bands(cls, *title: str, closed: bool = False) -> Key:
        """The bands of attendance, and what stands where there is none."""
        own = [(band.label, band.colour, band.ink) for band in BANDS]
        return cls.of([*own, *others(closed)], *title)

    @classmethod
    def of(cls, parts: Sequence[tuple[str, str, str]], *title: str) -> Key:
        """Of labels, each with its colour and its ink."""
        labels, colours, inks = (tuple(part[place] for part in parts) for place in range(3))
        return cls(labels, colours, inks, title)


def others(closed: bool) -> list[tuple[str, str, str]]:
    """Label, colour and ink of cells without a number; `closed`: days on which schools were closed among them."""
    none = (NO_SESSIONS.label, NO_SESSIONS.colour, "#808080")
    return [none, (AWAITED, _NOWHERE, "#808a98"), *([(CLOSED, _CLOSED_COLOUR, "#808080")] if closed else [])]


@dataclass(frozen=True)
class Grid:
    """A grid's form: everything its specification depends on.

    columns: how many, of the sum not counted; axis: of the columns, by name in `_AXES`; fits: whether a narrow screen
    shows the latest columns alone; one: what a row is; figure: what the number is."""

    rows: int
    columns: int
    one: str
    key: Key
    axis: str = "weeks"
    fits: bool = True
    choose: bool = False
    dark: bool = False
    row_pixels: int = ROW_PIXELS
    figure: str = "Attendance, percent"


def outline(row: str, column: str, chosen: tuple[str, str] | None, now: str | None) -> str:
    """Of a cell: `chosen`, `now` or nothing. chosen: row and column, either of them empty for every one; now: the
    column of today."""
    if chosen is not None and any(chosen) and (row, column) == (chosen[0] or ALL, chosen[1] or ALL):
        return CHOSEN
    return NOW if column == now else ""


def state(attended: int, possible: int, awaited: int, gap: str) -> str:
    """The band of a cell; without a possible session `not yet received` where marks are due, else the gap that it lies
    in (`holiday`, `closed`), else `no sessions`."""
    if possible:
        return band_label(attended, possible)
    return AWAITED if awaited else gap or NO_SESSIONS.label


def figure(attended: int, possible: int, awaited: int, gap: str, few: int, *, exact: bool = False) -> str:
    """What is printed: the percentage, with a star under `few` possible sessions; `?` where marks are only due, a cross
    where schools were closed.

    exact: with one decimal, for sums so large that whole numbers would all be the same."""
    if not possible:
        return "?" if awaited else SHUT * (gap == CLOSED)
    shown = f"{attended * 100 / possible:.1f}"
    decimal = exact and float(shown) not in BAND_EDGES
    return (shown if decimal else _percent_text(attended, possible)) + "*" * (possible < few)


_percent_text = lru_cache(maxsize=4096)(percent_text)


def told(attended: int, possible: int, awaited: int, gap: str = "") -> str:
    """A cell in words: `8 of 10 possible sessions attended; 2 half days without a mark yet`."""
    of = f"{attended:,} of {possible:,} possible sessions attended" if possible else ""
    due = f"{awaited:,} half day{'' if awaited == 1 else 's'} without a mark yet" if awaited else ""
    return "; ".join(filter(None, [of, due])) or gap[:1].upper() + gap[1:] or "No possible sessions"


def notes(provisional_under: int, outlined: str) -> tuple[str, str]:
    """Two lines over the legend on what the bands do not say."""
    first = f"* fewer than {provisional_under} possible sessions; ? marks are due"
    return first, f"blank: no school{'; outlined: ' + outlined if outlined else ''}"


def monday(day: date | pd.Timestamp | None) -> str | None:
    """The Monday of a day's week, as a column has it."""
    if day is None:
        return None
    stamp = pd.Timestamp(day)
    return f"{stamp - pd.Timedelta(days=stamp.weekday()):%Y-%m-%d}"


def chart(grid: Grid) -> alt.LayerChart:
    """Cells with their numbers, and outlines round those of today and of the choice.

    Columns of the rows: `row_id`, `name`, `rank`, `column`, `band`, `figure`, `sessions`, `outline`, and `back` (how
    many columns before the last one; the sum none) where the grid fits itself to the screen."""
    look = Look(grid.dark)
    base = over_rows().encode(x=_AXES[grid.axis](look), y=_row_axis(look))
    tooltip = _tooltip(grid)
    cursor: Any = "pointer" if grid.choose else "default"
    cells = base.mark_rect(cornerRadius=2, strokeDash=[3, 2], cursor=cursor).encode(
        color=_colour(look, grid.key), stroke=_stroke(look, grid.key), tooltip=tooltip
    )
    if grid.choose:
        cells = cells.add_params(alt.selection_point(SELECTED, fields=["row_id", "column"], toggle=False))
    size = alt.ExprRef("bandwidth('x') < 36 ? 10 : 12")
    numbers = base.mark_text(fontSize=size, cursor=cursor).encode(
        text="figure:N", color=_ink(look, grid.key), tooltip=tooltip
    )
    layers = [cells, *_outlines(base, look), numbers]
    drawn = layered(*layers, height=grid.rows * grid.row_pixels, title=_narrow_note(look, grid))
    fitted = drawn.transform_filter(f"datum.back < {FITTING}") if grid.fits else drawn
    return fitted.resolve_scale(color="independent", stroke="independent")


def _outlines(base: alt.Chart, look: Look) -> list[alt.Chart]:
    line: dict[str, Any] = {"filled": False, "cornerRadius": 2, "tooltip": None}
    drawn = [(NOW, look.ink, 1.2), (CHOSEN, look.ink, 5), (CHOSEN, look.ground, 1.6)]
    return [
        base.transform_filter(f"datum.outline == '{name}'").mark_rect(
            aria=False, stroke=colour, strokeWidth=width, **line
        )
        for name, colour, width in drawn
    ]


def _narrow_note(look: Look, grid: Grid) -> alt.TitleParams:
    if not grid.fits:
        return look.note("''")
    return look.note(f"{grid.columns} > {FITTING} ? 'The latest weeks; a wider screen shows more.' : ''")


def _week_axis(look: Look) -> alt.X:
    axis = look.axis(
        "Week beginning",
        orient="top",
        labelAngle=0,
        labelExpr=f"datum.value == '{ALL}' ? 'All' : {WEEK_LABEL}",
        labelOverlap=False,
        labelPadding=alt.ExprRef("bandwidth('x') < 44 ? 20 : 8"),
    )
    return alt.X("column:O", axis=axis, scale=alt.Scale(paddingInner=0.05, paddingOuter=0.02))


WEEK_LABEL = (
    "bandwidth('x') < 44 ? split(utcFormat(toDate(datum.value), '%-d %b'), ' ') : "
    "utcFormat(toDate(datum.value), '%-d %b')"
)


def _weekday_axis(look: Look) -> alt.X:
    names: Mapping[int, str] = dict(enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Sat", "Sun")))
    said = " : ".join(f"datum.value == '{number}' ? '{name}'" for number, name in names.items())
    short = f"bandwidth('x') < 70 ? slice({said} : '', 0, 3) : ({said} : '')"
    label = f"datum.value == '{ALL}' ? 'All' : {short}"
    axis = look.axis(None, orient="top", labelAngle=0, labelExpr=label, labelOverlap=False)
    return alt.X("column:O", axis=axis, scale=alt.Scale(paddingInner=0.03, paddingOuter=0.02))


_AXES = {"weeks": _week_axis, "weekdays": _weekday_axis}


def _row_axis(look: Look) -> alt.Y:
    by_rank = alt.EncodingSortField("rank", op="min", order="ascending")
    return alt.Y("name:N", axis=look.names(), sort=by_rank, scale=alt.Scale(paddingInner=0.08, paddingOuter=0.02))


def _colour(look: Look, key: Key) -> alt.Color:
    scale = alt.Scale(domain=[*key.labels, HOLIDAY], range=[*key.colours, _NOWHERE])
    return alt.Color("band:N", scale=scale, legend=_legend(look, key))


def _stroke(look: Look, key: Key) -> alt.Stroke:
    lines = ["#808a98" if label == AWAITED else _NOWHERE for label in key.labels]
    scale = alt.Scale(domain=[*key.labels, HOLIDAY], range=[*lines, _NOWHERE])
    return alt.Stroke(
        "band:N",
        scale=scale,
        legend=_legend(look, key),
    )


def _legend(look: Look, key: Key) -> alt.Legend:
    folded = alt.ExprRef("width < 420 ? 1 : width < 900 ? 4 : 0")
    return look.legend(list(key.title), values=list(key.labels), symbolStrokeWidth=1, titleLimit=900, columns=folded)


def _ink(look: Look, key: Key) -> alt.Color:
    on_the_page = (AWAITED, CLOSED)
    inks = [look.faint_ink if label in on_the_page else ink for label, ink in zip(key.labels, key.inks, strict=True)]
    scale = alt.Scale(domain=[*key.labels, HOLIDAY], range=[*inks, look.faint_ink])
    return alt.Color("band:N", scale=scale, legend=None)


def _tooltip(grid: Grid) -> list[alt.Tooltip]:
    when = "Week beginning" if grid.axis == "weeks" and grid.one not in ("day", "half day") else "When"
    first = [] if when == "When" else [alt.Tooltip("name:N", title=grid.one.capitalize())]
    others = {"when:N": when, "figure:N": grid.figure, "sessions:N": "Sessions"}
    return first + [alt.Tooltip(field, title=title) for field, title in others.items()]
