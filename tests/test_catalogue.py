"""The catalogue of findings: every code is raised by a real stage, says what to do, and stands in the guide."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from filled_return import (
    PLAN,
    PLAN_TEXT,
    ROUND,
    address_of,
    cell_of,
    filled_book,
    layout_of,
    opened,
    plan_of,
    position,
    retyped,
    valid_answers,
)
from generate import SHARED
from small_plan import TEXT, changed, check_text, small_plan, text_of
from test_plan_linter import FAULTS

from thidua_xlsx.model.bundle import Aside, Bundle
from thidua_xlsx.model.cells import Book, Cell, Kind, Refusal, Sheet
from thidua_xlsx.model.findings import AREAS, IN_OWN_COPY, Code, Severity, finding, lines
from thidua_xlsx.model.form import CLAIM, DONE, PEOPLE, SCORES, TASKS, Stamp
from thidua_xlsx.model.office import (
    DECLINE,
    OFFICE_HEADERS,
    REGISTER_HEADERS,
    Given,
    Office,
    Reception,
    Register,
)
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Plan
from thidua_xlsx.model.refusals import DISAGREEMENT, REFUSALS, REMARKS, REMEDIES, UNTOLD
from thidua_xlsx.pipeline.assess import assess
from thidua_xlsx.pipeline.gather import Inputs
from thidua_xlsx.stages.forms.lay_out import check_of
from thidua_xlsx.stages.intake.receive import ReturnedFile, Seen
from thidua_xlsx.stages.office.read_office import read_office, read_register
from thidua_xlsx.workbooks.catalogue import BLANKS, CATALOGUE, SHEET, areas
from thidua_xlsx.workbooks.form_workbook import write_form
from thidua_xlsx.workbooks.plan_text import plan_text
from thidua_xlsx.workbooks.plan_workbook import write_plan_workbook
from thidua_xlsx.workbooks.plans import read_plan, shipped_plan_folder
from thidua_xlsx.workbooks.reader.cells import read_book
from thidua_xlsx.workbooks.reader.second_reading import ONE_READER

PACKAGE = Path(__file__).parent.parent / "thidua_xlsx"
FIRST, SECOND = "Số liệu 1", "Số liệu 2"
STATE, DATE = "Tình trạng", "Ngày hoàn thành"
TODAY = date(2026, 2, 1)

OTHER_VERBS = (
    "COUNCIL_", "SUMMARY_", "BALLOT_", "VOTES_", "SEATS_", "TIE_", "OPINION_", "NO_LONGER_", "TEMPLATE_",
)  # fmt: skip
# A code of the readers, as it stands in code.
CODE = re.compile(r'"([FSNV]-[A-Z0-9-]+)"')

Codes = set[Code]


def run(*files: ReturnedFile, office: Office = Office(), seen: dict[str, Seen] | None = None,  # noqa: B008
        plan: Plan = PLAN) -> Codes:  # fmt: skip
    """Every code of a run over these files: of its findings, and of its list of files."""
    inputs = Inputs(
        plan=plan, round=plan.rounds[0], files=files, office=office, register=Register(), first_seen=seen or {},
        findings=(), today=TODAY,
    )  # fmt: skip
    result, _ = assess(inputs)
    found = {item.code for item in result.findings}
    return found | {Code[item.code] for item in result.files if item.code in Code.__members__}


def file_of(book: Book | Refusal | None, path: str = "nop/VP.xlsx", **more: object) -> ReturnedFile:
    return ReturnedFile(path, more.pop("sha256", path), book, **more)  # type: ignore[arg-type]


def answered(*cells: tuple[str, str, str, str]) -> Codes:
    """A run over one return with these cells typed: (sheet, code, header, what stands there)."""
    book = filled_book()
    made = {(sheet, address_of(layout_of(), sheet, code, header)): cell_of(text) for sheet, code, header, text in cells}
    return run(file_of(retyped(book, made)))


def with_sheet(name: str, work: Callable[[dict[tuple[int, int], Cell]], None], **more: object) -> Book:
    """The valid return after somebody worked on the cells of one sheet."""
    sheets = []
    for sheet in filled_book().sheets:
        cells = dict(sheet.cells)
        if sheet.name == name:
            work(cells)
        sheets.append(replace(sheet, cells=cells, **(more if sheet.name == name else {})))
    return replace(filled_book(), sheets=tuple(sheets))


def worked(name: str, work: Callable[[dict[tuple[int, int], Cell]], None], **more: object) -> Codes:
    return run(file_of(with_sheet(name, work, **more)))


def rows_moved(cells: dict[tuple[int, int], Cell], source: int, target: int | None, *, keep: bool = False) -> None:
    """A row of cells to another place, or nowhere; ``keep`` leaves the old one."""
    for (row, column), cell in list(cells.items()):
        if row == source:
            if not keep:
                del cells[row, column]
            if target:
                cells[target, column] = cell


def stamped(*stamps: str, name: str = "Bảng") -> Book:
    return Book(tuple(Sheet(f"{name} {n}", {(2, 1): Cell(Kind.TEXT, text)}) for n, text in enumerate(stamps)))


def stamp(unit: str = "VP", year: int = 2025) -> str:
    own = layout_of().stamp
    check = check_of(own.plan, year, own.round, unit, own.version)
    return str(Stamp(own.plan, year, own.round, unit, own.version, check))


def reception(path: str = "nop/VP.xlsx", received: date | None = None, decision: str = "") -> Office:
    return Office((Reception(path, "", "", received, decision, "", "", Place("co-quan.xlsx", "Tiếp nhận", "A2")),))


def office_typed(sheet: str, *rows: tuple[str, ...]) -> Codes:
    """What is said about co-quan.xlsx with these rows in one of its sheets."""
    tables = {name: [headers] for name, headers in OFFICE_HEADERS.items()}
    tables[sheet] += rows
    _, findings = read_office(book_of(tables), "co-quan.xlsx", PLAN, ROUND)
    return {item.code for item in findings}


def book_of(tables: dict[str, list[tuple[str, ...]]]) -> Book:
    return Book(
        tuple(
            Sheet(name, {(r, c): cell for r, row in enumerate(rows, 1) for c, text in enumerate(row, 1)
                         if (cell := cell_of(text))})
            for name, rows in tables.items()
        )
    )  # fmt: skip


def given(value: Decimal | str) -> Given:
    return Given(value, "", Place("co-quan.xlsx", "Điểm thẩm định", "C2"))


def two_versions(**more: object) -> tuple[ReturnedFile, ReturnedFile]:
    other = retyped(filled_book(), {(SCORES, "G8"): cell_of("5"), (SCORES, "E8"): cell_of("3")})
    return file_of(filled_book(), "nop/a.xlsx"), file_of(other, "nop/b.xlsx", **more)


def same_person() -> Codes:
    """Two units put forward the same person: the second unit's form with the first one's cells of «Cá nhân»."""
    people = next(sheet for sheet in filled_book("VP").sheets if sheet.name == PEOPLE)
    own = filled_book("VH")
    name, born = ((PEOPLE, address_of(layout_of("VH"), PEOPLE, "1", header)) for header in ("Họ và tên", "Ngày sinh"))
    cells = {key: people.cells[position(key[1])] for key in (name, born)}
    return run(file_of(filled_book("VP")), file_of(retyped(own, cells), "nop/VH.xlsx"))


def late(policy: str) -> Codes:
    plan = replace(PLAN, rounds=(replace(ROUND, late=policy),))
    return run(file_of(filled_book()), office=reception(received=date(2026, 2, 5)), plan=plan)


def outdated() -> Codes:
    """The form asks something that the plan no longer asks in these words."""
    plan = replace(
        PLAN, questions=tuple(replace(item, label=f"{item.label} mới") for item in PLAN.questions)
    )
    return run(file_of(filled_book()), plan=plan)


def older() -> Codes:
    """One hint less decides nothing: the task's words stay, only its unit list grew."""
    plan = plan_of(text_without_task())
    return run(file_of(filled_book()), plan=plan)


