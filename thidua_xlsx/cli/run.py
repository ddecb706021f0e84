"""Turns ``run`` into the main job and the run at a glance."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from thidua_xlsx.pipeline.run import RunOutput

from thidua_xlsx.cli.saying import ANY_PATH, FOLDER, finding_text, guarded, parse_day, progress_bar


@click.command()
@click.argument("folder", metavar="THƯ-MỤC", type=FOLDER)
@click.option("--round", "round_code", metavar="ĐỢT", help="Mã đợt xét; mặc định là đợt đầu của kế hoạch.")
@click.option("--plan", "plan_source", metavar="KẾ-HOẠCH", help="Kế hoạch khác: tệp, hoặc mã kế hoạch có sẵn.")
@click.option("--inbox", type=FOLDER, help="Thư mục phiếu nộp về; mặc định THƯ-MỤC/nop.")
@click.option("--out", type=ANY_PATH, help="Ghi kết quả vào thư mục này (chưa có hoặc rỗng) thay cho ket-qua/lan-…")
@click.option("--today", metavar="NĂM-THÁNG-NGÀY", callback=parse_day, help="Coi như hôm nay là ngày này.")
@click.option("--all-feedback", is_flag=True, help="Lập phiếu phản hồi cho cả đơn vị không có lỗi.")
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
    as_json: bool,
) -> int:
    """Đọc phiếu nộp về, kiểm tra, chấm điểm, xét điều kiện và số lượng, lập tong-hop.xlsx."""
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
            progress=step,
        )
    if as_json:
        sys.stdout.buffer.write(output.json)
    else:
        click.echo(run_text(output, folder))
    return output.exit_code


def run_text(output: RunOutput, folder: Path) -> str:
    """The run at a glance, ending with what to do next."""
    from collections import Counter

    from thidua_xlsx.campaign import folder as names
    from thidua_xlsx.model.findings import Severity
    from thidua_xlsx.model.results import Outcome

    result = output.result
    verdicts = Counter(item.verdict for item in result.files)
    told = [
        f"{result.plan.head.title} – {result.round.name}",
        f"Tệp trong thư mục nộp: {len(result.files)} = "
        + " + ".join(f"{count} {verdict.label.lower()}" for verdict, count in verdicts.items())
        if result.files
        else "Thư mục nộp chưa có tệp nào.",
    ]
    for subject, word in (("collective", "Tập thể"), ("individual", "Cá nhân")):
        outcomes = Counter(item.outcome for item in result.decisions if item.nominee.subject == subject)
        if outcomes:
            told.append(
                f"{word}: "
                + "; ".join(f"{outcome.value.lower()} {outcomes[outcome]}" for outcome in Outcome if outcomes[outcome])
            )
    counts = Counter(item.severity for item in result.findings)
    told.append(
        f"Phát hiện: {counts[Severity.ERROR]} lỗi, {counts[Severity.WARNING]} cảnh báo, "
        f"{counts[Severity.NOTE]} ghi chú."
    )
    office = [item for item in result.findings if item.place.file in (names.OFFICE, names.REGISTER)]
    told += [finding_text(item) for item in office if item.severity is Severity.ERROR]
    told.append(f"Bảng tổng hợp: {output.target / names.SUMMARY}")
    feedback = output.target / names.FEEDBACK
    if any(item.severity is Severity.ERROR for item in office):
        told.append("Sửa các ô có lỗi trong sổ của cơ quan nêu trên, rồi chạy lại lệnh này.")
    if feedback.is_dir():
        told.append(f"Phiếu phản hồi cho đơn vị: {feedback}")
        told.append("Gửi phiếu phản hồi cho đơn vị có lỗi, chép bản gửi lại vào nop/, rồi chạy lại lệnh này.")
    if not output.exit_code:
        told.append(
            "Mở bảng tổng hợp để trình Hội đồng. Nếu cần, ghi điểm thẩm định, xác nhận vào "
            f"{folder / names.OFFICE} rồi chạy lại."
        )
    elif not feedback.is_dir():
        told.append("Giải quyết các lỗi và tệp nêu ở sheet «Phiếu nhận», rồi chạy lại lệnh này.")
    return "\n".join(told)
