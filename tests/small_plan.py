"""A small plan without a fault, and ways to spoil one cell of it in either form."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from open_once import opened, typed_over

from thidua_xlsx.model.findings import Finding
from thidua_xlsx.model.language import BY_NAME, TABLES
from thidua_xlsx.model.place import Place, address
from thidua_xlsx.model.plan import Plan
from thidua_xlsx.stages.plans.build_plan import build_plan
from thidua_xlsx.stages.plans.lint_plan import check_plan
from thidua_xlsx.workbooks.plan_text import read_plan_text
from thidua_xlsx.workbooks.plan_workbook import read_plan_workbook, write_plan_workbook

TEXT = """\
plan = [
  {id = "an-binh-2025", title = "Kế hoạch thi đua", authority = "UBND xã An Bình", place = "An Bình", standing_body = "Văn phòng", year = 2025, class_scale = "cchc"},
]

round = [
  {code = "hang-nam", name = "Hằng năm", kind = "annual", from_year = 2025, to_year = 2025, deadline = 2026-01-30, inclusive = true, forward_deadline = 2026-02-15, total_collectives = 2, total_individuals = 3, vote_share = 80, vote_of = "members", clause = "III.1"},
  {code = "tong-ket", name = "Tổng kết", kind = "final", from_year = 2021, to_year = 2025, late = "flag", clause = "III.2"},
]

block = [
  {code = "phong", name = "Phòng chuyên môn"},
  {code = "xa", name = "Xã"},
]

unit = [
  {code = "VP", name = "Văn phòng", block = "phong", email = "vp@example.vn", traits = "tham-muu", last_rank = 1, last_index = 90.5},
  {code = "KT", name = "Phòng Kinh tế", block = "phong", not_applicable = "2"},
  {code = "XA-1", name = "Xã Một", block = "xa"},
]

level = [
  {scale = "cchc", code = "tot", label = "Tốt", order = 2, from = 80},
  {scale = "cchc", code = "kha", label = "Khá", order = 1, from = 0},
  {scale = "can-bo", code = "HTT", label = "Hoàn thành tốt", order = 2},
  {scale = "can-bo", code = "HT", label = "Hoàn thành", order = 1},
]

criterion = [
  {code = "1", name = "Điều hành", max = 60},
  {code = "1.1", parent = "1", name = "Kế hoạch", max = 19.5, method = "levels", parameters = "Đúng hạn = 19.5; Trễ hạn = 10; Không = 0"},
  {code = "1.2", parent = "1", name = "Hoàn thành", max = 40.5, method = "ratio_floor", parameters = "full = 100; floor = 80", zero_denominator = "full"},
  {code = "2", name = "Tuyên truyền", max = 20, method = "bands", parameters = "of = count; 3 = 20; 2 = 10"},
  {code = "3", name = "Kỷ luật", max = 10, method = "penalty", parameters = "each = 1; zeroing = yes"},
  {code = "4", name = "Tự chấm", max = 10, method = "points", parameters = "step = 0.5", blocks = "phong"},
  {code = "4", name = "Khảo sát", max = 10, method = "survey", blocks = "xa", who_answers = "office"},
  {code = "T", name = "Điểm thưởng", max = 3, method = "bonus", parameters = "each = 1"},
]

index = [
  {code = "CS", name = "Chỉ số chung", max = 100, units = "*", last_value = 80},
  {code = "CS1", name = "Thủ tục", max = 20, units = "VP; KT", last_value = 15, last_max = 18},
]

task = [
  {code = "NV1", name = "Báo cáo", due = 2025-12-15},
  {code = "NV2", name = "Rà soát", units = "VP"},
]

question = [
  {code = "doan-ket", label = "Đoàn kết", subject = "collective", type = "yes_no", required = true},
  {code = "sang-kien", label = "Số sáng kiến", subject = "collective", type = "integer", min = 0, max = 9, rounds = "hang-nam"},
  {code = "xep-loai", label = "Xếp loại", subject = "individual", type = "level", scale = "can-bo"},
  {code = "chi-so", label = "Chỉ số phụ trách", subject = "individual", type = "index"},
  {code = "truc-tiep", label = "Trực tiếp tham mưu", subject = "individual", type = "yes_no"},
]

dossier = [
  {code = "to-trinh", subject = "both", stage = "unit", name = "Tờ trình", clause = "IV.1"},
  {code = "bien-ban", subject = "both", stage = "unit", name = "Biên bản", any_of = "hop", clause = "IV.1"},
  {code = "ket-luan", subject = "both", stage = "unit", name = "Kết luận", any_of = "hop", clause = "IV.1"},
  {code = "bao-cao", subject = "individual", stage = "unit", name = "Báo cáo thành tích", clause = "IV.1"},
]

