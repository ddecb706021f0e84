"""Turns ``run`` into the main job and the run at a glance."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from thidua_xlsx.model.findings import Finding
    from thidua_xlsx.pipeline.run import RunOutput

from thidua_xlsx.cli import options
from thidua_xlsx.cli.saying import ANY_PATH, finding_text, guarded, progress_bar, say, which_round


@click.command()
@options.folder
@options.round_code
@options.other_plan
@options.inbox
@click.option("--out", type=ANY_PATH, help="Ghi kết quả vào thư mục này (chưa có hoặc rỗng) thay cho ket-qua/lan-…")
@options.today
@click.option("--all-feedback", is_flag=True, help="Lập phiếu phản hồi cho cả đơn vị không có lỗi.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="BẢNG.MÃ.CỘT=GIÁ-TRỊ",
    help="Chạy thử với giá trị khác của kế hoạch, ví dụ quota.tap-the.seats=5 (hoặc 'Số lượng.tap-the.Số suất=5', "
    "theo tên sheet, tên cột của ke-hoach.xlsx); không thành kết quả của đợt.",
)
@click.option("--json", "as_json", is_flag=True, help="In kết quả dạng JSON ra màn hình.")
@guarded
def run(
    folder: Path,
    round_code: str | None,
    plan_source: str | None,
    inbox: Path | None,
    out: Path | None,
    today: date | None,
    all_feedback: bool,
    settings: tuple[str, ...],
    as_json: bool,
) -> int:
    """Đọc phiếu nộp về, kiểm tra, chấm điểm, xét điều kiện và số lượng, lập tong-hop.xlsx."""
    from thidua_xlsx.pipeline.early import early_workers

    with early_workers(folder, inbox) as workers, progress_bar() as step:
        from thidua_xlsx.pipeline.run import run_batch

        output = run_batch(
            folder,
            round_code=round_code,
            plan=plan_source,
            inbox=inbox,
            out=out,
            today=today,
            all_feedback=all_feedback,
            settings=settings,
            progress=step,
            executor=workers,
        )
    from thidua_xlsx.pipeline.plans import which_form

    if plan_source is None and (form := which_form(folder)):
        say(form)
    if plan_source and not out:
        say(
            f"Đã dùng kế hoạch {plan_source} thay cho kế hoạch của thư mục; {output.target.name} nay là lần mới nhất. "
            "Lần sau muốn tính thử thì thêm --out THƯ-MỤC-KHÁC."
        )
    if as_json:
        sys.stdout.buffer.write(output.json)
        for remark in output.remarks:
            say(remark)
    else:
        click.echo(run_text(output, folder))
    return output.exit_code


def run_text(output: RunOutput, folder: Path) -> str:
    """The run at a glance, ending with what to do next."""
    from collections import Counter

    from thidua_xlsx.campaign import folder as names
    from thidua_xlsx.model.findings import Severity
    from thidua_xlsx.model.results import Outcome, label_counts
    from thidua_xlsx.model.text import printable

    result = output.result
    trial = f"BẢN CHẠY THỬ – KHÔNG PHẢI KẾT QUẢ. Giả định: {'; '.join(result.trial)}"
    told = [
        *([trial] if result.trial else []),
        f"{result.plan.head.title} – {result.round.name}",
        f"Tệp trong thư mục nộp: {len(result.files)} = "
        + " + ".join(f"{count} {label.lower()}" for label, count in label_counts(result.files).items() if count)
        if result.files
        else "Thư mục nộp chưa có tệp nào.",
    ]
    for subject, word in (("collective", "Tập thể"), ("individual", "Cá nhân")):
        outcomes = Counter(item.outcome for item in result.decisions if item.nominee.subject == subject)
        if outcomes:
            counts = "; ".join(
                f"{outcome.value.lower()} {outcomes[outcome]}" for outcome in Outcome if outcomes[outcome]
            )
            told.append(f"{word}: {outcomes.total()} = {counts}")
    found = Counter(item.severity for item in result.findings)
    told.append(
        f"Phát hiện: {found[Severity.ERROR]} lỗi, {found[Severity.WARNING]} cảnh báo, {found[Severity.NOTE]} ghi chú."
    )
    told += [finding_text(item) for item in office_errors(output)]
    told.append(f"Bảng tổng hợp: {printable(str(output.target / names.SUMMARY))}")
    return "\n".join((*told, *output.remarks, *next_steps(output, folder)))


def office_errors(output: RunOutput) -> list[Finding]:
    """Faults in the office's own workbooks: nobody else corrects them."""
    from thidua_xlsx.campaign import folder as names
    from thidua_xlsx.model.findings import Severity

    errors = (item for item in output.result.findings if item.severity is Severity.ERROR)
    return [item for item in errors if item.place.file == names.OFFICE or names.is_register(item.place.file)]


