"""Turns the text form of a plan into raw rows, each key with its line, and a plan into its canonical text."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.language import TABLES, Table
from thidua_xlsx.model.numerals import plain
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Plan, RowPlace
from thidua_xlsx.model.plan_source import NotPlain, Raw, RawRow, RawRows
from thidua_xlsx.model.text import clean
from thidua_xlsx.stages.plans.plan_cells import written
from thidua_xlsx.workbooks.toml_lines import RowLines, row_lines

PLAIN_VALUE = "một giá trị đơn (văn bản, số, ngày, true/false) hoặc danh sách văn bản"
ONE_ROW = "một dòng dạng {khóa = giá trị, …}"
_AT_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")


def read_plan_text(data: bytes, name: str) -> tuple[RawRows, tuple[Finding, ...]]:
    """The rows of a plan in text; ``name`` is the file as findings call it."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        return (), (_unreadable(name, f"dòng {line} không phải chữ Unicode (UTF-8)", line),)
    try:
        tables = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError, ArithmeticError) as fault:
        return (), (_syntax(name, text, str(fault)),)
    rows: list[RawRow] = []
    findings: list[Finding] = []
    lines = row_lines(text)
    for table, value in tables.items():
        found, faults = _rows(name, table, value, lines.get(table, []))
        rows += found
        findings += faults
    return tuple(rows), tuple(findings)


def _unreadable(name: str, detail: str, line: int) -> Finding:
    return finding(Code.PLAN_UNREADABLE, Place(name, "", f"dòng {line}"), detail=detail)


def _syntax(name: str, text: str, fault: str) -> Finding:
    """Where TOML stops to be TOML; the end of the text when something stays open."""
    found = _AT_LINE.search(fault)
    line = int(found[1]) if found else text.count("\n") + 1
    where = f"dòng {found[1]}, cột {found[2]}" if found else "cuối tệp"
    why = (
        "khóa hoặc bảng ghi hai lần"
        if "overwrite" in fault or "twice" in fault
        else "thường do thiếu hoặc thừa dấu nháy, dấu phẩy, dấu ngoặc"
    )
    return _unreadable(name, f"sai cú pháp TOML ở {where} ({why})", line)


def _rows(file: str, table: str, value: Any, lines: list[RowLines]) -> tuple[list[RawRow], list[Finding]]:
    """The rows of one table; ``[table]`` with one row is read as well as ``table = [{…}]``."""
    items = value if isinstance(value, list) else [value]
    places = iter(lines if len(lines) == sum(isinstance(item, dict) for item in items) else ())
    rows: list[RawRow] = []
    findings: list[Finding] = []
    for item in items:
        if isinstance(item, dict):
            source = _places(file, table, next(places, None))
            rows.append(RawRow(table, {key: _raw(held) for key, held in item.items()}, source))
        else:
            shown = clean(str(item))[:60]
            findings.append(finding(Code.PLAN_VALUE_KIND, Place(file, table), value=shown, key=table, holds=ONE_ROW))
    return rows, findings


def _places(file: str, table: str, lines: RowLines | None) -> RowPlace:
    """The row and its keys, those that are missing too: ``dòng 57, khóa clause``."""
    apart = lines.keys.items() if lines else ()
    keys = tuple((key, Place(file, table, f"dòng {line}, khóa {key}")) for key, line in apart)
    return RowPlace(Place(file, table, f"dòng {lines.row}" if lines else ""), keys, in_text=True)


def _raw(value: Any) -> Raw:
    """One TOML value; a list of texts is what ``a; b`` writes."""
    if isinstance(value, list) and all(isinstance(item, str | int | Decimal) for item in value):
        return "; ".join(map(str, value))
    if isinstance(value, str | bool | int | Decimal) or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    return NotPlain(clean(str(value))[:60], PLAIN_VALUE)


def plan_text(plan: Plan) -> str:
    """The canonical text: one row a line, keys in the language's order, no comments."""
    tables = [(table, plan.table(table.name)) for table in TABLES]
    return "\n".join(_table_text(table, rows) for table, rows in tables if rows)


def _table_text(table: Table, rows: tuple[Any, ...]) -> str:
    lines = (
        "  {" + ", ".join(f"{key.name} = {_literal(value)}" for key, value in written(table, row)) + "},\n"
        for row in rows
    )
    return f"{table.name} = [\n{''.join(lines)}]\n"


def _literal(value: str | int | Decimal | bool | date) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return value.isoformat() if isinstance(value, date) else plain(Decimal(value))
