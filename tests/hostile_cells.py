"""Turns the good workbook into sheets with every odd cell that has been met or feared."""

from __future__ import annotations

from collections.abc import Callable

from crafting import (
    ACCEPT,
    GOOD_CELL,
    ROWS,
    SHEET1,
    SHEET2,
    Case,
    at,
    ballast,
    blank,
    full_rows,
    holds,
    letters,
    noise,
    refused,
    remarks,
    sheet_xml,
    with_cell,
    with_rows,
    with_strings,
    workbook,
)

from thidua_xlsx.model.cells import Cell, Kind


def _grid() -> list[Case]:
    def rows(*texts: str) -> Callable[[], bytes]:
        return lambda: with_rows("".join(texts))

    def cell(reference: str, row: int = 2) -> Callable[[], bytes]:
        return rows(f'<row r="{row}"><c r="{reference}"><v>8.5</v></c></row>')

    score = '<c r="B2"><v>8.5</v></c>'
    row2 = f'<row r="2">{score}</row>'
    far = "".join(f'<row r="{i}" spans="1:3" s="1" customFormat="1" ht="15"/>' for i in range(3, 130_000))
    wide = "".join(
        f'<row r="{r}">' + "".join(f'<c r="{letters(c)}{r}" s="1"/>' for c in range(1, 1_001)) + "</row>"
        for r in range(3, 130)
    )
    return [
        *refused(
            "F-CELL-REF",
            **{
                f"reference {reference!r}": cell(reference)
                for reference in (
                    "",
                    "B",
                    "2",
                    "B0",
                    "B02",
                    "b2",
                    "$B$2",
                    "B3",
                    "B22",
                    "XFE2",
                    "AAAA2",
                    "B2:C2",
                    "R2C2",
                    " B2",
                    "B2 ",
                    "B-2",
                    "Sheet1!B2",
                    "B\uff12",
                    "\u04122",
                    "B1048577",
                    "ZZZ2",
                )
            },
            **{
                f"row number {number!r}": rows(f'<row r="{number}"><c><v>8.5</v></c></row>')
                for number in ("0", "-1", "02", "1.0", "x", "", "1048577", "9999999999", "\uff12", " 2")
            },
            row_after_the_last=rows('<row r="1048576"/>', "<row/>"),
            column_after_the_last=rows('<row r="2"><c r="XFD2"><v>1</v></c><c><v>8.5</v></c></row>'),
            merge_without_reference=lambda: with_rows(ROWS, tail="<mergeCells><mergeCell/></mergeCells>"),
            merge_with_a_name=lambda: with_rows(ROWS, tail='<mergeCells><mergeCell ref="Tên"/></mergeCells>'),
        ),
        *refused(
            "F-DUP-CELL",
            cell_twice=rows(f'<row r="2">{score}<c r="B2"><v>9.9</v></c></row>'),
            cell_twice_not_side_by_side=rows(f'<row r="2">{score}<c r="C2"/><c r="A2"/><c r="B2"><v>9.9</v></c></row>'),
            cell_twice_once_empty=rows(f'<row r="2"><c r="B2"/>{score}</row>'),
            cell_twice_once_by_position=rows(f'<row r="2"><c r="A2"/>{score}<c r="A2"/></row>'),
            position_meets_a_reference=rows(
                '<row r="2"><c r="C2"><v>1</v></c><c r="B2"><v>1</v></c><c><v>9.9</v></c></row>'
            ),
            row_twice=rows(row2, '<row r="2"><c r="C2"><v>9.9</v></c></row>'),
            row_twice_not_side_by_side=rows(row2, '<row r="3"/>', '<row r="2"/>'),
            row_twice_once_by_position=rows('<row r="3"/>', row2, "<row/>"),
            two_values=lambda: with_cell('<c r="B2"><v>8.5</v><v>9.9</v></c>'),
            value_and_inline_string=lambda: with_cell('<c r="B2" t="inlineStr"><v>8</v><is><t>9</t></is></c>'),
            inline_string_and_value=lambda: with_cell('<c r="B2" t="inlineStr"><is><t>9</t></is><v>8</v></c>'),
            two_formulas=lambda: with_cell('<c r="B2"><f>A1</f><f>A2</f><v>1</v></c>'),
        ),
        *refused(
            "S-FAR-FORMAT",
            rows_formatted_to_the_end=rows(row2, far),
            cells_formatted_to_the_end=rows(row2, wide),
        ),
        Case("far format names sheet and row", rows(row2, far), "S-FAR-FORMAT", proof="sheet Chấm điểm, row 100"),
        Case("too many cells", lambda: with_rows(full_rows(1_100, 100)), "F-CELLS", proof="sheet Chấm điểm, row"),
        Case(
            "too many cells in two sheets",
            lambda: workbook({SHEET1: sheet_xml(full_rows(600, 100)), SHEET2: sheet_xml(full_rows(600, 100))}),
            "F-CELLS",
            proof="sheet Ẩn",
        ),
        Case("too many elements", lambda: with_rows(ROWS, tail=ballast() + "<x/>" * 2_000_000), "F-CELLS"),
        Case("too many strings", lambda: with_strings(ballast() + "<si/>" * 1_000_000), "F-CELLS"),
        Case(
            "99,000 cells", lambda: with_rows(full_rows(1_000, 98)), ACCEPT, lambda b: len(b.sheets[0].cells) == 98_000
        ),
        Case(
            "cell in the farthest corner",
            rows(row2, '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
            ACCEPT,
            lambda b: (1_048_576, 16_384) in b.sheets[0].cells and GOOD_CELL(b),
        ),
        Case("no references", rows("<row/>", "<row><c/><c><v>8.5</v></c></row>"), ACCEPT, GOOD_CELL),
        Case(
            "references after positions",
            rows("<row/>", '<row><c/><c r="B2"><v>8.5</v></c><c><v>1</v></c></row>'),
            ACCEPT,
            lambda b: GOOD_CELL(b) and at(b, 2, 3) == Cell(Kind.NUMBER, "1"),
        ),
        Case("rows out of order", rows('<row r="3"/>', row2), ACCEPT, remarks("S-ORDER")),
        Case("cells out of order", rows(f'<row r="2"><c r="C2"/>{score}</row>'), ACCEPT, remarks("S-ORDER")),
        Case("no rows", rows(), ACCEPT, lambda b: not b.sheets[0].cells),
        Case("styled cells without value", workbook, ACCEPT, lambda b: at(b, 3, 5) is None),
        *(
            Case(
                f"dimension {text!r}",
                lambda text=text: with_rows(ROWS, f'<dimension ref="{text}"/>'),
                ACCEPT,
                GOOD_CELL,
            )  # type: ignore[misc]
            for text in ("A1", "A1:XFD1048576", "x", "")
        ),
        Case(
            "merges",
            lambda: with_rows(ROWS, tail='<mergeCells count="9"><mergeCell ref="A1:B2"/></mergeCells>'),
            ACCEPT,
            lambda b: b.sheets[0].merges == ("A1:B2",) and GOOD_CELL(b),
        ),
        Case(
            "one giant merge",
            lambda: with_rows(ROWS, tail='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
            ACCEPT,
            GOOD_CELL,
        ),
        Case(
            "hidden rows",
            rows('<row r="1" hidden="1"/>', row2.replace('r="2"', 'r="2" hidden="true"', 1), '<row r="3" hidden="0"/>'),
            ACCEPT,
            lambda b: b.sheets[0].hidden_rows == {1, 2} and GOOD_CELL(b),
        ),
        Case(
            "protected",
            lambda: with_rows(ROWS, tail='<sheetProtection sheet="1" password="CC1A"/>'),
            ACCEPT,
            lambda b: b.sheets[0].protected,
        ),
        Case(
            "protection switched off",
            lambda: with_rows(ROWS, tail='<sheetProtection sheet="0"/>'),
            ACCEPT,
            lambda b: not b.sheets[0].protected,
        ),
        Case("unprotected", workbook, ACCEPT, lambda b: not b.sheets[0].protected),
        Case(
            "bad print and filter settings",
            lambda: with_rows(
                ROWS,
                tail=('<autoFilter ref="x"/><dataValidations count="-1"/><pageSetup paperSize="a"/>'),
            ),
            ACCEPT,
            GOOD_CELL,
        ),
    ]


def _values() -> list[Case]:
    def typed(kind: str, content: str) -> Callable[[], bytes]:
        return lambda: with_cell(f'<c r="B2" t="{kind}">{content}</c>')

    def number(text: str) -> Callable[[], bytes]:
        return lambda: with_cell(f'<c r="B2"><v>{text}</v></c>')

    def accepted(name: str, build: Callable[[], bytes], kind: Kind, text: str, **rest: object) -> Case:
        return Case(name, build, ACCEPT, holds(kind, text, **rest))  # type: ignore[arg-type]

    def string(name: str, item: str, text: str, rich: bool = False) -> list[Case]:
        return [
            accepted(f"shared: {name}", lambda: with_strings(f"<si>{item}</si>"), Kind.TEXT, text, rich=rich),
            accepted(f"inline: {name}", typed("inlineStr", f"<is>{item}</is>"), Kind.TEXT, text, rich=rich),
        ]

    raised = '<r><t>8</t></r><r><rPr><b/><vertAlign val="{}"/></rPr><t>5</t></r>'
    return [
        *refused(
            "F-SST",
            **{
                f"shared string {index!r}": typed("s", f"<v>{index}</v>")
                for index in ("-1", "3", "99", "x", "1.0", " 1", "1e0", "+1", "٣", "99999999999999999999")
            },
        ),
        accepted("shared string with leading zeros", typed("s", "<v>002</v>"), Kind.TEXT, "TC-1"),
        Case("shared string type without value", typed("s", ""), ACCEPT, blank),
        Case("shared string type with empty value", typed("s", "<v/>"), ACCEPT, blank),
        *(
            accepted(f"number {text}", number(text), Kind.NUMBER, text)
            for text in (
                "8.5",
                "-8.5",
                "+8.5",
                ".5",
                "8.",
                "0",
                "1E-2",
                "1e+5",
                "0.10000000000000001",
                "9" * 40,
                "46150",
                "1E-999",
                "-0",
            )
        ),
        *(
            accepted(f"no number {text[:20]!r} of {len(text)}", number(text), Kind.ERROR, text)
            for text in (
                "8,5",
                "NaN",
                "INF",
                "-Infinity",
                "1E400",
                "1_000",
                "٨",
                "\uff18.5",
                "9" * 41,
                "0x10",
                " 8.5",
                "8.5 ",
                "8.5.1",
                "1e",
                "e5",
                "--8",
                "8 5",
                ".",
                "+",
                "8.5%",
                "TRUE",
                "#REF!",
                "9" * 5_000,
            )
        ),
        accepted("comment in a value", number("8<!-- x -->.5"), Kind.NUMBER, "8.5"),
        accepted("instruction in a value", number("8<?a?>.5"), Kind.NUMBER, "8.5"),
        accepted("CDATA in a value", number("<![CDATA[8.5]]>"), Kind.NUMBER, "8.5"),
        accepted("CDATA in part of a value", number("8<![CDATA[.]]>5"), Kind.NUMBER, "8.5"),
        accepted("references in a value", number("&#56;.&#x35;"), Kind.NUMBER, "8.5"),
        Case("empty value", number(""), ACCEPT, blank),
        Case("value element alone", lambda: with_cell('<c r="B2"><v/></c>'), ACCEPT, blank),
        accepted("text as formula result type", typed("str", "<v>8,5 điểm</v>"), Kind.TEXT, "8,5 điểm"),
        accepted("explicit number type", typed("n", "<v>8.5</v>"), Kind.NUMBER, "8.5"),
        accepted("ISO date", typed("d", "<v>2026-01-29T00:00:00</v>"), Kind.TEXT, "2026-01-29T00:00:00"),
        accepted("true", typed("b", "<v>1</v>"), Kind.BOOLEAN, "1"),
        accepted("false", typed("b", "<v>0</v>"), Kind.BOOLEAN, "0"),
        accepted("true, spelled out", typed("b", "<v>true</v>"), Kind.BOOLEAN, "1"),
        accepted("boolean 2", typed("b", "<v>2</v>"), Kind.ERROR, "2"),
        *(
            accepted(f"error {text}", typed("e", f"<v>{text}</v>"), Kind.ERROR, text)
            for text in (
                "#REF!",
                "#N/A",
                "#DIV/0!",
                "#VALUE!",
                "#NAME?",
                "#SPILL!",
            )
        ),
        accepted("unknown type", typed("zz", "<v>8.5</v>"), Kind.ERROR, "8.5"),
        accepted("type that claims to be ours", typed("inline", "<v>8.5</v>"), Kind.ERROR, "8.5"),
        accepted(
            "inline string in a number cell", lambda: with_cell('<c r="B2"><is><t>8.5</t></is></c>'), Kind.ERROR, "8.5"
        ),
        accepted("inline type with a bare value", typed("inlineStr", "<v>8.5</v>"), Kind.ERROR, "8.5"),
        *string("plain", "<t>Có</t>", "Có"),
        *string("blanks kept", '<t xml:space="preserve"> 8.5 </t>', " 8.5 "),
        *string("NA is a text", "<t>NA</t>", "NA"),
        *string("leading zeros", "<t>000001</t>", "000001"),
        *string("two texts", "<t>a</t><t>b</t>", "ab"),
        *string("runs", "<r><t>Cải </t></r><r><rPr><b/></rPr><t>cách</t></r>", "Cải cách"),
        *string("superscript", raised.format("superscript"), "85", rich=True),
        *string("subscript", raised.format("subscript"), "85", rich=True),
        *string("baseline", raised.format("baseline"), "85"),
        *string("phonetic run", '<t>8</t><rPh sb="0" eb="1"><t>tám</t></rPh><phoneticPr fontId="1"/>', "8"),
        *string("phonetic run of runs", '<r><t>8</t></r><rPh sb="0" eb="1"><r><t>tám</t></r></rPh>', "8"),
        *string("CDATA", "<t><![CDATA[<8.5>]]></t>", "<8.5>"),
        *string("formula as text", "<t>=1+1</t>", "=1+1"),
        *string("NFD kept", "<t>e\u0301</t>", "e\u0301"),
        *string("right-to-left override kept", "<t>8\u202e5</t>", "8\u202e5"),
        *string("emoji", "<t>👍 8</t>", "👍 8"),
        *string("escape of a letter", "<t>_x0041_b</t>", "Ab"),
        *string("escaped escape", "<t>_x005F_x0041_</t>", "_x0041_"),
        *string("escape in small letters", "<t>_x00e9_</t>", "é"),
        *string("no escape", "<t>_x41_ _X0041_ _xZZZZ_</t>", "_x41_ _X0041_ _xZZZZ_"),
        *string("escaped line break", "<t>a_x000D_b</t>", "a\rb"),
        *string("escaped NUL", "<t>8_x0000_5</t>", "85"),
        *string("escaped control", "<t>a_x0007_b</t>", "ab"),
        *string("C1 control", "<t>a\x80b</t>", "ab"),
        *string("control that parts lines", "<t>a\x85b</t>", "a b"),
        *string("line break of Word", "<t>a_x000B_b</t>", "a b"),
        *string("lone surrogate", "<t>a_xD800_b</t>", "ab"),
        *string("lone low surrogate at the end", "<t>a_xDC00_</t>", "a"),
        *string("surrogate pair", "<t>_xD83D__xDC4D_</t>", "👍"),
        *string("32,767 letters", f"<t>{'x' * 32_767}</t>", "x" * 32_767),
        *string("line breaks", "<t>a\nb\tc</t>", "a\nb\tc"),
        Case("shared: empty", lambda: with_strings("<si><t/></si>"), ACCEPT, blank),
        Case("shared: nothing at all", lambda: with_strings("<si/>"), ACCEPT, blank),
        Case(
            "controls are remarked",
            lambda: with_strings("<si><t>8_x0000_5</t></si>"),
            ACCEPT,
            lambda b: "V-CTRL" in b.remarks,
        ),
        Case(
            "long text is remarked",
            lambda: with_strings(f"<si><t>{noise(150_000)}</t></si>"),
            ACCEPT,
            lambda b: "V-LONG" in b.remarks and len(at(b, 2, 2).text) == 100_000,
        ),  # type: ignore[union-attr]
        Case(
            "text of 10 million letters",
            lambda: with_strings(f"<si><t>{noise(10_000_000)}</t></si>"),
            ACCEPT,
            lambda b: "V-LONG" in b.remarks,
        ),
        accepted(
            "formula",
            lambda: with_cell('<c r="B2"><f>SUM(A1:A3)</f><v>8.5</v></c>'),
            Kind.NUMBER,
            "8.5",
            formula="SUM(A1:A3)",
        ),
        accepted(
            "formula without cache", lambda: with_cell('<c r="B2"><f>A1+1</f></c>'), Kind.NUMBER, "", formula="A1+1"
        ),
        accepted(
            "formula with empty cache",
            lambda: with_cell('<c r="B2"><f>A1+1</f><v></v></c>'),
            Kind.NUMBER,
            "",
            formula="A1+1",
        ),
        accepted("formula with text cache", typed("str", "<f>A1</f><v>Tốt</v>"), Kind.TEXT, "Tốt", formula="A1"),
        accepted("formula with empty text cache", typed("str", "<f>A1</f><v></v>"), Kind.TEXT, "", formula="A1"),
        accepted(
            "formula with error cache", typed("e", "<f>1/0</f><v>#DIV/0!</v>"), Kind.ERROR, "#DIV/0!", formula="1/0"
        ),
        accepted("formula TRUE()", typed("b", "<f>TRUE()</f><v>1</v>"), Kind.BOOLEAN, "1", formula="TRUE()"),
        accepted(
            "formula with a bad number",
            lambda: with_cell('<c r="B2"><f>A1</f><v>NaN</v></c>'),
            Kind.ERROR,
            "NaN",
            formula="A1",
        ),
        accepted(
            "formula after the value",
            lambda: with_cell('<c r="B2"><v>8.5</v><f>A1</f></c>'),
            Kind.NUMBER,
            "8.5",
            formula="A1",
        ),
        accepted(
            "follower of a shared formula",
            lambda: with_cell('<c r="B2"><f t="shared" si="0"/><v>8.5</v></c>'),
            Kind.NUMBER,
            "8.5",
            formula="",
        ),
        accepted(
            "array formula",
            lambda: with_cell('<c r="B2"><f t="array" ref="B2">A1:A3</f><v>8.5</v></c>'),
            Kind.NUMBER,
            "8.5",
            formula="A1:A3",
        ),
        accepted(
            "external formula",
            lambda: with_cell('<c r="B2"><f>[1]Sheet1!A1</f><v>9.9</v></c>'),
            Kind.NUMBER,
            "9.9",
            formula="[1]Sheet1!A1",
        ),
    ]


CELLS: tuple[Case, ...] = (
    *_grid(),
    *_values(),
)
