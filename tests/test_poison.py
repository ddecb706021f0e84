"""One poisoned file among a hundred: the other ninety-nine come out the same, byte for byte."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import hostile
import pytest
from filled_return import PLAN_TEXT, Answers, layout_of, plan_of, valid_answers
from returned_workbooks import turned_comment

from thidua_xlsx.model.cells import Book, Cell, Kind, Sheet
from thidua_xlsx.model.council import run_mark
from thidua_xlsx.model.form import FormLayout
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.model.submission import Submission
from thidua_xlsx.pipeline import assess
from thidua_xlsx.pipeline.gather import Inputs, gather
from thidua_xlsx.pipeline.issue import layouts_of
from thidua_xlsx.pipeline.plans import load_plan
from thidua_xlsx.pipeline.run import RunOutput, run_batch
from thidua_xlsx.stages.intake.asked import AskedForms
from thidua_xlsx.stages.intake.check import check
from thidua_xlsx.stages.intake.collect import collect
from thidua_xlsx.stages.intake.receive import ReturnedFile
from thidua_xlsx.workbooks.form_workbook import write_form
from thidua_xlsx.workbooks.reader.cells import read_book
from thidua_xlsx.workbooks.result_json import json_bytes

TODAY = date(2026, 1, 20)
GOOD = 99
# The hundredth unit: what it sends is the poison.
POISONER = "VH"
LISTING_FILES = ("Tổng quan", "Phiếu nhận")


# --- the ninety-nine --------------------------------------------------------------------------------------------


@cache
def plan_text() -> str:
    listed = "".join(
        f'  {{code = "D{number:02}", name = "Đơn vị số {number}", block = "phong"}},\n' for number in range(GOOD - 2)
    )
    return PLAN_TEXT.replace("unit = [\n", f"unit = [\n{listed}")


@cache
def plan() -> Plan:
    made = plan_of(plan_text())
    assert len(made.units) == GOOD + 1
    return made


def answers_of(layout: FormLayout, number: int) -> Answers:
    """Every fifth unit leaves something out, every seventh claims too much: the results are to have variety."""
    answers = valid_answers(layout, plan(), people=number % 3)
    keys = sorted(answers)
    if number % 5 == 0:
        del answers[keys[number % len(keys)]]
    if number % 7 == 0:
        answers["Chấm điểm", "4", "Điểm tự chấm"] = 99
    return answers


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The campaign of ninety-nine returns."""
    home = tmp_path_factory.mktemp("poison") / "thi đua"
    (home / "nop").mkdir(parents=True)
    (home / "ke-hoach.toml").write_text(plan_text(), "utf-8")
    for number, unit in enumerate(unit for unit in plan().units if unit.code != POISONER):
        layout = layout_of(unit.code, plan())
        (home / "nop" / f"{unit.code}.xlsx").write_bytes(write_form(layout, answers_of(layout, number)))
    return home


def read(home: Path) -> Inputs:
    the_plan = load_plan(home)
    return gather(home, the_plan, the_plan.rounds[0], home / "nop", TODAY, lambda *_: None)


@pytest.fixture(scope="module")
def alone(good: Path) -> Inputs:
    """The ninety-nine, read without any poison near."""
    inputs = read(good)
    assert len(inputs.files) == GOOD
    return inputs


# --- the poisons ------------------------------------------------------------------------------------------------


Poisons = Mapping[str, bytes]


@cache
def poisoners_form() -> bytes:
    layout = layout_of(POISONER, plan())
    return write_form(layout, valid_answers(layout, plan()))


def own_forms() -> Poisons:
    """What becomes of the poisoner's own form."""
    form = poisoners_form()
    return {"seen twice, otherwise": turned_comment(form)[0], "cut": form[:-2000], "torn": form[:9000] + form[9100:]}


def all_poisons() -> Poisons:
    return own_forms() | {case.name: case.build() for case in hostile.CASES}


def one_of_each_kind() -> Poisons:
    return own_forms() | {case.name: case.build() for case in hostile.one_of_each_kind()}


def poisoned(good: Path, home: Path, poisons: Poisons) -> tuple[Path, list[str]]:
    """The ninety-nine with these poisons among them in one drop folder, and the paths of the poisons."""
    shutil.copytree(good, home, ignore=shutil.ignore_patterns("ket-qua", ".thidua.lock", "co-quan.xlsx"))
    paths = [f"nop/D{number % (GOOD - 2):02}~{number:03}.xlsx" for number in range(len(poisons))]
    for path, data in zip(paths, poisons.values(), strict=True):
        (home / path).write_bytes(data)
    return home, paths


# --- the others -------------------------------------------------------------------------------------------------


def others(said: Any, paths: Collection[str], unit: str = "") -> bytes:
    """What a run says of everybody but these files, and the unit that they claim to be of."""

    def of_others(name: str) -> bool:
        return name not in paths and not any(name.startswith(f"{path}/") for path in paths)

    left = {
        **said,
        "files": [item for item in said["files"] if of_others(item["path"])],
        "findings": [item for item in said["findings"] if not item["file"] or of_others(item["file"])],
        "standings": [item for item in said["standings"] if item["unit"] != unit],
        "decisions": [item for item in said["decisions"] if item["unit"] != unit],
    }
    assert len(left["files"]) == GOOD
    return json.dumps(left, ensure_ascii=False, indent=1).encode()


