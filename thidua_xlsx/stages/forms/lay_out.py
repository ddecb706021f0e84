"""Turns a plan, a round and a unit into the layout of that unit's form."""

from __future__ import annotations

from hashlib import blake2b

from thidua_xlsx.model.form import (
    Answer,
    FormLayout,
    Locked,
    SheetLayout,
    Stamp,
)
from thidua_xlsx.model.plan import Plan, Round, Unit
from thidua_xlsx.stages.forms.lay_out_scores import scores_sheet
from thidua_xlsx.stages.forms.lay_out_sheets import (
    dossier_sheet,
    indices_sheet,
    information_sheet,
    people_sheet,
    tasks_sheet,
)
from thidua_xlsx.stages.intake.deadlines import deadline_text

# Printed for the reader's eye; the office may correct them after issue without making forms outdated.
ONLY_SHOWN = ("Năm trước", "Thời hạn", "Mẫu", "Số bộ")


def asks_something(sheet: SheetLayout) -> bool:
    return any(isinstance(cell, Answer) for row in sheet.rows for cell in row.cells)


def asked_of(cell: Locked | Answer) -> object:
    """What a cell asks, without the hint beside it."""
    return (
        (
            cell.asks.name,
            cell.label,
            cell.required,
            cell.options,
            cell.minimum,
            cell.maximum,
            cell.step,
            cell.low,
            cell.high,
        )
        if isinstance(cell, Answer)
        else cell
    )


def version_of(sheets: tuple[SheetLayout, ...]) -> str:
    """Digest of what the form asks this unit: codes, labels, maxima, methods, options.

    Seats, gates, deadlines and money never enter a form; figures printed only to be looked at do not count.
    """
    asked = [
        (
            sheet.name,
            [
                (column.header, [asked_of(row.cells[place]) for row in sheet.rows])
                for place, column in enumerate(sheet.columns)
                if column.header not in ONLY_SHOWN
            ],
        )
        for sheet in sheets
    ]
    return blake2b(repr(asked).encode(), digest_size=5).hexdigest()


def check_of(plan: str, year: int, round_: str, unit: str, version: str) -> str:
    """The stamp's checksum: catches typing and copying accidents, keeps no secret."""
    return blake2b(f"{plan}/{year}/{round_}/{unit}/{version}".encode(), digest_size=3).hexdigest()


def lay_out(plan: Plan, round_: Round, unit: Unit) -> FormLayout:
    """The form of one unit for one round; a sheet with nothing to ask is left out."""
    return _layout(plan, round_, unit, *_asked(plan, round_, unit))


class Forms:
    """The form of every unit of a round, laid out when it is asked for; units that are asked the same share sheets."""

    def __init__(self, plan: Plan, round_: Round) -> None:
        self.plan, self.round = plan, round_
        self.units = {unit.code: unit for unit in plan.units_of(round_)}
        self._made: dict[str, FormLayout] = {}
        self._sheets: dict[object, tuple[tuple[SheetLayout, ...], str]] = {}

    def get(self, code: str) -> FormLayout | None:
        """The form of a unit; None for one that is none of this round's."""
        made = self._made.get(code)
        if made is None and code in self.units:
            made = self._made[code] = self._lay_out(self.units[code])
        return made

    def _lay_out(self, unit: Unit) -> FormLayout:
        # All that the sheets take from a unit; rows of a plan are told apart by being themselves.
        tasks, indices = self.plan.tasks_of(self.round, unit), self.plan.indices_of(self.round, unit)
        alike = unit.block, unit.not_applicable, tuple(map(id, tasks)), tuple(map(id, indices))
        if alike not in self._sheets:
            self._sheets[alike] = _asked(self.plan, self.round, unit)
        return _layout(self.plan, self.round, unit, *self._sheets[alike])


# The forms of the plan and round that were asked for last: reading and judging ask for the same.
_laid_out: list[Forms] = []


def forms_of(plan: Plan, round_: Round) -> Forms:
    """The forms of a round; those that were laid out last are not laid out again."""
    if not (_laid_out and _laid_out[0].plan is plan and _laid_out[0].round is round_):
        _laid_out[:] = [Forms(plan, round_)]
    return _laid_out[0]


def lay_out_all(plan: Plan, round_: Round) -> dict[str, FormLayout]:
    """The form of every unit of a round, by unit."""
    forms = forms_of(plan, round_)
    return {code: layout for code in forms.units if (layout := forms.get(code))}


def _asked(plan: Plan, round_: Round, unit: Unit) -> tuple[tuple[SheetLayout, ...], str]:
    """The sheets, and the version of what they ask."""
    build = (information_sheet, scores_sheet, tasks_sheet, indices_sheet, people_sheet, dossier_sheet)
    sheets = tuple(sheet for sheet in (make(plan, round_, unit) for make in build) if asks_something(sheet))
    return sheets, version_of(sheets)


def _layout(plan: Plan, round_: Round, unit: Unit, sheets: tuple[SheetLayout, ...], version: str) -> FormLayout:
    head = plan.head
    code = unit.code
    check = check_of(head.id, head.year, round_.code, code, version)
    return FormLayout(
        Stamp(head.id, head.year, round_.code, code, version, check),
        unit.name,
        head.title,
        head.authority,
        head.standing_body,
        round_.name,
        deadline_text(round_),
        unit.contact or "",
        sheets,
    )