gate = [
  {code = "doan-ket", subject = "collective", fact = "doan-ket", operator = "yes", clause = "III.3-1", reason = "Đoàn kết"},
  {code = "sang-kien", rounds = "hang-nam", subject = "collective", fact = "sang-kien", operator = "at_least", value = "2", any_of = "moi", clause = "III.3-2", reason = "Sáng kiến"},
  {code = "hang", rounds = "hang-nam", subject = "collective", fact = "rank_in_block", operator = "at_most", value = "3", any_of = "moi", clause = "III.3-3", reason = "Hạng cao"},
  {code = "xep-loai-cchc", subject = "collective", fact = "class", operator = "level_at_least", value = "tot", when = "tham-muu", clause = "III.3-4", reason = "Từ mức Tốt"},
  {code = "chi-so", subject = "collective", fact = "indices", operator = "above_last_year_or_at_max", clause = "III.3-5", reason = "Chỉ số tăng"},
  {code = "khen", rounds = "tong-ket", subject = "collective", fact = "prior_awards", operator = "at_least", value = "2", award = "Giấy khen", from_year = 2021, to_year = 2025, clause = "III.3-6", reason = "Đã được khen"},
  {code = "nhiem-vu", subject = "collective", fact = "tasks_completed", operator = "at_least", value = "100", clause = "III.3-7", reason = "Đủ nhiệm vụ"},
  {code = "xep-loai", subject = "individual", fact = "xep-loai", operator = "level_at_least", value = "HTT", clause = "III.4-1", reason = "Hoàn thành tốt"},
  {code = "chi-so", subject = "individual", fact = "indices", operator = "above_last_year_or_at_max", scope = "asked", when = "truc-tiep", clause = "III.4-2", reason = "Chỉ số tăng"},
  {code = "don-vi", rounds = "hang-nam", subject = "individual", fact = "unit.rank", operator = "at_most", value = "3", clause = "III.4-3", reason = "Đơn vị hạng cao"},
  {code = "ho-so", subject = "individual", fact = "dossier_complete", operator = "yes", clause = "IV.1", reason = "Hồ sơ đủ"},
]

quota = [
  {code = "tap-the", rounds = "hang-nam", subject = "collective", award = "Giấy khen", seats = 2, binding = "at_most", order_by = "rank_in_block; index", within_fact = "rank", within_operator = "at_most", within_value = "3", clause = "III.5"},
  {code = "ca-nhan", rounds = "hang-nam", subject = "individual", award = "Giấy khen", seats = 3, binding = "exactly", per_unit = 2, clause = "III.5"},
  {code = "tong-ket", rounds = "tong-ket", subject = "collective", award = "Giấy khen", binding = "open", clause = "III.5"},
]

award = [
  {award = "Giấy khen", subject = "collective", coefficient = 0.6, from = 2025-07-01, decree = "NĐ 152/2025/NĐ-CP"},
]

base_salary = [
  {amount = 2340000, from = 2024-07-01, decree = "NĐ 73/2024/NĐ-CP"},
]

note = [
  {code = "thang-diem", text = "Thang điểm là thang «mẫu» (\\"nháp\\").", clause = "II"},
]
"""  # noqa: E501 - one row a line is the form itself

TEXT_FILE, WORKBOOK_FILE = "ke-hoach.toml", "ke-hoach.xlsx"
Value = str | int | Decimal | bool | date | None
# Table, row counted from 1, key, and what to write there (None: nothing).
Change = tuple[str, int, str, Value]
Rows = dict[str, list[dict[str, Any]]]


def rows_of(text: str = TEXT) -> Rows:
    return tomllib.loads(text, parse_float=Decimal)


def changed(*changes: Change) -> Rows:
    """The small plan with some cells rewritten; a row behind the last is a new one."""
    rows = rows_of()
    for table, number, key, value in changes:
        if number > len(rows.setdefault(table, [])):
            rows[table].append({})
        rows[table][number - 1][key] = value
    return rows


def literal(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return value.isoformat() if isinstance(value, date) else str(value)


def text_of(rows: Rows) -> str:
    """One row a line, as the canonical form has it."""
    tables = []
    for table, items in rows.items():
        lines = [
            "  {" + ", ".join(f"{key} = {literal(value)}" for key, value in item.items() if value is not None) + "},\n"
            for item in items
        ]
        tables.append(f"{table} = [\n{''.join(lines)}]\n")
    return "\n".join(tables)


def small_plan() -> Plan:
    plan, findings = build_plan(read_plan_text(TEXT.encode(), TEXT_FILE)[0])
    assert plan is not None, findings
    return plan


@cache
def _written() -> bytes:
    return write_plan_workbook(small_plan())


def workbook_of(*changes: Change, workbook: bytes | None = None) -> bytes:
    """The workbook form with cells typed_over the way a person does, in a program that is not ours."""
    data = workbook or _written()
    cells = []
    for table, number, key, value in changes:
        sheet = opened(data)[BY_NAME[table].sheet]
        keys = [cell.value for cell in sheet[2]]
        typed = ("Có" if value else "Không") if isinstance(value, bool) else value
        cells.append((sheet.cell(2 + number, keys.index(key) + 1), typed))
    return typed_over(data, *cells)


def check_text(text: str) -> tuple[Plan | None, tuple[Finding, ...]]:
    rows, findings = read_plan_text(text.encode(), TEXT_FILE)
    plan, more = check_plan(rows)
    return plan, findings + more


def check_workbook(data: bytes) -> tuple[Plan | None, tuple[Finding, ...]]:
    rows, findings = read_plan_workbook(data, WORKBOOK_FILE)
    plan, more = check_plan(rows)
    return plan, findings + more


def in_text(table: str, number: int, key: str, rows: Rows) -> Place:
    """Where a key of a row stands in ``text_of(rows)``."""
    line = 1
    for name, items in rows.items():
        if name == table:
            return Place(TEXT_FILE, table, f"dòng {line + number}, khóa {key}")
        line += len(items) + 3
    raise KeyError(table)


def in_workbook(table: str, number: int, key: str) -> Place:
    keys = [item.name for item in BY_NAME[table].keys]
    return Place(WORKBOOK_FILE, BY_NAME[table].sheet, address(2 + number, keys.index(key) + 1))


def every_key(rows: Rows) -> Iterator[tuple[str, int, str]]:
    for table in TABLES:
        for number, row in enumerate(rows.get(table.name, ()), start=1):
            for key in row:
                yield table.name, number, key
