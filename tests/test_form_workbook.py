"""The unit's workbook, written and read back: what is locked, asked, counted, stamped and marked."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from first_here import first_here
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import range_boundaries

from thidua_xlsx.model.demo import DemoReturn
from thidua_xlsx.model.form import (
    DOSSIER,
    FIRST_ROW,
    HEADER_ROW,
    INFORMATION,
    LISTS,
    NOMINATES_ITSELF,
    PEOPLE,
    SCORES,
    SELF_CHECK,
    STAMP_PATTERN,
    TASK_STATES,
    TASKS,
    WITNESS,
    Answer,
    Asks,
    Column,
    Correction,
    FormLayout,
    FormRow,
    SheetLayout,
    Stamp,
)
from thidua_xlsx.model.place import address
from thidua_xlsx.model.plan import Round
from thidua_xlsx.pipeline.plans import load_plan
from thidua_xlsx.stages.demo.invent import invent
from thidua_xlsx.stages.forms.lay_out import lay_out_all
from thidua_xlsx.workbooks import sheets
from thidua_xlsx.workbooks.form.filled import LAST_OPEN_ROW
from thidua_xlsx.workbooks.form_workbook import CORRECTIONS, Answers, FormPress, write_form
from thidua_xlsx.workbooks.plans import shipped_plan_ids
from thidua_xlsx.workbooks.sheets import NotWritten, checked, open_workbook, put

LEVELS = ("Đúng hạn", "Trễ đến 15 ngày", "Trễ trên 15 ngày hoặc không ban hành")
LONG_LIST = tuple(f"Chỉ số thành phần số {number} của đơn vị" for number in range(1, 21))
REMARK = Answer(Asks.REMARK, "Ghi chú")


def information() -> SheetLayout:
    def asked(code: str, label: str, answer: Answer) -> FormRow:
        return FormRow(code, (code, label, answer, REMARK))

    itself = Answer(Asks.YES_NO, "Đề nghị khen thưởng tập thể", required=True, hint="Có: đề nghị xét khen tập thể.")
    rows = (
        asked(NOMINATES_ITSELF, "Đơn vị đề nghị xét khen thưởng tập thể", itself),
        asked("ty-le", "Tỷ lệ hồ sơ đúng hạn", Answer(Asks.PERCENT, "Tỷ lệ", required=True)),
        asked("so-vu", "Số vụ vi phạm", Answer(Asks.WHOLE, "Số vụ", required=True, maximum=Decimal(50))),
        asked("chi-so", "Chỉ số phụ trách", Answer(Asks.CHOICE, "Chỉ số", options=LONG_LIST)),
        asked("mo-ta", "Mô tả thành tích", Answer(Asks.TEXT, "Mô tả " * 10, hint="Nêu ngắn gọn kết quả. " * 20)),
        asked("ngay", "Ngày họp xét", Answer(Asks.DATE, "Ngày họp xét", low=date(2025, 1, 1), high=date(2026, 1, 31))),
    )
    columns = (Column("Mã", 18), Column("Nội dung", 60), Column("Trả lời", 28), Column("Ghi chú", 34))
    return SheetLayout(INFORMATION, "THÔNG TIN CHUNG", "Trả lời ở cột «Trả lời».", columns, rows)


def scores() -> SheetLayout:
    headers = ("Mã", "Tiêu chí", "Điểm tối đa", "Cách tính", "Số liệu 1", "Số liệu 2", "Điểm tự chấm")
    columns = (*(Column(header, 14) for header in headers), Column("Tài liệu kiểm chứng", 28), Column("Giải trình", 28))

    def total(code: str, name: str, depth: int, sums: tuple[str, ...]) -> FormRow:
        return FormRow(code, (code, name, Decimal(10), *[None] * 6), depth, True, sums)

    def leaf(code: str, first: Answer | None, second: Answer | None, depth: int = 2) -> FormRow:
        claim = Answer(
            Asks.NUMBER, "Điểm tự chấm", True, minimum=Decimal(0), maximum=Decimal(3), step=Decimal("0.25"),
            spared_by="Số liệu 2" if second and depth == 1 else "",
        )
        printed = (code, f"Tiêu chí {code}", Decimal("1.5"), "Tỷ lệ = Số liệu 1 / Số liệu 2.")
        evidence = Answer(Asks.REMARK, "Tài liệu kiểm chứng", hint=f"Cần có: báo cáo {code}.")
        return FormRow(code, (*printed, first, second, claim, evidence, Answer(Asks.REMARK, "Giải trình")), depth)

    part = Answer(Asks.NUMBER, "Số liệu 1", True, minimum=Decimal(0))
    whole = Answer(Asks.NUMBER, "Số liệu 2", True, minimum=Decimal(0))
    level = Answer(Asks.CHOICE, "Số liệu 1", True, options=LEVELS)
    survey = FormRow("2.2", ("2.2", "Khảo sát", Decimal(8), "Cơ quan thường trực nhập.", *[None] * 5), 1)
    rows = (
        total("1", "Chỉ đạo, điều hành", 0, ("1.1", "1.10")),
        total("1.1", "Kế hoạch", 1, ("1.1.1", "1.1.2")),
        leaf("1.1.1", level, None),
        leaf("1.1.2", part, whole),
        leaf("1.10", part, whole, 1),
        total("2", "Thể chế", 0, ("2.1", "2.2")),
        leaf("2.1", part, whole, 1),
        survey,
        total("TONG", "Tổng điểm tự chấm", 0, ("1", "2")),
    )
    return SheetLayout(SCORES, "BẢNG TỰ CHẤM ĐIỂM", "Ghi số liệu gốc, rồi ghi «Điểm tự chấm».", columns, rows)


def tasks() -> SheetLayout:
    state = Answer(Asks.CHOICE, "Tình trạng", required=True, options=TASK_STATES)
    done = Answer(
        Asks.DATE, "Ngày hoàn thành", low=date(2025, 1, 1), high=date(2025, 12, 31),
        needed_if=("Tình trạng", "Hoàn thành"),
    )
    columns = tuple(map(Column, ("Mã", "Nhiệm vụ", "Thời hạn", "Tình trạng", "Ngày hoàn thành", "Sản phẩm")))
    rows = tuple(
        FormRow(f"NV-0{number}", (f"NV-0{number}", "Rà soát", date(2025, 6, 30), state, done, REMARK))
        for number in (1, 2)
    )
    return SheetLayout(TASKS, "NHIỆM VỤ ĐƯỢC GIAO", "Chọn tình trạng.", columns, rows)


def people() -> SheetLayout:
    asked = (
        Answer(Asks.CHOICE, "Ông/Bà", required=True, options=("Ông", "Bà")),
        Answer(Asks.TEXT, "Họ và tên", required=True),
        Answer(Asks.DATE, "Ngày sinh", required=True, low=date(1935, 1, 1), high=date(2010, 12, 31)),
        Answer(Asks.TEXT, "Bộ phận"),
    )
    columns = (Column("Thứ tự", 7), *(Column(answer.label, 20) for answer in asked))
    rows = tuple(FormRow(str(number), (number, *asked)) for number in range(1, 31))
    return SheetLayout(PEOPLE, "CÁ NHÂN ĐỀ NGHỊ", "Mỗi người một dòng.", columns, rows, open_rows=True)


def dossier() -> SheetLayout:
    have = Answer(Asks.YES_NO, "Đã có", required=True)
    columns = tuple(map(Column, ("Mã", "Tên văn bản", "Mẫu", "Số bộ", "Đã có", "Số, ngày văn bản")))
    rows = tuple(
        FormRow(code, (code, code.title(), "Mẫu 01", 2, have, REMARK), collective=code == "bien-ban")
        for code in ("to-trinh", "bien-ban")
    )
    return SheetLayout(DOSSIER, "HỒ SƠ", "Chọn Có với văn bản đã gửi kèm.", columns, rows)


LAYOUT = FormLayout(
    stamp=Stamp("mau-2025", 2025, "hang-nam", "VHXH", "0123456789", "abcdef"),
    unit_name="Phòng Văn hóa - Xã hội",
    plan_title="Kế hoạch phát động phong trào thi đua cải cách hành chính năm 2025",
    authority="Ủy ban nhân dân phường",
    standing_body="Phòng Nội vụ",
    round_name="Khen thưởng hằng năm",
    deadline_text="trước ngày 30/01/2026 (ngày cuối cùng: 29/01/2026)",
    contact="",
    sheets=(information(), scores(), tasks(), people(), dossier()),
)
HOSTILE = ("=1+1", "http://example.vn", "+84 912", "@x", "-1", "=HYPERLINK(1)", "mailto:a@b.vn", "a\ud800b")
FULL: Answers = {
    (INFORMATION, NOMINATES_ITSELF, "Trả lời"): "Có",
    (INFORMATION, "ty-le", "Trả lời"): Decimal("97.5"),
    (INFORMATION, "so-vu", "Trả lời"): 0,
    **{
        (SCORES, "1.1.1", header): value
        for header, value in (("Số liệu 1", LEVELS[0]), ("Điểm tự chấm", Decimal("0.1")))
    },
    **{
        (SCORES, code, header): value
        for code in ("1.1.2", "1.10", "2.1")
        for header, value in (("Số liệu 1", 3), ("Số liệu 2", 4), ("Điểm tự chấm", Decimal("0.2")))
    },
    **{(TASKS, code, "Tình trạng"): "Hoàn thành" for code in ("NV-01", "NV-02")},
    **{(TASKS, code, "Ngày hoàn thành"): date(2025, 6, 1) for code in ("NV-01", "NV-02")},
    **{(PEOPLE, "1", header): "Bà" for header in ("Ông/Bà", "Họ và tên")},
    (PEOPLE, "1", "Ngày sinh"): date(1990, 3, 8),
    **{(DOSSIER, code, "Đã có"): "Có" for code in ("to-trinh", "bien-ban")},
}


def opened(content: bytes, values: bool = False) -> Any:
    return openpyxl.load_workbook(BytesIO(content), data_only=values)


def cells_of(sheet: SheetLayout) -> Iterator[tuple[str, FormRow, Any]]:
    """(address, row, cell) of every cell of a sheet as the layout says."""
    for row, form_row in enumerate(sheet.rows, start=FIRST_ROW):
        for column, cell in enumerate(form_row.cells, start=1):
            yield address(row, column), form_row, cell


def rules_at(sheet: Any, cell: str) -> list[Any]:
    """The validations that hold at a cell."""
    column, row, _, _ = range_boundaries(cell)
    return [
        rule
        for rule in sheet.data_validations.dataValidation
        for area in rule.sqref.ranges
        if area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col
    ]


def dump(book: Any, name: str) -> str:
    """A sheet's filled cells as text: address, ``_`` for open cells, format, value."""
    return "\n".join(
        f"{cell.coordinate}{'' if cell.protection.locked else '_'} {cell.number_format} {cell.value!r}"
        for row in book[name].iter_rows()
        for cell in row
        if cell.value is not None or not cell.protection.locked
    )


