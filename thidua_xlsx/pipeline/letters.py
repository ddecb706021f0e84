"""Turns a campaign and its newest run into the letters of one occasion: one a unit, or the reason for none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.campaign import inbox as drop
from thidua_xlsx.campaign.decided import newest_said, results_of
from thidua_xlsx.campaign.errors import wrong_use
from thidua_xlsx.mail.settings import Settings, read_settings
from thidua_xlsx.mail.templates import load_template
from thidua_xlsx.model.cells import Refusal
from thidua_xlsx.model.letters import Attachment, Kind, Letter, Letters, Mailbox, NoLetter
from thidua_xlsx.model.plan import Plan, Round, Unit
from thidua_xlsx.model.text import bare, clean, fold, typed
from thidua_xlsx.pipeline.plans import choose_round, open_campaign
from thidua_xlsx.stages.intake.deadlines import deadline_text
from thidua_xlsx.stages.intake.receive import parse_stamp, stamps_in
from thidua_xlsx.stages.letters import letter_template as fields
from thidua_xlsx.stages.letters.addresses import read_address
from thidua_xlsx.stages.letters.letter_words import (
    corrections_text,
    faults_by_unit,
    not_returned,
    outcome_text,
    waiting,
)
from thidua_xlsx.workbooks.reader.cells import read_book

FORM, MARKED = "Phiếu thi đua", "Phiếu cần sửa"
STANDING_BODY = "Cơ quan thường trực"
LEVELS = ("xã", "phường", "đặc khu", "thị xã", "thị trấn", "huyện", "quận", "thành phố", "tỉnh")


class NotReady(Exception):
    """Why this one unit gets no letter: a sentence that goes into the list, not the end of the command."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What all letters of one call rest on: ``run`` and ``said`` of the newest run, ``council`` what it decided."""

    folder: Path
    kind: Kind
    plan: Plan
    round: Round
    settings: Settings
    template: fields.Template
    run: Path | None
    said: Mapping[str, Any]
    council: Mapping[str, Any]

    def command(self, verb: str) -> str:
        """What to type for another verb on this campaign and round."""
        return f"thidua {verb} {typed(self.folder)} --round {self.round.code}"


def open_occasion(folder: Path, kind: Kind, round_code: str | None, environment: Mapping[str, str]) -> Occasion:
    """Everything the letters rest on. The plan comes first: in a folder that is no campaign nothing is left behind."""
    plan = open_campaign(folder)
    round_ = choose_round(plan, round_code)
    run: Path | None = None
    said: Mapping[str, Any] = {}
    council: Mapping[str, Any] = {}
    if kind is Kind.RESULT:
        run, said, council = results_of(folder, plan, round_)
    elif kind is not Kind.ISSUE:
        run, said = newest_said(folder, plan, round_)
    settings = read_settings(folder, environment)
    return Occasion(folder, kind, plan, round_, settings, load_template(folder, kind), run, said, council)


def write_letters(now: Occasion, units: Iterable[str] = ()) -> Letters:
    """The letters of this occasion in the order of the plan; every unit concerned is ready or missing, once."""
    wanted = set(units)
    known = {unit.code: unit for unit in now.plan.units_of(now.round)}
    if unknown := sorted(wanted - set(known)):
        raise wrong_use(f"Đợt xét này không có đơn vị {', '.join(unknown)}. Xem mã đơn vị trong kế hoạch.")
    own = concerned(now, known)
    ready, missing = [], []
    for code, unit in known.items():
        if code not in own or (wanted and code not in wanted):
            continue
        try:
            ready.append(letter_to(now, unit, own[code]))
        except NotReady as reason:
            missing.append(NoLetter(code, unit.name, str(reason)))
    run = now.run.name if now.run else ""
    return Letters(now.kind, now.round.code, run, tuple(ready), tuple(missing), tuple(remarks(now, ready)))


def concerned(now: Occasion, units: Iterable[str]) -> dict[str, str | None]:
    """The units that this occasion is about, each with what it alone is told; None: nothing can be told yet."""
    match now.kind:
        case Kind.REMIND:
            return dict.fromkeys(not_returned(now.said), "")
        case Kind.FEEDBACK:
            return {code: corrections_text(faults) for code, faults in faults_by_unit(now.said).items()}
        case Kind.RESULT:
            gates = frozenset(gate.code for gate in now.plan.gates)
            return {code: outcome_text(now.said, now.council, code, gates) for code in units}
        case _:
            return dict.fromkeys(units, "")


