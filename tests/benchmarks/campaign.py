"""Turns a number of units into a campaign on disk in which every tenth return has a fault, made once and kept.

python -m tests.benchmarks.campaign UNITS FOLDER
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from thidua_xlsx.campaign.folder import OFFICE
from thidua_xlsx.model.cells import Book
from thidua_xlsx.model.demo import Retyped, Typed
from thidua_xlsx.model.form import FIRST_ROW, SCORES, Answer, Asks, FormLayout
from thidua_xlsx.model.office import RECEPTION
from thidua_xlsx.model.place import address
from thidua_xlsx.pipeline.demo import make_demo
from thidua_xlsx.pipeline.issue import layouts_of
from thidua_xlsx.pipeline.plans import load_plan
from thidua_xlsx.stages.intake.receive import parse_stamp, stamps_in
from thidua_xlsx.workbooks.reader.cells import read_book, read_own_book
from thidua_xlsx.workbooks.retype import retype

PLAN, ROUND, SEED = "soc-trang-2025", "hang-nam", 7
# One return in so many has faults; each of them this many.
EVERY, FAULTS = 10, 2
NUMBERS = (Asks.NUMBER, Asks.WHOLE, Asks.PERCENT)


def campaign_of(units: int, folder: Path) -> Path:
    """The campaign of this size, made where there is none yet."""
    target = folder / f"don-vi-{units}"
    if not (target / "ke-hoach.toml").exists():
        unfinished = folder / f"don-vi-{units}.dang-lap"
        shutil.rmtree(unfinished, ignore_errors=True)
        make_demo(unfinished, PLAN, round_code=ROUND, units=units, seed=SEED, faults="none")
        break_every_tenth(unfinished)
        unfinished.rename(target)
    return target


def break_every_tenth(folder: Path) -> None:
    """Words typed where the scorecard asks for a number, before the office noted when the return came."""
    broken = sorted((folder / "nop").glob("*.xlsx"))[::EVERY]
    before = [digest_of(path) for path in broken]
    type_over(folder, broken, FAULTS, Typed.TEXT, "không rõ")
    note_again(folder / OFFICE, dict(zip(before, map(digest_of, broken), strict=True)))


def digest_of(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def note_again(office: Path, digests: Mapping[str, str]) -> None:
    """The office's lines about these contents, as lines about those."""
    data = office.read_bytes()
    book = read_own_book(data)
    assert isinstance(book, Book)
    (sheet,) = (item for item in book.sheets if item.name == RECEPTION)
    noted = [(address(*place), digests[cell.text]) for place, cell in sheet.cells.items() if cell.text in digests]
    office.write_bytes(retype(data, [Retyped(RECEPTION, cell, Typed.TEXT, content) for cell, content in noted]))


def other_answers(folder: Path, files: Iterable[Path]) -> None:
    """Another number typed into each of these returns."""
    type_over(folder, files, 1, Typed.NUMBER, "1")


def type_over(folder: Path, files: Iterable[Path], cells: int, typed: Typed, text: str) -> None:
    """The first cells of the scorecard that ask for a number, typed over."""
    plan = load_plan(folder / "ke-hoach.toml")
    round_ = plan.round(ROUND)
    assert round_ is not None
    layouts = layouts_of(plan, round_)
    for path in files:
        data = path.read_bytes()
        book = read_book(data)
        assert isinstance(book, Book), path
        stamp = parse_stamp(stamps_in(book)[0])
        assert stamp is not None, path
        chosen = numbers_of(layouts[stamp.unit])[:cells]
        path.write_bytes(retype(data, [Retyped(SCORES, cell, typed, text) for cell in chosen]))


def with_one_return(campaign: Path, folder: Path) -> Path:
    """The campaign with its first return alone: what a run costs before it reads many files."""
    shutil.copytree(campaign, folder, ignore=shutil.ignore_patterns("nop", "ket-qua"))
    (folder / "nop").mkdir()
    shutil.copy(min((campaign / "nop").glob("*.xlsx")), folder / "nop")
    return folder


def numbers_of(layout: FormLayout) -> list[str]:
    """The addresses of the scorecard that ask for a number."""
    sheet = layout.sheet(SCORES)
    assert sheet is not None
    return [
        address(row, column)
        for row, line in enumerate(sheet.rows, start=FIRST_ROW)
        for column, cell in enumerate(line.cells, start=1)
        if isinstance(cell, Answer) and cell.asks in NUMBERS
    ]


if __name__ == "__main__":
    campaign_of(int(sys.argv[1]), Path(sys.argv[2]))