def text_without_task() -> str:
    return PLAN_TEXT.replace('  {code = "NV2", name = "Rà soát"},\n', "")


def newer_invalid() -> Codes:
    wrong = retyped(filled_book(), {(SCORES, "G8"): cell_of("nhiều")})
    files = (file_of(filled_book(), "nop/a.xlsx"), file_of(wrong, "nop/b.xlsx"))
    return run(*files, seen={"nop/a.xlsx": Seen(date(2026, 1, 2), 1)})


def plan_told(name: str) -> Codes:
    """What the linter says of the first of its table of faults that raises this code."""
    fault = next((changes for changes, told in FAULTS.values() if name in {code for code, *_ in told}), None)
    if fault is None:
        return set()
    return {item.code for item in check_text(text_of(changed(*fault)))[1]}


def plan_text_told(old: str, new: str) -> Codes:
    assert old in TEXT
    return {item.code for item in check_text(TEXT.replace(old, new))[1]}


def two_plans(folder: Path) -> Codes:
    plan = small_plan()
    (folder / "ke-hoach.toml").write_text(plan_text(replace(plan, gates=plan.gates[1:])), "utf-8")
    (folder / "ke-hoach.xlsx").write_bytes(write_plan_workbook(plan))
    return {item.code for item in read_plan(folder)[1]}


