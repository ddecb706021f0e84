"""The plan language in its two forms: what a key may hold, how a sheet is found, what is told where."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from small_plan import (
    TEXT,
    TEXT_FILE,
    WORKBOOK_FILE,
    changed,
    check_text,
    check_workbook,
    in_text,
    in_workbook,
    literal,
    rows_of,
    small_plan,
    text_of,
    workbook_of,
)

from thidua_xlsx.model.findings import Finding
from thidua_xlsx.model.language import BY_NAME, FACTS, METHODS, OPERATORS, TABLES, Holds
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Plan
from thidua_xlsx.stages.plans.fact_names import fact_type
from thidua_xlsx.workbooks.plan_text import plan_text, read_plan_text
from thidua_xlsx.workbooks.plan_workbook import read_plan_workbook, write_plan_workbook


def told(findings: tuple[Finding, ...]) -> list[tuple[str, Place]]:
    return [(item.code.name, item.place) for item in findings]


def reworked(work: Any) -> bytes:
    """The workbook form after somebody worked on it (``work`` gets the openpyxl workbook)."""
    book = openpyxl.load_workbook(BytesIO(write_plan_workbook(small_plan())))
    work(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


# What a key may hold

VALUES = [
    # key of the small plan's first row, what stands there, what is read (None: told as PLAN_VALUE_KIND)
    ("round", "from_year", "2025", 2025),
    ("round", "from_year", Decimal("2025.0"), 2025),
    ("round", "from_year", Decimal("2025.5"), None),
    ("round", "from_year", "hai nghìn", None),
    ("round", "from_year", True, None),
    ("round", "from_year", 10**40, None),
    ("round", "deadline", "30/01/2026", date(2026, 1, 30)),
    ("round", "deadline", "30-1-2026", date(2026, 1, 30)),
    ("round", "deadline", "2026-01-30", date(2026, 1, 30)),
    ("round", "deadline", "01/30/2026", None),
    ("round", "deadline", "quý I", None),
    ("round", "deadline", 2026, None),
    ("round", "deadline", date(1, 1, 1), None),
    ("round", "inclusive", "Có", True),
    ("round", "inclusive", "KHÔNG", False),
    ("round", "inclusive", "Đúng", None),
    ("round", "vote_share", "66,5", Decimal("66.5")),
    ("round", "vote_share", "66.5", Decimal("66.5")),
    ("round", "vote_share", "1.250", None),  # a thousand, or one and a quarter
    ("round", "vote_share", "80 %", None),
    ("round", "clause", 3, "3"),
    ("round", "clause", Decimal("1.10"), "1.10"),
    ("round", "clause", date(2026, 1, 30), None),
    ("round", "clause", "x" * 6000, None),
    ("round", "name", "  Hằng \u00a0 năm\t", "Hằng năm"),
    ("round", "name", "Ha\u0306\u0300ng năm", "Hằng năm"),
    ("unit", "traits", " a ;; b; ", ("a", "b")),
    ("unit", "block", "phong; xa", None),
    ("criterion", "code", Decimal("1.10"), "1.10"),
    ("level", "from", Decimal("80.50"), Decimal("80.5")),
]


@pytest.mark.parametrize(("table", "key", "written", "read"), VALUES)
def test_a_value_is_what_its_key_holds_or_is_told(table: str, key: str, written: Any, read: object) -> None:
    rows = changed((table, 1, key, written))
    raw, _ = read_plan_text(text_of(rows).encode(), TEXT_FILE)
    _, findings = check_text(text_of(rows))
    place = in_text(table, 1, key, rows)
    assert (("PLAN_VALUE_KIND", place) in told(findings)) == (read is None)
    if read is not None:
        from thidua_xlsx.stages.plans.build_plan import draft_plan

        plan = draft_plan(raw).plan
        assert getattr(plan.table(table)[0], "from_" if key == "from" else key) == read


def test_parameters_keep_their_order_and_take_a_decimal_comma() -> None:
    rows = changed(("criterion", 2, "parameters", "Đúng hạn = 19,5;Trễ = hạn = 10 ; Không=0"))
    plan, findings = check_text(text_of(rows))
    assert plan is not None, findings
    assert plan.criteria[1].parameters == (("Đúng hạn", "19.5"), ("Trễ = hạn", "10"), ("Không", "0"))


def test_a_list_may_be_a_toml_array() -> None:
    plan, findings = check_text(TEXT.replace('units = "VP; KT"', 'units = ["VP", "KT"]'))
    assert plan == small_plan(), findings


@pytest.mark.parametrize("table", [table for table in TABLES if table.name != "plan"], ids=lambda table: table.name)
def test_every_required_value_is_asked_for_at_its_key(table: Any) -> None:
    for key in (key for key in table.keys if key.required):
        rows = changed((table.name, 1, key.name, None))
        assert ("PLAN_VALUE_MISSING", in_text(table.name, 1, key.name, rows)) in told(check_text(text_of(rows))[1])
        found = told(check_workbook(workbook_of((table.name, 1, key.name, None)))[1])
        assert ("PLAN_VALUE_MISSING", in_workbook(table.name, 1, key.name)) in found


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_closed_value_is_held_to_its_list(table: Any) -> None:
    for key in (key for key in table.keys if key.options):
        rows = changed((table.name, 1, key.name, "lạ"))
        _, findings = check_text(text_of(rows))
        assert ("PLAN_NOT_IN_LIST", in_text(table.name, 1, key.name, rows)) in told(findings)
        assert all(value in findings[0].message for value, _ in key.options)


# The text form


def test_the_canonical_text_comes_back_byte_for_byte() -> None:
    assert plan_text(small_plan()) == TEXT


def test_text_in_another_shape_is_the_same_plan() -> None:
    """Comments, blank lines, Windows line ends, a byte order mark, tables under headings."""
    shaped = TEXT.replace("block = [", "# các khối\n\nblock = [  # khối").replace("}", "}   ")
    start, end = TEXT.index("plan = ["), TEXT.index("round = [")
    head = rows_of()["plan"][0]
    heading = "\n\n[plan]\n" + "".join(f"{key} = {literal(value)}\n" for key, value in head.items())
    shaped = shaped.replace(shaped[start : shaped.index("round = [")], "") + heading
    assert end
    plan, findings = check_text("\ufeff" + shaped.replace("\n", "\r\n"))
    assert plan == small_plan(), findings


def test_a_key_under_a_heading_is_told_by_its_own_line() -> None:
    lines = TEXT + '\n[[task]]\ncode = "NV3"\nname = "Thi đua"\ndue = "mai"\n'
    start = lines.index("task = [")
    moved = lines[:start] + lines[lines.index("question = [") :]
    _, findings = check_text(moved)
    line = moved.splitlines().index('due = "mai"') + 1
    assert ("PLAN_VALUE_KIND", Place(TEXT_FILE, "task", f"dòng {line}, khóa due")) in told(findings)


SYNTAX = [
    ('plan = [\n  {id = "a", title = },\n]\n', "dòng 2"),
    ('plan = [\n  {id = "a"},\n', "dòng 3"),
    ("plan = [\n]\nplan = [\n]\n", "dòng 4"),
    ('plan = [\n  {id = "a", id = "b"},\n]\n', "dòng 2"),
    ("x = " + "[" * 3000 + "]" * 3000 + "\n", "dòng 2"),
    ("x = " + "9" * 5000 + "\n", "dòng 2"),
]


@pytest.mark.parametrize(("text", "line"), SYNTAX)
def test_what_is_no_toml_is_told_with_its_line_in_vietnamese(text: str, line: str) -> None:
    rows, findings = read_plan_text(text.encode(), TEXT_FILE)
    assert rows == ()
    assert told(findings) == [("PLAN_UNREADABLE", Place(TEXT_FILE, "", line))]
    assert "sai cú pháp TOML" in findings[0].message


def test_bytes_that_are_no_unicode_are_told_with_their_line() -> None:
    _, findings = read_plan_text(b'plan = [\n  {id = "\xff"},\n]\n', TEXT_FILE)
    assert told(findings) == [("PLAN_UNREADABLE", Place(TEXT_FILE, "", "dòng 2"))]


@pytest.mark.parametrize("value", ["{x = 1}", "[[1]]", "07:32:00", "1979-05-27T07:32:00Z", "inf", "nan", "1e400"])
def test_what_no_cell_can_hold_is_told_at_its_key(value: str) -> None:
    text = TEXT.replace("total_collectives = 2", f"total_collectives = {value}")
    _, findings = check_text(text)
    assert told(findings) == [("PLAN_VALUE_KIND", in_text("round", 1, "total_collectives", rows_of()))]


def test_unknown_tables_and_keys_of_the_text_are_told_with_what_was_meant() -> None:
    text = TEXT.replace("quota = [", "quotas = [").replace('email = "vp', 'mail = "vp')
    _, findings = check_text(text)
    found = {item.code.name: item for item in findings}
    assert found["PLAN_UNKNOWN_KEY"].place.cell.endswith("khóa mail")
    assert "«email»" in found["PLAN_UNKNOWN_KEY"].message
    assert "«quota»" in found["PLAN_UNKNOWN_TABLE"].message
    assert "PLAN_INCOMPLETE" in found  # and so there is no quota at all


def test_a_plan_of_nothing_says_what_is_missing() -> None:
    plan, findings = check_text("")
    assert plan is None
    assert {item.value for item in findings} == {"plan", "round", "block", "unit", "quota"}


def test_the_table_of_the_plan_has_one_row() -> None:
    rows = rows_of()
    rows["plan"] *= 2
    _, findings = check_text(text_of(rows))
    assert told(findings) == [("PLAN_DUPLICATE", in_text("plan", 2, "id", rows))]


# The workbook form


def test_the_workbook_says_the_same_as_the_text() -> None:
    data = write_plan_workbook(small_plan())
    plan, findings = check_workbook(data)
    assert findings == ()
    assert plan is not None
    assert plan_text(plan) == TEXT
    assert write_plan_workbook(plan) == data


def test_what_staff_may_do_with_the_workbook_changes_nothing() -> None:
    """Move sheets and columns, rename by case, insert a row above, hide, filter, type codes into number cells."""

    def work(book: Any) -> None:
        book.move_sheet("Điều kiện", -8)
        book["Đơn vị"].title = "x"  # openpyxl takes the same name in capitals for a second sheet
        book["x"].title = " ĐƠN  VỊ"
        book["Khối"].insert_rows(1, 2)
        block = book["Khối"]
        for row in range(3, 7):
            block.cell(row, 1).value, block.cell(row, 2).value = block.cell(row, 2).value, block.cell(row, 1).value
        book["Tiêu chí"]["A3"].value = 1
        book["Tiêu chí"]["A4"].value = 1.1
        book["Đợt xét"]["F3"].value = "30/01/2026"
        book["Đợt xét"]["H3"].value = datetime(2026, 2, 15)
        book["Số lượng"].row_dimensions[3].hidden = True
        book["Ghi chú"].sheet_state = "hidden"
        del book["Hướng dẫn"], book["Danh mục"]

    plan, findings = check_workbook(reworked(work))
    assert findings == ()
    assert plan == small_plan()


def test_headings_do_where_the_machine_row_was_deleted() -> None:
    plan, findings = check_workbook(reworked(lambda book: book["Điều kiện"].delete_rows(2)))
    assert findings == ()
    assert plan == small_plan()


def test_a_row_without_anything_in_it_is_no_row() -> None:
    plan, _ = check_workbook(reworked(lambda book: book["Đơn vị"].insert_rows(4, 3)))
    assert plan == small_plan()


def test_a_sheet_that_is_no_table_is_told() -> None:
    def work(book: Any) -> None:
        book["Câu hỏi"].title = "Câu hỏii"
        book.create_sheet("Nháp")["B2"] = "x"
        book.create_sheet("Trống")

    _, findings = check_workbook(reworked(work))
    strangers = [item for item in findings if item.code.name == "PLAN_UNKNOWN_TABLE"]
    assert [item.place for item in strangers] == [
        Place(WORKBOOK_FILE, "Câu hỏii", "A1"),
        Place(WORKBOOK_FILE, "Nháp", "A1"),
    ]
    assert "«Câu hỏi»" in strangers[0].message


def test_a_column_that_is_no_key_is_told_at_its_name() -> None:
    def work(book: Any) -> None:
        sheet = book["Khối"]
        sheet["B2"] = "ten"
        sheet["D1"], sheet["D3"] = "Điện thoại", "0292"

    _, findings = check_workbook(reworked(work))
    unknown = [item.place.cell for item in findings if item.code.name == "PLAN_UNKNOWN_KEY"]
    assert unknown == ["B2", "D2"]
    assert ("PLAN_VALUE_MISSING", Place(WORKBOOK_FILE, "Khối", "A3")) in told(findings)


def test_a_column_named_twice_is_told() -> None:
    def work(book: Any) -> None:
        book["Đơn vị"]["O2"] = "code"

    _, findings = check_workbook(reworked(work))
    assert ("PLAN_DUPLICATE", Place(WORKBOOK_FILE, "Đơn vị", "O2")) in told(findings)


@pytest.mark.parametrize(("typed", "says"), [("=1+1", "không phải công thức"), ("#REF!", "đang báo lỗi")])
def test_formulas_and_errors_are_no_values(typed: str, says: str) -> None:
    def work(book: Any) -> None:
        book["Tiêu chí"]["D3"] = typed
        book["Tiêu chí"]["D3"].data_type = "f" if typed.startswith("=") else "e"

    _, findings = check_workbook(reworked(work))
    assert told(findings) == [("PLAN_VALUE_KIND", in_workbook("criterion", 1, "max"))]
    assert says in findings[0].message


def test_what_is_no_plan_workbook_is_refused_in_words() -> None:
    empty = BytesIO()
    openpyxl.Workbook().save(empty)
    for data in (b"", b"%PDF-1.4", empty.getvalue()):
        rows, findings = read_plan_workbook(data, WORKBOOK_FILE)
        assert rows == ()
        assert told(findings) == [("PLAN_UNREADABLE", Place(WORKBOOK_FILE))]


def sheets_of(plan: Plan) -> Any:
    return openpyxl.load_workbook(BytesIO(write_plan_workbook(plan)))


def test_the_workbook_opens_ready_for_staff() -> None:
    book = sheets_of(small_plan())
    assert book.sheetnames == ["Hướng dẫn", *(table.sheet for table in TABLES), "Danh mục"]
    for table in TABLES:
        sheet = book[table.sheet]
        assert sheet.freeze_panes == "B3"
        assert sheet.auto_filter.ref.startswith("A2:")
        assert sheet.page_setup.orientation == "landscape"
        assert str(sheet.page_setup.paperSize) == "9"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_rows == "$1:$2"
        for column, key in enumerate(table.keys, start=1):
            heading = sheet.cell(1, column)
            assert heading.value == key.heading + (" *" if key.required else "")
            assert heading.font.bold
            assert sheet.cell(2, column).value == key.name
            assert key.note in heading.comment.text
            assert all(value in heading.comment.text for value, _ in key.options)


def rules_by_key(book: Any) -> dict[tuple[str, str], Any]:
    found = {}
    for table in TABLES:
        for rule in book[table.sheet].data_validations.dataValidation:
            for area in rule.sqref.ranges:
                found[table.name, table.keys[area.min_col - 1].name] = rule
    return found


def test_closed_values_have_drop_downs_that_hold_and_lists_of_codes_some_that_advise() -> None:
    book = sheets_of(small_plan())
    rules = rules_by_key(book)
    for table in TABLES:
        for key in table.keys:
            rule = rules.get((table.name, key.name))
            if key.options or key.holds is Holds.FLAG or key.refers:
                assert rule is not None, (table.name, key.name)
                assert rule.showErrorMessage == (key.holds is not Holds.CODES and key.refers != "scale")
    for (table_name, name), rule in rules.items():
        sheet, cells = rule.formula1.rsplit("!", 1)
        first, last = cells.replace("$", "").split(":")
        offered = [row[0].value for row in book[sheet.strip("'")][first:last]]
        key = BY_NAME[table_name].key(name)
        assert key is not None
        if key.options:
            assert offered == [value for value, _ in key.options]
        assert offered[0]


def test_the_guide_explains_the_whole_language() -> None:
    said = "\n".join(str(cell.value) for row in sheets_of(small_plan())["Hướng dẫn"] for cell in row if cell.value)
    words = {table.sheet for table in TABLES} | {key.note for table in TABLES for key in table.keys}
    words |= {f"{value}: {means}" for table in TABLES for key in table.keys for value, means in key.options}
    words |= {*FACTS, *(means for _, means in FACTS.values()), *(means for _, means in (*OPERATORS, *METHODS))}
    words.add("thidua plan check ke-hoach.xlsx")
    assert not {word for word in words if word not in said}


# Names of facts


@pytest.mark.parametrize(
    ("name", "subject", "kind"),
    [
        ("doan-ket", "collective", "yes_no"),
        ("doan-ket", "individual", None),
        ("unit.doan-ket", "individual", "yes_no"),
        ("sang-kien", "collective", "number"),
        ("xep-loai", "individual", "level"),
        ("chi-so", "individual", "index"),
        ("CS1", "collective", "index"),
        ("tham-muu", "collective", "yes_no"),
        ("unit.tham-muu", "individual", "yes_no"),
        ("indices", "individual", "indices"),
        ("priority", "individual", "rank"),
        ("priority", "collective", None),
        ("unit.priority", "individual", None),
        ("unit.unit.rank", "individual", None),
        ("unit.rank", "collective", None),
        ("prior_awards", "individual", "count"),
        ("nowhere", "collective", None),
    ],
)
def test_a_fact_is_known_by_its_name_and_whom_it_is_about(name: str, subject: str, kind: str | None) -> None:
    assert fact_type(small_plan(), name, subject) == kind
