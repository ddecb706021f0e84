"""What units type is text in every workbook of ours: no formula, no link, no number, and nothing lost."""

from __future__ import annotations

import ast
import inspect
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import unescape

import openpyxl
import pytest
from filled_return import PLAN_TEXT, layout_of, plan_of, valid_answers
from hostile_text import RAW, TOKEN, hostile_texts
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from thidua_xlsx.model.cells import Book, Kind
from thidua_xlsx.model.form import LONGEST_TEXT, PEOPLE, SCORES, Answer, Asks
from thidua_xlsx.model.legacy import legacy_encoding
from thidua_xlsx.model.results import Verdict
from thidua_xlsx.model.text import clean
from thidua_xlsx.pipeline.run import RunOutput, run_batch
from thidua_xlsx.workbooks.form_workbook import write_form
from thidua_xlsx.workbooks.reader import cells
from thidua_xlsx.workbooks.reader.cells import read_book
from thidua_xlsx.workbooks.reader.markup import Budget

TODAY = date(2026, 1, 20)
PACKAGE = Path(__file__).parent.parent / "thidua_xlsx"
EVERY_UNIT = ("VP", "KT", *(f"D{number}" for number in range(10)))
PEOPLE_OF_EACH = 280
TEXTS = ("Họ và tên", "Chức vụ", "Bộ phận")
MORE_UNITS = "".join(f'  {{code = "{code}", name = "Đơn vị {code}", block = "phong"}},\n' for code in EVERY_UNIT[2:])
TEXT = PLAN_TEXT.replace('  {code = "VH",', f'{MORE_UNITS}  {{code = "VH",')
PLAN = plan_of(TEXT)
FILE_NAMES = (
    "=1+1 {}", "+{}", "-{}", "@SUM({})", "cmd|' {}'!A0", "mailto:{}", "\u202e{}", "'{}", "{}\u0301", "#{}", "%0A={}",
)  # fmt: skip
OURS = re.compile(r"([A-Z0-9$:,()!<>=\"'+\-*&]|Khen thưởng)+", re.IGNORECASE)


@cache
def typed(unit: str) -> dict[tuple[str, str, str], Any]:
    """A valid form in which every text is hostile: persons, remarks, and numbers where one unit typed words."""
    texts = iter(hostile_texts(1_200, seed=EVERY_UNIT.index(unit)))
    layout = layout_of(unit, PLAN)
    answers: dict[tuple[str, str, str], Any] = valid_answers(layout, PLAN, people=1)
    person = {key[2]: value for key, value in answers.items() if key[0] == PEOPLE}
    for order in range(1, PEOPLE_OF_EACH + 1):
        answers |= {(PEOPLE, str(order), header): value for header, value in person.items()}
        answers |= {(PEOPLE, str(order), header): next(texts) for header in TEXTS}
    for sheet in layout.sheets:
        for row in sheet.rows if sheet.name != PEOPLE else ():
            for column, cell in zip(sheet.columns, row.cells, strict=True):
                asks = cell.asks if isinstance(cell, Answer) else None
                broken = unit == "KT" and sheet.name == SCORES and asks is not None
                if asks in (Asks.REMARK, Asks.TEXT) or broken:
                    answers[sheet.name, row.code, column.header] = next(texts)
    return answers


