"""What was just done is still said after a second click, and not for ever."""

import pytest
from streamlit.testing.v1 import AppTest

from vs_core.ui import said_lately


def page() -> None:
    import streamlit as st

    from vs_core.ui import said_lately

    said_lately.show("batches")
    said_lately.show("another thing")
    told = said_lately.about("batches")
    if st.button("Build"):
        told.say("A <b>batch</b> is built.")
        st.rerun()
    st.button("Something else")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    at = [1000.0]
    monkeypatch.setattr(said_lately.time, "monotonic", lambda: at[0])
    return at


def told(app: AppTest) -> list[str]:
    return [each.value for each in app.success]


def test_it_stays_when_something_else_is_clicked_at_once_and_goes_later(clock: list[float]) -> None:
    app = AppTest.from_function(page).run()
    assert told(app) == []
    app.button[0].click().run()
    assert len(told(app)) == 1
    assert "is built" in told(app)[0]
    assert "<b>" not in told(app)[0]
    app.button[1].click().run()
    assert len(told(app)) == 1
    clock[0] += said_lately.STAYS_SECONDS
    assert len(told(app.run())) == 1
    clock[0] += 0.1
    assert told(app.run()) == []
