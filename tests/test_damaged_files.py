"""Damaged returns: whatever happens to the bytes of a filled form, it is refused or says what it said before."""

from __future__ import annotations

from collections import Counter
from datetime import date
from hashlib import sha256
from random import Random

import pytest
from crafting import workbook
from damage import DAMAGES, damaged_inside, mutants
from returned_workbooks import WRITERS, FilledForm, filled_form

from thidua_xlsx.model.cells import Book, Refusal
from thidua_xlsx.model.office import Office, Register
from thidua_xlsx.model.refusals import DISAGREEMENT
from thidua_xlsx.model.results import RunResult
from thidua_xlsx.pipeline.assess import assess
from thidua_xlsx.pipeline.gather import Inputs
from thidua_xlsx.stages.intake.receive import ReturnedFile
from thidua_xlsx.workbooks.plans import shipped_plan_ids
from thidua_xlsx.workbooks.reader.cells import read_book
from thidua_xlsx.workbooks.reader.desk import CRASH, TIMEOUT
from thidua_xlsx.workbooks.reader.reading_room import read_all
from thidua_xlsx.workbooks.reader.second_reading import read_twice
from thidua_xlsx.workbooks.result_json import json_bytes
from thidua_xlsx.workbooks.summary import write_summary

TODAY = date(2026, 1, 31)
FORMS = [(plan, writer) for plan in shipped_plan_ids() for writer in WRITERS]
# One more, made by hand, stands for writers still unknown.
BY_HAND = ("", "by hand")
# Mutants of one original, in CI and in the step for long tests; the same of those damaged inside.
FEW, MANY = 200, 1_000
INSIDE_FEW, INSIDE_MANY = 30, 200
# Different answers of one unit are compared in pairs: so many at a time are put into one drop folder.
TOGETHER = 8


def original(plan: str, writer: str) -> bytes:
    return workbook() if writer == "by hand" else filled_form(plan, writer).data


def test_there_are_thousands_of_mutants_of_filled_forms() -> None:
    assert FEW * len(FORMS) >= 2_000
    assert MANY * len(FORMS) >= 10_000


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
@pytest.mark.parametrize(("plan", "writer"), [*FORMS, BY_HAND])
def test_no_damaged_file_is_accepted_with_other_content(plan: str, writer: str, count: int) -> None:
    """Read as a run reads them: in the worker processes, under their limits of time and memory."""
    data = original(plan, writer)
    whole = read_twice(data)
    assert isinstance(whole, Book)
    damaged = mutants(data, count, seed=count)
    assert len({item for _, item in damaged} - {data}) == count
    refused = Counter[str]()
    for at, ((kind, changed), reading) in enumerate(zip(damaged, read_all([item for _, item in damaged]), strict=True)):
        where = (at, kind, reading)
        if isinstance(reading, Refusal):
            assert reading.code not in (CRASH, TIMEOUT), where
            refused[kind] += 1
            if reading.code != DISAGREEMENT:
                continue
            # Held, for the second reader gave up or was misled; the first was not.
            reading = read_book(changed)
            assert isinstance(reading, Book), where
        assert (reading.sheets, reading.date1904) == (whole.sheets, whole.date1904), where
        assert reading.properties.items() <= whole.properties.items(), where
    assert refused.total() > count * 0.8
    assert {kind for kind, _ in damaged} == set(DAMAGES)
    assert count == FEW or set(DAMAGES) - set(refused) <= {"with_footer"}


# --- damage inside, with every checksum in order ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("plan", "writer", "count"),
    [
        *((plan, "demo", INSIDE_FEW) for plan in shipped_plan_ids()),
        *(pytest.param(*form, INSIDE_MANY, marks=pytest.mark.slow) for form in FORMS),
    ],
)
def test_a_form_damaged_inside_breaks_no_run(plan: str, writer: str, count: int) -> None:
    """Nobody can tell such a file from a true one: it may be read, and must then be borne by every later stage."""
    form = filled_form(plan, writer)
    chance = Random(f"{plan}/{writer}")
    damaged = [damaged_inside(form.data, chance) for _ in range(count)]
    accepted = []
    for at, (data, reading) in enumerate(zip(damaged, read_all(damaged), strict=True)):
        if isinstance(reading, Refusal):
            assert reading.code not in (CRASH, TIMEOUT), (at, reading)
        else:
            accepted.append(ReturnedFile(f"nop/{at:04}.xlsx", sha256(data).hexdigest(), reading))
    assert accepted
    for start in range(0, len(accepted), TOGETHER):
        files = tuple(accepted[start : start + TOGETHER])
        result = judged(form, files)
        assert [item.path for item in result.files] == [file.path for file in files]
        assert json_bytes(result).endswith(b"}\n")
        if start == 0 or count == INSIDE_MANY:
            assert write_summary(result)


def judged(form: FilledForm, files: tuple[ReturnedFile, ...]) -> RunResult:
    return assess(Inputs(form.plan, form.round, files, Office(), Register(), {}, (), TODAY))[0]