@pytest.fixture(scope="module")
def blank() -> Any:
    return opened(write_form(LAYOUT))


def test_a_small_sheet_in_full() -> None:
    book = opened(write_form(LAYOUT, {(TASKS, "NV-01", "Ngày hoàn thành"): date(2025, 5, 9)}))
    assert dump(book, TASKS) == (
        "A1 General 'NHIỆM VỤ ĐƯỢC GIAO'\n"
        "A2 General 'TDX/mau-2025/2025/hang-nam/VHXH/0123456789/abcdef'\n"
        "A3 General 'Chọn tình trạng.'\n"
        "A5 General 'Mã'\nB5 General 'Nhiệm vụ'\nC5 General 'Thời hạn'\n"
        "D5 General 'Tình trạng'\nE5 General 'Ngày hoàn thành'\nF5 General 'Sản phẩm'\n"
        "A6 @ 'NV-01'\nB6 General 'Rà soát'\nC6 dd/mm/yyyy datetime.datetime(2025, 6, 30, 0, 0)\n"
        "D6_ @ None\nE6_ dd/mm/yyyy datetime.datetime(2025, 5, 9, 0, 0)\nF6_ @ None\n"
        "A7 @ 'NV-02'\nB7 General 'Rà soát'\nC7 dd/mm/yyyy datetime.datetime(2025, 6, 30, 0, 0)\n"
        "D7_ @ None\nE7_ dd/mm/yyyy None\nF7_ @ None"
    )


