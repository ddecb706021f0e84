"""The quick pass over plainly written cells reads exactly what the grammar reads, or leaves the part to it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest
from crafting import BOOK, GOOD, MAIN, SHEET1, STRINGS, Case, sheet_xml, strings_xml, with_rows, workbook
from filled_return import PLAN
from hostile import CASES
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua_xlsx.model.cells import Book, Cell, Kind, Refusal
from thidua_xlsx.model.place import column_letters
from thidua_xlsx.pipeline.issue import issue_forms
from thidua_xlsx.workbooks.reader import package, plain_shapes, worksheet
from thidua_xlsx.workbooks.reader.cells import read_book
from thidua_xlsx.workbooks.reader.plain_markup import PlainSheet, plain_sheet
from thidua_xlsx.workbooks.reader.plain_rows import ROW_LIMIT, Kept

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
    '<c r="{at}" s="1" />', '<c r="{at}"><f /><v /></c>',
    '<c r="{at}" t="inlineStr"><is><t xml:space="preserve"> y</t></is></c>',
    '<c r="{at}" t="inlineStr"><is><t/></is></c>', '<c r="{at}" t="inlineStr"><v>x</v></c>',
    '<c r="{at}" t="str"><is><t>x</t></is></c>', '<c r="{at}" t="inlineStr"><is><t>_x0041_\x7f</t></is></c>',
    '<c r="{at}" t="inlineStr"><is><t>a</t><t>b</t></is></c>', '<c r="{at}"><f>A1</f><is><t>x</t></is></c>',
    '<c r="{at}" t="str"><v>&#x1ea2;&#13;&#65;</v></c>', '<c r="{at}" t="str"><v>&#0;</v></c>',
    '<c r="{at}" t="str"><v>&#xD800;</v></c>', '<c r="{at}" t="str"><v>&#9999999;</v></c>',
    '<c r="{at}" t="str"><v>&#X41;</v></c>', '<c r="{at}" t="str"><v>&amp;#65;</v></c>',
    '<c r="{at}"><v>1e999</v></c>', '<c r="{at}" t="s"><v>007</v></c>', '<c r="{at}" t="s"><f>A1</f><v>1</v></c>',
    '<c r="{at}" t="d"><v>2025-01-01</v></c>', '<c r="{at}"><f t="shared" t="array">1</f></c>',
    '<c r="{at}"><f hidden="1">1</f></c>', '<c r="{at}"><v>\u00a05</v></c>',
    '<c r="A{at}"><v>1</v></c>', '<c r="AAA{at}"><v>1</v></c>', '<c r="0{at}"><v>1</v></c>',
    '<c r="{at}1"><v>1</v></c>', '<c r=" {at}"><v>1</v></c>', '<c r="{at} "><v>1</v></c>',
    '<c r="B" s="1"><v>1</v></c>', '<c r="B" s="2" t="str"><v>2"</v></c>', '<c r="b1"><v>1</v></c>',
    '<c r="{at}<"><v>1</v></c>', '<c r="Ả1"><v>1</v></c>',
)  # fmt: skip
ROWS = (
    '<row r="{row}">{cells}</row>', '<row r="{row}" hidden="1">{cells}</row>',
    '<row r="{row}" spans="1:3">{cells}</row>',
    '<row r="{row}" ht="2" ht="3">{cells}</row>', '<row r="{row}" hidden="true" ht="9">{cells}</row>',
    '<row r="{row}"/>', "<row>{cells}</row>", '<row r="{row}">{cells}<row r="9"/></row>', '<row r="0">{cells}</row>',
    '<row r="{row}" x:y="1">{cells}</row>', '<row  r="{row}">{cells}</row>',
    '<row r="{row}" />', '<row r="{row}"></row>',
    '<row r="{row}" t="1">{cells}</row>', '<row r="{row}">{cells}</row></row>', '<row r="{row}"/>{cells}</row>',
    '<row r="{row}" x14ac:dyDescent="0.2">{cells}</row>',
)  # fmt: skip




def by_grammar(data: bytes) -> Book | Refusal:
    """The same bytes, with the quick pass switched off, and nothing remembered of other files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worksheet, "plain_sheet", lambda _data: None)
        patch.setattr(worksheet, "plain_strings", lambda _data: None)
        patch.setattr(package, "without_names", lambda data: data)
        patch.setattr(package, "_known_survey", lambda _container, _names: None)
        return read_book(data)


def agree(data: bytes) -> None:
    quick, slow = read_book(data), by_grammar(data)
    assert quick == slow or (isinstance(quick, Refusal) and isinstance(slow, Refusal) and quick.code == slow.code)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_crafted_file_reads_the_same_both_ways(case: Case) -> None:
    agree(case.build())


