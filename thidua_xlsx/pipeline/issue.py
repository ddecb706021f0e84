"""Turns a plan into the workbooks that its units fill in."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.campaign.errors import CampaignError, wrong_use
from thidua_xlsx.campaign.inbox import is_ignored
from thidua_xlsx.campaign.written import write_beside, write_whole
from thidua_xlsx.model.cells import Book
from thidua_xlsx.model.form import FormLayout
from thidua_xlsx.model.issued import Fate, Issued, IssuedForm
from thidua_xlsx.model.plan import Plan, Round, Unit
from thidua_xlsx.pipeline.gather import Progress
from thidua_xlsx.pipeline.plans import choose_round, open_campaign
from thidua_xlsx.stages.forms.lay_out import lay_out_all
from thidua_xlsx.stages.intake.receive import parse_stamp, stamps_in
from thidua_xlsx.workbooks.form_workbook import FormPress
from thidua_xlsx.workbooks.issue_list import write_issue_list
from thidua_xlsx.workbooks.reader.cells import read_book

ISSUING = "Lập phiếu"


def layouts_of(plan: Plan, round_: Round) -> dict[str, FormLayout]:
    return lay_out_all(plan, round_)


def issue_forms(plan: Plan, round_code: str | None = None, units: Iterable[str] = ()) -> dict[str, bytes]:
    """The blank workbook of every unit of the round (or of those named), by unit code."""
    round_ = choose_round(plan, round_code)
    layouts, wanted = layouts_of(plan, round_), units_to_issue(plan, round_, units)
    press = FormPress(layouts[unit.code] for unit in wanted)
    return {unit.code: press.write(layouts[unit.code]) for unit in wanted}


def units_to_issue(plan: Plan, round_: Round, codes: Iterable[str]) -> tuple[Unit, ...]:
    """The units of the round, or those named; a code that is none of theirs is wrong use."""
    wanted = set(codes)
    units = plan.units_of(round_)
    unknown = sorted(wanted - {unit.code for unit in units})
    if unknown:
        raise wrong_use(f"Đợt xét này không có đơn vị {', '.join(unknown)}. Xem mã đơn vị trong kế hoạch.")
    return tuple(unit for unit in units if not wanted or unit.code in wanted)


def issue_folder(
    folder: Path | str,
    *,
    round_code: str | None = None,
    units: Iterable[str] = (),
    force: bool = False,
    progress: Progress = lambda _what, _done, _all: None,
) -> Issued:
    """The blank workbooks of a campaign's units, each whole; one that lies there is only replaced with ``force``."""
    home = Path(folder)
    plan = open_campaign(home)
    round_ = choose_round(plan, round_code)
    wanted = units_to_issue(plan, round_, units)
    target = home / names.ISSUED / round_.code
    layouts = layouts_of(plan, round_)
    press = FormPress(layouts[unit.code] for unit in wanted)
    with names.only_run(home):
        forms = []
        for number, unit in enumerate(wanted, start=1):
            path = target / f"{unit.code}.xlsx"
            forms.append(IssuedForm(unit, path, _issue(press, layouts[unit.code], path, force)))
            progress(ISSUING, number, len(wanted))
        codes = {unit.code for unit in plan.units_of(round_)}
        there = {path.stem for path in target.glob("*.xlsx") if not is_ignored(path.name)}
        listed = _list(home, plan, round_, there)
    return Issued(tuple(forms), target, listed, tuple(sorted(there - codes)))


def _issue(press: FormPress, layout: FormLayout, path: Path, force: bool) -> Fate:
    """Writes one form, or says how the one that lies there differs from it."""
    data = press.write(layout)
    before = names.read_optional(path)
    if before == data:
        return Fate.SAME
    if before is not None and not force:
        book = read_book(before)
        stamps = {parse_stamp(text) for text in stamps_in(book)} if isinstance(book, Book) else set()
        return Fate.DIFFERS if stamps == {layout.stamp} else Fate.OUTDATED
    write_whole(path, data)
    return Fate.WRITTEN if before is None else Fate.REPLACED


def _list(home: Path, plan: Plan, round_: Round, there: set[str]) -> Path | None:
    """Who is to be sent what, as a workbook beside the forms; the forms do not fail with it."""
    path = home / names.ISSUED / f"danh-sach-{round_.code}.xlsx"
    try:
        return write_beside(path, write_issue_list(plan, round_, there))
    except CampaignError:
        return None
