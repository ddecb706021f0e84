"""Whose return a file is: stamps on visible sheets prove it, or the office's word; nothing else does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from filled_return import PLAN, filled_book, layout_of
from hypothesis import given
from hypothesis import strategies as st

from thidua_xlsx.model.cells import Book, Cell, Kind, Refusal, Sheet
from thidua_xlsx.model.findings import Code, Finding
from thidua_xlsx.model.form import WITNESS, Stamp
from thidua_xlsx.model.office import COUNTS, DECLINE, RECEIVE, Office, Reception
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.results import FileRecord, Verdict
from thidua_xlsx.stages.forms.lay_out import check_of
from thidua_xlsx.stages.intake.receive import Received, ReturnedFile, Seen, receive

LAYOUTS = {unit.code: layout_of(unit.code) for unit in PLAN.units}
OWN = LAYOUTS["VP"].stamp
SILENT = Office()
JANUARY_5, JANUARY_8 = date(2026, 1, 5), date(2026, 1, 8)


def stamp(plan: str = OWN.plan, year: int = OWN.year, round_: str = OWN.round, unit: str = OWN.unit,
          version: str = OWN.version) -> str:  # fmt: skip
    """A stamp whose checksum agrees."""
    return str(Stamp(plan, year, round_, unit, version, check_of(plan, year, round_, unit, version)))


def stamped(*texts: str, hidden: str = "", properties: str = "") -> Book:
    """A workbook with one visible sheet for each text, perhaps a hidden one, and document properties."""
    sheets = [Sheet(f"Sheet{number}", {(2, 1): Cell(Kind.TEXT, text)}) for number, text in enumerate(texts, 1)]
    if hidden:
        sheets.append(Sheet(WITNESS, {(2, 1): Cell(Kind.TEXT, hidden)}, hidden=True))
    return Book(tuple(sheets), properties={"core:keywords": properties} if properties else {})


def reception(path: str = "nop/a.xlsx", **known: object) -> Office:
    """One line of «Tiếp nhận»."""
    line = Reception(path, "", "", None, "", "", "")
    return Office((replace(line, **known),))  # type: ignore[arg-type]


def received(
    *files: ReturnedFile, office: Office = SILENT, seen: dict[str, Seen] | None = None
) -> tuple[tuple[Received, ...], tuple[FileRecord, ...], tuple[Finding, ...]]:
    return receive(files, LAYOUTS, OWN, office, seen or {})


def file_of(book: Book | Refusal | None, path: str = "nop/a.xlsx", sha256: str = "aa", **more: object) -> ReturnedFile:
    return ReturnedFile(path, sha256, book, **more)  # type: ignore[arg-type]


def verdict(book: Book | Refusal | None, office: Office = SILENT) -> tuple[str, str | None]:
    """What becomes of one file: the unit and whether its form is an older one, or the verdict and its code."""
    returns, records, found = received(file_of(book), office=office)
    findings = [item for item in found if item.code is not Code.RECEPTION_UNMATCHED]
    assert len(returns) + len(records) == 1
    if returns:
        assert not findings
        return returns[0].unit, "older" if returns[0].older else None
    assert {item.code.name for item in findings} <= {records[0].code, "NOT_A_WORKBOOK"}
    assert records[0].unit is None or records[0].unit in {line.unit for line in office.receptions}
    return records[0].verdict.value, records[0].code


# The stamps


def test_the_form_as_issued_is_known() -> None:
    assert [verdict(filled_book(code)) for code in LAYOUTS] == [(code, None) for code in LAYOUTS]


def test_one_stamp_left_of_all_is_enough() -> None:
    """As after copying the sheets to a new workbook, with rows inserted and text around the stamp."""
    moved = Book((Sheet("Nháp", {(12, 7): Cell(Kind.TEXT, f"Mã phiếu: {OWN} (không sửa)")}), Sheet("Trống", {})))
    assert verdict(moved) == ("VP", None)


def test_another_version_of_the_form_is_an_older_one() -> None:
    assert verdict(stamped(stamp(version="0123456789"))) == ("VP", "older")


@pytest.mark.parametrize(
    "other",
    [stamp(plan="an-khanh-2025"), stamp(year=2024), stamp(round_="tong-ket"), stamp(plan="an-khanh-2025", unit="XX")],
)
def test_another_plan_year_or_round_is_foreign(other: str) -> None:
    assert verdict(stamped(other)) == ("foreign", "WRONG_PLAN")


def test_a_unit_that_the_plan_does_not_have_is_held() -> None:
    assert verdict(stamped(stamp(unit="XX"))) == ("held", "UNKNOWN_UNIT")


@pytest.mark.parametrize(
    "texts",
    [
        (str(OWN), stamp(unit="KT")),
        (str(OWN), stamp(round_="tong-ket")),
        (str(OWN), stamp(version="0123456789")),
        (f"{OWN} {stamp(unit='KT')}",),
    ],
    ids=["two units", "two rounds", "two versions", "two in one cell"],
)
def test_stamps_that_contradict_are_held(texts: tuple[str, ...]) -> None:
    assert verdict(stamped(*texts)) == ("held", "STAMP_CONFLICT")


@pytest.mark.parametrize(
    "texts",
    [
        (str(OWN)[:-1] + ("0" if OWN.check[-1] != "0" else "1"),),
        (str(OWN).replace("/VP/", "/KT/"),),
        (str(OWN), str(OWN).replace("/2025/", "/2026/")),
        (str(OWN)[:-3],),
        ("TDX/…",),
    ],
    ids=["checksum", "unit retyped", "one of two", "cut short", "torn"],
)
def test_a_damaged_stamp_is_held(texts: tuple[str, ...]) -> None:
    assert verdict(stamped(*texts)) == ("held", "STAMP_DAMAGED")


def test_what_bears_no_mark_of_ours_is_foreign() -> None:
    assert verdict(stamped("Kế hoạch sử dụng đất")) == ("foreign", "NO_STAMP")
    assert verdict(Book(())) == ("foreign", "NO_STAMP")
    far_below = Book((Sheet("Bảng", {(200, 1): Cell(Kind.TEXT, str(OWN))}),))
    assert verdict(far_below) == ("foreign", "NO_STAMP")


def test_witnesses_alone_prove_nothing() -> None:
    assert verdict(stamped("Bảng điểm", hidden=str(OWN))) == ("held", "STAMP_DAMAGED")
    assert verdict(stamped("Bảng điểm", properties=str(OWN))) == ("held", "STAMP_DAMAGED")
    assert verdict(stamped(str(OWN), hidden=stamp(unit="KT"), properties=stamp(unit="KT"))) == ("VP", None)


def test_the_file_s_name_proves_nothing() -> None:
    _, records, _ = received(file_of(stamped("Bảng điểm"), "nop/VP.xlsx"))
    assert (records[0].verdict, records[0].unit) == (Verdict.FOREIGN, None)


def renamed_in_guide(name: str) -> Book:
    """VP's form, with another name typed over its own on the first page."""
    book = filled_book()
    own = LAYOUTS["VP"].unit_name
    guide, *others = book.sheets
    cells = {at: replace(cell, text=name) if cell.text == own else cell for at, cell in guide.cells.items()}
    assert cells != guide.cells
    return replace(book, sheets=(replace(guide, cells=cells), *others))


