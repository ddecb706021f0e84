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

from thidua_xlsx.model.cells import Book
from thidua_xlsx.model.council import (
    AWARDED,
    BALLOT_CODE,
    BALLOT_HEADERS,
    DECISION,
    HEADS_OPINION,
    OPINION,
    RESOLVED,
    SESSION_LABELS,
    ballot_code,
    run_mark,
)
from thidua_xlsx.model.results import Outcome, Verdict
from thidua_xlsx.stages.council.read_council import council_grid, mark_in
from thidua_xlsx.workbooks.fit import column_points, lines_of
from thidua_xlsx.workbooks.reader.cells import read_book
from thidua_xlsx.workbooks.summary import write_summary
from thidua_xlsx.workbooks.summary.agenda import agenda
from thidua_xlsx.workbooks.summary.settle import failures

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
HEADS = "Người đứng đầu"
LIST = "Đề nghị khen thưởng"
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
    """The sheet on heads of units stands behind the eleven, and only where the plan asks for it."""
    assert book.sheetnames == [*NAMES, HEADS]
    assert load(BytesIO(write_summary(replace(RESULT, plan=results_fixture.PLAN)))).sheetnames == NAMES


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
        if sheet.title != NAMES[0]:  # the first page is a slide: who signs, signs the lists
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


def column_of(sheet: Any, header: str) -> int:
    return next(int(cell.column) for row in sheet.iter_rows() for cell in row if cell.value == header)


def rows_of(sheet: Any, header: str) -> dict[str, int]:
    """The rows below a heading by what stands in its column, as far as the first column has a number."""
    column = column_of(sheet, header)
    numbered = (row[0].row for row in sheet.iter_rows(max_col=1) if isinstance(row[0].value, int))
    return {str(value): row for row in numbered if (value := sheet.cell(row, column).value) is not None}


@pytest.fixture(scope="module")
def cached(raw: bytes) -> Any:
    return load(BytesIO(raw), data_only=True)


def test_sums_of_money_are_formulas_with_their_values(book: Any, cached: Any) -> None:
    paid = [item for item in RESULT.decisions if item.outcome is Outcome.PROPOSED]
    expected = {
        subject: sum(item.money.amount for item in paid if item.money and item.nominee.subject == subject)
        for subject in ("collective", "individual")
    }
    sheet, shown = book[LIST], cached[LIST]
    amount = column_of(sheet, "Tiền thưởng (đồng)")
    for text, value in (
        ("Cộng tập thể: 4", expected["collective"]),
        ("Cộng cá nhân: 4", expected["individual"]),
        ("Tổng cộng (A + B)", sum(expected.values())),
    ):
        row = row_with(sheet, text)
        assert sheet.cell(row, amount).value.startswith("=SUM(")
        assert shown.cell(row, amount).value == value
    own = sheet.cell(row_with(sheet, "Cộng tập thể: 4"), amount).value
    first, last = (int(part) for part in re.findall(r"\d+", own))
    listed = [sheet.cell(row, amount).value for row in range(first, last + 1)]
    assert sum(value for value in listed if isinstance(value, int)) == expected["collective"] == 4 * 1_410_000
    assert "Bằng chữ: Tám triệu bốn trăm tám mươi nghìn đồng." in texts(sheet)


# The council


SHOWN = (Outcome.PROPOSED, Outcome.TIED, Outcome.RESERVE)


def test_every_nominee_has_one_row_under_its_code_with_empty_unlocked_cells(book: Any) -> None:
    sheet = book[LIST]
    rows = rows_of(sheet, BALLOT_CODE)
    codes = [ballot_code(item.nominee) for item in RESULT.decisions if item.outcome in SHOWN]
    assert sorted(rows) == sorted(codes)
    assert [text for text in texts(sheet) if text in BALLOT_HEADERS] == list(BALLOT_HEADERS)
    for header in BALLOT_HEADERS[1:]:
        for row in rows.values():
            cell = sheet.cell(row, column_of(sheet, header))
            assert cell.value is None
            assert not cell.protection.locked


def test_the_reader_of_finalize_finds_every_row_every_label_and_the_mark() -> None:
    book = read_book(write_summary(RESULT, run_mark("0123456789abcdef" * 4)))
    assert isinstance(book, Book)
    grid = council_grid(book)
    assert grid is not None
    shown = [ballot_code(item.nominee) for item in RESULT.decisions if item.outcome in SHOWN]
    assert sorted(row.code for row in grid.rows) == sorted(shown)
    assert set(grid.labels) == set(SESSION_LABELS)
    assert mark_in(book) == "KQ/0123456789abcdef"


