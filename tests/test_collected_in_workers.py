"""A form that is collected by the process that reads it is the same form as one collected from its book afterwards."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import pytest
from filled_return import PLAN, ROUND, filled_book, layout_of
from first_here import first_here
from generate import SAMPLES, TODAY, clean_sample
from hostile import CASES
from hostile_text import hostile_texts
from whole_books import with_books

from thidua_xlsx.campaign.errors import CampaignError, wrong_use
from thidua_xlsx.campaign.folder import OFFICE
from thidua_xlsx.model.cells import Book, Cell, Kind, Refusal, Sheet
from thidua_xlsx.model.form import FIRST_ROW, HEADER_ROW, INSTRUCTIONS
from thidua_xlsx.model.office import Office, Reception
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.model.returned import Filled, ReturnedFile
from thidua_xlsx.pipeline import gather as gathering
from thidua_xlsx.pipeline import read_form
from thidua_xlsx.pipeline.assess import assess
from thidua_xlsx.pipeline.gather import Source, gather, read_inbox, settled
from thidua_xlsx.pipeline.plans import load_plan
from thidua_xlsx.pipeline.read_form import FormReader
from thidua_xlsx.stages.forms.lay_out import Forms
from thidua_xlsx.stages.intake.collect import collect
from thidua_xlsx.workbooks.kept_return import kept_return
from thidua_xlsx.workbooks.plans import shipped_plan_ids
from thidua_xlsx.workbooks.reader import form_parcel
from thidua_xlsx.workbooks.reader.form_parcel import Opening, joined, parted
from thidua_xlsx.workbooks.reader.parcel import pack
from thidua_xlsx.workbooks.reader.second_reading import read_twice
from thidua_xlsx.workbooks.result_json import json_bytes

FILE = "nop/Phiếu.xlsx"


class Post:
    """What a worker makes of books, and what becomes of it on the other side."""

    def __init__(self, plan: Plan, round_: Round, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reader = FormReader(plan, round_)
        self.opening = Opening(Forms(plan, round_))
        self.forms = Forms(plan, round_)
        self.monkeypatch = monkeypatch

    def sent(self, book: Book | Refusal) -> Book | Filled | Refusal:
        self.monkeypatch.setattr(read_form, "read_twice", lambda _: book)
        return self.opening.open(self.reader(b""), FILE)

    def arrives(self, book: Book | Refusal) -> bool:
        """Whether the form was collected; as what it is read, it is by either way."""
        sent = self.sent(book)
        if not isinstance(sent, Filled):
            assert sent == book
            return False
        layout = self.forms.get(sent.submission.unit)
        assert layout is not None
        assert isinstance(book, Book)
        given = collect(book, layout, FILE)
        assert str(sent.submission.layout.stamp) == str(layout.stamp)
        assert sent.submission == given
        assert sent.line == kept_return(given)
        assert list(sent.submission.places) == list(given.places)
        assert [list(row.marks.values()) for row in sent.submission.rows] == [
            list(row.marks.values()) for row in given.rows
        ]
        return True


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    return Post(PLAN, ROUND, monkeypatch)


@pytest.mark.parametrize("plan_id", shipped_plan_ids())
def test_every_file_of_the_samples(plan_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = load_plan(SAMPLES / plan_id)
    post = Post(plan, plan.rounds[0], monkeypatch)
    books = [read_twice(path.read_bytes()) for path in sorted((SAMPLES / plan_id / "nop").rglob("*.xlsx"))]
    assert sum(map(post.arrives, books)) > len(books) / 2


def test_what_is_remembered_of_earlier_forms_is_forgotten_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing is read otherwise for it."""
    monkeypatch.setattr(form_parcel, "KEPT_CONTENTS", 100)
    plan_id = shipped_plan_ids()[0]
    plan = load_plan(SAMPLES / plan_id)
    post = Post(plan, plan.rounds[0], monkeypatch)
    sizes = []
    for path in sorted((SAMPLES / plan_id / "nop").rglob("*.xlsx")):
        post.arrives(read_twice(path.read_bytes()))
        contents = post.opening._contents
        assert contents.said == sum(map(len, post.opening._said.values()))
        sizes.append(len(contents))
    assert max(sizes) < 500
    assert sorted(sizes) != sizes


