"""Turns ``plan check`` and ``plan convert`` into a plan that was read."""

from __future__ import annotations

from pathlib import Path

import click

from thidua_xlsx.cli.saying import ANY_PATH, finding_text, guarded, say


@click.group()
def plan() -> None:
    """Kiểm tra và chuyển dạng kế hoạch (ke-hoach.toml, ke-hoach.xlsx)."""


@plan.command("check")
@click.argument("source", metavar="KẾ-HOẠCH", type=ANY_PATH)
@guarded
def plan_check(source: Path) -> int:
    """Kiểm tra một kế hoạch: tệp .toml, .xlsx, thư mục, hoặc mã kế hoạch có sẵn."""
    from thidua_xlsx.model.findings import Severity
    from thidua_xlsx.workbooks.plans import read_plan

    found, findings = read_plan(source)
    for item in findings:
        click.echo(finding_text(item))
    errors = sum(item.severity is Severity.ERROR for item in findings)
    if errors or found is None:
        say(f"Kế hoạch có {errors} lỗi. Sửa rồi kiểm tra lại: thidua plan check {source}")
        return 2
    click.echo(
        f"Kế hoạch {found.head.id} không có lỗi: {len(found.units)} đơn vị, {len(found.rounds)} đợt xét, "
        f"{len(found.gates)} điều kiện, {len(found.quotas)} dòng số lượng."
    )
    say(f"Làm tiếp: {after_check(source)}")
    return 0


def after_check(source: Path) -> str:
    """The forms of the campaign whose plan this is; a plan that lies elsewhere first gets its campaign."""
    from thidua_xlsx.model.text import typed
    from thidua_xlsx.workbooks.plans import PLAN_TEXT, PLAN_WORKBOOK

    if source.is_dir():
        return f"thidua issue {typed(source)}"
    if source.name in (PLAN_TEXT, PLAN_WORKBOOK):
        return f"thidua issue {typed(source.parent)}"
    return f"thidua new THƯ-MỤC --plan {typed(source)}"


@plan.command("convert")
@click.argument("source", metavar="NGUỒN", type=ANY_PATH)
@click.argument("target", metavar="ĐÍCH", type=ANY_PATH)
@click.option("--force", is_flag=True, help="Ghi đè tệp đích nếu đã có.")
@guarded
def plan_convert(source: Path, target: Path, force: bool) -> int:
    """Chuyển kế hoạch giữa hai dạng .toml và .xlsx, không mất nội dung."""
    from thidua_xlsx.campaign.errors import wrong_use
    from thidua_xlsx.campaign.written import write_whole
    from thidua_xlsx.pipeline.plans import load_plan
    from thidua_xlsx.workbooks.plans import plan_bytes

    if target.exists() and not force:
        raise wrong_use(f"Tệp {target} đã có. Chọn tên khác, hoặc thêm --force để ghi đè.")
    if target.suffix not in (".toml", ".xlsx"):
        raise wrong_use("Tệp đích phải có đuôi .toml hoặc .xlsx.")
    write_whole(target, plan_bytes(load_plan(source), target.suffix))
    click.echo(f"Đã ghi {target}. Kiểm tra: thidua plan check {target}")
    return 0
