"""Before anything is published: sums add up, and what is read back from the disk says what the run found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import results_fixture
from filled_return import PLAN, layout_of
from open_once import opened, typed_over
from test_campaign import FAULTY, drop, folder, retyped, run, tree, valid

from thidua_xlsx.campaign import written
from thidua_xlsx.campaign.errors import CampaignError
from thidua_xlsx.model.results import Outcome, RunResult
from thidua_xlsx.pipeline.assess import assess
from thidua_xlsx.pipeline.gather import Inputs, gather
from thidua_xlsx.stages.intake.account import NotAddedUp, account
from thidua_xlsx.stages.intake.merge import Merged
from thidua_xlsx.workbooks.form_proof import NotAsFound, prove_feedback
from thidua_xlsx.workbooks.form_workbook import write_form
from thidua_xlsx.workbooks.proof import PROOFS, prove, prove_summary
from thidua_xlsx.workbooks.result_json import json_bytes
from thidua_xlsx.workbooks.summary import write_summary

__all__ = ["folder"]
IN_TIME = run.__defaults__[0]  # type: ignore[index]


# Sums


@pytest.fixture
def gathered(folder: Path) -> tuple[Inputs, RunResult, Merged]:
    drop(folder, VP=valid("VP"), KT=retyped("KT", FAULTY), x=b"no workbook")
    inputs = gather(folder, PLAN, PLAN.rounds[0], folder / "nop", IN_TIME, lambda *_: None)
    return inputs, *assess(inputs)


def test_a_run_adds_up(gathered: tuple[Inputs, RunResult, Merged]) -> None:
    inputs, result, merged = gathered
    account(inputs.files, result, merged)


LOSSES: dict[str, Callable[[RunResult], RunResult]] = {
    "an entry without a verdict": lambda result: replace(result, files=result.files[1:]),
    "an entry with two": lambda result: replace(result, files=(*result.files, result.files[0])),
    "a unit without an outcome": lambda result: replace(
        result, decisions=tuple(item for item in result.decisions if item.nominee.unit.code != "KT")
    ),
    "a unit with two": lambda result: replace(result, decisions=(*result.decisions, result.decisions[0])),
    "a missing unit that returned": lambda result: replace(result, missing=PLAN.units),
    "a scored return that is not there": lambda result: replace(result, standings=()),
    "no reason for no proposal": lambda result: replace(
        result,
        decisions=tuple(
            replace(item, reasons=()) if item.outcome is Outcome.INVALID else item for item in result.decisions
        ),
    ),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_what_does_not_add_up_is_our_fault(loss: str, gathered: tuple[Inputs, RunResult, Merged]) -> None:
    inputs, result, merged = gathered
    with pytest.raises(NotAddedUp):
        account(inputs.files, LOSSES[loss](result), merged)


# Read back


@cache
def summary() -> tuple[RunResult, bytes]:
    result = results_fixture.result()
    return result, write_summary(result)


def test_a_summary_says_what_was_found() -> None:
    prove_summary(*summary())
    empty = results_fixture.empty_result()
    prove_summary(empty, write_summary(empty))


def test_names_longer_than_a_row_are_still_the_same() -> None:
    result = results_fixture.result()
    long = "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân " * 12
    units = {unit.code: replace(unit, name=f"{long}{unit.code}") for unit in result.plan.units}
    renamed = replace(
        result,
        plan=replace(result.plan, units=tuple(units.values())),
        standings=tuple(replace(item, unit=units[item.unit.code]) for item in result.standings),
        decisions=tuple(
            replace(item, nominee=replace(item.nominee, unit=units[item.nominee.unit.code]))
            for item in result.decisions
        ),
        missing=tuple(units[unit.code] for unit in result.missing),
    )
    prove_summary(renamed, write_summary(renamed))


def other(value: Any) -> Any:
    return f"{value}?" if isinstance(value, str) else value + 1


def numbered(sheet: Any) -> list[int]:
    """The rows of the tables of a sheet."""
    return [row[0].row for row in sheet.iter_rows(max_col=1) if isinstance(row[0].value, int | float)]


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Xếp hạng", "Điểm được tính"),
        ("Xếp hạng", "Chỉ số (%)"),
        ("Xếp hạng", "Hạng trong khối"),
        ("Xếp hạng", "Hạng chung"),
        ("Xếp hạng", "Kết quả xét"),
        ("Bảng điểm", "Tổng điểm được tính"),
        ("Đề nghị khen thưởng", "Tập thể, cá nhân"),
        ("Đề nghị khen thưởng", "Mã"),
        ("Đề nghị khen thưởng", "Suất"),
        ("Đề nghị khen thưởng", "Tiền thưởng (đồng)"),
        ("Cá nhân", "Kết quả xét"),
        ("Lý do", "Kết quả xét"),
        ("Phiếu nhận", "Kết quả nhận; mức độ"),
    ],
)
def test_one_other_value_is_seen(name: str, header: str) -> None:
    result, data = summary()
    sheet = opened(data)[name]
    column = next(cell.column for row in sheet.iter_rows() for cell in row if cell.value == header)
    cell = next(cell for row in numbered(sheet) if (cell := sheet.cell(row, column)).value is not None)
    changed = typed_over(data, (cell, other(cell.value)))
    with pytest.raises(NotAsFound, match=name):
        prove_summary(result, changed)


def test_one_other_point_of_one_line_is_seen() -> None:
    result, data = summary()
    sheet = opened(data)["Bảng điểm"]
    leaf = result.standings[0].scores[0].line.code
    row = next(row for row in sheet.iter_rows() if row[0].value == leaf)
    changed = typed_over(data, (row[3], other(row[3].value)))
    with pytest.raises(NotAsFound, match="points of each line"):
        prove_summary(result, changed)


@pytest.mark.parametrize("name", PROOFS)
def test_a_row_that_is_gone_is_seen(name: str) -> None:
    result, data = summary()
    sheet = opened(data)[name]
    if not numbered(sheet):
        result = replace(result, changes=(*result.changes, *result.changes[:1]), missing=result.missing[1:])
    else:
        data = typed_over(data, (sheet.cell(numbered(sheet)[0], 1), None))
    with pytest.raises(NotAsFound, match=name):
        prove_summary(result, data)


def test_feedback_is_the_unit_s_and_can_be_read() -> None:
    form, stamp = write_form(layout_of("VP")), str(layout_of("VP").stamp)
    prove_feedback("VP", form, stamp)
    for data, asked in ((form, str(layout_of("KT").stamp)), (form[:-2000], stamp)):
        with pytest.raises(NotAsFound):
            prove_feedback("VP", data, asked)


def test_json_is_what_was_found() -> None:
    result, _ = summary()
    check = prove(result)
    check("ket-qua.json", json_bytes(result))
    with pytest.raises(NotAsFound):
        check("ket-qua.json", json_bytes(replace(result, standings=result.standings[1:])))


# Nothing of it is published


def test_nothing_is_published_that_says_something_else(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drop(folder, VP=valid("VP"), KT=valid("KT"))
    before = tree(folder)
    monkeypatch.setattr("thidua_xlsx.pipeline.outcome.write_summary", lambda *_: summary()[1])
    with pytest.raises(NotAsFound):
        run(folder)
    assert tree(folder) == before


def test_a_disk_that_gives_back_something_else_is_no_place_for_results(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(folder, VP=valid("VP"))
    before = tree(folder)
    real = Path.read_bytes

    def failing(path: Path) -> bytes:
        data = real(path)
        return data[:-1] + b"\x01" if written.TEMPORARY in str(path) and path.name == "tong-hop.xlsx" else data

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", failing)
        with pytest.raises(CampaignError) as raised:
            run(folder)
    assert raised.value.exit_code == 3
    assert tree(folder) == before