def test_sheets_in_order_and_protected(blank: Any) -> None:
    names = ["Hướng dẫn", INFORMATION, SCORES, TASKS, PEOPLE, DOSSIER, SELF_CHECK, LISTS, WITNESS]
    assert blank.sheetnames == names
    assert [blank[name].sheet_state for name in names[-2:]] == ["hidden", "veryHidden"]
    assert all(sheet.protection.sheet and not sheet.protection.password for sheet in blank)
    assert not blank[SCORES].protection.formatColumns, "False: allowed"
    assert blank[SCORES].freeze_panes == "C6"
    assert blank[PEOPLE].freeze_panes == "D6"
    assert blank[SCORES].print_title_rows == "$5:$5"


@pytest.mark.parametrize("layout", LAYOUT.sheets, ids=lambda sheet: sheet.name)
def test_answer_cells_are_open_and_nothing_else(blank: Any, layout: SheetLayout) -> None:
    sheet = blank[layout.name]
    open_cells = {cell for cell, _, asked in cells_of(layout) if isinstance(asked, Answer)}
    found = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert found == open_cells
    assert not [area for area in sheet.merged_cells.ranges if area.max_row >= HEADER_ROW]
    below = [sheet.column_dimensions[letters].protection.locked for letters in "AB"]
    assert below == [not layout.open_rows] * 2
    if layout.open_rows:
        # An empty cell without a style of its own would be as open as its column.
        above = [
            sheet.cell(row, column) for row in range(1, HEADER_ROW) for column in range(1, len(layout.columns) + 1)
        ]
        assert all(cell.has_style or isinstance(cell, MergedCell) for cell in above)


