"""Turns the facts of the council's meeting into labelled cells below the lists, each blank until somebody knows it."""

from __future__ import annotations

from datetime import date

from thidua_xlsx.model.council import COUNT, DECIDED_ON, HELD_ON, PRESENT, SESSION_LABELS
from thidua_xlsx.workbooks.sheets import DATE_FORMAT, checked
from thidua_xlsx.workbooks.summary.ballots import COUNCIL
from thidua_xlsx.workbooks.summary.looks import GROUP, Kind, Look
from thidua_xlsx.workbooks.summary.page import SIGNATURES, Page

TITLE = "PHIÊN HỌP CỦA HỘI ĐỒNG (ghi sau khi họp; chưa biết thì để trống)"
LABEL, VALUE = (1, 4), (5, 8)
LABEL_LOOK = Look(bold=True)
DAYS, COUNTS = (HELD_ON, DECIDED_ON), (COUNT, PRESENT)
LEAST = 22.0
DAY_RULE = {
    "validate": "date",
    "criteria": ">=",
    "value": date(2000, 1, 1),
    "error_title": "Ngày chưa đúng",
    "error_message": "Ghi ngày theo dạng ngày/tháng/năm, ví dụ 15/02/2026. Chưa biết thì để trống.",
}
COUNT_RULE = {
    "validate": "integer",
    "criteria": ">=",
    "value": 0,
    "error_title": "Số người chưa đúng",
    "error_message": "Ghi số người bằng một số nguyên. Chưa biết thì để trống.",
}


def write_session(page: Page) -> None:
    page.keep(LEAST * (len(SESSION_LABELS) + 2) + SIGNATURES + 20.0)  # signed on the same page
    page.gap()
    page.band(TITLE, GROUP, last=VALUE[1])
    for label in SESSION_LABELS:
        day, count = label in DAYS, label in COUNTS
        page.span(*LABEL, label, LABEL_LOOK)
        form = DATE_FORMAT if day else "0" if count else "General"
        page.span(*VALUE, None, COUNCIL, Kind.TEXT, form)
        row, place = page.next - 1, VALUE[0] - 1
        if day or count:
            checked(page.sheet.data_validation(row, place, row, place, DAY_RULE if day else COUNT_RULE))
        page.height(LEAST)
