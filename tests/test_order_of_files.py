"""The order in which files and units are listed changes no byte of what a run says (DESIGN §6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from first_here import first_here
from generate import clean_sample
from whole_books import with_books

from thidua_xlsx.model.cells import Book
from thidua_xlsx.model.form import INFORMATION, NO, YES
from thidua_xlsx.model.results import RunResult, Verdict
from thidua_xlsx.pipeline.assess import assess
from thidua_xlsx.pipeline.demo import make_demo
from thidua_xlsx.pipeline.gather import Inputs, gather
from thidua_xlsx.pipeline.plans import choose_round, load_plan
from thidua_xlsx.stages.intake.receive import ReturnedFile
from thidua_xlsx.workbooks.plans import shipped_plan_ids
from thidua_xlsx.workbooks.result_json import json_bytes
from thidua_xlsx.workbooks.summary import write_summary

TODAY = date(2026, 1, 31)
FINAL = "can-tho-2021-2025/tong-ket"


def inputs_of(folder: Path, round_code: str | None = None) -> Inputs:
    plan = load_plan(folder)
    inputs = gather(folder, plan, choose_round(plan, round_code), folder / "nop", TODAY, lambda *_: None)
    return with_books(inputs, folder)


def resent(file: ReturnedFile) -> ReturnedFile:
    """The same form sent again with one answer turned round; nothing says which of the two came last."""
    assert isinstance(file.book, Book)

    def turned(text: str) -> str:
        return {YES: NO, NO: YES}.get(text, text)

    sheets = tuple(
        replace(sheet, cells={at: replace(cell, text=turned(cell.text)) for at, cell in sheet.cells.items()})
        if sheet.name == INFORMATION else sheet
        for sheet in file.book.sheets
    )  # fmt: skip
    path = f"nop/gửi lại {Path(file.path).name}"
    return replace(file, path=path, sha256=file.sha256[::-1], book=replace(file.book, sheets=sheets))


def troubled(inputs: Inputs) -> Inputs:
    """A campaign with several units that did not return, and one that sent two different forms."""
    result, _ = assess(inputs)
    accepted = [item.path for item in result.files if item.verdict is Verdict.ACCEPTED]
    left_out, twice = set(accepted[1:5:2]), accepted[0]
    files = [file for file in inputs.files if file.path not in left_out]
    return replace(inputs, files=(*files, *(resent(file) for file in files if file.path == twice)))


@cache
def sample(plan_id: str) -> Inputs:
    with TemporaryDirectory() as folder:
        return troubled(inputs_of(clean_sample(plan_id, Path(folder) / "dot")))


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Inputs]:
    """The samples by the plan's id, and a final round with its register of earlier awards."""

    @cache
    def final() -> Inputs:
        folder = tmp_path_factory.mktemp("final")
        make_demo(folder, "can-tho-2021-2025", round_code="tong-ket", units=14, seed=3, faults="none")
        return troubled(inputs_of(folder, "tong-ket"))

    return lambda name: final() if name == FINAL else sample(name)


CAMPAIGNS = (*shipped_plan_ids(), FINAL)
Told = tuple[RunResult, bytes, bytes]


def told(inputs: Inputs) -> Told:
    result, _ = assess(inputs)
    return result, json_bytes(result), write_summary(result)


def listed_otherwise(inputs: Inputs, seed: int) -> Inputs:
    """Files and units in another order: the first time the other way round, then as chance has it."""
    units, files = list(inputs.plan.units), list(inputs.files)
    if seed:
        Random(seed).shuffle(units)
        Random(seed + 1).shuffle(files)
    else:
        units.reverse()
        files.reverse()
    return replace(inputs, plan=replace(inputs.plan, units=tuple(units)), files=tuple(files))


@pytest.mark.parametrize("name", first_here(CAMPAIGNS))
def test_neither_files_nor_units_have_an_order_that_tells(name: str, campaign: Callable[[str], Inputs]) -> None:
    inputs = campaign(name)
    result, said, printed = told(inputs)
    assert len(result.missing) > 1
    assert sum(item.verdict is Verdict.HELD for item in result.files) == 2
    assert len({item.outcome for item in result.decisions}) > 3
    for seed in range(3):
        other = listed_otherwise(inputs, seed)
        assert (other.files, other.plan) != (inputs.files, inputs.plan)
        again, said_again, printed_again = told(other)
        assert said_again == said
        assert printed_again == printed
        fields = ("files", "findings", "standings", "decisions", "quotas", "dossiers", "missing")
        assert [field for field in fields if getattr(again, field) != getattr(result, field)] == []