def rules_at(sheet: Any, cell: str) -> list[Any]:
    return [rule for rule in sheet.data_validations.dataValidation if cell in rule.sqref]


def test_the_council_is_asked_for_whole_numbers_and_one_of_two_decisions(book: Any) -> None:
    sheet = book[LIST]
    for row in rows_of(sheet, BALLOT_CODE).values():
        for header in BALLOT_HEADERS[1:]:
            rules = rules_at(sheet, sheet.cell(row, column_of(sheet, header)).coordinate)
            kinds = [rule.type for rule in rules]
            assert kinds == ([] if header == OPINION else ["list"] if header == DECISION else ["whole"])
            for rule in rules:
                assert rule.errorTitle
                assert len(rule.errorTitle) <= 32
                assert rule.error
                assert len(rule.error) <= 255
                if header == DECISION:
                    assert rule.formula1.strip('"').split(",") == list(RESOLVED)


def test_the_session_has_a_cell_beside_each_label_and_the_run_its_mark(book: Any) -> None:
    sheet = load(BytesIO(write_summary(RESULT, run_mark("0123456789abcdef" * 4))))[LIST]
    assert texts(sheet).count("KQ/0123456789abcdef") == 1
    for label in SESSION_LABELS:
        row = row_with(sheet, label)
        own = [cell for cell in sheet[row] if not cell.protection.locked and cell.coordinate in str(sheet.merged_cells)]
        assert own, label
        assert own[0].value is None
    assert not any(text.startswith("KQ/") for text in texts(book[LIST]))


def test_the_plan_s_way_of_counting_votes_stands_above_the_lists(book: Any) -> None:
    told = "Cách tính phiếu: đề nghị khen thưởng khi có từ 80 % tổng số thành viên đồng ý trở lên"
    found = next(text for text in texts(book[LIST]) if text.startswith(told))
    assert "người chủ trì" in found
    silent = replace(RESULT, round=replace(RESULT.round, vote_share=None))
    assert not any("Cách tính phiếu" in text for text in texts(load(BytesIO(write_summary(silent)))[LIST]))


def seat_counts(book: Any) -> list[tuple[str, Any]]:
    """«A.I» and what its count says, as often as it has a heading."""
    sheet = book[LIST]
    seat, decision = column_of(sheet, "Suất"), column_of(sheet, DECISION)
    return [
        (sheet.cell(row, seat).value, sheet.cell(row, decision).value)
        for row in range(1, sheet.max_row + 1)
        if any(cell.value in ("Suất còn lại", "Đã quyết định khen") for cell in sheet[row])
    ]


def test_seats_left_are_counted_live_and_right_before_anybody_calculates(book: Any, cached: Any) -> None:
    seats = {"A.I": 2, "A.II": 2, "A.III": 1, "B.I": 6}
    assert {seat: state.quota.seats for seat, state in zip(seats, RESULT.quotas, strict=True)} == seats
    counts = seat_counts(cached)
    assert {seat for seat, _ in counts} == set(seats)
    assert all(left == seats[seat] for seat, left in counts)
    assert all(formula.startswith(f"={seats[seat]}-COUNTIFS(") for seat, formula in seat_counts(book))


def test_seats_for_which_nobody_stands_are_all_left() -> None:
    nobody = write_summary(replace(RESULT, decisions=(), standings=(), dossiers=()))
    assert seat_counts(load(BytesIO(nobody), data_only=True)) == [("A.I", 2), ("A.II", 2), ("A.III", 1), ("B.I", 6)]


@pytest.mark.office
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_a_decision_takes_a_seat_wherever_it_is_written(raw: bytes, tmp_path: Path) -> None:
    """One proposed and one tied school are awarded: of its quota row's two seats none is left, in every heading."""
    filled = load(BytesIO(raw))
    sheet = filled[LIST]
    rows = rows_of(sheet, BALLOT_CODE)
    for code, decision in (("TH1", AWARDED), ("TH2", AWARDED), ("TH3", RESOLVED[1]), ("VP/1", AWARDED)):
        sheet.cell(rows[code], column_of(sheet, DECISION)).value = decision
    filled.save(tmp_path / "tong-hop.xlsx")
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xlsx"]
    where = ["--outdir", str(tmp_path / "ra"), str(tmp_path / "tong-hop.xlsx")]
    subprocess.run([*command, *where], check=True, capture_output=True, timeout=120)
    counted = dict(seat_counts(load(BytesIO((tmp_path / "ra" / "tong-hop.xlsx").read_bytes()), data_only=True)))
    assert counted == {"A.I": 2, "A.II": 0, "A.III": 1, "B.I": 5}


