"""Turns what the standing body is asked, and has said so far, into the workbook it keeps (co-quan.xlsx)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from thidua_xlsx.model.form import NO, YES, Answer, Asks
from thidua_xlsx.model.office import (
    APPRAISAL,
    CONFIRMATION,
    DECISIONS,
    EVERY,
    OFFICE_HEADERS,
    OFFICE_OPTIONAL,
    OFFICE_SHOWN,
    RECEPTION,
    WHEN,
    WHO,
    Office,
)
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.model.results import Decision, FileRecord
from thidua_xlsx.stages.office.kept_rows import LISTS, Kept, kept_of_office
from thidua_xlsx.stages.office.office_asked import OfficeAsked
from thidua_xlsx.stages.office.office_line import Beside, Line
from thidua_xlsx.stages.office.office_lines import OFFICE_SCORES, office_lines
from thidua_xlsx.workbooks.office_guide import ABOUT, write_guide
from thidua_xlsx.workbooks.plain_sheet import (
    FIRST_ROW,
    Alert,
    Field,
    Guard,
    PlainSheet,
    Typed,
    choice,
    day,
    runs,
    write_plain_sheet,
)
from thidua_xlsx.workbooks.sheets import OpenWorkbook, open_workbook, reference

WIDTHS = {
    "Tệp": 30,
    "SHA-256": 8,
    "Đơn vị": 12,
    "Ngày nhận": 11.5,
    "Quyết định": 13,
    "Lý do": 26,
    WHO: 18,
    WHEN: 11.5,
    "Mã": 9,
    "Điểm": 8,
    "Thứ tự": 7,
    "Trả lời": 18,
    "Tên đơn vị": 26,
    "Tình trạng": 15,
    "Việc cần quyết định": 44,
    "Tiêu chí": 40,
    "Điểm tối đa": 8,
    "Tự chấm": 8,
    "Tính từ số liệu": 9,
    "Ghi chú": 22,
    "Tên đơn vị, họ tên": 30,
    "Nội dung": 40,
    "Đơn vị trả lời": 18,
}
WIDER = {(CONFIRMATION, "Mã"): 18}
OWN_WIDTH = 22
KINDS = {
    "Ngày nhận": "date",
    "SHA-256": "checksum",
    WHEN: "date",
    "Điểm": "number",
    "Lý do": "text",
    "Tệp": "text",
    WHO: "text",
    "Quyết định": "text",
    "Trả lời": "text",
}
CHOOSE_UNIT = "Chọn mã đơn vị trong danh sách."


def write_office(
    plan: Plan,
    round_: Round,
    office: Office = Office(),  # noqa: B008  (frozen)
    files: Iterable[FileRecord] = (),
    decisions: Sequence[Decision] = (),
) -> bytes:
    """``co-quan.xlsx`` made of values: what the office has said, and a line for everything it is asked."""
    asked, kept = OfficeAsked(plan, round_), kept_of_office(office)
    return print_office(asked, office_lines(asked, kept, Beside(tuple(files), decisions)), kept)


def print_office(asked: OfficeAsked, lines: Mapping[str, Sequence[Line]], kept: Kept) -> bytes:
    """``co-quan.xlsx`` made of its lines, with the columns that staff put beside ours."""
    head = asked.plan.head
    title = f"Sổ của cơ quan thường trực – {asked.round.name}"
    work = open_workbook(title=title, subject=head.title, author=head.standing_body)
    lists = Lists(asked)
    write_guide(work, asked.plan, asked.round)
    for name, sheet in ((RECEPTION, _reception), (APPRAISAL, _appraisal), (CONFIRMATION, _confirmation)):
        fields = _fields(name, kept.own_headers.get(name, ()))
        write_plain_sheet(work, sheet(lists, fields, lines[name]))
    lists.write(work)
    return work.close()


class Lists:
    """The columns of «Danh mục»: codes with their names for the reader, closed lists for the drop-downs."""

    def __init__(self, asked_here: OfficeAsked) -> None:
        plan = asked_here.plan
        units = plan.units_of(asked_here.round)
        lines = {line.code: line.name for unit in units for line in asked_here.lines(unit).values()}
        asked = {item.code: item.label for item in plan.questions if item.who_answers != "unit"}
        asked |= {item.code: item.name for item in plan.indices}
        self.decimals = plan.head.decimals
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


def _fields(sheet: str, own: Sequence[str]) -> tuple[Field, ...]:
    """The contract's columns first, then who and when, then what staff added, then what is only shown."""
    contract = OFFICE_HEADERS[sheet]
    typed = (*contract, *(header for header in OFFICE_OPTIONAL[sheet] if header not in contract))
    return (
        *(Field(header, _width(sheet, header), KINDS.get(header, "code")) for header in typed),
        *(Field(header, OWN_WIDTH, "text") for header in own),
        *(Field(header, _width(sheet, header), "shown") for header in OFFICE_SHOWN[sheet]),
    )


