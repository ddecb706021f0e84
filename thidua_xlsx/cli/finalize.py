"""Turns ``finalize`` into the council's decision, its papers and the register."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from thidua_xlsx.cli import options
from thidua_xlsx.cli.saying import ANY_PATH, FOLDER, guarded, progress_bar

if TYPE_CHECKING:
    from thidua_xlsx.pipeline.finalize import FinalizeOutput


@click.command()
@options.folder
@click.option("--round", "round_code", metavar="ĐỢT", help="Mã đợt xét; mặc định là đợt của lần tổng hợp mới nhất.")
@click.option(
    "--summary",
    type=ANY_PATH,
    metavar="TỆP",
    help="Bảng tổng hợp Hội đồng đã ghi; mặc định là tong-hop.xlsx của lần tổng hợp mới nhất.",
)
@click.option("--inbox", type=FOLDER, help="Thư mục phiếu nộp về; mặc định là nơi lần tổng hợp đã đọc.")
@options.today
@guarded
def finalize(folder: Path, round_code: str | None, summary: Path | None, inbox: Path | None, today: date | None) -> int:
    """Đọc kết quả họp Hội đồng trong tong-hop.xlsx, lập quyết định, văn bản và ghi sổ khen thưởng."""
    from thidua_xlsx.pipeline.finalize import finalize as verb

    with progress_bar() as step:
        output = verb(folder, round_code=round_code, summary=summary, inbox=inbox, today=today, progress=step)
    click.echo("\n".join(told(output, folder)))
    return output.exit_code


def told(output: FinalizeOutput, folder: Path) -> Iterator[str]:
    """The decision at a glance, or every fault at its cell; the next thing to type last."""
    from thidua_xlsx.model.text import typed

    again = f"thidua finalize {typed(folder)} --round {output.round.code}"
    if output.findings:
        yield from faults(output)
        yield f"Chưa ghi gì. Sửa các lỗi trên, lưu tệp, rồi chạy lại: {again}"
        return
    yield from decision(output)
    yield f"Báo kết quả cho đơn vị: thidua mail {typed(folder)} --round {output.round.code} --result"


def faults(output: FinalizeOutput) -> Iterator[str]:
    """One line a sentence, with all its cells."""
    from thidua_xlsx.model.findings import lines
    from thidua_xlsx.model.text import printable

    found = lines(output.findings)
    yield f"Đã đọc {printable(str(output.source))}: {len(found)} lỗi."
    for item in found:
        where = ", ".join(part for part in (item.file, f"sheet {item.sheet}" if item.sheet else "") if part)
        cells = f" ô {', '.join(item.cells)}" if item.cells else ""
        yield f"LỖI  {where}{cells}: {item.message}" if where else f"LỖI  {item.message}"


def decision(output: FinalizeOutput) -> Iterator[str]:
    """Counts and money, and what was written where."""
    from thidua_xlsx.campaign.folder import REGISTER
    from thidua_xlsx.model.text import printable
    from thidua_xlsx.model.wording import in_words, money

    resolved = output.resolved
    assert resolved is not None
    yield f"{resolved.plan.head.title} – {resolved.round.name}"
    given = [item for item in resolved.resolutions if item.awarded]
    amount = sum(item.money.amount for item in given if item.money)
    counts = [f"{len(resolved.awarded(subject))} {word}" for subject, word in SUBJECTS]
    yield f"Khen thưởng {', '.join(counts)}; không khen thưởng {len(resolved.resolutions) - len(given)} trường hợp."
    yield f"Tiền thưởng: {money(amount)} ({in_words(amount).lower()})."
    yield from resolved.remarks
    if output.target:
        yield f"Quyết định và văn bản: {printable(str(output.target))}"
    else:
        yield "Quyết định này đã lập trước đây; không có gì thay đổi."
    recorded = output.recorded
    if recorded.given:
        yield f"Đã ghi thêm {len(recorded.given)} dòng khen thưởng vào {REGISTER}."
    if recorded.taken:
        yield f"Đã ghi thêm {len(recorded.taken)} dòng thu hồi vào {REGISTER}."
    if recorded.dated:
        yield f"Đã ghi số, ngày quyết định vào {len(recorded.dated)} dòng còn trống của {REGISTER}."
    if not recorded:
        yield f"{REGISTER} đã có đủ các dòng của quyết định này; không ghi gì thêm."
    yield from output.remarks


SUBJECTS = (("collective", "tập thể"), ("individual", "cá nhân"))
