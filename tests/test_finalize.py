"""After the council: its workbook is read back, every fault found at its cell, and what is right taken down once."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from council_faults import SPOILED, blank, given_back, held, spoiled
from council_sheet import COUNCIL, vote
from test_libreoffice import type_at_desk

from thidua_xlsx.campaign.archive import published_runs
from thidua_xlsx.campaign.errors import CampaignError
from thidua_xlsx.campaign.folder import registers
from thidua_xlsx.cli.main import main
from thidua_xlsx.model.council import (
    AGREE,
    AWARDED,
    COUNCIL_SHEET,
    COUNT,
    DECIDED_ON,
    DECISION,
    DISAGREE,
    MEMBERS,
    NOT_AWARDED,
    NUMBER,
    OPINION,
    PRESENT,
    RUN_MARK,
    WITHDRAWN,
    Basis,
)
from thidua_xlsx.model.findings import Code, Finding
from thidua_xlsx.model.letters import Kind
from thidua_xlsx.model.office import COLLECTIVE, REGISTER, REGISTER_HEADERS, AwardGiven, Register
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.results import Outcome
from thidua_xlsx.model.wording import in_words
from thidua_xlsx.pipeline import finalize as verb
from thidua_xlsx.pipeline.finalize import FinalizeOutput, drop_folder, finalize
from thidua_xlsx.pipeline.gather import Inputs, open_register
from thidua_xlsx.pipeline.mail import fill_outbox
from thidua_xlsx.pipeline.run import run_batch
from thidua_xlsx.stages.judging.reward import in_force as rate_in_force
from thidua_xlsx.stages.office.registers import entries_of, in_force
from thidua_xlsx.workbooks.register_workbook import write_register

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

ROUND, DAY = "hang-nam", date(2025, 3, 26)
DECREE, DATED = "12/QĐ-UBND", date(2025, 3, 25)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A campaign after its run, the council's workbook still blank."""
    return copied(held().folder, tmp_path)


@pytest.fixture
def same_returns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing has come in since the run: the returns need not be read and judged again, only the registers."""

    def gathered(home: Path, *_: object) -> Inputs:
        register, findings = open_register(home)
        return replace(held().inputs, register=register, findings=findings)

    monkeypatch.setattr(verb, "gather", gathered)
    monkeypatch.setattr(verb, "assess", lambda _inputs: (held().result, None))


QUICK = pytest.mark.usefixtures("same_returns")


@pytest.fixture(scope="module")
def taken_down(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign whose decision was taken down, the decision's number not known yet."""
    home = copied(held().folder, tmp_path_factory.mktemp("da-chot"))
    decided(home, **{NUMBER: None})
    assert end(home).findings == ()
    return home


@pytest.fixture
def finalized(taken_down: Path, tmp_path: Path) -> Path:
    return copied(taken_down, tmp_path)


def copied(folder: Path, place: Path) -> Path:
    home = place / "thi đua"
    shutil.copytree(folder, home)
    return home


def decided(folder: Path, *changes: Callable[[Any], None], **facts: object) -> Path:
    """The newest run's workbook with the meeting's results in it."""
    path = folder / "ket-qua" / "lan-001" / "tong-hop.xlsx"
    path.write_bytes(given_back({NUMBER: DECREE, DECIDED_ON: DATED, **facts}, *changes))
    return path


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def end(folder: Path, **options: Any) -> FinalizeOutput:
    return finalize(folder, today=DAY, **options)


def register_rows(folder: Path) -> list[tuple[object, ...]]:
    sheet = openpyxl.load_workbook(folder / "lich-su.xlsx")[REGISTER]
    return [row for row in sheet.iter_rows(min_row=5, values_only=True) if row[0] is not None]


# What is right


