"""The invented county's policy: chosen three years before, with limits of its own."""

from datetime import date

import pytest
from sqlalchemy import Engine

from vs_core.demo.policy import write_policy
from vs_core.figures import fetch
from vs_core.store.engine import reading, writing

AS_AT = date(2026, 11, 23)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_the_county_has_a_policy_and_limits_of_its_own(engine: Engine) -> None:
    with writing(engine) as connection:
        write_policy(connection, AS_AT)
    with reading(engine) as connection:
        held, before = (fetch.policy(connection, on) for on in (AS_AT, date(2023, 3, 31)))
        threshold = fetch.thresholds(connection).whole("exceptional_request_pence", AS_AT)
    assert before is None
    assert held is not None
    assert (held.key, held.term_limit_pence, threshold) == ("norfolk-like", 70_000, 70_000)