@contextmanager
def without_grammar() -> Iterator[list[bytes]]:
    """No cell may go by the grammar: else the two ways would agree because there is only one."""
    taken: list[bytes] = []

    def noted(data: bytes) -> PlainSheet | None:
        taken.append(data)
        return plain_sheet(data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worksheet, "plain_sheet", noted)
        patch.setattr(worksheet.Worksheet, "_enter_cell", lambda *_: pytest.fail("a cell went by the grammar"))
        yield taken


def test_an_issued_form_goes_the_quick_way() -> None:
    form = next(iter(issue_forms(PLAN).values()))
    with without_grammar() as taken:
        assert isinstance(read_book(form), Book)
    assert len(taken) >= 4


MEASURED = ' xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'
ROW_OF_EXCEL = '<row r="1" spans="1:2" x14ac:dyDescent="0.25"><c r="A1" s="1" t="s"><v>0</v></c></row>'


def with_root(rows: str, root: str) -> bytes:
    """The good workbook with other rows and more attributes at the root of its first sheet."""
    start = f'<worksheet xmlns="{MAIN}"'
    return workbook({SHEET1: sheet_xml(rows).replace(start, start + root)})


@pytest.mark.parametrize("data", [
    with_root(ROW_OF_EXCEL, f' xmlns:r="urn:r"{MEASURED}'),
    with_rows('<row r="1" ht="12"><c r="A1" s="1" /><c r="B1" t="n"><v>8.5</v></c></row><row r="2" />'),
    with_rows('<row r="1"><c r="A1" t="inlineStr"><is><t>M&#227; &#x103;</t></is></c><c r="B1"><f>1+1</f><v /></c>'
              "</row>"),
    with_rows('<row r="1" customFormat="false" hidden="false" collapsed="false"><c r="A1" s="0"><f aca="false">A2</f>'
              '<v>0</v></c></row>'),
], ids=["Excel", "ElementTree", "openpyxl", "LibreOffice"])  # fmt: skip
def test_the_spellings_of_the_usual_programs_go_the_quick_way(data: bytes) -> None:
    agree(data)
    with without_grammar() as taken:
        assert isinstance(read_book(data), Book)
    assert len(taken) == 2


@pytest.mark.parametrize("columns", [
    range(1, 131), [*range(1, 131), 130], [*range(130, 0, -1)], [*range(1, 130), 16_384], [*range(1, 130), 16_385],
])  # fmt: skip
def test_a_wide_row_reads_the_same_both_ways(columns: Iterable[int]) -> None:
    cells = "".join(f'<c r="{column_letters(column)}1"><v>{column}</v></c>' for column in columns)
    agree(with_rows(f'<row r="1">{cells}</row>'))


@pytest.mark.parametrize("cell", [
    '<c r="A1" s="1"><v>{value}</v></c>', '<c r="A1" t="n"><v>{value}</v></c>', '<c r="A1" t="s"><v>{value}</v></c>',
    '<c r="A1"><f>1+1</f><v>{value}</v></c>', '<c r="A1" t="str"><f>1+1</f><v>{value}</v></c>',
    '<c r="A1" t="str"><v>{value}</v></c>', '<c r="A1" t="b"><v>{value}</v></c>',
    '<c r="A1"/><c r="B1"><f/>{value}</c>',
    '<c r="A1"><f>1+1</f></c><c r="B1"><v>{value}</v></c>', '<c r="A1"><f>_x0041_</f><v>{value}</v></c>',
])  # fmt: skip
def test_a_row_that_differs_from_an_earlier_one_by_its_value_reads_the_same_both_ways(cell: str) -> None:
    values = (
        "1", "0", "2", "&#49;", "", " 1", "1_0", "\u0661", "+1", "-.5e1", "1e999", "9" * 10, "9" * 41, "0" * 41, "x",
        "_x0031_", "]]", "]]>", "&", "&#0;", "\0", "\r", "1\n", "<!-- -->1", "TRUE", "1",
    )  # fmt: skip
    for value in values:
        agree(with_rows(f'<row r="1">{cell.replace("{value}", value)}</row>'))


@pytest.mark.parametrize("nothing", ["<v></v>", "<v/>", "<v>\0</v>", "\0", ""])
def test_a_value_that_moves_to_another_cell_is_not_taken_for_one_that_stays(nothing: str) -> None:
    for first, second in ((nothing, "<v>5</v>"), ("<v>5</v>", nothing), ("<v>5</v>", "<v>6</v>"), (nothing, nothing)):
        agree(with_rows(f'<row r="1"><c r="A1">{first}</c><c r="B1">{second}</c></row>'))