def _width(sheet: str, header: str) -> float:
    return WIDER.get((sheet, header), WIDTHS[header])


def _rows(fields: Sequence[Field], lines: Sequence[Line]) -> list[tuple[Typed, ...]]:
    """Each line's values under their headers, whichever of them it has."""
    return [
        tuple((line.shown if item.kind == "shown" else line.typed).get(item.header) for item in fields)
        for line in lines
    ]  # fmt: skip


def _reception(lists: Lists, fields: tuple[Field, ...], lines: Sequence[Line]) -> PlainSheet:
    decisions = f"Chọn một trong: {'; '.join(DECISIONS)}. Không cần thì để trống."
    guards = (
        Guard("Đơn vị", choice(lists.units, CHOOSE_UNIT)),
        Guard("Ngày nhận", day()),
        Guard(WHEN, day()),
        Guard("Quyết định", choice(lists.source(DECISIONS), decisions)),
    )
    layout = PlainSheet(RECEPTION, "SỔ TIẾP NHẬN PHIẾU", ABOUT[RECEPTION], fields, _rows(fields, lines), guards)
    decision, reason = (_cell(layout, header) for header in ("Quyết định", "Lý do"))
    return replace(layout, alerts=(Alert("Lý do", f'AND({decision}<>"",{reason}="")'),))


def _cell(layout: PlainSheet, header: str) -> str:
    return f"${layout.letter(header)}{FIRST_ROW}"


def _appraisal(lists: Lists, fields: tuple[Field, ...], lines: Sequence[Line]) -> PlainSheet:
    rows = _rows(fields, lines)
    layout = PlainSheet(APPRAISAL, "ĐIỂM CƠ QUAN THƯỜNG TRỰC THẨM ĐỊNH", ABOUT[APPRAISAL], fields, rows, frozen=2)
    given, most, computed, reason, note = (
        _cell(layout, header) for header in ("Điểm", "Điểm tối đa", "Tính từ số liệu", "Lý do", "Ghi chú")
    )
    points = {
        "validate": "custom",
        "value": f'=AND(ISNUMBER({given}),{given}>=0,OR({most}="",{given}<={most}))',
        "error_message": "Gõ một số từ 0 đến điểm tối đa của tiêu chí, ví dụ 2,5.",
    }
    departs = f'AND(ISNUMBER({given}),ISNUMBER({computed}),ROUND({given},{lists.decimals})<>{computed},{reason}="")'
    return replace(
        layout,
        guards=(Guard("Đơn vị", choice(lists.units, CHOOSE_UNIT)), Guard("Điểm", points), Guard(WHEN, day())),
        alerts=(Alert("Lý do", departs), Alert("Điểm", f'AND({given}="",{note}="{OFFICE_SCORES}")')),
    )


def _confirmation(lists: Lists, fields: tuple[Field, ...], lines: Sequence[Line]) -> PlainSheet:
    asked: dict[Answer, list[int]] = defaultdict(list)
    for row, item in enumerate(lines, start=FIRST_ROW):
        if item.answer:
            asked[item.answer].append(row)
    guards = [
        Guard("Đơn vị", choice(lists.units_or_all, "Chọn mã đơn vị, hoặc * cho mọi đơn vị.")),
        Guard(WHEN, day()),
    ]
    guards += [
        Guard("Trả lời", options, runs(places))
        for answer, places in asked.items()
        if (options := _held_to(lists, answer))
    ]
    title = "TRẢ LỜI, XÁC NHẬN CỦA CƠ QUAN THƯỜNG TRỰC"
    layout = PlainSheet(CONFIRMATION, title, ABOUT[CONFIRMATION], fields, _rows(fields, lines), tuple(guards), 3)
    given, own, reason = (_cell(layout, header) for header in ("Trả lời", "Đơn vị trả lời", "Lý do"))
    days = frozenset(row for answer, rows in asked.items() if answer.asks is Asks.DATE for row in rows)
    return replace(
        layout,
        alerts=(Alert("Lý do", f'AND({given}<>"",{own}<>"",{given}<>{own},{reason}="")'),),
        days={"Trả lời": days} if days else {},
    )


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