@pytest.mark.parametrize(
    ("book", "path", "told"),
    [
        (filled_book(), "nop/VP.xlsx", []),
        (filled_book(), "nop/scan 0012.xlsx", []),
        (filled_book(), "nop/KT.xlsx", ["tên tệp"]),
        (filled_book(), "nop/kt (bản sửa).xlsx", ["tên tệp"]),
        (filled_book(), "nop/Phòng Kinh tế.xlsx", ["tên tệp"]),
        (filled_book(), "nop/VP_chuyển từ_KT.xlsx", []),  # its own is named too
        (filled_book(), "nop/VH KT.xlsx", []),  # two others: no suggestion
        (renamed_in_guide("Phòng Kinh tế"), "nop/a.xlsx", ["sheet «Hướng dẫn»"]),
        (renamed_in_guide("PHÒNG  KINH TẾ"), "nop/KT.xlsx", ["sheet «Hướng dẫn»", "tên tệp"]),
        (renamed_in_guide("Phòng Kế hoạch"), "nop/a.xlsx", []),
    ],
)
def test_a_neighbour_s_form_overwritten_counts_by_its_stamp_and_the_office_is_told(
    book: Book, path: str, told: list[str]
) -> None:
    """A name is no proof: the return stays VP's, and somebody asks."""
    returns, _, findings = received(file_of(book, path))
    assert [item.unit for item in returns] == ["VP"]
    assert [dict(item.details)["where"] for item in findings] == told
    assert {item.code for item in findings} <= {Code.OTHER_UNIT_NAMED}
    assert all("Phòng Kinh tế" in item.message and "Văn phòng" in item.message for item in findings)
    assert received(file_of(book, path), office=reception(path, unit="VP"))[2] == (), "the office has said whose it is"


def test_what_is_no_workbook_is_rejected_with_the_reader_s_reason() -> None:
    assert verdict(Refusal("F-ENCRYPTED")) == ("rejected", "F-ENCRYPTED")
    _, _, findings = received(file_of(Refusal("F-ENCRYPTED")))
    assert [(item.code, item.place, item.value) for item in findings] == [
        (Code.NOT_A_WORKBOOK, Place("nop/a.xlsx"), "F-ENCRYPTED")
    ]


