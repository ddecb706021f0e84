"""A council at its meeting: fills ``tong-hop.xlsx`` in another program than ours, by code × heading and by label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

from thidua_xlsx.model.council import (
    AGREE,
    AWARDED,
    BALLOT_CODE,
    BALLOT_HEADERS,
    CHAIR,
    COUNCIL_SHEET,
    COUNT,
    DECIDED_ON,
    DECISION,
    DISAGREE,
    HELD_ON,
    MEMBERS,
    NOT_AWARDED,
    NUMBER,
    OPINION,
    PRESENT,
    SESSION_LABELS,
)

Cells = Mapping[tuple[str, str], object]
COUNCIL = 9


@dataclass
class Table:
    """The council's sheet in openpyxl: the cell of each code × heading, of each label's value."""

    sheet: Any

    def __post_init__(self) -> None:
        self.rows: dict[str, int] = {}
        self.columns: dict[str, int] = {}
        self.labels: dict[str, tuple[int, int]] = {}
        for line in self.sheet.iter_rows():
            texts = {cell.value: cell.column for cell in reversed(line) if isinstance(cell.value, str)}
            if set(BALLOT_HEADERS) <= texts.keys():
                self.columns = {header: texts[header] for header in BALLOT_HEADERS}
                continue
            code = self.sheet.cell(line[0].row, self.columns[BALLOT_CODE]).value if self.columns else None
            if code is not None:
                self.rows.setdefault(str(code), line[0].row)
            for cell in line:
                label = cell.value.rstrip(": ") if isinstance(cell.value, str) else ""
                if label in SESSION_LABELS:
                    self.labels[label] = (cell.row, self._behind(cell))

    def _behind(self, cell: Any) -> int:
        """The first column behind the label and whatever it is merged with."""
        merged = next((area for area in self.sheet.merged_cells.ranges if cell.coordinate in area), None)
        return (merged.max_col if merged else cell.column) + 1

    def cell(self, code: str, header: str) -> Any:
        return self.sheet.cell(self.rows[code], self.columns[header])

    def value(self, label: str) -> Any:
        return self.sheet.cell(*self.labels[label])


def opened(path: Path) -> tuple[Any, Table]:
    book = openpyxl.load_workbook(path)
    return book, Table(book[COUNCIL_SHEET])


def ballots(said: Mapping[str, Any]) -> dict[str, str]:
    """What follows the proposals: the proposed are awarded, of a tie as many as there are seats left."""
    chosen: dict[str, str] = {}
    seats: dict[str, int] = {}
    for item in said["decisions"]:
        if item["outcome"] == "PROPOSED":
            chosen[code_of(item)] = AWARDED
            seats[item["quota"]] = seats.get(item["quota"], 0) + 1
    return chosen


def code_of(item: Mapping[str, Any]) -> str:
    person = item["person"]
    return item["unit"] if person is None else f"{item['unit']}/{person['order']}"


def settle(said: Mapping[str, Any], left: Mapping[str, int]) -> dict[str, str]:
    """All ballots as a council would settle them; ``left``: seats for the tied, by quota row."""
    chosen, open_seats = ballots(said), dict(left)
    for item in said["decisions"]:
        if item["outcome"] == "TIED":
            room = open_seats.get(item["quota"], 0)
            chosen[code_of(item)] = AWARDED if room > 0 else NOT_AWARDED
            open_seats[item["quota"]] = room - 1
    return chosen


def vote(table: Table, chosen: Mapping[str, str], agree: int = COUNCIL) -> None:
    """Everybody votes as the council resolved."""
    for code, decision in chosen.items():
        yes = agree if decision == AWARDED else 0
        for header, value in (
            (AGREE, yes), (DISAGREE, COUNCIL - yes), (MEMBERS, COUNCIL), (DECISION, decision),
        ):  # fmt: skip
            table.cell(code, header).value = value


def meet(table: Table, facts: Mapping[str, object]) -> None:
    """The facts of the session."""
    for label, value in {COUNT: COUNCIL, PRESENT: COUNCIL, CHAIR: "Nguyễn Văn An", **facts}.items():
        table.value(label).value = value


__all__ = ["AWARDED", "DECIDED_ON", "HELD_ON", "NOT_AWARDED", "NUMBER", "OPINION", "Table", "opened"]
