"""Any mixture in the drop folder: every entry has one verdict, they add up, and the exit code keeps the contract."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from click.testing import CliRunner
from crafting import ACCEPT, workbook
from filled_return import PLAN, ROUND, valid_answers
from hostile import CASES
from hypothesis import given, settings
from hypothesis import strategies as st
from returned_workbooks import filled_form, turned_comment
from test_campaign import CHANGED, FAULTY, IN_TIME, blank, new_folder, retyped, saved, stampless, valid

from thidua_xlsx.cli.main import main
from thidua_xlsx.model.cells import Book, Kind
from thidua_xlsx.model.form import SCORES
from thidua_xlsx.model.plan import Unit
from thidua_xlsx.pipeline.assess import assess
from thidua_xlsx.pipeline.gather import gather
from thidua_xlsx.stages.forms.lay_out import lay_out
from thidua_xlsx.workbooks.form_workbook import write_form
from thidua_xlsx.workbooks.plans import shipped_plan_ids
from thidua_xlsx.workbooks.reader.cells import read_book
from thidua_xlsx.workbooks.result_json import json_bytes

UNITS = [unit.code for unit in PLAN.units]
# Larger ones are read like small ones; a hundred examples of them would take their time.
LARGEST = 100_000
RETURNED = {"accepted", "held", "superseded", "duplicate"}

# --- what may lie there -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Content:
    """What an entry is: how to make it, and the verdicts that it may get where nothing else has its bytes."""

    make: Callable[[Path], None]
    verdicts: frozenset[str]
    data: bytes | None = None
    unit: str = ""


def file(data: bytes, *verdicts: str, unit: str = "") -> Content:
    return Content(lambda path: void(path.write_bytes(data)), frozenset(verdicts), data, unit)


def void(_: object) -> None:
    """Nothing: an entry is made for its own sake."""


def of_unit(code: str) -> Unit:
    unit = PLAN.unit(code)
    assert unit is not None
    return unit


@cache
def resaved(unit: str) -> bytes:
    """The same answers in other bytes: opened in Excel, looked at, saved."""
    return retyped(unit, {("Hướng dẫn", "A40"): "đã xem"})


@cache
def by_our_writer(unit: str) -> bytes:
    layout = lay_out(PLAN, ROUND, of_unit(unit))
    return write_form(layout, valid_answers(layout))


@cache
def last_year(unit: str) -> bytes:
    before = replace(PLAN, head=replace(PLAN.head, year=PLAN.head.year - 1))
    layout = lay_out(before, ROUND, of_unit(unit))
    return write_form(layout, valid_answers(layout, before))


@cache
def of_two_units() -> bytes:
    """One sheet of another unit's form among the own."""
    book = openpyxl.load_workbook(BytesIO(valid("VP")))
    book[SCORES]["A2"].value = openpyxl.load_workbook(BytesIO(valid("KT")))[SCORES]["A2"].value
    return saved(book)


@cache
def outdated() -> bytes:
    """A form of this round from before the plan was changed: another maximum, another version."""
    criteria = tuple(replace(line, max=line.max / 2) if line.code == "4" else line for line in PLAN.criteria)
    layout = lay_out(replace(PLAN, criteria=criteria), ROUND, of_unit("VH"))
    return write_form(layout, valid_answers(layout, replace(PLAN, criteria=criteria)))


