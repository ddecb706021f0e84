"""co-quan.xlsx is made anew by every run that has something to add: what staff typed stays, cell by cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from io import BytesIO

import openpyxl
import pytest
from test_office_workbook import anywhere, book_of, table

from thidua_xlsx.model.form import NO, YES
from thidua_xlsx.model.office import (
    APPRAISAL,
    CONFIRMATION,
    NOTE,
    OFFICE_HEADERS,
    OFFICE_SHOWN,
    RECEPTION,
    WHEN,
    WHO,
    Given,
    Office,
    Reception,
)
from thidua_xlsx.model.place import NOWHERE
from thidua_xlsx.model.plan import Plan, Round, Unit
from thidua_xlsx.model.results import Decision, FileRecord, LineScore, Nominee, Outcome, Person, Standing, Verdict
from thidua_xlsx.pipeline.plans import load_plan
from thidua_xlsx.stages.office.kept_rows import Kept, kept_of_book
from thidua_xlsx.stages.office.office_answers import NO_PERSON
from thidua_xlsx.stages.office.office_asked import OfficeAsked
from thidua_xlsx.stages.office.office_line import Beside
from thidua_xlsx.stages.office.office_lines import (
    NO_FILE,
    NO_LONGER,
    Difference,
    difference,
    office_lines,
)
from thidua_xlsx.stages.office.read_office import read_office
from thidua_xlsx.workbooks.office_workbook import print_office, write_office
from thidua_xlsx.workbooks.plain_sheet import FIRST_ROW, HEADER_ROW
from thidua_xlsx.workbooks.plans import shipped_plan_ids
from thidua_xlsx.workbooks.reader.cells import read_own_book

OFFICE = "co-quan.xlsx"
DAY = date(2026, 1, 5)


@cache
def the_plan() -> Plan:
    """A plan in which the office scores lines and confirms answers about units and about persons; four units of it."""
    return next(
        replace(plan, units=plan.units_of(plan.rounds[0])[:4])
        for plan in map(load_plan, shipped_plan_ids())
        if {("collective", "both"), ("individual", "both")} <= {(q.subject, q.who_answers) for q in plan.questions}
        and plan.rounds[0].rank_source == "this_return"
    )


def the_round() -> Round:
    return the_plan().rounds[0]


def units() -> tuple[Unit, ...]:
    return the_plan().units_of(the_round())


def standing(unit: Unit) -> Standing:
    """Every line claimed at its maximum, and computed half of it."""
    lines = OfficeAsked(the_plan(), the_round()).lines(unit).values()
    scores = tuple(
        LineScore(line, line.max, Fraction(line.max) / 2, None, Fraction(line.max) / 2)
        for line in lines
        if line.method != "survey"
    )
    return Standing(unit, scores, None, None, Fraction(100), None)


def kept(data: bytes) -> Kept:
    book = read_own_book(data)
    assert not hasattr(book, "code"), book
    found = kept_of_book(book, OFFICE)  # type: ignore[arg-type]
    assert found
    return found


def refreshed(data: bytes, beside: Beside = Beside(), plan: Plan | None = None) -> tuple[bytes, Difference]:  # noqa: B008
    """The workbook after a run that knows ``beside``, and how it differs."""
    asked, before = OfficeAsked(plan or the_plan(), the_round()), kept(data)
    lines = office_lines(asked, before, beside)
    return print_office(asked, lines, before), difference(lines, before)


def typed(data: bytes, sheet: str, row: Mapping[str, object], **found: object) -> bytes:
    """Types into the first row in which these codes stand, or into a new one at the end."""
    book = openpyxl.load_workbook(BytesIO(data))
    at = book[sheet]
    columns = {cell.value: cell.column for cell in at[HEADER_ROW] if cell.value}
    codes = {header.replace("_", " "): value for header, value in found.items()}

    def matches(number: int) -> bool:
        return all(at.cell(number, columns[header]).value == value for header, value in codes.items())

    rows = range(FIRST_ROW, at.max_row + 2)
    number = next((n for n in rows if codes and matches(n)), None)
    number = number or next(n for n in rows if not any(cell.value for cell in at[n]))
    for header, value in {**codes, **row}.items():
        at.cell(number, columns[header]).value = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def survey_line() -> tuple[str, str]:
    unit = units()[0]
    asked = OfficeAsked(the_plan(), the_round())
    return unit.code, next(line.code for line in asked.lines(unit).values() if line.method == "survey")


# What is typed stays


def test_a_second_run_changes_no_byte_and_sorting_is_no_change() -> None:
    received = Reception("nop/a.xlsx", "aa" * 32, "", DAY, "", "", "Thu")
    said = Office((received,), {survey_line(): Given(Decimal(2), "", NOWHERE)})
    data = write_office(the_plan(), the_round(), said)
    files = (FileRecord("nop/a.xlsx", None, "aa" * 32, Verdict.ACCEPTED, unit=units()[0].code),)
    made, first = refreshed(data, Beside(files))
    assert first is Difference.SHOWN
    assert refreshed(made, Beside(files))[1] is Difference.NONE
    book = openpyxl.load_workbook(BytesIO(made))
    sheet = book[CONFIRMATION]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST_ROW) if any(c.value for c in row)]
    for number, row in enumerate(reversed(rows), start=FIRST_ROW):
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value
    out = BytesIO()
    book.save(out)
    assert refreshed(out.getvalue(), Beside(files))[1] is Difference.NONE


WRONG = ["2,5", "  hai điểm", 0.30000000000000004, 46150, True, "=1+1 là hai", "1.10", "Có\nlẽ", "x" * 3000]


@pytest.mark.parametrize("value", WRONG)
def test_whatever_was_typed_stays_as_it_was(value: object) -> None:
    """Right or wrong, text or number: what is read from the fresh workbook is what was read before."""
    unit, code = survey_line()
    data = typed(write_office(the_plan(), the_round()), APPRAISAL, {"Lý do": " vì  thế "}, Đơn_vị=unit, Mã=code)
    book = openpyxl.load_workbook(BytesIO(data))
    row = next(row for row in book[APPRAISAL].iter_rows(min_row=FIRST_ROW) if row[3].value)
    row[2].value = value
    if isinstance(value, str) and value.startswith("="):
        row[2].data_type = "s"
    out = BytesIO()
    book.save(out)
    old, new = out.getvalue(), refreshed(out.getvalue(), Beside(standings=[standing(unit) for unit in units()]))[0]
    (was,), (now,) = (tuple(row for row in kept(data).rows[APPRAISAL] if row.says) for data in (old, new))
    assert was.typed == now.typed
    (before, faults), (after, more) = (read_office(book_of(raw), OFFICE, the_plan(), the_round()) for raw in (old, new))
    assert [item.code for item in faults] == [item.code for item in more]
    assert anywhere(before) == anywhere(after)


def test_units_and_lines_that_are_gone_keep_what_was_typed_and_say_so() -> None:
    gone, code = survey_line()
    scored = Office(points={(gone, code): Given(Decimal(2), "Đã chấm", NOWHERE, "Hà", DAY)})
    data = write_office(the_plan(), the_round(), scored)
    data = typed(data, RECEPTION, {"Tệp": "nop/xóa rồi.xlsx", "Quyết định": "Nhận"})
    data = typed(data, CONFIRMATION, {"Trả lời": YES, "Mã": "khong-co", "Đơn vị": units()[1].code})
    fewer = replace(the_plan(), units=tuple(unit for unit in the_plan().units if unit.code != gone))
    new, changed = refreshed(data, plan=fewer)
    assert changed is Difference.SHOWN
    (row,) = [row for row in table(new, APPRAISAL) if row["Đơn vị"] == gone]
    assert (row["Điểm"], row["Lý do"], row[WHO], row[NOTE]) == (2, "Đã chấm", "Hà", NO_LONGER)
    assert not [row for row in table(new, CONFIRMATION) if row["Đơn vị"] == gone], "only what was typed"
    (row,) = [row for row in table(new, CONFIRMATION) if row["Mã"] == "khong-co"]
    assert (row["Trả lời"], row[NOTE]) == (YES, NO_LONGER)
    (row,) = table(new, RECEPTION)
    assert (row["Quyết định"], row["Việc cần quyết định"]) == ("Nhận", NO_FILE)
    back, _ = refreshed(new)
    (row,) = [row for row in table(back, APPRAISAL) if (row["Đơn vị"], row["Mã"]) == (gone, code)]
    assert (row["Điểm"], row[NOTE] == NO_LONGER) == (2, False), "and it finds its place again"


def test_doubled_lines_stand_below_each_other() -> None:
    unit, code = survey_line()
    data = typed(write_office(the_plan(), the_round()), APPRAISAL, {"Điểm": 1}, Đơn_vị=unit, Mã=code)
    data = typed(data, APPRAISAL, {"Đơn vị": unit, "Mã": code, "Điểm": 2})
    new, _ = refreshed(data)
    found = [row["Điểm"] for row in table(new, APPRAISAL) if (row["Đơn vị"], row["Mã"]) == (unit, code)]
    assert found == [1, 2]


def test_columns_of_staff_s_own_stay_and_notes_beside_are_told() -> None:
    unit, code = survey_line()
    book = openpyxl.load_workbook(BytesIO(write_office(the_plan(), the_round())))
    sheet = book[APPRAISAL]
    last = sheet.max_column + 1
    sheet.cell(HEADER_ROW, last).value = "Phiên họp"
    row = next(row[0].row for row in sheet.iter_rows(min_row=FIRST_ROW) if (row[0].value, row[1].value) == (unit, code))
    sheet.cell(row, last).value = "lần 2"
    out = BytesIO()
    book.save(out)
    assert not kept(out.getvalue()).strays
    new, changed = refreshed(out.getvalue(), Beside(standings=[standing(units()[0])]))
    assert changed is Difference.LINES
    assert [row["Phiên họp"] for row in table(new, APPRAISAL) if row["Phiên họp"]] == ["lần 2"]
    sheet.cell(row, last + 2).value = "nhớ hỏi lại"
    out = BytesIO()
    book.save(out)
    assert kept(out.getvalue()).strays


@pytest.mark.parametrize("value", ["=1+1", "#N/A"])
def test_what_cannot_be_written_again_as_it_stands_is_named(value: str) -> None:
    unit, code = survey_line()
    data = typed(write_office(the_plan(), the_round()), APPRAISAL, {"Điểm": value}, Đơn_vị=unit, Mã=code)
    locked = kept(data).locked
    assert locked
    assert (locked.sheet, locked.cell[0]) == (APPRAISAL, "C")


# What is shown beside


def test_appraised_points_stand_beside_the_claimed_and_the_computed_ones() -> None:
    unit = units()[0]
    data, _ = refreshed(write_office(the_plan(), the_round()), Beside(standings=[standing(unit)]))
    rows = {row["Mã"]: row for row in table(data, APPRAISAL) if row["Đơn vị"] == unit.code}
    for score in standing(unit).scores:
        row = rows[score.line.code]
        assert (row["Điểm tối đa"], row["Tự chấm"], row["Điểm"]) == (score.line.max, score.claimed, None)
        assert row["Tính từ số liệu"] == pytest.approx(float(score.computed or 0), abs=0.005)
    others = {row["Mã"] for row in table(data, APPRAISAL) if row["Đơn vị"] == units()[1].code}
    assert others < rows.keys(), "of who returned nothing only what the office scores"


def test_who_and_when_go_with_points_and_answers_and_older_workbooks_are_read_without() -> None:
    unit, code = survey_line()
    confirmed = ("collective", "both", "yes_no")
    question = next(item for item in the_plan().questions if (item.subject, item.who_answers, item.type) == confirmed)
    key = (unit, "", question.code)
    given = Given(Decimal(1), "Thiếu minh chứng", NOWHERE, "Trần Thị Hà", DAY)
    said = Office(points={(unit, code): given}, answers={key: replace(given, value=NO)})
    data = write_office(the_plan(), the_round(), said)
    office, findings = read_office(book_of(data), OFFICE, the_plan(), the_round())
    assert not findings
    assert anywhere(office) == said
    assert given.why == "Thiếu minh chứng (Trần Thị Hà, 05/01/2026)"
    book = openpyxl.load_workbook(BytesIO(data))
    for name in (APPRAISAL, CONFIRMATION):
        headers = [cell.value for cell in book[name][HEADER_ROW]]
        for header in (WHEN, WHO):
            book[name].delete_cols(headers.index(header) + 1)
            headers.remove(header)
        assert set(OFFICE_HEADERS[name]) <= set(headers)
    out = BytesIO()
    book.save(out)
    office, findings = read_office(book_of(out.getvalue()), OFFICE, the_plan(), the_round())
    assert not findings
    assert office.points[unit, code].why == "Thiếu minh chứng"


def test_an_answer_about_a_person_counts_for_nobody_else_who_stands_there_later() -> None:
    unit = units()[0]
    question = next(q for q in the_plan().questions if (q.subject, q.who_answers) == ("individual", "both"))

    def of(*names: str) -> Beside:
        people = [Person(order, name, date(1980, 2, 3)) for order, name in enumerate(names, start=1)]
        return Beside(decisions=[Decision(Nominee(unit, person), Outcome.UNPROVEN) for person in people])

    data, _ = refreshed(write_office(the_plan(), the_round()), of("Trần Thị Hà", "Lê Văn Bình"))
    for order in ("1", "2"):
        data = typed(data, CONFIRMATION, {"Trả lời": YES}, Đơn_vị=unit.code, Thứ_tự=order, Mã=question.code)
    new, _ = refreshed(data, of("Nguyễn Thị Lan"))
    named = OFFICE_SHOWN[CONFIRMATION][0]
    told = {
        row["Thứ tự"]: (str(row[named]), str(row[NOTE]))
        for row in table(new, CONFIRMATION)
        if (row["Đơn vị"], row["Mã"], row["Trả lời"]) == (unit.code, question.code, YES)
    }
    assert "Trần Thị Hà" in told["1"][0]
    assert "Nguyễn Thị Lan" in told["1"][1]
    assert "Lê Văn Bình" in told["2"][0]
    assert told["2"][1] == NO_PERSON
    assert refreshed(new, of("Nguyễn Thị Lan"))[1] is Difference.NONE
    office, _ = read_office(book_of(new), OFFICE, the_plan(), the_round())
    said = {name: office.answer(unit.code, "1", question.code, name) for name in ("Trần Thị Hà", "Nguyễn Thị Lan")}
    assert said["Trần Thị Hà"]
    assert said["Nguyễn Thị Lan"] is None


def test_what_was_answered_for_another_round_is_no_mistake_in_this_one() -> None:
    plan, here, code = next(
        (plan, round_, line.code)
        for plan in map(load_plan, shipped_plan_ids())
        for round_ in plan.rounds
        for line in plan.questions
        if line.rounds and round_.code not in line.rounds and line.subject == "collective"
    )
    answer = {"Đơn vị": plan.units_of(here)[0].code, "Mã": code, "Trả lời": YES}
    data = typed(write_office(plan, here), CONFIRMATION, answer)
    assert read_office(book_of(data), OFFICE, plan, here) == (Office(), ())


# Thousands of units


def many(count: int) -> Plan:
    some = units()
    made = [replace(some[n % len(some)], code=f"DV-{n}", name=f"Đơn vị số {n}") for n in range(count)]
    return replace(the_plan(), units=tuple(made))


def test_more_lines_than_anybody_reads_are_only_those_that_need_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = many(4)
    asked = OfficeAsked(plan, the_round())
    standings = [standing(unit) for unit in plan.units]
    alike = [replace(item, scores=tuple(s._replace(claimed=None) for s in item.scores)) for item in standings]
    limit = sum(len(item.scores) for item in alike) - 1
    monkeypatch.setattr("thidua_xlsx.stages.office.office_lines.MOST_LINES", limit)
    lines = office_lines(asked, Kept(), Beside(standings=[standings[0], *alike[1:]]))[APPRAISAL]
    differing = {score.line.code for score in standings[0].scores}
    assert differing <= {line.key[1] for line in lines if line.key[0] == "DV-0"}
    office = {line.key[1] for line in lines if line.key[0] == "DV-1"}
    assert office == {line.code for line in asked.lines(plan.units[1]).values() if line.method == "survey"}


@pytest.mark.parametrize("count", [8, 64])
def test_nothing_is_looked_up_again_for_each_unit(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scorecards and questions depend on the block, so that thousands of units cost their own lines and no more."""
    plan = many(count)
    every = {("*", "", q.code): Given(YES, "", NOWHERE) for q in plan.questions if q.type == "yes_no"}
    data = write_office(plan, the_round(), Office(answers=every))
    book, calls = book_of(data), Counter[str]()
    for name in ("criteria_of", "questions_of", "unit"):
        real = getattr(Plan, name)

        def counted(self: Plan, *given: object, name: str = name, real: Callable[..., object] = real) -> object:
            calls[name] += 1
            return real(self, *given)

        monkeypatch.setattr(Plan, name, counted)
    read_office(book, OFFICE, plan, the_round())
    asked, before = OfficeAsked(plan, the_round()), kept(data)
    office_lines(asked, before, Beside())
    assert calls.total() <= 8 * len(plan.blocks)