def letter_to(now: Occasion, unit: Unit, told: str | None) -> Letter:
    """The letter to one unit; NotReady with the reason."""
    if told is None:
        raise NotReady("Hội đồng chưa quyết định về đơn vị này. Chạy lại thidua finalize sau khi ghi đủ kết quả.")
    if now.kind is Kind.REMIND and unit.code in waiting(now.said):
        raise NotReady(
            "Đã gửi phiếu nhưng phiếu chưa dùng được, nên không nhắc nộp. Xem «Phiếu nhận» của tong-hop.xlsx."
        )
    if not unit.email:
        raise NotReady("Chưa có địa chỉ thư. Ghi vào cột «Thư điện tử» của đơn vị trong kế hoạch.")
    address, fault = read_address(unit.email)
    if fault:
        raise NotReady(f"{fault[0].upper()}{fault[1:]}. Sửa cột «Thư điện tử» của đơn vị trong kế hoạch.")
    attachment = attachment_for(now, unit)
    subject, body = fields.fill(now.template, field_values(now, unit, told, attachment))
    essence = attachment.digest if attachment else told
    if now.kind is Kind.REMIND and now.run:
        essence = f"{now.run.name} {essence}"  # A new run may remind again.
    to = Mailbox(clean(unit.name), address)
    return Letter(now.kind, now.round.code, unit.code, to, subject, body, attachment, essence)


def field_values(now: Occasion, unit: Unit, told: str, attachment: Attachment | None) -> dict[str, str]:
    head, sender = now.plan.head, now.settings.sender
    office = ", ".join(part for part in (head.standing_body, sender.address if sender else "") if part)
    return {
        fields.UNIT: unit.name,
        fields.UNIT_CODE: unit.code,
        fields.RECIPIENT: unit.contact or unit.name,
        fields.DEADLINE: deadline_text(now.round),
        fields.CONTACT: now.settings.contact or office,
        # A unit that is itself the standing body is not told what "it" received from it.
        fields.OFFICE: STANDING_BODY if is_body(unit, head.standing_body) else head.standing_body,
        fields.PLAN: head.title,
        fields.YEAR: str(head.year),
        fields.ROUND: now.round.name,
        fields.FILE: attachment.name if attachment else "",
        fields.CORRECTIONS: told,
        fields.OUTCOME: told,
    }


def is_body(unit: Unit, body: str) -> bool:
    """Whether the unit is the standing body, by its name, one of its other names, or its name with the place."""
    names_of_it = [fold(name) for name in (unit.name, *unit.aliases)]
    places = tuple(f"{name} {fold(level)} " for name in names_of_it for level in LEVELS)
    return fold(body) in names_of_it or f"{fold(body)} ".startswith(places)


def attachment_for(now: Occasion, unit: Unit) -> Attachment | None:
    """The unit's own workbook, proved by its stamp: nobody gets another unit's answers by a file's name."""
    if now.kind is Kind.RESULT:
        return None
    marked = now.run / names.FEEDBACK if now.kind is Kind.FEEDBACK and now.run else None
    path = (marked or now.folder / names.ISSUED / now.round.code) / f"{unit.code}.xlsx"
    shown = path.relative_to(now.folder).as_posix()
    again = now.command("run") if marked else f"{now.command('issue')} --unit {unit.code}"
    data = names.read_optional(path)
    if data is None:
        raise NotReady(f"Chưa có tệp kèm theo {shown}. Chạy trước: {again}")
    if not belongs(data, now.plan, now.round, unit):
        again += "" if marked else " --force"
        raise NotReady(f"Tệp {shown} không phải phiếu của đơn vị này trong đợt này. Lập lại: {again}")
    name, own = MARKED if marked else FORM, f"{now.plan.head.year} {unit.code}"
    return Attachment(f"{name} {own}.xlsx", f"{bare(name)} {own}.xlsx".replace(" ", "-"), data)


def belongs(data: bytes, plan: Plan, round_: Round, unit: Unit) -> bool:
    book = read_book(data)
    found = [] if isinstance(book, Refusal) else [parse_stamp(text) for text in stamps_in(book)]
    whose = {(stamp.plan, stamp.year, stamp.round, stamp.unit) if stamp else None for stamp in found}
    return whose == {(plan.head.id, plan.head.year, round_.code, unit.code)}


def remarks(now: Occasion, ready: Iterable[Letter]) -> Iterator[str]:
    """What the sender should know before sending."""
    by_address = defaultdict(list)
    for letter in ready:
        by_address[letter.to.address.lower()].append(letter.unit)
    for address, codes in by_address.items():
        if len(codes) > 1:
            yield f"{len(codes)} đơn vị cùng địa chỉ {address}: {', '.join(codes)}. Mỗi đơn vị vẫn có thư riêng."
    inbox = now.folder / names.INBOX
    if now.kind in (Kind.REMIND, Kind.FEEDBACK) and inbox.is_dir():
        counted = {item["path"] for item in now.said["files"]}
        new = sum(path.is_file() and drop.named(path, now.folder) not in counted for path in inbox.rglob("*"))
        if new and now.run:
            yield (
                f"Trong {names.INBOX}/ có {new} tệp chưa được đọc ở {now.run.name}. "
                f"Nên chạy trước: {now.command('run')}"
            )