@pytest.mark.parametrize("answers", [[], [0], [0] * 40])
def test_a_row_with_more_or_fewer_answers_than_asked_is_no_parcel(post: Post, answers: list[int]) -> None:
    post.sent(filled_book())
    kept, (stamp, sheets, contents, findings) = parted(post.reader(b""))
    line = sheets[1][3][0]
    assert len(line[2:]) not in (0, 1, 40)
    line[2:] = answers
    with pytest.raises(ValueError, match="other answers"):
        post.opening.open(joined(kept, (stamp, sheets, contents, findings)), FILE)


@pytest.mark.slow
def test_every_hostile_file_with_the_stamp_of_a_unit(post: Post) -> None:
    """Most hold nothing that the form asks; what they are made of must travel all the same."""
    stamp = Sheet("Chấm điểm", {(2, 1): Cell(Kind.TEXT, str(layout_of().stamp))})
    readings = [read_twice(case.build()) for case in CASES]
    stamped = [
        replace(book, sheets=(*book.sheets, stamp)) if isinstance(book, Book) else book for book in readings
    ]
    assert sum(map(post.arrives, stamped)) > 50
    assert not any(map(post.arrives, readings))


@cache
def contents() -> tuple[Cell, ...]:
    texts = [*hostile_texts(400), "8,5", "có", "x", "Hoàn thành", "31/12/2025", "85 %", "1.250", "\ud800", ""]
    numbers = ["8.5", "-1", "1E-2", "46000", "0.30000000000000004", "1E400", "9" * 40, "00.50", "NaN", ""]
    return (
        *(Cell(Kind.TEXT, text, rich=number % 7 == 0) for number, text in enumerate(texts)),
        *(Cell(Kind.NUMBER, text) for text in numbers),
        Cell(Kind.NUMBER, "5", formula="A1"),
        Cell(Kind.TEXT, "", formula=""),
        Cell(Kind.ERROR, "#REF!"),
        Cell(Kind.BOOLEAN, "1"),
    )


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_typed_wherever(seed: int, post: Post) -> None:
    """Answers, codes, printed texts and headers are overwritten, sheets renamed, doubled, hidden and left out."""
    chance = Random(seed)

    def typed_over(sheet: Sheet) -> Sheet:
        cells = dict(sheet.cells)
        top = HEADER_ROW if chance.random() < 0.3 else FIRST_ROW
        for at in [at for at in cells if at[0] >= top and chance.random() < 0.2]:
            cells[at] = chance.choice(contents())
        for _ in range(5):
            at = chance.randint(FIRST_ROW, 60), chance.randint(1, 14)
            cells[at] = chance.choice(contents())
        dated = frozenset(at for at in cells if chance.random() < 0.02)
        name = f"{sheet.name} (2)" if chance.random() < 0.1 else sheet.name
        hidden_rows = frozenset({7}) if chance.random() < 0.1 else frozenset()
        return replace(sheet, name=name, cells=cells, dated=dated, hidden_rows=hidden_rows)

    book = filled_book()
    sheets = [typed_over(sheet) for sheet in book.sheets if chance.random() > 0.05]
    sheets += [typed_over(sheet) for sheet in book.sheets if chance.random() < 0.1]
    chance.shuffle(sheets)
    assert post.arrives(replace(book, sheets=tuple(sheets), date1904=seed % 3 == 0))


# What leaves a question is sent whole


def test_a_form_that_names_another_unit_on_its_first_page_is_sent_whole(post: Post) -> None:
    book = filled_book()
    other = Cell(Kind.TEXT, layout_of("KT").unit_name)
    sheets = [
        replace(sheet, cells={at: cell for at, cell in sheet.cells.items() if at[0] == 2} | {(3, 1): other})
        if sheet.name == INSTRUCTIONS else sheet
        for sheet in book.sheets
    ]  # fmt: skip
    assert not post.arrives(replace(book, sheets=tuple(sheets)))


def test_a_form_far_larger_than_any_is_sent_whole(post: Post) -> None:
    """Whoever made it may take longer in collecting than a worker has."""
    many = Sheet("Nháp", {(row, 1): Cell(Kind.NUMBER, "1") for row in range(1, read_form.MOST_CELLS)})
    assert not post.arrives(replace(filled_book(), sheets=(*filled_book().sheets, many)))


