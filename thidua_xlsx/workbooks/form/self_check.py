"""Turns the required answers of a form into the sheet ``Kiểm tra``: live counts of what is still blank.

Every formula carries its true value from the start, because phones and previews recalculate nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from thidua_xlsx.model.form import (
    DOSSIER,
    FIRST_ROW,
    HEADER_ROW,
    NOMINATES_ITSELF,
    PEOPLE,
    SELF_CHECK,
    YES,
    Answer,
    FormRow,
)
from thidua_xlsx.workbooks.form.answer_sheet import write_head
from thidua_xlsx.workbooks.form.filled import FilledSheet
from thidua_xlsx.workbooks.form.rules import Run, cells_text, runs
from thidua_xlsx.workbooks.form.styles import DONE_FILL, LINK, MISSING_FILL, Styles
from thidua_xlsx.workbooks.sheets import NotWritten, checked, put, put_formula, put_link, reference

WIDTHS = [26, 16, 16, 42]
HEADERS = ("Sheet", "Ô bắt buộc", "Còn trống", "Tình trạng")
COMPLETE = "Phiếu đã điền đủ"
GUIDANCE = (
    "Bấm tên sheet để đến sheet đó. Sheet này chỉ đếm ô bắt buộc còn trống, không chấm câu trả lời "
    "đúng hay sai; không phải điền gì ở đây."
)
# Excel refuses longer formulas, and the whole file with them.
LONGEST_FORMULA = 8192


@dataclass(frozen=True, slots=True)
class Count:
    """How many cells must be filled and how many of them are blank: formula and present value."""

    required: str
    blank: str
    required_now: int
    blank_now: int

    def __add__(self, other: Count) -> Count:
        return Count(
            f"{self.required}+{other.required}",
            f"{self.blank}+{other.blank}",
            self.required_now + other.required_now,
            self.blank_now + other.blank_now,
        )


Test = tuple[str, bool]  # a formula, and whether it holds now


def required_of(row: FormRow) -> list[int]:
    """The columns that a row must fill."""
    return [column for column, cell in enumerate(row.cells, start=1) if isinstance(cell, Answer) and cell.required]


def conditional_in(row: FormRow) -> list[int]:
    """The columns that another answer of the row asks or spares."""
    cells = enumerate(row.cells, start=1)
    return [column for column, cell in cells if isinstance(cell, Answer) and (cell.needed_if or cell.spared_by)]


def plain_count(sheet: FilledSheet, rows: Iterable[int]) -> Count:
    """Rows (of Excel) whose every required cell must be filled, and what another answer of the row asks or spares."""
    numbers = tuple(rows)
    cells = tuple([(row, column) for row in numbers for column in required_of(sheet.rows[row - FIRST_ROW])])
    blank = sum([sheet.given(sheet.rows[row - FIRST_ROW].code, column) is None for row, column in cells])
    counted = Count(str(len(cells)), blanks_text(sheet.layout.name, cells), len(cells), blank)
    for column in sorted({column for row in numbers for column in conditional_in(sheet.rows[row - FIRST_ROW])}):
        for more in (*spared(sheet, numbers, column), *asked_then(sheet, numbers, column)):
            counted += more
    return counted


@lru_cache(maxsize=64)
def blanks_text(sheet: str, cells: tuple[tuple[int, int], ...]) -> str:
    """The formula that counts the blanks among cells of a sheet; the same for all forms that ask the same."""
    parts = [f"COUNTBLANK({reference(sheet, cells_text(*run))})" for run in runs(cells)]
    return "+".join(parts) or "0"


def grouped(sheet: FilledSheet, rows: Iterable[int], column: int, name: str) -> dict[Any, list[Run]]:
    """The runs of a column's answers by what they have under this name (``spared_by``, ``needed_if``), if anything."""
    cells: dict[Any, list[tuple[int, int]]] = {}
    for row in rows:
        cell = sheet.rows[row - FIRST_ROW].cells[column - 1]
        if isinstance(cell, Answer) and getattr(cell, name):
            cells.setdefault(getattr(cell, name), []).append((row, column))
    return {condition: runs(found) for condition, found in cells.items()}


