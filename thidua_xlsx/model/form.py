"""The layout of one unit's form: which sheet asks what, in which row and column, and what may be answered.

Writer, reader, drop-downs, instructions and error texts all come from these values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

INSTRUCTIONS, INFORMATION, SCORES, TASKS = "Hướng dẫn", "Thông tin", "Chấm điểm", "Nhiệm vụ"
INDICES, PEOPLE, DOSSIER, SELF_CHECK = "Chỉ số", "Cá nhân", "Hồ sơ", "Kiểm tra"
LISTS = "Danh mục"
WITNESS = "_TDX"

NOMINATES_ITSELF = "de-nghi-tap-the"
YES, NO = "Có", "Không"
ORDER = "Thứ tự"
CLAIM = "Điểm tự chấm"
FIGURES = ("Số liệu 1", "Số liệu 2")
# Of a task.
STATE, COMPLETED = "Tình trạng", "Ngày hoàn thành"
# The columns of ``Cá nhân`` before the plan's own questions and papers.
PEOPLE_HEADERS = (ORDER, "Ông/Bà", "Họ và tên", "Ngày sinh", "Chức vụ", "Bộ phận")
# Longest text answer, in characters: a cell of a form is no place for a report.
LONGEST_TEXT = 500
DONE, UNDER_WAY, NOT_DONE = "Hoàn thành", "Đang thực hiện", "Chưa thực hiện"
TASK_STATES = (DONE, UNDER_WAY, NOT_DONE)


class Asks(Enum):
    """What kind of answer a cell wants."""

    YES_NO = "Có/Không"
    CHOICE = "chọn trong danh sách"
    NUMBER = "số"
    WHOLE = "số nguyên"
    PERCENT = "phần trăm 0–100"
    DATE = "ngày/tháng/năm"
    TEXT = "văn bản"
    REMARK = "ghi thêm nếu cần"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer cell: what it asks, whether a blank blocks, and the limits that checker and drop-down share.

    ``label`` names the cell in every message; ``step`` is a step of points; ``low``/``high`` limit dates.
    ``needed_if`` (header, answer) makes a cell required by an answer in its row; ``spared_by`` names the column
    whose zero leaves the row out of the scale, so that this cell may stay blank.
    """

    asks: Asks
    label: str
    required: bool = False
    options: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    step: Decimal | None = None
    low: date | None = None
    high: date | None = None
    hint: str = ""
    needed_if: tuple[str, str] | None = None
    spared_by: str = ""


Locked = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet by its header text; ``width`` in Excel characters."""

    header: str
    width: int = 12


@dataclass(frozen=True, slots=True)
class FormRow:
    """One coded row: per column either what is printed (locked) or the answer asked.

    ``sums`` lists the codes whose claims a total row adds up; ``depth`` 0 is a field, deeper rows are indented.
    ``collective``: asked only of a unit that proposes itself, not of one that proposes persons alone.
    """

    code: str
    cells: tuple[Locked | Answer, ...]
    depth: int = 0
    heading: bool = False
    sums: tuple[str, ...] = ()
    collective: bool = False


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """One sheet of the form. Row and column of every cell follow from here.

    Title stands in row 1, the stamp in row 2, guidance in row 3, headers in row 5, the first coded row in row 6.
    ``open_rows``: rows below the printed ones ask the same and are read too (``Cá nhân``).
    """

    name: str
    title: str
    guidance: str
    columns: tuple[Column, ...]
    rows: tuple[FormRow, ...]
    open_rows: bool = False

    def column_of(self, header: str) -> int:
        """The column (from 1) of a header; KeyError is our own bug."""
        for number, column in enumerate(self.columns, start=1):
            if column.header == header:
                return number
        raise KeyError(header)

    def answer(self, row: FormRow, header: str) -> Answer | None:
        cell = row.cells[self.column_of(header) - 1]
        return cell if isinstance(cell, Answer) else None


TITLE_ROW, STAMP_ROW, GUIDANCE_ROW, HEADER_ROW, FIRST_ROW = 1, 2, 3, 5, 6


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which form this is: no secret, a checksum against typing accidents.

    Printed as ``TDX/<plan>/<year>/<round>/<unit>/<version>/<check>`` on every sheet.
    """

    plan: str
    year: int
    round: str
    unit: str
    version: str
    check: str

    def __str__(self) -> str:
        return f"TDX/{self.plan}/{self.year}/{self.round}/{self.unit}/{self.version}/{self.check}"


STAMP_PATTERN = re.compile(r"TDX/([^/\s]+)/(\d{4})/([^/\s]+)/([^/\s]+)/([0-9a-f]{10})/([0-9a-f]{6})(?![0-9a-f])")


@dataclass(frozen=True, slots=True)
class FormLayout:
    """The whole form of one unit for one round."""

    stamp: Stamp
    unit_name: str
    plan_title: str
    authority: str
    standing_body: str
    round_name: str
    deadline_text: str
    contact: str
    sheets: tuple[SheetLayout, ...]

    def sheet(self, name: str) -> SheetLayout | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a unit must correct (``blocks``) or should look at again, by sheet, row code and header.

    Without header it speaks of the whole row, without row of the whole column, without both of the whole sheet:
    of every answer there, if it blocks. Without sheet it speaks of the whole return.
    """

    sheet: str
    row: str
    header: str
    message: str
    blocks: bool = True
