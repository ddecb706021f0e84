"""Which of a unit's returns counts, and what becomes of the others.

In the tables ``received`` is a date that somebody noted, ``seen`` the earlier run that first saw the file and its
day; ``counts`` marks the one that counts, whose findings beside those of its answers stand in ``said``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache
from random import Random

import pytest
from filled_return import PLAN, ROUND, address_of, cell_of, filled_book, layout_of, retyped
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_table import lines_of

from thidua_xlsx.model.cells import Book, Cell, Kind
from thidua_xlsx.model.form import DOSSIER, LISTS, PEOPLE, SCORES
from thidua_xlsx.model.office import COUNTS, RECEIVE
from thidua_xlsx.model.plan import Round
from thidua_xlsx.model.results import FileRecord, Verdict
from thidua_xlsx.model.submission import Submission
from thidua_xlsx.stages.intake.check import check
from thidua_xlsx.stages.intake.collect import collect
from thidua_xlsx.stages.intake.merge import Merged, Return, merge
from thidua_xlsx.stages.intake.receive import Received, ReturnedFile

# Each changes cells of a valid return: figures of line 1.2, remarks, or a claim that is no number.
ANSWERS: dict[str, dict[tuple[str, str], Cell | None]] = {
    "9 of 10": {(SCORES, "E8"): cell_of("9"), (SCORES, "F8"): cell_of("10"), (SCORES, "G8"): cell_of("18.45")},
    "8 of 10": {(SCORES, "E8"): cell_of("8"), (SCORES, "F8"): cell_of("10"), (SCORES, "G8"): cell_of("16.4")},
    "9 of 10, saved elsewhere": {
        (SCORES, "E8"): cell_of("9.0"), (SCORES, "F8"): Cell(Kind.NUMBER, "1E1"),
        (SCORES, "G8"): cell_of("18.449999999999999"),
    },
    "9 of 10, remark": {
        (SCORES, "E8"): cell_of("9"), (SCORES, "F8"): cell_of("10"), (SCORES, "G8"): cell_of("18.45"),
        (SCORES, "I8"): cell_of("Báo cáo 12"),
    },
    "faulty": {(SCORES, "G8"): cell_of("nhiều")},
}  # fmt: skip
DECISIONS = {"": "", "counts": COUNTS, "receive": RECEIVE}
HELD = "ORDER_UNPROVEN"


@lru_cache(maxsize=64)
def answered(answers: str, file: str, unit: str = "VP") -> Submission:
    book = retyped(filled_book(unit), ANSWERS.get(answers, {}))
    (made,) = check((collect(book, layout_of(unit), file),), PLAN, ROUND)
    assert made.valid == (answers != "faulty")
    return made


def day(text: str) -> date | None:
    return date.fromisoformat(f"2026-{text}") if text else None


def sent(file: str, answers: str, received: str = "", seen: str = "", decision: str = "", *, older: bool = False,
         unit: str = "VP") -> Return:  # fmt: skip
    """One return. ``seen`` reads "run 2, 01-08"."""
    run, _, seen_on = seen.removeprefix("run ").partition(", ")
    noted = day(received)
    proof = Received(
        ReturnedFile(f"nop/{file}", file, None),
        unit,
        older,
        noted,
        "co-quan" if noted else None,
        day(seen_on),
        DECISIONS[decision],
        int(run) if run else None,
    )
    return Return(proof, answered(answers, f"nop/{file}", unit))


def by_path(merged: Merged) -> dict[str, FileRecord]:
    assert len({item.path for item in merged.records}) == len(merged.records)
    return {item.path: item for item in merged.records}


def told(merged: Merged) -> set[tuple[str, str]]:
    """(file, code) of every finding."""
    return {(item.place.file.removeprefix("nop/"), item.code.name) for item in merged.findings}


def expect(table: str, round_: Round = ROUND) -> Merged:
    """Merges the returns of a table and compares verdicts, codes and the one that counts with its last columns."""
    lines = lines_of(table)
    returns = [sent(line["file"], line["answers"], line["received"], line["seen"], line["decision"]) for line in lines]
    merged = merge(tuple(returns), round_)
    assert merge(tuple(reversed(returns)), round_) == merged
    records = by_path(merged)
    found = {path.removeprefix("nop/"): (item.verdict.value, item.code or "") for path, item in records.items()}
    assert found == {line["file"]: (line["verdict"], line["code"]) for line in lines}
    assert [item.submission.file for item in merged.counted] == [
        f"nop/{line['file']}" for line in lines if line["counts"]
    ]
    return merged


# One return


@pytest.mark.parametrize(
    ("received", "seen", "code"),
    [
        ("01-30", "", None),
        ("", "run 1, 01-30", None),
        ("", "", "RECEIPT_UNPROVEN"),
        ("", "run 1, 01-31", "RECEIPT_UNPROVEN"),  # seen after the deadline: it may have come before
        ("01-31", "", "LATE"),
        ("01-31", "run 1, 01-29", "LATE"),  # the office's note counts before the run's
        ("01-29", "run 2, 02-15", None),
    ],
)
def test_a_single_return_counts_and_lateness_needs_evidence(received: str, seen: str, code: str | None) -> None:
    merged = merge((sent("a.xlsx", "9 of 10", received, seen),), ROUND)
    assert told(merged) == ({("a.xlsx", code)} if code else set())
    record = by_path(merged)["nop/a.xlsx"]
    assert (record.verdict, record.code, record.unit) == (Verdict.ACCEPTED, code, "VP")
    (counted,) = merged.counted
    assert counted.in_time is {None: True, "LATE": False, "RECEIPT_UNPROVEN": None}[code]
    assert not counted.rejected_late


@pytest.mark.parametrize(("inclusive", "last"), [(True, 30), (False, 29)])
@pytest.mark.parametrize("late", ["flag", "reject", "ignore"])
def test_the_day_itself_is_in_time_only_when_the_plan_says_so(late: str, inclusive: bool, last: int) -> None:
    round_ = replace(ROUND, deadline=date(2026, 1, 30), inclusive=inclusive, late=late)
    codes = {"flag": "LATE", "reject": "LATE_REJECTED", "ignore": None}
    for number, code in ((last - 1, None), (last, None), (last + 1, codes[late])):
        merged = merge((sent("a.xlsx", "9 of 10", f"01-{number}"),), round_)
        (counted,) = merged.counted
        assert by_path(merged)["nop/a.xlsx"].code == code
        assert by_path(merged)["nop/a.xlsx"].verdict is Verdict.ACCEPTED
        assert counted.in_time is (code is None)
        assert counted.rejected_late is (code == "LATE_REJECTED")
        if code:
            assert f"{number}/01/2026" in merged.findings[0].message
            assert f"{last}/01/2026" in merged.findings[0].message


def test_without_a_deadline_nothing_is_late() -> None:
    merged = merge((sent("a.xlsx", "9 of 10"),), replace(ROUND, deadline=None))
    assert (merged.findings, merged.counted[0].in_time) == ((), True)


@pytest.mark.parametrize("decision", ["receive", "counts"])
def test_the_office_lets_a_late_return_in(decision: str) -> None:
    late = sent("a.xlsx", "9 of 10", "02-03", decision=decision)
    merged = merge((late,), replace(ROUND, late="reject"))
    assert told(merged) == {("a.xlsx", "LATE")}
    assert not merged.counted[0].rejected_late


def test_an_invalid_return_counts_as_invalid() -> None:
    merged = merge((sent("a.xlsx", "faulty", "01-05"),), ROUND)
    assert told(merged) == {("a.xlsx", "NOT_A_NUMBER")}
    assert by_path(merged)["nop/a.xlsx"].verdict is Verdict.ACCEPTED
    assert not merged.counted[0].submission.valid


def test_what_proves_the_receipt_is_on_record() -> None:
    merged = merge(
        (
            sent("a.xlsx", "9 of 10", "01-05", "run 1, 01-08"),
            sent("b.xlsx", "9 of 10", "", "run 2, 01-09", unit="KT"),
            sent("c.xlsx", "9 of 10", unit="VH"),
        ),
        ROUND,
    )
    assert [(item.received_at, item.received_by) for item in merged.records] == [
        (date(2026, 1, 9), "lan-truoc"),
        (None, None),
        (date(2026, 1, 5), "co-quan"),
    ]
    assert [item.submission.unit for item in merged.counted] == ["KT", "VH", "VP"]


# Several returns, order proved


def test_the_latest_counts_when_dates_prove_the_order() -> None:
    expect("""
        | file   | answers | received | seen         | decision | verdict    | code       | counts |
        |--------|---------|----------|--------------|----------|------------|------------|--------|
        | a.xlsx | 8 of 10 | 01-08    |              |          | accepted   |            | x      |
        | b.xlsx | 9 of 10 | 01-05    |              |          | superseded | SUPERSEDED |        |
        | c.xlsx | faulty  | 01-06    |              |          | superseded | SUPERSEDED |        |
    """)


def test_the_latest_counts_when_earlier_runs_prove_the_order() -> None:
    """Also within one day; what no run has seen yet came after what one has."""
    expect("""
        | file   | answers | received | seen         | decision | verdict    | code             | counts |
        |--------|---------|----------|--------------|----------|------------|------------------|--------|
        | a.xlsx | faulty  |          | run 1, 01-08 |          | superseded | SUPERSEDED       |        |
        | b.xlsx | 8 of 10 |          | run 2, 01-08 |          | superseded | SUPERSEDED       |        |
        | c.xlsx | 9 of 10 |          |              |          | accepted   | RECEIPT_UNPROVEN | x      |
    """)


def test_dates_and_runs_together() -> None:
    expect("""
        | file   | answers | received | seen         | decision | verdict    | code       | counts |
        |--------|---------|----------|--------------|----------|------------|------------|--------|
        | a.xlsx | 9 of 10 |          | run 1, 01-08 |          | superseded | SUPERSEDED |        |
        | b.xlsx | 8 of 10 | 01-09    |              |          | accepted   |            | x      |
    """)
    expect("""
        | file   | answers | received | seen         | decision | verdict    | code       | counts |
        |--------|---------|----------|--------------|----------|------------|------------|--------|
        | a.xlsx | 9 of 10 | 01-05    | run 1, 01-08 |          | superseded | SUPERSEDED |        |
        | b.xlsx | 8 of 10 |          | run 2, 01-09 |          | accepted   |            | x      |
    """)
    expect("""
        | file   | answers | received | seen         | decision | verdict    | code       | counts |
        |--------|---------|----------|--------------|----------|------------|------------|--------|
        | a.xlsx | 9 of 10 | 01-05    | run 1, 01-05 |          | superseded | SUPERSEDED |        |
        | b.xlsx | 8 of 10 | 01-05    | run 2, 01-05 |          | accepted   |            | x      |
    """)


def test_what_was_replaced_before_may_stay_in_disorder() -> None:
    expect("""
        | file   | answers | received | seen         | decision | verdict    | code       | counts |
        |--------|---------|----------|--------------|----------|------------|------------|--------|
        | a.xlsx | 9 of 10 |          | run 1, 01-08 |          | superseded | SUPERSEDED |        |
        | b.xlsx | faulty  |          | run 1, 01-08 |          | superseded | SUPERSEDED |        |
        | c.xlsx | 8 of 10 | 01-20    |              |          | accepted   |            | x      |
    """)


def test_a_newer_invalid_return_leaves_the_older_counting() -> None:
    merged = expect("""
        | file   | answers | received | seen         | decision | verdict    | code       | counts |
        |--------|---------|----------|--------------|----------|------------|------------|--------|
        | a.xlsx | 9 of 10 | 01-05    |              |          | accepted   |            | x      |
        | b.xlsx | faulty  | 01-08    |              |          | accepted   |            |        |
        | c.xlsx | 8 of 10 | 01-02    |              |          | superseded | SUPERSEDED |        |
    """)
    assert told(merged) == {("a.xlsx", "NEWER_RETURN_INVALID"), ("b.xlsx", "NOT_A_NUMBER")}


def test_of_invalid_returns_the_latest_counts() -> None:
    book = retyped(filled_book(), {(SCORES, "G7"): cell_of("ít")})
    (other,) = check((collect(book, layout_of(), "nop/b.xlsx"),), PLAN, ROUND)
    merged = merge(
        (sent("a.xlsx", "faulty", "01-05"), Return(sent("b.xlsx", "faulty", "01-08").received, other)), ROUND
    )
    assert told(merged) == {("b.xlsx", "NOT_A_NUMBER")}
    assert merged.counted[0].submission.file == "nop/b.xlsx"


@pytest.mark.parametrize(("late", "code"), [("flag", "LATE"), ("reject", "LATE_REJECTED")])
def test_the_latest_valid_one_before_the_deadline_counts(late: str, code: str) -> None:
    merged = expect(
        f"""
        | file   | answers | received | seen         | decision | verdict    | code       | counts |
        |--------|---------|----------|--------------|----------|------------|------------|--------|
        | a.xlsx | 9 of 10 | 01-05    |              |          | accepted   |            | x      |
        | b.xlsx | 8 of 10 | 02-08    |              |          | accepted   | {code}     |        |
    """,
        replace(ROUND, late=late),
    )
    assert told(merged) == {("b.xlsx", code)}
    assert merged.counted[0].in_time is True
    assert not merged.counted[0].rejected_late


def test_a_late_valid_return_counts_before_a_timely_invalid_one() -> None:
    expect("""
        | file   | answers | received | seen         | decision | verdict    | code       | counts |
        |--------|---------|----------|--------------|----------|------------|------------|--------|
        | a.xlsx | faulty  | 01-05    |              |          | superseded | SUPERSEDED |        |
        | b.xlsx | 8 of 10 | 02-08    |              |          | accepted   | LATE       | x      |
    """)


def test_where_lateness_is_ignored_the_latest_counts() -> None:
    expect(
        """
        | file   | answers | received | seen         | decision | verdict    | code       | counts |
        |--------|---------|----------|--------------|----------|------------|------------|--------|
        | a.xlsx | 9 of 10 | 01-05    |              |          | superseded | SUPERSEDED |        |
        | b.xlsx | 8 of 10 | 02-08    |              |          | accepted   |            | x      |
    """,
        replace(ROUND, late="ignore"),
    )


def test_the_office_says_which_one_counts() -> None:
    expect("""
        | file   | answers | received | seen         | decision | verdict    | code             | counts |
        |--------|---------|----------|--------------|----------|------------|------------------|--------|
        | a.xlsx | 9 of 10 |          |              |          | superseded | SUPERSEDED       |        |
        | b.xlsx | 8 of 10 |          |              | counts   | accepted   | RECEIPT_UNPROVEN | x      |
        | c.xlsx | faulty  |          |              |          | superseded | SUPERSEDED       |        |
    """)


# Several returns, order unproved

UNPROVED = {
    "no evidence": ("", "", "", ""),
    "the same day": ("01-05", "", "01-05", ""),
    "first seen together": ("", "run 1, 01-08", "", "run 1, 01-08"),
    "a note on one of them": ("01-05", "", "", ""),
    "noted on the day the other was first seen": ("01-08", "", "", "run 1, 01-08"),
    # The second may have lain there since before the fifth.
    "noted before both were first seen": ("01-05", "run 1, 01-08", "", "run 1, 01-08"),
    # Received on the fifth but seen late; the other was there on the eighth, since when nobody knows.
    "noted before the other was first seen": ("01-05", "run 2, 01-09", "", "run 1, 01-08"),
}


@pytest.mark.parametrize("evidence", UNPROVED.values(), ids=UNPROVED)
@pytest.mark.parametrize("second", ["8 of 10", "faulty"])
def test_without_proof_of_the_order_the_unit_is_held(evidence: tuple[str, str, str, str], second: str) -> None:
    first_noted, first_seen, second_noted, second_seen = evidence
    merged = expect(f"""
        | file   | answers  | received       | seen          | decision | verdict | code   | counts |
        |--------|----------|----------------|---------------|----------|---------|--------|--------|
        | a.xlsx | 9 of 10  | {first_noted}  | {first_seen}  |          | held    | {HELD} |        |
        | b.xlsx | {second} | {second_noted} | {second_seen} |          | held    | {HELD} |        |
    """)
    assert told(merged) == {("a.xlsx", HELD), ("b.xlsx", HELD)}
    assert all("nop/a.xlsx, nop/b.xlsx" in item.message for item in (*merged.findings, *merged.records))


def test_a_held_unit_is_shown_the_cells_that_differ() -> None:
    merged = merge((sent("a.xlsx", "9 of 10, remark"), sent("b.xlsx", "8 of 10")), ROUND)
    assert [(item.place.sheet, item.place.cell) for item in merged.findings if item.place.file == "nop/a.xlsx"] == [
        (SCORES, "E8"),
        (SCORES, "G8"),
    ]


def test_a_newest_return_does_not_settle_which_of_the_older_ones_was_valid_last() -> None:
    expect(f"""
        | file   | answers | received | seen         | decision | verdict | code   | counts |
        |--------|---------|----------|--------------|----------|---------|--------|--------|
        | a.xlsx | 9 of 10 |          | run 1, 01-08 |          | held    | {HELD} |        |
        | b.xlsx | 8 of 10 |          | run 1, 01-08 |          | held    | {HELD} |        |
        | c.xlsx | faulty  |          | run 2, 01-09 |          | held    | {HELD} |        |
    """)


def test_two_that_the_office_wants_to_count_are_not_settled_by_that() -> None:
    expect(f"""
        | file   | answers | received | seen         | decision | verdict | code   | counts |
        |--------|---------|----------|--------------|----------|---------|--------|--------|
        | a.xlsx | 9 of 10 |          |              | counts   | held    | {HELD} |        |
        | b.xlsx | 8 of 10 |          |              | counts   | held    | {HELD} |        |
    """)


def test_one_held_unit_holds_no_other() -> None:
    merged = merge((sent("a.xlsx", "9 of 10"), sent("b.xlsx", "8 of 10"), sent("c.xlsx", "9 of 10", unit="KT")), ROUND)
    assert [item.submission.unit for item in merged.counted] == ["KT"]
    assert {item.unit: item.verdict.value for item in merged.records} == {"VP": "held", "KT": "accepted"}


# The same answers again


def test_the_same_answers_from_another_program_are_a_duplicate() -> None:
    merged = expect("""
        | file   | answers                  | received | seen | decision | verdict   | code             | counts |
        |--------|--------------------------|----------|------|----------|-----------|------------------|--------|
        | a.xlsx | 9 of 10                  |          |      |          | accepted  | RECEIPT_UNPROVEN | x      |
        | b.xlsx | 9 of 10, saved elsewhere |          |      |          | duplicate | DUPLICATE        |        |
        | c.xlsx | 9 of 10                  |          |      |          | duplicate | DUPLICATE        |        |
    """)
    assert "nop/a.xlsx" in by_path(merged)["nop/c.xlsx"].message


def test_the_first_proof_of_the_same_answers_counts() -> None:
    """Sent in time and once more after the deadline: it is in time."""
    expect("""
        | file   | answers | received | seen         | decision | verdict   | code      | counts |
        |--------|---------|----------|--------------|----------|-----------|-----------|--------|
        | a.xlsx | 9 of 10 | 02-05    |              |          | duplicate | DUPLICATE |        |
        | b.xlsx | 9 of 10 | 01-05    |              |          | accepted  |           | x      |
        | c.xlsx | 9 of 10 |          |              |          | duplicate | DUPLICATE |        |
    """)


def test_who_returns_to_earlier_answers_has_changed_them() -> None:
    expect("""
        | file   | answers | received | seen         | decision | verdict    | code       | counts |
        |--------|---------|----------|--------------|----------|------------|------------|--------|
        | a.xlsx | 9 of 10 | 01-05    |              |          | superseded | SUPERSEDED |        |
        | b.xlsx | 8 of 10 | 01-08    |              |          | superseded | SUPERSEDED |        |
        | c.xlsx | 9 of 10 | 01-10    |              |          | accepted   |            | x      |
    """)


def test_a_copy_without_evidence_settles_nothing_against_a_changed_return() -> None:
    """The copy may have come after the change."""
    expect(f"""
        | file   | answers | received | seen         | decision | verdict | code   | counts |
        |--------|---------|----------|--------------|----------|---------|--------|--------|
        | a.xlsx | 9 of 10 | 01-05    |              |          | held    | {HELD} |        |
        | b.xlsx | 8 of 10 | 01-08    |              |          | held    | {HELD} |        |
        | c.xlsx | 9 of 10 |          |              |          | held    | {HELD} |        |
    """)


def test_the_office_s_choice_is_not_lost_on_a_copy() -> None:
    expect("""
        | file   | answers | received | seen         | decision | verdict    | code             | counts |
        |--------|---------|----------|--------------|----------|------------|------------------|--------|
        | a.xlsx | 9 of 10 |          |              |          | duplicate  | DUPLICATE        |        |
        | b.xlsx | 8 of 10 |          |              |          | superseded | SUPERSEDED       |        |
        | c.xlsx | 9 of 10 |          |              | counts   | accepted   | RECEIPT_UNPROVEN | x      |
    """)


def test_remarks_alone_hold_nobody() -> None:
    expect("""
        | file   | answers         | received | seen | decision | verdict   | code             | counts |
        |--------|-----------------|----------|------|----------|-----------|------------------|--------|
        | a.xlsx | 9 of 10         |          |      |          | accepted  | RECEIPT_UNPROVEN | x      |
        | b.xlsx | 9 of 10, remark |          |      |          | duplicate | DUPLICATE        |        |
    """)
    expect("""
        | file   | answers         | received | seen | decision | verdict    | code       | counts |
        |--------|-----------------|----------|------|----------|------------|------------|--------|
        | a.xlsx | 9 of 10         | 01-05    |      |          | superseded | SUPERSEDED |        |
        | b.xlsx | 9 of 10, remark | 01-08    |      |          | accepted   |            | x      |
    """)


# Older forms


def older_return(book: Book, file: str = "a.xlsx") -> Return:
    (made,) = check((collect(book, layout_of(), f"nop/{file}"),), PLAN, ROUND)
    received = sent(file, "9 of 10", "01-05", older=True).received
    return Return(replace(received, file=replace(received.file, book=book)), made)


def test_an_older_form_that_asked_the_same_is_accepted_with_a_note() -> None:
    only_shown = {
        (DOSSIER, address_of(layout_of(), DOSSIER, "to-trinh", header)): cell_of("7") for header in ("Mẫu", "Số bộ")
    }
    for book in (filled_book(), retyped(filled_book(), only_shown)):
        merged = merge((older_return(book),), ROUND)
        assert ("a.xlsx", "OLDER_FORM") in told(merged)
        assert "OUTDATED_FORM" not in {code for _, code in told(merged)}
        assert merged.counted[0].submission.valid


@pytest.mark.parametrize(
    "changed",
    [
        {(SCORES, "C8"): cell_of("25")},
        {(SCORES, "B8"): cell_of("Hoàn thành nhiệm vụ")},
        {(SCORES, "D8"): cell_of("Cách tính cũ")},
        {(SCORES, "A8"): None, (SCORES, "B8"): None},
        {(SCORES, "F5"): cell_of("Mẫu số")},
        # The lists behind the drop-downs: an option worded otherwise and chosen; one more; one less, chosen by nobody.
        {(LISTS, "E6"): cell_of("Xuất sắc"), (PEOPLE, "G6"): cell_of("Xuất sắc")},
        {(LISTS, "A9"): cell_of("Có một phần")},
        {(LISTS, "E7"): None},
    ],
    ids=["maximum", "label", "method", "line", "column", "option", "new option", "dropped option"],
)
def test_an_older_form_that_asked_otherwise_is_rejected(changed: dict[tuple[str, str], Cell | None]) -> None:
    merged = merge((older_return(retyped(filled_book(), changed)),), ROUND)
    assert told(merged) == {("a.xlsx", "OUTDATED_FORM")}
    assert merged.counted == ()
    record = by_path(merged)["nop/a.xlsx"]
    assert (record.verdict, record.code, record.unit) == (Verdict.REJECTED, "OUTDATED_FORM", "VP")


def test_an_outdated_form_takes_no_part_in_the_order() -> None:
    outdated = older_return(retyped(filled_book(), {(SCORES, "C8"): cell_of("25")}), "b.xlsx")
    merged = merge((sent("a.xlsx", "9 of 10"), outdated), ROUND)
    assert {path: item.verdict.value for path, item in by_path(merged).items()} == {
        "nop/a.xlsx": "accepted",
        "nop/b.xlsx": "rejected",
    }


def test_the_form_of_today_with_changed_labels_only_warns() -> None:
    book = retyped(filled_book(), {(SCORES, "C8"): cell_of("25")})
    (made,) = check((collect(book, layout_of(), "nop/a.xlsx"),), PLAN, ROUND)
    merged = merge((Return(sent("a.xlsx", "9 of 10", "01-05").received, made),), ROUND)
    assert told(merged) == {("a.xlsx", "LOCKED_CELL_CHANGED")}


# Any mixture

DAYS = st.sampled_from(["", "01-05", "01-08", "01-30", "02-05"])
RUNS = st.sampled_from(["", "run 1, 01-06", "run 2, 01-09", "run 3, 02-06"])
SENDINGS = st.tuples(
    st.sampled_from(sorted(ANSWERS)), DAYS, RUNS, st.sampled_from(sorted(DECISIONS)), st.sampled_from(["VP", "KT"])
)


@settings(deadline=None)
@given(st.lists(SENDINGS, max_size=6), st.randoms(use_true_random=False), st.sampled_from(["flag", "reject", "ignore"]))
def test_every_return_has_one_verdict_and_every_unit_at_most_one_that_counts(
    sendings: list[tuple[str, str, str, str, str]], chance: Random, late: str
) -> None:
    round_ = replace(ROUND, late=late)
    returns = [sent(f"{number}.xlsx", *rest, unit=unit) for number, (*rest, unit) in enumerate(sendings)]
    merged = merge(tuple(returns), round_)
    assert sorted(by_path(merged)) == sorted(item.name for item in returns)
    for unit in ("VP", "KT"):
        own = [item for item in merged.records if item.unit == unit]
        held = {item.verdict for item in own} & {Verdict.HELD}
        counted = [item for item in merged.counted if item.submission.unit == unit]
        assert len(counted) == (1 if own and not held else 0)
        if held:
            assert {item.verdict for item in own} <= {Verdict.HELD, Verdict.DUPLICATE}
        for one in counted:
            assert by_path(merged)[one.submission.file].verdict is Verdict.ACCEPTED
            valid = any(item.submission.valid for item in returns if item.received.unit == unit)
            chosen = any(item.received.decision == COUNTS for item in returns if item.received.unit == unit)
            assert one.submission.valid or not valid or chosen
    chance.shuffle(returns)
    assert merge(tuple(returns), round_) == merged


@settings(deadline=None)
@given(st.permutations(range(4)), st.integers(0, 3))
def test_the_newest_valid_return_counts_whatever_the_files_are_called(files: list[int], faulty: int) -> None:
    """The four were sent on four days; ``files`` are their names in that order."""
    answers = ["9 of 10", "8 of 10", "9 of 10", "8 of 10"]
    answers[faulty] = "faulty"
    returns = [
        sent(f"{name}.xlsx", answer, f"01-0{day}")
        for day, (name, answer) in enumerate(zip(files, answers, strict=True), start=1)
    ]
    newest = 3 if faulty < 3 else 2
    assert [item.submission.file for item in merge(tuple(returns), ROUND).counted] == [f"nop/{files[newest]}.xlsx"]