def test_what_is_no_file_is_ignored_in_silence() -> None:
    assert verdict(None) == ("ignored", "IGNORED")
    assert received(file_of(None, sha256=""))[2] == ()


# The office's word


@pytest.mark.parametrize("known", [{"path": "nop/a.xlsx"}, {"path": "nop/tên cũ.xlsx", "sha256": "aa"}])
@pytest.mark.parametrize(
    ("book", "older"),
    [
        (stamped("Bảng điểm"), False),  # no stamp proves no version, so none that is older
        (stamped("Bảng điểm", hidden=str(OWN)), False),
        (stamped(str(OWN), stamp(unit="KT")), False),
        (stamped(stamp(unit="KT")), False),  # a neighbour's form that asks the same
        (stamped(str(OWN)[:-3]), False),
        (stamped(str(OWN)), False),
        (stamped(stamp(version="0123456789")), True),
        (stamped(stamp(unit="KT", version="0123456789")), True),
    ],
)
def test_the_office_assigns_a_file(book: Book, older: bool, known: dict[str, str]) -> None:
    assert verdict(book, reception(unit="VP", **known)) == ("VP", "older" if older else None)


def test_the_office_cannot_assign_what_cannot_be_read() -> None:
    assert verdict(Refusal("F-ENCRYPTED"), reception(unit="VP")) == ("rejected", "F-ENCRYPTED")


def test_a_line_about_other_bytes_or_another_path_says_nothing() -> None:
    for office in (
        reception(unit="VP", sha256="bb"),
        reception("nop/b.xlsx", unit="VP"),
        reception(unit="", received=JANUARY_5),
        reception(unit="NGOAI-DOT"),
    ):
        assert verdict(stamped("Bảng điểm", hidden=str(OWN)), office) == ("held", "STAMP_DAMAGED")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (reception("nop/b.xlsx", received=JANUARY_5), ["nop/b.xlsx"]),
        (reception("a.xlsx", received=JANUARY_5), ["a.xlsx"]),
        (reception(sha256="bb", unit="VP"), ["nop/a.xlsx"]),
        (reception("nop/a.xlsx", received=JANUARY_5), []),
        (reception("nop/b.xlsx", unit=""), []),
    ],
)
def test_a_line_that_matches_no_entry_is_told_unless_it_says_nothing(line: Office, told: list[str]) -> None:
    _, _, findings = received(file_of(filled_book()), office=line)
    assert [item.value for item in findings] == told
    assert {item.code for item in findings} <= {Code.RECEPTION_UNMATCHED}


def test_a_form_of_another_round_stays_foreign_whatever_unit_the_line_names() -> None:
    other = replace(OWN, round="so-ket", check=check_of(OWN.plan, OWN.year, "so-ket", OWN.unit, OWN.version))
    assert verdict(stamped(str(other)), reception(unit="VP")) == ("foreign", "WRONG_PLAN")


def test_the_line_with_the_sha_256_counts_before_the_line_with_the_path() -> None:
    by_path, by_content = reception(unit="KT"), reception("x", unit="VP", sha256="aa")
    office = Office(by_path.receptions + by_content.receptions)
    assert verdict(stamped("Bảng điểm"), office) == ("VP", None)


def test_the_office_declines_a_file() -> None:
    office = reception(unit="VP", decision=DECLINE, reason="Gửi nhầm")
    assert verdict(filled_book(), office) == ("superseded", "DECLINED")
    _, records, findings = received(file_of(filled_book()), office=office)
    assert "Gửi nhầm" in records[0].message
    assert findings[0].message == records[0].message


@pytest.mark.parametrize("decision", ["", RECEIVE, COUNTS])
def test_the_date_of_receipt_is_the_office_s_before_the_message_s(decision: str) -> None:
    def proof(mailed: date | None, noted: date | None) -> tuple[date | None, str | None, str]:
        office = reception(received=noted, decision=decision)
        (one,), _, _ = received(file_of(filled_book(), mailed=mailed), office=office)
        return one.received, one.received_by, one.decision

    assert proof(JANUARY_5, JANUARY_8) == (JANUARY_8, "co-quan", decision)
    assert proof(JANUARY_5, None) == (JANUARY_5, "thu", decision)
    assert proof(None, None) == (None, None, decision)


def test_an_earlier_run_knows_a_file_by_its_content() -> None:
    seen = {"aa": Seen(JANUARY_5, 3)}
    (known,), _, _ = received(file_of(filled_book(), "nop/đổi tên.xlsx"), seen=seen)
    assert (known.first_seen, known.first_run, known.received) == (JANUARY_5, 3, None)
    (fresh,), _, _ = received(file_of(filled_book(), sha256="bb"), seen=seen)
    assert (fresh.first_seen, fresh.first_run) == (None, None)