def test_the_decision_its_papers_and_the_register(folder: Path) -> None:
    decided(folder)
    output = end(folder)
    assert output.findings == ()
    assert output.target == folder / "quyet-dinh" / f"{ROUND}-01"
    said = json.loads((output.target / "quyet-dinh.json").read_text("utf-8"))
    wanted = {code: decision == AWARDED for code, decision in held().chosen.items()}
    given = {
        f"{line['unit']}/{line['person']['order']}" if line["person"] else line["unit"]
        for line in said["lines"]
        if line["decision"] == "KHEN"
    }
    assert given == {code for code, yes in wanted.items() if yes}
    assert {path.name for path in output.target.iterdir()} >= {
        "quyet-dinh.xlsx", "quyet-dinh.json", "to-trinh.docx", "bien-ban.docx", "danh-sach-tap-the.docx",
        "danh-sach-ca-nhan.docx", "tien-thuong.docx", "in-giay-khen.xlsx",
    }  # fmt: skip
    assert (folder / "mau-van-ban" / "to-trinh.docx").is_file()
    rows = register_rows(folder)
    assert len(rows) == len(given)
    assert {(row[8], row[9].date()) for row in rows} == {(DECREE, DATED)}  # type: ignore[attr-defined]
    assert [item.place.file for item in open_register(folder)[0].awards] == ["lich-su.xlsx"] * len(rows)


@QUICK
def test_money_is_by_the_day_of_the_decision(folder: Path) -> None:
    """Coefficient and base salary in force that day, not the meeting's and not today's."""
    later = date(2026, 7, 2)
    decided(folder, **{DECIDED_ON: later})
    resolved = end(folder).resolved
    assert resolved
    plan = held().given.plan
    for item in (item for item in resolved.resolutions if item.awarded):
        rows = [row for row in plan.awards if row.award == item.award and row.subject == item.nominee.subject]
        rate, base = rate_in_force(rows, later), rate_in_force(list(plan.base_salaries), later)
        assert item.money
        assert rate
        assert base
        assert (item.money.coefficient, item.money.base, item.money.provisional) == (
            rate.coefficient, base.amount, False,
        )  # fmt: skip
    total = sum(item.money.amount for item in resolved.resolutions if item.money)
    book = openpyxl.load_workbook(folder / "quyet-dinh" / f"{ROUND}-01" / "quyet-dinh.xlsx")
    amounts = [row[-1] for name in ("Tập thể", "Cá nhân") for row in book[name].values if isinstance(row[0], int)]
    assert sum(value for value in amounts if isinstance(value, int)) == total
    sums = [row[-1] for row in book["Tiền thưởng"].values if isinstance(row[0], int)]
    assert sum(value for value in sums if isinstance(value, int)) == total
    assert any(in_words(total) in str(row[0]) for row in book["Tiền thưởng"].values)


@QUICK
def test_a_second_time_changes_nothing_and_says_so(finalized: Path) -> None:
    before = files(finalized)
    again = CliRunner().invoke(main, ["finalize", str(finalized), "--today", "2025-06-01"])
    assert again.exit_code == 0
    assert "đã lập trước đây" in again.stdout
    assert "không ghi gì thêm" in again.stdout
    assert files(finalized) == before


@QUICK
def test_a_correction_is_a_new_entry_and_nothing_is_edited_out(finalized: Path) -> None:
    """One award is withdrawn: a new decision, a line that takes it back, and it counts no longer.

    A number that comes with it fills the blanks of the lines that stand.
    """
    first = register_rows(finalized)
    assert {row[8] for row in first} == {None}
    code = next(code for code, decision in held().chosen.items() if decision == AWARDED and "/" not in code)

    def withdrawn(table: Any) -> None:
        table.cell(code, DECISION).value = NOT_AWARDED
        table.cell(code, OPINION).value = "Khai sai số liệu"

    decided(finalized, withdrawn)
    second = end(finalized)
    assert second.target == finalized / "quyet-dinh" / f"{ROUND}-02"
    assert (finalized / "quyet-dinh" / f"{ROUND}-01").is_dir()
    assert (len(second.recorded.taken), len(second.recorded.dated)) == (1, len(first) - 1)
    *rows, line = register_rows(finalized)
    assert rows == [row if row[4] == code and row[3] == COLLECTIVE else (*row[:8], DECREE, *row[9:]) for row in first]
    assert (line[4], line[7], line[8]) == (code, f"{WITHDRAWN}{first[0][7]}", DECREE)
    units = [item.unit for item in open_register(finalized)[0].awards if item.subject == COLLECTIVE]
    assert units
    assert code not in units
    (copy,) = finalized.glob("lich-su (bản lưu *).xlsx")
    assert open_register(finalized)[0].awards
    assert [path.name for path in registers(finalized)] == ["lich-su.xlsx"], copy


