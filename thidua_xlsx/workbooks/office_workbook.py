"""Turns what the standing body is asked, and has said so far, into the workbook it keeps (co-quan.xlsx)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from thidua_xlsx.model.form import NO, YES, Answer, Asks
from thidua_xlsx.model.office import (
    APPRAISAL,
    CONFIRMATION,
    DECISIONS,
    EVERY,
    OFFICE_HEADERS,
    RECEPTION,
    Office,
    Reception,
)
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.model.results import Decision, FileRecord
from thidua_xlsx.stages.office_lines import AnswerLine, PointLine, answer_lines, point_lines, reception_lines
from thidua_xlsx.workbooks.office_guide import ABOUT, write_guide
from thidua_xlsx.workbooks.plain_sheet import FIRST_ROW, Field, Guard, PlainSheet, choice, day, runs, write_plain_sheet
from thidua_xlsx.workbooks.sheets import OpenWorkbook, Value, open_workbook, reference

LISTS = "Danh mục"
WIDTHS = {
    "Tệp": 34,
    "SHA-256": 12,
    "Đơn vị": 14,
    "Ngày nhận": 13,
    "Quyết định": 14,
    "Lý do": 34,
    "Người": 22,
    "Ngày": 13,
    "Mã": 18,
    "Điểm": 10,
    "Thứ tự": 9,
    "Trả lời": 24,
}
KINDS = {
    "Ngày nhận": "date",
    "SHA-256": "checksum",
    "Ngày": "date",
    "Điểm": "number",
    "Lý do": "text",
    "Tệp": "text",
    "Người": "text",
    "Quyết định": "text",
    "Trả lời": "text",
}
UNIT_NAME = Field("Tên đơn vị", 34, "shown")
CHOOSE_UNIT = "Chọn mã đơn vị trong danh sách."


def write_office(
    plan: Plan,
    round_: Round,
    office: Office = Office(),  # noqa: B008  (frozen)
    files: Iterable[FileRecord] = (),
    decisions: Sequence[Decision] = (),
) -> bytes:
    """``co-quan.xlsx``: what the office has said, and a line for everything it is asked."""
    head = plan.head
    title = f"Sổ của cơ quan thường trực – {round_.name}"
    work = open_workbook(title=title, subject=head.title, author=head.standing_body)
    lists = Lists(plan, round_)
    write_guide(work, plan, round_)
    write_plain_sheet(work, _reception_sheet(lists, reception_lines(office, files)))
    write_plain_sheet(work, _appraisal_sheet(lists, point_lines(plan, round_, office)))
    write_plain_sheet(work, _confirmation_sheet(lists, answer_lines(plan, round_, office, decisions)))
    lists.write(work)
    return work.close()


class Lists:
    """The columns of «Danh mục»: codes with their names for the reader, closed lists for the drop-downs."""

    def __init__(self, plan: Plan, round_: Round) -> None:
        units = plan.units_of(round_)
        lines = {line.code: line.name for unit in units for line in plan.criteria_of(round_, unit) if line.method}
        asked = {item.code: item.label for item in plan.questions if item.who_answers != "unit"}
        asked |= {item.code: item.name for item in plan.indices}
        self.names = {unit.code: unit.name for unit in units}
        self.columns: list[tuple[str, float, tuple[str, ...]]] = [
            ("Mã đơn vị", 14, (EVERY, *self.names)),
            ("Tên đơn vị", 44, ("Mọi đơn vị", *self.names.values())),
            ("Mã tiêu chí", 12, tuple(lines)),
            ("Tiêu chí", 44, tuple(lines.values())),
            ("Mã câu hỏi, chỉ số", 24, tuple(asked)),
            ("Câu hỏi, chỉ số", 44, tuple(asked.values())),
        ]
        self.units = self._range(0, 1)
        self.units_or_all = self._range(0, 0)
        self._sources: dict[tuple[str, ...], str] = {}

    def _range(self, column: int, skipped: int) -> str:
        letter = chr(ord("A") + column)
        last = FIRST_ROW + len(self.columns[column][2]) - 1
        return reference(LISTS, f"${letter}${FIRST_ROW + skipped}:${letter}${last}")

    def source(self, options: tuple[str, ...]) -> str:
        """The range that holds these options."""
        if options not in self._sources:
            self.columns.append(("Danh sách chọn", 30, options))
            self._sources[options] = self._range(len(self.columns) - 1, 0)
        return self._sources[options]

    def write(self, work: OpenWorkbook) -> None:
        depth = max(len(words) for _, _, words in self.columns)
        rows = [tuple(words[row] if row < len(words) else None for _, _, words in self.columns) for row in range(depth)]
        fields = tuple(Field(header, width, "shown") for header, width, _ in self.columns)
        about = "Để tra mã; chương trình không đọc sheet này."
        write_plain_sheet(work, PlainSheet(LISTS, "DANH MỤC", about, fields, rows))


def _fields(sheet: str) -> tuple[Field, ...]:
    return tuple(Field(header, WIDTHS[header], KINDS.get(header, "code")) for header in OFFICE_HEADERS[sheet])


def _reception_sheet(lists: Lists, lines: Sequence[Reception]) -> PlainSheet:
    rows: list[tuple[Value, ...]] = [
        (
            item.path,
            item.sha256,
            item.unit,
            item.received,
            item.decision,
            item.reason,
            item.by,
            item.received if item.by else None,
            lists.names.get(item.unit, ""),
        )
        for item in lines
    ]
    decisions = f"Chọn một trong: {'; '.join(DECISIONS)}. Không cần thì để trống."
    guards = (
        Guard("Đơn vị", choice(lists.units, CHOOSE_UNIT)),
        Guard("Ngày nhận", day()),
        Guard("Ngày", day()),
        Guard("Quyết định", choice(lists.source(DECISIONS), decisions)),
    )
    return PlainSheet(RECEPTION, "SỔ TIẾP NHẬN PHIẾU", ABOUT[RECEPTION], (*_fields(RECEPTION), UNIT_NAME), rows, guards)


def _appraisal_sheet(lists: Lists, lines: Sequence[PointLine]) -> PlainSheet:
    rows: list[tuple[Value, ...]] = [
        (item.unit, item.code, *_given(item), item.unit_name, item.label, item.maximum) for item in lines
    ]
    fields = (*_fields(APPRAISAL), UNIT_NAME, Field("Tiêu chí", 44, "shown"), Field("Điểm tối đa", 10, "shown"))
    row = FIRST_ROW
    points = {
        "validate": "custom",
        "value": f'=AND(ISNUMBER(C{row}),C{row}>=0,OR(G{row}="",C{row}<=G{row}))',
        "error_message": "Gõ một số từ 0 đến điểm tối đa của tiêu chí, ví dụ 2,5.",
    }
    guards = (Guard("Đơn vị", choice(lists.units, CHOOSE_UNIT)), Guard("Điểm", points))
    return PlainSheet(APPRAISAL, "ĐIỂM CƠ QUAN THƯỜNG TRỰC THẨM ĐỊNH", ABOUT[APPRAISAL], fields, rows, guards, 2)


def _confirmation_sheet(lists: Lists, lines: Sequence[AnswerLine]) -> PlainSheet:
    rows: list[tuple[Value, ...]] = [
        (item.unit, item.order, item.code, *_given(item), item.name, item.label) for item in lines
    ]
    fields = (*_fields(CONFIRMATION), Field("Tên đơn vị, họ tên", 40, "shown"), Field("Nội dung", 52, "shown"))
    asked: dict[Answer, list[int]] = defaultdict(list)
    for row, item in enumerate(lines, start=FIRST_ROW):
        if item.answer:
            asked[item.answer].append(row)
    guards = [Guard("Đơn vị", choice(lists.units_or_all, "Chọn mã đơn vị, hoặc * cho mọi đơn vị."))]
    guards += [
        Guard("Trả lời", options, runs(places))
        for answer, places in asked.items()
        if (options := _held_to(lists, answer))
    ]
    title = "TRẢ LỜI, XÁC NHẬN CỦA CƠ QUAN THƯỜNG TRỰC"
    return PlainSheet(CONFIRMATION, title, ABOUT[CONFIRMATION], fields, rows, tuple(guards), 3)


def _held_to(lists: Lists, answer: Answer) -> dict[str, Any] | None:
    """What Excel holds an answer to; None where anything may be typed."""
    if answer.asks in (Asks.YES_NO, Asks.CHOICE):
        options = answer.options or (YES, NO)
        return choice(lists.source(options), "Chọn trong danh sách, hoặc để trống nếu chưa xác nhận.")
    if answer.asks in (Asks.NUMBER, Asks.WHOLE, Asks.PERCENT):
        low, high = (
            format(limit, "f") if limit is not None else far
            for limit, far in ((answer.minimum, "-1000000000"), (answer.maximum, "1000000000"))
        )
        kind = "integer" if answer.asks is Asks.WHOLE else "decimal"
        return {
            "validate": kind,
            "criteria": "between",
            "minimum": low,
            "maximum": high,
            "error_message": f"Gõ một số từ {low} đến {high}." if answer.maximum is not None else "Gõ một số.",
        }
    return day() if answer.asks is Asks.DATE else None


def _given(item: PointLine | AnswerLine) -> tuple[Value, Value]:
    return (item.given.value, item.given.reason) if item.given else (None, None)