def unreadable_plan(folder: Path) -> Codes:
    (folder / "ke-hoach.toml").write_text("plan = [", "utf-8")
    return {item.code for item in read_plan(folder)[1]}


def remarked(code: Code) -> Codes:
    remark = next(name for name, told in REMARKS.items() if told is code)
    return run(file_of(replace(filled_book(), remarks=(remark,))))


def doubled_column(cells: dict[tuple[int, int], Cell]) -> None:
    """«Số liệu 1» once more at the right end, with another figure."""
    column = position(address_of(layout_of(), SCORES, "1.2", FIRST))[1]
    for (row, at), cell in list(cells.items()):
        if at == column and row >= 5:
            cells[row, 14] = cell
    cells[position(address_of(layout_of(), SCORES, "1.2", FIRST))[0], 14] = Cell(Kind.NUMBER, "1")


def doubled_sheet() -> Codes:
    copy = next(item for item in with_sheet(SCORES, lambda _: None).sheets if item.name == SCORES)
    cells = {**copy.cells, position(address_of(layout_of(), SCORES, "1.2", FIRST)): Cell(Kind.NUMBER, "1")}
    book = filled_book()
    return run(file_of(replace(book, sheets=(*book.sheets, replace(copy, name=f"{SCORES} (2)", cells=cells)))))


def codes_swapped(cells: dict[tuple[int, int], Cell]) -> None:
    """Two rows whose codes say one thing and whose printed texts another."""
    one, other = (position(address_of(layout_of(), SCORES, code, FIRST))[0] for code in ("1.1", "1.3"))
    cells[one, 1], cells[other, 1] = cells[other, 1], cells[one, 1]


def code_became_a_date(cells: dict[tuple[int, int], Cell]) -> None:
    row = position(address_of(layout_of(), SCORES, "1.1", FIRST))[0]
    cells[row, 1] = Cell(Kind.NUMBER, "45658")


def blank_return() -> Codes:
    return run(file_of(opened(write_form(layout_of())), "nop/a.xlsx"), file_of(filled_book(), "nop/b.xlsx"))


def unknown_row(cells: dict[tuple[int, int], Cell]) -> None:
    row = max(row for row, _ in cells) + 1
    cells[row, 1] = Cell(Kind.TEXT, "9.9")
    cells[row, 2] = Cell(Kind.TEXT, "Tiêu chí tự thêm")
    cells[row, position(address_of(layout_of(), SCORES, "1.2", FIRST))[1]] = Cell(Kind.NUMBER, "3")


def named_otherwise() -> Codes:
    return run(file_of(filled_book(), "nop/KT.xlsx"))


def sheets_without(name: str) -> Codes:
    book = filled_book()
    return run(file_of(replace(book, sheets=tuple(sheet for sheet in book.sheets if sheet.name != name))))


def unscored() -> Codes:
    """A line that the office scores, and has not scored."""
    criteria = tuple(replace(item, who_answers="office") if item.code == "5" else item for item in PLAN.criteria)
    plan = replace(PLAN, criteria=criteria)
    layout = layout_of("VP", plan)
    return run(file_of(opened(write_form(layout, valid_answers(layout, plan)))), plan=plan)


OLD_FONT = "C«ng ty cæ phÇn x©y dùng"
ROW_1_2 = position(address_of(layout_of(), SCORES, "1.2", FIRST))[0]
TOTAL = next(row for row in layout_of().sheet(SCORES).rows if row.sums)  # type: ignore[union-attr]
TOTAL_ROW, TOTAL_COLUMN = position(address_of(layout_of(), SCORES, TOTAL.code, CLAIM))

