"""Our own count of the children that an allocation of Pupil Premium Plus is paid for."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import children
from vs_core.queries import care
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules.frame import Frame, financial_year_bounds


def counted(connection: Connection, on: date, known_on: date | None, scope: Scope = EVERYTHING) -> pd.DataFrame:
    """One row a child looked after on at least one day of the count year that ends on a 31 March (`on`), short breaks
    left out, and aged 4 to 15 on the 31 August within it (`rules.pp_count`): the columns of `figures.children.roll` on
    that day."""
    first = financial_year_bounds(on)[0]
    looked_after = care.members("in care", first, on, known_on, scope)
    roll = children.roll(connection, Frame(on, known_on, first, on), scope, looked_after)
    return roll[roll["pp_plus_eligible"].astype(bool)].reset_index(drop=True)
