"""Turns questions, tasks, indices, persons and papers of a plan into the other sheets of a form."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from thidua_xlsx.model.form import (
    COMPLETED,
    DONE,
    DOSSIER,
    INDICES,
    INFORMATION,
    NOMINATES_ITSELF,
    ORDER,
    PEOPLE,
    STATE,
    TASK_STATES,
    TASKS,
    Answer,
    Asks,
    Column,
    FormRow,
    Locked,
    SheetLayout,
)
from thidua_xlsx.model.plan import DossierItem, Index, Plan, Round, Task, Unit
from thidua_xlsx.model.wording import vietnamese
from thidua_xlsx.stages.forms.asking import answers_by_unit, papers_of, question_answer

Cells = tuple[Locked | Answer, ...]

PERSON_ROWS = 30
REMARK = Answer(Asks.REMARK, "Ghi chú")
# A nominee is of working age; the wide window only catches a mistyped year.
YOUNGEST, OLDEST = 15, 90


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


def task_row(task: Task, low: date, high: date) -> FormRow:
    return FormRow(
        task.code,
        (
            task.code,
            task.name,
            task.due,
            Answer(
                Asks.CHOICE,
                STATE,
                required=True,
                options=TASK_STATES,
                hint="Chọn tình trạng đến ngày gửi phiếu.",
            ),
            Answer(
                Asks.DATE,
                COMPLETED,
                low=low,
                high=high,
                hint="Ghi khi tình trạng là Hoàn thành.",
                needed_if=(STATE, DONE),
            ),
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
            Column(STATE, 18),
            Column(COMPLETED, 16),
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
        collective=item.subject == "collective",
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