PLAIN = '<row r="1"><c r="A1"><v>1</v></c></row>'
HIDDEN = '<row r="1"><c r="A1" t="str"><v>--></v></c></row>'
PREFIXED = f'<x:sheetData xmlns:x="{MAIN}"/>'


@pytest.mark.parametrize("sheet", [
    f'<worksheet xmlns="{MAIN}"><!--<sheetData>{PLAIN}</sheetData>-->{PREFIXED}</worksheet>',
    f'<worksheet xmlns="{MAIN}"><!--<sheetData>{HIDDEN}</sheetData>-->{PREFIXED}</worksheet>',
    f'<worksheet xmlns="{MAIN}"><?x <sheetData><row r="1"/></sheetData>?>{PREFIXED}</worksheet>',
    f'<worksheet xmlns="{MAIN}"><y><![CDATA[<sheetData><row r="1"/></sheetData>]]></y>{PREFIXED}</worksheet>',
    f'<worksheet xmlns="{MAIN}"><sheetData></sheetData></worksheet><oddHeader>x</oddHeader>',
    f'<worksheet <oddHeader>x</oddHeader> xmlns="{MAIN}"><sheetData></sheetData></worksheet>',
    f'<worksheet xmlns="{MAIN}" y="<oddFooter>x</oddFooter>"><sheetData></sheetData></worksheet>',
    f'<worksheet xmlns="{MAIN}"><!--<oddHeader>--></oddHeader> --><sheetData></sheetData></worksheet>',
    f'<worksheet xmlns="{MAIN}"><sheetData></sheetData><dataValidation y="1" y="2"/></worksheet>',
    f'<worksheet xmlns="{MAIN}"><sheetData></sheetData><dataValidation y="&z;"/></worksheet>',
    f'<worksheet xmlns="{MAIN}"><sheetData></sheetData><sheetViews><sheetView y="1" y="2"/></sheetViews></worksheet>',
    f'<worksheet xmlns="{MAIN}"><sheetData><row r="1048577"><c r="A1048577"><v>1</v></c></row></sheetData></worksheet>',
    f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="XFE1"><v>1</v></c></row></sheetData></worksheet>',
    f'<worksheet xmlns="{MAIN}"><sheetData>{ROW_OF_EXCEL}</sheetData></worksheet>',
    f'<worksheet xmlns="{MAIN}" xmlns:x14ac="{MAIN}"><sheetData>{ROW_OF_EXCEL}</sheetData></worksheet>',
    f'<worksheet xmlns="{MAIN}"><y{MEASURED}/><sheetData>{ROW_OF_EXCEL}</sheetData></worksheet>',
    f'<worksheet xmlns="urn:other"{MEASURED}><sheetData>{ROW_OF_EXCEL}</sheetData></worksheet>',
])  # fmt: skip
def test_what_only_looks_like_a_plain_sheet_reads_the_same_both_ways(sheet: str) -> None:
    agree(workbook({SHEET1: sheet}))


@pytest.mark.parametrize("part", [
    f'<sst xmlns="{MAIN}"><si><t>a</t></si></sst><oddHeader>x</oddHeader>',
    f'<x:sst xmlns:x="{MAIN}"><!--<sst><si><t>a</t></si></sst>--></x:sst>',
    f'<sst xmlns="{MAIN}"><!--<si><t>a</t></si>--></sst>',
    f'<sst xmlns="{MAIN}" y=">"><si><t>a</t></si></sst>',
])  # fmt: skip
def test_what_only_looks_like_plain_strings_reads_the_same_both_ways(part: str) -> None:
    agree(workbook({STRINGS: part}))


@pytest.mark.parametrize("names", [
    '<definedNames><definedName name="a">"b"</definedName></definedNames>',
    '<definedName name="a" name="b">1</definedName>',
    "<!--<definedName>--></definedName>-->", "<definedName>&z;</definedName>", "<definedName><sheet/></definedName>",
    "</workbook><definedName>x</definedName>",
])  # fmt: skip
def test_names_that_a_workbook_defines_are_nothing_to_the_reader_but_must_be_sound(names: str) -> None:
    """Read after workbooks that differ in their names alone, as the returns of a campaign do."""
    told = GOOD[BOOK]
    assert isinstance(told, str)
    for tail in ("<definedName>x</definedName>", "<!--<definedName>x</definedName>-->", names):
        agree(workbook({BOOK: told.replace("</workbook>", f"{tail}</workbook>")}))


