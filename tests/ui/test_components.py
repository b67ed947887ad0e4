"""The kit on a page: what reaches the browser, what stands in the address, what is said where there is nothing."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from vs_core.rules.narrowing import Narrowing
from vs_core.ui.downloads import file_stem
from vs_core.ui.tables import Column, drawn


def filter_page() -> None:
    from datetime import date

    import streamlit as st

    from vs_core.ui import filters

    chosen = filters.choose("attendance", date(2026, 11, 20))
    st.session_state["said"] = chosen


def tile_page() -> None:
    from vs_core.ui import tiles

    known = tiles.Tile("a", "Severely absent", "44", "+2", "down", caption="of 856 *children*")
    unknown = tiles.Tile("b", "Part-time", None, "+2", "down", spark=(1.0, 2.0), caption="Timetables have not arrived.")
    tiles.figures_row([known, unknown], key="figures")


def list_page() -> None:
    import pandas as pd

    from vs_core import charts
    from vs_core.ui import chart, tables

    tables.behind({"pa": "Persistently absent", "sa": "Severely absent"})
    rows = pd.DataFrame({"name": ["![x](http://192.0.2.1/x.png)"], "upn": ["SECRET"]})
    tables.listing(rows, [tables.Column("name", "Child")], key="list", alt="Children persistently absent")
    tables.listing(rows.iloc[:0], [tables.Column("name", "Child")], key="none", alt="Nobody")
    empty = pd.DataFrame({"attended_sessions": [], "possible_sessions": []})
    chart.draw(charts.bands, empty, alt="Bands", key="bands")


def chart_page() -> None:
    import pandas as pd

    from vs_core import charts
    from vs_core.ui import chart

    rows = pd.DataFrame({"group": ["Year 1"], "children": [3], "upn": ["SECRET"]})
    chart.draw(charts.roll_by_group, rows, alt="Children by year group", key="roll")


def download_page() -> None:
    from datetime import date

    import pandas as pd
    import streamlit as st

    from vs_core.access.viewer import Viewer
    from vs_core.ui import downloads
    from vs_core.ui.tables import Column

    viewer = Viewer(1, "someone", "Someone", st.query_params["role"], "session")
    rows = pd.DataFrame({"name": ["A"], "upn": ["SECRET"]})
    downloads.table(
        viewer, rows, [Column("name", "Child")], title="Absent", notes=["In care"], as_at=date(2026, 11, 20)
    )
    st.session_state["shown"] = True


def run(page: object, **query: str) -> AppTest:
    test = AppTest.from_function(page, default_timeout=30)
    test.query_params.update(query)
    test.run()
    assert not test.exception
    return test


def test_the_choice_at_the_start() -> None:
    chosen = run(filter_page).session_state["said"]
    assert (chosen.frame.start, chosen.frame.end, chosen.only) == (date(2026, 9, 1), date(2026, 11, 20), Narrowing())


def test_the_address_holds_the_choices() -> None:
    chosen = run(
        filter_page, period="Other dates", **{"from": "2026-10-01"}, to="2026-10-09", cohort="Kinship?"
    ).session_state["said"]
    assert (chosen.frame.start, chosen.frame.end) == (date(2026, 10, 1), date(2026, 10, 9))
    assert chosen.frame.cohort == "in care"


def test_a_past_day_as_it_was_known_then() -> None:
    frame = run(filter_page, as_at="2026-10-05", as_then="true").session_state["said"].frame
    assert (frame.as_at, frame.known_on, frame.end) == (date(2026, 10, 5), date(2026, 10, 5), date(2026, 10, 5))


def test_dates_the_wrong_way_round_are_exchanged_and_said() -> None:
    test = run(filter_page, period="Other dates", **{"from": "2026-10-09"}, to="2026-10-01")
    assert test.session_state["said"].frame.start == date(2026, 10, 1)
    assert "exchanged" in test.warning[0].value


def test_a_figure_that_is_not_known_is_never_zero() -> None:
    test = run(tile_page)
    assert [metric.value for metric in test.metric] == ["44", "not yet"]
    assert [metric.delta for metric in test.metric] == ["+2", ""]
    assert [caption.value for caption in test.caption] == [r"of 856 \*children\*", r"Timetables have not arrived\."]


def test_a_list_sends_what_it_draws() -> None:
    test = run(list_page)
    table = test.dataframe[0].value
    assert list(table.columns) == ["Child"]
    assert table["Child"].tolist() == ["![x](http://192.0.2.1/x.png)"]
    assert test.caption[0].value == "1 child"
    assert [info.value for info in test.info] == [
        "There are no children here for these choices.",
        "No child has a possible session in this period, so there are no bands to show.",
    ]


def test_what_is_listed_stands_in_the_address() -> None:
    assert run(list_page, behind="Severely absent").selectbox[0].value == "sa"
    assert run(list_page, behind="nonsense").selectbox[0].value == "pa"


def test_a_chart_sends_rows_beside_its_specification() -> None:
    proto = run(chart_page).get("vega_lite_chart")[0].proto
    assert proto.alt == "Children by year group"
    assert "Year 1" not in proto.spec
    assert b"Year 1" in proto.data.data
    assert b"SECRET" not in proto.data.data + proto.spec.encode()


@pytest.mark.parametrize(
    ("kind", "value", "sent"),
    [
        ("money", 123456, 1234.56),
        ("date", "2026-11-02", date(2026, 11, 2)),
        ("yes or no", True, "yes"),
        ("text", 7, "7"),
        ("text", None, None),
    ],
)
def test_how_a_value_is_sent(kind: str, value: object, sent: object) -> None:
    found = drawn(pd.DataFrame({"it": [value]}, dtype="object"), [Column("it", "It", kind)])["It"].iloc[0]
    assert found == sent or (sent is None and pd.isna(found))


def test_a_download_is_not_made_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    offered: list[object] = []
    monkeypatch.setattr("vs_core.access.downloads.offer", lambda *given: offered.append(given) or "/download/x")
    run(download_page, role="headteacher")
    assert offered == []


def test_the_file_of_a_download_is_named_and_dated() -> None:
    assert file_stem("Children behind: Persistently absent", date(2026, 11, 20)) == (
        "children-behind-persistently-absent-2026-11-20"
    )


def test_no_component_writes_html() -> None:
    kit = Path(__file__).parents[2] / "vs_core" / "ui"
    kit_only = [path for path in kit.glob("*.py") if path.name not in ("frame.py", "failure.py")]
    assert not [path.name for path in kit_only if "unsafe_allow" in path.read_text() or "st.html" in path.read_text()]
