"""Turns the corrections asked of a unit into the first sheet of its workbook: what to do, one link a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from thidua_xlsx.model.form import FIRST_ROW, HEADER_ROW, Answer, Correction, FormLayout
from thidua_xlsx.workbooks.fit import column_points
from thidua_xlsx.workbooks.form.answer_sheet import INDENT_POINTS, NAME, height, write_head
from thidua_xlsx.workbooks.form.filled import FilledSheet
from thidua_xlsx.workbooks.form.styles import DOUBTFUL_FILL, FIELD_FILL, LINK, MISSING_FILL, WRONG_FILL, Styles
from thidua_xlsx.workbooks.sheets import Value, checked, put, put_link, reference

CORRECTIONS = "Lỗi cần sửa"
WIDTHS = [6, 10, 12, 46, 24, 64]
HEADERS = ("STT", "Ô", "Mức", "Mục", "Đang ghi", "Cần làm gì")
LINKED = 2  # the column of addresses
WHOLE_RETURN = "Cả phiếu"

Group = tuple[str, FilledSheet | None, list[Correction]]


class Line(NamedTuple):
    """A row of the list: its values and their looks, its height, and where its address leads."""

    cells: tuple[tuple[Value, Any], ...]
    points: float
    link: str = ""


def guidance(layout: FormLayout, count: int) -> str:
    if not count:
        return "Phiếu không có lỗi. Các dòng dưới đây chỉ để xem lại; không bắt buộc sửa."
    return (
        f"Phiếu còn {count} chỗ phải sửa. Bấm địa chỉ ở cột «Ô» để đến chỗ đó, sửa ngay trong tệp này, "
        f"lưu lại và gửi về {layout.standing_body}. Ô phải sửa có nền đỏ."
    )


def subject(item: Correction, sheet: FilledSheet | None) -> str:
    """What a correction speaks of: «1.1. Ban hành kế hoạch – Số liệu 1», «Thứ tự 3, Trần Thị Hoa – Chức vụ»."""
    row = next((row for row in sheet.rows if row.code == item.row), None) if sheet else None
    if sheet is None or row is None:
        return " – ".join(part for part in (item.row, item.header) if part)
    if sheet.layout.open_rows:
        named = sheet.answers.get((item.row, NAME))
        line = f"{sheet.layout.columns[0].header} {item.row}" + (f", {named}" if named else "")
    else:
        named = next((cell for cell in row.cells[1:] if isinstance(cell, str)), "")
        # Codes in small letters are the program's; those of criteria and tasks stand in the plan.
        line = ". ".join(part for part in (item.row if item.row == item.row.upper() else "", named) if part)
    return " – ".join(part for part in (line, item.header) if part)


def standing(item: Correction, sheet: FilledSheet | None) -> Value:
    """What stands there now."""
    row = next((row for row in sheet.rows if row.code == item.row), None) if sheet else None
    headers = [column.header for column in sheet.layout.columns] if sheet else []
    if sheet is None or row is None or item.header not in headers:
        return None
    column = headers.index(item.header)
    cell = row.cells[column]
    return sheet.given(item.row, column + 1) if isinstance(cell, Answer) else cell


def _place(item: Correction, sheet: FilledSheet | None) -> tuple[int, int, str]:
    headers = [column.header for column in sheet.layout.columns] if sheet else []
    row = sheet.row_of(item.row) if sheet else None
    return row or 0, headers.index(item.header) if item.header in headers else -1, item.message


def groups(items: Sequence[Correction], sheets: Sequence[FilledSheet]) -> list[Group]:
    """Corrections of the whole return first, then sheet by sheet as the form has them, from the top down."""
    by_name = {sheet.layout.name: sheet for sheet in sheets}
    names = dict.fromkeys(("", *by_name, *(item.sheet for item in items)))
    found: list[Group] = []
    for name in names:
        sheet = by_name.get(name)
        own = sorted((item for item in items if item.sheet == name), key=lambda item: _place(item, sheet))
        if own:
            found.append((name, sheet, own))
    return found


def write_corrections(
    sheet: Any, styles: Styles, layout: FormLayout, items: Sequence[Correction], sheets: Sequence[FilledSheet]
) -> None:
    """The sheet, grouped by sheet; every line that has a place links to it."""
    for number, width in enumerate(WIDTHS):
        checked(sheet.set_column(number, number, width))
    advice = guidance(layout, sum(item.blocks for item in items))
    write_head(sheet, styles, CORRECTIONS.upper(), advice, str(layout.stamp), WIDTHS)
    for column, header in enumerate(HEADERS, start=1):
        put(sheet, HEADER_ROW, column, header, styles.header())
    checked(sheet.set_row(HEADER_ROW - 1, 24))
    for row, line in enumerate(lines(styles, items, sheets), start=FIRST_ROW):
        for column, (value, look) in enumerate(line.cells, start=1):
            if line.link and column == LINKED:
                put_link(sheet, row, column, line.link, str(value), look)
            else:
                put(sheet, row, column, value, look)
        checked(sheet.set_row(row - 1, line.points))
    sheet.freeze_panes(HEADER_ROW, 0)


def prepare_looks(styles: Styles, layout: FormLayout) -> None:
    """Makes all that corrections may need, so that which there are changes nothing in the order of the looks."""
    cells = [cell for sheet in layout.sheets for row in sheet.rows for cell in row.cells]
    asked = dict.fromkeys((cell.asks, cell.required) for cell in cells if isinstance(cell, Answer))
    for blocks in (True, False):
        for asks, required in asked:
            styles.answer(asks, required, blocks)
        for kind in ("text", "number", "date"):
            styles.wrong_printed(kind, blocks)
        _level_look(styles, blocks)
    for column in range(1, len(WIDTHS) + 1):
        _group_look(styles, column)
    _link_look(styles)
    for value in (None, "", date.min):
        styles.shown(value)
    styles.text()
    styles.changed(bg_color=MISSING_FILL)


def _group_look(styles: Styles, column: int) -> Any:
    edges = {"left": int(column == 1), "right": int(column == len(WIDTHS))}
    return styles.plain(bold=True, bg_color=FIELD_FILL, text_wrap=False, **edges)


def _link_look(styles: Styles) -> Any:
    return styles.plain(align="center", **LINK)


def _level_look(styles: Styles, blocks: bool) -> Any:
    return styles.plain(align="center", bg_color=WRONG_FILL if blocks else DOUBTFUL_FILL)


def lines(styles: Styles, items: Sequence[Correction], sheets: Sequence[FilledSheet]) -> Iterator[Line]:
    """The rows below the headers: of each sheet a heading, then what is wrong there."""
    number = 0
    for name, filled, found in groups(items, sheets):
        yield _heading(styles, f"Sheet {name}" if name else WHOLE_RETURN)
        for item in found:
            number += 1
            yield _line(styles, number, item, filled)


def _heading(styles: Styles, text: str) -> Line:
    columns = range(1, len(WIDTHS) + 1)
    return Line(tuple((text if column == 1 else None, _group_look(styles, column)) for column in columns), 21)


def _line(styles: Styles, number: int, item: Correction, filled: FilledSheet | None) -> Line:
    words, now = subject(item, filled), standing(item, filled)
    centred, link, place = styles.plain(align="center"), "", ""
    if filled:
        place = filled.address_of(item.row, item.header)
        link = reference(item.sheet, place)
    cells: tuple[tuple[Value, Any], ...] = (
        (number, centred),
        ((place if item.row else "mở sheet"), _link_look(styles)) if link else (None, centred),
        ("Phải sửa" if item.blocks else "Xem lại", _level_look(styles, item.blocks)),
        (words, styles.text()),
        (now, styles.shown(now)),
        (item.message, styles.text()),
    )
    texts = [
        (text, column_points(width) - INDENT_POINTS, False)
        for (text, _), width in list(zip(cells, WIDTHS, strict=True))[3:]
        if isinstance(text, str)
    ]
    return Line(cells, height(texts), link)
