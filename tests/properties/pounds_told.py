"""Steps of a random history as versions of rows, with the books kept beside them."""

from __future__ import annotations

from datetime import date, timedelta

from tests.properties.pounds import (
    AGREED,
    FIRST,
    LAST,
    OTHER_YEAR,
    TERMS,
    YEAR,
    Books,
    History,
    Row,
    Step,
    agreed,
    is_own,
)


def told(steps: list[Step]) -> History:
    """The history of steps within the year. A step that can happen to nothing on its day is left out."""
    teller = Teller()
    for action, gap, which, pence in steps:
        teller.day += timedelta(days=gap)
        if teller.day > LAST:
            break
        getattr(teller, action.replace(" ", "_"))(which, pence)
        teller.history.kept[teller.day] = teller.books.figures()
    return teller.history


class Teller:
    def __init__(self) -> None:
        self.day: date = FIRST - timedelta(days=1)
        self.history, self.books = History(), Books()
        self.rows: dict[str, dict[str, Row]] = {"pp_allocation": {}, "pp_request": {}, "pp_payment": {}}

    def notice(self, which: int, pence: int) -> None:
        stage = ("provisional", "provisional", "final")[which % 3]
        first = self.rows["pp_allocation"].get(stage, {"notified_on": self.day})
        values = {"financial_year": YEAR, "fund": "PP+", "stage": stage, "amount_pence": pence * 10}
        self._write("pp_allocation", stage, values | {"notified_on": first["notified_on"]})
        self.books.notice(stage, pence * 10)

    def ask(self, which: int, pence: int) -> None:
        year = OTHER_YEAR if which == 9 else YEAR
        key = f"R{len(self.rows['pp_request'])}"
        row = {"request_id": key, "child": f"C{which}", "financial_year": year, "term": TERMS[year]}
        more = {"amount_pence": pence, "approved_amount_pence": None, "status": "requested", "decided_on": None}
        self._write("pp_request", key, row | more | {"requested_on": self.day})
        if year == YEAR:
            self.books.ask(key, pence)

    def query(self, which: int, _pence: int) -> None:
        if key := self._one("pp_request", which, "requested"):
            self._change("pp_request", key, status="queried")

    def approve(self, which: int, _pence: int) -> None:
        self._decide(which, "approved", None)

    def part(self, which: int, pence: int) -> None:
        self._decide(which, "part-approved", pence)

    def reject(self, which: int, _pence: int) -> None:
        self._decide(which, "rejected", None)

    def lapse(self, which: int, _pence: int) -> None:
        if key := self._one("pp_request", which, *AGREED):
            self._standing(key, status="lapsed", decided_on=self.day)

    def amend_request(self, which: int, pence: int) -> None:
        """What was asked and approved is put right; the day of the decision stays."""
        if key := self._one("pp_request", which, *AGREED):
            self._standing(key, amount_pence=pence, approved_amount_pence=None)

    def batch(self, which: int, pence: int) -> None:
        self._payment(which, pence, "in batch")

    def pay(self, which: int, pence: int) -> None:
        """A payment in a batch is made; else one that was in none, of the whole request or of any amount."""
        if key := self._one("pp_payment", which, "in batch"):
            self._settle(key, status="paid", paid_on=self.day)
        else:
            self._payment(which, pence, "paid")

    def _return(self, which: int, _pence: int) -> None:
        if key := self._one("pp_payment", which, "paid"):
            self._settle(key, status="returned")

    def recover(self, which: int, pence: int) -> None:
        self._payment(which, pence, "recovered")

    def amend_payment(self, which: int, pence: int) -> None:
        if key := self._one("pp_payment", which, "paid", "recovered"):
            self._settle(key, amount_pence=pence)

    def _decide(self, which: int, status: str, part: int | None) -> None:
        if key := self._one("pp_request", which, "requested", "queried"):
            asked = self.rows["pp_request"][key]["amount_pence"]
            share = None if part is None else part % (asked + 1)
            self._standing(key, status=status, approved_amount_pence=share, decided_on=self.day)

    def _standing(self, key: str, **values: object) -> None:
        """A request stands anew: what was entered of it is taken back and entered as it is now."""
        row = self._change("pp_request", key, **values)
        if is_own(row):
            self.books.undecide(key)
            self.books.decide(key, row["amount_pence"], agreed(row))

    def _payment(self, which: int, pence: int, status: str) -> None:
        if not (request := self._one("pp_request", which)):
            return
        key = f"P{len(self.rows['pp_payment'])}"
        amount = self.rows["pp_request"][request]["amount_pence"] if which % 2 else pence
        values = {"payment_id": key, "request_id": request, "amount_pence": amount, "paid_on": self.day}
        self._enter(self._write("pp_payment", key, values | {"status": status}), 1)

    def _settle(self, key: str, **values: object) -> None:
        self._enter(self.rows["pp_payment"][key], -1)
        self._enter(self._change("pp_payment", key, **values), 1)

    def _enter(self, row: Row, sign: int) -> None:
        if not is_own(self.rows["pp_request"][row["request_id"]]):
            return
        if row["status"] == "recovered":
            self.books.recover(sign * row["amount_pence"])
        elif row["status"] == "paid":
            (self.books.pay if sign > 0 else self.books.unpay)(row["request_id"], row["amount_pence"])

    def _one(self, table: str, which: int, *states: str) -> str | None:
        """One of the rows in one of these states, in any without."""
        found = [key for key, row in self.rows[table].items() if not states or row["status"] in states]
        return found[which % len(found)] if found else None

    def _change(self, table: str, key: str, **values: object) -> Row:
        return self._write(table, key, self.rows[table][key] | values)

    def _write(self, table: str, key: str, row: Row) -> Row:
        self.rows[table][key] = row
        self.history.versions.append((table, key, self.day, row))
        return row


setattr(Teller, "return", Teller._return)
