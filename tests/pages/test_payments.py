"""The page of payments: what a batch would hold, who builds and who releases it, and what is left when it is done."""

from __future__ import annotations

import re
from itertools import chain, repeat
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import SMALL_AUTHORITY_AS_AT as TODAY
from tests.intake.kind_files import csv_bytes
from tests.pages.conftest import Open, run, viewer
from vs_core.rules.payables import label
from vs_core.ui.load import payments as read


def everything(test: AppTest) -> str:
    """What is said anywhere, as it is read."""
    kinds = (test.markdown, test.caption, test.info, test.error, test.success, test.subheader)
    return re.sub(r"\\(.)", r"\1", " ".join(str(each.value) for kind in kinds for each in kind))


def press(test: AppTest, start: str) -> AppTest:
    return run(next(each for each in test.button if re.sub(r"\\(.)", r"\1", each.label).startswith(start)).click())


def write(test: AppTest, label: str, words: str) -> None:
    next(each for each in test.text_area if each.label == label).set_value(words)


def book(role: str = "operations") -> Any:
    return read.book(viewer(role), TODAY)


def built(small: Open) -> int:
    """A batch that operations has built on the page; its number."""
    test = press(small("payments", "operations"), "Build a batch")
    assert "is built. It stands under Batches" in everything(test)
    return max(line.batch_id for line in book().lines)


def opened(small: Open, role: str, number: int) -> AppTest:
    return small("payments", role, part="Batches", batch=str(number))


def agreed(small: Open, role: str, number: int) -> AppTest:
    """The batch, with whatever was found agreed to on the page."""
    test = opened(small, role, number)
    while any(each.label == "Agree to all findings of this rule" for each in test.button):
        write(test, "Why it is paid all the same", "Looked at with the school")
        test = press(test, "Agree to all")
    return test


def test_the_page_shows_what_a_batch_would_hold_and_what_not(small: Open) -> None:
    test = small("payments", "operations")
    from vs_core.casework import payables

    own = book()
    choice = next(iter(sorted(payables.open_choices(own), key=lambda of: of.term, reverse=True)))
    look = payables.outlook(own, choice, viewer("operations"))
    assert [metric.value for metric in test.metric][2:] == [
        str(len({f.row.number for f in look.found})),
        str(len(look.left_out)),
    ]
    lines = next(each.value for each in test.dataframe if "Approved by" in each.value.columns)
    assert list(lines["Request"]) == [row.payable.request_id for row in look.rows]
    assert sum(lines["Amount"]) == pytest.approx(look.total_pence / 100)


def test_a_batch_is_built_by_one_and_released_by_another(small: Open) -> None:
    number = built(small)
    test = agreed(small, "operations", number)
    button = next(each for each in test.button if each.label.startswith("Release"))
    assert button.disabled
    assert "Who builds a batch does not release it" in everything(test)
    test = press(opened(small, "headteacher", number), "Release")
    assert f"{label(number)} is released." in everything(test)
    assert "Released by headteacher on" in everything(test)
    assert {line.released_by for line in book().held(number)} == {"headteacher"}
    assert not any(each.label.startswith("Release") for each in test.button)


def test_a_release_that_another_was_quicker_with_says_so(small: Open) -> None:
    number = built(small)
    agreed(small, "operations", number)
    test = opened(small, "headteacher", number)
    press(opened(small, "headteacher", number), "Release")
    press_again = next(each for each in test.button if each.label.startswith("Release")).click()
    told = everything(run(press_again))
    assert "Released by headteacher on" in told
    assert len({line.released_at for line in book().held(number)}) == 1


def test_a_released_line_is_reversed_and_stands_with_its_reason(small: Open) -> None:
    number = built(small)
    agreed(small, "operations", number)
    test = press(opened(small, "headteacher", number), "Release")
    press(test, "Reverse it")
    assert "The reason is missing" in everything(press(opened(small, "headteacher", number), "Reverse it"))
    test = opened(small, "operations", number)
    write(test, "Reason", "Paid to the old school")
    test = press(test, "Reverse it")
    assert "The line is reversed." in everything(test)
    gone = next(each.value for each in test.dataframe if "What" in each.value.columns)
    assert list(gone["Why"]) == ["Paid to the old school"]
    assert gone["Amount"].iloc[0] < 0


def answered(test: AppTest, rows: list[dict[str, str]]) -> AppTest:
    """The file of finance with these rows, taken in on the page."""
    test = run(test.toggle[0].set_value(True))
    test = run(test.file_uploader[0].upload("finance.csv", csv_bytes(rows), "text/csv"))
    return press(test, "Take in")


def test_operations_takes_in_what_finance_answers_and_sees_what_differs(small: Open) -> None:
    number = built(small)
    agreed(small, "operations", number)
    press(opened(small, "headteacher", number), "Release")
    lines = [
        {
            "payment_id": f"F{line.line_id}",
            "request_id": line.request_id,
            "amount": f"{(line.amount_pence - short) / 100:.2f}",
            "status": "paid",
            "paid_on": f"{TODAY:%d/%m/%Y}",
            "batch": label(number),
            "urn": line.urn,
            "vendor": line.vendor,
        }
        for line, short in zip(book().held(number), chain((1,), repeat(0)), strict=False)
    ]
    test = answered(small("payments", "operations", part="Finance's answer"), lines)
    assert "Taken in as import" in everything(test)
    assert f"{len(lines)} row{'s' * (len(lines) > 1)} in" in everything(test)
    differing = next(each.value for each in test.dataframe if "What differs" in each.value.columns)
    assert list(differing["Difference"]) == [-0.01]


def test_the_page_takes_in_no_other_kind_of_file(small: Open) -> None:
    test = small("payments", "operations", part="Finance's answer")
    test = run(test.toggle[0].set_value(True))
    assert not any(each.label == "What is in the file" for each in test.selectbox)
    assert "Needs the columns payment_id" in everything(test)


def test_a_batch_that_was_built_is_at_once_why_its_requests_are_not_paid(small: Open) -> None:
    def in_a_batch() -> int:
        states = small("pp_plus", "operations", part="Requests").dataframe[0].value
        return int(states.loc[states["State"] == "In a batch", "Requests"].sum())

    before = in_a_batch()
    number = built(small)
    assert in_a_batch() - before == len(book().held(number)) > 0


def test_one_request_shows_its_steps(small: Open) -> None:
    number = built(small)
    line = book().held(number)[0]
    of = book().of_request[line.request_id]
    test = small("payments", "operations", part="One request", request=str(of.key))
    assert f"{of.request_id}: in a batch" in everything(test)
    steps = test.dataframe[0].value
    assert list(steps["Step"])[:2] == ["requested", "approved"]
    assert "in a batch" in list(steps["Step"])


@pytest.mark.parametrize("part", ["To pay", "Batches", "Finance's answer", "Vendors and invoices", "One request"])
def test_an_authority_without_data_says_what_is_missing(empty: Open, part: str) -> None:
    assert "nothing to pay" in everything(empty("payments", "operations", part=part))


@pytest.mark.parametrize("role", ["inclusion", "adviser", "analyst", "administrator"])
def test_the_reader_refuses_who_may_not_pay(small: Open, role: str) -> None:
    with pytest.raises(PermissionError):
        book(role)
