"""A run's result made by hand: every outcome and verdict, ties, empty seats; all that the summary must print."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from results_plan import AWARD, GATES, PLAN, PROGRAM, QUOTAS, ROUND

from thidua_xlsx.model.council import HEADS_NOTE
from thidua_xlsx.model.findings import Code, Finding, finding
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Criterion, Gate, Note, Quota, Unit
from thidua_xlsx.model.refusals import remedy, why_refused
from thidua_xlsx.model.results import (
    Change,
    Decision,
    DossierState,
    Fact,
    FileRecord,
    GateResult,
    LineScore,
    Money,
    Nominee,
    Outcome,
    Passing,
    Person,
    QuotaResult,
    Reason,
    RunResult,
    Standing,
    Verdict,
)

# Share of each leaf's maximum that a unit reaches, in hundredths, before it is rounded to quarter points; two
# schools come out equal, two print alike and differ by a hair of the survey.
SHARES = {
    "VP": 93,
    "KTHT": 88,
    "VHXH": 95,
    "TTHCC": 81,
    "TH1": 90,
    "TH2": 87,
    "TH3": 87,
    "THCS1": 80,
    "THCS2": 74,
    "MN1": 74,
    "YT": 84,
    "VHTT": 79,
    "CHO": 62,
}
PRINTED_ALIKE = ("THCS2", "MN1")
UNSCORED = "CHO"
NOT_APPLICABLE = ("THCS1", "2.2.2")
CLAIMED_HIGHER = {("VP", "1.3"), ("KTHT", "3.1"), ("KTHT", "7.2"), ("TH1", "5.5"), ("MN1", "7.4.1")}


def quarters(share: int, most: Decimal) -> Decimal:
    return Decimal(int(most * share / 100 * 4 + Decimal("0.5"))) / 4


def score(unit: Unit, line: Criterion) -> LineScore:
    points = quarters(SHARES[unit.code], line.max)
    if line.method in ("bonus", "malus"):
        given = Decimal(int((unit.code, line.code) in {("VP", "T"), ("KTHT", "P")}))
        return LineScore(line, given, Fraction(given), None, Fraction(given))
    if line.method == "survey":
        counted = None if unit.code == UNSCORED else Fraction(points)
        if counted is not None and (unit.code, line.code) == ("MN1", "8.1"):
            counted += Fraction(1, 1000)
        return LineScore(line, None, None, None if counted is None else points, counted)
    if (unit.code, line.code) == NOT_APPLICABLE:
        return LineScore(line, None, None, None, None, applicable=False)
    if (unit.code, line.code) == ("VP", "3.1"):
        return LineScore(
            line,
            points,
            Fraction(points),
            Decimal("8.5"),
            Fraction("8.5"),
            appraisal_reason="Đối chiếu hệ thống thông tin giải quyết thủ tục hành chính: "
            "còn 14 hồ sơ trễ hạn chưa có thư xin lỗi",
        )
    claimed = points + Decimal("0.5") if (unit.code, line.code) in CLAIMED_HIGHER else points
    return LineScore(line, claimed, Fraction(points), None, Fraction(points))


def standing(unit: Unit) -> Standing:
    scores = tuple(score(unit, line) for line in PLAN.criteria_of(ROUND, unit) if line.method)
    inside = [item for item in scores if item.line.method not in ("bonus", "malus") and item.applicable]
    outside = sum(
        (item.points or Fraction(0)) * (-1 if item.line.method == "malus" else 1)
        for item in scores
        if item.line.method in ("bonus", "malus")
    )
    applicable = Fraction(sum(item.line.max for item in inside))
    known = all(item.points is not None for item in inside)
    points = sum((item.points or Fraction(0) for item in inside), Fraction(0)) + outside if known else None
    claimed = sum((item.claimed for item in scores if item.claimed is not None), Decimal(0))
    index = None if points is None else points / applicable * 100
    return Standing(unit, scores, claimed, points, applicable, index)


def standings() -> tuple[Standing, ...]:
    made = [standing(unit) for unit in PLAN.units if unit.code in SHARES]

    def place(item: Standing, among: list[Standing]) -> int:
        return 1 + sum(1 for other in among if other.index is not None and other.index > (item.index or 0))

    def level(index: Fraction) -> str:
        return [found for found in PLAN.scale("xep-loai") if index >= Fraction(found.from_ or 0)][-1].code

    ranked = []
    for item in made:
        if item.index is None:
            ranked.append(item)
            continue
        in_block = place(item, [other for other in made if other.unit.block == item.unit.block])
        ranked.append(
            replace(
                item,
                rank=place(item, made),
                rank_in_block=in_block,
                level=level(item.index),
                rank_gain=(item.unit.last_rank or 0) - in_block,
                printed_alike=item.unit.code in PRINTED_ALIKE,
            )
        )
    return tuple(ranked)


def paid(coefficient: str) -> Money:
    exact = Decimal(coefficient) * 2_340_000
    return Money(
        Decimal(coefficient),
        2_340_000,
        exact,
        -(-int(exact) // 10_000) * 10_000,
        date(2026, 2, 10),
        True,
        "Điều 54 NĐ 152/2025/NĐ-CP; NĐ 73/2024/NĐ-CP",
    )


def unit(code: str) -> Unit:
    found = PLAN.unit(code)
    assert found
    return found


def reason(gate: Gate, code: str, observed: str, required: str, sheet: str = "Thông tin", *cells: str) -> Reason:
    return Reason(
        gate.code,
        gate.clause,
        gate.reason,
        observed,
        required,
        tuple(Place(f"nop/{code}.xlsx", sheet, cell) for cell in cells),
    )


def gated(
    reasons: tuple[Reason, ...], passing: Passing, subject: str, remarks: tuple[str, ...] = ()
) -> tuple[GateResult, ...]:
    first = next(gate for gate in GATES if gate.subject == subject)
    doubted = Fact(
        first.fact,
        "Có",
        unconfirmed=any("tự khai" in text for text in remarks),
        provisional=any("tạm thời" in text for text in remarks),
    )
    told = {item.gate: item for item in reasons}
    return tuple(
        GateResult(
            gate,
            passing if gate.code in told else Passing.PASS,
            told.get(gate.code, Reason(gate.code, gate.clause, gate.reason)),
            (doubted if gate is first else Fact(gate.fact, "Có"),),
        )
        for gate in GATES
        if gate.subject == subject
    )


def seat(row: Quota) -> str:
    return {
        "tap-the-phong": "hạng {} trong khối",
        "tap-the-truong": "hạng {} trong khối",
        "tap-the-vuot-bac": "tăng {} bậc",
    }.get(row.code, "thứ tự {}; chỉ số của đơn vị 95 %")


def seated(
    code: str,
    row: Quota,
    outcome: Outcome,
    place: int,
    value: int | None = None,
    person: Person | None = None,
    remarks: tuple[str, ...] = (),
) -> Decision:
    reasons: tuple[Reason, ...] = ()
    if outcome is Outcome.TIED:
        reasons = (
            Reason(
                "dong-hang",
                row.clause,
                "Đồng hạng ở suất cuối, Hội đồng quyết định",
                "",
                "",
                (Place(f"nop/{code}.xlsx", "Chấm điểm", ""),),
            ),
        )
    return Decision(
        Nominee(unit(code), person),
        outcome,
        reasons,
        row,
        row.award,
        paid("0.3" if person else "0.6"),
        gated((), Passing.PASS, row.subject, remarks),
        tuple(seat(row).format(value or place).split("; ")),
        remarks=remarks,
        place=place,
    )


def collectives() -> list[Decision]:
    phong, truong, vuot = QUOTAS[:3]
    missed = reason(GATES[1], "KTHT", "95 % (19/20 nhiệm vụ)", "từ 100 % trở lên", "Nhiệm vụ", "D9", "D14")
    fallen = reason(
        GATES[2],
        "KTHT",
        "Cải cách tài chính công: năm nay 81,25 %, năm trước 87,5 %",
        "cao hơn năm trước hoặc giữ nguyên ở mức tối đa",
        "Chỉ số",
        "E6",
    )
    unclear = reason(
        GATES[2],
        "TTHCC",
        "Chỉ số chung của phường: chưa có kết quả năm trước",
        "cao hơn năm trước hoặc giữ nguyên ở mức tối đa",
        "Chỉ số",
        "D6",
    )
    far = Reason("du-khuyet", truong.clause, "Đủ tiêu chuẩn nhưng đã hết số suất.", "hạng 4 trong khối", "2 suất")
    return [
        seated("VHXH", phong, Outcome.PROPOSED, 1),
        seated("VP", phong, Outcome.PROPOSED, 2, remarks=("tự khai, chưa xác nhận: Nội bộ đoàn kết",)),
        Decision(
            Nominee(unit("KTHT")),
            Outcome.INELIGIBLE,
            (missed, fallen),
            gates=gated((missed, fallen), Passing.FAIL, "collective"),
        ),
        Decision(
            Nominee(unit("TTHCC")), Outcome.UNPROVEN, (unclear,), gates=gated((unclear,), Passing.UNKNOWN, "collective")
        ),
        seated("TH1", truong, Outcome.PROPOSED, 1, remarks=("tạm thời: Xếp loại hoàn thành nhiệm vụ năm 2025",)),
        seated("TH2", truong, Outcome.TIED, 2),
        seated("TH3", truong, Outcome.TIED, 2),
        Decision(
            Nominee(unit("THCS1")),
            Outcome.RESERVE,
            (far,),
            truong,
            AWARD,
            place=4,
            gates=gated((), Passing.PASS, "collective"),
            order=("hạng 4 trong khối",),
            distance="đứng sau 3 người hoặc tập thể; kém suất cuối cùng 2 bậc",
        ),
        *[
            Decision(
                Nominee(unit(code)),
                Outcome.NOT_NOMINATED,
                (
                    Reason(
                        "de-nghi-tap-the",
                        "",
                        "Đơn vị không đề nghị cho tập thể",
                        "Không",
                        "Có",
                        (Place(f"nop/{code}.xlsx", "Thông tin", "C6"),),
                    ),
                ),
            )
            for code in ("THCS2", "MN1")
        ],
        Decision(
            Nominee(unit("MN2")),
            Outcome.INVALID,
            (
                Reason(
                    "phieu",
                    "",
                    "Phiếu còn 4 lỗi",
                    "",
                    "",
                    (Place("nop/MN2.xlsx", "Chấm điểm", "E7"), Place("nop/MN2.xlsx", "Nhiệm vụ", "D8")),
                ),
            ),
        ),
        seated("YT", vuot, Outcome.PROPOSED, 1, 3),
        *[
            Decision(
                Nominee(unit(code)),
                Outcome.INELIGIBLE,
                (found := reason(GATES[0], code, "Không", "Có", "Thông tin", "C8"),),
                gates=gated((found,), Passing.FAIL, "collective"),
            )
            for code in ("VHTT", "CHO")
        ],
        *[
            Decision(
                Nominee(unit(code)),
                Outcome.NOT_RETURNED,
                (Reason("chua-nop", "IV.1.b", "Chưa có phiếu hợp lệ trong thư mục nhận"),),
            )
            for code in ("BCHQS", "DV")
        ],
    ]


def person(
    code: str,
    order: int | None,
    name: str,
    born: tuple[int, int, int] | None,
    title: str = "Bà",
    position: str = "Chuyên viên",
) -> Person:
    row = 5 + (order or 9)
    return Person(
        order,
        name,
        date(*born) if born else None,
        title,
        position,
        "Tổ Cải cách hành chính",
        row,
        Place(f"nop/{code}.xlsx", "Cá nhân", f"C{row}"),
    )


def people() -> list[Decision]:
    row = QUOTAS[3]
    unclear = reason(GATES[3], "TTHCC", "phiếu để trống", "Có", "Cá nhân", "I6")
    barred = reason(GATES[4], "KTHT", "Có", "Không", "Cá nhân", "J6")
    minh, an = (
        person("TH2", 1, "Nguyễn Hoàng Minh", (1988, 3, 2), "Ông"),
        person("TH3", 1, "Lê Thị Thúy An", (1991, 7, 15)),
    )
    return [
        seated("VHXH", row, Outcome.PROPOSED, 1, person=person("VHXH", 1, "Nguyễn Thị Ánh Tuyết", (1985, 5, 12))),
        seated(
            "VHXH",
            row,
            Outcome.PROPOSED,
            4,
            2,
            person("VHXH", 2, "Trần Quốc Đạt", (1990, 11, 3), "Ông"),
            ("tự khai, chưa xác nhận: Có thành tích nổi bật trong tham mưu",),
        ),
        seated(
            "VP",
            row,
            Outcome.PROPOSED,
            2,
            1,
            person(
                "VP",
                1,
                "Phạm Nguyễn Hoàng Phương Uyên Thảo Vy",
                (1993, 1, 30),
                position="Phó Chánh Văn phòng kiêm Phó Giám đốc Trung tâm Phục vụ hành chính công",
            ),
        ),
        seated("TH1", row, Outcome.PROPOSED, 3, 1, person("TH1", 1, "Đặng Văn Ơn", (1979, 9, 9), "Ông", "Hiệu trưởng")),
        seated("TH2", row, Outcome.TIED, 5, 1, minh),
        seated("TH3", row, Outcome.TIED, 5, 1, an),
        Decision(
            Nominee(unit("THCS1"), person("THCS1", 2, "Võ Thị Bé Sáu", (1987, 2, 28))),
            Outcome.RESERVE,
            (Reason("du-khuyet", row.clause, "Đủ tiêu chuẩn nhưng đã hết số suất.", "thứ tự 2", "6 suất"),),
            row,
            AWARD,
            place=7,
            order=("thứ tự 2", "chỉ số của đơn vị 80 %"),
            distance="đứng sau 6 người hoặc tập thể; kém suất cuối cùng 1 thứ tự",
        ),
        Decision(
            Nominee(unit("KTHT"), person("KTHT", 1, "Huỳnh Công Lý", (1982, 12, 1), "Ông")),
            Outcome.INELIGIBLE,
            (barred,),
            gates=gated((barred,), Passing.FAIL, "individual"),
        ),
        Decision(
            Nominee(unit("TTHCC"), person("TTHCC", 1, "Lâm Thị Mỹ Ảnh", None)),
            Outcome.UNPROVEN,
            (unclear,),
            gates=gated((unclear,), Passing.UNKNOWN, "individual"),
        ),
        Decision(
            Nominee(unit("YT"), person("YT", None, "=1+1", (1995, 4, 4))),
            Outcome.INVALID,
            (Reason("phieu", "", "Dòng của người này còn lỗi", "", "", (Place("nop/YT.xlsx", "Cá nhân", "A14"),)),),
        ),
    ]


def files() -> tuple[FileRecord, ...]:
    def record(
        path: str,
        verdict: Verdict,
        code: str | None = None,
        unit: str | None = None,
        message: str = "",
        day: int | None = None,
        by: str | None = "co-quan",
        member: str | None = None,
    ) -> FileRecord:
        return FileRecord(
            path,
            member,
            f"{len(path) * 7919 + len(member or ''):064x}"[::-1],
            verdict,
            code,
            unit,
            date(2026, 1, 1) + timedelta(days=day) if day else None,
            by if day else None,
            message,
        )

    sentence = {code: found.message for code, found in ((item.code, item) for item in findings())}
    received = [
        record(
            f"nop/{code}.xlsx",
            Verdict.ACCEPTED,
            None,
            code,
            "",
            10 + number,
            ("co-quan", "thu", "lan-truoc")[number % 3],
        )
        for number, code in enumerate([*SHARES, "MN2"])
    ]
    return (
        *received,
        record("nop/BCHQS (1).xlsx", Verdict.HELD, "ORDER_UNPROVEN", "BCHQS", sentence[Code.ORDER_UNPROVEN]),
        record("nop/VP cu.xlsx", Verdict.SUPERSEDED, "SUPERSEDED", "VP", sentence[Code.SUPERSEDED], 5),
        record("nop/VP - ban sao.xlsx", Verdict.DUPLICATE, "DUPLICATE", "VP", sentence[Code.DUPLICATE]),
        record("nop/phieu ke hoach khac.xlsx", Verdict.FOREIGN, "WRONG_PLAN", None, sentence[Code.WRONG_PLAN]),
        record("nop/scan.xlsx", Verdict.REJECTED, "NOT_A_WORKBOOK", None, sentence[Code.NOT_A_WORKBOOK]),
        record("nop/goi.zip", Verdict.IGNORED, "IGNORED", None, "Tệp nén; các tệp bên trong tính riêng."),
        record(
            "nop/goi.zip", Verdict.REJECTED, "NOT_A_WORKBOOK", None, sentence[Code.NOT_A_WORKBOOK], member="anh.jpg"
        ),
        record("nop/~$VP.xlsx", Verdict.IGNORED, "IGNORED", None, sentence[Code.IGNORED]),
    )


def unreadable(file: str, code: str) -> Finding:
    return finding(Code.NOT_A_WORKBOOK, Place(file), value=code, detail=why_refused(code), remedy=remedy(code))


def findings() -> tuple[Finding, ...]:
    def at(code: str, sheet: str, cell: str) -> Place:
        return Place(f"nop/{code}.xlsx", sheet, cell)

    return (
        *[
            finding(Code.MISSING_ANSWER, at("MN2", "Chấm điểm", cell), unit="MN2", label="Số liệu 1")
            for cell in ("E12", "E7", "E9")
        ],
        finding(
            Code.NOT_IN_LIST,
            at("MN2", "Nhiệm vụ", "D8"),
            unit="MN2",
            value="xong rồi",
            label="Tình trạng",
            suggestion="",
            options="Hoàn thành, Đang thực hiện, Chưa thực hiện",
        ),
        finding(Code.SAME_PERSON_TWICE, at("YT", "Cá nhân", "A14"), unit="YT", value="=1+1", row="13", person_row=14),
        finding(Code.CLAIM_DIFFERS, at("VP", "Chấm điểm", "G9"), unit="VP", value="9,5", claimed="9,5", computed="9,3"),
        finding(
            Code.CLAIM_DIFFERS, at("KTHT", "Chấm điểm", "G12"), unit="KTHT", value="5", claimed="5", computed="4,4"
        ),
        finding(Code.LOCKED_CELL_CHANGED, at("VP", "Chấm điểm", "C9"), unit="VP", value="http://example.vn/điểm"),
        finding(Code.LATE, Place("nop/YT.xlsx"), unit="YT", received="02/02/2026", deadline="30/01/2026"),
        finding(
            Code.READ_FROM_TEXT,
            at("TH1", "Chấm điểm", "E10"),
            unit="TH1",
            value="8,5 điểm",
            label="Số liệu 1",
            read="8,5",
        ),
        finding(Code.ORDER_UNPROVEN, Place("nop/BCHQS (1).xlsx"), unit="BCHQS", others="nop/BCHQS.xlsx"),
        finding(Code.SUPERSEDED, Place("nop/VP cu.xlsx"), unit="VP"),
        finding(Code.DUPLICATE, Place("nop/VP - ban sao.xlsx"), unit="VP", other="nop/VP.xlsx"),
        finding(Code.WRONG_PLAN, Place("nop/phieu ke hoach khac.xlsx"), stamp="TDX/khac-2024/2024/hang-nam/VP"),
        unreadable("nop/scan.xlsx", "F-PDF"),
        unreadable("nop/goi.zip/anh.jpg", "F-IMAGE"),
        finding(Code.IGNORED, Place("nop/~$VP.xlsx")),
        finding(Code.POINTS_MISSING, Place("co-quan.xlsx", "Điểm thẩm định", ""), unit="CHO", rows="8"),
        finding(
            Code.OFFICE_UNKNOWN_CODE, Place("co-quan.xlsx", "Xác nhận", "C7"), value="doan-kết", suggestion=": doan-ket"
        ),
    )


def dossiers() -> tuple[DossierState, ...]:
    to_trinh, bao_cao = PLAN.dossiers[:2]
    states = []
    for number, code in enumerate(SHARES):
        present = (True, True, False, None)[number % 4]
        states.append(
            DossierState(
                unit(code),
                None,
                to_trinh.code,
                to_trinh.name,
                "01",
                None,
                present,
                f"{number + 10}/TTr, 15/01/2026" if present else "",
                Place(f"nop/{code}.xlsx", "Hồ sơ", "E6"),
            )
        )
    for item in people():
        who = item.nominee.person
        assert who
        states.append(
            DossierState(
                item.nominee.unit,
                who,
                bao_cao.code,
                bao_cao.name,
                "08",
                2,
                who.order == 1,
                "",
                Place(who.place.file, "Cá nhân", f"K{who.row}"),
            )
        )
    return tuple(states)


# The plan asks how heads of units answer for them, and says how votes are counted.
HEADS = Note(code=HEADS_NOTE, text="Đánh giá trách nhiệm của người đứng đầu", clause="V.3")
ASKING = replace(PLAN, notes=(*PLAN.notes, HEADS))
VOTING = replace(ROUND, vote_share=Decimal(80), vote_of="members", casting_vote=True)


def result() -> RunResult:
    return RunResult(
        plan=ASKING,
        round=VOTING,
        today=date(2026, 2, 10),
        program=PROGRAM,
        files=files(),
        findings=findings(),
        standings=standings(),
        decisions=(*collectives(), *people()),
        quotas=(
            QuotaResult(QUOTAS[0], 2, 0, 0, 0, False),
            QuotaResult(QUOTAS[1], 1, 2, 1, 0, False),
            QuotaResult(QUOTAS[2], 1, 0, 0, 0, False),
            QuotaResult(
                QUOTAS[3],
                4,
                2,
                1,
                1,
                True,
                "Còn 1 suất trống: chỉ có 6 cá nhân đủ tiêu chuẩn được xét ở dòng này; "
                "không lấy người không đủ tiêu chuẩn cho đủ số.",
            ),
        ),
        dossiers=dossiers(),
        missing=(unit("BCHQS"), unit("DV")),
        run_name="lan-002",
        first_run=False,
        changes=(
            Change("Kết quả xét", "Trường Tiểu học Nguyễn Thị Minh Khai", "Dự khuyết", "Đề nghị khen thưởng"),
            Change("Điểm", "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân phường: tiêu chí 3.1", "9,3", "8,5"),
            Change("Tệp", "nop/VP.xlsx", "", "Nhận"),
        ),
    )


def empty_result() -> RunResult:
    """Nothing came back: every sheet must say so in a sentence."""
    bare = replace(PLAN, notes=(), quotas=(), gates=(), awards=(), base_salaries=(), dossiers=())
    absent = tuple(
        Decision(Nominee(item), Outcome.NOT_RETURNED, (Reason("chua-nop", "IV.1.b", "Chưa nộp phiếu"),))
        for item in bare.units
    )
    return RunResult(bare, ROUND, date(2026, 2, 10), PROGRAM, (), (), (), absent, (), (), bare.units)
