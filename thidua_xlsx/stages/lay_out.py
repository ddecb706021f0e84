"""Turns a plan, a round and a unit into the layout of that unit's form."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from hashlib import blake2b

from thidua_xlsx.model.form import (
    DOSSIER,
    INDICES,
    INFORMATION,
    NOMINATES_ITSELF,
    ORDER,
    PEOPLE,
    SCORES,
    TASK_STATES,
    TASKS,
    Answer,
    Asks,
    Column,
    FormLayout,
    FormRow,
    Locked,
    SheetLayout,
    Stamp,
)
from thidua_xlsx.model.plan import Criterion, DossierItem, Index, Plan, Question, Round, Task, Unit, applies
from thidua_xlsx.model.wording import date_text, vietnamese
from thidua_xlsx.stages.scoring_methods import METHODS, OUTSIDE, parameter

Cells = tuple[Locked | Answer, ...]

TOTAL_ROW = "TONG"
PERSON_ROWS = 30
# Printed for the reader's eye; the office may correct them after issue without making forms outdated.
ONLY_SHOWN = ("Năm trước", "Thời hạn", "Mẫu", "Số bộ")
REMARK = Answer(Asks.REMARK, "Ghi chú")
# A nominee is of working age; the wide window only catches a mistyped year.
YOUNGEST, OLDEST = 15, 90


def last_day(round_: Round) -> date | None:
    """The last day on which a return is in time: the deadline, or the day before it («trước ngày»)."""
    if round_.deadline is None:
        return None
    return round_.deadline if round_.inclusive else round_.deadline - timedelta(days=1)


def deadline_text(round_: Round) -> str:
    """The deadline as the plan words it, with the last day spelled out."""
    if round_.deadline is None:
        return "theo thông báo của cơ quan thường trực"
    if round_.inclusive:
        return f"chậm nhất ngày {date_text(round_.deadline)}"
    return f"trước ngày {date_text(round_.deadline)} (ngày cuối cùng: {date_text(round_.deadline - timedelta(days=1))})"


def answers_by_unit(who: str) -> bool:
    return who in ("unit", "both")


def question_answer(plan: Plan, question: Question, round_: Round) -> Answer:
    """The answer cell of one question, with its closed list and limits."""
    kinds = {
        "yes_no": Asks.YES_NO,
        "number": Asks.NUMBER,
        "integer": Asks.WHOLE,
        "percent": Asks.PERCENT,
        "date": Asks.DATE,
        "text": Asks.TEXT,
        "level": Asks.CHOICE,
        "index": Asks.CHOICE,
    }
    options: tuple[str, ...] = ()
    if question.type == "level":
        options = tuple(level.label for level in reversed(plan.scale(question.scale or "")))
    if question.type == "index":
        options = tuple(index_option(item) for item in plan.indices if applies(item.rounds, round_.code))
    percent = question.type == "percent"
    return Answer(
        kinds[question.type],
        question.label,
        required=question.required,
        options=options,
        minimum=question.min if question.min is not None else Decimal(0) if percent else None,
        maximum=question.max if question.max is not None else Decimal(100) if percent else None,
    )


def index_option(item: Index) -> str:
    """How an index is named in drop-downs: code first, so that it is found again."""
    return f"{item.code} – {item.name}"


def information_sheet(plan: Plan, round_: Round, unit: Unit) -> SheetLayout:
    """``Thông tin``: whether the unit nominates itself, and the plan's questions about it."""
    itself = Answer(
        Asks.YES_NO, "Đề nghị khen thưởng tập thể", required=True, hint="Có: đơn vị đề nghị xét khen tập thể."
    )
    rows = [FormRow(NOMINATES_ITSELF, (NOMINATES_ITSELF, "Đơn vị đề nghị xét khen thưởng tập thể", itself, REMARK))]
    rows += [
        FormRow(item.code, (item.code, item.label, question_answer(plan, item, round_), REMARK))
        for item in plan.questions_of(round_, unit, "collective")
        if answers_by_unit(item.who_answers)
    ]
    return SheetLayout(
        INFORMATION,
        "THÔNG TIN CHUNG",
        "Trả lời ở cột «Trả lời». Cột «Ghi chú» ghi thêm nếu cần.",
        (Column("Mã", 18), Column("Nội dung", 62), Column("Trả lời", 28), Column("Ghi chú", 34)),
        tuple(rows),
    )


