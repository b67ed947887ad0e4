"""Colours and axes that read on a light and on a dark page. The hues are told apart by colour-blind readers."""

from dataclasses import dataclass
from typing import Any

import altair as alt

BLUE, ORANGE = "#2f6fae", "#b85a14"
_NARROW = "containerSize()[0] < 480"
"""Of the screen, not of the plot: room taken by long names would otherwise make the names short."""
_BROKEN = f"{_NARROW} && indexof(datum.value, '\\n') > 0"
NOTHING = "rgba(128,128,128,.18)"


@dataclass(frozen=True)
class Look:
    """The page's theme, as far as a chart needs it."""

    dark: bool = False

    @property
    def ink(self) -> str:
        return "#e6e9ee" if self.dark else "#2b313b"

    @property
    def faint_ink(self) -> str:
        return "#b4bac4" if self.dark else "#565f6c"

    @property
    def ground(self) -> str:
        return "#0e1117" if self.dark else "#ffffff"

    @property
    def grid(self) -> str:
        return "rgba(160,170,185,.22)" if self.dark else "rgba(100,110,125,.18)"

    @property
    def blue(self) -> str:
        return "#7db3e8" if self.dark else "#1d5fa8"

    @property
    def orange(self) -> str:
        return "#f0a35e" if self.dark else "#a34a08"

    @property
    def grey(self) -> str:
        return "#8b93a0"

    @property
    def pale(self) -> str:
        return "rgba(140,150,165,.30)"

    def axis(self, title: str | None = None, **options: Any) -> alt.Axis:
        """An axis whose words read on this page; without a line, ticks or grid unless asked for."""
        plain: dict[str, Any] = {
            "title": title,
            "labelColor": self.ink,
            "titleColor": self.faint_ink,
            "titleFontWeight": "normal",
            "labelFontSize": 12,
            "titleFontSize": 12,
            "gridColor": self.grid,
            "grid": False,
            "ticks": False,
            "domain": False,
            "labelPadding": 8,
            "labelFlush": False,
        }
        return alt.Axis(**(plain | options))

    def names(self, **options: Any) -> alt.Axis:
        """The axis of a ranked list: names at the left, on two lines where the screen is narrow, never dropped."""
        plain: dict[str, Any] = {
            "labelLimit": alt.ExprRef(f"{_NARROW} ? 118 : 340"),
            "labelOverlap": False,
            "labelExpr": f"{_NARROW} ? split(datum.label, '\\n') : replace(datum.label, '\\n', ' ')",
            "labelLineHeight": 12,
            "labelOffset": {"condition": {"test": _BROKEN, "value": -6}, "value": 0},
        }
        return self.axis(**(plain | options))

    def legend(self, title: str | list[str] | None = None, **options: Any) -> alt.Legend:
        """A legend below the chart that folds into columns on a narrow screen."""
        plain: dict[str, Any] = {
            "title": title,
            "orient": "bottom",
            "direction": "horizontal",
            "columns": alt.ExprRef("width < 420 ? 1 : 0"),
            "labelColor": self.ink,
            "titleColor": self.faint_ink,
            "titleFontWeight": "normal",
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleLimit": 420,
            "symbolType": "square",
            "symbolStrokeWidth": 0,
            "labelLimit": 240,
            "offset": 14,
        }
        return alt.Legend(**(plain | options))

    def reach(self, room: int, narrow_room: int) -> list[Any]:
        """The range of a horizontal scale that leaves room at its end for words, in pixels."""
        return [0, alt.ExprRef(f"width - (width < 420 ? {narrow_room} : {room})")]

    def label(self, layer: alt.Chart, text: str, **options: Any) -> alt.Chart:
        """Words beside a mark, cut out from what lies behind them."""
        plain: dict[str, Any] = {"fontSize": 12, "color": self.ink, "align": "left", "dx": 5}
        return layer.mark_text(**(plain | options)).encode(text=f"{text}:N")

    def note(self, text: str) -> alt.TitleParams:
        """A small line above the chart; `text` is a Vega expression, so that it may depend on the width."""
        return alt.TitleParams(
            text=alt.ExprRef(text), anchor="start", color=self.faint_ink, fontSize=12, fontWeight="normal", offset=4
        )