def test_ties_stand_apart_side_by_side(book: Any) -> None:
    sheet = book[LIST]
    tied = row_with(sheet, "C. ĐỒNG HẠNG, HỘI ĐỒNG QUYẾT ĐỊNH")
    assert row_with(sheet, "Tổng cộng (A + B)") < tied < row_with(sheet, "D. DỰ KHUYẾT")
    heads = [[cell.value for cell in row if cell.value] for row in sheet.iter_rows() if row[0].value == "So sánh"]
    assert heads[0] == ["So sánh", "Trường Tiểu học Trần Quốc Toản", "Trường Tiểu học Võ Thị Sáu"]
    assert [text.split("\n")[0] for text in heads[1][1:]] == ["Nguyễn Hoàng Minh", "Lê Thị Thúy An"]
    last_year = next(
        [cell.value for cell in row if cell.value] for row in sheet.iter_rows() if row[0].value == "Năm trước"
    )
    assert last_year[1:] == ["90,1 %, hạng 1", "84 %, hạng 3"]


def test_the_first_page_says_first_what_must_be_decided_then_who_is_proposed(book: Any) -> None:
    overview = texts(book["Tổng quan"])
    order = [
        overview.index("HỘI ĐỒNG PHẢI QUYẾT ĐỊNH"),
        overview.index("1. Đồng hạng: chọn 1 trong 2"),
        overview.index("3. Chưa đủ căn cứ: 1 tập thể"),
        overview.index("14/16"),
        overview.index("TẬP THỂ ĐƯỢC ĐỀ NGHỊ: 4"),
        overview.index("1. Phòng Văn hóa - Xã hội"),
    ]
    assert order == sorted(order)
    assert "Trường Tiểu học Trần Quốc Toản; Trường Tiểu học Võ Thị Sáu" in overview
    assert any("8.480.000 đồng" in text for text in overview)


def test_the_first_page_can_be_read_on_paper(book: Any) -> None:
    """Fitted to one A4 page nothing there is smaller than 10 points, and what must be decided is larger than 11."""
    sheet = book["Tổng quan"]
    area = sheet[sheet.print_area.rpartition("!")[2]]
    wide = len(area[0]) * sheet.column_dimensions["A"].width * 8 * 0.75  # stored in digits of 8 pixels
    high = sum(sheet.row_dimensions[row[0].row].height or 15 for row in area)
    margins = sheet.page_margins
    room = ((297 / 25.4 - margins.left - margins.right) * 72, (210 / 25.4 - margins.top - margins.bottom) * 72)
    scale = min(1.0, room[0] / wide, room[1] / high)
    sizes = [cell.font.size * scale for row in area for cell in row if cell.value is not None]
    assert min(sizes) > 10
    matters = [cell.font.size * scale for row in area for cell in row if str(cell.value).startswith("1. ")]
    assert min(matters) > 11


def test_a_line_leads_to_its_points_and_its_reasons_and_nothing_typed_is_a_link(book: Any) -> None:
    def target(link: Any) -> tuple[str, Any]:
        name, cell = link.location.rsplit("!", 1)
        return name.strip("'"), book[name.strip("'")][cell].row

    ranking, reasons, scores = book["Xếp hạng"], book["Lý do"], book["Bảng điểm"]
    row = row_with(ranking, "Phòng Kinh tế, Hạ tầng và Đô thị")
    found = [target(cell.hyperlink) for cell in ranking[row] if cell.hyperlink]
    assert found == [(sheet.title, row_with(sheet, "Phòng Kinh tế, Hạ tầng và Đô thị")) for sheet in (reasons, scores)]
    proposals = book[LIST]
    own = rows_of(proposals, BALLOT_CODE)
    for item in RESULT.decisions:
        if item.outcome in SHOWN:
            links = [target(cell.hyperlink) for cell in proposals[own[ballot_code(item.nominee)]] if cell.hyperlink]
            assert [name for name, _ in links] == ["Bảng điểm", "Lý do" if item.reasons else "Bảng điểm"]
            assert {scores.cell(at, 2).value for name, at in links if name == "Bảng điểm"} == {item.nominee.unit.name}
            assert all(reasons.cell(at, 2).value == item.nominee.unit.name for name, at in links if name == "Lý do")
    ours = re.compile(r"\d+|\d+\.\d+|[AB]\.[IVX]+|.*\(bấm vào đây\)\.")
    linked = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.hyperlink]
    assert all(cell.value is None or ours.fullmatch(str(cell.value)) for cell in linked)
    assert all(cell.hyperlink.target is None for cell in linked)


