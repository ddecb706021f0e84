"""``ket-qua.json`` is a contract (DESIGN §7): its keys, its order, its words, its bytes."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import results_fixture

from thidua_xlsx.model.place import NOWHERE, Place
from thidua_xlsx.model.results import Outcome, Reason
from thidua_xlsx.workbooks.result_json import json_bytes, result_json

RESULT = results_fixture.result()
FILE_KEYS = ["path", "member", "sha256", "verdict", "code", "unit", "received_at", "received_by"]
FINDING_KEYS = ["code", "severity", "unit", "file", "sheet", "cells", "value", "message"]
STANDING_KEYS = [
    "unit",
    "block",
    "claimed",
    "points",
    "applicable",
    "index",
    "class",
    "rank",
    "rank_in_block",
    "last_rank",
    "rank_gain",
]
DECISION_KEYS = ["subject", "unit", "person", "outcome", "quota", "award", "amount", "reasons"]
REASON_KEYS = ["gate", "clause", "observed", "required", "file", "sheet", "cells", "message"]


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(json_bytes(RESULT))
    return loaded


def test_the_keys_are_those_of_the_contract(made: dict[str, Any]) -> None:
    assert list(made) == ["plan", "year", "round", "program", "files", "findings", "standings", "decisions"]
    assert (made["plan"], made["year"], made["round"]) == ("mau-2025", 2025, "hang-nam")
    for table, keys in (
        ("files", FILE_KEYS),
        ("findings", FINDING_KEYS),
        ("standings", STANDING_KEYS),
        ("decisions", DECISION_KEYS),
    ):
        assert made[table]
        assert all(list(row) == keys for row in made[table]), table
    reasons = [reason for decision in made["decisions"] for reason in decision["reasons"]]
    assert reasons
    assert all(list(reason) == REASON_KEYS for reason in reasons)


def test_every_list_is_sorted_whatever_the_order_of_the_result(made: dict[str, Any]) -> None:
    turned = replace(
        RESULT,
        files=RESULT.files[::-1],
        findings=RESULT.findings[::-1],
        standings=RESULT.standings[::-1],
        decisions=RESULT.decisions[::-1],
    )
    assert json_bytes(turned) == json_bytes(RESULT)
    assert [row["unit"] for row in made["standings"]] == sorted(row["unit"] for row in made["standings"])
    units = [row["unit"] for row in made["decisions"]]
    assert units == sorted(units)
    ours = [row for row in made["decisions"] if row["unit"] == "VHXH"]
    assert [row["person"] and row["person"]["order"] for row in ours] == [None, 1, 2]


def test_neither_run_name_nor_changes_are_in_it() -> None:
    other = replace(RESULT, run_name="lan-009", changes=(), first_run=True)
    assert json_bytes(other) == json_bytes(RESULT)


def test_points_are_strings_and_the_class_is_its_label(made: dict[str, Any]) -> None:
    rows = {row["unit"]: row for row in made["standings"]}
    assert rows["VP"]["points"] == "93.5"
    assert rows["VP"]["index"] == "93.50"
    assert rows["VP"]["applicable"] == "100"
    assert rows["VP"]["class"] == "Xuất sắc"
    assert rows["MN1"]["index"] == rows["THCS2"]["index"] == "74.50"
    unscored = rows["CHO"]
    assert [unscored[key] for key in ("points", "index", "class", "rank", "rank_in_block", "rank_gain")] == [None] * 6
    third = replace(RESULT.standings[0], claimed=None, points=Fraction(200, 3), index=Fraction(200, 3))
    row = result_json(replace(RESULT, standings=(third,)))["standings"][0]
    assert (row["claimed"], row["points"], row["index"]) == (None, "66.67", "66.67")


def test_decisions_say_what_prevents_a_proposal(made: dict[str, Any]) -> None:
    names = {outcome.name for outcome in Outcome}
    assert {row["outcome"] for row in made["decisions"]} == names
    assert all(bool(row["reasons"]) is (row["outcome"] != "PROPOSED") for row in made["decisions"])
    proposed = next(row for row in made["decisions"] if row["unit"] == "VHXH" and row["person"] is None)
    assert (proposed["subject"], proposed["quota"], proposed["amount"]) == ("collective", "tap-the-phong", 1_410_000)
    missed = next(row for row in made["decisions"] if row["unit"] == "KTHT" and row["person"] is None)["reasons"]
    assert [reason["gate"] for reason in missed] == ["chi-so-tang", "nhiem-vu-100"]
    assert missed[1]["file"] == "nop/KTHT.xlsx"
    assert missed[1]["cells"] == ["D9", "D14"]
    absent = next(row for row in made["decisions"] if row["unit"] == "DV")["reasons"][0]
    assert (absent["file"], absent["sheet"], absent["cells"]) == (None, None, [])
    person = next(row["person"] for row in made["decisions"] if row["unit"] == "TTHCC" and row["person"])
    assert person == {"order": 1, "name": "Lâm Thị Mỹ Ảnh", "birth": None}


def test_a_reason_that_rests_on_two_sheets_is_an_entry_for_each() -> None:
    places = (Place("nop/a.xlsx", "Nhiệm vụ", "D9"), Place("nop/a.xlsx", "Chỉ số", "E7"), NOWHERE)
    first = replace(RESULT.decisions[2], reasons=(Reason("g", "I.1", "Lý do", "1", "2", places),))
    reasons = result_json(replace(RESULT, decisions=(first,)))["decisions"][0]["reasons"]
    assert [(reason["gate"], reason["sheet"], reason["cells"]) for reason in reasons] == [
        ("g", "Chỉ số", ["E7"]),
        ("g", "Nhiệm vụ", ["D9"]),
    ]


def test_the_bytes_are_plain_utf8_and_survive_an_undecodable_file_name() -> None:
    raw = json_bytes(RESULT)
    assert raw == json_bytes(results_fixture.result())
    assert raw.endswith(b"}\n")
    assert "Phòng" not in raw.decode("ascii", "ignore")
    assert "Đồng" in raw.decode("utf-8")
    assert b'\n  "plan"' in raw
    odd = replace(RESULT, files=(replace(RESULT.files[0], path="nop/b\udcff.xlsx"),))
    assert json.loads(json_bytes(odd))["files"][0]["path"] == "nop/b\udcff.xlsx"