def test_headers_and_printed_cells_are_the_layouts(blank: Any) -> None:
    for layout in LAYOUT.sheets:
        sheet = blank[layout.name]
        assert [cell.value for cell in sheet[HEADER_ROW]] == [column.header for column in layout.columns]
        for cell, row, printed in cells_of(layout):
            if isinstance(printed, str):
                assert sheet[cell].value == printed
                assert sheet[cell].data_type == "s"
            elif isinstance(printed, int | Decimal) and not row.sums:
                assert Decimal(str(sheet[cell].value)) == printed


EXPECTED = {
    Asks.YES_NO: "list",
    Asks.CHOICE: "list",
    Asks.NUMBER: "decimal",
    Asks.PERCENT: "decimal",
    Asks.WHOLE: "whole",
    Asks.DATE: "date",
    Asks.TEXT: "textLength",
}


def test_every_answer_is_held_to_its_kind(blank: Any) -> None:
    for layout in LAYOUT.sheets:
        for cell, _, asked in cells_of(layout):
            held = rules_at(blank[layout.name], cell)
            if not isinstance(asked, Answer) or (asked.asks is Asks.REMARK and not asked.hint):
                assert not held
                continue
            (rule,) = held
            assert rule.type == EXPECTED.get(asked.asks)
            assert len(rule.prompt or "") <= 255
            assert len(rule.promptTitle or "") <= 32
            assert bool(rule.prompt) == bool(asked.hint)
            if rule.type == "list":
                area = re.sub(r".*!|\$", "", rule.formula1)
                listed = tuple(row[0].value for row in blank[LISTS][area])
                assert listed == (asked.options or ("Có", "Không"))
            elif rule.type:
                assert rule.error
                assert rule.error.startswith(("Gõ ", "Nội dung quá dài"))


def test_limits_of_numbers_and_dates(blank: Any) -> None:
    def limits(sheet: str, cell: str) -> tuple[str, str, str]:
        (rule,) = rules_at(blank[sheet], cell)
        return rule.formula1, rule.formula2, rule.error

    assert limits(INFORMATION, "C7")[:2] == ("0", "100")
    assert limits(INFORMATION, "C8") == ("0", "50", "Gõ một số nguyên từ 0 đến 50, không kèm chữ.")
    assert limits(INFORMATION, "C11")[:2] == ("45658", "46053")
    claim = limits(SCORES, "G8")
    assert claim[:2] == ("0", "3")
    assert claim[2].startswith("Gõ một số từ 0 đến 3, theo bước 0,25, không kèm chữ. Ví dụ 2,5.")
    assert limits(SCORES, "E9")[2].startswith("Gõ một số từ 0 trở lên, không kèm chữ.")


def test_one_rule_for_all_cells_that_ask_the_same(blank: Any) -> None:
    held = blank[SCORES].data_validations.dataValidation
    assert str(next(rule for rule in held if "G8" in str(rule.sqref)).sqref) == "G8:G9"
    assert f"B6:B{LAST_OPEN_ROW}" in {str(rule.sqref) for rule in blank[PEOPLE].data_validations.dataValidation}


def test_totals_are_formulas_with_their_true_values() -> None:
    content = write_form(LAYOUT, FULL)
    formulas, values = opened(content)[SCORES], opened(content, values=True)[SCORES]
    assert {cell: formulas[cell].value for cell in ("G6", "G7", "G11", "G14")} == {
        "G6": "=SUM(G7,G10)",
        "G7": "=SUM(G8:G9)",
        "G11": "=SUM(G12:G13)",
        "G14": "=SUM(G6,G11)",
    }
    assert [values[cell].value for cell in ("G6", "G7", "G11", "G14")] == [0.5, 0.3, 0.2, 0.7]