SCORE_COLUMNS = (
    Column("Mã", 8),
    Column("Tiêu chí", 36),
    Column("Điểm tối đa", 9),
    Column("Cách tính", 38),
    Column("Số liệu 1", 12),
    Column("Số liệu 2", 12),
    Column("Điểm tự chấm", 10),
    Column("Tài liệu kiểm chứng", 24),
    Column("Giải trình", 22),
)


def leaf_row(unit: Unit, line: Criterion, depth: int) -> FormRow:
    """One leaf: figures as its method asks, the claim, evidence and explanation; or why nothing is asked."""
    method = METHODS[line.method or "survey"]
    printed: Cells = (line.code, line.name, line.max)
    if line.code in unit.not_applicable:
        return FormRow(line.code, (*printed, "Không áp dụng với đơn vị.", None, None, None, None, None), depth)
    if not answers_by_unit(line.who_answers):
        words = method.words(line) if line.method == "survey" else "Cơ quan thường trực chấm."
        return FormRow(line.code, (*printed, words, None, None, None, None, None), depth)
    step = parameter(line, "step") if line.method == "points" else None
    claim = Answer(
        Asks.NUMBER,
        "Điểm tự chấm",
        required=True,
        minimum=Decimal(0),
        maximum=line.max,
        step=None if step is None else Decimal(step.numerator) / Decimal(step.denominator),
        hint=f"Điểm đơn vị tự chấm, từ 0 đến {line.max}.",
    )
    evidence = Answer(Asks.REMARK, "Tài liệu kiểm chứng", hint=f"Cần có: {line.evidence}." if line.evidence else "")
    return FormRow(
        line.code,
        (
            *printed,
            method.words(line),
            method.first(line),
            method.second(line),
            claim,
            evidence,
            Answer(Asks.REMARK, "Giải trình"),
        ),
        depth,
    )


def depth_of(line: Criterion, lines: dict[str, Criterion]) -> int:
    depth = 0
    while line.parent and line.parent in lines:
        line, depth = lines[line.parent], depth + 1
    return depth


def scores_sheet(plan: Plan, round_: Round, unit: Unit) -> SheetLayout:
    """``Chấm điểm``: the scorecard with parents as totals and, last, the sum of the fields."""
    lines = {line.code: line for line in plan.criteria_of(round_, unit)}
    children: dict[str | None, list[str]] = {}
    for line in lines.values():
        children.setdefault(line.parent, []).append(line.code)
    rows = []
    for line in lines.values():
        depth = depth_of(line, lines)
        if line.method:
            rows.append(leaf_row(unit, line, depth))
        else:
            rows.append(
                FormRow(
                    line.code,
                    (line.code, line.name, line.max, None, None, None, None, None, None),
                    depth,
                    True,
                    tuple(children.get(line.code, ())),
                )
            )
    fields = tuple(code for code in children.get(None, ()) if lines[code].method not in OUTSIDE)
    if fields:
        total = sum((lines[code].max for code in fields), Decimal(0))
        rows.append(
            FormRow(
                TOTAL_ROW,
                (
                    TOTAL_ROW,
                    "Tổng điểm tự chấm (chưa kể điểm thưởng, điểm trừ)",
                    total,
                    None,
                    None,
                    None,
                    None,
                    None,
                    None,
                ),
                0,
                True,
                fields,
            )
        )
    return SheetLayout(
        SCORES,
        "BẢNG TỰ CHẤM ĐIỂM",
        "Ghi số liệu gốc ở «Số liệu 1», «Số liệu 2» như cột «Cách tính» hướng dẫn, rồi ghi «Điểm tự chấm». "
        "Ô không tô màu thì để trống. Ô tổng tự cộng.",
        SCORE_COLUMNS,
        tuple(rows),
    )


def task_row(task: Task, low: date, high: date) -> FormRow:
    return FormRow(
        task.code,
        (
            task.code,
            task.name,
            task.due,
            Answer(
                Asks.CHOICE,
                "Tình trạng",
                required=True,
                options=TASK_STATES,
                hint="Chọn tình trạng đến ngày gửi phiếu.",
            ),
            Answer(Asks.DATE, "Ngày hoàn thành", low=low, high=high, hint="Ghi khi tình trạng là Hoàn thành."),
            Answer(Asks.REMARK, "Sản phẩm"),
        ),
    )


