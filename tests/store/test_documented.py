"""`data/README.md` lists the files and tables that the code has, word for word."""

from vs_core.intake.documented import kinds_as_markdown
from vs_core.settings import DATA
from vs_core.store.documented import tables_as_markdown
from vs_core.store.schema import metadata

README = (DATA / "README.md").read_text(encoding="utf-8")


def test_every_table_is_documented_as_it_is() -> None:
    assert tables_as_markdown() in README


def test_every_kind_of_file_is_documented_as_it_is() -> None:
    assert kinds_as_markdown() in README


def test_every_table_and_column_says_what_it_means() -> None:
    silent = [
        f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.c if not column.comment
    ]
    assert not silent
    assert all(table.comment for table in metadata.tables.values())
