"""Turns what the user names as a plan into a plan without faults and one of its rounds."""

from __future__ import annotations

from pathlib import Path

from thidua_xlsx.campaign.errors import CampaignError, wrong_use
from thidua_xlsx.model.findings import Finding, Severity
from thidua_xlsx.model.plan import Plan, Round
from thidua_xlsx.model.text import typed
from thidua_xlsx.workbooks.plans import PLAN_TEXT, PLAN_WORKBOOK, Read, read_plan


class PlanFaults(CampaignError):
    """A plan with errors stops before any work; ``findings`` holds all of them."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("Kế hoạch có lỗi. Sửa các lỗi trên rồi chạy lại.", 2)
        self.findings = findings


def load_plan(source: Path | str, read: Read = Path.read_bytes) -> Plan:
    """The plan of a file, a campaign folder or a shipped id; PlanFaults with every fault otherwise."""
    plan, findings = read_plan(source, read)
    if plan is None or any(item.severity is Severity.ERROR for item in findings):
        raise PlanFaults(findings)
    return plan


def open_campaign(folder: Path, read: Read = Path.read_bytes) -> Plan:
    """The plan of a campaign folder; a folder that is none is one sentence (wrong use)."""
    shown = typed(folder)
    if folder.exists() and not folder.is_dir():
        raise wrong_use(f"{shown} là tệp, không phải thư mục đợt thi đua. Ghi đường dẫn của thư mục.")
    if not folder.exists():
        raise wrong_use(f"Không thấy thư mục {shown}. Kiểm tra đường dẫn, hoặc lập mới: thidua new {shown} --plan MÃ")
    if not any((folder / name).exists() for name in (PLAN_WORKBOOK, PLAN_TEXT)):
        raise wrong_use(
            f"Thư mục {shown} không phải thư mục đợt thi đua: không có {PLAN_WORKBOOK}. "
            "Kiểm tra đường dẫn, hoặc lập thư mục mới: thidua new THƯ-MỤC --plan MÃ"
        )
    return load_plan(folder, read)


def which_form(folder: Path) -> str:
    """What a campaign folder with both forms of its plan rests on, in words; nothing where there is one form."""
    if all((folder / name).exists() for name in (PLAN_WORKBOOK, PLAN_TEXT)):
        return f"Dùng {PLAN_WORKBOOK}; {PLAN_TEXT} cùng thư mục có nội dung giống hệt."
    return ""


def choose_round(plan: Plan, code: str | None) -> Round:
    """The round of that code, or the plan's first."""
    chosen = plan.round(code) if code else plan.rounds[0]
    if chosen is None:
        raise wrong_use(
            f"Kế hoạch không có đợt xét «{code}». Chọn một trong: {', '.join(item.code for item in plan.rounds)}."
        )
    return chosen