RAISED: dict[Code, Callable[[], Codes]] = {
    Code.SHEET_TWICE: doubled_sheet,
    Code.COLUMN_TWICE: lambda: worked(SCORES, doubled_column),
    Code.MISSING_ANSWER: lambda: answered((SCORES, "5", CLAIM, "")),
    Code.NOT_A_NUMBER: lambda: answered((SCORES, "5", CLAIM, "nhiều")),
    Code.AMBIGUOUS_NUMBER: lambda: answered((SCORES, "1.2", FIRST, "'1.234")),
    Code.NOT_IN_LIST: lambda: answered((TASKS, "NV1", STATE, "xong rồi")),
    Code.NOT_A_DATE: lambda: answered((TASKS, "NV1", DATE, "tháng 5")),
    Code.DATE_OUT_OF_RANGE: lambda: answered((TASKS, "NV1", DATE, "2027-01-01")),
    Code.NUMERATOR_ABOVE_DENOMINATOR: lambda: answered((SCORES, "1.2", FIRST, "99"), (SCORES, "1.2", SECOND, "9")),
    Code.ZERO_DENOMINATOR: lambda: run(
        file_of(retyped(filled_book(), {(SCORES, f"{column}{ROW_1_2}"): cell_of("0") for column in "EF"})),
        plan=replace(
            PLAN, criteria=tuple(
                replace(item, zero_denominator="forbid") if item.code == "1.2" else item for item in PLAN.criteria
            )
        ),
    ),
    Code.ABOVE_MAXIMUM: lambda: answered((SCORES, "5", CLAIM, "11")),
    Code.BELOW_MINIMUM: lambda: answered((SCORES, "5", CLAIM, "-1")),
    Code.NOT_IN_STEPS: lambda: answered((SCORES, "4", CLAIM, "3.3")),
    Code.NOT_WHOLE: lambda: answered(("Thông tin", "sang-kien", "Trả lời", "2.5")),
    Code.FORMULA_IN_ANSWER: lambda: answered((SCORES, "5", CLAIM, "=4+1")),
    Code.ERROR_CELL: lambda: answered((SCORES, "5", CLAIM, "#REF!")),
    Code.RICH_TEXT: lambda: answered((SCORES, "5", CLAIM, "~82")),
    Code.LEGACY_ENCODING: lambda: answered(("Thông tin", "mo-ta", "Trả lời", OLD_FONT)),
    Code.TOO_LONG: lambda: answered(("Thông tin", "mo-ta", "Trả lời", "rất " * 200)),
    Code.SAME_PERSON_TWICE: lambda: worked(PEOPLE, lambda cells: rows_moved(cells, 6, 8, keep=True)),
    Code.SAME_ORDER_TWICE: lambda: answered((PEOPLE, "2", "Thứ tự", "1")),
    Code.COMPLETED_WITHOUT_DATE: lambda: answered((TASKS, "NV1", STATE, DONE), (TASKS, "NV1", DATE, "")),
    Code.SHEET_MISSING: lambda: sheets_without(SCORES),
    Code.HEADER_MISSING: lambda: worked(SCORES, lambda cells: cells.pop((5, 7))),
    Code.ROW_MISSING: lambda: worked(SCORES, lambda cells: rows_moved(cells, ROW_1_2, None)),
    Code.ROW_TWICE: lambda: worked(SCORES, lambda cells: rows_moved(cells, ROW_1_2, 40, keep=True)),
    Code.ROW_UNSURE: lambda: worked(SCORES, codes_swapped),
    Code.ROW_UNKNOWN: lambda: worked(SCORES, unknown_row),
    Code.CODE_REPAIRED: lambda: worked(SCORES, code_became_a_date),
    Code.READ_FROM_TEXT: lambda: answered((SCORES, "5", CLAIM, "'8,5 điểm")),
    Code.READ_FROM_TICK: lambda: answered(("Thông tin", "doan-ket", "Trả lời", "x")),
    Code.READ_FROM_DATE_TEXT: lambda: answered((TASKS, "NV1", DATE, "ngày 5/12/2025")),
    Code.LOCKED_CELL_CHANGED: lambda: answered((SCORES, "5", "Điểm tối đa", "12")),
    Code.CLAIM_DIFFERS: lambda: answered((SCORES, "5", CLAIM, "1")),
    Code.TOTAL_CHANGED: lambda: worked(
        SCORES, lambda cells: cells.update({(TOTAL_ROW, TOTAL_COLUMN): Cell(Kind.NUMBER, "1")})
    ),
    Code.OLDER_FORM: older,
    Code.NEWER_RETURN_INVALID: newer_invalid,
    Code.RECEIPT_UNPROVEN: lambda: run(file_of(filled_book())),
    Code.LATE: lambda: late("flag"),
    Code.LATE_REJECTED: lambda: late("reject"),
    Code.NOT_A_WORKBOOK: lambda: run(file_of(Refusal("F-PDF"))),
    Code.READERS_DISAGREE: lambda: run(file_of(Refusal(DISAGREEMENT, "Chấm điểm!E8"))),
    Code.WRONG_PLAN: lambda: run(file_of(stamped(stamp(year=2024)))),
    Code.NO_STAMP: lambda: run(file_of(stamped("Danh sách dự họp"))),
    Code.UNKNOWN_UNIT: lambda: run(file_of(stamped(stamp("XX")))),
    Code.STAMP_CONFLICT: lambda: run(file_of(stamped(stamp("VP"), stamp("KT")))),
    Code.OTHER_UNIT_NAMED: named_otherwise,
    Code.STAMP_DAMAGED: lambda: run(file_of(stamped(stamp()[:-1] + "-"))),
    Code.OUTDATED_FORM: outdated,
    Code.ORDER_UNPROVEN: lambda: run(*two_versions()),
    Code.RECEPTION_UNMATCHED: lambda: run(office=reception("nop/khac.xlsx", received=TODAY)),
    Code.DECLINED: lambda: run(file_of(filled_book()), office=reception(decision=DECLINE)),
    Code.SUPERSEDED: lambda: run(*two_versions(), seen={"nop/a.xlsx": Seen(date(2026, 1, 2), 1)}),
    Code.DUPLICATE: lambda: run(file_of(filled_book(), "nop/a.xlsx"), file_of(filled_book(), "nop/b.xlsx")),
    Code.IGNORED: lambda: run(file_of(None, "nop/~$VP.xlsx")),
    Code.BUNDLE: lambda: run(file_of(Bundle("Thư điện tử", 1, 1), "nop/thu.eml")),
    Code.BUNDLE_WITHOUT_RETURN: lambda: run(file_of(Bundle("Thư điện tử", 1, 0), "nop/thu.eml")),
    Code.ASIDE: lambda: run(file_of(Aside("ảnh"), "nop/thu.eml", member="chu-ky.png")),
    Code.BLANK_RETURN: blank_return,
    Code.EXTRA_SHEET: lambda: run(
        file_of(replace(filled_book(), sheets=(*filled_book().sheets, Sheet("Nháp", {(1, 1): Cell(Kind.TEXT, "a")}))))
    ),
    Code.OUTSIDE_TABLE: lambda: worked(SCORES, lambda cells: cells.update({(8, 20): Cell(Kind.TEXT, "Ghi thêm")})),
    Code.HIDDEN_ROWS: lambda: worked(SCORES, lambda _: None, hidden_rows=frozenset({ROW_1_2})),
    **{code: (lambda code=code: remarked(code)) for code in REMARKS.values()},  # type: ignore[misc]
    Code.OFFICE_CONTRADICTS: lambda: run(
        file_of(filled_book()), office=Office(answers={("VP", "", "doan-ket"): given("Không")})
    ),
    Code.OFFICE_OTHER_PERSON: lambda: run(
        file_of(filled_book()),
        office=Office(answers={("VP", "1", "ky-luat"): replace(given("Không"), about="Người Khác (Văn phòng)")}),
    ),
    Code.OFFICE_VALUE_INVALID: lambda: office_typed("Điểm thẩm định", ("VP", "1.2", "nhiều", "")),
    Code.OFFICE_UNKNOWN_CODE: lambda: office_typed("Điểm thẩm định", ("VPP", "1.2", "5", "")),
    Code.OFFICE_TWICE: lambda: office_typed("Điểm thẩm định", ("VP", "1.2", "5", ""), ("VP", "1.2", "6", "")),
    Code.APPRAISAL_WITHOUT_REASON: lambda: run(
        file_of(filled_book()), office=Office(points={("VP", "1.2"): given(Decimal(1))})
    ),
    Code.POINTS_MISSING: unscored,
    Code.NOMINATED_BY_TWO_UNITS: same_person,
    Code.REGISTER_ROW_INVALID: lambda: {
        item.code
        for item in read_register(
            book_of({"Khen thưởng": [REGISTER_HEADERS, ("năm ngoái", "", "", "Tập thể", "VP")]}), "lich-su.xlsx"
        )[1]
    },
    Code.PLAN_UNKNOWN_TABLE: lambda: plan_text_told("quota = [", "quotas = ["),
    Code.PLAN_UNKNOWN_KEY: lambda: plan_text_told('email = "vp@example.vn"', 'mail = "vp@example.vn"'),
    Code.PLAN_NOT_IN_LIST: lambda: plan_text_told('kind = "annual"', 'kind = "yearly"'),
}  # fmt: skip
IN_A_FOLDER = {Code.PLAN_TWO_FORMS_DIFFER: two_plans, Code.PLAN_UNREADABLE: unreadable_plan}