@QUICK
def test_what_staff_typed_into_the_register_stays_as_it_is(folder: Path) -> None:
    """Their lines, their own column, their spelling: only lines below are new."""
    book = openpyxl.load_workbook(folder / "lich-su.xlsx") if (folder / "lich-su.xlsx").exists() else None
    if book is None:
        (folder / "lich-su.xlsx").write_bytes(write_register(()))
        book = openpyxl.load_workbook(folder / "lich-su.xlsx")
    sheet = book[REGISTER]
    sheet.cell(4, 11).value = "Ghi chú của phòng"
    typed = (
        2021, "Kế hoạch khác", "đợt 1", COLLECTIVE, "SNV", "Sở  Nội vụ", None, "Giấy khen ", 7, "05/3/2022", "xem lại",
    )  # fmt: skip
    for column, value in enumerate(typed, start=1):
        sheet.cell(5, column).value = value
    book.save(folder / "lich-su.xlsx")
    decided(folder)
    assert end(folder).findings == ()
    sheet = openpyxl.load_workbook(folder / "lich-su.xlsx")[REGISTER]
    assert [cell.value for cell in sheet[4]][:11] == [*REGISTER_HEADERS, "Ghi chú của phòng"]
    assert tuple(cell.value for cell in sheet[5])[:11] == typed
    assert sheet.cell(6, 1).value is not None


@QUICK
def test_rows_sorted_and_filtered_by_hand_are_the_same_rows(finalized: Path) -> None:
    """Two nominees change places, another row is hidden: the decision is the one taken down before."""

    def by_hand(table: Any) -> None:
        first, second = [table.rows[code] for code in held().chosen if "/" in code][:2]
        for column in range(1, table.sheet.max_column + 1):
            one, two = table.sheet.cell(first, column), table.sheet.cell(second, column)
            one.value, two.value = two.value, one.value
        table.sheet.row_dimensions[second].hidden = True

    decided(finalized, by_hand, **{NUMBER: None})
    output = end(finalized)
    assert (output.findings, output.target) == ((), None)


@QUICK
def test_a_council_may_depart_with_its_reasons(folder: Path) -> None:
    """A proposed one is refused and the first reserve of its row takes the seat."""
    said = held().said
    reserve = next(
        item
        for item in held().cases
        if item.proposed is Outcome.RESERVE and item.place == min(
            other.place for other in held().cases if other.proposed is Outcome.RESERVE and other.quota == item.quota
        ) and any(other.proposed is Outcome.PROPOSED and other.quota == item.quota for other in held().cases)
    )  # fmt: skip
    refused = next(
        item for item in held().cases if item.proposed is Outcome.PROPOSED and item.quota == reserve.quota
    )

    def departs(table: Any) -> None:
        vote(table, {refused.ballot.code: NOT_AWARDED, reserve.ballot.code: AWARDED})
        table.cell(refused.ballot.code, OPINION).value = "Chưa tiêu biểu"

    decided(folder, departs)
    resolved = end(folder).resolved
    assert resolved
    found = {item.nominee: item for item in resolved.resolutions}
    assert (found[refused.nominee].awarded, found[refused.nominee].basis) == (False, Basis.DEPARTED)
    assert (found[reserve.nominee].awarded, found[reserve.nominee].basis) == (True, Basis.DEPARTED)
    assert len(found) == sum(item["outcome"] in ("PROPOSED", "TIED", "RESERVE") for item in said["decisions"])


# What is wrong


@pytest.mark.parametrize("name", SPOILED)
def test_each_fault_is_found_at_its_cell(name: str) -> None:
    """Every one of them alone: its code, at its cell, and nothing else."""
    expected, found = spoiled(name)
    assert {(item.code, item.place.cell) for item in found} == expected