@st.composite
def sheets(draw: st.DrawFn) -> str:
    """Rows of cells in mostly rising order, each spelt in some way."""
    rows, number = [], draw(st.sampled_from((0, 0, 97, 998, 1_048_573)))
    for _ in range(draw(st.integers(0, 4))):
        number += draw(st.sampled_from((1, 1, 1, 2, 0)))
        column, cells = 0, []
        for _ in range(draw(st.integers(0, 4))):
            column += draw(st.sampled_from((1, 1, 1, 3, 0)))
            at = f"{chr(64 + max(column, 1))}{draw(st.sampled_from((number, number, number, number, number + 1)))}"
            cells.append(draw(st.sampled_from(CELLS)).replace("{at}", at))
        rows.append(draw(st.sampled_from(ROWS)).replace("{row}", str(number)).replace("{cells}", "".join(cells)))
    return draw(st.sampled_from(("", "", "\n", "<!-- -->"))).join(rows)


FAR_ROW = '<row r="{row}"{tag}><c r="A{row}"{style} t="s"><v>1</v></c><c r="B{row}">{inside}</c></row>'


@pytest.mark.parametrize(("tag", "style", "inside"), [
    (' ht="{other}"', ' s="1"', "<v>5</v>"), (' ht="1{other}" hidden="1"', ' s="1"', "<v>5</v>"),
    (' hidden="{other}"', ' s="1"', "<v>5</v>"), ("", ' s="{other}"', "<v>5</v>"),
    ("", "", '<f t="shared" ref="B{other}" si="0">1</f><v>5</v>'), ("", "", '<f>IF(A1="{other}",1,2)</f><v>5</v>'),
    ("", "", "<f>A{other}</f><v>5</v>"), ("", "", "<f>A{row}</f><v>{row}</v>"), ("", "", "<v>{other}</v>"),
    ("", "", "<v>\1</v>"), (' ht="\1"', "", "<v>5</v>"), (" s=\1", "", "<v>5</v>"),
    ("", "", '<v>5</v></c><c r="C{other}"><v>6</v>'), ("", "", '<v>5</v></c><c r="C1{row}"><v>6</v>'),
    ("", "", '<v>5</v></c><c r="C\1><v>6</v>'), ("", "", '<f>IF(A1="{row}",1,2)</f><v>5</v>'),
    (' ht="{row}"', ' s="{row}"', "<v>5</v>"), ("", "", '<f t="{row}">1</f><v>5</v>'),
])  # fmt: skip
def test_rows_far_down_are_alike_only_if_nothing_but_their_places_says_their_number(
    tag: str, style: str, inside: str
) -> None:
    """Each row stands behind its likes, of which the first is the one whose number is said once more."""
    for plain in ("<v>5</v>", inside):
        rows = [
            FAR_ROW.replace("{tag}", tag if n else "").replace("{style}", style if n else "")
            .replace("{inside}", inside if n else plain)
            .replace("{row}", str(101 + n)).replace("{other}", "102")
            for n in range(4)
        ]  # fmt: skip
        agree(with_rows("".join(rows)))
        for row in rows[1:]:
            agree(with_rows(row))


@pytest.mark.parametrize("odd", ["0000000001", "1_0", " 1", "-1", "1.0", "\u0661", "9", "1\r", "", "1234567890"])
def test_a_line_of_strings_alone_has_a_number_for_each(odd: str) -> None:
    told = dict.fromkeys(range(800, 805), "1") | {803: odd}
    lines = [f'<row r="{row}"><c r="C{row}" t="s"><v>{text}</v></c></row>' for row, text in told.items()]
    agree(with_rows("".join(lines[:3])))
    agree(with_rows("".join(lines)))


def test_what_stands_for_a_value_is_none() -> None:
    """A line of two strings, and one with as many cells that spells what stands for the first where it was taken."""
    cells = '<c r="A{row}" t="s">{first}</c><c r="B{row}" t="s"><v>1</v></c>'
    for first in ("\0", ""):
        rows = [
            f'<row r="{row}">{cells.replace("{row}", str(row)).replace("{first}", told)}</row>'
            for row, told in ((700, "<v>1</v>"), (701, "<v>1</v>"), (702, first))
        ]
        agree(with_rows("".join(rows[:2])))
        agree(with_rows("".join(rows)))


def test_no_line_stands_below_the_last_row() -> None:
    lines = [f'<row r="{row}"><c r="C{row}"><v>1</v></c></row>' for row in range(ROW_LIMIT - 2, ROW_LIMIT + 2)]
    agree(with_rows("".join(lines[:3])))
    agree(with_rows("".join(lines)))