def judged(inputs: Inputs, files: Iterable[ReturnedFile]) -> Any:
    return json.loads(json_bytes(assess.assess(replace(inputs, files=tuple(files)))[0]))


@pytest.fixture
def remembering(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is made of the plan alone, or of the same returns alone, is made once and not for every poison again."""
    monkeypatch.setattr(assess, "layouts_of", cache(layouts_of))
    collections: dict[tuple[int, str], tuple[Book, Submission]] = {}
    checks: dict[tuple[int, ...], tuple[Submission, ...]] = {}

    def collected(book: Book, layout: FormLayout, file: str, forms: AskedForms) -> Submission:
        key = (id(book), file)
        if key not in collections:
            # The book is kept too, so that no other can take its place in memory.
            collections[key] = (book, collect(book, layout, file, forms))
        return collections[key][1]

    def checked(given: tuple[Submission, ...], plan: Plan, round_: Round, *told: Any) -> tuple[Submission, ...]:
        key = tuple(map(id, given))
        return checks.get(key) or checks.setdefault(key, check(given, plan, round_, *told))

    monkeypatch.setattr(assess, "collect", collected)
    monkeypatch.setattr(assess, "check", checked)


def marked(file: ReturnedFile) -> ReturnedFile:
    """The same file with the poisoner's stamp on its first sheet, so that it is taken for a return."""
    assert isinstance(file.book, Book)
    first, *rest = file.book.sheets
    stamp = Cell(Kind.TEXT, str(layout_of(POISONER, plan()).stamp))
    sheet = replace(first, hidden=False, cells={**first.cells, (1, 9_999): stamp})
    return replace(file, book=replace(file.book, sheets=(sheet, *rest)))


def each_in_turn(alone: Inputs, home: Path, paths: Sequence[str]) -> int:
    """Read all together, then put in one by one. Gives how many different poisons there were."""
    mixed = read(home)
    good = [file for file in mixed.files if file.path not in paths]
    assert good == list(alone.files), "what poison is read beside changes no reading"
    plain, plain_without = (others(judged(alone, good), (), unit) for unit in ("", POISONER))
    tried = set()
    for path in paths:
        poison = [file for file in mixed.files if file.path == path]
        assert poison
        if repr(poison[0].book) in tried:
            continue
        tried.add(repr(poison[0].book))
        assert others(judged(alone, [*poison, *good]), [path]) == plain, path
        if isinstance(poison[0].book, Book) and poison[0].book.sheets:
            said = judged(alone, [marked(poison[0]), *good])
            assert next(item for item in said["files"] if item["path"] == path)["unit"] == POISONER
            assert others(said, [path], POISONER) == plain_without, path
    assert others(judged(alone, mixed.files), paths) == plain
    return len(tried)


# --- the tests --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("remembering")
def test_one_of_each_kind_changes_nothing_for_the_others(alone: Inputs, good: Path, tmp_path: Path) -> None:
    poisons = one_of_each_kind()
    assert each_in_turn(alone, *poisoned(good, tmp_path / "thi đua", poisons)) > len(poisons) * 0.8


@pytest.mark.slow
@pytest.mark.usefixtures("remembering")
def test_every_hostile_file_changes_nothing_for_the_others(alone: Inputs, good: Path, tmp_path: Path) -> None:
    poisons = all_poisons()
    assert each_in_turn(alone, *poisoned(good, tmp_path / "thi đua", poisons)) > 250


@pytest.mark.parametrize("poisons", [one_of_each_kind, pytest.param(all_poisons, marks=pytest.mark.slow)])
def test_all_together_change_no_workbook_of_the_others(
    good: Path, tmp_path: Path, poisons: Callable[[], Poisons]
) -> None:
    """Two whole runs: feedback byte for byte, and every page of the council's workbook that does not list files."""
    home, paths = poisoned(good, tmp_path / "thi đua", poisons())
    before, after = (run_batch(folder, out=tmp_path / out, today=TODAY) for folder, out in ((good, "1"), (home, "2")))
    assert others(json.loads(after.json), paths) == others(json.loads(before.json), ())
    feedback = [{path.name: path.read_bytes() for path in run.target.glob("phan-hoi/*")} for run in (before, after)]
    assert len(feedback[0]) > GOOD // 5
    assert feedback[1] == feedback[0]
    first, second = (
        {sheet.name: lines(sheet, run, paths) for sheet in opened(run.target).sheets} for run in (before, after)
    )
    assert list(first) == list(second)
    assert [name for name in first if first[name] != second[name]] == list(LISTING_FILES)


def lines(sheet: Sheet, run: RunOutput, paths: Collection[str]) -> list[list[str]]:
    """What a page says line by line, but for the lines that name a poison, and the mark of the very run."""
    told = defaultdict(list)
    mark = run_mark(sha256(run.json).hexdigest())
    for (row, _), cell in sorted(sheet.cells.items()):
        told[row].append(cell.text.replace(mark, ""))
    return [line for line in told.values() if not any(path in text for path in paths for text in line)]


def opened(run: Path) -> Book:
    book = read_book((run / "tong-hop.xlsx").read_bytes())
    assert isinstance(book, Book), book
    return book
