"""The invented team's last batch: released by another than who built it, and answered by finance to the penny."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.conftest import SMALL_AUTHORITY_AS_AT as TODAY
from vs_core.access.viewer import EVERYTHING
from vs_core.casework import payables
from vs_core.demo.batches import BUILDER, RELEASER, write_batches
from vs_core.rules.payment_matching import MATCHED, REVERSED, agreements
from vs_core.store.engine import reading, writing


def test_the_last_run_stands_in_a_batch_that_finance_has_paid(small_authority: Engine) -> None:
    with writing(small_authority) as connection:
        write_batches(connection, TODAY)
    with reading(small_authority) as connection:
        book = payables.read(connection, EVERYTHING, TODAY, "Westmere")
    assert len(book.lines) > 5
    assert {(line.batch_id, line.builder, line.released_by, line.fund) for line in book.lines} == {
        (1, BUILDER, RELEASER, "PP+")
    }
    assert all(line.built_at < line.released_at for line in book.lines if line.released_at)
    assert not any(book.of_request[line.request_id].restricted for line in book.lines)
    assert {row.outcome for row in book.matched} <= {MATCHED, REVERSED}
    (agreement,) = agreements(book.matched)
    assert agreement.agrees
