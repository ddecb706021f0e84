"""One cell as typed is one value, in exactly one way or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua_xlsx.model.cells import Cell, Kind
from thidua_xlsx.model.reading import (
    BLANK,
    Reading,
    read_choice,
    read_code,
    read_date,
    read_integer,
    read_number,
    read_text,
    read_yes_no,
)
from thidua_xlsx.model.wording import date_text, fixed, vietnamese

LEVELS = ("Hoàn thành", "Đang thực hiện", "Chưa thực hiện")

READERS: dict[str, Callable[[Cell | None], Reading]] = {
    "number": lambda cell: read_number(cell, Decimal(10)),
    "number, no maximum": lambda cell: read_number(cell, None),
    "percent": lambda cell: read_number(cell, None, percent=True),
    "integer": lambda cell: read_integer(cell, None),
    "choice": lambda cell: read_choice(cell, LEVELS),
    "yes or no": read_yes_no,
    "date": lambda cell: read_date(cell, date1904=False),
    "date, 1904": lambda cell: read_date(cell, date1904=True),
    "text": read_text,
    "lines": lambda cell: read_text(cell, lines=True),
}
Reader = Callable[[Cell | None], Reading]
every_reader = pytest.mark.parametrize("read", READERS.values(), ids=READERS)


def text(typed: str, rich: bool = False) -> Cell:
    return Cell(Kind.TEXT, typed, rich=rich)


def number(written: str) -> Cell:
    return Cell(Kind.NUMBER, written)


def value(reading: Reading) -> object:
    assert reading.fault is None
    return reading.value


# --- every reader ---


@every_reader
@pytest.mark.parametrize("cell", [None, text(""), text(" \u00a0\n"), text("\u200b\ufeff")])
def test_blank_is_neither_zero_nor_no_nor_a_fault(read: Reader, cell: Cell | None) -> None:
    assert read(cell) == BLANK


@every_reader
@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        (Cell(Kind.ERROR, "#REF!"), "ERROR_CELL"),
        (Cell(Kind.ERROR, "#N/A", formula="VLOOKUP(A1,B:B,1)"), "ERROR_CELL"),
        (Cell(Kind.NUMBER, "8.5", formula="4+4.5"), "FORMULA_IN_ANSWER"),
        (Cell(Kind.TEXT, "", formula="A1"), "FORMULA_IN_ANSWER"),  # no cached value: still no blank
        (Cell(Kind.TEXT, "Có", formula=""), "FORMULA_IN_ANSWER"),  # follower of a shared formula
    ],
)
def test_what_stops_every_reader(read: Reader, cell: Cell, fault: str) -> None:
    assert read(cell) == Reading(None, fault, None)


ODD = st.characters(categories=["Cs", "Cf", "Nd"])
ANY_TEXT = st.text(st.characters() | ODD | st.sampled_from("0123456789,./-eE"))
NUMERALS = st.from_regex(r"[+-]?[0-9]{1,50}([.,][0-9]{3}){0,6}([.,][0-9]{1,50})?([eE][+-]?[0-9]{1,5})?( ?%)?")
DATES = st.from_regex(r"(ngày )?[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{1,4}( [0-9]{1,2}:[0-9]{2})?")
CELLS = st.builds(
    Cell,
    st.sampled_from(Kind),
    ANY_TEXT | NUMERALS | DATES | st.floats().map(repr),
    st.sampled_from([None, None, None, "", "A1"]),
    st.booleans(),
)


@given(CELLS)
def test_every_reader_is_total_and_never_says_two_things(cell: Cell) -> None:
    for read in READERS.values():
        reading = read(cell)
        assert reading.fault is None or reading == Reading(None, reading.fault, None)
        assert reading.remark is None or reading.value is not None
    assert isinstance(read_code(cell), str)


# --- numbers ---


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("8.5", "8.5"),
        ("8", "8"),
        ("0", "0"),
        ("-0", "0"),
        ("-1.5", "-1.5"),
        ("8.50", "8.5"),
        ("1E-2", "0.01"),
        ("1.5E+3", "1500"),
        ("8.4000000000000004", "8.4"),
        ("1.1000000000000001", "1.1"),
        ("0.30000000000000004", "0.3"),  # pasted over a formula; Excel shows 0.3
        ("66.666666666666671", "66.6666666666667"),
    ],
)
def test_a_number_cell_is_the_number_that_it_shows(written: str, read: str) -> None:
    reading = read_number(number(written), Decimal(100))
    assert (str(reading.value), reading.fault, reading.remark) == (read, None, None)


@pytest.mark.parametrize(
    "written", ["NaN", "INF", "1E400", "1e99", "1_000", "8,5", "\uff18", "0x10", "1 0", "9" * 20, "9" * 50]
)
def test_a_number_cell_without_a_number_is_none(written: str) -> None:
    assert read_number(number(written), None).fault == "NOT_A_NUMBER"


@pytest.mark.parametrize(
    ("typed", "maximum", "read"),
    [
        ("8,5", "10", "8.5"),
        ("8.5", "10", "8.5"),
        (" 8,5 ", "10", "8.5"),
        ("8,25", "10", "8.25"),
        ("05", "10", "5"),
        ("0", "10", "0"),
        ("-2", "10", "-2"),
        ("\u22122,5", "10", "-2.5"),
        ("+3", "10", "3"),
        ("\uff18\uff0e\uff15", "10", "8.5"),
        ("8,5 điểm", "10", "8.5"),
        ("8,5 ĐIỂM", "10", "8.5"),
        ("5đ", "5", "5"),
        ("12 hồ sơ", None, "12"),
        ("85 %", "100", "85"),
        ("4,5/5", "5", "4.5"),
        ("4,5 / 5,0 điểm", "5", "4.5"),
        ("0,125", None, "0.125"),
        ("1.234,5", None, "1234.5"),
        ("1,234.5", None, "1234.5"),
        ("1.234,567", None, "1234.567"),
        ("1.234.567", None, "1234567"),
        ("1,234,567.89", None, "1234567.89"),
        ("1250", None, "1250"),
        ("1.250", "5", "1.25"),
        ("1,250", "5", "1.25"),
        ("85.125", "100", "85.125"),
        ("12.5000", None, "12.5"),
        ("0,500", None, "0.5"),
        ("012.345", None, "12.345"),
    ],
)
def test_a_typed_number_is_read_in_the_one_way_there_is(typed: str, maximum: str | None, read: str) -> None:
    reading = read_number(text(typed), Decimal(maximum) if maximum else None)
    assert (str(reading.value), reading.fault, reading.remark) == (read, None, "READ_FROM_TEXT")


@pytest.mark.parametrize(
    ("typed", "maximum"),
    [
        ("1.250", None),  # 1.25 or 1250
        ("1,250", None),
        ("1.250", "5000"),  # both could be had
        ("9.500", "5"),  # neither could
        ("1.000", "1000"),
        ("-1.250", "5"),
        ("3%", "5"),  # 3 points, or 3 % of 5
        ("85%", None),  # 85, or 0.85 as every desk reads it that makes it a number
    ],
)
def test_a_number_with_two_meanings_is_asked_about(typed: str, maximum: str | None) -> None:
    assert read_number(text(typed), Decimal(maximum) if maximum else None).fault == "AMBIGUOUS_NUMBER"


@pytest.mark.parametrize(
    "typed",
    ["nan", "inf", "1e1", "8_5", "x", "-", "--5", "- 5", "8,5,", ",5", "5.", "8..5", "1.23,4",
     "1.234.56", "1,2,3", "1.234,567.8", "0x10", "5 triệu", "5 nghìn", "1 250", "8 5", "8-9",
     "khoảng 8", "Không phát sinh", "#REF!", "\u0668", "8\u2075", "\u00bd", "4/10", "5/", "/5",
     "5/5/5", "%", "điểm", "8,5 điểm %", "9" * 41, "1" * 30],
)  # fmt: skip
def test_what_is_no_number_is_not_made_one(typed: str) -> None:
    assert read_number(text(typed), Decimal(5)).fault == "NOT_A_NUMBER"


def test_a_share_of_points_needs_the_maximum() -> None:
    assert read_number(text("4,5/5"), None).fault == "NOT_A_NUMBER"
    assert value(read_number(text("85/100"), None, percent=True)) == 85


def test_superscript_is_not_read_as_digits() -> None:
    assert read_number(text("85", rich=True), Decimal(100)).fault == "RICH_TEXT"  # shown as 8 to the 5th
    assert value(read_text(text("85", rich=True))) == "85"


def test_a_boolean_is_no_number() -> None:
    assert read_number(Cell(Kind.BOOLEAN, "1"), Decimal(1)).fault == "NOT_A_NUMBER"


@pytest.mark.parametrize(
    ("written", "maximum", "fault"),
    [
        ("46150", "10", "NOT_A_NUMBER"),  # 8/5, typed on a Vietnamese desk
        ("46239", "1000", "NOT_A_NUMBER"),
        ("46150", "100000", None),  # may be had: a count
        ("46150", None, None),
        ("19999", "10", None),  # above the maximum, but that is for others to say
        ("46150.5", "10", None),
    ],
)
def test_a_date_in_a_score_cell_is_no_number(written: str, maximum: str | None, fault: str | None) -> None:
    assert read_number(number(written), Decimal(maximum) if maximum else None).fault == fault


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (number("85"), 85),
        (number("0"), 0),
        (number("1.5"), Decimal("1.5")),
        (text("85%"), 85),
        (text("85 %"), 85),
        (text("85 phần trăm"), 85),
        (text("0,5 %"), Decimal("0.5")),
        (text("1%"), 1),
        (text("95,00 %"), 95),
        (text("85.125"), Decimal("85.125")),
        (number("0.85"), None),
        (number("1"), None),
        (text("0,85"), None),
        (text("1"), None),
    ],
)
def test_up_to_one_a_percentage_may_be_a_share(cell: Cell, read: object) -> None:
    reading = read_number(cell, None, percent=True)
    assert (reading.value, reading.fault) == (read, "AMBIGUOUS_NUMBER" if read is None else None)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (number("12"), 12),
        (number("12.000"), 12),
        (text("12"), 12),
        (text("12,0"), 12),
        (text("1.250"), 1250),  # 1.25 is no count
        (number("0"), 0),
        (number("8.5"), "NOT_WHOLE"),
        (number("-1"), "NOT_WHOLE"),
        (text("8,5"), "NOT_WHOLE"),
        (text("1.000"), "AMBIGUOUS_NUMBER"),
        (text("mười"), "NOT_A_NUMBER"),
    ],
)
def test_a_count_is_whole_and_not_negative(cell: Cell, read: object) -> None:
    reading = read_integer(cell, None)
    assert read in (reading.value, reading.fault)


def test_a_whole_number_may_be_negative_where_that_is_said() -> None:
    assert value(read_integer(number("-3"), None, minimum=None)) == -3
    assert value(read_integer(number("-3"), None, minimum=-5)) == -3
    assert read_integer(number("-6"), None, minimum=-5).fault == "NOT_WHOLE"


@given(st.integers(0, 10**15), st.integers(0, 4))
def test_what_we_print_we_read(steps: int, decimals: int) -> None:
    exact = Fraction(steps, 10**decimals)
    printed = vietnamese(exact, decimals)
    for typed in (printed, fixed(exact, decimals)):
        reading = read_number(text(typed), Decimal(10**16))
        if re.fullmatch("[1-9][0-9]{0,2}[.,][0-9]{3}", typed):
            assert reading.fault == "AMBIGUOUS_NUMBER"
        else:
            assert Fraction(str(reading.value)) == exact


@given(st.decimals(0, 1000, places=2), st.decimals(0, 1000, places=2))
def test_a_score_cell_loses_nothing_and_no_noise_gets_in(one: Decimal, other: Decimal) -> None:
    assert value(read_number(number(repr(float(one))), None)) == one
    assert value(read_number(number(f"{float(one):.17g}"), None)) == one
    assert value(read_number(number(repr(float(one) + float(other))), None)) == one + other


# --- choices, Có and Không ---


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Hoàn thành", "Hoàn thành"),
        ("HOÀN  THÀNH ", "Hoàn thành"),
        ("hòan thành", "Hoàn thành"),
        ("Hoàn\nthành", "Hoàn thành"),
        ("Ðang thực hiện", "Đang thực hiện"),
        ("Hoan thanh", "NOT_IN_LIST"),  # to be suggested, not assigned
        ("Hoàn thành sớm", "NOT_IN_LIST"),
        ("1", "NOT_IN_LIST"),
        ("Hoµn thµnh", "LEGACY_ENCODING"),
    ],
)
def test_a_choice_is_an_option_as_listed(typed: str, read: str) -> None:
    reading = read_choice(text(typed), LEVELS)
    assert read in (reading.value, reading.fault)


def test_a_number_may_name_an_option_and_a_boolean_may_not() -> None:
    assert value(read_choice(number("2"), ("1", "2"))) == "2"
    assert read_choice(Cell(Kind.BOOLEAN, "1"), ("1", "2")).fault == "NOT_IN_LIST"


def test_between_options_with_one_key_nothing_is_guessed() -> None:
    assert value(read_choice(text("Hoà"), ("Hòa", "Hoà"))) == "Hoà"
    assert read_choice(text("HÒA"), ("Hòa", "Hoà")).fault == "NOT_IN_LIST"


@pytest.mark.parametrize(
    ("cells", "read", "remark"),
    [
        ([text("Có"), text("có"), text(" CÓ ")], "Có", None),
        ([text("Không"), text("KHÔNG")], "Không", None),
        (map(text, ["x", "X", "\u00d7", "\u0445", "v", "V"]), "Có", "READ_FROM_TICK"),
        (map(text, ["\u2713", "\u2714\ufe0f", "\u221a"]), "Có", "READ_FROM_TICK"),
        (map(text, ["\uf0fc", "\uf0fe", "\uf052", "ü", "þ", "R"]), "Có", "READ_FROM_TICK"),
        (map(text, ["C", "Đ", "\u00d0", "đạt", "Đạt", "1", "TRUE", "true"]), "Có", "READ_FROM_TICK"),
        ([number("1"), number("1.0"), Cell(Kind.BOOLEAN, "1")], "Có", "READ_FROM_TICK"),
        (map(text, ["K", "chưa", "Chưa đạt", "0", "FALSE"]), "Không", "READ_FROM_TICK"),
        ([number("0"), Cell(Kind.BOOLEAN, "0")], "Không", "READ_FROM_TICK"),
    ],
)
def test_yes_and_no(cells: list[Cell], read: str, remark: str | None) -> None:
    for cell in cells:
        assert read_yes_no(cell) == Reading(read, None, remark), cell


@pytest.mark.parametrize(
    "typed", ["-", "?", "Có/Không", "không phát sinh", "2", "xx", "\u2717", "\u2612", "\u2610"]
)
def test_what_says_neither_yes_nor_no_is_refused(typed: str) -> None:
    assert read_yes_no(text(typed)).fault == "NOT_IN_LIST"
    assert read_yes_no(number("2")).fault == "NOT_IN_LIST"


def test_an_old_font_is_named_as_the_cause() -> None:
    assert read_yes_no(text("Kh«ng")).fault == "LEGACY_ENCODING"
    assert read_text(text("Céng hoµ x· héi")).fault == "LEGACY_ENCODING"


# --- dates ---


@pytest.mark.parametrize(
    ("written", "date1904", "read"),
    [
        ("46203", False, date(2026, 6, 30)),
        ("46203.75", False, date(2026, 6, 30)),  # the time of day is dropped
        ("46203.708333333336", False, None),  # 17:00, midnight of the next day as Greenwich counts it
        ("44741", True, date(2026, 6, 30)),
        ("61", False, date(1900, 3, 1)),
        ("2958465", False, date(9999, 12, 31)),
        ("60", False, None),  # 29 February 1900 never was
        ("8.5", False, None),  # a score in a date cell
        ("0", True, None),
        ("-5", False, None),
        ("2958466", False, None),
        ("2958465", True, None),
        ("1975", False, None),  # a year somebody typed
        ("20251205", False, None),
        ("NaN", False, None),
    ],
)
def test_a_serial_is_a_day(written: str, date1904: bool, read: date | None) -> None:
    reading = read_date(number(written), date1904)
    assert reading == (Reading(read, None, None) if read else Reading(None, "NOT_A_DATE", None))


@pytest.mark.parametrize(
    "typed",
    ["05/12/2025", "5/12/2025", "05.12.2025", "05-12-2025", "05–12–2025", " 05 / 12 / 2025 ",
     "2025-12-05", "2025-12-05 00:00:00", "2025-12-05T07:30:00", "2025-12-05T00:00:00.000Z",
     "2025-12-05T00:00Z", "05/12/2025 7:30",
     "ngày 05 tháng 12 năm 2025", "Ngày 5 tháng 12, năm 2025", "ngày 5/12/2025",
     "\uff10\uff15/12/2025"],
)  # fmt: skip
def test_a_typed_date_is_read_day_first(typed: str) -> None:
    assert read_date(text(typed), date1904=True) == Reading(date(2025, 12, 5), None, "READ_FROM_DATE_TEXT")


@pytest.mark.parametrize(
    "typed",
    ["12/2025", "2025", "tháng 12 năm 2025", "5/12/25", "12/31/2025", "31/02/2025", "29/02/2025",
     "00/01/2025", "5/12-2025", "2025-13-01", "2025/12/05", "05122025", "46203", "05/12/0025",
     "2025-12-04T17:00:00.000Z", "2025-12-05T07:30:00Z", "05/12/1899", "5 tháng 12", "x",
     "quý IV/2025", "05/12/2025 - 06/12/2025"],
)  # fmt: skip
def test_less_than_a_day_is_no_date(typed: str) -> None:
    assert read_date(text(typed), date1904=False).fault == "NOT_A_DATE"


@given(st.dates(date(1910, 1, 1), date(2100, 12, 31)))
def test_a_day_comes_back_from_text_and_from_either_base(day: date) -> None:
    assert value(read_date(text(date_text(day)), date1904=False)) == day
    assert value(read_date(text(day.isoformat()), date1904=False)) == day
    assert value(read_date(number(str((day - date(1899, 12, 30)).days)), date1904=False)) == day
    assert value(read_date(number(str((day - date(1904, 1, 1)).days)), date1904=True)) == day


# --- text and codes ---


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (text(" Nguyễn  Văn\nAn "), "Nguyễn Văn An"),
        (text("=1+1"), "=1+1"),
        (number("12"), "12"),
        (number("8.4000000000000004"), "8.4"),
        (number("46203"), "46203"),  # no date is made of it
        (number("1E400"), "1E400"),
        (Cell(Kind.BOOLEAN, "1"), "TRUE"),
    ],
)
def test_text_is_what_is_seen_on_one_line(cell: Cell, read: str) -> None:
    assert value(read_text(cell)) == read


def test_lines_are_kept_where_they_are_asked_for() -> None:
    assert value(read_text(text(" một \nhai "), lines=True)) == "một\nhai"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (text(" 1.10 "), "1.10"),
        (text("VHXH\u200b"), "VHXH"),
        (number("1.1000000000000001"), "1.1"),
        (number("3"), "3"),
        (None, ""),
        (Cell(Kind.ERROR, "#REF!"), ""),
        (Cell(Kind.TEXT, "1.1", formula="A4"), ""),  # a stale code would move points to another line
    ],
)
def test_a_code_is_its_text(cell: Cell | None, code: str) -> None:
    assert read_code(cell) == code
