"""A council's own column names and codes, in a TOML file.

[columns]
"Pupil ref" = "child_id"        # theirs = ours

[values.code]                   # ours, after the columns are renamed
"AbsentNoReason" = "N"
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from vs_core.intake.kind import folded
from vs_core.intake.problems import FileProblem
from vs_core.intake.reading import Sheet


class _Contents(BaseModel):
    model_config = ConfigDict(extra="forbid")
    columns: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}


@dataclass(frozen=True)
class Mapping:
    """name: of the file; columns: theirs to ours; values: by our column, theirs to ours."""

    name: str
    columns: dict[str, str]
    values: dict[str, dict[str, str]]

    def applied(self, sheet: Sheet) -> Sheet:
        """The sheet in our words. Raises FileProblem when the mapping names a column that the file has not."""
        missing = [theirs for theirs in self.columns if folded(theirs) not in map(folded, sheet.header)]
        if missing:
            raise FileProblem(f"The mapping {self.name} names columns that the file has not: {', '.join(missing)}.")
        ours = {folded(theirs): name for theirs, name in self.columns.items()}
        header = [ours.get(folded(name), name) for name in sheet.header]
        words = {folded(column): words for column, words in self.values.items()}
        by_place = [(place, words[folded(name)]) for place, name in enumerate(header) if folded(name) in words]
        return replace(sheet, header=header, rows=[_translated(row, by_place) for row in sheet.rows])


def _translated(given: list[str], by_place: list[tuple[int, dict[str, str]]]) -> list[str]:
    row = list(given) if by_place else given
    for place, words in by_place:
        if place < len(row):
            row[place] = words.get(row[place].strip(), row[place])
    return row


def read_mapping(path: Path) -> Mapping:
    """A mapping file of the disk. Raises FileProblem."""
    try:
        contents = _Contents.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise FileProblem(f"The mapping {path.name} cannot be opened: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FileProblem(f"The mapping {path.name} is not TOML: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise FileProblem(f"The mapping {path.name} has a fault at {where}: {first['msg'].lower()}.") from error
    return Mapping(path.name, contents.columns, contents.values)
