"""Turns ``run`` into the main job and the run at a glance."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from thidua_xlsx.pipeline.repeat import Repeated
    from thidua_xlsx.pipeline.run import RunOutput

from thidua_xlsx.cli import options
from thidua_xlsx.cli.saying import ANY_PATH, fault_text, guarded, progress_bar, say, which_round


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

    with early_workers(folder, inbox) as workers:
        output: RunOutput | Repeated | None = None
        if not (plan_source or out or settings):
            from thidua_xlsx.pipeline.repeat import repeat_run

            output = repeat_run(folder, round_code, inbox, today, all_feedback)
        if output is None:
            from thidua_xlsx.pipeline.run import run_batch

            with progress_bar() as step:
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
        for remark in (*nothing_new(output), *output.remarks):
            say(remark)
    else:
        click.echo(run_text(output, folder))
    return output.glance.exit_code


def run_text(output: RunOutput | Repeated, folder: Path) -> str:
    """The run at a glance, ending with what to do next."""
    from thidua_xlsx.campaign import folder as names
    from thidua_xlsx.model.text import printable

    seen = output.glance
    trial = f"BẢN CHẠY THỬ – KHÔNG PHẢI KẾT QUẢ. Giả định: {'; '.join(output.trial)}"
    total = sum(count for _, count in seen.files)
    told = [
        *([trial] if output.trial else []),
        f"{seen.title} – {seen.round_name}",
        f"Tệp trong thư mục nộp: {total} = " + " + ".join(f"{count} {label.lower()}" for label, count in seen.files)
        if total
        else "Thư mục nộp chưa có tệp nào.",
    ]
    for word, outcomes in (("Tập thể", seen.collectives), ("Cá nhân", seen.individuals)):
        if outcomes:
            counts = "; ".join(f"{label.lower()} {count}" for label, count in outcomes)
            told.append(f"{word}: {sum(count for _, count in outcomes)} = {counts}")
    told.append(f"Phát hiện: {seen.errors} lỗi, {seen.warnings} cảnh báo, {seen.notes} ghi chú.")
    told += [fault_text("error", place, message) for place, message in seen.office_errors]
    told.append(f"Bảng tổng hợp: {printable(str(output.target / names.SUMMARY))}")
    told += nothing_new(output)
    return "\n".join((*told, *output.remarks, *next_steps(output, folder)))


def nothing_new(output: RunOutput | Repeated) -> list[str]:
    """Whoever has just corrected something would else believe that it was counted."""
    from thidua_xlsx.model.text import printable

    if not output.same_as:
        return []
    before = printable(str(output.target.with_name(output.same_as)))
    return [
        f"Kết quả không thay đổi so với {output.same_as} ({before}). Nếu vừa sửa phiếu hoặc sổ thì kiểm tra lại tệp đã "
        "lưu vào đúng thư mục này chưa."
    ]


def next_steps(output: RunOutput | Repeated, folder: Path) -> list[str]:
    """What to do now, first things first; the council's workbook is opened once nothing else is left to do."""
    from thidua_xlsx.campaign import folder as names
    from thidua_xlsx.model.text import printable, typed

    seen, steps = output.glance, []
    if output.trial:
        newest = names.newest_run(folder)
        if newest is None:
            return [f"Chưa có kết quả để so. Lập kết quả của đợt: thidua run {typed(folder)}"]
        return [f"So với kết quả của đợt: thidua diff {typed(newest)} {typed(output.target)}"]
    feedback, office = output.target / names.FEEDBACK, printable(str(folder / names.OFFICE))
    if seen.office_errors:
        steps.append("Sửa các ô có lỗi trong sổ của cơ quan nêu trên.")
    if not seen.accepted:
        steps.append(f"Chưa nhận được phiếu nào: chép phiếu các đơn vị gửi về vào {names.INBOX}/.")
    elif seen.missing:
        steps.append(f"Còn {seen.missing} đơn vị chưa có phiếu được nhận: xem sheet «Chưa nộp».")
    if seen.feedback:
        steps.append(
            f"Gửi phiếu phản hồi ({printable(str(feedback))}) cho đơn vị, chép bản gửi lại vào {names.INBOX}/."
        )
    if seen.held:
        steps.append(f"Có tệp giữ lại: quyết định ở sheet «Tiếp nhận» của {office}.")
    if seen.rejected:
        steps.append("Có tệp không đọc được: xem sheet «Phiếu nhận», yêu cầu đơn vị gửi lại.")
    if seen.points_missing:
        steps.append(f"Còn điểm cơ quan thường trực chưa chấm: nhập ở sheet «Điểm thẩm định» của {office}.")
    if seen.waiting:
        steps.append(f"Còn {seen.waiting} câu cơ quan thường trực chưa trả lời: nhập ở sheet «Xác nhận» của {office}.")
    again = f"Xong thì chạy lại: thidua run {typed(folder)}{which_round(seen.round)}"
    if steps and (seen.exit_code or seen.waiting or not seen.ready):
        return [*steps, again]
    finalize = f"thidua finalize {typed(folder)}{which_round(seen.round)}"
    return [
        *steps,
        f"Mở bảng tổng hợp để trình Hội đồng. Hội đồng ghi phiếu, quyết định vào sheet «Đề nghị khen thưởng» rồi: "
        f"{finalize}",
    ]