def counted_where(sheet: FilledSheet, run: Run, by: int, sign: str, test: str, value: object) -> Count:
    """So many cells of a run more (or less): those in whose row the column ``by`` has this value."""
    column, first, last = run
    codes = [sheet.rows[row - FIRST_ROW].code for row in range(first, last + 1)]
    hit = [code for code in codes if sheet.given(code, by) == value]
    factor = -1 if sign else 1
    told, own = (reference(sheet.layout.name, cells_text(place, first, last)) for place in (by, column))
    where = test.format(told=told)
    return Count(
        f"{sign}SUMPRODUCT({where})",
        f'{sign}SUMPRODUCT({where}*({own}=""))',
        factor * len(hit),
        factor * sum(sheet.given(code, column) is None for code in hit),
    )


def spared(sheet: FilledSheet, rows: Iterable[int], column: int) -> Iterator[Count]:
    """Less the cells of rows that a zero leaves out of the scale."""
    for header, found in grouped(sheet, rows, column, "spared_by").items():
        for run in found:
            yield counted_where(sheet, run, sheet.layout.column_of(header), "-", "ISNUMBER({told})*({told}=0)", 0)


def asked_then(sheet: FilledSheet, rows: Iterable[int], column: int) -> Iterator[Count]:
    """And the cells that an answer in their row makes required."""
    for (header, wanted), found in grouped(sheet, rows, column, "needed_if").items():
        for run in found:
            by = sheet.layout.column_of(header)
            yield counted_where(sheet, run, by, "", f'({{told}}="{wanted}")*1', wanted)


def people_count(sheet: FilledSheet) -> Count:
    """A list of persons: only the rows that somebody has begun must be filled."""
    if not sheet.rows:
        return Count("0", "0", 0, 0)
    needed = required_of(sheet.rows[-1])
    asked = [column for column, cell in enumerate(sheet.rows[-1].cells, start=1) if isinstance(cell, Answer)]
    begun = "+".join(f'({_column(sheet, column)}<>"")' for column in asked)
    blank = "+".join(f'({_column(sheet, column)}="")' for column in needed)
    headers = {sheet.layout.columns[column - 1].header for column in asked}
    codes = {code for (code, header), value in sheet.answers.items() if header in headers and value != ""}
    rows = [row for row in sheet.rows if row.code in codes]
    blank_now = sum(sheet.given(row.code, column) is None for row in rows for column in needed)
    return Count(
        f"SUMPRODUCT(--(({begun})>0))*{len(needed)}",
        f"SUMPRODUCT((({begun})>0)*({blank}))" if blank else "0",
        len(rows) * len(needed),
        blank_now,
    )


def _column(sheet: FilledSheet, column: int) -> str:
    return reference(sheet.layout.name, cells_text(column, FIRST_ROW, sheet.open_until))


def proposes_itself(sheets: tuple[FilledSheet, ...]) -> Test | None:
    """Whether the unit proposes itself; None if the form does not ask."""
    for sheet in sheets:
        if place := sheet.nominates_itself():
            row, column = place
            cell = reference(sheet.layout.name, cells_text(column, row, row))
            return f'{cell}="{YES}"', sheet.given(NOMINATES_ITSELF, column) == YES
    return None


def proposes_somebody(sheets: tuple[FilledSheet, ...]) -> Test | None:
    """Whether the unit proposes itself or a person; None if the form asks neither."""
    people = [people_count(sheet) for sheet in sheets if sheet.layout.name == PEOPLE]
    tests = [(f"{counted.required}>0", counted.required_now > 0) for counted in people]
    if itself := proposes_itself(sheets):
        tests.append(itself)
    return (f"OR({','.join(formula for formula, _ in tests)})", any(now for _, now in tests)) if tests else None


def only_if(test: Test | None, counted: Count) -> Count:
    """Counts nothing while the test fails."""
    if test is None:
        return counted
    formula, now = test
    return Count(
        f"IF({formula},{counted.required},0)",
        f"IF({formula},{counted.blank},0)",
        counted.required_now if now else 0,
        counted.blank_now if now else 0,
    )


def count(sheet: FilledSheet, sheets: tuple[FilledSheet, ...]) -> Count:
    """The count of one sheet: what concerns a proposal is needed only where the unit makes one."""
    every = range(FIRST_ROW, sheet.last_row + 1)
    if sheet.layout.open_rows:
        return people_count(sheet)
    if sheet.layout.name == DOSSIER:
        own = [row for row in every if sheet.rows[row - FIRST_ROW].collective]
        shared = [row for row in every if row not in own]
        return only_if(proposes_itself(sheets), plain_count(sheet, own)) + only_if(
            proposes_somebody(sheets), plain_count(sheet, shared)
        )
    if place := sheet.nominates_itself():
        itself = plain_count(sheet, place[:1])
        return itself + only_if(proposes_itself(sheets), plain_count(sheet, (row for row in every if row != place[0])))
    return plain_count(sheet, every)


