"""Turns the text that staff keep for a kind of letter into subject and body, with each {field} filled in.

The first line is the subject («Tiêu đề: …»), the rest is the body. Only what stands in braces is replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from thidua_xlsx.model.letters import Kind
from thidua_xlsx.model.text import clean, closest, fold

SUBJECT = "Tiêu đề:"
UNIT, UNIT_CODE, RECIPIENT, DEADLINE, CONTACT = "đơn vị", "mã đơn vị", "người nhận", "hạn nộp", "liên hệ"
OFFICE, PLAN, YEAR, ROUND, FILE = "cơ quan", "kế hoạch", "năm", "đợt", "tệp"
CORRECTIONS, OUTCOME = "nội dung cần sửa", "kết quả"
COMMON = (UNIT, UNIT_CODE, RECIPIENT, DEADLINE, CONTACT, OFFICE, PLAN, YEAR, ROUND)
OWN = {Kind.ISSUE: (FILE,), Kind.REMIND: (FILE,), Kind.FEEDBACK: (FILE, CORRECTIONS), Kind.RESULT: (OUTCOME,)}
# Of several lines: they have no place in a subject.
LONG = (CORRECTIONS, OUTCOME)

_BRACES = re.compile(r"\{([^{}\n]*)\}|[{}]")

DEFAULTS = {
    Kind.ISSUE: """\
Tiêu đề: Phiếu thi đua năm {năm} – {đơn vị}

Kính gửi: {đơn vị}

{cơ quan} gửi đơn vị phiếu của đợt xét «{đợt}» (tệp kèm theo: {tệp}).

Đề nghị đơn vị:
1. Mở tệp bằng Excel, điền các ô có màu. Sheet «Hướng dẫn» chỉ cách điền, sheet «Kiểm tra» cho biết còn thiếu gì.
2. Lưu tệp ở dạng .xlsx. Không sửa mã phiếu và các ô in sẵn.
3. Trả lời thư này, kèm tệp đã điền, {hạn nộp}.

Nếu cần trao đổi, xin liên hệ: {liên hệ}.

Trân trọng./.
{cơ quan}
""",
    Kind.REMIND: """\
Tiêu đề: Nhắc nộp phiếu thi đua năm {năm} – {đơn vị}

Kính gửi: {đơn vị}

Đến nay {cơ quan} chưa nhận được phiếu của đơn vị cho đợt xét «{đợt}». Thời hạn nộp: {hạn nộp}.

Phiếu được gửi lại kèm thư này (tệp {tệp}). Đề nghị đơn vị điền, rồi trả lời thư này kèm tệp đã điền.
Nếu đơn vị đã gửi, xin cho biết ngày gửi và địa chỉ đã dùng để gửi.

Nếu cần trao đổi, xin liên hệ: {liên hệ}.

Trân trọng./.
{cơ quan}
""",
    Kind.FEEDBACK: """\
Tiêu đề: Phiếu thi đua năm {năm} cần sửa – {đơn vị}

Kính gửi: {đơn vị}

{cơ quan} đã nhận phiếu của đơn vị cho đợt xét «{đợt}». Phiếu còn các nội dung cần sửa:

{nội dung cần sửa}

Tệp kèm theo ({tệp}) là phiếu của đơn vị với các câu trả lời đã nhận; ô cần sửa có màu đỏ, danh sách ở sheet \
«Lỗi cần sửa».
Đề nghị đơn vị sửa ngay trong tệp này, rồi sớm trả lời thư này kèm tệp đã sửa. Thời hạn của đợt xét: {hạn nộp}.

Nếu cần trao đổi, xin liên hệ: {liên hệ}.

Trân trọng./.
{cơ quan}
""",
    Kind.RESULT: """\
Tiêu đề: Kết quả xét khen thưởng năm {năm} – {đơn vị}

Kính gửi: {đơn vị}

{cơ quan} thông báo kết quả xét của đợt «{đợt}» đối với đơn vị:

{kết quả}

Nếu cần trao đổi, xin liên hệ: {liên hệ}.

Trân trọng./.
{cơ quan}
""",
}


@dataclass(frozen=True, slots=True)
class Template:
    """Subject and body as written, fields still in braces and known to be allowed."""

    subject: str
    body: str


def allowed(kind: Kind) -> tuple[str, ...]:
    """The fields that letters of this kind know."""
    return (*COMMON, *OWN[kind])


def read_template(text: str, kind: Kind) -> tuple[Template | None, tuple[str, ...]]:
    """The template, or None and what is wrong with it: one sentence a fault, with its line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    head = clean(lines[0])
    faults = list(_unknown(lines, kind))
    if not fold(head).startswith(fold(SUBJECT)) or not head[len(SUBJECT) :].strip():
        faults.insert(0, f"Dòng 1 phải là tiêu đề thư, ví dụ «{SUBJECT} Phiếu thi đua năm {{{YEAR}}} – {{{UNIT}}}».")
    if faults:
        return None, tuple(faults)
    return Template(head[len(SUBJECT) :].strip(), "\n".join(lines[1:]).strip("\n")), ()


def _unknown(lines: list[str], kind: Kind) -> Iterator[str]:
    known = {fold(name) for name in allowed(kind)}
    long = {fold(name) for name in LONG}
    listed = ", ".join(f"{{{name}}}" for name in allowed(kind))
    for number, line in enumerate(lines, start=1):
        for found in _BRACES.finditer(line):
            if found[1] is None:
                yield f"Dòng {number}: dấu «{found[0]}» không đủ cặp. Ghi tên trường trong một cặp {{ }}."
            elif fold(found[1]) not in known:
                meant = closest(found[1], allowed(kind))
                ask = f" Có phải là {{{meant}}}?" if meant else ""
                yield f"Dòng {number}: không có trường «{found[0]}».{ask} Dùng được: {listed}."
            elif number == 1 and fold(found[1]) in long:
                yield f"Dòng 1: trường «{found[0]}» có nhiều dòng, không đặt được trong tiêu đề. Chuyển xuống nội dung."


def fill(template: Template, fields: Mapping[str, str]) -> tuple[str, str]:
    """Subject (always one line) and body with every field's value; a value is never read as a field again."""
    by_key = {fold(name): value for name, value in fields.items()}

    def value(found: re.Match[str]) -> str:
        return by_key[fold(found[1])]

    return clean(_BRACES.sub(value, template.subject)), _BRACES.sub(value, template.body) + "\n"