def next_steps(output: RunOutput, folder: Path) -> list[str]:
    """What to do now, first things first; the council's workbook is opened once nothing else is left to do."""
    from thidua_xlsx.campaign import folder as names
    from thidua_xlsx.model.findings import Code
    from thidua_xlsx.model.results import Verdict
    from thidua_xlsx.model.text import printable, typed
    from thidua_xlsx.stages.office.office_open import open_questions

    result, steps = output.result, []
    if result.trial:
        newest = names.newest_run(folder)
        if newest is None:
            return [f"Chưa có kết quả để so. Lập kết quả của đợt: thidua run {typed(folder)}"]
        return [f"So với kết quả của đợt: thidua diff {typed(newest)} {typed(output.target)}"]
    verdicts = {item.verdict for item in result.files}
    codes = {item.code for item in result.findings}
    feedback, office = output.target / names.FEEDBACK, printable(str(folder / names.OFFICE))
    if office_errors(output):
        steps.append("Sửa các ô có lỗi trong sổ của cơ quan nêu trên.")
    if Verdict.ACCEPTED not in verdicts:
        steps.append(f"Chưa nhận được phiếu nào: chép phiếu các đơn vị gửi về vào {names.INBOX}/.")
    elif result.missing:
        steps.append(f"Còn {len(result.missing)} đơn vị chưa có phiếu được nhận: xem sheet «Chưa nộp».")
    if feedback.is_dir():
        steps.append(
            f"Gửi phiếu phản hồi ({printable(str(feedback))}) cho đơn vị, chép bản gửi lại vào {names.INBOX}/."
        )
    if Verdict.HELD in verdicts:
        steps.append(f"Có tệp giữ lại: quyết định ở sheet «Tiếp nhận» của {office}.")
    if Verdict.REJECTED in verdicts:
        steps.append("Có tệp không đọc được: xem sheet «Phiếu nhận», yêu cầu đơn vị gửi lại.")
    if Code.POINTS_MISSING in codes:
        steps.append(f"Còn điểm cơ quan thường trực chưa chấm: nhập ở sheet «Điểm thẩm định» của {office}.")
    if waiting := len(open_questions(result.decisions, result.plan)):
        steps.append(f"Còn {waiting} câu cơ quan thường trực chưa trả lời: nhập ở sheet «Xác nhận» của {office}.")
    again = f"Xong thì chạy lại: thidua run {typed(folder)}{which_round(result.round.code)}"
    if steps and (output.exit_code or waiting or not _ready(output)):
        return [*steps, again]
    finalize = f"thidua finalize {typed(folder)}{which_round(result.round.code)}"
    return [
        *steps,
        f"Mở bảng tổng hợp để trình Hội đồng. Hội đồng ghi phiếu, quyết định vào sheet «Đề nghị khen thưởng» rồi: "
        f"{finalize}",
    ]


def _ready(output: RunOutput) -> bool:
    """Whether the council could decide on it: something was returned, scored, and its awards are known."""
    from thidua_xlsx.model.findings import Code

    waits = any(item.code is Code.POINTS_MISSING for item in output.result.findings)
    return output.register and bool(output.result.standings) and not waits
