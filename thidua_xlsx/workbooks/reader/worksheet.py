"""Turns the shared strings and the worksheets of a workbook into cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from math import isfinite
from typing import Final, NamedTuple, NoReturn

from thidua_xlsx.model.cells import Cell, Kind, Sheet
from thidua_xlsx.workbooks.reader.container import Refused, show
from thidua_xlsx.workbooks.reader.markup import EFFORT_OCTETS, TEXT_LIMIT, Budget, Reading, Step, grammar
from thidua_xlsx.workbooks.reader.parts import SPREADSHEET, TRUE
from thidua_xlsx.workbooks.reader.plain_markup import in_pieces, plain_sheet, plain_strings, whole, without_looks

ROW_LIMIT = 1_048_576
COLUMN_LIMIT = 16_384
NUMBER_LENGTH = 40
# From here on a sheet of mostly empty cells is called what it is.
MANY = 10_000

# What a cell or a row costs of the budget that ``markup`` describes, when no grammar has counted it.
PLAIN_EFFORT = 10

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_INDEX = re.compile(r"[0-9]{1,9}")
_ROW = re.compile(r"[1-9][0-9]{0,6}")
_LETTERS = re.compile(r"[A-Z]{1,3}")
_AREA = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}(:[A-Z]{1,3}[1-9][0-9]{0,6})?")
_BOOLEAN = {"0": "0", "1": "1", "false": "0", "true": "1"}
# No attribute can hold NUL, so that no file can claim this type for a cell without an inline string.
_INLINE = "\0inline"
_TYPES = {
    "n": Kind.NUMBER,
    "s": Kind.TEXT,
    "str": Kind.TEXT,
    "inlineStr": Kind.TEXT,
    "d": Kind.TEXT,
    "b": Kind.BOOLEAN,
}
Known = Mapping[str, dict[str, Cell]]
_columns: dict[str, int] = {}
# The printed texts of a form come back from every unit: one cell for each, whichever file it stands in.
_text_cell = lru_cache(16_384)(lambda text: Cell(Kind.TEXT, text))
FRAMES_KEPT = 256


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
    """The table of shared strings: their texts, and which of them have raised or lowered parts."""

    def __init__(self, part: str, budget: Budget) -> None:
        super().__init__(part, budget)
        self.texts: list[str] = []
        self.rich_ones: set[int] = set()

    def _leave_string(self) -> None:
        if self.rich:
            self.rich_ones.add(len(self.texts))
        self.texts.append("".join(self.runs))

    def take(self, pieces: list[bytes]) -> None:
        """Read the strings: plain ones in one pass, all others by the grammar."""
        text = whole(pieces)
        plain = plain_strings(text) if text is not None else None
        effort = 0 if plain is None else PLAIN_EFFORT * len(plain[0])
        if plain is None or effort > self.budget.effort:
            self.read(pieces)
            return
        self.budget.effort -= effort
        self.read(plain[1])
        self.texts = self._cleaned(plain[0])

    def _cleaned(self, texts: list[str]) -> list[str]:
        """All of them as ``clean`` gives them; mostly there is nothing to take away from any."""
        joined = "".join(texts)
        plain = joined.isprintable() and "_x" not in joined and max(map(len, texts), default=0) <= TEXT_LIMIT
        if not plain or len(joined) > self.budget.characters:
            return [self.clean(text) for text in texts]
        self.budget.characters -= len(joined)
        return texts

    def cells(self) -> dict[str, Cell]:
        """The cells of all strings by their number as a cell writes it."""
        if self.rich_ones:
            return {}
        return {str(number): _text_cell(text) for number, text in enumerate(self.texts)}

    def cell(self, index: int) -> Cell:
        """The cell that holds one of the strings."""
        return Cell(Kind.TEXT, self.texts[index], None, index in self.rich_ones)

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
    """One worksheet. ``known`` holds cells met before, by type and text as written: a form repeats itself."""

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

    def take(self, pieces: list[bytes]) -> None:
        """Read the sheet: plain cells in one pass and what is around them by the grammar, else all by the grammar."""
        text = whole(pieces)
        plain = plain_sheet(text, _column) if text is not None else None
        effort = 0 if plain is None else PLAIN_EFFORT * plain.elements
        if plain is None or plain.elements > self.budget.cells or effort > self.budget.effort:
            self.read(pieces)
            return
        self.budget.cells -= plain.elements
        self.budget.effort -= effort
        self._read_frame(plain.frame)
        self.hidden_rows |= plain.hidden_rows
        numbers, strings, cells = self.known["n"], self.known["s"], self.cells
        for row, column, kind, value, formula in plain.cells:
            cell = (strings if kind == "s" else numbers).get(value) if kind in ("", "n", "s") else None
            if cell is not None and formula is None:
                if cell.text:
                    cells[row, column] = cell
                continue
            self._row, self._column, self._type, self._value = row, column, kind or "n", value
            self._formula = None if formula is None else self.clean(formula)
            self._leave_cell()

    def _read_frame(self, pieces: list[bytes]) -> None:
        """The grammar reads what is around the cells, unless it has read the very same before."""
        told = b"".join(pieces)
        key = without_looks(told)
        self.budget.effort -= (len(told) - len(key)) // EFFORT_OCTETS
        known = _frames.get(key)
        if known is not None and known.effort < self.budget.effort:
            self.budget.effort -= known.effort
            self._complete, self.merges, self.protected = known.complete, list(known.merges), known.protected
            return
        effort, remarks = self.budget.effort, set(self.budget.remarks)
        self.read(in_pieces(key))
        if remarks == self.budget.remarks:
            if len(_frames) >= FRAMES_KEPT:
                _frames.clear()
            _frames[key] = Frame(self._complete, tuple(self.merges), self.protected, effort - self.budget.effort)

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
        column = _columns.get(letters, 0)
        if not column or letters == reference:
            column = self._column_of(letters, attributes)
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

    def _column_of(self, letters: str, attributes: dict[str, str]) -> int:
        """The column of a cell: by its reference, which must name this row, or else the next one."""
        reference = attributes.get("r")
        if reference is None:
            self._check_attributes(attributes)
            column = self._column + 1
        elif letters + self._digits == reference and _LETTERS.fullmatch(letters):
            column = _column_number(letters)
        else:
            raise Refused("F-CELL-REF", f"{self.where()}: cell {show(reference)!r}")
        if column > COLUMN_LIMIT:
            raise Refused("F-CELL-REF", f"{self.where()}: column {column}")
        if reference is not None:
            _columns[letters] = column
        return column

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
        self._type = _INLINE if self._type == "inlineStr" else ""

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
            known = self.known.get(self._type)
            cell = (known.get(value) if known is not None else None) or self._interpret(value)
        if formula is not None:
            cell = Cell(cell.kind, cell.text, formula, cell.rich)
        elif not cell.text:
            return
        self.cells[self._row, self._column] = cell

    def _interpret(self, value: str) -> Cell:
        """The cell that a value makes under the type it claims; where they do not fit, an error cell."""
        kind = self._type
        if kind == "n":
            return self._number(value)
        if kind == "s" and value:
            return self._shared(value)
        if kind == _INLINE:
            return Cell(Kind.TEXT, value, None, self.rich)
        if kind in ("str", "d"):
            return Cell(Kind.TEXT, self.clean(value))
        if kind == "b" and value in _BOOLEAN:
            return Cell(Kind.BOOLEAN, _BOOLEAN[value])
        return Cell(Kind.ERROR if value else _TYPES.get(kind, Kind.ERROR), self.clean(value))

    def _number(self, value: str) -> Cell:
        """A number as it is written; what only Python takes for one (1_000, full-width digits) is none."""
        if value and not (len(value) <= NUMBER_LENGTH and _NUMBER.fullmatch(value) and isfinite(float(value))):
            return Cell(Kind.ERROR, self.clean(value))
        return self.known["n"].setdefault(value, Cell(Kind.NUMBER, value))

    def _shared(self, value: str) -> Cell:
        count = len(self.strings.texts)
        if not _INDEX.fullmatch(value) or int(value) >= count:
            proof = f"column {self._column}: index {show(value)!r} of {count}"
            raise Refused("F-SST", f"{self.where()}, {proof}")
        return self.known["s"].setdefault(value, self.strings.cell(int(value)))

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


def _column(letters: str) -> int:
    """The number of a column, at most one more than there can be; those that exist are remembered."""
    number = _columns.get(letters)
    if number is None:
        number = _column_number(letters)
        if number > COLUMN_LIMIT:
            return 0
        _columns[letters] = number
    return number


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
