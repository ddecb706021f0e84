"""Turns the points computed so far into a sheet of the unit's feedback: what it claimed, what its figures give.

Ranks are no part of it: before the council they are nobody's.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from thidua_xlsx.model.form import FIRST_ROW, HEADER_ROW
from thidua_xlsx.model.results import LineScore, Standing
from thidua_xlsx.model.wording import fixed, vietnamese
from thidua_xlsx.workbooks.fit import column_points
from thidua_xlsx.workbooks.form.answer_sheet import INDENT_POINTS, height, write_head
from thidua_xlsx.workbooks.form.styles import DOUBTFUL_FILL, FIELD_FILL, Styles
from thidua_xlsx.workbooks.sheets import Value, checked, put

POINTS = "Điểm tạm tính"
# None of these names a column of the form: nobody shall read this sheet as answers.
HEADERS = ("Tiêu chí số", "Nội dung", "Tối đa", "Tự chấm", "Tính từ số liệu", "Thẩm định", "Được tính")
WIDTHS = [12, 56, 10, 10, 12, 12, 12]
GUIDANCE = (
    "Điểm tính đến lần tổng hợp này, chỉ để xem; không phải điền gì ở đây. «–»: không áp dụng; «?»: chưa có điểm. "
    "Nền vàng: điểm được tính khác điểm tự chấm."
)
DECIMALS = 2


def rounded(value: Fraction | Decimal | None) -> Value:
    return None if value is None else Decimal(fixed(Fraction(value), DECIMALS))


def write_points(sheet: Any, styles: Styles, standing: Standing, stamp: str) -> None:
    """The sheet: a line for each leaf of the scorecard, then the sum."""
    for number, width in enumerate(WIDTHS):
        checked(sheet.set_column(number, number, width))
    write_head(sheet, styles, POINTS.upper(), GUIDANCE, stamp, WIDTHS)
    for column, header in enumerate(HEADERS, start=1):
        put(sheet, HEADER_ROW, column, header, styles.header())
    checked(sheet.set_row(HEADER_ROW - 1, 36))
    for row, score in enumerate(standing.scores, start=FIRST_ROW):
        _line(sheet, styles, row, score)
    _total(sheet, styles, FIRST_ROW + len(standing.scores), standing)
    sheet.freeze_panes(HEADER_ROW, 0)


def _line(sheet: Any, styles: Styles, row: int, score: LineScore) -> None:
    counted: Value = "–" if not score.applicable else "?" if score.points is None else rounded(score.points)
    differs = score.claimed is not None and score.points is not None and Fraction(score.claimed) != score.points
    values = (rounded(score.line.max), rounded(score.claimed), rounded(score.computed), rounded(score.appraised))
    put(sheet, row, 1, score.line.code, styles.text(num_format="@"))
    put(sheet, row, 2, score.line.name, styles.text())
    for column, value in enumerate(values, start=3):
        put(sheet, row, column, value, styles.plain(align="center"))
    look = {"bg_color": DOUBTFUL_FILL} if differs else {}
    put(sheet, row, 7, counted, styles.plain(align="center", bold=True, **look))
    checked(sheet.set_row(row - 1, height([(score.line.name, column_points(WIDTHS[1]) - INDENT_POINTS, False)])))


def _total(sheet: Any, styles: Styles, row: int, standing: Standing) -> None:
    index = "chưa tính được" if standing.index is None else f"{vietnamese(standing.index, DECIMALS)} %"
    look = styles.plain(bold=True, align="center", bg_color=FIELD_FILL)
    values: tuple[Value, ...] = (
        None,
        f"Cộng (kể cả điểm thưởng, điểm trừ); chỉ số: {index}",
        rounded(standing.applicable),
        rounded(standing.claimed),
        None,
        None,
        "?" if standing.points is None else rounded(standing.points),
    )
    for column, value in enumerate(values, start=1):
        text = styles.text(bold=True, bg_color=FIELD_FILL)
        put(sheet, row, column, value, text if column == 2 else look)
    checked(sheet.set_row(row - 1, 21))
