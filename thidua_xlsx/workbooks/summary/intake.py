"""Turns the entries of the drop folder and all findings into the sheet ``Phiếu nhận``: nothing seen is left out.

One table: every entry is a row, and what was found in it stands below it, so that a filter on the unit shows
the file and its faults together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from thidua_xlsx.model.findings import Code, FindingLine, Severity, lines
from thidua_xlsx.model.refusals import REFUSALS
from thidua_xlsx.model.results import FileRecord, RunResult, label_counts
from thidua_xlsx.workbooks.sheets import DATE_FORMAT, Value
from thidua_xlsx.workbooks.summary.links import LinkedBook
from thidua_xlsx.workbooks.summary.looks import GROUP, PLAIN, PROSE, TOTAL, Column, Kind, Look
from thidua_xlsx.workbooks.summary.page import Page
from thidua_xlsx.workbooks.summary.words import Sortable, grouped, shortened, unit_order

NAME = "Phiếu nhận"
COLUMNS = (
    Column("STT", 5, Kind.CENTER, "0", "1"),
    Column("Tệp; sheet", 22, number="2"),
    Column("Đơn vị", 21, number="3"),
    Column("Kết quả nhận; mức độ", 15, number="4"),
    Column("Phát hiện; mã", 20.5, number="5"),
    Column("Ô", 9, number="6"),
    Column("Giá trị", 13, number="7"),
    Column("Nội dung, việc cần làm", 42, number="8"),
    Column("Ngày nhận", 11, Kind.CENTER, DATE_FORMAT, "9"),
    Column("Căn cứ ngày nhận", 12, number="10"),
    Column("SHA-256 (12 ký tự đầu)", 15, number="11"),
)
SEVERITIES = {Severity.ERROR: "Lỗi", Severity.WARNING: "Cảnh báo", Severity.NOTE: "Ghi chú"}
LOOKS = {Severity.ERROR: Look(bold=True, color="#C00000"), Severity.WARNING: Look(bold=True, color="#7F6000")}
FILE = Look(fill="#F2F2F2")
FILE_NAME, FILE_CODE, CODE = Look(bold=True, fill="#F2F2F2"), Look(fill="#F2F2F2", size=9), Look(size=9)
EVIDENCE = {
    "co-quan": "cơ quan thường trực ghi",
    "thu": "ngày gửi thư điện tử",
    "lan-truoc": "lần tổng hợp trước đã thấy",
}
MOST_CELLS, LONGEST_VALUE = 160, 200
REFUSED = Code.NOT_A_WORKBOOK


def write_intake(book: LinkedBook, result: RunResult) -> None:
    page = Page(book, NAME, COLUMNS)
    page.letterhead(result, "KẾT QUẢ TIẾP NHẬN VÀ KIỂM TRA PHIẾU")
    _verdicts(page, result.files)
    page.header()
    names = {unit.code: unit.name for unit in result.plan.units}
    found = grouped(lines(result.findings), lambda line: line.file)
    files = sorted(result.files, key=_file_order(result))
    for number, item in enumerate(files, start=1):
        # Popped, so that what is left stands outside the drop folder and nothing is told twice.
        own = found.pop(item.name, [])
        # The finding that explains the verdict is said on the file's own row.
        told = next((line for line in own if item.code in (line.code.name, line.value) and not line.sheet), None)
        page.row(_file_values(names, item, number, told), FILE, {2: FILE_NAME, 4: FILE_NAME, 5: FILE_CODE})
        _findings(page, names, [line for line in own if line is not told])
    for file, own in found.items():
        page.band(f"Ngoài thư mục nhận phiếu: {file or 'không thuộc tệp nào'}", GROUP)
        _findings(page, names, own)
    page.table_ends()
    if not result.files and not result.findings:
        page.sentence("Không có tệp nào trong thư mục nhận phiếu.", PROSE)
    page.signatures()
    page.finish(result)


def _verdicts(page: Page, files: Sequence[FileRecord]) -> None:
    """Every entry has one verdict, and the verdicts add up to the entries seen."""
    parts = "; ".join(f"{label.lower()} {count}" for label, count in label_counts(files).items())
    page.band(f"Tổng số {len(files)} mục trong thư mục nhận phiếu = {parts}.", TOTAL)
    page.gap(6.0)


def _file_order(result: RunResult) -> Callable[[FileRecord], Sortable]:
    """By unit, as on the other sheets; entries of no known unit after those."""
    units = {unit.code: unit for unit in result.plan.units}

    def key(item: FileRecord) -> Sortable:
        unit = units.get(item.unit or "")
        known: Sortable = (0, *unit_order(unit)) if unit else (1, item.unit or "")
        return (*known, item.path, item.member or "")

    return key


def _named(code: str) -> str:
    """A code under its short name; those of the reader are named with the sentence beside them."""
    title = Code[code].title if code in Code.__members__ else REFUSED.title if code in REFUSALS else ""
    return f"{title}\n{code}" if title else code


def _unit_name(names: Mapping[str, str], code: str | None) -> str:
    return names.get(code or "", code or "")


def _file_values(
    names: Mapping[str, str], item: FileRecord, number: int, told: FindingLine | None
) -> tuple[Value, ...]:
    value, message = (told.value, told.message) if told else ("", "")
    evidence = EVIDENCE.get(item.received_by or "", item.received_by or "")
    return (
        number,
        item.name,
        _unit_name(names, item.unit),
        item.label,
        _named(item.code or ""),
        "",
        shortened(value, LONGEST_VALUE),
        item.message or message,
        item.received_at,
        evidence,
        item.sha256[:12],
    )


def _findings(page: Page, names: Mapping[str, str], found: Sequence[FindingLine]) -> None:
    """Errors first; the rest as ``lines`` sorts them."""
    order = list(Severity)
    for line in sorted(found, key=lambda line: order.index(line.code.severity)):
        page.row(_finding_values(names, line), PLAIN, {4: LOOKS.get(line.code.severity, PLAIN), 5: CODE})


def _finding_values(names: Mapping[str, str], line: FindingLine) -> tuple[Value, ...]:
    return (
        "",
        f"- {line.sheet}" if line.sheet else "",
        _unit_name(names, line.unit),
        SEVERITIES[line.code.severity],
        _named(line.code.name),
        shortened(", ".join(line.cells), MOST_CELLS),
        shortened(line.value, LONGEST_VALUE),
        line.message,
        None,
        "",
        "",
    )