def counts(answers: Answers) -> tuple[str, dict[str, tuple[int, int]]]:
    sheet = opened(write_form(LAYOUT, answers), values=True)[SELF_CHECK]
    rows = {row[0].value: (row[1].value, row[2].value) for row in sheet.iter_rows(min_row=8, max_row=12)}
    return sheet["A5"].value, rows


def test_self_check_of_a_blank_form() -> None:
    verdict, rows = counts({})
    assert rows == {INFORMATION: (1, 1), SCORES: (11, 11), TASKS: (2, 2), PEOPLE: (0, 0), DOSSIER: (0, 0)}
    assert verdict == "Còn 14 ô bắt buộc chưa điền"


def test_self_check_of_a_full_form() -> None:
    verdict, rows = counts(FULL)
    assert verdict == "Phiếu đã điền đủ"
    assert {required for required, _ in rows.values()} == {3, 11, 4, 2}
    assert {blank for _, blank in rows.values()} == {0}


def test_self_check_counts_persons_begun_and_what_a_proposal_needs() -> None:
    _, rows = counts({(PEOPLE, "7", "Bộ phận"): "Một cửa"})
    assert (rows[INFORMATION], rows[PEOPLE], rows[DOSSIER]) == ((1, 1), (3, 3), (1, 1)), "papers of persons alone"
    _, rows = counts({(INFORMATION, NOMINATES_ITSELF, "Trả lời"): "Có"})
    assert (rows[INFORMATION], rows[PEOPLE], rows[DOSSIER]) == ((3, 2), (0, 0), (2, 2))
    _, rows = counts({(INFORMATION, NOMINATES_ITSELF, "Trả lời"): "Không"})
    assert (rows[INFORMATION], rows[PEOPLE], rows[DOSSIER]) == ((1, 0), (0, 0), (0, 0))


def test_self_check_asks_no_claim_of_a_line_left_out_of_the_scale() -> None:
    """A zero below is out; a blank or a text there is not."""
    line = {(SCORES, "1.10", "Số liệu 1"): 0, (SCORES, "1.10", "Số liệu 2"): 0}
    assert counts(line)[1][SCORES] == (10, 8)
    assert counts({**line, (SCORES, "1.10", "Điểm tự chấm"): 1})[1][SCORES] == (10, 8)
    assert counts({(SCORES, "1.1.2", "Số liệu 2"): 0})[1][SCORES] == (11, 10), "a line that is never left out"


def test_self_check_asks_the_date_of_a_completed_task() -> None:
    assert counts({(TASKS, "NV-01", "Tình trạng"): "Hoàn thành"})[1][TASKS] == (3, 2)
    assert counts({(TASKS, "NV-01", "Tình trạng"): "Chưa thực hiện"})[1][TASKS] == (2, 1)


def test_blank_cells_are_tinted_only_when_they_are_needed(blank: Any) -> None:
    def tinted(sheet: str) -> dict[str, str]:
        return {str(area.sqref): rule.formula[0] for area in blank[sheet].conditional_formatting for rule in area.rules}

    assert tinted(INFORMATION) == {"C6": "LEN(TRIM(C6))=0", "C7:C8": 'AND($C$6="Có",C7="")'}
    assert tinted(PEOPLE)[f"B6:B{LAST_OPEN_ROW}"] == 'AND(COUNTA($B6:$E6)>0,B6="")'
    assert tinted(SCORES)["G8:G9"] == "LEN(TRIM(G8))=0"
    assert tinted(SCORES)["G10 G12"] == 'AND(NOT(AND(ISNUMBER($F10),$F10=0)),G10="")'
    assert tinted(TASKS)["E6:E7"] == 'AND($D6="Hoàn thành",E6="")'


def test_the_stamp_is_everywhere(blank: Any) -> None:
    stamp = str(LAYOUT.stamp)
    assert STAMP_PATTERN.fullmatch(stamp)
    assert {sheet["A2"].value for sheet in blank} == {stamp}
    assert blank.properties.keywords == stamp
    assert blank.custom_doc_props["TDX_STAMP"].value == stamp
    assert blank.defined_names["TDX_STAMP"].value == f'"{stamp}"'
    assert all(stamp in sheet.oddFooter.left.text for sheet in blank if sheet.sheet_state == "visible")


def test_same_input_same_bytes() -> None:
    first = write_form(LAYOUT, FULL, (Correction(SCORES, "1.10", "Số liệu 1", "Sửa lại."),))
    write_form(replace(LAYOUT, sheets=(people(),)))
    # XlsxWriter writes into the options it is given: what workbooks share must stay as it was.
    assert set(sheets.DEFAULT_FORMAT) == {"font_name", "font_size", "font_family", "font_scheme"}
    assert first == write_form(LAYOUT, FULL, (Correction(SCORES, "1.10", "Số liệu 1", "Sửa lại."),))


