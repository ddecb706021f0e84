"""The same keys at a Vietnamese and at an American desk: the right value, or a finding; never silently another.

Typed into LibreOffice, which makes of each key what its locale says: "8.5" is a text on one desk and a number on the
other, "8/5" the eighth of May or the fifth of August. What is meant is what that desk shows to the person typing.
"""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from filled_return import PLAN_TEXT, address_of, layout_of, plan_of, valid_answers
from markdown_table import lines_of
from test_libreoffice import type_at_desk

from thidua_xlsx.model.cells import Book
from thidua_xlsx.model.form import PEOPLE
from thidua_xlsx.model.submission import Mark
from thidua_xlsx.stages.intake.collect import collect
from thidua_xlsx.workbooks.form_workbook import write_form
from thidua_xlsx.workbooks.reader.second_reading import read_twice

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]

# One row of «Cá nhân» a text, and one column a kind of question.
NUMBERS = {"Số": "number", "Số đến 5": "number", "Đếm": "integer", "Tỷ lệ": "percent"}
KINDS = NUMBERS | {"Ngày": "date", "Có không": "yes_no"}
QUESTIONS = "".join(
    f'  {{code = "q{number}", label = "{label}", subject = "individual", type = "{kind}"'
    f"{', max = 5' if label.endswith('5') else ''}}},\n"
    for number, (label, kind) in enumerate(KINDS.items())
)
PLAN = plan_of(PLAN_TEXT.replace("question = [\n", f"question = [\n{QUESTIONS}"))
LAYOUT = layout_of("VP", PLAN)

# What each desk means by it; blank: no number, no day, neither yes nor no. With * it is asked again by every column.
MEANT = """
| typed      | vi-VN  | en-US  | day vi     | day en     | yes   |
|------------|--------|--------|------------|------------|-------|
| 8,5        | 8.5    | 8.5    |            |            |       |
| 8.5        | 8.5    | 8.5    |            |            |       |
| 4,5        | 4.5    | 4.5    |            |            |       |
| 1.250      | 1250   | 1.25   |            |            |       |
| 1,250      | 1.25   | 1250   |            |            |       |
| 1.250,5    | 1250.5 | 1250.5 |            |            |       |
| 1,250.5    | 1250.5 | 1250.5 |            |            |       |
| 1250       | 1250   | 1250   |            |            |       |
| 1.234.567  | 1234567 | 1234567 |          |            |       |
| 85%        | 0.85   | 0.85   |            |            |       |
| 0,5%       | 0.005  | 0.005* |            |            |       |
| 4,5/5      | 4.5    | 4.5    |            |            |       |
| 8/5        |        |        | 8 5        | 5 8        |       |
| 12 hồ sơ   | 12     | 12     |            |            |       |
| 8,5 điểm   | 8.5    | 8.5    |            |            |       |
| 1.10       | 1.1    | 1.1    |            |            |       |
| 12/2025    |        |        |            |            |       |
| 30/06/2026 |        |        | 30 6 2026  | 30 6 2026  |       |
| 6/30/2026  |        |        |            | 30 6 2026  |       |
| 05.12.2025 |        |        | 5 12 2025  | 5 12 2025  |       |
| 2025-12-05 |        |        | 5 12 2025  | 5 12 2025  |       |
| 1:30       |        |        |            |            |       |
| ８，５     | 8.5    | 8.5    |            |            |       |
| x          |        |        |            |            | Có    |
| ✓          |        |        |            |            | Có    |
| CÓ         |        |        |            |            | Có    |
| không      |        |        |            |            | Không |
| TRUE       |        |        |            |            | Có    |
| 0          | 0      | 0      |            |            | Không |
| =4+4       | 8*     | 8*     |            |            |       |
"""  # noqa: RUF001 - full-width digits are what is typed
LINES = lines_of(MEANT)


def test_there_are_enough_of_them() -> None:
    assert len(LINES) >= 25


@pytest.fixture(scope="module", params=["vi-VN", "en-US"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Book]:
    """The form as it comes back from a desk of this locale, read as every returned file is."""
    place = tmp_path_factory.mktemp("desk")
    (place / "form.xlsx").write_bytes(write_form(LAYOUT, valid_answers(LAYOUT, PLAN, people=0)))
    typed = [
        [PEOPLE, address_of(LAYOUT, PEOPLE, str(number), header), line["typed"]]
        for number, line in enumerate(LINES, start=1)
        for header in KINDS
    ]
    saved = Path(place / "saved.xlsx")
    type_at_desk(place, [{"form": str(place / "form.xlsx"), "saved": str(saved), "typed": typed}], request.param)
    book = read_twice(saved.read_bytes())
    assert isinstance(book, Book), book
    return request.param, book


def same_day(value: object, meant: str) -> bool:
    """"8 5" is the eighth of May of whatever year the desk adds."""
    parts = [int(part) for part in meant.split()]
    return isinstance(value, date) and bool(parts) and [value.day, value.month, value.year][: len(parts)] == parts


def as_meant(mark: Mark, line: dict[str, str], header: str, locale: str) -> bool:
    """Whether the cell was read as what the person meant for this question."""
    if header in NUMBERS:
        number = line[locale].rstrip("*")
        # The same key that is 0.85 of one is 85 per cent.
        factor = 100 if header == "Tỷ lệ" and line["typed"].endswith("%") else 1
        return bool(number) and mark.value == Decimal(number) * factor
    if header == "Ngày":
        return same_day(mark.value, line[f"day {locale[:2]}"])
    return bool(line["yes"]) and mark.value == line["yes"]


def test_every_key_is_read_as_meant_or_asked_again(desk: tuple[str, Book]) -> None:
    locale, book = desk
    given = collect(book, LAYOUT, "nop/a.xlsx")
    silent, unread = {}, []
    for number, line in enumerate(LINES, start=1):
        row = given.places[PEOPLE, str(number)]
        read = {header: row.marks[header] for header in KINDS if row.marks[header].fault is None}
        assert all(mark.value is not None for mark in read.values()), "nothing that was typed is blank"
        for header, mark in read.items():
            if not as_meant(mark, line, header, locale):
                silent[line["typed"], header] = mark.value
        means_something = any(line[column] for column in (locale, f"day {locale[:2]}", "yes"))
        if means_something and not read and "*" not in line[locale]:
            unread.append(line["typed"])
    assert silent == {}, "read as another value, and nobody was told"
    assert unread == [], "asked again although it can be read in one way"
