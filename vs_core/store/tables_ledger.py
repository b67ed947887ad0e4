"""What came in: the ledger of imports, the rows that were refused, and what was noticed in the rest."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

from vs_core.store.base import metadata
from vs_core.store.columns import word

import_ledger = Table(
    "import_ledger",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number of the import, in the order of taking in"),
    Column("kind", Text, nullable=False, comment="KIND of the file"),
    Column("file_name", Text, nullable=False, comment="Name of the file, without its folder"),
    Column("file_hash", Text, nullable=False, comment="SHA-256 of the file's bytes"),
    Column("encoding", Text, nullable=False, comment="Encoding that the file was read with"),
    Column("mapping", Text, comment="Name of the mapping file that was used"),
    Column("imported_at", DateTime, nullable=False, comment="When it was taken in (UTC)"),
    Column("imported_by", Text, nullable=False, comment="Who took it in"),
    Column("known_on", Date, nullable=False, comment="Day from which its rows count as known"),
    Column("rows_in", Integer, nullable=False, comment="Rows in the file"),
    Column("inserted", Integer, nullable=False, comment="Rows that were new"),
    Column("unchanged", Integer, nullable=False, comment="Rows that said what was known"),
    Column(
        "corrected",
        Integer,
        nullable=False,
        comment="Rows that replaced what was known, or were replaced in the same file",
    ),
    Column("rejected", Integer, nullable=False, comment="Rows that were refused"),
    Column(
        "ignored_columns",
        Text,
        nullable=False,
        server_default="",
        comment="Columns of the file that have no meaning here",
    ),
    Column(
        "given_columns",
        Text,
        nullable=False,
        server_default="",
        comment="Columns of the table that the file gave; what is not named stayed as it was",
    ),
    Column("undoes", Integer, ForeignKey("import_ledger.id"), comment="Import that this entry undid"),
    CheckConstraint("rows_in = inserted + unchanged + corrected + rejected", name="adds_up"),
    CheckConstraint(
        "rows_in >= 0 and inserted >= 0 and unchanged >= 0 and corrected >= 0 and rejected >= 0", name="not_negative"
    ),
    UniqueConstraint("undoes"),
    comment="One row an import; its counts add up, the database sees to it",
)
Index("ix_import_ledger_kind", import_ledger.c.kind, import_ledger.c.known_on)

import_repeat = Table(
    "import_repeat",
    metadata,
    Column(
        "of_import", Integer, ForeignKey("import_ledger.id"), primary_key=True, comment="Import that brought the rows"
    ),
    Column("import_id", Integer, ForeignKey("import_ledger.id"), primary_key=True, comment="Import that repeated them"),
    Column("first_row", Integer, primary_key=True, comment="First of the rows: id, of child_day number"),
    Column("last_row", Integer, nullable=False, comment="Last of the rows"),
    Column(
        "halves",
        SmallInteger,
        CheckConstraint("halves between 0 and 3", name="halves"),
        nullable=False,
        comment="Of register marks: 1 the morning, 2 the afternoon, 3 both; of other rows 0",
    ),
    CheckConstraint("last_row >= first_row", name="in_order"),
    comment="Rows that a later import repeated unchanged, as spans of their numbers: they stay known when the import"
    " that brought them is undone",
    sqlite_with_rowid=False,
)

rejected_row = Table(
    "rejected_row",
    metadata,
    Column("id", Integer, primary_key=True, comment="Number of the refused row"),
    Column("import_id", Integer, ForeignKey("import_ledger.id"), nullable=False, comment="Import that refused it"),
    Column("kind", Text, nullable=False, comment="KIND of the file"),
    Column("row_number", Integer, nullable=False, comment="Row in the file, the header being row 1"),
    Column("cells", Text, nullable=False, comment="The row as it came: a JSON object of column name to text"),
    Column(
        "row_key",
        Text,
        comment="Key of the row as a JSON list of texts, the number of an n-th row within it; empty: could not be read",
    ),
    word("state", ("waiting", "taken in", "overtaken", "dismissed"), "What became of it", null=False),
    Column(
        "resolved_by",
        Integer,
        ForeignKey("import_ledger.id"),
        comment="Import that took the corrected row in, or that brought the row itself (overtaken)",
    ),
    comment="Rows that an import refused, kept until corrected or dismissed",
)
Index("ix_rejected_row_state", rejected_row.c.state, rejected_row.c.kind)

row_problem = Table(
    "row_problem",
    metadata,
    Column("id", Integer, primary_key=True, comment="Row number, without meaning"),
    Column(
        "import_id", Integer, ForeignKey("import_ledger.id"), nullable=False, comment="Import in which it was noticed"
    ),
    Column("rejected_row_id", Integer, ForeignKey("rejected_row.id"), comment="The refused row; empty for a query"),
    Column("row_number", Integer, nullable=False, comment="Row in the file, the header being row 1"),
    Column("column_name", Text, nullable=False, comment="Column of the file"),
    Column("rule", Text, nullable=False, comment="Short name of the rule"),
    Column("sentence", Text, nullable=False, comment="What is wrong, in a plain sentence"),
    word("severity", ("rejected", "query"), "Refused, or taken in and listed for a person", null=False),
    Column("row_key", Text, comment="Of a query: key of the row as a JSON list of texts"),
    Column(
        "closed_by",
        Integer,
        ForeignKey("import_ledger.id"),
        comment="Of a query: import that said the row again since, and asked again where there was need",
    ),
    comment="Everything noticed in a file: why a row was refused, or what a person should look at",
)
Index("ix_row_problem_import_id", row_problem.c.import_id)