def test_nothing_from_a_unit_becomes_a_formula_or_a_link() -> None:
    places = [
        (SCORES, code, header) for code in ("1.1.1", "1.1.2", "1.10", "2.1") for header in ("Số liệu 1", "Giải trình")
    ]
    content = write_form(LAYOUT, dict(zip(places, HOSTILE, strict=True)))
    sheet = opened(content)[SCORES]
    found = [sheet[cell] for row in (8, 9, 10, 12) for cell in (f"E{row}", f"I{row}")]
    assert [cell.value for cell in found] == [*HOSTILE[:-1], "a?b"]
    assert {cell.data_type for cell in found} == {"s"}
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def test_answers_that_excel_cannot_hold_are_still_shown() -> None:
    given: Answers = {
        (TASKS, "NV-01", "Ngày hoàn thành"): date(1899, 5, 1),
        (SCORES, "2.1", "Số liệu 1"): Decimal("0.30000000000000004"),
        (SCORES, "2.1", "Giải trình"): "dài " * 20_000,
    }
    book = opened(write_form(LAYOUT, given))
    assert book[TASKS]["E6"].value == "01/05/1899"
    assert book[SCORES]["E12"].value == 0.3
    assert len(book[SCORES]["I12"].value) == 32_000
    emoji = opened(write_form(LAYOUT, {(SCORES, "2.1", "Giải trình"): "a" + "🎉" * 20_000}))
    assert emoji[SCORES]["I12"].value.startswith("a🎉🎉")


def test_what_looks_like_markup_is_a_text() -> None:
    """XlsxWriter writes «<r>…</r>» as it is: one unit's joke would make the workbook of all unreadable."""
    for typed in ("<r>&</r>", "<r><t>8</t></r>"):
        assert opened(write_form(LAYOUT, {(SCORES, "2.1", "Giải trình"): typed}))[SCORES]["I12"].value == f" {typed}"


def test_persons_beyond_the_printed_rows_are_added() -> None:
    book = opened(write_form(LAYOUT, {(PEOPLE, "31", "Họ và tên"): "Lê Thị Út", (PEOPLE, "40", "Ông/Bà"): "Bà"}))
    sheet = book[PEOPLE]
    assert (sheet["A36"].value, sheet["C36"].value, sheet["A37"].value, sheet["B37"].value) == (
        31,
        "Lê Thị Út",
        40,
        "Bà",
    )
    assert not sheet["E36"].protection.locked


CORRECTED = (
    Correction(SCORES, "1.10", "Số liệu 1", "Số liệu 1 lớn hơn Số liệu 2. Kiểm tra lại."),
    Correction(SCORES, "1.10", "Số liệu 1", "Ô chứa công thức. Gõ kết quả."),
    Correction(SCORES, "1.1.1", "Tiêu chí", "Nội dung in sẵn đã bị sửa.", blocks=False),
    Correction(PEOPLE, "31", "Họ và tên", "Người này đã có ở dòng 6."),
    Correction(INFORMATION, "", "", "Không thấy cột «Trả lời»."),
    Correction("", "", "", "Chưa có căn cứ về ngày nhận.", blocks=False),
)


def test_corrections_come_first_with_a_link_to_each_cell() -> None:
    book = opened(write_form(LAYOUT, {**FULL, (PEOPLE, "31", "Họ và tên"): "Bà"}, CORRECTED))
    assert book.sheetnames[0] == CORRECTIONS
    lines = [[cell.value for cell in row] for row in book[CORRECTIONS].iter_rows(min_row=FIRST_ROW)]
    assert [line[:4] for line in lines] == [
        ["Cả phiếu", None, None, None],
        [1, None, "Xem lại", None],
        [f"Sheet {INFORMATION}", None, None, None],
        [2, "mở sheet", "Phải sửa", None],
        [f"Sheet {SCORES}", None, None, None],
        [3, "B8", "Xem lại", "1.1.1. Tiêu chí 1.1.1 – Tiêu chí"],
        [4, "E10", "Phải sửa", "1.10. Tiêu chí 1.10 – Số liệu 1"],
        [5, "E10", "Phải sửa", "1.10. Tiêu chí 1.10 – Số liệu 1"],
        [f"Sheet {PEOPLE}", None, None, None],
        [6, "C36", "Phải sửa", "Thứ tự 31, Bà – Họ và tên"],
    ]
    assert [line[4] for line in lines[5:]] == ["Tiêu chí 1.1.1", 3, 3, None, "Bà"]
    links = [row[1].hyperlink.location for row in book[CORRECTIONS].iter_rows(min_row=FIRST_ROW) if row[1].hyperlink]
    assert links == [f"'{INFORMATION}'!C6", f"'{SCORES}'!B8", f"'{SCORES}'!E10", f"'{SCORES}'!E10", f"'{PEOPLE}'!C36"]
    assert book[CORRECTIONS]["A3"].value.startswith("Phiếu còn 4 chỗ phải sửa.")


