"""Turns what a run and the council said about one unit into the sentences of its letter.

``said`` is the content of ``ket-qua.json``; ``council`` the lines of ``quyet-dinh.json``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from thidua_xlsx.model.findings import Code, Severity
from thidua_xlsx.model.form import DOSSIER, INDICES, INFORMATION, PEOPLE, SCORES, TASKS
from thidua_xlsx.model.results import Outcome, Verdict
from thidua_xlsx.model.wording import money

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


def outcome_text(said: Entry, council: Sequence[Entry], unit: str) -> str | None:
    """What became of the unit and of each person it named; None while the run or the council says nothing."""
    told = []
    for item in said["decisions"]:
        if item["unit"] != unit:
            continue
        who = f"Cá nhân {item['person']['name']}" if item["person"] else "Tập thể"
        line = next((line for line in council if _nominee(line) == _nominee(item)), None)
        if line is None and item["outcome"] in COUNCIL_DECIDES:
            return None
        told.append(f"- {who}: {_resolved(line, item) if line else _outcome(item)}")
    return "\n".join(told) or None


def _nominee(item: Entry) -> tuple[Any, ...]:
    person = item["person"] or {}
    return item["unit"], item["subject"], person.get("order"), person.get("name"), person.get("birth")


def _resolved(line: Entry, item: Entry) -> str:
    if line["decision"] == AWARDED:
        paid = f", tiền thưởng {money(line['amount'])}" if line["amount"] else ""
        return f"{line['award']}{paid}."
    reason = (line["reason"] or "").strip().rstrip(".")
    return f"Hội đồng không xét khen thưởng. {f'Lý do: {reason}.' if reason else _reasons(item['reasons'])}".strip()


def _outcome(item: Entry) -> str:
    return f"{Outcome[item['outcome']].value}. {_reasons(item['reasons'])}".strip()


def _reasons(reasons: Iterable[Entry]) -> str:
    """Each reason once, on a line of its own: the same stands in the JSON for every sheet it rests on."""
    told = dict.fromkeys(_reason(item) for item in reasons)
    return "\n".join(["Lý do:", *(f"    + {reason}." for reason in told)]) if told else ""


def _reason(item: Entry) -> str:
    clause = f"mục {item['clause']}" if item["clause"] else ""
    seen = f"thực tế: {item['observed']}" if item["observed"] else ""
    asked = f"yêu cầu: {item['required']}" if item["required"] else ""
    more = "; ".join(part for part in (clause, seen, asked) if part)
    said = str(item["message"]).rstrip(".")
    return f"{said} ({more})" if more else said