def test_the_lines_of_a_long_table_are_read_by_one_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    def table(first: int) -> bytes:
        rows = [
            FAR_ROW.replace("{tag}", ' spans="1:2"').replace("{style}", ' s="7"')
            .replace("{inside}", f"<v>{number}.5</v>").replace("{row}", str(number))
            for number in range(first, first + 300)
        ]  # fmt: skip
        return with_rows("".join(rows))

    # What other tests have left there would be dropped at any moment, and all that is kept with it.
    monkeypatch.setattr(plain_shapes, "_far_shapes", Kept(plain_shapes.FAR_SHAPES_KEPT))
    agree(table(200))
    monkeypatch.setattr(plain_shapes, "spelled_row", lambda _: pytest.fail("a row was taken cell by cell"))
    book = read_book(table(600))
    assert isinstance(book, Book)
    assert book.sheets[0].cells[899, 2] == Cell(Kind.NUMBER, "899.5")
    monkeypatch.undo()
    agree(table(600))


def test_what_is_around_the_cells_of_two_units_is_the_same_without_their_own_looks() -> None:
    mark = ' xr:uid="{00000000-0001-0000-0000-00000000000%s}"'
    frames = []
    for own in "12":
        views = VIEWS.replace("A1", f"A{own}")
        tail = f"<autoFilter{mark % own}/>{TAIL.replace('a</odd', f'{own}</odd')}"
        plain = plain_sheet(sheet_xml(head=views, tail=tail).encode())
        assert isinstance(plain, PlainSheet)
        frames.append(plain.frame)
    assert frames[0] == frames[1]
    assert b"<sheetView" not in frames[0]
    assert b"<odd" not in frames[0]


@settings(max_examples=400)
@given(sheets())
def test_any_spelling_of_a_sheet_reads_the_same_both_ways(rows: str) -> None:
    agree(with_rows(rows))


@settings(max_examples=150)
@given(st.lists(st.sampled_from((
    "<si><t>Mã</t></si>", '<si><t xml:space="preserve"> a </t></si>', "<si><t/></si>", "<si/>",
    "<si><t>a &lt;b</t></si>",
    "<si><r><t>a</t></r><r><t>b</t></r></si>", "<si><t>a\rb</t></si>", "<!-- -->", "<si><t>_x000D_</t></si>",
    "<si><t>a]]>b</t></si>", "<si><t>&#7842;</t></si>", "<si><t>&#2;</t></si>", "<si><t /></si>", "<si></si>",
    "<si><t>&#65;</t></si>", "<si><t>a</t><t>b</t></si>", "\n", "<si><t>\uffff</t></si>",
)), max_size=5))  # fmt: skip
def test_any_spelling_of_the_strings_reads_the_same_both_ways(items: list[str]) -> None:
    agree(workbook({STRINGS: strings_xml("".join(items))}))


SCRAPS = (
    "<!--", "-->", "<![CDATA[", "]]>", "<?x ", "?>", "<row ", "</row>", '<c r="', "</c>", "<v>", "</v>",
    "<f>", "<is>", "<t>", "<oddHeader>", "</oddHeader>", "<sheetData>", "</sheetData>", "<sheetViews>", "<looks/>",
    "<si>", "</si>", "&", "&#0;", "\r", "\0", "\ufffe", '"', "'", "<", ">", "/", " ", "1", "A", "x:",
    ' t="s"', ' r="A1"', "_x000D_",
)  # fmt: skip
VIEWS = '<sheetViews><sheetView workbookViewId="0"><selection activeCell="A1"/></sheetView></sheetViews>'
TAIL = (
    '<dataValidation type="list" sqref="A1"><formula1>1</formula1></dataValidation>'
    "<headerFooter><oddHeader>a</oddHeader></headerFooter>"
)
PARTS = {
    SHEET1: sheet_xml(head=VIEWS, tail=TAIL),
    STRINGS: strings_xml("<si><t>Mã</t></si><si><t>a</t></si><si><t>b</t></si>"),
}


@pytest.mark.parametrize("part", PARTS)
def test_scraps_of_markup_anywhere_in_a_part_read_the_same_both_ways(part: str) -> None:
    """Where a part has two faults, the two ways may meet another one first."""
    chance = random.Random(part)
    for _ in range(1_000):
        text = PARTS[part]
        for _ in range(chance.choice((1, 1, 2, 3))):
            at, gone = chance.randrange(len(text)), chance.choice((0, 0, 1, 5))
            text = text[:at] + chance.choice(SCRAPS) + text[at + gone :]
        data = workbook({part: text})
        quick, slow = read_book(data), by_grammar(data)
        assert quick == slow or (isinstance(quick, Refusal) and isinstance(slow, Refusal)), text
