"""The weekly brief: the page's figures, nobody's name, tagged, and nothing in it runs."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta

import pypdf
import pytest
from sqlalchemy import Connection, Engine, text

from tests.conftest import SMALL_AUTHORITY_AS_AT
from tests.reports.conftest import ASKED, Small
from tests.reports.files import names_in, pdf_text
from vs_core import figures
from vs_core.access.viewer import Viewer
from vs_core.casework import actions
from vs_core.casework.actions import NewAction
from vs_core.figures import week
from vs_core.figures.review import review
from vs_core.reports import weekly_brief
from vs_core.reports.asked import Asked
from vs_core.rules import words
from vs_core.store.engine import engine_for, reading

HOSTILE = '#eval("1+1") *bold* $x$ @ref <label> <script>alert(1)</script> \\u{41} // gone /* gone */ #sys.inputs'


def value_of(connection: Connection, subject: str, key: str, asked: Asked = ASKED) -> str:
    """A figure as the command prints it, in words; exclusions of the term."""
    frames = week.frames(asked.as_at, asked.known_on, week.half_terms(connection, asked.authority))
    value = figures.compute(connection, subject, frames[subject], asked.reader.scope).figures[key]
    return words.figure(value, figures.measure(subject, key).unit) or words.NOT_YET


FIGURES = [
    ("In care", "cohort", "in_care"),
    ("Attendance, year to date", "attendance", "attendance_percent"),
    ("Persistently absent", "attendance", "persistently_absent_percent"),
    ("Severely absent", "attendance", "severely_absent_percent"),
    ("Suspension days this term", "exclusions", "suspension_days"),
    ("Actions overdue", "actions", "overdue"),
]


@pytest.mark.parametrize(("label", "subject", "key"), FIGURES)
def test_a_figure_is_the_one_that_the_command_prints(
    small_reports: Small, connection: Connection, label: str, subject: str, key: str
) -> None:
    assert f"{label} {value_of(connection, subject, key)} " in pdf_text(small_reports.content("weekly-brief"))


def test_every_figure_change_and_matter_of_the_page_is_on_it(small_reports: Small, connection: Connection) -> None:
    said = pdf_text(small_reports.content("weekly-brief"))
    of = review(connection, SMALL_AUTHORITY_AS_AT, None, "Westmere")
    expected = [f"{each.label} {each.value}" for each in of.ten] + [each.caption for each in of.ten]
    expected += [each.what for each in of.since_last_week] + [each.headline for each in of.matters]
    expected += [each.next_step for each in of.matters] + [of.registers.sentence]
    assert len(of.ten) == 10
    assert len(of.matters) > 2
    assert [each for each in expected if each not in said] == []


def test_it_names_no_child(small_reports: Small, connection: Connection) -> None:
    said = pdf_text(small_reports.content("weekly-brief"))
    assert names_in(connection, said) == set()
    assert weekly_brief.ONLY_COUNTS in said


def test_it_is_one_tagged_page_with_language_title_and_no_author(small_reports: Small) -> None:
    data = small_reports.content("weekly-brief")
    file = pypdf.PdfReader(io.BytesIO(data))
    assert len(file.pages) == 1
    assert file.root_object["/Lang"] == "en-GB"
    assert file.root_object["/MarkInfo"]["/Marked"]
    assert file.metadata.title == "Weekly brief: Westmere Virtual School"
    assert not file.metadata.author
    assert b"pdfuaid:part" in file.root_object["/Metadata"].get_data()
    assert any("against England's published year" in alt for alt in alternatives(file))


def alternatives(file: pypdf.PdfReader) -> list[str]:
    return [str(found["/Alt"]) for each in file.xref[0] if "/Alt" in (found := _dictionary(file, each))]


def _dictionary(file: pypdf.PdfReader, number: int) -> dict:
    found = file.get_object(number)
    return found if isinstance(found, dict) else {}


def test_text_from_outside_is_never_markup(small_reports: Small, connection: Connection) -> None:
    said = pdf_text(weekly_brief.pdf(connection, replace(ASKED, authority=HOSTILE)))
    assert HOSTILE in said


def test_overdue_actions_stand_by_owner_without_a_word_of_what_they_are(
    small_authority_file: str, connection: Connection
) -> None:
    child = connection.execute(text("select forename, surname from child_details where forename is not null")).first()
    engine = engine_for(small_authority_file)
    owner = next(iter(actions.owners(HEADTEACHER, engine)))
    opened_on = SMALL_AUTHORITY_AS_AT - timedelta(days=14)
    for number in range(2):
        step = f"Call the carer of {child.forename} {child.surname}"
        new = NewAction(f"About {child.surname}", step, owner, opened_on + timedelta(days=1 + number))
        actions.open_action(HEADTEACHER, new, opened_on, engine)
    with reading(engine) as other:
        content = weekly_brief.content(other, ASKED)
        said = pdf_text(weekly_brief.pdf(other, ASKED))
    engine.dispose()
    assert content["owners"] == [{"owner": owner, "overdue": "2", "oldest": words.short_day(date(2026, 11, 10))}]
    assert f"{owner} 2 10 Nov" in said
    assert "Call the carer" not in said
    assert child.surname not in said.replace(owner, "")


HEADTEACHER = Viewer(1, "headteacher", "Headteacher", "headteacher", "session")


def test_an_action_given_stands_beside_its_matter(small_authority_file: str) -> None:
    engine = engine_for(small_authority_file)
    owner = _give_first_matter(engine)
    with reading(engine) as other:
        decisions = weekly_brief.content(other, ASKED)["decisions"]
    engine.dispose()
    assert decisions[0]["who"] == f"Given to {owner}, due 30 Nov 2026"


def _give_first_matter(engine: Engine) -> str:
    owner = next(iter(actions.owners(HEADTEACHER, engine)))
    with reading(engine) as other:
        matter = review(other, SMALL_AUTHORITY_AS_AT, None, "Westmere").matters[0]
    due_on = SMALL_AUTHORITY_AS_AT + timedelta(days=7)
    actions.open_action(HEADTEACHER, NewAction(matter.about, "See to it", owner, due_on), SMALL_AUTHORITY_AS_AT, engine)
    return owner


def test_without_data_it_says_so_and_no_figure_is_0(nothing_yet: Connection) -> None:
    said = pdf_text(weekly_brief.pdf(nothing_yet, ASKED))
    assert weekly_brief.NOTHING in said
    assert "Ten figures" not in said


def test_what_has_not_arrived_is_not_0(small_authority_file: str) -> None:
    engine = engine_for(small_authority_file)
    with engine.begin() as connection:
        connection.execute(text("update import_ledger set kind = 'project-usage' where kind in ('peps', 'exclusions')"))
    with reading(engine) as connection:
        rows = {each["label"]: each for each in weekly_brief.content(connection, ASKED)["figures"]}
    engine.dispose()
    for label in ("PEPs in date", "Suspension days this term"):
        assert rows[label]["value"] == words.NOT_YET
        assert rows[label]["change"] == ""
        assert "has arrived yet" in rows[label]["caption"]
        assert rows[label]["arrived"] == "no file"


def test_a_past_day_as_it_was_known(small_reports: Small, connection: Connection) -> None:
    day = date(2026, 11, 9)
    asked = Asked(day, day, "Westmere")
    said = pdf_text(small_reports.content("weekly-brief", asked))
    assert "Monday 9 November 2026, as known on that day, compared with 2 November" in said
    for label, subject, key in FIGURES:
        assert f"{label} {value_of(connection, subject, key, asked)} " in said


def test_one_caseload_counts_its_own_children(small_reports: Small, connection: Connection) -> None:
    asked = small_reports.caseload()
    said = pdf_text(small_reports.content("weekly-brief", asked))
    assert f"Caseload of {asked.reader.scope.adviser}." in said
    own, every = value_of(connection, "cohort", "in_care", asked), value_of(connection, "cohort", "in_care")
    assert f"In care {own} " in said
    assert int(own) < int(every)


def test_who_does_not_see_money_gets_none(small_reports: Small) -> None:
    reader = replace(ASKED.reader, subjects=tuple(each for each in ASKED.reader.subjects if each != "pp-plus"))
    said = pdf_text(small_reports.content("weekly-brief", replace(ASKED, reader=reader)))
    assert "Your role does not see money." in said
    assert "£" not in said