def tasks_sheet(plan: Plan, round_: Round, unit: Unit) -> SheetLayout:
    """``Nhiệm vụ``: the unit's assigned tasks; completion dates must lie in the years the return speaks of."""
    first, last = plan.years_of(round_)
    rows = tuple(task_row(task, date(first, 1, 1), date(last, 12, 31)) for task in plan.tasks_of(round_, unit))
    return SheetLayout(
        TASKS,
        "NHIỆM VỤ CẢI CÁCH HÀNH CHÍNH ĐƯỢC GIAO",
        "Chọn tình trạng của từng nhiệm vụ; nhiệm vụ đã hoàn thành thì ghi ngày hoàn thành.",
        (
            Column("Mã", 10),
            Column("Nhiệm vụ", 58),
            Column("Thời hạn", 13),
            Column("Tình trạng", 18),
            Column("Ngày hoàn thành", 16),
            Column("Sản phẩm", 36),
        ),
        rows,
    )


def last_year(item: Index) -> str | Decimal:
    """Last year's points; with their own maximum where that has changed since."""
    if item.last_value is None:
        return "chưa có"
    if item.last_max is None or item.last_max == item.max:
        return item.last_value
    return f"{vietnamese(Fraction(item.last_value), 4)}/{vietnamese(Fraction(item.last_max), 4)}"


def index_row(item: Index) -> FormRow:
    this_year: Answer | str = (
        "Cơ quan thường trực nhập"
        if not answers_by_unit(item.who_answers)
        else Answer(
            Asks.NUMBER,
            "Năm nay",
            minimum=Decimal(0),
            maximum=item.max,
            hint="Điểm đã công bố. Chưa công bố thì để trống.",
        )
    )
    return FormRow(
        item.code,
        (
            item.code,
            item.name,
            item.max,
            last_year(item),
            this_year,
            Answer(Asks.REMARK, "Ghi chú") if isinstance(this_year, Answer) else None,
        ),
    )


def indices_sheet(plan: Plan, round_: Round, unit: Unit) -> SheetLayout:
    """``Chỉ số``: the indices the unit answers for, beside last year's."""
    return SheetLayout(
        INDICES,
        "CHỈ SỐ THÀNH PHẦN ĐƯỢC GIAO",
        "Ghi điểm năm nay theo kết quả đã công bố. Chưa công bố thì để trống; kết quả xét sẽ là «Chưa đủ căn cứ».",
        (
            Column("Mã", 12),
            Column("Chỉ số", 56),
            Column("Điểm tối đa", 12),
            Column("Năm trước", 12),
            Column("Năm nay", 14),
            Column("Ghi chú", 36),
        ),
        tuple(index_row(item) for item in plan.indices_of(round_, unit)),
    )


def people_sheet(plan: Plan, round_: Round, unit: Unit) -> SheetLayout:
    """``Cá nhân``: one row a person in the order of priority; the plan's questions and papers as columns."""
    year = plan.years_of(round_)[1]
    birth = Answer(
        Asks.DATE,
        "Ngày sinh",
        required=True,
        low=date(year - OLDEST, 1, 1),
        high=date(year - YOUNGEST, 12, 31),
    )
    fixed: list[tuple[Column, Answer]] = [
        (Column("Ông/Bà", 8), Answer(Asks.CHOICE, "Ông/Bà", required=True, options=("Ông", "Bà"))),
        (Column("Họ và tên", 26), Answer(Asks.TEXT, "Họ và tên", required=True)),
        (Column("Ngày sinh", 13), birth),
        (Column("Chức vụ", 22), Answer(Asks.TEXT, "Chức vụ", required=True)),
        (Column("Bộ phận", 20), Answer(Asks.TEXT, "Bộ phận")),
    ]
    fixed += [
        (Column(item.label, 16), question_answer(plan, item, round_))
        for item in plan.questions_of(round_, unit, "individual")
        if answers_by_unit(item.who_answers)
    ]
    fixed += [
        (Column(item.name, 16), Answer(Asks.YES_NO, item.name, required=True))
        for item in papers_of(plan, round_, "individual")
    ]
    asked: Cells = tuple(answer for _, answer in fixed)
    rows = tuple(FormRow(str(number), (number, *asked)) for number in range(1, PERSON_ROWS + 1))
    return SheetLayout(
        PEOPLE,
        "CÁ NHÂN ĐỀ NGHỊ KHEN THƯỞNG",
        "Mỗi người một dòng, người ưu tiên nhất ở thứ tự 1. Không đề nghị ai thì để trống cả sheet.",
        (Column(ORDER, 7), *(column for column, _ in fixed)),
        rows,
        open_rows=True,
    )


