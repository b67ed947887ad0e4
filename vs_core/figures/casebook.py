"""What the team did about one child: its entries, and the states that its actions were in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from vs_core.figures import children, fetch
from vs_core.queries import case_entries, search
from vs_core.queries.scope import EVERYTHING, Scope
from vs_core.rules.case_history import ONE_AFTER_THE_OTHER, SNOOZE, WAKE
from vs_core.rules.frame import Frame


@dataclass(frozen=True)
class Casebook:
    """who: one row of `figures.children.details`; entries: `queries.case_entries.every_entry`, those too that were
    corrected; states: `queries.case_entries.action_states`; both the earliest first."""

    who: pd.DataFrame
    entries: pd.DataFrame
    states: pd.DataFrame

    @property
    def open_actions(self) -> pd.DataFrame:
        """The last state of each action that is open, the first due first."""
        last = self.states.drop_duplicates("action_id", keep="last")
        return last[last["closed_on"].isna()].sort_values("due_on", kind="stable")

    @property
    def last_entry(self) -> int:
        """The number of the last snooze, waking or referral; 0 where there is none."""
        own = self.entries.loc[self.entries["kind"].isin(ONE_AFTER_THE_OTHER), "entry_id"]
        return int(own.max()) if len(own) else 0

    def snooze(self, as_at: date) -> pd.Series | None:
        """The snooze that holds on a day: of the last of both a snooze and not a waking, with its day to come."""
        rows = self.entries[self.entries["kind"].isin((SNOOZE, WAKE)) & self.entries["replaced_by"].isna()]
        if rows.empty:
            return None
        last = rows.sort_values("entry_id").iloc[-1]
        return last if last["kind"] == SNOOZE and last["until_on"] > as_at else None


def of_child(
    connection: Connection, child_key: int, as_at: date, known_on: date | None, scope: Scope = EVERYTHING
) -> Casebook | None:
    """The casebook of a child on a day; None where the viewer may not open it or there is none."""
    if connection.execute(search.openable(child_key, scope)).first() is None:
        return None
    own = replace(scope, child=child_key)
    frame = Frame.for_subject("attendance", as_at, known_on, cohort="all")
    return Casebook(
        children.details(connection, frame, own, [child_key]),
        fetch.rows(connection, case_entries.every_entry(as_at, known_on, own)),
        fetch.rows(connection, case_entries.action_states(as_at, known_on, own)),
    )
