"""What units, the office and the person at the keyboard read: letters of results, labels of files, help, examples."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

from thidua_xlsx.cli.main import main
from thidua_xlsx.model.findings import Code
from thidua_xlsx.model.form import Answer, Asks
from thidua_xlsx.model.plan import Unit
from thidua_xlsx.model.results import FileRecord, Outcome, Verdict, label_counts
from thidua_xlsx.pipeline.letters import is_body
from thidua_xlsx.stages.letters.letter_words import outcome_text
from thidua_xlsx.workbooks.form.rules import example_day

STANDARD = {"gate": "doan-ket", "clause": "III.1", "message": "Nội bộ đoàn kết", "observed": "Không", "required": "Có"}


def decision(outcome: Outcome, *reasons: dict[str, str]) -> dict[str, Any]:
    return {"unit": "VP", "subject": "collective", "person": None, "outcome": outcome.name, "reasons": list(reasons)}


def told(
    said: dict[str, Any], line: dict[str, Any] | None = None, session: object = None, files: object = ()
) -> str:
    lines = [{"unit": "VP", "subject": "collective", "person": None, **line}] if line else []
    council = {"lines": lines, "session": session}
    text = outcome_text({"decisions": [said], "files": files}, council, "VP", frozenset({"doan-ket"}))
    assert text is not None
    return text


def test_a_standard_not_met_is_no_praise() -> None:
    assert "Tiêu chuẩn: Nội bộ đoàn kết; thực tế: Không; yêu cầu: Có (mục III.1)." in told(
        decision(Outcome.INELIGIBLE, STANDARD)
    )


def test_who_was_before_the_council_was_considered() -> None:
    refused = {"decision": "KHONG_KHEN", "award": None, "amount": None, "reason": "không đủ phiếu"}
    assert told(decision(Outcome.PROPOSED), refused) == (
        "- Tập thể: Hội đồng không khen thưởng. Lý do: không đủ phiếu."
    )


@pytest.mark.parametrize(
    ("session", "end"),
    [
        ({"number": "1/QĐ", "decided_on": "2026-02-05"}, "Giấy khen, theo Quyết định số 1/QĐ, ngày 05/02/2026."),
        ({"number": "12/QĐ-UBND", "decided_on": None}, "Giấy khen, theo Quyết định số 12/QĐ-UBND."),
        ({"number": "", "decided_on": "2026-02-05"}, "Giấy khen."),
        (None, "Giấy khen."),
    ],
)  # fmt: skip
def test_a_winner_reads_the_number_of_the_decision(session: object, end: str) -> None:
    award = {"decision": "KHEN", "award": "Giấy khen", "amount": None, "reason": ""}
    assert told(decision(Outcome.PROPOSED), award, session) == f"- Tập thể: {end}"


def test_not_returned_says_which() -> None:
    file = {"path": "nop/VP.xlsx", "member": None, "unit": "VP", "verdict": Verdict.HELD.value}
    assert "không có tệp nào gửi về" in told(decision(Outcome.NOT_RETURNED), files=[{**file, "unit": "KT"}])
    held = told(decision(Outcome.NOT_RETURNED), files=[file])
    assert "đơn vị có gửi tệp về" in held
    assert "«nop/VP.xlsx»: đang giữ lại" in held


@pytest.mark.parametrize(
    ("body", "same"),
    [
        ("Phòng Nội vụ", True),
        ("Phòng Nội vụ thị xã Ngã Năm", True),
        ("PNV", True),
        ("Phòng Nội vụ - Lao động", False),
        ("Sở Nội vụ", False),
    ],
)
def test_a_unit_is_the_standing_body(body: str, same: bool) -> None:
    assert is_body(Unit(code="NV", name="Phòng Nội vụ", block="phong", aliases=("PNV",)), body) is same


def test_declined_and_opened_files_are_called_so_and_everything_adds_up() -> None:
    files = [
        FileRecord("a", None, "", Verdict.SUPERSEDED, Code.DECLINED.name),
        FileRecord("b", None, "", Verdict.SUPERSEDED, Code.SUPERSEDED.name),
        FileRecord("c", None, "", Verdict.IGNORED, Code.BUNDLE.name),
        FileRecord("d", None, "", Verdict.IGNORED, Code.IGNORED.name),
    ]
    counts = label_counts(files)
    assert [counts[item.label] for item in files] == [1, 1, 1, 1]
    assert sum(counts.values()) == len(files)
    assert "không nhận" in files[0].label.lower()
    assert files[1].label == Verdict.SUPERSEDED.label


@pytest.mark.parametrize("command", [["plan"], ["demo"], ["run"], ["mail"], ["explain"], ["finalize"]])
def test_help_is_vietnamese(command: list[str]) -> None:
    shown = CliRunner().invoke(main, [*command, "--help"]).output
    assert "Cách dùng:" in shown
    for word in ("COMMAND", "ARGS", "[required]", "INTEGER", "TEXT", "PATH"):
        assert word not in shown


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (date(1935, 1, 1), date(2010, 12, 31)),
        (date(2000, 1, 1), date(2001, 1, 1)),
        (date(2026, 1, 1), None),
        (None, date(2024, 6, 1)),
        (None, None),
    ],
)
def test_the_example_lies_in_its_range(low: date | None, high: date | None) -> None:
    day = example_day(Answer(Asks.DATE, "Ngày", low=low, high=high))
    assert (low or day) <= day <= (high or day)