def test_points_stand_side_by_side_with_what_the_office_found_and_why(book: Any) -> None:
    scores = book["Bảng điểm"]
    heads = [cell.value for cell in scores[row_with(scores, "Tổng tự chấm")]]
    wanted = ["Tổng tự chấm", "Tổng tính từ số liệu", "Các dòng được thẩm định", "Tổng điểm được tính"]
    start = heads.index(wanted[0])
    assert heads[start : start + 4] == wanted
    assert any("còn 14 hồ sơ trễ hạn" in text for text in texts(scores))


def test_heads_of_units_stand_with_what_is_known_of_their_units(book: Any) -> None:
    sheet = book[HEADS]
    rows = rows_of(sheet, "Đơn vị")
    assert set(rows) == {unit.name for unit in RESULT.plan.units}
    row = rows["Phòng Kinh tế, Hạ tầng và Đô thị"]
    told = [cell.value for cell in sheet[row]]
    assert any(text and "95 % (19/20 nhiệm vụ)" in str(text) for text in told)
    assert not sheet.cell(row, column_of(sheet, HEADS_OPINION)).protection.locked
    assert sheet.cell(rows["Ban Chỉ huy Quân sự phường"], column_of(sheet, "Nộp phiếu")).value == "Chưa nộp"
    assert sheet.cell(rows["Trạm Y tế phường"], column_of(sheet, "Nộp phiếu")).value == "Trễ hạn"


def test_what_rests_on_a_word_or_is_provisional_is_told_even_where_a_fact_is_both() -> None:
    both = ("tự khai, chưa xác nhận: Xếp loại: Tốt", "tạm thời: Xếp loại: Tốt")
    first = next(item for item in RESULT.decisions if item.outcome is Outcome.PROPOSED)
    decisions = tuple(replace(item, remarks=both if item is first else ()) for item in RESULT.decisions)
    told = {matter.what: matter for matter in agenda(replace(RESULT, decisions=decisions))}
    for what in ("Tự khai, chưa xác nhận: 1 đề nghị", "Kết quả còn tạm thời: 1 đề nghị"):
        assert told[what].who == first.nominee.name
        assert "Xếp loại: Tốt" in told[what].how


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
    told = [item for item in RESULT.findings if item.code.name != "NOT_A_WORKBOOK"]
    assert all(f"{item.code.title}\n{item.code.name}" in intake for item in told)


def test_what_a_unit_typed_stays_text(book: Any) -> None:
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    typed = [cell for cell in cells if cell.value in ("=1+1", "http://example.vn/điểm")]
    assert len(typed) >= 4
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in typed)
    formulas = [cell.value for cell in cells if cell.data_type == "f"]
    counts = [formula for formula in formulas if "COUNTIFS(" in formula]
    assert len(counts) == 8  # four quota rows, two of which have ties and reserves too
    assert sorted(formula[:6] for formula in formulas if formula not in counts) == ["=SUM(G"] * 3


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
    assert "Làm tròn thì bằng đơn vị khác; chưa làm tròn là 74,501" in texts(book["Xếp hạng"])


def test_gates_are_counted_by_fail_and_unknown() -> None:
    found = {text: (failed, unknown) for text, failed, unknown in failures(RESULT)}
    assert found["Tập thể, III.3.a-3: Mỗi chỉ số thành phần phụ trách cao hơn năm trước hoặc giữ …"] == (1, 1)
    assert sum(failed for failed, _ in found.values()) == 5


def test_charts_are_native(raw: bytes) -> None:
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if "/charts/chart" in name]
    assert len(charts) == 3
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
