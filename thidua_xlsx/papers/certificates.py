"""Turns the awards into the sheet from which Word prints certificates: the header in row 1, one row an award."""

from __future__ import annotations

from thidua_xlsx.model.council import Resolution, Resolved
from thidua_xlsx.model.text import clean
from thidua_xlsx.model.wording import date_text, money
from thidua_xlsx.papers.fields import workplace
from thidua_xlsx.papers.plan_words import movement
from thidua_xlsx.papers.words import day_in_words
from thidua_xlsx.workbooks.fit import column_points, line_points, lines_of
from thidua_xlsx.workbooks.sheets import checked, open_workbook, print_on_a4, put

CERTIFICATES, SHEET = "in-giay-khen.xlsx", "In giấy khen"
# Word's mail merge takes row 1 for the names of its fields: nothing may stand above it. All cells are text,
# because Word would print a date cell in the format of its own country. Header, width in characters.
COLUMNS = (
    ("STT", 5),
    ("Đối tượng", 10),
    ("Ông/Bà", 8),
    ("Tên", 32),
    ("Tên in trên bằng", 36),
    ("Chức vụ", 22),
    ("Đơn vị", 36),
    ("Hình thức", 30),
    ("Thành tích", 52),
    ("Mức thưởng", 16),
    ("Số quyết định", 16),
    ("Ngày quyết định", 30),
    ("Ngày quyết định (số)", 14),
)
SIZE, SUBJECTS = 12, {"collective": "Tập thể", "individual": "Cá nhân"}


def write_certificates(resolved: Resolved) -> bytes:
    """The workbook; number and date of the decision are blank cells until they are known."""
    work = open_workbook(title="Danh sách in giấy khen, bằng khen")
    sheet = work.add_sheet(SHEET)
    heading = work.format(bold=True, text_wrap=True, align="center", bg_color="#D9E2F0", border=1)
    look = work.format(text_wrap=True, border=1, valign="top", num_format="@")
    for column, (header, width) in enumerate(COLUMNS, start=1):
        checked(sheet.set_column(column - 1, column - 1, width))
        put(sheet, 1, column, header, heading)
    awarded = (*resolved.awarded("collective"), *resolved.awarded("individual"))
    for number, item in enumerate(awarded, start=1):
        values = (str(number), *_row(resolved, item))
        for column, value in enumerate(values, start=1):
            put(sheet, number + 1, column, clean(value), look)
        tallest = max(lines_of(value, column_points(COLUMNS[at][1]), SIZE) for at, value in enumerate(values))
        checked(sheet.set_row(number, tallest * line_points(SIZE) + 4))
    sheet.freeze_panes(1, 4)
    checked(sheet.autofilter(0, 0, len(awarded), len(COLUMNS) - 1))
    print_on_a4(sheet, 1, left_mm=20)
    return work.close()


def _row(resolved: Resolved, item: Resolution) -> tuple[str, ...]:
    person, session = item.nominee.person, resolved.session
    return (
        SUBJECTS[item.nominee.subject],
        person.title if person else "",
        item.nominee.name,
        f"{person.title} {person.name}".strip() if person else item.nominee.name,
        person.position if person else "",
        workplace(item) if person else "",
        item.award or "",
        f"Đã có thành tích xuất sắc trong {movement(resolved.plan, resolved.round)}",
        money(item.money.amount) if item.money else "",
        session.number,
        day_in_words(session.decided_on) if session.decided_on else "",
        date_text(session.decided_on) if session.decided_on else "",
    )