def status(required: int, blank: int) -> str:
    if not required:
        return "Không có ô bắt buộc"
    return f"Còn {blank} ô" if blank else "Đã đủ"


def values_now(counts: Sequence[Count]) -> Iterator[int | str]:
    """What the sheet's formulas come to, from the top: the verdict, then each line's three."""
    blank = sum(item.blank_now for item in counts)
    yield f"Còn {blank} ô bắt buộc chưa điền" if blank else COMPLETE
    for item in counts:
        yield from (item.required_now, item.blank_now, status(item.required_now, item.blank_now))


def write_self_check(sheet: Any, styles: Styles, sheets: tuple[FilledSheet, ...], stamp: str) -> None:
    """The sheet: a big line that says whether the form is complete, and a line for each sheet."""
    for number, width in enumerate(WIDTHS):
        checked(sheet.set_column(number, number, width))
    write_head(sheet, styles, "KIỂM TRA TRƯỚC KHI GỬI", GUIDANCE, stamp, WIDTHS)
    counts = [count(item, sheets) for item in sheets]
    first, last = FIRST_ROW + 2, FIRST_ROW + 1 + len(sheets)
    now = values_now(counts)
    _write_verdict(sheet, styles, next(now), f"C{first}:C{last}")
    for column, header in enumerate(HEADERS, start=1):
        put(sheet, FIRST_ROW + 1, column, header, styles.header())
    for row, (item, counted) in enumerate(zip(sheets, counts, strict=True), start=first):
        put_link(sheet, row, 1, reference(item.layout.name, "A1"), item.layout.name, styles.text(**LINK))
        _formula(sheet, row, 2, counted.required, next(now), styles.plain(align="center"))
        _formula(sheet, row, 3, counted.blank, next(now), styles.plain(align="center"))
        formula = f'=IF(B{row}=0,"{status(0, 0)}",IF(C{row}=0,"{status(1, 0)}","Còn "&C{row}&" ô"))'
        put_formula(sheet, row, 4, formula, next(now), styles.text())
        checked(sheet.set_row(row - 1, 21))
    _colours(sheet, styles, first, last)


def _formula(sheet: Any, row: int, column: int, formula: str, now: int | str, look: Any) -> None:
    if len(formula) >= LONGEST_FORMULA:
        raise NotWritten(f"the formula of row {row} in {SELF_CHECK} has {len(formula)} characters")
    put_formula(sheet, row, column, f"={formula}", now, look)


def _write_verdict(sheet: Any, styles: Styles, now: int | str, counts: str) -> None:
    """The big line, in the header row: green when nothing is missing."""
    look = styles.plain(bold=True, font_size=18, align="center", bg_color=MISSING_FILL)
    checked(sheet.merge_range(HEADER_ROW - 1, 0, HEADER_ROW - 1, len(WIDTHS) - 1, "", look))
    formula = f'=IF(SUM({counts})=0,"{COMPLETE}","Còn "&SUM({counts})&" ô bắt buộc chưa điền")'
    put_formula(sheet, HEADER_ROW, 1, formula, now, look)
    checked(sheet.set_row(HEADER_ROW - 1, 42))
    checked(sheet.set_row(FIRST_ROW - 1, 9))
    checked(
        sheet.conditional_format(
            HEADER_ROW - 1,
            0,
            HEADER_ROW - 1,
            len(WIDTHS) - 1,
            {
                "type": "formula",
                "criteria": f"=SUM(${counts.replace(':', ':$')})=0",
                "format": styles.changed(bg_color=DONE_FILL),
            },
        )
    )


def _colours(sheet: Any, styles: Styles, first: int, last: int) -> None:
    for criteria, colour in ((f"=$C{first}>0", MISSING_FILL), (f"=$B{first}>0", DONE_FILL)):
        checked(
            sheet.conditional_format(
                first - 1,
                3,
                last - 1,
                3,
                {
                    "type": "formula",
                    "criteria": criteria,
                    "stop_if_true": True,
                    "format": styles.changed(bg_color=colour),
                },
            )
        )
