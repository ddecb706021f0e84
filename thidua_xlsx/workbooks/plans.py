"""Turns a path or the id of a shipped plan into a checked plan, and a plan into the bytes of either form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from thidua_xlsx.model.findings import Code, Finding, Severity, finding
from thidua_xlsx.model.language import TABLES
from thidua_xlsx.model.place import Place
from thidua_xlsx.model.plan import Plan
from thidua_xlsx.model.plan_source import RawRows
from thidua_xlsx.stages.plans.build_plan import table_label
from thidua_xlsx.stages.plans.lint_plan import check_plan
from thidua_xlsx.stages.plans.plan_values import suggestion
from thidua_xlsx.workbooks.plan_rows import read_plan_workbook
from thidua_xlsx.workbooks.plan_text import plan_text, read_plan_text

PLAN_TEXT, PLAN_WORKBOOK = "ke-hoach.toml", "ke-hoach.xlsx"
TEMPLATES = "workbook_templates"
PACKAGE = Path(__file__).resolve().parent.parent
# The largest plan we know has a hundredth of this; a slip of the path should not fill the memory.
SIZE_LIMIT = 20 << 20

Findings = tuple[Finding, ...]
Read = Callable[[Path], bytes]
READERS: dict[str, Callable[[bytes, str], tuple[RawRows, Findings]]] = {
    ".xlsx": read_plan_workbook,
    ".toml": read_plan_text,
}


def shipped_plan_folder() -> Path:
    """Where the shipped plans are: packed into the package, or beside it in a checkout."""
    packed = PACKAGE / TEMPLATES
    return packed if packed.is_dir() else PACKAGE.parent / TEMPLATES


def shipped_plan_ids() -> tuple[str, ...]:
    return tuple(sorted(path.parent.name for path in shipped_plan_folder().glob(f"*/{PLAN_TEXT}")))


def shipped_plan_path(plan_id: str) -> Path:
    """The source of a shipped plan; its workbook form beside it is generated from it."""
    return shipped_plan_folder() / plan_id / PLAN_TEXT


def read_plan(source: Path | str, read: Read = Path.read_bytes) -> tuple[Plan | None, Findings]:
    """The plan in a file, a folder, or shipped under an id: checked, or None with every error at its place.

    ``read`` gives the bytes of its files, for whoever has to know which they were.
    """
    path = Path(source)
    if not path.exists() and str(source) in shipped_plan_ids():
        path = shipped_plan_path(str(source))
    if not path.is_dir():
        return _file(path, read)
    forms = [path / name for name in (PLAN_WORKBOOK, PLAN_TEXT) if (path / name).exists()]
    if not forms:
        return None, (_unreadable(path.name, f"thư mục không có {PLAN_WORKBOOK} hoặc {PLAN_TEXT}"),)
    return _file(forms[0], read) if len(forms) == 1 else _both(forms, read)


def plan_bytes(plan: Plan, suffix: str) -> bytes:
    """The plan as ``.toml`` or ``.xlsx``."""
    if suffix.lower() == ".toml":
        return plan_text(plan).encode()
    # Whoever only reads a plan need not wait for what writes workbooks.
    from thidua_xlsx.workbooks.plan_workbook import write_plan_workbook

    return write_plan_workbook(plan)


def _both(forms: list[Path], read: Read) -> tuple[Plan | None, Findings]:
    """Two forms of one plan must say the same; which of them would count is not ours to choose."""
    (plan, findings), (other, more) = (_file(path, read) for path in forms)
    if plan is None or other is None:
        return None, findings + more
    if plan == other:
        return plan, findings
    table = next((table for table in TABLES if plan.table(table.name) != other.table(table.name)), TABLES[0])
    return None, (finding(Code.PLAN_TWO_FORMS_DIFFER, Place(PLAN_WORKBOOK, table.sheet), table=table_label(table)),)


def _file(path: Path, read: Read) -> tuple[Plan | None, Findings]:
    rows, findings = read_rows(path, read)
    if findings and not rows:
        return None, findings
    plan, more = check_plan(rows)
    blocked = any(item.severity is Severity.ERROR for item in findings)
    return (None if blocked else plan), findings + more


def read_rows(path: Path, read: Read = Path.read_bytes) -> tuple[RawRows, Findings]:
    """The raw rows of a plan file of either form; a file that cannot be read is a finding."""
    reader = READERS.get(path.suffix.lower())
    if not path.exists():
        shipped = shipped_plan_ids()
        near = suggestion(path.name, {plan: plan for plan in shipped})
        return (), (
            _unreadable(
                path.name,
                f"không có tệp, thư mục hay mã kế hoạch này{near} (các kế hoạch có sẵn: {', '.join(shipped)})",
            ),
        )
    if reader is None:
        return (), (_unreadable(path.name, f"kế hoạch phải là tệp {' hoặc '.join(READERS)}"),)
    try:
        if path.stat().st_size > SIZE_LIMIT:
            return (), (_unreadable(path.name, "tệp quá lớn"),)
        return reader(read(path), path.name)
    except OSError as fault:
        return (), (_unreadable(path.name, f"không mở được tệp ({fault.strerror})"),)


def _unreadable(file: str, detail: str) -> Finding:
    return finding(Code.PLAN_UNREADABLE, Place(file), value=file, detail=detail)
