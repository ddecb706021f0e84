"""Any faults in a valid return are found, each at its cell, all in one run; and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from io import BytesIO

import openpyxl
import pytest
from filled_return import address_of, cell_of, opened, position, retyped, valid_answers
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua_xlsx.model.cells import Book, Cell, Kind
from thidua_xlsx.model.findings import IN_OWN_COPY, Code, Finding, Severity
from thidua_xlsx.model.form import (
    DONE,
    FIRST_ROW,
    INFORMATION,
    LONGEST_TEXT,
    NOMINATES_ITSELF,
    ORDER,
    PEOPLE,
    SCORES,
    TASKS,
    Answer,
    Asks,
    FormLayout,
)
from thidua_xlsx.model.place import address
from thidua_xlsx.model.plan import Criterion
from thidua_xlsx.model.submission import Submission
from thidua_xlsx.stages.forms.lay_out import lay_out
from thidua_xlsx.stages.intake.check import check
from thidua_xlsx.stages.intake.collect import collect
from thidua_xlsx.stages.intake.feedback import corrections, received_answers, shown_codes
from thidua_xlsx.stages.judging.scoring_methods import is_ratio
from thidua_xlsx.workbooks.form_workbook import write_form
from thidua_xlsx.workbooks.plans import read_plan, shipped_plan_ids

PLAN = read_plan("soc-trang-2025")[0]
assert PLAN is not None
ROUND = PLAN.rounds[0]
# From three blocks, one with lines that do not apply to it.
UNITS = ("VP", "TTDVC", "TH-LVT")
PERSONS = 3


@dataclass(frozen=True)
class Fault:
    """One mistake: what is typed where, and the error it must give. Faults of one ``group`` would interact."""

    sheet: str
    cell: str
    code: str
    typed: tuple[tuple[str, Cell | None], ...]
    group: tuple[str, str]

    @property
    def error(self) -> tuple[str, str, str]:
        return self.sheet, self.cell, self.code

    @property
    def cells(self) -> dict[tuple[str, str], Cell | None]:
        return {(self.sheet, cell): content for cell, content in self.typed}


@lru_cache
def layout(unit: str) -> FormLayout:
    assert PLAN is not None
    found = PLAN.unit(unit)
    assert found is not None
    return lay_out(PLAN, ROUND, found)


@lru_cache
def valid_bytes(unit: str) -> bytes:
    return write_form(layout(unit), valid_answers(layout(unit), PLAN, PERSONS))


@lru_cache
def valid_book(unit: str) -> Book:
    return opened(valid_bytes(unit))


def mistakes(answer: Answer) -> Iterator[tuple[str, Code]]:
    """What people type into a cell that asks this, and what is wrong with it."""
    yield "=1+1", Code.FORMULA_IN_ANSWER
    yield "#DIV/0!", Code.ERROR_CELL
    if answer.required:
        yield "", Code.MISSING_ANSWER
    if answer.asks in (Asks.CHOICE, Asks.YES_NO):
        yield "Chưa rõ thế nào", Code.NOT_IN_LIST
        yield "Hoµn thµnh", Code.LEGACY_ENCODING
    elif answer.asks is Asks.TEXT:
        yield "a" * (LONGEST_TEXT + 1), Code.TOO_LONG
        yield "Hoµn thµnh", Code.LEGACY_ENCODING
    elif answer.asks is Asks.DATE:
        yield "hôm qua", Code.NOT_A_DATE
        yield "~1/6/2025", Code.RICH_TEXT
        if answer.low and answer.high:
            yield (answer.low - timedelta(days=1)).isoformat(), Code.DATE_OUT_OF_RANGE
            yield (answer.high + timedelta(days=1)).isoformat(), Code.DATE_OUT_OF_RANGE
    else:
        yield from wrong_numbers(answer)


def wrong_numbers(answer: Answer) -> Iterator[tuple[str, Code]]:
    whole = answer.asks is Asks.WHOLE
    yield "nhiều", Code.NOT_A_NUMBER
    yield "~12", Code.RICH_TEXT
    if whole:
        yield "2.5", Code.NOT_WHOLE
    if answer.minimum is not None:
        yield str(answer.minimum - 1), Code.NOT_WHOLE if whole and answer.minimum == 0 else Code.BELOW_MINIMUM
    if answer.maximum is None:
        yield "1.250,5.0", Code.NOT_A_NUMBER
        if not whole:
            yield "'1.250", Code.AMBIGUOUS_NUMBER
    else:
        yield str(answer.maximum + (answer.step or 1)), Code.ABOVE_MAXIMUM
    if answer.step is not None:
        yield str(answer.step / 2), Code.NOT_IN_STEPS


def cell_faults(form: FormLayout) -> Iterator[Fault]:
    """Every mistake in every answer cell that a valid return fills."""
    ratios = {line.code for line in scorecard(form) if is_ratio(line)}
    for sheet in form.sheets:
        for number, row in enumerate(sheet.rows[:PERSONS] if sheet.open_rows else sheet.rows, start=FIRST_ROW):
            for column, answer in enumerate(row.cells, start=1):
                if not isinstance(answer, Answer) or answer.asks is Asks.REMARK or row.code == NOMINATES_ITSELF:
                    continue
                cell = address(number, column)
                group = sheet.name, cell
                if sheet.name == TASKS or (sheet.name == SCORES and row.code in ratios):
                    group = sheet.name, row.code
                elif answer.label in ("Họ và tên", "Ngày sinh"):
                    group = sheet.name, "who"
                for text, code in mistakes(answer):
                    yield Fault(sheet.name, cell, code.name, ((cell, cell_of(text)),), group)


def scorecard(form: FormLayout) -> tuple[Criterion, ...]:
    assert PLAN is not None
    unit = PLAN.unit(form.stamp.unit)
    assert unit is not None
    return tuple(line for line in PLAN.criteria_of(ROUND, unit) if line.method and line.code not in unit.not_applicable)


def row_faults(form: FormLayout) -> Iterator[Fault]:
    """Mistakes that only two cells together make."""
    for line in scorecard(form):
        if is_ratio(line):
            first, second = (address_of(form, SCORES, line.code, header) for header in ("Số liệu 1", "Số liệu 2"))
            group = SCORES, line.code
            yield Fault(SCORES, first, "NUMERATOR_ABOVE_DENOMINATOR", ((first, cell_of("4.5")),), group)
            if line.zero_denominator == "forbid":
                zeros = ((first, cell_of("0")), (second, cell_of("0")))
                yield Fault(SCORES, second, "ZERO_DENOMINATOR", zeros, group)
    tasks = form.sheet(TASKS)
    for row in tasks.rows if tasks else ():
        state, when = (address_of(form, TASKS, row.code, header) for header in ("Tình trạng", "Ngày hoàn thành"))
        typed = ((state, Cell(Kind.TEXT, DONE)), (when, None))
        yield Fault(TASKS, when, "COMPLETED_WITHOUT_DATE", typed, (TASKS, row.code))
    order = PEOPLE, "order"
    for number in range(2, PERSONS + 1):
        at, name = (address_of(form, PEOPLE, str(number), header) for header in ("Thứ tự", "Họ và tên"))
        yield Fault(PEOPLE, at, "SAME_ORDER_TWICE", ((at, cell_of("1")),), order)
        yield Fault(PEOPLE, at, "NOT_WHOLE", ((at, cell_of("sau cùng")),), order)
        yield Fault(PEOPLE, at, "MISSING_ANSWER", ((at, None),), order)
        same = ((name, Cell(Kind.TEXT, f"nguyễn thị  A {form.stamp.unit}")),)
        yield Fault(PEOPLE, name, "SAME_PERSON_TWICE", same, (PEOPLE, "who"))


@lru_cache
def faults(unit: str) -> tuple[Fault, ...]:
    return (*cell_faults(layout(unit)), *row_faults(layout(unit)))


def kinds(unit: str) -> dict[tuple[str, str, str], list[Fault]]:
    """The mistakes by sheet, column and code, so that rare kinds are drawn as often as those of the long sheet."""
    grouped: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in faults(unit):
        grouped.setdefault((fault.sheet, fault.cell.rstrip("0123456789"), fault.code), []).append(fault)
    return grouped


def some(unit: str, least: int = 0) -> st.SearchStrategy[list[Fault]]:
    """Up to eight mistakes that do not touch each other."""
    one = st.sampled_from(list(kinds(unit).values())).flatmap(st.sampled_from)
    return st.lists(one, min_size=least, max_size=8, unique_by=lambda fault: fault.group)


def spoiled(unit: str, made: list[Fault]) -> Book:
    return retyped(valid_book(unit), {cell: content for fault in made for cell, content in fault.cells.items()})


def run(**books: Book) -> dict[str, Submission]:
    """All books in one run, by the unit they came from."""
    assert PLAN is not None
    collected = tuple(collect(book, layout(unit), f"nop/{unit}.xlsx") for unit, book in books.items())
    return dict(zip(books, check(collected, PLAN, ROUND), strict=True))


def errors(submission: Submission) -> list[tuple[str, str, str]]:
    return sorted(
        (item.place.sheet, item.place.cell, item.code.name)
        for item in submission.findings
        if item.severity is Severity.ERROR
    )


def test_the_mistakes_are_of_every_kind() -> None:
    """What the properties below draw from."""
    assert len(faults("VP")) > 500
    assert {fault.code for fault in faults("VP")} == {
        "FORMULA_IN_ANSWER", "ERROR_CELL", "MISSING_ANSWER", "NOT_IN_LIST", "LEGACY_ENCODING", "TOO_LONG",
        "NOT_A_DATE", "RICH_TEXT", "DATE_OUT_OF_RANGE", "NOT_A_NUMBER", "NOT_WHOLE", "BELOW_MINIMUM",
        "AMBIGUOUS_NUMBER", "ABOVE_MAXIMUM", "NOT_IN_STEPS", "NUMERATOR_ABOVE_DENOMINATOR", "ZERO_DENOMINATOR",
        "COMPLETED_WITHOUT_DATE", "SAME_ORDER_TWICE", "SAME_PERSON_TWICE",
    }  # fmt: skip
    assert {fault.sheet for fault in faults("VP")} == {sheet.name for sheet in layout("VP").sheets}


def test_every_mistake_alone_is_found_where_it_was_made() -> None:
    """Each kind of mistake of every column in a return of its own, all in one run."""
    assert PLAN is not None
    made = [fault for mistakes in kinds("VP").values() for fault in (mistakes[0], mistakes[-1])]
    collected = tuple(collect(spoiled("VP", [fault]), layout("VP"), "nop/a.xlsx") for fault in made)
    for fault, one in zip(made, check(collected, PLAN, ROUND), strict=True):
        assert errors(one) == [fault.error]
        assert one.valid == (fault.sheet == PEOPLE)
        others = {item.code for item in one.findings if item.severity is not Severity.ERROR}
        assert others <= {Code.CLAIM_DIFFERS}


@settings(max_examples=20, deadline=None)
@given(st.fixed_dictionaries({unit: some(unit) for unit in UNITS}))
def test_any_mistakes_are_found_and_no_unit_pays_for_another(made: dict[str, list[Fault]]) -> None:
    together = run(**{unit: spoiled(unit, mine) for unit, mine in made.items()})
    for unit, mine in made.items():
        assert errors(together[unit]) == sorted(fault.error for fault in mine)
        assert together[unit].valid == all(fault.sheet == PEOPLE for fault in mine)
        assert {item.unit for item in together[unit].findings} <= {unit}
        assert {item.place.file for item in together[unit].findings} <= {f"nop/{unit}.xlsx"}
    alone = run(**{UNITS[0]: spoiled(UNITS[0], made[UNITS[0]])})
    assert alone[UNITS[0]].findings == together[UNITS[0]].findings


@settings(max_examples=10, deadline=None)
@given(some("VP", least=1))
def test_correcting_just_the_marked_cells_makes_the_return_valid(made: list[Fault]) -> None:
    """The unit gets its own answers back, retypes what is marked, and nothing is left to say."""
    sent = run(VP=spoiled("VP", made))["VP"]
    marked = corrections(sent)
    faults = [item for item in sent.findings if item.severity is Severity.ERROR]
    assert {item.sheet for item in marked if item.blocks} == {item.place.sheet for item in faults}
    # What stands elsewhere in the copy than in the return, persons by their order, is said in other words there.
    same = {(item.place.sheet, item.message) for item in faults if item.code not in IN_OWN_COPY and not unordered(item)}
    assert same <= {(item.sheet, item.message) for item in marked}
    feedback = opened(write_form(layout("VP"), received_answers(sent), marked))
    right = {
        (fault.sheet, cell_in(feedback, sent, fault.sheet, cell)): content
        for fault in made
        for (_, cell), content in right_cells(fault).items()
        # An order that is no order is settled in the workbook itself: it shows the next free one.
        if column_of(fault.sheet, cell) != ORDER
    }
    after = run(VP=retyped(feedback, right))["VP"]
    assert after.findings == ()
    assert told(after) == told(run(VP=valid_book("VP"))["VP"])


def unordered(item: Finding) -> bool:
    return item.person_row is not None and column_of(PEOPLE, item.place.cell) == ORDER


def right_cells(fault: Fault) -> dict[tuple[str, str], Cell | None]:
    """What a valid return says in the cells of a mistake."""
    cells = next(sheet for sheet in valid_book("VP").sheets if sheet.name == fault.sheet).cells
    return {(fault.sheet, cell): cells.get(position(cell)) for cell, _ in fault.typed}


def column_of(sheet: str, cell: str) -> str:
    asked = layout("VP").sheet(sheet)
    assert asked is not None
    return asked.columns[position(cell)[1] - 1].header


def cell_in(feedback: Book, sent: Submission, sheet: str, cell: str) -> str:
    """Where the feedback shows what was received in this cell."""
    shown = shown_codes(sent)[sheet, position(cell)[0]]
    mark = collect(feedback, layout("VP"), "").mark(sheet, shown, column_of(sheet, cell))
    assert mark is not None
    return mark.place.cell


def told(submission: Submission) -> list[tuple[str, str, list[str]]]:
    """All answers, line by line; persons without their order."""
    return sorted(
        (
            row.sheet,
            "" if row.sheet == PEOPLE else row.code,
            [f"{header}: {mark.value}" for header, mark in row.marks.items()],
        )
        for row in submission.rows
    )


@settings(max_examples=5, deadline=None)
@given(some("VP", least=8))
def test_mistakes_typed_with_another_program_are_found_too(made: list[Fault]) -> None:
    book = openpyxl.load_workbook(BytesIO(valid_bytes("VP")))
    kept = [fault for fault in made if fault.code != "RICH_TEXT"]
    for fault in kept:
        for (sheet, cell), content in fault.cells.items():
            book[sheet][cell].value = typed_value(content)
    saved = BytesIO()
    book.save(saved)
    assert errors(run(VP=opened(saved.getvalue()))["VP"]) == sorted(fault.error for fault in kept)


def typed_value(content: Cell | None) -> str | float | None:
    if content is None:
        return None
    if content.formula is not None:
        return f"={content.formula}"
    return float(Decimal(content.text)) if content.kind is Kind.NUMBER else content.text


@pytest.mark.parametrize("plan_id", shipped_plan_ids())
def test_a_valid_return_of_any_plan_has_no_finding(plan_id: str) -> None:
    """The first unit of every block, in every round."""
    plan, _ = read_plan(plan_id)
    assert plan is not None
    for round_ in plan.rounds:
        firsts = {unit.block: unit for unit in reversed(plan.units_of(round_))}
        layouts = [lay_out(plan, round_, unit) for unit in firsts.values()]
        books = [opened(write_form(form, valid_answers(form, plan))) for form in layouts]
        given = check(
            tuple(collect(book, form, "nop/a.xlsx") for book, form in zip(books, layouts, strict=True)), plan, round_
        )
        assert {form.stamp.unit: one.findings for form, one in zip(layouts, given, strict=True)} == {
            unit.code: () for unit in firsts.values()
        }
        assert INFORMATION in {sheet.name for form in layouts for sheet in form.sheets}
