"""Turns the layout of a unit's form into the workbook the unit fills in, with answers and corrections if any.

Everything about a cell comes from the layout; this file only says which sheets there are and in which order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from types import MappingProxyType
from typing import Any

from thidua_xlsx.model.form import (
    HEADER_ROW,
    INSTRUCTIONS,
    LISTS,
    SELF_CHECK,
    STAMP_ROW,
    TITLE_ROW,
    WITNESS,
    Correction,
    FormLayout,
)
from thidua_xlsx.model.results import Standing
from thidua_xlsx.workbooks.form.answer_sheet import AnswerSheet, finish
from thidua_xlsx.workbooks.form.corrections import CORRECTIONS, prepare_looks, write_corrections
from thidua_xlsx.workbooks.form.filled import Answers, filled
from thidua_xlsx.workbooks.form.guide import write_guide
from thidua_xlsx.workbooks.form.points import POINTS, write_points
from thidua_xlsx.workbooks.form.printed import PrintedForm, marked
from thidua_xlsx.workbooks.form.rules import lists_of, write_lists
from thidua_xlsx.workbooks.form.self_check import write_self_check
from thidua_xlsx.workbooks.form.styles import REQUIRED_EDGE, WRONG_EDGE, Styles
from thidua_xlsx.workbooks.sheets import OpenWorkbook, checked, open_workbook, put

__all__ = ["CORRECTIONS", "Answers", "FormPress", "write_form"]

STAMP_NAME = "TDX_STAMP"
# What a form to be corrected is printed with; each unit has a list of its own.
PROBE = (Correction("", "", "", "…"),)
# How many kinds of form a press remembers, the latest used.
KEPT = 32
NO_ANSWERS: Answers = MappingProxyType({})


def write_form(
    layout: FormLayout,
    answers: Answers = NO_ANSWERS,
    corrections: Iterable[Correction] = (),
    standing: Standing | None = None,
) -> bytes:
    """The workbook of one unit. With corrections it opens on their list, and the cells they name are red.

    With a standing it also shows the points computed so far.
    """
    return _print(layout, answers, tuple(corrections), standing)[0]


def _print(
    layout: FormLayout, answers: Answers, asked: tuple[Correction, ...], standing: Standing | None
) -> tuple[bytes, Styles]:
    """The workbook, and the looks of its cells."""
    stamp = str(layout.stamp)
    work = open_workbook(
        title=f"{layout.round_name} – {layout.unit_name}",
        subject=layout.plan_title,
        author=layout.standing_body,
        keywords=stamp,
    )
    checked(work.book.set_custom_property(STAMP_NAME, stamp))
    checked(work.book.define_name(STAMP_NAME, f'="{stamp}"'))
    # Room for the tabs: what is still to be filled must be seen without scrolling them.
    work.book.set_tab_ratio(85)
    styles = Styles(work)
    if asked:
        prepare_looks(styles, layout)
    sheets = tuple(filled(sheet, answers, asked) for sheet in layout.sheets)
    if asked:
        page = work.add_sheet(CORRECTIONS)
        write_corrections(page, styles, layout, asked, sheets)
        finish(page, layout, HEADER_ROW, WRONG_EDGE)
    if standing:
        page = work.add_sheet(POINTS)
        write_points(page, styles, standing, stamp)
        finish(page, layout, HEADER_ROW)
    guide = work.add_sheet(INSTRUCTIONS)
    write_guide(guide, styles, layout, bool(asked))
    finish(guide, layout, 0, landscape=False)
    guide.fit_to_pages(1, 1)
    lists = lists_of(layout)
    for item in sheets:
        page = work.add_sheet(item.layout.name, growing_below=HEADER_ROW)
        AnswerSheet(page, styles, item).write(lists, stamp, layout.standing_body)
        finish(page, layout, HEADER_ROW, REQUIRED_EDGE)
    check = work.add_sheet(SELF_CHECK, growing_below=HEADER_ROW)
    write_self_check(check, styles, sheets, stamp)
    finish(check, layout, 0)
    hidden = _headed(work, styles, LISTS, "Danh sách cho các ô chọn", stamp)
    write_lists(work, styles, hidden, lists)
    hidden.hide()
    # The witness: the stamp once more where nobody edits.
    _headed(work, styles, WITNESS, "Mã phiếu. Không sửa sheet này.", stamp).very_hidden()
    if asked:
        styles.numbers()  # now, whichever cells are wrong
    return work.close(), styles


def _headed(work: OpenWorkbook, styles: Styles, name: str, title: str, stamp: str) -> Any:
    """A sheet that people do not see, with title and stamp where every sheet has them."""
    sheet = work.add_sheet(name)
    put(sheet, TITLE_ROW, 1, title, styles.title())
    put(sheet, STAMP_ROW, 1, stamp, styles.stamp())
    sheet.protect()
    return sheet


class FormPress:
    """Writes the forms of many units: those that are asked the same share what was printed once.

    The bytes are those of ``write_form``. ``layouts`` are the forms to come: a kind of which there is but one is not
    worth more than writing it.
    """

    def __init__(self, layouts: Iterable[FormLayout]) -> None:
        self._wanted = Counter(map(kind_of, layouts))
        self._printed: dict[object, tuple[FormLayout, PrintedForm]] = {}

    def write(
        self,
        layout: FormLayout,
        answers: Answers = NO_ANSWERS,
        corrections: Iterable[Correction] = (),
        standing: Standing | None = None,
    ) -> bytes:
        """The workbook of one unit, as ``write_form`` writes it."""
        asked = tuple(corrections)
        shared = not standing and self._wanted[kind_of(layout)] > 1
        form = self._printed_for(layout, bool(asked)).of(layout, answers, asked) if shared else None
        return form or write_form(layout, answers, asked, standing)

    def _printed_for(self, layout: FormLayout, corrected: bool) -> PrintedForm:
        kind = (*kind_of(layout), corrected)
        known = self._printed.pop(kind, None)
        # The version is of what is asked; what is only shown may differ.
        if known is None or known[0].sheets != layout.sheets:
            form, asked = marked(layout), PROBE if corrected else ()
            known = form, PrintedForm(form, *_print(form, NO_ANSWERS, asked, None), asked)
        self._printed[kind] = known
        if len(self._printed) > KEPT:
            del self._printed[next(iter(self._printed))]
        return known[1]


def kind_of(layout: FormLayout) -> tuple[object, ...]:
    """What forms have in common that differ in nothing but their unit's own texts."""
    head = (layout.plan_title, layout.authority, layout.standing_body, layout.round_name, layout.deadline_text)
    return (layout.stamp.version, *head, bool(layout.contact))