@QUICK
def test_all_faults_are_told_at_once_and_nothing_is_written(folder: Path) -> None:
    codes = [code for code, decision in held().chosen.items() if decision == AWARDED]

    def wrong(table: Any) -> None:
        table.cell(codes[0], DECISION).value = "Đồng ý"
        table.cell(codes[1], AGREE).value = "chín"
        table.cell(codes[2], DISAGREE).value = COUNCIL
        table.cell(codes[3], DECISION).value = None
        table.cell(codes[4], DECISION).value = NOT_AWARDED

    decided(folder, wrong)
    before = files(folder)
    done = CliRunner().invoke(main, ["finalize", str(folder), "--today", "2025-03-26"])
    assert done.exit_code == 1
    table = blank()[1]
    for code, header in ((0, DECISION), (1, AGREE), (2, DISAGREE), (3, DECISION), (4, OPINION)):
        assert table.cell(codes[code], header).coordinate in done.stdout
    assert "Chưa ghi gì" in done.stdout
    assert done.stdout.rstrip().splitlines()[-1].endswith(f'finalize "{folder}" --round {ROUND}')
    assert files(folder) == before


@QUICK
def test_the_workbook_of_another_run_or_plan_is_told_which(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "khac.xlsx"

    def other(mark: object) -> Finding:
        def remark(table: Any) -> None:
            cells = [cell for row in table.sheet.iter_rows() for cell in row]
            (cell,) = [cell for cell in cells if str(cell.value or "").startswith(RUN_MARK)]
            cell.value = mark

        elsewhere.write_bytes(given_back({}, remark))
        (found,) = end(folder, summary=elsewhere).findings
        return found

    for mark, words in ((f"{RUN_MARK}{'0' * 16}", "không phải của lần tổng hợp nào"), (None, "không mang mã")):
        found = other(mark)
        assert found.code is Code.COUNCIL_OTHER_RUN
        assert words in found.message
        assert "ket-qua/lan-001/tong-hop.xlsx" in found.message
    elsewhere.write_bytes(b"PK\x03\x04 nonsense")
    (found,) = end(folder, summary=elsewhere).findings
    assert found.code is Code.COUNCIL_UNREADABLE
    shutil.rmtree(folder / "ket-qua" / "luu")
    (found,) = end(folder).findings
    assert found.code is Code.COUNCIL_OTHER_RUN
    assert "chạy lại thidua run" in found.message
    assert not (folder / "quyet-dinh").exists()


@QUICK
def test_a_trial_decides_nothing(folder: Path) -> None:
    """Its workbook looks like that of a run; it bears no mark of one."""
    quota = held().given.plan.quotas[0]
    trial = run_batch(folder, settings=[f"quota.{quota.code}.seats={(quota.seats or 0) + 1}"], today=DAY)
    (found,) = end(folder, summary=trial.target / "tong-hop.xlsx").findings
    assert found.code is Code.COUNCIL_OTHER_RUN
    assert not (folder / "quyet-dinh").exists()


def test_the_returns_are_looked_for_where_the_run_found_them(folder: Path, tmp_path: Path) -> None:
    assert drop_folder(next(published_runs(folder)), None) == folder / "nop"
    elsewhere = tmp_path / "phiếu nộp về"
    (folder / "nop").rename(elsewhere)
    run_batch(folder, inbox=elsewhere, today=DAY)
    newest = next(published_runs(folder))
    assert drop_folder(newest, None) == elsewhere
    elsewhere.rename(tmp_path / "chỗ khác")
    with pytest.raises(CampaignError, match="--inbox"):
        drop_folder(newest, None)
    assert drop_folder(newest, tmp_path / "chỗ khác") == tmp_path / "chỗ khác"


def test_nobody_is_awarded_whom_a_newer_fact_excludes(folder: Path) -> None:
    """The office notes a discipline after the run: the award is stopped, with the gate, the clause and the cell."""
    decided(folder)
    code = next(code for code, decision in held().chosen.items() if decision == AWARDED and "/" not in code)
    plan = held().given.plan
    gate = next(item for item in plan.gates if item.subject == "collective" and item.operator == "yes"
                and item.fact in {question.code for question in plan.questions})  # fmt: skip
    book = openpyxl.load_workbook(folder / "co-quan.xlsx")
    sheet = book["Xác nhận"]
    head = next(row for row in sheet.iter_rows() if row[0].value == "Đơn vị")
    columns = {cell.value: cell.column for cell in head}
    line = next(
        row[0].row
        for row in sheet.iter_rows(min_row=head[0].row + 1)
        if row[0].value is None
        or (row[0].value, sheet.cell(row[0].row, columns["Mã"]).value) == (code, gate.fact)
    )
    for header, value in (("Đơn vị", code), ("Thứ tự", None), ("Mã", gate.fact), ("Trả lời", "Không"), ("Lý do", "x")):
        sheet.cell(line, columns[header]).value = value
    book.save(folder / "co-quan.xlsx")
    (found,) = (item for item in end(folder).findings if item.code is Code.NO_LONGER_ELIGIBLE)
    assert found.place == Place("co-quan.xlsx", "Xác nhận", sheet.cell(line, columns["Trả lời"]).coordinate)
    assert gate.clause in found.message
    assert gate.code in found.message
    assert "Chạy lại thidua run" in found.message


@QUICK
def test_a_register_edited_into_nonsense_stops_it_at_its_cell(folder: Path) -> None:
    (folder / "lich-su.xlsx").write_bytes(write_register([award("SNV", 2023)]))
    book = openpyxl.load_workbook(folder / "lich-su.xlsx")
    book[REGISTER]["A5"].value = "năm ngoái"
    book.save(folder / "lich-su.xlsx")
    decided(folder)
    before = files(folder)
    (found,) = end(folder).findings
    assert (found.code, found.place) == (Code.REGISTER_ROW_INVALID, Place("lich-su.xlsx", REGISTER, "A5"))
    assert files(folder) == before


@QUICK
def test_a_template_with_a_fault_stops_it(folder: Path) -> None:
    decided(folder)
    templates = folder / "mau-van-ban"
    templates.mkdir()
    (templates / "to-trinh.docx").write_bytes(b"no document")
    assert end(folder).findings
    assert not (folder / "quyet-dinh").exists()


def test_without_a_run_it_is_wrong_use(folder: Path) -> None:
    shutil.rmtree(folder / "ket-qua")
    with pytest.raises(CampaignError, match="thidua run") as stopped:
        end(folder)
    assert stopped.value.exit_code == 2


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root writes anywhere")
def test_a_folder_that_cannot_be_written_is_told(folder: Path) -> None:
    decided(folder)
    folder.chmod(0o555)
    try:
        with pytest.raises(CampaignError) as stopped:
            end(folder)
    finally:
        folder.chmod(0o755)
    assert stopped.value.exit_code == 3


# Registers of several years


def award(unit: str, year: int, form: str = "Bằng khen", number: str = "1/QĐ", row: int = 5) -> AwardGiven:
    place = Place("lich-su.xlsx", REGISTER, f"A{row}")
    return AwardGiven(year, "p", "r", COLLECTIVE, unit, unit, None, form, number, date(year + 1, 3, 1), place)


def counted(*registers: tuple[AwardGiven, ...]) -> Counter[tuple[str, int]]:
    merged, findings = in_force([Register(lines, True) for lines in registers])
    assert findings == ()
    return Counter((item.unit, item.year) for item in merged.awards)


def test_the_same_award_in_two_registers_counts_once() -> None:
    one, two = award("VP", 2021), award("KT", 2022)
    assert counted((one,), (one, two)) == counted((one, two)) == {("VP", 2021): 1, ("KT", 2022): 1}
    assert counted((one, one)) == {("VP", 2021): 2}  # two lines of one register are two awards


def test_what_is_taken_back_counts_no_longer_wherever_it_stands() -> None:
    given, taken = award("VP", 2021), award("VP", 2021, f"{WITHDRAWN}Bằng khen")
    assert counted((given, taken)) == {}
    assert counted((given,), (taken,)) == {}
    assert counted((given,), (given, taken)) == {}  # an old copy gives nothing back
    assert counted((given,), (taken, given)) == {("VP", 2021): 1}  # taken back, and given anew


def test_taking_back_what_nobody_was_given_is_nonsense() -> None:
    taken = award("VP", 2021, f"{WITHDRAWN}Bằng khen", row=9)
    _, (found,) = in_force([Register((taken,), True)])
    assert (found.code, found.place.cell) == (Code.REGISTER_ROW_INVALID, "A9")


def test_entries_say_only_what_is_not_said_yet() -> None:
    wanted = (award("VP", 2021), award("KT", 2021))
    whose = ("p", 2021, "r")
    first = entries_of(Register(), wanted, whose, "1/QĐ", None)
    assert (first.given, first.taken, first.dated) == (wanted, (), ())
    assert not entries_of(Register(wanted), wanted, whose, "2/QĐ", None)
    other_round = replace(award("XA", 2021), round="khac")
    gone = entries_of(Register((*wanted, other_round)), wanted[:1], whose, "2/QĐ", None)
    assert [(item.unit, item.award, item.number) for item in gone.added] == [("KT", f"{WITHDRAWN}Bằng khen", "2/QĐ")]


# Other programs


@pytest.mark.office
@pytest.mark.skipif(not shutil.which("soffice"), reason="no LibreOffice here")
def test_a_workbook_filled_and_saved_by_libreoffice_finalizes(folder: Path, tmp_path: Path) -> None:
    """Typed at a desk, by LibreOffice itself, into the workbook that the run made."""
    path = folder / "ket-qua" / "lan-001" / "tong-hop.xlsx"
    table = blank()[1]
    typed = []
    for code, decision in held().chosen.items():
        yes = COUNCIL if decision == AWARDED else 0
        typed += [
            [COUNCIL_SHEET, table.cell(code, header).coordinate, text]
            for header, text in ((AGREE, f"{yes}"), (DISAGREE, f"{COUNCIL - yes}"), (MEMBERS, f"{COUNCIL}"),
                                 (DECISION, decision))
        ]  # fmt: skip
    for label, text in ((COUNT, f"{COUNCIL}"), (PRESENT, f"{COUNCIL}"), (DECIDED_ON, "25/03/2025"), (NUMBER, DECREE)):
        typed.append([COUNCIL_SHEET, table.value(label).coordinate, text])
    saved = tmp_path / "đã ghi.xlsx"
    job = {"form": str(path), "saved": str(saved), "typed": typed}
    type_at_desk(tmp_path, [job], "vi-VN")
    output = end(folder, summary=saved)
    assert [(item.message, item.place) for item in output.findings] == []
    assert output.resolved
    assert output.resolved.session.decided_on == DATED
    assert {item.ballot.code for item in output.resolved.resolutions if item.awarded} == {
        code for code, decision in held().chosen.items() if decision == AWARDED
    }


def test_mail_tells_what_was_decided(finalized: Path) -> None:
    """Every unit is told what now holds."""
    letters = fill_outbox(finalized, Kind.RESULT, round_code=ROUND, environment={}).letters
    assert not [item for item in letters.missing if "Hội đồng" in item.reason]
    awarded = [code for code, decision in held().chosen.items() if decision == AWARDED and "/" not in code]
    told = {item.unit: item.body for item in letters.ready}
    assert all("tiền thưởng" in told[code] for code in awarded if code in told)
    assert set(awarded) & set(told)


@QUICK
def test_status_tells_that_the_council_has_decided(folder: Path) -> None:
    words = ["status", str(folder), "--round", ROUND, "--today", DAY.isoformat()]
    assert "đã quyết định" not in CliRunner().invoke(main, words).stdout
    decided(folder)
    end(folder)
    after = CliRunner().invoke(main, words)
    assert f"Hội đồng đã quyết định theo lan-001: quyet-dinh/{ROUND}-01." in after.stdout
    assert "--result" in after.output
