"""Turns what a run and the council said about one unit into the sentences of its letter.

``said`` is the content of ``ket-qua.json``; ``council`` that of ``quyet-dinh.json``.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from thidua_xlsx.model.findings import Code, Severity
from thidua_xlsx.model.form import DOSSIER, INDICES, INFORMATION, PEOPLE, SCORES, TASKS
from thidua_xlsx.model.results import Outcome, Verdict
from thidua_xlsx.model.wording import date_text, money

Entry = Mapping[str, Any]
AWARDED = "KHEN"
# The council has these before it: without its line there is nothing to tell yet.
COUNCIL_DECIDES = (Outcome.PROPOSED.name, Outcome.TIED.name)
SHEETS = (INFORMATION, SCORES, TASKS, INDICES, PEOPLE, DOSSIER)
MOST_LINES = 30
_ROW = re.compile(r"([A-Z]+)([0-9]+)")


def not_returned(said: Entry) -> tuple[str, ...]:
    """The units without a return that counts."""
    return tuple(item["unit"] for item in said["decisions"] if item["outcome"] == Outcome.NOT_RETURNED.name)


def waiting(said: Entry) -> frozenset[str]:
    """The units that did send something, which the office holds or could not take."""
    verdicts = (Verdict.HELD.value, Verdict.REJECTED.value)
    return frozenset(item["unit"] for item in said["files"] if item["unit"] and item["verdict"] in verdicts)


def faults_by_unit(said: Entry) -> dict[str, list[Entry]]:
    """The errors that each unit was asked to correct in its marked workbook, in the order of the form.

    Of two returns the newer, invalid one was marked; errors of the office's own workbooks are the office's.
    """
    counting = {
        (item["unit"], item["file"]) for item in said["findings"] if item["code"] == Code.NEWER_RETURN_INVALID.name
    }
    read = {_file_name(item) for item in said["files"] if item["verdict"] == Verdict.ACCEPTED.value}
    found: dict[str, list[Entry]] = {}
    for item in sorted(said["findings"], key=_order):
        faulty = item["severity"] == Severity.ERROR.value and item["unit"] and item["file"] in read
        if faulty and (item["unit"], item["file"]) not in counting:
            found.setdefault(item["unit"], []).append(item)
    return found


def _file_name(item: Entry) -> str:
    """A file as findings name it: a workbook inside a container by both names."""
    return f"{item['path']}/{item['member']}" if item["member"] else str(item["path"])


def corrections_text(faults: Sequence[Entry]) -> str:
    """What a unit must correct, one line a sentence."""
    told = [f"- {_place(item)}{item['message']}" for item in faults]
    left = len(told) - MOST_LINES
    if left > 0:
        told = [*told[:MOST_LINES], f"- … và {left} nội dung khác, xem sheet «Lỗi cần sửa» trong tệp kèm theo."]
    return "\n".join(told)


def _place(item: Entry) -> str:
    cells = ", ".join(item["cells"])
    where = ", ".join(part for part in (f"Sheet «{item['sheet']}»" if item["sheet"] else "", cells) if part)
    return f"{where}: " if where else ""


def _order(item: Entry) -> tuple[Any, ...]:
    found = _ROW.fullmatch(item["cells"][0]) if item["cells"] else None
    sheet = SHEETS.index(item["sheet"]) if item["sheet"] in SHEETS else -1
    row, column = (int(found[2]), found[1]) if found else (0, "")
    return sheet, row, len(column), column, item["message"]


def outcome_text(said: Entry, council: Entry, unit: str, gates: Container[str] = ()) -> str | None:
    """What became of the unit and of each person it named; None while the run or the council says nothing.

    ``gates`` are the standards of the plan: a reason that is one of them quotes what it asks.
    """
    told = []
    for item in said["decisions"]:
        if item["unit"] != unit:
            continue
        who = f"Cá nhân {item['person']['name']}" if item["person"] else "Tập thể"
        line = next((line for line in council["lines"] if _nominee(line) == _nominee(item)), None)
        if line is None and item["outcome"] in COUNCIL_DECIDES:
            return None
        if line and line["decision"] == AWARDED:
            words = _awarded(line, council.get("session") or {})
        elif item["outcome"] == Outcome.NOT_RETURNED.name and not line:
            words = f"{Outcome.NOT_RETURNED.value}. Lý do: {_what_came(said, unit)}"
        else:
            words = _refused(line, item, gates)
        told.append(f"- {who}: {words}")
    return "\n".join(told) or None


def _nominee(item: Entry) -> tuple[Any, ...]:
    person = item["person"] or {}
    return item["unit"], item["subject"], person.get("order"), person.get("name"), person.get("birth")


def _awarded(line: Entry, session: Entry) -> str:
    paid = f", tiền thưởng {money(line['amount'])}" if line["amount"] else ""
    number, day = session.get("number"), session.get("decided_on")
    signed = f", ngày {date_text(date.fromisoformat(day))}" if day else ""
    decision = f", theo Quyết định số {number}{signed}" if number else ""
    return f"{line['award']}{paid}{decision}."


def _refused(line: Entry | None, item: Entry, gates: Container[str]) -> str:
    """Without the award: by the council, or because it never came before it; the council's reason goes first."""
    words = "Hội đồng không khen thưởng" if line else Outcome[item["outcome"]].value
    if line and (reason := (line["reason"] or "").strip().rstrip(".")):
        return f"{words}. Lý do: {reason}."
    return f"{words}. {_reasons(item['reasons'], gates)}".strip()


def _what_came(said: Entry, unit: str) -> str:
    """Why there is no return of the unit that counts: nothing came, or what became of that which did."""
    became = {
        Verdict.HELD.value: "đang giữ lại, chờ xác nhận",
        Verdict.REJECTED.value: "không đọc được hoặc sai bản",
        Verdict.SUPERSEDED.value: "cơ quan thường trực không nhận",
    }
    sent = [item for item in said["files"] if item["unit"] == unit and item["verdict"] in became]
    if not sent:
        return "không có tệp nào gửi về nhận ra được là phiếu của đơn vị."
    files = "; ".join(f"«{_file_name(item)}»: {became[item['verdict']]}" for item in sent)
    return f"đơn vị có gửi tệp về nhưng chưa được nhận ({files})."


def _reasons(reasons: Iterable[Entry], gates: Container[str]) -> str:
    """Each reason once, on a line of its own: the same stands in the JSON for every sheet it rests on."""
    told = dict.fromkeys(_reason(item, gates) for item in reasons)
    return "\n".join(["Lý do:", *(f"    + {reason}." for reason in told)]) if told else ""


def _reason(item: Entry, gates: Container[str]) -> str:
    """A standard that is not met is named as such: its bare words would read like praise."""
    clause = f"mục {item['clause']}" if item["clause"] else ""
    seen = f"thực tế: {item['observed']}" if item["observed"] else ""
    asked = f"yêu cầu: {item['required']}" if item["required"] else ""
    said = str(item["message"]).rstrip(".")
    if item["gate"] in gates:
        told = "; ".join(part for part in (f"Tiêu chuẩn: {said}", seen or "thực tế: chưa rõ", asked) if part)
        return f"{told} ({clause})" if clause else told
    more = "; ".join(part for part in (clause, seen, asked) if part)
    return f"{said} ({more})" if more else said
