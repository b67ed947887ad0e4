"""Since when an approved request waits for a vendor number or an invoice, at the edges."""

from __future__ import annotations

from datetime import date

import pytest

from vs_core.rules.pp_waits import INVOICE, VENDOR, Needs, Wait, waits

APPROVED, END = date(2026, 10, 10), date(2026, 11, 23)
BEFORE, SAME, NEXT = date(2026, 10, 9), APPROVED, date(2026, 10, 11)


def told(of: Needs, approved_on: date | None = APPROVED, end: date = END) -> list[Wait]:
    return list(waits(approved_on, of, end))


def test_what_is_not_there_is_waited_for_from_the_approval_on() -> None:
    assert told(Needs()) == [Wait(VENDOR, APPROVED, None)]
    assert told(Needs(sends_invoice=True)) == [Wait(VENDOR, APPROVED, None), Wait(INVOICE, APPROVED, None)]
    assert told(Needs(has_vendor=True)) == []


@pytest.mark.parametrize(("came", "waited"), [(BEFORE, False), (SAME, False), (NEXT, True)])
def test_what_came_on_the_day_of_the_approval_was_not_waited_for(came: date, waited: bool) -> None:
    vendor = told(Needs(has_vendor=True, vendor_on=came))
    invoice = told(Needs(has_vendor=True, sends_invoice=True, has_invoice=True, invoice_on=came))
    assert vendor == ([Wait(VENDOR, APPROVED, came)] if waited else [])
    assert invoice == ([Wait(INVOICE, APPROVED, came)] if waited else [])


def test_a_wait_lasts_on_a_day_before_its_end_and_is_over_on_it() -> None:
    of = Needs(has_vendor=True, vendor_on=NEXT)
    assert told(of, end=APPROVED) == [Wait(VENDOR, APPROVED, None)]
    assert told(of, end=NEXT) == [Wait(VENDOR, APPROVED, NEXT)]
    assert told(of, end=BEFORE) == []


def test_no_wait_is_claimed_where_no_file_says_when_it_ended() -> None:
    assert told(Needs(has_vendor=True, sends_invoice=True, has_invoice=True)) == []
    assert told(Needs(sent_on=NEXT)) == []
    assert told(Needs(has_vendor=True, sends_invoice=True, sent_on=NEXT)) == []
    assert told(Needs(has_vendor=True, vendor_on=END, sent_on=NEXT)) == []
    assert told(Needs(), approved_on=None) == []
