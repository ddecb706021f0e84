"""``tong-hop.xlsx`` from a result made by hand: its text, its sums, its print set-up, and what a unit typed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import results_fixture

from thidua_xlsx.model.results import Outcome, Verdict
from thidua_xlsx.workbooks.fit import column_points, lines_of
from thidua_xlsx.workbooks.summary import write_summary
from thidua_xlsx.workbooks.summary.overview import failures

RESULT = results_fixture.result()
GOLDEN = Path(__file__).parent / "golden"
NAMES = [
    "Tổng quan",
    "Xếp hạng",
    "Đề nghị khen thưởng",
    "Lý do",
    "Cá nhân",
    "Bảng điểm",
    "Hồ sơ",
    "Phiếu nhận",
    "Chưa nộp",
    "Thay đổi",
    "Tham số",
]
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")


@pytest.fixture(scope="module")
def raw() -> bytes:
    return write_summary(RESULT)


@pytest.fixture(scope="module")
def book(raw: bytes) -> Any:
    return load(BytesIO(raw))


def load(raw: BytesIO, **options: bool) -> Any:
    return openpyxl.load_workbook(raw, **options)


def dump(book: Any) -> str:
    """Sheet by sheet, row by row, what stands in the cells: «row: text | text»."""
    lines = []
    for sheet in book:
        lines.append(f"## {sheet.title}")
        for row in sheet.iter_rows():
            values = [str(cell.value).replace("\n", " / ") for cell in row if cell.value is not None]
            if values:
                lines.append(f"{row[0].row}: {' | '.join(values)}")
    return "\n".join(lines) + "\n"


def texts(sheet: Any) -> list[str]:
    return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


def row_with(sheet: Any, text: str) -> int:
    return next(int(row[0].row) for row in sheet.iter_rows() if any(cell.value == text for cell in row))


@pytest.mark.parametrize("name", ["tong-hop", "tong-hop-trong"])
def test_the_text_is_the_golden_one(name: str) -> None:
    """UPDATE_GOLDEN=1 writes the files anew; read the difference before committing it."""
    result = RESULT if name == "tong-hop" else results_fixture.empty_result()
    made, path = dump(load(BytesIO(write_summary(result)))), GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(made, "utf-8")
    assert made == path.read_text("utf-8")


def test_the_sheets_stand_in_the_order_of_the_contract(book: Any) -> None:
    assert book.sheetnames == NAMES


def test_the_same_result_gives_the_same_bytes_in_any_order(raw: bytes) -> None:
    plan = replace(RESULT.plan, units=RESULT.plan.units[::-1])
    turned = replace(
        RESULT,
        plan=plan,
        files=RESULT.files[::-1],
        findings=RESULT.findings[::-1],
        standings=RESULT.standings[::-1],
        decisions=RESULT.decisions[::-1],
        dossiers=RESULT.dossiers[::-1],
        missing=RESULT.missing[::-1],
    )
    assert raw == write_summary(results_fixture.result()) == write_summary(turned)


def test_every_sheet_is_an_a4_paper_with_letterhead_and_signatures(book: Any) -> None:
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in (None, 1)
        assert sheet.print_area
        found = texts(sheet)
        for text in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"):
            assert text in found
        assert RESULT.plan.head.authority.upper() in found
        assert any(text.startswith("NGƯỜI LẬP BIỂU") for text in found)
        assert any(text.startswith("THỦ TRƯỞNG") for text in found)
    for name in NAMES[1:]:
        assert book[name].print_title_rows, name
        assert book[name].freeze_panes, name
    assert book["Tổng quan"].page_setup.fitToHeight in (None, 1)
    assert book["Xếp hạng"].page_setup.fitToHeight == 0


def test_everybody_in_the_house_type(book: Any) -> None:
    fonts = {cell.font.name for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert fonts == {"Times New Roman"}


def test_sums_of_money_are_formulas_with_their_values(raw: bytes, book: Any) -> None:
    paid = [item for item in RESULT.decisions if item.outcome is Outcome.PROPOSED]
    expected = {
        subject: sum(item.money.amount for item in paid if item.money and item.nominee.subject == subject)
        for subject in ("collective", "individual")
    }
    sheet, cached = (made["Đề nghị khen thưởng"] for made in (book, load(BytesIO(raw), data_only=True)))
    for text, amount in (
        ("Cộng tập thể: 4", expected["collective"]),
        ("Cộng cá nhân: 4", expected["individual"]),
        ("Tổng cộng (A + B)", sum(expected.values())),
    ):
        row = row_with(sheet, text)
        assert sheet.cell(row, 10).value.startswith("=SUM(")
        assert cached.cell(row, 10).value == amount
    first, last = (int(part) for part in re.findall(r"\d+", sheet.cell(row_with(sheet, "Cộng tập thể: 4"), 10).value))
    listed = [sheet.cell(row, 10).value for row in range(first, last + 1)]
    assert sum(value for value in listed if isinstance(value, int)) == expected["collective"] == 4 * 1_410_000
    assert "Bằng chữ: Tám triệu bốn trăm tám mươi nghìn đồng." in texts(sheet)


def test_ties_stand_apart_and_are_decided_first(book: Any) -> None:
    overview = texts(book["Tổng quan"])
    assert overview.count("Đồng hạng: chọn 1 trong 2") == 2
    assert "Trường Tiểu học Trần Quốc Toản; Trường Tiểu học Võ Thị Sáu" in overview
    assert overview.index("Đồng hạng: chọn 1 trong 2") < overview.index("Chưa đủ căn cứ: 1 tập thể")
    assert "8.480.000 đồng" in overview
    assert "14/16" in overview
    proposals = book["Đề nghị khen thưởng"]
    tied = row_with(proposals, "C. ĐỒNG HẠNG, HỘI ĐỒNG QUYẾT ĐỊNH")
    assert row_with(proposals, "Tổng cộng (A + B)") < tied
    below = [proposals.cell(row, 2).value for row in range(tied, proposals.max_row + 1)]
    assert "Trường Tiểu học Võ Thị Sáu" in below


def test_every_unproposed_nominee_has_every_reason(book: Any) -> None:
    sheet = book["Lý do"]
    expected = sum(len(item.reasons) for item in RESULT.decisions if item.outcome is not Outcome.PROPOSED)
    numbers = [row[0].value for row in sheet.iter_rows(min_col=1, max_col=1) if isinstance(row[0].value, int)]
    assert numbers == list(range(1, expected + 1))
    assert any("kém suất cuối cùng 2 bậc" in text for text in texts(sheet))
    assert "D9, D14" in texts(sheet)


def test_everybody_and_every_entry_is_listed(book: Any) -> None:
    ranking = texts(book["Xếp hạng"])
    assert all(unit.name in ranking for unit in RESULT.plan.units)
    people = texts(book["Cá nhân"])
    assert all(item.nominee.name in people for item in RESULT.decisions if item.nominee.person)
    intake = texts(book["Phiếu nhận"])
    total = next(text for text in intake if text.startswith("Tổng số"))
    seen, *counts = (int(number) for number in re.findall(r"\d+", total))
    assert seen == sum(counts) == len(RESULT.files)
    assert len(counts) == len(Verdict)
    assert all(item.code.name in intake for item in RESULT.findings)


def test_what_a_unit_typed_stays_text(book: Any) -> None:
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    typed = [cell for cell in cells if cell.value in ("=1+1", "http://example.vn/điểm")]
    assert len(typed) >= 4
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in typed)
    formulas = [cell.value for cell in cells if cell.data_type == "f"]
    assert len(formulas) == 3
    assert all(formula.startswith("=SUM(J") for formula in formulas)


def test_hostile_and_endless_texts_do_not_break_the_workbook() -> None:
    name = "=HYPERLINK(" + "trường học " * 900
    unit = replace(RESULT.plan.units[0], name=name)
    plan = replace(RESULT.plan, units=(unit, *RESULT.plan.units[1:]))
    standings = tuple(replace(item, unit=unit) if item.unit.code == unit.code else item for item in RESULT.standings)
    result = replace(RESULT, plan=plan, standings=standings, files=(replace(RESULT.files[0], path="nop/\udcff"),))
    book = load(BytesIO(write_summary(result)))
    heights = [row.height or 0 for sheet in book for row in sheet.row_dimensions.values()]
    assert max(heights) <= 409
    assert any(text.startswith("=HYPERLINK(") for text in texts(book["Xếp hạng"]))


def test_indices_that_print_alike_are_told_apart(book: Any) -> None:
    assert "In giống đơn vị khác; chưa làm tròn là 74,501" in texts(book["Xếp hạng"])


def test_gates_are_counted_by_fail_and_unknown() -> None:
    found = {text: (failed, unknown) for text, failed, unknown in failures(RESULT)}
    assert found["Tập thể, III.3.a-3: Mỗi chỉ số thành phần phụ trách cao hơn năm …"] == (1, 1)
    assert sum(failed for failed, _ in found.values()) == 5


def test_charts_are_native(raw: bytes) -> None:
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if "/charts/chart" in name]
    assert len(charts) == 2
    assert any("lineChart" in chart and "barChart" in chart for chart in charts)


def test_lines_are_counted_as_wide_as_they_print() -> None:
    wide = column_points(20)
    assert lines_of("Trường", wide, 12) == 1
    assert lines_of("một\nhai", wide, 12) == 2
    assert lines_of("Trường Trung học cơ sở Lê Quý Đôn", wide, 12) == 2
    assert lines_of("Trường Trung học cơ sở Lê Quý Đôn", wide, 12, bold=True) == 2
    assert lines_of("x" * 400, wide, 12) > 15


@pytest.mark.office
def test_the_office_opens_it_and_prints_no_hashes(raw: bytes, tmp_path: Path) -> None:
    soffice, totext = shutil.which("soffice"), shutil.which("pdftotext")
    if not soffice or not totext:
        pytest.skip("needs soffice and pdftotext")
    path = tmp_path / "tong-hop.xlsx"
    path.write_bytes(raw)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    pdf = path.with_suffix(".pdf")
    text = subprocess.run([totext, "-layout", str(pdf), "-"], check=True, capture_output=True).stdout.decode()
    pages = text.rstrip("\f").split("\f")
    assert "###" not in text
    assert all(page.strip() for page in pages)
    assert 15 < len(pages) < 40
