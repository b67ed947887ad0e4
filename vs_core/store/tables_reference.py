"""Lists that rules rest on: dated, each row with its source, and marked where nothing at hand confirms it."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, Table, Text

from vs_core.store.base import metadata


def _reference(name: str, comment: str, *columns: Column[Any]) -> Table:
    return Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True, comment="Row number, without meaning"),
        *columns,
        Column("starts_on", Date, comment="First day on which the row holds; empty: always"),
        Column("ends_on", Date, comment="Last day on which the row holds; empty: still"),
        Column("source", Text, nullable=False, comment="Where the row comes from"),
        Column("unconfirmed", Boolean, nullable=False, comment="No document at hand confirms it"),
        comment=comment,
        info={"reference": True},
    )


def _text(name: str, comment: str, *, null: bool = False) -> Column[Any]:
    return Column(name, Text, nullable=null, comment=comment)


register_code = _reference(
    "register_code",
    "Codes of the school register",
    _text("code", "Code"),
    _text("meaning", "Meaning"),
    _text("statistical_class", "Class that the code counts in"),
    Column("possible_session", Boolean, nullable=False, comment="Whether it is a possible session"),
)

suspension_reason = _reference(
    "suspension_reason", "Reasons for suspensions and exclusions", _text("code", "Code"), _text("meaning", "Meaning")
)

code_value = _reference(
    "code_value",
    "Codes of the statutory return and of other closed lists",
    _text("list", "List that the code belongs to"),
    _text("code", "Code"),
    _text("meaning", "Meaning"),
)

pp_rate = _reference(
    "pp_rate",
    "Pupil Premium Plus rates",
    _text("financial_year", "Financial year, as 2026-27"),
    _text("fund", "Fund"),
    Column("rate_pence", BigInteger, comment="Rate a child and year, pence; empty: not published"),
)

pp_policy = _reference(
    "pp_policy",
    "Policies for Pupil Premium Plus: what an authority pays, for whom and when",
    _text("policy", "Policy that the term belongs to"),
    _text("name", "Term"),
    _text("value", "Value"),
    _text("unit", "Unit"),
    _text("meaning", "Meaning"),
)

threshold = _reference(
    "threshold",
    "Limits and settings that rules use",
    _text("name", "Name"),
    _text("value", "Value"),
    _text("unit", "Unit"),
    _text("meaning", "Meaning"),
)

course = _reference(
    "course",
    "Training courses that are offered",
    _text("course", "Course"),
    _text("audience", "Who it is for"),
    _text("provider", "Provider"),
)

project = _reference(
    "project",
    "Projects, whom they are for and when a child counts as active",
    _text("name", "Project"),
    _text("years_from", "First year group", null=True),
    _text("years_to", "Last year group", null=True),
    _text("cohorts", "Cohorts that it is for, ';' between"),
    Column(
        "minutes_per_week", Integer, comment="Minutes in a week from which a child is active; empty: enrolled is active"
    ),
    _text("target", "What it aims at", null=True),
    Column("unit_cost_pence", Integer, comment="Cost a child, pence"),
)
