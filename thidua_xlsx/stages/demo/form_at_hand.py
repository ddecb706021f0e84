"""Turns one filled form into a form at hand: its answered cells can be chosen, typed over, and told by address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from thidua_xlsx.model.demo import Answers, Retyped, SeededFault, Typed, Value
from thidua_xlsx.model.findings import Code
from thidua_xlsx.model.form import CLAIM, FIRST_ROW, NOMINATES_ITSELF, PEOPLE, Answer, FormLayout, FormRow, SheetLayout
from thidua_xlsx.model.place import address


@dataclass(frozen=True, slots=True)
class Spot:
    """One answered cell: where it is, what it asks, what stands there."""

    sheet: SheetLayout
    row: FormRow
    header: str
    answer: Answer
    value: Value

    @property
    def key(self) -> tuple[str, str, str]:
        return self.sheet.name, self.row.code, self.header

    @property
    def cell(self) -> str:
        return cell_of(self.sheet, self.row, self.header)


def cell_of(sheet: SheetLayout, row: FormRow, header: str) -> str:
    """The address at which the writer puts this cell."""
    return address(FIRST_ROW + sheet.rows.index(row), sheet.column_of(header))


class FormAtHand:
    """One form while hands are on it. A row is touched once at most, so that no fault hides or follows another."""

    def __init__(self, path: str, layout: FormLayout, answers: Answers, chance: Random) -> None:
        self.path, self.layout, self.chance = path, layout, chance
        self.answers: dict[tuple[str, str, str], Value] = dict(answers)
        self.touched: set[tuple[str, str]] = set()
        self.retyped: list[Retyped] = []
        self.faults: list[SeededFault] = []

    def spots(self, people: bool = False) -> Iterator[Spot]:
        """Answered cells of rows that nobody has touched; of persons only when asked for."""
        for sheet in self.layout.sheets:
            if (sheet.name == PEOPLE) is not people:
                continue
            for row in sheet.rows:
                if row.code == NOMINATES_ITSELF or (sheet.name, row.code) in self.touched:
                    continue
                for column, cell in zip(sheet.columns, row.cells, strict=True):
                    value = self.answers.get((sheet.name, row.code, column.header))
                    if isinstance(cell, Answer) and value is not None:
                        yield Spot(sheet, row, column.header, cell, value)

    def pick(self, wanted: Callable[[Spot], bool], people: bool = False) -> Spot | None:
        """Any one of the spots that are wanted."""
        found = [spot for spot in self.spots(people) if wanted(spot)]
        return self.chance.choice(found) if found else None

    def type_answer(self, spot: Spot, value: Value | None, code: Code) -> None:
        """Another answer, or none, through the form's own writer."""
        if value is None:
            del self.answers[spot.key]
        else:
            self.answers[spot.key] = value
        self._note(spot.sheet, spot.row, spot.header, code)

    def type_over(self, sheet: SheetLayout, row: FormRow, header: str, typed: Typed, text: str, code: Code) -> None:
        """What no writer of ours would put there: a formula, an error, a printed cell typed over."""
        self.retyped.append(Retyped(sheet.name, cell_of(sheet, row, header), typed, text))
        self._note(sheet, row, header, code)

    def _note(self, sheet: SheetLayout, row: FormRow, header: str, code: Code) -> None:
        self.touched.add((sheet.name, row.code))
        self.faults.append(SeededFault(self.path, sheet.name, (cell_of(sheet, row, header),), code.name))

    def claimed(self, sheet: SheetLayout, code: str) -> Decimal:
        """What the claims of a row, or below it, add up to."""
        row = next(item for item in sheet.rows if item.code == code)
        if row.sums:
            return sum((self.claimed(sheet, child) for child in row.sums), Decimal(0))
        value = self.answers.get((sheet.name, code, CLAIM))
        return Decimal(value) if isinstance(value, int | Decimal) else Decimal(0)