def archived(members: Mapping[str, bytes]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


@cache
def contents() -> Mapping[str, Content]:
    """Every kind of entry by a name that tells it."""
    found: dict[str, Content] = {}
    for unit in UNITS:
        for name, data in {
            "valid": valid(unit),
            "saved once more": resaved(unit),
            "other answers": retyped(unit, CHANGED),
            "faulty": retyped(unit, FAULTY),
        }.items():
            found[f"{name} {unit}"] = file(data, *RETURNED, unit=unit)
        # Beside others it only came along; alone it is what the unit returned.
        found[f"blank {unit}"] = file(blank(unit), *RETURNED, "ignored", unit=unit)
        found[f"stampless {unit}"] = file(stampless(unit), "held")
        found[f"cut {unit}"] = file(valid(unit)[: len(valid(unit)) * 2 // 3], "rejected")
        found[f"last year {unit}"] = file(last_year(unit), "foreign")
    found["of two units"] = file(of_two_units(), "held")
    found["outdated VH"] = file(outdated(), "rejected", unit="VH")
    found["seen twice, otherwise"] = file(turned_comment(by_our_writer("VP"))[0], "held")
    found["of another plan"] = file(filled_form(shipped_plan_ids()[0], "demo").data, "foreign")
    found["foreign"] = file(workbook(), "foreign")
    for case in CASES:
        data = case.build()
        if len(data) <= LARGEST:
            # A foreign workbook that two readers see differently is held.
            verdicts = ("foreign", "held") if case.expect == ACCEPT else ("rejected", "ignored")
            found[f"hostile: {case.name}"] = file(data, *verdicts)
    found["archive"] = file(archived({"nop/KT.xlsx": valid("KT"), "a.xlsx": b"", "đọc.txt": b"Xin gui"}), "ignored")
    ignored = frozenset({"ignored"})
    found["folder"] = Content(lambda path: path.mkdir(), ignored)
    found["pipe"] = Content(lambda path: void(os.mkfifo(path)), ignored)
    found["link to nothing"] = Content(lambda path: path.symlink_to("không có"), ignored)
    found["link to itself"] = Content(lambda path: path.symlink_to(path.name), ignored)
    found["link upwards"] = Content(lambda path: path.symlink_to("..", target_is_directory=True), ignored)
    return found


NAMES = (
    "VP.xlsx",
    "Phiếu (2).xlsx",
    "KT.xlsx.xlsx",
    "PHIẾU.XLS",
    "phiếu.xlsm",
    "phiếu",
    "phiếu.pdf",
    " đầu .xlsx",
    "=1+1.xlsx",
    "@a'\"<b>&.xlsx",
    "hai\ndòng.xlsx",
    "\u202ephiếu.xlsx",
    "a" * 240 + ".xlsx",
    unicodedata.normalize("NFD", "Phòng Kế toán.xlsx"),
    unicodedata.normalize("NFC", "Phòng Kế toán.xlsx"),
    os.fsdecode(b"V\xc3\x83n ph\xb7ng.xlsx"),
    "👍.xlsx",
    "CON.xlsx",
    "nop",
    "ket-qua.json",
)
LEFT_BEHIND = (
    "~$VP.xlsx",
    ".~lock.VP.xlsx#",
    "Thumbs.db",
    "desktop.ini",
    ".DS_Store",
    "..xlsx.",
    "VP.xlsx.part",
    "a.crdownload",
)
FOLDERS = ("", "Khối phòng", "Khối phòng/Đợt 1", "~$ẩn", "trống")
# Returns of the same few units meet often; the hostile ones are many, and one by one tested elsewhere.
USUAL = st.deferred(lambda: st.sampled_from(sorted(kind for kind in contents() if not kind.startswith("hostile"))))
ENTRIES = st.dictionaries(
    st.tuples(st.sampled_from(FOLDERS), st.sampled_from(NAMES + LEFT_BEHIND)),
    st.deferred(lambda: USUAL | st.sampled_from(sorted(contents()))),
    max_size=12,
)
Entries = Mapping[tuple[str, str], str]


@contextmanager
def inbox_of(entries: Entries) -> Iterator[Path]:
    with TemporaryDirectory() as place:
        home = new_folder(Path(place) / "thi đua")
        for (below, name), kind in entries.items():
            folder = home / "nop" / below
            folder.mkdir(parents=True, exist_ok=True)
            contents()[kind].make(folder / name)
        yield home


def shown(path: str) -> str:
    """The path as results name it."""
    return unicodedata.normalize("NFC", os.fsencode(path).decode("utf-8", "backslashreplace"))


def on_disk(home: Path) -> dict[str, Path]:
    """Every entry by its own name, counted without the program's help."""
    return {
        os.path.relpath(os.path.join(folder, name), home): Path(folder, name)  # noqa: PTH118 - bytes that are no text
        for folder, folders, files in os.walk(home / "nop")
        for name in [*folders, *files]
    }


# --- what is due ------------------------------------------------------------------------------------------------


def expected(entries: Entries, home: Path) -> tuple[Counter[str], dict[str, set[str]]]:
    """Every path with how often it is due, and the verdicts that it may get."""
    due = {}
    for path in on_disk(home):
        folder, name = os.path.split(path.removeprefix("nop/"))
        hidden = name in LEFT_BEHIND or any(part.startswith("~$") for part in [*folder.split("/"), name])
        kind = entries.get((folder, name))
        content = contents()[kind] if kind and not hidden else None
        due[path] = set(content.verdicts) if content else {"ignored"}
        if content and content.data is not None:
            # Of the same bytes only one counts.
            due[path].add("duplicate")
    told: dict[str, set[str]] = defaultdict(set)
    for path, verdicts in due.items():
        told[shown(path)] |= verdicts
    return Counter(map(shown, due)), told


def holds(said: Any, entries: Entries, home: Path) -> None:
    """Accounting, identity and outcomes of one run, judged by what was put there."""
    own = [item for item in said["files"] if item["member"] is None]
    times, verdicts = expected(entries, home)
    assert Counter(item["path"] for item in own) == times
    for item in own:
        assert item["verdict"] in verdicts[item["path"]], item
    members = [(item["path"], item["member"]) for item in said["files"] if item["member"] is not None]
    assert len(set(members)) == len(members)
    assert {path for path, _ in members} <= set(times)

    by_content, returned = defaultdict(list), defaultdict(list)
    known = {sha256(content.data).hexdigest(): content.unit for content in contents().values() if content.data}
    for item in said["files"]:
        if item["sha256"]:
            by_content[item["sha256"]].append(item["verdict"])
        if item["unit"]:
            assert item["unit"] == known[item["sha256"]], "whose return it is, nobody guesses"
            returned[item["unit"]].append(item["verdict"])
    # What nobody reads, and the container whose members stand for themselves, has no twin.
    read = [[verdict for verdict in group if verdict != "ignored"] for group in by_content.values()]
    assert all(sum(verdict != "duplicate" for verdict in group) <= 1 for group in read)
    for unit in UNITS:
        found = Counter(verdict for verdict in returned[unit] if verdict not in ("rejected", "ignored"))
        # One return alone counts; two that differ hold each other, for nothing here proves which came last.
        assert found["accepted"] + min(found["held"], 1) == min(found.total(), 1), (unit, found)
        assert found["held"] != 1, unit
    counting = {unit for unit in UNITS if "accepted" in returned[unit]}
    assert {item["unit"] for item in said["standings"]} <= counting
    outcomes = {item["unit"]: item["outcome"] for item in said["decisions"] if item["subject"] == "collective"}
    assert set(outcomes) == set(UNITS)
    assert {unit for unit, outcome in outcomes.items() if outcome == "NOT_RETURNED"} <= set(UNITS) - counting


def exit_code_due(said: Any) -> int:
    """The contract's own words (DESIGN §7)."""
    errors = any(item["severity"] == "error" for item in said["findings"])
    return int(errors or any(item["verdict"] in ("held", "rejected") for item in said["files"]))


# --- the tests --------------------------------------------------------------------------------------------------


def judged(home: Path) -> Any:
    """What a run would say of this folder, without writing it."""
    inputs = gather(home, PLAN, ROUND, home / "nop", IN_TIME, lambda *_: None)
    return json.loads(json_bytes(assess(inputs)[0]))


@settings(max_examples=15, derandomize=True)
@given(ENTRIES)
def test_every_entry_has_one_verdict_and_they_add_up(entries: Entries) -> None:
    with inbox_of(entries) as home:
        holds(judged(home), entries, home)


@pytest.mark.slow
@settings(max_examples=150)
@given(ENTRIES)
def test_it_holds_for_many_more(entries: Entries) -> None:
    with inbox_of(entries) as home:
        holds(judged(home), entries, home)


@settings(max_examples=8, derandomize=True)
@given(ENTRIES)
def test_a_whole_run_says_the_same_everywhere(entries: Entries) -> None:
    """On the screen, in the JSON, in the council's workbook and by its exit code; what was returned stays as it was."""
    with inbox_of(entries) as home:
        before = {name: path.read_bytes() for name, path in on_disk(home).items() if path.is_file()}
        command = ["run", str(home), "--today", IN_TIME.isoformat()]
        done = CliRunner().invoke(main, command)
        assert done.exit_code in (0, 1), done.output
        run = home / "ket-qua" / "lan-001"
        said = json.loads((run / "ket-qua.json").read_text("utf-8"))
        holds(said, entries, home)
        assert done.exit_code == exit_code_due(said), done.output
        assert {name: path.read_bytes() for name, path in on_disk(home).items() if path.is_file()} == before
        if said["files"]:
            line = next(line for line in done.output.splitlines() if line.startswith("Tệp trong thư mục nộp"))
            total, *parts = map(int, re.findall(r"\d+", line))
            assert (total, sum(parts)) == (len(said["files"]), len(said["files"]))
        book = read_book((run / "tong-hop.xlsx").read_bytes())
        assert isinstance(book, Book)
        cells = next(sheet.cells for sheet in book.sheets if sheet.name == "Phiếu nhận")
        first = [cell for (_, column), cell in sorted(cells.items()) if column == 1]
        numbers = [int(cell.text) for cell in first if cell.kind is Kind.NUMBER]
        assert numbers == list(range(1, len(said["files"]) + 1))
        (told,) = (cell.text for cell in cells.values() if cell.text.startswith("Tổng số"))
        total, *parts = map(int, re.findall(r"\d+", told))
        assert (total, sum(parts)) == (len(said["files"]), len(said["files"]))


def test_each_kind_alone() -> None:
    """What chance may leave out: every kind of entry, in one folder, each under a name of its own."""
    entries = {("", f"{number:03}.xlsx"): kind for number, kind in enumerate(sorted(contents()))}
    with inbox_of(entries) as home:
        said = judged(home)
        own = [item for item in said["files"] if item["member"] is None]
        times, verdicts = expected(entries, home)
        assert Counter(item["path"] for item in own) == times
        assert [item for item in own if item["verdict"] not in verdicts[item["path"]]] == []
        assert {item["verdict"] for item in own} == {"held", "foreign", "rejected", "duplicate", "ignored"}
