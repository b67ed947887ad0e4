"""Charts as pictures: drawn here, without a browser and without the network."""

from __future__ import annotations

from functools import cache
from typing import Any

import font_source_sans_pro
import pandas as pd
import vl_convert

from vs_core.charts import Chart

FONT = "Source Sans Pro"
FONT_FOLDER = font_source_sans_pro.font_directory
DOTS_PER_PIXEL = 3
_NO_ADDRESS: list[str] = []


def svg(chart: Chart, frame: pd.DataFrame, *, width: int, height: int | None = None, **options: Any) -> str:
    """The chart of a frame (columns as the chart's docstring says) as SVG, `width` pixels wide."""
    return str(vl_convert.vegalite_to_svg(_specification(chart, frame, width, height, options), **_drawn()))


def png(chart: Chart, frame: pd.DataFrame, *, width: int, height: int | None = None, **options: Any) -> bytes:
    """The same as PNG, three dots to a pixel."""
    specification = _specification(chart, frame, width, height, options)
    return bytes(vl_convert.vegalite_to_png(specification, scale=DOTS_PER_PIXEL, **_drawn()))


def _specification(
    chart: Chart, frame: pd.DataFrame, width: int, height: int | None, options: dict[str, Any]
) -> dict[str, Any]:
    made = chart(frame, **options).properties(width=width)
    specification: dict[str, Any] = (made if height is None else made.properties(height=height)).to_dict()
    return specification | {"config": specification.get("config", {}) | {"font": FONT, "background": "white"}}


def _drawn() -> dict[str, Any]:
    _register_font()
    return {"allowed_base_urls": _NO_ADDRESS}


@cache
def _register_font() -> None:
    vl_convert.register_font_directory(FONT_FOLDER)
