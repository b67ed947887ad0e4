"""What stands outside the policy: children over a term's limit, provision paid for twice, exceptions not agreed."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from vs_core.access.viewer import Viewer
from vs_core.figures import pp_waiting
from vs_core.rules.pp_add_ons import NOT_CHECKED
from vs_core.rules.pp_policy import NO_POLICY, Policy
from vs_core.ui import words
from vs_core.ui.filters import Chosen
from vs_core.ui.load import pp_policy as policies
from vs_core.ui.load import pp_waiting as read
from vs_core.ui.parts import children, comparing
from vs_core.ui.tables import Column

EXCEPTIONS = "Exceptional requests not agreed in time"
DOUBLED = "Requests that may be paid for already"
OVER = "Children over the term limit"
ADD_ONS = "Add-ons outside their terms"
MEANING = {
    EXCEPTIONS: "Exceptional, or above the threshold, and without an adviser's agreement or dated after the start.",
    DOUBLED: "By an education, health and care plan, by a project (laptops), or asked for twice for child and term.",
    OVER: "What is approved or asked for the child and term is more than the policy pays; add-ons apart.",
    ADD_ONS: "Requests of any fund for the policy's book offer, recovery or book voucher, above its amount, in another "
    f"term, without its wording, or for a child of another age. {NOT_CHECKED['summer_tuition_hours']}",
}


def draw(viewer: Viewer, chosen: Chosen) -> None:
    """The lists with how many each holds, one of them open."""
    rows = read.requests(viewer, chosen)
    if rows.empty:
        return
    st.subheader("Outside the policy")
    policy = policies.lists(viewer, chosen.frame).policy
    found = lists(rows) | {ADD_ONS: read.add_ons(viewer, chosen)}
    title = _choose({name: len(each) for name, each in found.items()})
    if title != EXCEPTIONS and not _can_say(policy, title):
        return
    st.caption(MEANING[title])
    noun = ("child and term", "children and terms") if title == OVER else ("request", "requests")
    comparing.listing(viewer, chosen, children.with_names(found[title]), COLUMNS[title], title=title, noun=noun)


def lists(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The rows of each list by its title. `rows`: those of `figures.pp_waiting.requests`."""
    return {
        EXCEPTIONS: rows[rows["fault"] != ""],
        DOUBLED: rows[rows["doubled"] != ""],
        OVER: pp_waiting.over_limit(rows),
    }


def _choose(counts: dict[str, int]) -> str:
    st.markdown(words.plain("; ".join(f"{title}: {count:,}" for title, count in counts.items()) + "."))
    chosen = st.selectbox("Show", list(counts), key="outside", filter_mode=None, width=420, bind="query-params")
    return chosen if chosen in counts else EXCEPTIONS


def _can_say(policy: Policy | None, title: str) -> bool:
    """Whether the policy says anything of the list; says so where it does not."""
    if policy is None:
        st.info(NO_POLICY, icon=":material/info:")
        return False
    limits = (policy.term_limit_pence, policy.autumn_claim_limit_pence)
    if title == OVER and limits == (None, None):
        st.info(words.plain(f"The {policy.title} policy sets no limit for a term."), icon=":material/info:")
        return False
    if title == ADD_ONS and not has_add_ons(policy):
        st.info(words.plain(f"The {policy.title} policy pays no add-ons."), icon=":material/info:")
        return False
    return True


def has_add_ons(policy: Policy) -> bool:
    """Whether the policy pays a book offer, recovery or a book voucher."""
    amounts = (policy.book_offer_pence, policy.recovery_pence, policy.post_16_voucher_pence)
    return amounts != (None, None, None)


_WHOSE = (children.CHILD, children.YEAR, children.SCHOOL, Column("term", "Term"))
_STANDS = (Column("stage", "State"), Column("request_id", "Request"))
COLUMNS = {
    EXCEPTIONS: (
        Column("amount_pence", "Amount", "money"),
        Column("fault", "What is wrong"),
        *_WHOSE,
        *_STANDS,
        Column("requested_on", "Requested", "date"),
        Column("adviser_agreed_on", "Adviser agreed", "date"),
        Column("starts_on", "Starts", "date"),
        Column("intervention", "Intervention"),
    ),
    DOUBLED: (
        Column("amount_pence", "Amount", "money"),
        Column("doubled", "Why it may be paid for already", width=440),
        *_WHOSE,
        *_STANDS,
        Column("intervention", "Intervention"),
        Column("requested_on", "Requested", "date"),
    ),
    ADD_ONS: (
        Column("amount_pence", "Amount", "money"),
        Column("add_on_fault", "What is wrong", width=440),
        *_WHOSE,
        Column("state", "State"),
        Column("request_id", "Request"),
        Column("fund", "Fund"),
        Column("intervention", "Intervention"),
        Column("requested_on", "Requested", "date"),
    ),
    OVER: (
        children.CHILD,
        children.YEAR,
        Column("term", "Term"),
        Column("over_pence", "Over the limit", "money"),
        Column("counted_pence", "Asked for or approved", "money"),
        Column("limit_pence", "Limit", "money"),
        Column("requests", "Requests", "number"),
        Column("agreed", "Agreed in time", "yes or no", "None of them is an exception without agreement"),
    ),
}
