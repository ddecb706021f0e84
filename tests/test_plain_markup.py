"""The quick pass over plainly written cells reads exactly what the grammar reads, or leaves the part to it."""

from __future__ import annotations

import pytest
from crafting import STRINGS, Case, strings_xml, with_rows, workbook
from filled_return import PLAN
from hostile import CASES
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua_xlsx.model.cells import Book, Refusal
from thidua_xlsx.pipeline.issue import issue_forms
from thidua_xlsx.workbooks.reader import worksheet
from thidua_xlsx.workbooks.reader.cells import read_book
from thidua_xlsx.workbooks.reader.plain_markup import plain_sheet

# Spellings of a cell, a row and what may lie between them: the plain ones, and some that must not be taken as such.
CELLS = (
    '<c r="{at}"/>', '<c r="{at}" s="3"/>', '<c r="{at}" s="3"><v>4.5</v></c>', '<c r="{at}" t="s"><v>1</v></c>',
    '<c r="{at}" t="s"><v>9</v></c>', '<c r="{at}" t="str"><v>a &amp;lt; b</v></c>', '<c r="{at}"><v></v></c>',
    '<c r="{at}"><f>A1*2</f><v>9</v></c>', '<c r="{at}"><f t="shared" ref="A1:B2" si="0">A1</f></c>',
    '<c r="{at}"><f t="shared" si="0"/><v>1</v></c>', '<c r="{at}" t="e"><v>#N/A</v></c>', '<c r="{at}"><f/></c>',
    '<c r="{at}" t="b"><v>1</v></c>', '<c r="{at}" t="q"><v>1</v></c>', '<c r="{at}"><v>1_0</v></c>',
    '<c r="{at}" t="str"><v>một&#10;hai</v></c>', '<c r="{at}" t="str"><v>_x0041_</v></c>',
    '<c r="{at}" t="inlineStr"><is><t>x</t></is></c>', '<c r="{at}"><!-- --><v>1</v></c>',
    '<c r="{at}" t="str"><v>a]]&gt;b</v></c>', '<c r="{at}" t="str"><v>a\rb\tc</v></c>',
    '<c r="{at}" t="str" cm="1"><v>1</v></c>', '<c r="{at}"><v>1</v><v>2</v></c>', "<c><v>7</v></c>",
    '<c r="{at}" t="str"><v>a]]>b</v></c>', '<c r="{at}"><v>1&unknown;</v></c>', '<c r="{at}" t="s"><v>\u0661</v></c>',
    '<c r="{at}" t="str"><v>&quot;&amp;quot;&apos;</v></c>', '<c r="{at}" t="str"><v>\ufffe</v></c>',
)  # fmt: skip
ROWS = (
    '<row r="{row}">{cells}</row>', '<row r="{row}" hidden="1">{cells}</row>',
    '<row r="{row}" spans="1:3">{cells}</row>',
    '<row r="{row}" ht="2" ht="3">{cells}</row>', '<row r="{row}" hidden="true" ht="9">{cells}</row>',
    '<row r="{row}"/>', "<row>{cells}</row>", '<row r="{row}">{cells}<row r="9"/></row>', '<row r="0">{cells}</row>',
    '<row r="{row}" x:y="1">{cells}</row>', '<row  r="{row}">{cells}</row>',
)  # fmt: skip




def by_grammar(data: bytes) -> Book | Refusal:
    """The same bytes, with the quick pass switched off."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worksheet, "plain_sheet", lambda _text, _column: None)
        patch.setattr(worksheet, "plain_strings", lambda _text: None)
        return read_book(data)


def agree(data: bytes) -> None:
    quick, slow = read_book(data), by_grammar(data)
    assert quick == slow or (isinstance(quick, Refusal) and isinstance(slow, Refusal) and quick.code == slow.code)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_crafted_file_reads_the_same_both_ways(case: Case) -> None:
    agree(case.build())


def test_an_issued_form_goes_the_quick_way() -> None:
    """Else the two ways would agree because there is only one."""
    taken: list[bool] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            worksheet, "plain_sheet", lambda text, column: taken.append(True) or plain_sheet(text, column)  # type: ignore[func-returns-value]
        )
        patch.setattr(worksheet.Worksheet, "_enter_cell", lambda *_: pytest.fail("a cell went by the grammar"))
        form = next(iter(issue_forms(PLAN).values()))
        assert isinstance(read_book(form), Book)
    assert len(taken) >= 4


@st.composite
def sheets(draw: st.DrawFn) -> str:
    """Rows of cells in mostly rising order, each spelt in some way."""
    rows, number = [], 0
    for _ in range(draw(st.integers(0, 4))):
        number += draw(st.sampled_from((1, 1, 1, 2, 0)))
        column, cells = 0, []
        for _ in range(draw(st.integers(0, 4))):
            column += draw(st.sampled_from((1, 1, 1, 3, 0)))
            at = f"{chr(64 + max(column, 1))}{draw(st.sampled_from((number, number, number, number, number + 1)))}"
            cells.append(draw(st.sampled_from(CELLS)).replace("{at}", at))
        rows.append(draw(st.sampled_from(ROWS)).replace("{row}", str(number)).replace("{cells}", "".join(cells)))
    return draw(st.sampled_from(("", "", "\n", "<!-- -->"))).join(rows)


@settings(max_examples=400)
@given(sheets())
def test_any_spelling_of_a_sheet_reads_the_same_both_ways(rows: str) -> None:
    agree(with_rows(rows))


@settings(max_examples=150)
@given(st.lists(st.sampled_from((
    "<si><t>Mã</t></si>", '<si><t xml:space="preserve"> a </t></si>', "<si><t/></si>", "<si/>",
    "<si><t>a &lt;b</t></si>",
    "<si><r><t>a</t></r><r><t>b</t></r></si>", "<si><t>a\rb</t></si>", "<!-- -->", "<si><t>_x000D_</t></si>",
    "<si><t>a]]>b</t></si>", "<si><t>&#65;</t></si>", "<si><t>a</t><t>b</t></si>", "\n", "<si><t>\uffff</t></si>",
)), max_size=5))  # fmt: skip
def test_any_spelling_of_the_strings_reads_the_same_both_ways(items: list[str]) -> None:
    agree(workbook({STRINGS: strings_xml("".join(items))}))