def test_a_fault_of_ours_in_collecting_is_not_blamed_on_the_file(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise KeyError("ours")

    monkeypatch.setattr(read_form, "collect", broken)
    assert post.sent(filled_book()) == filled_book()


def test_a_parcel_of_another_form_is_none(post: Post) -> None:
    post.sent(filled_book())
    sent = post.reader(b"")
    wrong = sent.replace(layout_of().stamp.version.encode(), b"0123456789")
    assert wrong != sent
    with pytest.raises(ValueError, match="another form"):
        post.opening.open(wrong, FILE)


# In a run


@pytest.mark.parametrize("plan_id", first_here(shipped_plan_ids()))
def test_a_run_says_the_same_of_books(plan_id: str, tmp_path: Path) -> None:
    folder = clean_sample(plan_id, tmp_path / "c")
    plan = load_plan(folder)
    inputs = gather(folder, plan, plan.rounds[0], folder / "nop", TODAY, lambda *_: None)
    books = with_books(inputs, folder)
    assert sum(isinstance(file.book, Filled) for file in inputs.files) > 5
    assert not any(isinstance(file.book, Filled) for file in books.files)
    result, merged = assess(inputs)
    again, merged_again = assess(books)
    assert json_bytes(result) == json_bytes(again)
    assert merged == merged_again


def test_copies_of_what_the_office_assigned_are_settled_by_their_cells_too(tmp_path: Path) -> None:
    """The office's word on one file holds for every copy, wherever it lies, and whenever it was read."""
    folder = clean_sample("soc-trang-2025", tmp_path / "c")
    plan = load_plan(folder)
    source = Source(folder, folder / "nop", TODAY, plan, plan.rounds[0])

    def read(*said: Reception) -> dict[str, ReturnedFile]:
        files = settled(source, read_inbox(source, lambda *_: None, None, tmp_path / "kept"), Office(said))
        return {file.path: file for file in files}

    own = next(file for file in read().values() if isinstance(file.book, Filled))
    copy = folder / "nop" / "a" / "bản sao.xlsx"
    copy.parent.mkdir()
    copy.write_bytes((folder / own.path).read_bytes())
    assert isinstance(own.book, Filled)
    to_itself = Reception(own.path, "", own.book.submission.unit, None, "", "", "")
    kept_as_it_is = read(to_itself)
    assert isinstance(kept_as_it_is[own.path].book, Filled)
    other = next(unit.code for unit in plan.units if unit.code != own.book.submission.unit)
    by_name = read(replace(to_itself, unit=other))
    whole = [path for path, file in by_name.items() if file.sha256 == own.sha256]
    assert len(whole) == 2
    assert all(isinstance(by_name[path].book, Book) for path in whole)
    assert {path for path, file in by_name.items() if isinstance(file.book, Filled)} == {
        path for path, file in kept_as_it_is.items() if isinstance(file.book, Filled)
    } - set(whole)
    # Its word on the content holds for both too; once it is taken back, the form's own counts again.
    by_content = read(replace(to_itself, path="nop/khác.xlsx", unit=other, sha256=own.sha256))
    assert {path: file.book for path, file in by_content.items()} == {path: file.book for path, file in by_name.items()}
    assert all(isinstance(read()[path].book, Filled) for path in whole)


def test_what_changes_before_its_cells_are_read_again_is_refused(tmp_path: Path) -> None:
    folder = clean_sample("soc-trang-2025", tmp_path / "c")
    plan = load_plan(folder)
    source = Source(folder, folder / "nop", TODAY, plan, plan.rounds[0])
    files = read_inbox(source, lambda *_: None)
    own = next(file for file in files if isinstance(file.book, Filled))
    assert isinstance(own.book, Filled)
    other = next(unit.code for unit in plan.units if unit.code != own.book.submission.unit)
    (folder / own.path).write_bytes(b"another")
    said = Office((Reception(own.path, "", other, None, "", "", ""),))
    assert [file.book for file in settled(source, files, said) if file.path == own.path] == [Refusal("F-CHANGING")]


def test_books_of_a_worker_are_what_is_read_here() -> None:
    """Whatever is no form travels as it always did."""
    plan = load_plan("soc-trang-2025")
    opening = Opening(Forms(plan, plan.rounds[0]))
    for case in CASES[::9]:
        reading = read_twice(case.build())
        assert opening.open(pack(reading), FILE) == reading


def test_an_office_book_that_excel_holds_is_told_before_any_form_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = clean_sample("soc-trang-2025", tmp_path / "c")
    plan = load_plan(folder)

    def held(path: Path) -> bytes | None:
        if path.name == OFFICE:
            raise wrong_use("đang mở")
        return path.read_bytes() if path.exists() else None

    monkeypatch.setattr(gathering.names, "read_optional", held)
    monkeypatch.setattr(gathering, "read_inbox", lambda *_: pytest.fail("read first"))
    with pytest.raises(CampaignError, match="đang mở"):
        gather(folder, plan, plan.rounds[0], folder / "nop", TODAY, lambda *_: None)
