"""The shipped plans are without fault, canonical, and the same in both forms; nothing typed into them crashes."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from first_here import first_here
from hypothesis import given, settings
from hypothesis import strategies as st
from small_plan import TEXT, changed, check_text, every_key, rows_of, small_plan, text_of, workbook_of

from thidua_xlsx.model.findings import Severity
from thidua_xlsx.model.plan import Plan
from thidua_xlsx.stages.plans.lint_plan import check_plan, lint
from thidua_xlsx.workbooks.plan_text import plan_text, read_plan_text
from thidua_xlsx.workbooks.plan_workbook import read_plan_workbook, write_plan_workbook
from thidua_xlsx.workbooks.plans import plan_bytes, read_plan, shipped_plan_ids, shipped_plan_path

IDS = shipped_plan_ids()
CONTRACT = ("can-tho-2021-2025", "kim-phuong-2025", "nga-nam-2021-2030", "soc-trang-2025", "thuong-phuc-2026-2030")


@cache
def shipped(plan_id: str) -> Plan:
    plan, findings = read_plan(plan_id)
    assert plan is not None, [str(item.place) + item.message for item in findings]
    return plan


def source_of(plan_id: str) -> str:
    return shipped_plan_path(plan_id).read_text("utf-8")


def test_the_five_plans_are_shipped() -> None:
    assert set(CONTRACT) <= set(IDS)


@pytest.mark.parametrize("plan_id", IDS)
def test_a_shipped_plan_has_no_fault(plan_id: str) -> None:
    _, findings = read_plan(plan_id)
    assert [f"{item.place}: {item.message}" for item in findings] == []
    assert shipped(plan_id).head.id == plan_id


@pytest.mark.parametrize("plan_id", IDS)
def test_a_shipped_plan_is_canonical(plan_id: str) -> None:
    assert plan_text(shipped(plan_id)) == source_of(plan_id)


@pytest.mark.parametrize("plan_id", IDS)
def test_text_to_workbook_to_text_is_byte_equal(plan_id: str) -> None:
    data = write_plan_workbook(shipped(plan_id))
    assert data == write_plan_workbook(shipped(plan_id))
    rows, findings = read_plan_workbook(data, "ke-hoach.xlsx")
    plan, more = check_plan(rows)
    assert findings + more == ()
    assert plan is not None
    assert plan_text(plan) == source_of(plan_id)
    assert plan == shipped(plan_id)


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("plan_id", first_here(IDS, 1))
def test_a_plan_saved_by_libreoffice_is_the_same_plan(plan_id: str, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(write_plan_workbook(shipped(plan_id)))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "out")]
    subprocess.run([*command, str(tmp_path / "a.xlsx")], check=True, capture_output=True, timeout=180)
    plan, findings = read_plan(tmp_path / "out" / "a.xlsx")
    assert findings == ()
    assert plan is not None
    assert plan_text(plan) == source_of(plan_id)


# Files and folders


def test_a_plan_is_read_from_a_file_a_folder_or_by_its_id(tmp_path: Path) -> None:
    plan = small_plan()
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "ke-hoach.toml").write_text(TEXT, "utf-8")
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "ke-hoach.xlsx").write_bytes(write_plan_workbook(plan))
    for source in ("t", "x", "t/ke-hoach.toml", "x/ke-hoach.xlsx"):
        assert read_plan(tmp_path / source) == (plan, ())
    assert read_plan(str(tmp_path / "t"))[0] == plan
    assert read_plan(IDS[0])[0] is not None
    assert read_plan(shipped_plan_path(IDS[0]).parent)[0] is not None


def test_two_forms_in_a_folder_must_say_the_same(tmp_path: Path) -> None:
    plan = small_plan()
    for suffix in (".toml", ".xlsx"):
        (tmp_path / f"ke-hoach{suffix}").write_bytes(plan_bytes(plan, suffix))
    assert read_plan(tmp_path) == (plan, ())
    (tmp_path / "ke-hoach.xlsx").write_bytes(workbook_of(("gate", 3, "value", "4")))
    found, findings = read_plan(tmp_path)
    assert found is None
    assert [(item.code.name, item.place.sheet) for item in findings] == [("PLAN_TWO_FORMS_DIFFER", "Điều kiện")]


def test_a_fault_in_one_of_two_forms_is_told(tmp_path: Path) -> None:
    (tmp_path / "ke-hoach.toml").write_text(text_of(changed(("unit", 1, "block", "không có"))), "utf-8")
    (tmp_path / "ke-hoach.xlsx").write_bytes(write_plan_workbook(small_plan()))
    found, findings = read_plan(tmp_path)
    assert found is None
    assert [item.code.name for item in findings] == ["PLAN_UNKNOWN_CODE"]


@pytest.mark.parametrize("source", ["khong-co", "khong-co.toml", "."])
def test_a_plan_that_is_not_there_is_told(source: str, tmp_path: Path) -> None:
    found, findings = read_plan(tmp_path / source)
    assert found is None
    assert [item.code.name for item in findings] == ["PLAN_UNREADABLE"]


def test_another_kind_of_file_is_no_plan(tmp_path: Path) -> None:
    (tmp_path / "ke-hoach.docx").write_bytes(b"x")
    found, findings = read_plan(tmp_path / "ke-hoach.docx")
    assert (found, [item.code.name for item in findings]) == (None, ["PLAN_UNREADABLE"])


def test_a_default_that_somebody_wrote_stays_written() -> None:
    plan, _ = check_text(TEXT)
    assert plan is not None
    assert plan.rounds[1].late == plan.rounds[0].late == "flag"
    assert plan_text(plan).count('late = "flag"') == TEXT.count('late = "flag"') == 1


# Nothing typed into a plan crashes

GARBAGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=30),
    st.sampled_from(
        ["", ";", "=", "a = b; a = c", "of = ratio; 5", "*", "unit.", "unit.unit.", "1.10", "-1", "0", "1e9", "{}"]
    ),
)


def survives(text: str, workbook: bool = True) -> None:
    """Read, told, and if it can be built at all, written in both forms, or as text alone, and read back the same."""
    plan, findings = check_text(text)
    assert (plan is None) == any(item.severity is Severity.ERROR for item in findings)
    assert all(item.message and item.place.file for item in findings)
    if plan is not None:
        again, _ = check_text(plan_text(plan))
        assert again == plan
    if plan is not None and workbook:
        rows, _ = read_plan_workbook(write_plan_workbook(plan), "ke-hoach.xlsx")
        assert check_plan(rows)[0] == plan


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_key_of_a_plan_may_be_garbled(data: Any) -> None:
    plan_id = data.draw(st.sampled_from(("", *IDS)))
    rows = rows_of(source_of(plan_id) if plan_id else TEXT)
    table, number, key = data.draw(st.sampled_from(sorted(every_key(rows))))
    rows[table][number - 1][key] = data.draw(GARBAGE)
    survives(text_of(rows))


@pytest.mark.parametrize("key", sorted({(table, key) for table, _, key in every_key(rows_of())}))
def test_any_key_of_a_plan_may_be_left_out(key: tuple[str, str]) -> None:
    table, name = key
    rows = [number for number, row in enumerate(rows_of()[table], start=1) if name in row]
    for number in rows:
        # To write a workbook takes ten times as long as all the rest; it is the same cell in each row.
        survives(text_of(changed((table, number, name, None))), workbook=number == rows[-1])


@pytest.mark.parametrize("plan_id", first_here(IDS))
def test_a_whole_table_may_be_left_out(plan_id: str) -> None:
    for table in rows_of(source_of(plan_id)):
        rows = rows_of(source_of(plan_id))
        del rows[table]
        survives(text_of(rows))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(TEXT)))
def test_bytes_in_the_text_never_crash(noise: bytes, at: int) -> None:
    data = TEXT.encode()
    rows, _ = read_plan_text(data[:at] + noise + data[at:], "ke-hoach.toml")
    check_plan(rows)


def test_the_linter_asks_for_nothing_but_the_plan() -> None:
    assert lint(small_plan()) == ()