# What a run of the drop folder never says: the verb that does has tests of its own, which expect the code by name.
OF_OTHER_VERBS = tuple(code for code in Code if code.name.startswith(OTHER_VERBS))


@pytest.mark.parametrize("code", [code for code in Code if code not in OF_OTHER_VERBS], ids=lambda code: code.name)
def test_every_code_is_raised_by_the_stage_that_owns_it(code: Code, tmp_path: Path) -> None:
    """No code without a way to it: what nobody can raise is deleted."""
    if code in IN_A_FOLDER:
        raised = IN_A_FOLDER[code](tmp_path)
    else:
        raised = RAISED[code]() if code in RAISED else plan_told(code.name)
    assert code in raised


@pytest.mark.parametrize("code", OF_OTHER_VERBS, ids=lambda code: code.name)
def test_every_code_of_another_verb_is_expected_by_a_test_of_that_verb(code: Code) -> None:
    here = Path(__file__).parent
    paths = (here / "council_faults.py", *here.glob("test_*.py"))
    tests = (path.read_text("utf-8") for path in paths if path != Path(__file__))
    assert any(re.search(rf"\b{code.name}\b", text) for text in tests)


# What it says


@pytest.mark.parametrize("code", Code, ids=lambda code: code.name)
def test_every_sentence_says_what_was_found_and_what_to_do(code: Code) -> None:
    said, _, to_do = code.sentence.partition(". ")
    assert code.title
    assert len(code.title) <= 40, "two lines of a narrow column"
    assert said
    assert to_do.endswith((".", "{remedy}"))


