"""The incoming files as `data/README.md` lists them, written from the kinds themselves."""

from __future__ import annotations

from vs_core.intake.kind import Column, Kind
from vs_core.intake.kinds import KINDS


def kinds_as_markdown() -> str:
    """Every KIND with its columns: required, never empty, other names."""
    return "\n".join(line for kind in KINDS.values() for line in _kind(kind))


def _kind(kind: Kind) -> list[str]:
    told = [f"### {kind.name}", "", f"{kind.title}. Rows go to the table `{kind.table.name}`.", ""]
    told += ["| column of the file | | column of the table | other names |", "| --- | --- | --- | --- |"]
    return [*told, *(_line(kind, column) for column in kind.columns), ""]


def _line(kind: Kind, column: Column) -> str:
    need = "required, never empty" if column.required and column.filled else "required" if column.required else ""
    to = column.to if column.to in kind.table.c else "see above"
    others = ", ".join(f"`{name}`" for name in column.aliases)
    return f"| `{column.name}` | {need} | {to} | {others} |"