def with_raw(data: bytes) -> bytes:
    """The file with escapes in its XML that no writer of ours would leave there."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/sharedStrings.xml":
                for mark, escape in RAW.items():
                    text = text.replace(mark.encode(), escape.encode())
            new.writestr(name, text)
    return made.getvalue()


# 10,000 texts take their time; two units with 1,700 already hold each kind, in each place.
SIZES = [2, pytest.param(len(EVERY_UNIT), marks=pytest.mark.slow)]


@dataclass(frozen=True)
class Done:
    """A run, and the units that took part."""

    output: RunOutput
    units: tuple[str, ...]

    @property
    def target(self) -> Path:
        return self.output.target


@pytest.fixture(scope="module", params=SIZES, ids=str)
def done(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Done:
    units = EVERY_UNIT[: request.param]
    folder = tmp_path_factory.mktemp("thi-dua")
    (folder / "ke-hoach.toml").write_text(TEXT, "utf-8")
    (folder / "nop").mkdir()
    for place, unit in enumerate(units):
        name = FILE_NAMES[place % len(FILE_NAMES)].format(f"{TOKEN}{place}")
        (folder / "nop" / f"{name}.xlsx").write_bytes(with_raw(write_form(layout_of(unit, PLAN), typed(unit))))
    return Done(run_batch(folder, out=folder / "ra", today=TODAY, all_feedback=True), units)


def workbooks(done: Done) -> Iterator[tuple[str, bytes]]:
    """Everything that the run wrote, the office's own workbook too."""
    for path in (*sorted(done.target.rglob("*.xlsx")), done.target.parent / "co-quan.xlsx"):
        yield path.name, path.read_bytes()


def parts(data: bytes) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            yield name, archive.read(name).decode("utf-8", "strict")


def test_there_are_thousands_of_texts_and_every_file_was_read(done: Done) -> None:
    texts = {value for unit in done.units for value in typed(unit).values() if TOKEN in str(value)}
    assert len(texts) >= (10_000 if len(done.units) == len(EVERY_UNIT) else 1_700)
    assert [item.verdict for item in done.output.result.files] == [Verdict.ACCEPTED] * len(done.units)
    names = {name for name, _ in workbooks(done)}
    assert {"tong-hop.xlsx", "co-quan.xlsx", *(f"{unit}.xlsx" for unit in done.units)} <= names


def test_no_text_of_a_unit_is_a_formula_a_link_or_a_rule(done: Done) -> None:
    """The token stands in texts and comments, and in no formula, address, name, rule, header or property."""
    for book, data in workbooks(done):
        for part, text in parts(data):
            told = re.sub(r"<t[ >].*?</t>|<t/>", "", text, flags=re.DOTALL)
            assert TOKEN not in told, (book, part)
            assert 'TargetMode="External"' not in text, (book, part)
            assert "externalLink" not in part
            assert "<ddeLink" not in text
        sheets = [text for part, text in parts(data) if part.startswith("xl/worksheets/")]
        links = [link for text in sheets for link in re.findall(r"<hyperlink [^>]*>", text)]
        assert all("r:id" not in link and " location=" in link for link in links), book


def test_only_our_own_formulas_are_formulas(done: Done) -> None:
    """As many as the same workbooks have that say nothing hostile; in the council's, the same ones."""
    for unit in done.units[:2]:
        layout = layout_of(unit, PLAN)
        data = next(data for book, data in workbooks(done) if book == f"{unit}.xlsx")
        assert formulas(data) == formulas(write_form(layout, valid_answers(layout, PLAN, people=1)))
    summary = next(data for book, data in workbooks(done) if book == "tong-hop.xlsx")
    assert all(OURS.fullmatch(text) for text in formulas(summary))


def formulas(data: bytes) -> set[str]:
    found = (re.findall(r"<f>(.*?)</f>", text) for part, text in parts(data) if part.startswith("xl/worksheets/"))
    return {unescape(formula, {"&quot;": '"'}) for own in found for formula in own}


def test_no_refusal_of_the_library_goes_unheard() -> None:
    """XlsxWriter says with a number that it wrote nothing, or less: each of its calls that can is ``checked``."""
    refusing = {
        name.removeprefix("_")
        for kind in (Workbook, Worksheet)
        for name, method in inspect.getmembers(kind, inspect.isfunction)
        if re.search(r"return -[0-9]", inspect.getsource(method))
    } | {"set_row", "set_column"}
    assert {"write_string", "write_url", "merge_range", "conditional_format", "data_validation"} <= refusing
    for path in (PACKAGE / "workbooks").rglob("*.py"):
        calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        heard = {id(inner) for call in calls if ast.unparse(call.func) == "checked" for inner in call.args}
        asked = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in refusing]
        assert not [f"{path.name}:{call.lineno}" for call in asked if id(call) not in heard]