def test_every_refusal_of_the_reader_has_words_and_a_next_step() -> None:
    """Codes that the readers use, and no others."""
    readers = (path for path in PACKAGE.rglob("*.py") if path.parent.name != "model")
    used = set(CODE.findall("".join(path.read_text("utf-8") for path in readers))) | {DISAGREEMENT}
    assert used <= REFUSALS.keys() | REMARKS.keys() | UNTOLD
    assert REFUSALS.keys() | REMARKS.keys() | UNTOLD <= used
    assert REMEDIES.keys() <= REFUSALS.keys()
    assert not REFUSALS.keys() & (REMARKS.keys() | UNTOLD)


def test_every_refusal_has_a_file_that_raises_it() -> None:
    """The hostile files, the drop folder and the reading room name every one of them as what they expect."""
    tests = (path.read_text("utf-8") for path in Path(__file__).parent.glob("*.py") if path != Path(__file__))
    told = set(CODE.findall("".join(tests))) | {ONE_READER}
    assert (REFUSALS.keys() | REMARKS.keys() | UNTOLD) - told == set()


def test_the_words_of_the_fresh_copy_ask_for_nothing_they_do_not_get() -> None:
    for code, words in IN_OWN_COPY.items():
        known = set(re.findall(r"{(\w+)}", code.sentence)) | {"shown", "other", "row", "order"}
        assert set(re.findall(r"{(\w+)}", words)) <= known, code


# The guide


def test_the_guide_lists_every_code_once_with_its_words() -> None:
    listed = [line for _, found in list(areas()) for line in found]
    assert [line.code for line in listed] == [code.name for code in Code] + list(REFUSALS)
    assert all(line.said and line.to_do and "{" not in line.said + line.to_do for line in listed)
    details = {name for code in Code for name in re.findall(r"{(\w+)}", code.sentence)}
    assert details <= BLANKS.keys(), "a detail of a sentence that the guide cannot explain"
    assert next(iter(AREAS)) is next(iter(Code))