def test_corrected_cells_are_red_and_say_why() -> None:
    book = opened(write_form(LAYOUT, FULL, CORRECTED))
    noted = {
        (sheet.title, cell.coordinate): cell.comment.text
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }
    # What concerns the whole sheet is said at each cell that must be answered there.
    whole_sheet = {(INFORMATION, f"C{row}") for row in range(6, 12)}
    assert set(noted) == {(SCORES, "E10"), (SCORES, "B8"), (PEOPLE, "C36")} | whole_sheet
    assert noted[SCORES, "E10"] == "Số liệu 1 lớn hơn Số liệu 2. Kiểm tra lại.\nÔ chứa công thức. Gõ kết quả."
    assert book[SCORES]["E10"].fill.fgColor.rgb == "FFF8CBCB"
    assert not book[SCORES]["E10"].protection.locked
    assert book[SCORES]["B8"].protection.locked
    assert "E10" not in " ".join(str(area.sqref) for area in book[SCORES].conditional_formatting)


def test_a_refusal_of_the_library_does_not_pass() -> None:
    with pytest.raises(NotWritten):
        checked(-2)
    sheet = open_workbook().add_sheet("A")
    with pytest.raises(NotWritten):
        put(sheet, 1_048_577, 1, "quá xa")
    for value in (0.5, True, Fraction(1, 3), Decimal("NaN"), Decimal("0.1234567890123456")):
        with pytest.raises(TypeError):
            put(sheet, 1, 1, value)  # type: ignore[arg-type]


def without_cached_values(content: bytes) -> bytes:
    """The same workbook as if nothing had ever calculated it."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", old.read(name)))
    return made.getvalue()


@pytest.mark.office
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_an_office_program_calculates_what_we_wrote(tmp_path: Path) -> None:
    left_out = {(SCORES, "1.10", "Số liệu 2"): 0, (SCORES, "1.10", "Điểm tự chấm"): ""}
    undated = {(TASKS, "NV-01", "Ngày hoàn thành"): "", (TASKS, "NV-02", "Tình trạng"): ""}
    content = write_form(LAYOUT, {**FULL, **left_out, **undated, (PEOPLE, "9", "Họ và tên"): "Lê Văn Tám"})
    (tmp_path / "phieu.xlsx").write_bytes(without_cached_values(content))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", tmp_path / "out", tmp_path / "phieu.xlsx"], check=True, capture_output=True)
    formulas, ours = opened(content), opened(content, values=True)
    theirs = opened((tmp_path / "out" / "phieu.xlsx").read_bytes(), values=True)
    cells = [(s.title, c.coordinate) for s in formulas for row in s.iter_rows() for c in row if c.data_type == "f"]
    assert len(cells) == 4 + 1 + 3 * len(LAYOUT.sheets)
    assert {cell: theirs[cell[0]][cell[1]].value for cell in cells} == {
        cell: pytest.approx(value) if isinstance(value := ours[cell[0]][cell[1]].value, float) else value
        for cell in cells
    }
    assert ours[SELF_CHECK]["A5"].value == "Còn 4 ô bắt buộc chưa điền"


# Printed once, set many times

PLANS = [(plan_id, round_) for plan_id in shipped_plan_ids() for round_ in load_plan(plan_id).rounds]


def wrong_at(layout: FormLayout, seed: str) -> tuple[Correction, ...]:
    """Corrections of the return, a sheet, a row, and of cells of each sheet: answers and printed ones, both levels."""
    chance, first = Random(seed), layout.sheets[0].name
    found = [Correction("", "", "", "Chưa rõ ngày nhận.", False), Correction(first, "", "", "Xem lại cả sheet.")]
    for sheet in layout.sheets:
        cells = [(row.code, column.header) for row in sheet.rows[:30] for column in sheet.columns]
        for code, header in chance.sample(cells, 5):
            found.append(Correction(sheet.name, code, header, f"Sửa ô «{header}»: a < b & c.", chance.random() < 0.6))
        found.append(Correction(sheet.name, chance.choice(sheet.rows).code, "", "Xem lại cả dòng."))
    return tuple(found)


def not_afresh(*_: object) -> bytes:
    raise AssertionError("written afresh")


@pytest.mark.parametrize(("plan_id", "round_"), first_here(PLANS, 3), ids=lambda part: getattr(part, "code", part))
def test_a_form_set_is_byte_for_byte_the_form_written(
    plan_id: str, round_: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blank, filled, and with corrections: what was printed once is set for all, and none written afresh."""
    campaign = invent(load_plan(plan_id), round_, seed=3, units=30)
    layouts = lay_out_all(campaign.plan, round_)
    press = FormPress(layouts.values())
    alike: dict[object, list[DemoReturn]] = {}
    for item in campaign.returns:
        layout = layouts[item.unit.code]
        alike.setdefault((id(layout.sheets), bool(layout.contact)), []).append(item)
    units = max(alike.values(), key=len)[:3]
    given = [(layouts[item.unit.code], answers, ()) for item in units for answers in ({}, item.answers)]
    given += [(layouts[item.unit.code], item.answers, wrong_at(layouts[item.unit.code], item.path)) for item in units]
    written = [write_form(*asked) for asked in given]
    monkeypatch.setattr("thidua_xlsx.workbooks.form_workbook.write_form", not_afresh)
    assert [press.write(*asked) for asked in given] == written