def papers_of(plan: Plan, round_: Round, *subjects: str) -> tuple[DossierItem, ...]:
    """The papers that units send in this round for these subjects."""
    return tuple(
        item
        for item in plan.dossiers
        if item.stage == "unit" and item.subject in subjects and applies(item.rounds, round_.code)
    )


def dossier_row(item: DossierItem, alternatives: bool) -> FormRow:
    form = ", ".join(part for part in (f"Mẫu {item.form}" if item.form else "", item.decree or "") if part)
    name = f"{item.name} (hoặc văn bản cùng nhóm)" if alternatives else item.name
    return FormRow(
        item.code,
        (
            item.code,
            name,
            form or None,
            item.sets,
            Answer(Asks.YES_NO, "Đã có", required=True, hint="Chọn Có khi văn bản đã gửi kèm."),
            Answer(Asks.REMARK, "Số, ngày văn bản"),
        ),
    )


def dossier_sheet(plan: Plan, round_: Round, _unit: Unit) -> SheetLayout:
    """``Hồ sơ``: the unit's own papers and those it sends for unit and persons alike."""
    rows = tuple(dossier_row(item, item.any_of is not None) for item in papers_of(plan, round_, "collective", "both"))
    return SheetLayout(
        DOSSIER,
        "HỒ SƠ ĐỀ NGHỊ KHEN THƯỞNG",
        "Chọn Có với văn bản đã gửi kèm. Đơn vị không đề nghị tập thể, cá nhân nào thì để trống.",
        (
            Column("Mã", 14),
            Column("Tên văn bản", 60),
            Column("Mẫu", 24),
            Column("Số bộ", 8),
            Column("Đã có", 10),
            Column("Số, ngày văn bản", 30),
        ),
        rows,
    )


def asks_something(sheet: SheetLayout) -> bool:
    return any(isinstance(cell, Answer) for row in sheet.rows for cell in row.cells)


def asked_of(cell: Locked | Answer) -> object:
    """What a cell asks, without the hint beside it."""
    return (
        (
            cell.asks.name,
            cell.label,
            cell.required,
            cell.options,
            cell.minimum,
            cell.maximum,
            cell.step,
            cell.low,
            cell.high,
        )
        if isinstance(cell, Answer)
        else cell
    )


def version_of(sheets: tuple[SheetLayout, ...]) -> str:
    """Digest of what the form asks this unit: codes, labels, maxima, methods, options.

    Seats, gates, deadlines and money never enter a form; figures printed only to be looked at do not count.
    """
    asked = [
        (
            sheet.name,
            [
                (column.header, [asked_of(row.cells[place]) for row in sheet.rows])
                for place, column in enumerate(sheet.columns)
                if column.header not in ONLY_SHOWN
            ],
        )
        for sheet in sheets
    ]
    return blake2b(repr(asked).encode(), digest_size=5).hexdigest()


def check_of(plan: str, year: int, round_: str, unit: str, version: str) -> str:
    """The stamp's checksum: catches typing and copying accidents, keeps no secret."""
    return blake2b(f"{plan}/{year}/{round_}/{unit}/{version}".encode(), digest_size=3).hexdigest()


def lay_out(plan: Plan, round_: Round, unit: Unit) -> FormLayout:
    """The form of one unit for one round; a sheet with nothing to ask is left out."""
    build = (information_sheet, scores_sheet, tasks_sheet, indices_sheet, people_sheet, dossier_sheet)
    sheets = tuple(sheet for sheet in (make(plan, round_, unit) for make in build) if asks_something(sheet))
    version = version_of(sheets)
    head = plan.head
    stamp = Stamp(
        head.id,
        head.year,
        round_.code,
        unit.code,
        version,
        check_of(head.id, head.year, round_.code, unit.code, version),
    )
    return FormLayout(
        stamp,
        unit.name,
        head.title,
        head.authority,
        head.standing_body,
        round_.name,
        deadline_text(round_),
        unit.contact or "",
        sheets,
    )
