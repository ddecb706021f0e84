"""Turns the shared strings and the worksheets of a workbook into cells."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final, NamedTuple, NoReturn

from thidua_xlsx.model.cells import Cell, Kind, Sheet
from thidua_xlsx.workbooks.reader.container import Refused, in_pieces, show
from thidua_xlsx.workbooks.reader.markup import EFFORT_OCTETS, Budget, Reading, Step, grammar
from thidua_xlsx.workbooks.reader.parts import SPREADSHEET, TRUE
from thidua_xlsx.workbooks.reader.plain_markup import PlainSheet, Said, plain_sheet, plain_strings, text_cell
from thidua_xlsx.workbooks.reader.plain_rows import (
    COLUMN_LIMIT,
    INDEX,
    INLINE,
    ROW_LIMIT,
    Key,
    Made,
    Place,
    PlainRow,
    Spelled,
    column_of,
)
from thidua_xlsx.workbooks.reader.plain_text import is_number

# From here on a sheet of mostly empty cells is called what it is.
MANY = 10_000

# What a cell or a row costs of the budget that ``markup`` describes, when no grammar has counted it.
PLAIN_EFFORT = 10

_ROW = re.compile(r"[1-9][0-9]{0,6}")
_AREA = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}(:[A-Z]{1,3}[1-9][0-9]{0,6})?")
_BOOLEAN = {"0": "0", "1": "1", "false": "0", "true": "1"}
_TYPES = {
    "n": Kind.NUMBER,
    "s": Kind.TEXT,
    "str": Kind.TEXT,
    "inlineStr": Kind.TEXT,
    "d": Kind.TEXT,
    "b": Kind.BOOLEAN,
}
_number_cell = lru_cache(16_384)(lambda text: Cell(Kind.NUMBER, text))
FRAMES_KEPT = 256


class Known(dict[Key, Cell]):
    """The constants of one workbook: shared strings by their number, numbers as they are written."""

    def __missing__(self, key: Key) -> Cell:
        """What is met first; KeyError for a string that the file does not have."""
        if isinstance(key, int):
            raise KeyError(key)
        cell = self[key] = _number_cell(key) if isinstance(key, str) else key.cell
        return cell


class _Runs(Reading):
    """What shared and inline strings have in common: runs of text, some of them raised or lowered."""

    def __init__(self, part: str, budget: Budget) -> None:
        super().__init__(part, budget)
        self.runs: list[str] = []
        self.rich = False

    def _enter_string(self, _attributes: dict[str, str]) -> None:
        self.runs.clear()
        self.rich = False

    def _enter_align(self, attributes: dict[str, str]) -> None:
        if attributes.get("val") in ("superscript", "subscript"):
            self.rich = True

    def _leave_text(self) -> None:
        self.runs.append(self.text())

    _string: Final = {
        "t": Step(None, leave=_leave_text),
        # How to pronounce the text, and no part of it: heard, and dropped.
        "rPh": Step({"t": Step(None), "r": Step({"rPr": Step({}), "t": Step(None)})}),
        "r": Step({"rPr": Step({"vertAlign": Step({}, enter=_enter_align)}), "t": Step(None, leave=_leave_text)}),
    }


class SharedStrings(_Runs):
    """The table of shared strings; of plain ones, and of those with raised or lowered parts, it holds the cell."""

    def __init__(self, part: str, budget: Budget) -> None:
        super().__init__(part, budget)
        self.told: list[Said] = []
        self.has_blank = False

    def _leave_string(self) -> None:
        text = "".join(self.runs)
        self.told.append(Cell(Kind.TEXT, text, None, True) if self.rich else text)

    def take(self, data: bytes) -> None:
        """Read the strings: plain ones in one pass, all others by the grammar."""
        plain = plain_strings(data)
        effort = 0 if plain is None else PLAIN_EFFORT * len(plain[0])
        if plain is None or effort > self.budget.effort:
            self.read(in_pieces(data))
            return
        self.budget.effort -= effort
        self.read(in_pieces(plain[1]))
        self.told = self._cleaned(plain[0])

    def _cleaned(self, told: list[Said]) -> list[Said]:
        """All of them with nothing left to take away; mostly there is nothing in any."""
        clean = [said for said in told if isinstance(said, Cell)]
        self.budget.characters -= sum([len(cell.text) for cell in clean])
        if self.budget.characters < 0:
            self.refuse_size()
        if len(clean) == len(told):
            return told
        return [said if isinstance(said, Cell) else self.clean(said) for said in told]

    def cells(self) -> dict[Key, Cell]:
        """The cells of all strings by their number."""
        cells = [said if isinstance(said, Cell) else text_cell(said) for said in self.told]
        self.has_blank = "" in [cell.text for cell in cells]
        return dict(enumerate(cells))

    namespaces = SPREADSHEET
    guarded = frozenset({"si", "r", "t"})
    root = grammar(namespaces, "sst", Step({"si": Step(_Runs._string, enter=_Runs._enter_string, leave=_leave_string)}))


class Frame(NamedTuple):
    """What the XML around the cells of a sheet told, and what it cost to read."""

    complete: bool
    merges: tuple[str, ...]
    protected: bool
    effort: int


# What surrounds the cells (widths, rules, drop-downs) is the same in every return of a form: each read once.
_frames: dict[bytes, Frame] = {}


class Worksheet(_Runs):
    """One worksheet; ``known`` holds the cells that stand in many places of a form, and in many forms."""

    def __init__(self, part: str, budget: Budget, name: str, strings: SharedStrings, known: Known) -> None:
        super().__init__(part, budget)
        self.name = name
        self.strings = strings
        self.known = known
        self.cells: dict[tuple[int, int], Cell] = {}
        self.merges: list[str] = []
        self.hidden_rows: set[int] = set()
        self.protected = False
        self._complete = False
        self._purse = budget.cells
        self._rows: set[int] = set()
        self._row = 0
        self._columns: set[int] = set()
        self._widest = 0
        self._digits = "0"
        self._column = 0
        self._type = "n"
        self._value: str | None = None
        self._formula: str | None = None

    def where(self) -> str:
        """The sheet as its reader sees it, and the row reached."""
        return f"{show(self.part)}: sheet {show(self.name)}, row {self._row}"

    def sheet(self, hidden: bool) -> Sheet:
        """The finished sheet."""
        if not self._complete:
            raise Refused("F-XML-BAD", f"{self.where()}: no sheetData")
        return Sheet(self.name, self.cells, hidden, tuple(self.merges), frozenset(self.hidden_rows), self.protected)

    def refuse_size(self) -> NoReturn:
        """Refuse the workbook: too many cells, or mostly empty ones, formatted down to the last row."""
        spent = self._purse - self.budget.cells
        empty = spent > MANY and len(self.cells) * 2 < spent
        raise Refused("S-FAR-FORMAT" if empty else "F-CELLS", self.where())

    def take(self, data: bytes) -> None:
        """Read the sheet: plain cells in one pass and what is around them by the grammar, else all by the grammar."""
        plain, budget = plain_sheet(data), self.budget
        if plain is None or not self._affords(plain):
            self.read(in_pieces(data))
            return
        budget.characters -= plain.characters
        budget.cells -= plain.elements
        budget.effort -= PLAIN_EFFORT * plain.elements + plain.looks // EFFORT_OCTETS
        self._read_frame(plain.frame)
        self.hidden_rows.update([row.number for row in plain.rows if row.hidden])
        places: list[Place] = []
        contents: list[Key | Spelled] = []
        for row in plain.rows:
            if row.simple:
                places += row.places
                contents += row.contents
            else:
                self._put(places, contents)
                self._take_row(row)
        self._put(places, contents)
        if self.strings.has_blank:
            for place in [place for place, cell in self.cells.items() if not cell.text and cell.formula is None]:
                del self.cells[place]

    def _affords(self, plain: PlainSheet) -> bool:
        """Whether the budget is enough; if not, the grammar says where it ends."""
        effort, budget = PLAIN_EFFORT * plain.elements, self.budget
        return effort <= budget.effort and plain.elements <= budget.cells and plain.characters <= budget.characters

    def _put(self, places: list[Place], contents: list[Any]) -> None:
        """Put what is known into these cells, and empty both lists."""
        try:
            self.cells.update(zip(places, map(self.known.__getitem__, contents), strict=True))
        except KeyError as missing:
            self._row, self._column = places[contents.index(missing.args[0])]
            self._shared(str(missing.args[0]))
        places.clear()
        contents.clear()

    def _take_row(self, row: PlainRow) -> None:
        """A row with more than numbers and shared strings in it."""
        self._row = row.number
        for (_, column), content in zip(row.places, row.contents, strict=True):
            self._column = column
            if isinstance(content, Made):
                self.cells[self._row, column] = content.cell
                continue
            if isinstance(content, Spelled):
                self._type, self._value = content.kind or "n", content.text
                self._formula = None if content.formula is None else self.clean(content.formula)
                if content.kind == INLINE:
                    self._value, self.rich = self.clean(content.text), False
            else:
                self._type, self._value, self._formula = ("s" if isinstance(content, int) else "n"), str(content), None
            self._leave_cell()

    def _read_frame(self, frame: bytes) -> None:
        """The grammar reads what is around the cells, unless it has read the very same before."""
        known = _frames.get(frame)
        if known is not None and known.effort < self.budget.effort:
            self.budget.effort -= known.effort
            self._complete, self.merges, self.protected = known.complete, list(known.merges), known.protected
            return
        effort, remarks = self.budget.effort, set(self.budget.remarks)
        self.read(in_pieces(frame))
        if remarks == self.budget.remarks:
            if len(_frames) >= FRAMES_KEPT:
                _frames.clear()
            _frames[frame] = Frame(self._complete, tuple(self.merges), self.protected, effort - self.budget.effort)

    def _enter_data(self, _attributes: dict[str, str]) -> None:
        if self._complete:
            raise Refused("F-XML-BAD", f"{self.where()}: sheetData twice")
        self._complete = True

    def _enter_row(self, attributes: dict[str, str]) -> None:
        self.budget.cells -= 1
        if self.budget.cells < 0:
            self.refuse_size()
        told = attributes.get("r")
        if told is None:
            self._check_attributes(attributes)
        elif not _ROW.fullmatch(told):
            raise Refused("F-CELL-REF", f"{self.where()}: row number {show(told)!r}")
        number = self._row + 1 if told is None else int(told)
        if number > ROW_LIMIT:
            raise Refused("F-CELL-REF", f"{self.where()}: row number {number}")
        if number in self._rows:
            raise Refused("F-DUP-CELL", f"{self.where()}: row {number} twice")
        if number < self._row:
            self.budget.remarks.add("S-ORDER")
        if attributes.get("hidden") in TRUE:
            self.hidden_rows.add(number)
        self._rows.add(number)
        self._row, self._digits = number, str(number)
        self._column = self._widest = 0
        self._columns = set()

    def _enter_cell(self, attributes: dict[str, str]) -> None:
        self.budget.cells -= 1
        if self.budget.cells < 0:
            self.refuse_size()
        kind = attributes.get("t")
        if kind is None and len(attributes) != 1 + ("s" in attributes):
            self._check_attributes(attributes)
        reference = attributes.get("r")
        letters = "" if reference is None else reference.removesuffix(self._digits)
        known = column_of(letters) if letters != reference and len(letters) <= 3 else 0
        column = known or self._next_column(attributes)
        if column > self._widest:
            self._widest = column
        elif column in self._columns:
            raise Refused("F-DUP-CELL", f"{self.where()}: column {column} twice")
        else:
            self.budget.remarks.add("S-ORDER")
        self._columns.add(column)
        self._column = column
        self._type = kind or "n"
        self._value = self._formula = None

    def _next_column(self, attributes: dict[str, str]) -> int:
        """The column of a cell without a reference."""
        reference = attributes.get("r")
        if reference is not None:
            raise Refused("F-CELL-REF", f"{self.where()}: cell {show(reference)!r}")
        self._check_attributes(attributes)
        if self._column >= COLUMN_LIMIT:
            raise Refused("F-CELL-REF", f"{self.where()}: column {self._column + 1}")
        return self._column + 1

    def _check_attributes(self, attributes: dict[str, str]) -> None:
        """``x:r`` looks like ``r`` and is none: a reader that skips it would put the cell elsewhere."""
        for name in attributes:
            if name.rpartition(" ")[0] in SPREADSHEET:
                raise Refused("F-XML-NS", f"{self.where()}: attribute {show(name)}")

    def _check_single(self, earlier: str | None) -> None:
        if earlier is not None:
            raise Refused("F-DUP-CELL", f"{self.where()}, column {self._column}: two values or formulas")

    def _leave_value(self) -> None:
        self._check_single(self._value)
        self._value = self.joined()

    def _leave_inline(self) -> None:
        self._check_single(self._value)
        self._value = "".join(self.runs)
        self._type = INLINE if self._type == "inlineStr" else ""

    def _leave_formula(self) -> None:
        self._check_single(self._formula)
        self._formula = self.text()

    def _leave_cell(self) -> None:
        value, formula = self._value, self._formula
        if value is None:
            if formula is None:
                return
            cell = Cell(_TYPES.get(self._type, Kind.ERROR), "")
        else:
            cell = self._interpret(value)
        if formula is not None:
            cell = Cell(cell.kind, cell.text, formula, cell.rich)
        elif not cell.text:
            return
        self.cells[self._row, self._column] = cell

    def _interpret(self, value: str) -> Cell:
        """The cell that a value makes under the type it claims; where they do not fit, an error cell."""
        kind = self._type
        if kind == "n":
            return self.known.get(value) or self._number(value)
        if kind == "s" and value:
            return self._shared(value)
        if kind == INLINE:
            return Cell(Kind.TEXT, value, None, self.rich)
        if kind in ("str", "d"):
            return Cell(Kind.TEXT, self.clean(value))
        if kind == "b" and value in _BOOLEAN:
            return Cell(Kind.BOOLEAN, _BOOLEAN[value])
        return Cell(Kind.ERROR if value else _TYPES.get(kind, Kind.ERROR), self.clean(value))

    def _number(self, value: str) -> Cell:
        return self.known[value] if not value or is_number(value) else Cell(Kind.ERROR, self.clean(value))

    def _shared(self, value: str) -> Cell:
        cell = self.known.get(int(value)) if INDEX.fullmatch(value) else None
        if cell is None:
            proof = f"column {self._column}: index {show(value)!r} of {len(self.strings.told)}"
            raise Refused("F-SST", f"{self.where()}, {proof}")
        return cell

    def _enter_merge(self, attributes: dict[str, str]) -> None:
        area = attributes.get("ref", "")
        if not _AREA.fullmatch(area):
            raise Refused("F-CELL-REF", f"{self.where()}: merged area {show(area)!r}")
        self.merges.append(area)

    def _enter_protection(self, attributes: dict[str, str]) -> None:
        self.protected = attributes.get("sheet", "1") in TRUE

    namespaces = SPREADSHEET
    guarded = frozenset({"sheetData", "row", "c", "v", "f", "is", "r", "t", "mergeCell"})
    _content: Final = {
        "f": Step(None, leave=_leave_formula),
        "v": Step(None, leave=_leave_value),
        "is": Step(_Runs._string, enter=_Runs._enter_string, leave=_leave_inline),
    }
    _row_step: Final = Step({"c": Step(_content, enter=_enter_cell, leave=_leave_cell)}, enter=_enter_row)
    root = grammar(
        namespaces,
        "worksheet",
        Step(
            {
                "sheetData": Step({"row": _row_step}, enter=_enter_data),
                "sheetProtection": Step({}, enter=_enter_protection),
                "mergeCells": Step({"mergeCell": Step({}, enter=_enter_merge)}),
            }
        ),
    )