# What a unit is called, and whom to ask there: plain, long, with what XML or XlsxWriter escape, or printed elsewhere.
OWN = (
    ("Phòng A", ""), ("Đội " + "quản lý trật tự " * 9 + "phường", "Lê Văn Tám"), ("A & B", "x"),
    ("Phòng A", "<x@y.vn>"), ("<r>x</r>", ""), (" lùi", ""), ("Có", "Có"), (SCORES, "dài " * 40 + "lắm"),
    ("dài " * 60, ""),
)  # fmt: skip
TYPED: Answers = {
    (INFORMATION, "ngay", "Trả lời"): date(1900, 2, 28),
    (INFORMATION, "mo-ta", "Trả lời"): "nhiều dòng " * 40,
    (SCORES, "1.1.2", "Số liệu 1"): Decimal("0.1234567890123456789"),
    (SCORES, "1.1.2", "Số liệu 2"): "",
    (SCORES, "1.10", "Số liệu 1"): "a < b & c",
    (PEOPLE, "3", "Họ và tên"): "Có",
}


@pytest.mark.parametrize(("name", "contact"), OWN)
def test_whatever_a_unit_is_called_and_types(name: str, contact: str) -> None:
    beyond: Answers = {(PEOPLE, "31", "Họ và tên"): "Lê Thị Út"}
    strange: Answers = {(SCORES, "1.10", "Giải trình"): "dòng một\ndòng hai _x0041_ "}
    layout = replace(LAYOUT, unit_name=name, contact=contact)
    press = FormPress([layout, layout])
    press.write(replace(layout, stamp=replace(LAYOUT.stamp, unit="KHAC"), unit_name="Đơn vị khác"))
    for answers in ({}, {**FULL, (TASKS, "NV-01", "Tình trạng"): ""}, TYPED, beyond, strange):
        assert press.write(layout, answers) == write_form(layout, answers)
    for asked in (CORRECTED[:3], CORRECTED, (Correction("", "", "", " lùi, dòng một\ndòng hai"),)):
        assert press.write(layout, TYPED, asked) == write_form(layout, TYPED, asked)


def test_a_plan_whose_printed_texts_cannot_be_set_is_written_afresh() -> None:
    sheet = LAYOUT.sheets[0]
    odd = replace(LAYOUT, sheets=(replace(sheet, guidance=" lùi vào "), *LAYOUT.sheets[1:]))
    press = FormPress([odd, odd])
    for number in range(2):
        one = replace(odd, unit_name=f"Đơn vị {number}")
        assert press.write(one) == write_form(one)


def test_what_is_only_shown_does_not_get_into_another_unit_s_form() -> None:
    """Two forms of one version may differ in the figures of last year: each is printed as its own."""
    shown = replace(LAYOUT.sheets[0], guidance="Một lời dẫn khác.")
    other = replace(LAYOUT, sheets=(shown, *LAYOUT.sheets[1:]))
    press = FormPress([LAYOUT, other])
    assert [press.write(one) for one in (LAYOUT, other, LAYOUT)] == [write_form(one) for one in (LAYOUT, other, LAYOUT)]