def test_the_committed_guide_is_not_stale() -> None:
    committed = read_book((shipped_plan_folder() / CATALOGUE).read_bytes())
    made = read_book(SHARED[CATALOGUE]())
    assert isinstance(committed, Book)
    assert isinstance(made, Book)
    assert committed.sheets == made.sheets, "chạy lại: python -m tests.generate templates"
    assert [sheet.name for sheet in made.sheets] == [SHEET]


# How findings are told


def test_what_follows_from_a_fault_is_not_told() -> None:
    """A figure that is no number breaks no rule about numbers, ratios or claims."""
    found = run(file_of(retyped(filled_book(), {(SCORES, f"E{ROW_1_2}"): cell_of("nhiều")})))
    assert {code for code in found if code.severity is not Severity.NOTE} == {Code.NOT_A_NUMBER, Code.RECEIPT_UNPROVEN}


def test_the_same_sentence_on_many_cells_is_one_line_and_none_is_left_out() -> None:
    """1,000 cells: all of them, in the order of the sheet."""
    cells = [f"{column}{row}" for row in range(6, 506) for column in ("E", "AA")]
    place = [Place("nop/VP.xlsx", SCORES, cell) for cell in reversed(cells)]
    found = [finding(Code.MISSING_ANSWER, where, unit="VP", label="Số liệu 1") for where in place]
    (line,) = lines(found)
    assert sorted(line.cells) == sorted(cells)
    assert line.cells[:2] == ("E6", "E7")
    assert line.cells[-1] == "AA505"
    other = finding(Code.MISSING_ANSWER, place[0], unit="VP", label="Số liệu 2")
    assert len(lines([*found, other])) == 2


@pytest.mark.parametrize(
    ("cell", "text", "meant"),
    [
        ((TASKS, "NV1", STATE), "Hoàn thnh", DONE),
        ((SCORES, "1.1", FIRST), "Đúng hạng", "Đúng hạn"),
        ((PEOPLE, "1", "Xếp loại"), "Hòan thành tốt lắm", "Hoàn thành tốt"),
    ],
)
def test_a_slip_of_the_pen_in_a_list_is_answered_with_what_was_meant(
    cell: tuple[str, str, str], text: str, meant: str
) -> None:
    sheet, code, header = cell
    book = retyped(filled_book(), {(sheet, address_of(layout_of(), sheet, code, header)): cell_of(text)})
    inputs = Inputs(
        plan=PLAN, round=ROUND, files=(file_of(book),), office=Office(), register=Register(), first_seen={},
        findings=(), today=TODAY,
    )  # fmt: skip
    (told,) = (item for item in assess(inputs)[0].findings if item.code is Code.NOT_IN_LIST)
    assert f"có phải là «{meant}»" in told.message
    assert "Chọn lại một trong: " in told.message


@pytest.mark.parametrize(
    ("sheet", "row", "meant"),
    [
        ("Điểm thẩm định", ("VPP", "1.2", "5", ""), "VP"),
        ("Xác nhận", ("VP", "", "doan-kett", "Có", ""), "doan-ket"),
    ],
)
def test_a_slip_of_the_pen_in_the_offices_workbook_is_answered_too(
    sheet: str, row: tuple[str, ...], meant: str
) -> None:
    tables = {name: [headers] for name, headers in OFFICE_HEADERS.items()}
    tables[sheet].append(row)
    _, findings = read_office(book_of(tables), "co-quan.xlsx", PLAN, ROUND)
    assert [item.message for item in findings if f"có phải là «{meant}»" in item.message]


@pytest.mark.parametrize("remark", [*REMARKS, *sorted(UNTOLD)])
def test_what_the_reader_noticed_is_told_where_people_can_act_on_it(remark: str) -> None:
    """A note at the file; how a file was packed is nobody's business."""
    found = run(file_of(replace(filled_book(), remarks=(remark,))))
    notes = found - run(file_of(filled_book()))
    assert notes == ({REMARKS[remark]} if remark in REMARKS else set())
    assert all(code.severity is Severity.NOTE for code in notes)
