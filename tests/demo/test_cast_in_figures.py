"""Each of the named cast shows its situation in the product's figures: the child is behind those that it should be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Connection

from tests.conftest import SMALL_AUTHORITY_AS_AT as AS_AT
from tests.conftest import build_small_authority
from tests.databases import SqliteFiles
from vs_core import figures
from vs_core.demo.cast import CAST, Cast
from vs_core.figures import SubjectFigures, fetch, reconciling
from vs_core.queries import children
from vs_core.rules.frame import Frame
from vs_core.store.engine import engine_for, reading

LAST_YEAR_END = date(AS_AT.year, 8, 31)
YEAR_START = LAST_YEAR_END + timedelta(days=1)
LATELY = Frame(AS_AT, None, AS_AT - timedelta(days=28), AS_AT)


class Product:
    """The figures of the small authority."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.compute: Callable[[str, Frame], SubjectFigures] = cache(
            lambda subject, frame: figures.compute(connection, subject, frame)
        )

    def of(self, subject: str, as_at: date = AS_AT) -> SubjectFigures:
        return self.compute(subject, Frame.for_subject(subject, as_at))

    def behind(self, child: str, subject: str, key: str, as_at: date = AS_AT) -> pd.DataFrame:
        """The child's own of the rows behind a figure."""
        rows = figures.behind(self.of(subject, as_at), key)
        return rows[rows["child_id"] == child]

    def on_the_roll(self, child: str) -> Any:
        (row,) = self.behind(child, "cohort", "all").itertuples()
        return row

    @cache  # noqa: B019
    def enrolments(self) -> pd.DataFrame:
        return fetch.rows(self.connection, children.enrolments(None))

    def schools(self, child: str, start: date, end: date) -> int:
        """Schools on whose roll the child is on a day of the period."""
        rows = self.enrolments()
        rows = rows[rows["child_key"] == self.on_the_roll(child).child_key]
        covers = (rows["started_on"] <= end) & (rows["ended_on"].isna() | (rows["ended_on"].fillna(date.max) >= start))
        return int(rows.loc[covers, "urn"].nunique())

    def attendance(self, child: str, frame: Frame) -> dict[str, Any]:
        rows = self.compute("attendance", frame).rows["children"]
        own = rows[rows["child_id"] == child].to_dict("records")
        return own[0] if own else {}


Read = Callable[[Product, str], Any]


def _is_behind(subject: str, *keys: str) -> Read:
    return lambda product, child: all(len(product.behind(child, subject, key)) > 0 for key in keys)


def _of_either_year(key: str, column: str = "") -> Read:
    """Of the running academic year or the one before: the sum of a column, else whether the child is behind it."""

    def read(product: Product, child: str) -> float | bool:
        years = [product.behind(child, "exclusions", key, as_at) for as_at in (AS_AT, LAST_YEAR_END)]
        return max(rows[column].sum() for rows in years) if column else any(len(rows) for rows in years)

    return read


def _on_the_roll(column: str) -> Read:
    return lambda product, child: getattr(product.on_the_roll(child), column)


def _this_year(column: str) -> Read:
    frame = Frame.for_subject("attendance", AS_AT)
    return lambda product, child: product.attendance(child, frame)[column]


def _absent_percent(product: Product, child: str) -> float:
    own = product.attendance(child, Frame.for_subject("attendance", AS_AT))
    return float(own["absent_sessions"] * 100 / own["possible_sessions"])


def _paid(product: Product, child: str) -> int:
    money = product.of("pp-plus")
    own = set(money.rows["requests"].query("child_id == @child")["request_id"])
    paid = figures.behind(money, "paid_pence")
    return int(paid.loc[paid["request_id"].isin(own), "amount_pence"].sum())


def _requests(product: Product, child: str) -> int:
    rows = product.of("pp-plus").rows["requests"]
    found = int((rows["child_id"] == child).sum())
    assert (found == 0) == (len(product.behind(child, "pp-plus", "children_without_spend")) > 0)
    return found


READ: dict[str, Read] = {
    "absent_percent": _absent_percent,
    "persistently_absent": _is_behind("attendance", "persistently_absent", "persistently_absent_percent"),
    "severely_absent": _is_behind("attendance", "severely_absent", "severely_absent_percent"),
    "unexplained_sessions": _this_year("unexplained_sessions"),
    "possible_sessions_lately": lambda product, child: product.attendance(child, LATELY)["possible_sessions"],
    "schools_this_year": lambda product, child: product.schools(child, YEAR_START, AS_AT),
    "enrolled_at": lambda product, child: product.schools(child, AS_AT, AS_AT),
    "suspension_days": _of_either_year("suspension_days", "days"),
    "over_15_days_in_term": _of_either_year("over_15_days_in_term"),
    "over_45_days_in_year": _of_either_year("over_45_days_in_year"),
    "permanent_exclusions": lambda product, child: len(product.behind(child, "exclusions", "permanent_exclusions")),
    "peps": lambda product, child: len(product.behind(child, "pep", "due")),
    "pep_overdue": _is_behind("pep", "due", "overdue"),
    "review_overdue": _is_behind("provision", "part_time", "reviews_overdue"),
    "year_11_without_offer": _is_behind("post-16", "year_11_without_offer"),
    "neet": _is_behind("post-16", "neet"),
    "in_care": _is_behind("cohort", "in_care"),
    "with_short_breaks": _is_behind("cohort", "in_care_with_short_breaks"),
    "uasc": _is_behind("cohort", "uasc"),
    "on_roll": _on_the_roll("on_roll"),
    "restricted": _on_the_roll("restricted"),
    "phase": _on_the_roll("phase"),
    "forename": _on_the_roll("forename"),
    "surname": _on_the_roll("surname"),
    "details_unknown": lambda product, child: pd.isna(product.on_the_roll(child).born_on),
    "paid_pence": _paid,
    "committed_pence": lambda product, child: product.behind(child, "pp-plus", "committed_pence")[
        "committed_pence"
    ].sum(),
    "requests": _requests,
}


@pytest.fixture(scope="module")
def product(sqlite_files: SqliteFiles) -> Iterator[Product]:
    engine = engine_for(sqlite_files.copy_of("small", build_small_authority))
    with reading(engine) as connection:
        yield Product(connection)
    engine.dispose()


@pytest.mark.parametrize("member", CAST, ids=lambda member: member.key)
def test_the_figures_say_of_each_what_its_situation_expects(product: Product, member: Cast) -> None:
    assert member.expects
    found = {name: READ[name](product, member.child_id) for name in member.expects}
    assert found == member.expects


def test_every_expectation_is_read_and_every_reader_needed() -> None:
    assert set(READ) == {name for member in CAST for name in member.expects}


def test_every_kind_of_register_to_put_right_has_something_to_show(product: Product) -> None:
    found = reconciling.counts(reconciling.reconciliations(product.connection, AS_AT, None, authority="Westmere"))
    shown = dict(zip(found["kind"], found["children"], strict=True))
    for kind in ("e_alone", "suspension_alone", "y5_alone", "d_alone"):
        assert 0 < shown[kind] < 10, kind
