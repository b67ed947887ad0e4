"""The invented authority's own policy: like Norfolk's, with limits of its own, chosen three years before the day."""

from datetime import UTC, date, datetime

from sqlalchemy import Connection, insert

from vs_core.rules.frame import financial_year_bounds
from vs_core.store.schema import reference_change

HELD_YEARS = 3
SOURCE = "The invented county's own policy"
OWN = (
    ("policy in force", "", "policy", "norfolk-like"),
    ("pp_policy", "norfolk-like", "term_limit_pence", "70000"),
    ("threshold", "", "exceptional_request_pence", "70000"),
)


def write_policy(connection: Connection, as_at: date) -> None:
    """Choose the policy and set its limits, as somebody would on the page."""
    begins = financial_year_bounds(as_at)[0]
    begins = begins.replace(year=begins.year - HELD_YEARS)
    at = datetime(begins.year, begins.month, begins.day, 9, tzinfo=UTC)
    kept = {"starts_on": begins, "source": SOURCE, "unconfirmed": False, "known_from": begins}
    for of_list, subject, name, value in OWN:
        row = {"list": of_list, "subject": subject, "name": name, "value": value}
        connection.execute(insert(reference_change).values(**row, **kept, written_at=at, written_by="operations"))
