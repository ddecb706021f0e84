"""Turns an invented campaign into the folder it would be on the office's disk, a faultless or a faulty one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from thidua_xlsx.campaign import folder as folders
from thidua_xlsx.campaign.errors import not_written, words, wrong_use
from thidua_xlsx.model.demo import DemoCampaign, Odd, OddFile
from thidua_xlsx.model.office import Reception
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.stages.demo.invent import invent
from thidua_xlsx.stages.forms.lay_out import lay_out, lay_out_all
from thidua_xlsx.workbooks.form_workbook import FormPress, write_form
from thidua_xlsx.workbooks.office_workbook import write_office
from thidua_xlsx.workbooks.plan_text import plan_text
from thidua_xlsx.workbooks.register_workbook import write_register
from thidua_xlsx.workbooks.retype import retype
from thidua_xlsx.workbooks.sheets import open_workbook, put

PLAN, FAULTS = "ke-hoach.toml", "loi-cai-san.json"
FILLING = "Điền phiếu"
FAULTY = "default"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """What was written: how many units, returns and seeded faults; the register or not."""

    folder: Path
    round: Round
    units: int
    returned: int
    faults: int
    register: bool

    def __str__(self) -> str:
        told = f"Đã lập {self.folder}: {self.units} đơn vị, {self.returned} phiếu nộp, {self.faults} lỗi cài sẵn"
        return told + (f" (xem {FAULTS})." if self.faults else ".")


def write_demo(
    folder: Path,
    plan: Plan,
    round_: Round,
    *,
    units: int | None = None,
    seed: int = 1,
    faults: str = FAULTY,
    progress: Progress = lambda _what, _done, _all: None,
) -> DemoFolder:
    """A whole campaign in an empty or absent folder: plan, returns, the office's workbook, register, fault list."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise wrong_use(f"Thư mục {folder} đã có nội dung. Chọn thư mục mới hoặc thư mục rỗng cho bản mẫu.")
    invented = invent(plan, round_, seed, units, faults == FAULTY)
    try:
        for path, data in demo_files(invented, progress):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    except OSError as error:
        raise not_written(f"Không ghi được vào {folder} ({words(error)}). Kiểm tra quyền ghi và chỗ trống.") from None
    returned = len(invented.returns)
    return DemoFolder(
        folder, round_, len(invented.roles), returned, len(invented.faults), invented.register is not None
    )


def demo_files(invented: DemoCampaign, progress: Progress) -> Iterator[tuple[str, bytes]]:
    """Every file of the campaign by its path, returns first: the office notes their checksums."""
    plan, round_ = invented.plan, invented.round
    receptions, sent = [], {}
    layouts = lay_out_all(plan, round_)
    press = FormPress(layouts[item.unit.code] for item in invented.returns)
    copied = {item.unit for item in invented.odd if item.kind is Odd.COPY}
    for number, item in enumerate(invented.returns, start=1):
        data = retype(press.write(layouts[item.unit.code], item.answers), item.retyped)
        if item.received:
            digest = sha256(data).hexdigest()
            noted = Reception(item.path, digest, item.unit.code, item.received, "", "", invented.clerk)
            receptions.append(replace(noted, noted=item.received))
        if item.unit.code in copied:
            sent[item.unit.code] = data
        yield item.path, data
        progress(FILLING, number, len(invented.returns))
    for odd in invented.odd:
        yield odd.path, odd_bytes(invented, odd, sent)
    yield folders.OFFICE, write_office(plan, round_, replace(invented.office, receptions=tuple(receptions)))
    if invented.register is not None:
        yield folders.REGISTER, write_register(invented.register)
    yield PLAN, plan_text(plan).encode()
    yield FAULTS, fault_list(invented)


def odd_bytes(invented: DemoCampaign, odd: OddFile, sent: dict[str, bytes]) -> bytes:
    """The bytes of an entry that is no return."""
    plan, round_ = invented.plan, invented.round
    if odd.kind is Odd.COPY:
        return sent[odd.unit]
    if odd.kind is Odd.LOCK:
        return b"\x05Admin".ljust(165, b" ")
    if odd.kind is Odd.STRANGER:
        work = open_workbook(title="Danh sách dự họp")
        sheet = work.add_sheet("Sheet1")
        for row, text in enumerate(("Danh sách dự họp", invented.clerk), start=1):
            put(sheet, row, 1, text)
        return work.close()
    unit = next(role.unit for role in invented.roles if role.unit.code == odd.unit)
    if odd.kind is Odd.LAST_YEAR:
        before = replace(plan, head=replace(plan.head, year=plan.head.year - 1))
        return write_form(lay_out(before, round_, unit))
    whole = write_form(lay_out(plan, round_, unit))
    return whole[: len(whole) // 2]


def fault_list(invented: DemoCampaign) -> bytes:
    """``loi-cai-san.json``: what was broken, and where its finding must appear."""
    listed = [
        {"file": item.file, "sheet": item.sheet or None, "cells": list(item.cells), "code": item.code}
        for item in invented.faults
    ]
    return (json.dumps(listed, ensure_ascii=False, indent=1) + "\n").encode()