# Many files


def test_the_same_bytes_count_once_whatever_they_are() -> None:
    files = [
        file_of(filled_book(), "nop/1 b.xlsx"),
        file_of(filled_book(), "nop/1 a.xlsx"),
        file_of(stamped("Bảng điểm"), "nop/2 a.xlsx", "bb"),
        file_of(stamped("Bảng điểm"), "nop/2 b.xlsx", "bb"),
        file_of(Refusal("F-EMPTY"), "nop/3 a.xlsx", "cc"),
        file_of(Refusal("F-EMPTY"), "nop/3 b.xlsx", "cc"),
    ]
    returns, records, findings = received(*files)
    assert [item.file.path for item in returns] == ["nop/1 a.xlsx"]
    assert [(item.path, item.verdict.value) for item in records] == [
        ("nop/1 b.xlsx", "duplicate"),
        ("nop/2 a.xlsx", "foreign"),
        ("nop/2 b.xlsx", "duplicate"),
        ("nop/3 a.xlsx", "rejected"),
        ("nop/3 b.xlsx", "duplicate"),
    ]
    assert "nop/1 a.xlsx" in records[0].message
    assert [item.place.file for item in findings] == ["nop/2 a.xlsx", "nop/3 a.xlsx"]


def test_what_the_office_noted_of_a_copy_is_noted_of_the_content() -> None:
    copies = [file_of(filled_book(), f"nop/{name}.xlsx") for name in "ab"]
    (one,), (copy,), _ = received(*copies, office=reception("nop/b.xlsx", received=JANUARY_5))
    assert (one.file.path, one.received, copy.path) == ("nop/a.xlsx", JANUARY_5, "nop/b.xlsx")


def test_files_that_could_not_be_opened_are_no_duplicates_of_each_other() -> None:
    refused = [file_of(Refusal("F-TOO-BIG"), f"nop/{name}.xlsx", "") for name in "ab"]
    _, records, findings = received(*refused)
    assert [item.verdict for item in records] == [Verdict.REJECTED, Verdict.REJECTED]
    assert len(findings) == 2


def test_members_of_a_container_are_files_of_their_own() -> None:
    files = [
        file_of(filled_book("VP"), "nop/thu.eml", "aa", member="vp.xlsx", mailed=JANUARY_5),
        file_of(filled_book("KT"), "nop/thu.eml", "bb", member="kt.xlsx", mailed=JANUARY_5),
        file_of(None, "nop/thu.eml", ""),
    ]
    returns, records, _ = received(*files, office=reception("nop/thu.eml/kt.xlsx", received=JANUARY_8))
    assert {item.file.name: (item.unit, item.received) for item in returns} == {
        "nop/thu.eml/vp.xlsx": ("VP", JANUARY_5),
        "nop/thu.eml/kt.xlsx": ("KT", JANUARY_8),
    }
    assert [(item.path, item.member, item.verdict) for item in records] == [("nop/thu.eml", None, Verdict.IGNORED)]


KINDS = (
    filled_book("VP"), filled_book("KT"), stamped(str(OWN)), stamped("Bảng điểm"), stamped(str(OWN)[:-3]),
    stamped(stamp(unit="XX")), stamped(stamp(year=2024)), Refusal("F-EMPTY"), None,
)  # fmt: skip
FILES = st.builds(
    ReturnedFile,
    st.sampled_from([f"nop/{name}.xlsx" for name in "abcdef"]),
    st.sampled_from(["", "aa", "bb", "cc"]),
    st.sampled_from(KINDS),
)


@given(st.lists(FILES, max_size=6, unique_by=lambda file: file.path), st.randoms(use_true_random=False))
def test_every_entry_has_one_verdict_in_whatever_order_they_are_listed(
    files: list[ReturnedFile], chance: Random
) -> None:
    assigned, declined = reception("nop/b.xlsx", unit="VP"), reception("nop/c.xlsx", decision=DECLINE)
    office = Office(assigned.receptions + declined.receptions)
    told = received(*files, office=office)
    returns, records, findings = told
    assert sorted([item.file.path for item in returns] + [item.path for item in records]) == sorted(
        file.path for file in files
    )
    explained = {item.place.file for item in findings if item.code is not Code.RECEPTION_UNMATCHED}
    silent = (Verdict.IGNORED, Verdict.DUPLICATE)
    assert explained == {item.path for item in records if item.verdict not in silent}
    assert all(item.code and item.message for item in records)
    mixed = list(files)
    chance.shuffle(mixed)
    assert received(*mixed, office=office) == told