def seen(text: str) -> str:
    """What a person sees of a text: escapes of the file read, and what nobody sees taken away."""
    for mark, escape in RAW.items():
        text = text.replace(mark, {"_x005F_x0041_": "_x0041_", "_x000D_": "\r"}.get(escape, ""))
    return clean(text)


def test_every_name_is_a_text_and_the_same_text(done: Done, monkeypatch: pytest.MonkeyPatch) -> None:
    """«Cá nhân» of the council's workbook: 3,360 people, each name as typed less what nobody sees."""
    # More cells than any return may have.
    monkeypatch.setattr(cells, "Budget", lambda: Budget(cells=10**7, effort=10**9, characters=10**9))
    book = read_book((done.target / "tong-hop.xlsx").read_bytes())
    assert isinstance(book, Book)
    sheet = next(item for item in book.sheets if item.name == "Cá nhân")
    listed = {column: [cell for (_, at), cell in sheet.cells.items() if at == column] for column in (5, 7, 8)}
    for column, header in zip(listed, TEXTS, strict=True):
        texts = {cell.text for cell in listed[column] if cell.kind is Kind.TEXT}
        assert not [cell for cell in listed[column] if cell.formula is not None]
        wanted = {
            seen(value)
            for unit in done.units
            for (where, _, asked), value in typed(unit).items()
            if where == PEOPLE and asked == header and not legacy_encoding(value) and len(seen(value)) <= LONGEST_TEXT
        }
        assert len(wanted) > 250 * len(done.units)
        assert {text for text in wanted if text} <= texts


def test_the_feedback_keeps_what_was_typed(done: Done) -> None:
    for unit in done.units[:2]:
        book = read_book((done.target / "phan-hoi" / f"{unit}.xlsx").read_bytes())
        assert isinstance(book, Book)
        sheet = next(item for item in book.sheets if item.name == PEOPLE)
        names = {clean(cell.text) for (_, column), cell in sheet.cells.items() if column == 3}
        typed_names = {value for (sheet, _, header), value in typed(unit).items() if header == TEXTS[0]}
        wanted = {seen(value) for value in typed_names if not legacy_encoding(value)}
        assert {name for name in wanted if len(name) <= LONGEST_TEXT} <= names


@pytest.mark.office
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_recalculates_to_the_same_ranks(done: Done, tmp_path: Path) -> None:
    """As if nothing had ever calculated it: every value of a formula is taken out before."""
    ours = (done.target / "tong-hop.xlsx").read_bytes()
    stripped = BytesIO()
    with zipfile.ZipFile(BytesIO(ours)) as old, zipfile.ZipFile(stripped, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", old.read(name)))
    (tmp_path / "tong-hop.xlsx").write_bytes(stripped.getvalue())
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx"]
    files = ["--outdir", tmp_path / "ra", tmp_path / "tong-hop.xlsx"]
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=240)
    mine, theirs = (
        openpyxl.load_workbook(BytesIO(data), data_only=True)["Xếp hạng"]
        for data in (ours, (tmp_path / "ra" / "tong-hop.xlsx").read_bytes())
    )
    assert table(mine)
    assert table(theirs) == table(mine)
    calculated = openpyxl.load_workbook(tmp_path / "ra" / "tong-hop.xlsx")
    assert not [
        cell.coordinate
        for sheet in calculated
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f" and TOKEN in str(cell.value)
    ]


def table(sheet: Any) -> list[list[Any]]:
    """Every cell, numbers as the paper shows them."""
    return [
        [round(cell, 6) if isinstance(cell, float) else cell for cell in row]
        for row in sheet.iter_rows(values_only=True)
        if any(cell is not None for cell in row)
    ]
