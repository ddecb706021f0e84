"""Turns the printed list of corrections into that of another unit: its frame stays, its lines are set."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from thidua_xlsx.model.form import FIRST_ROW, GUIDANCE_ROW, HEADER_ROW
from thidua_xlsx.model.place import address, column_letters
from thidua_xlsx.workbooks.escaped import in_attribute
from thidua_xlsx.workbooks.form.answer_sheet import head_heights
from thidua_xlsx.workbooks.form.corrections import CORRECTIONS, HEADERS, LINKED, WIDTHS, Line, guidance, lines
from thidua_xlsx.workbooks.form.printed_sheet import height_text, value_text
from thidua_xlsx.workbooks.form.setting import Setting
from thidua_xlsx.workbooks.form.styles import Styles
from thidua_xlsx.workbooks.sheets import Value

LAST = column_letters(len(WIDTHS))
FRAME = re.compile(
    rf'(?P<top>.*<dimension ref="A1:{LAST})\d+(?P<head>".*<row r="{GUIDANCE_ROW}"[^>]*? ht=")[^"]+(?P<headers>".*?)'
    rf'<row r="{FIRST_ROW}" .*(?P<below></sheetData>.*)(?P<end><printOptions .*)',
    re.DOTALL,
)


class PrintedList:
    """The list of corrections, the first sheet of its workbook; ``number`` tells the number of a printed look."""

    def __init__(self, xml: str, styles: Styles, number: Callable[[Any], int]) -> None:
        found = FRAME.fullmatch(xml)
        assert found, "the list of corrections is not as XlsxWriter used to write it"
        self._top, self._head, self._headers, self._below, self._end = found.groups()
        self._styles, self._number = styles, number

    def set(self, setting: Setting) -> str:
        layout, asked = setting.layout, setting.asked
        advice = guidance(layout, sum(item.blocks for item in asked))
        # The frame has the numbers of these as printed: they are the workbook's first, all different.
        for text in (CORRECTIONS.upper(), str(layout.stamp), advice, *HEADERS):
            setting.numbers[text]
        made = list(enumerate(lines(self._styles, asked, list(setting.filled.values())), start=FIRST_ROW))
        rows = "".join([self._row(setting, row, line) for row, line in made])
        links = "".join([_link(row, line) for row, line in made if line.link])
        height = height_text(head_heights(advice, WIDTHS)[GUIDANCE_ROW])
        return (
            f"{self._top}{HEADER_ROW + len(made)}{self._head}{height}{self._headers}{rows}{self._below}"
            + (f"<hyperlinks>{links}</hyperlinks>" if links else "")
            + setting.unmarked(self._end)
        )

    def _row(self, setting: Setting, row: int, line: Line) -> str:
        cells = "".join(
            [
                f'<c r="{address(row, column)}" s="{self._number(look)}"{_tail(setting, value)}'
                for column, (value, look) in enumerate(line.cells, start=1)
            ]
        )
        height = height_text(line.points)
        return f'<row r="{row}" spans="1:{len(WIDTHS)}" ht="{height}" customHeight="1">{cells}</row>'


def _tail(setting: Setting, value: Value) -> str:
    if value is None or value == "":
        return "/>"
    if isinstance(value, str):
        return f' t="s"><v>{setting.numbers[value]}</v></c>'
    return f"><v>{value_text(value)}</v></c>"


def _link(row: int, line: Line) -> str:
    place, shown = (in_attribute(text) for text in (line.link, str(line.cells[LINKED - 1][0])))
    return f'<hyperlink ref="{address(row, LINKED)}" location="{place}" display="{shown}"/>'
