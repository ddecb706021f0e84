"""Turns ke-hoach.toml into the blank form and the answers that ``fill.js`` types into it: run from ``tests``."""

from __future__ import annotations

import json
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from filled_return import address_of, layout_of, plan_of, valid_answers

from thidua_xlsx.model.form import INFORMATION, SCORES, TASKS
from thidua_xlsx.workbooks.form_workbook import write_form

HERE = Path(__file__).parent
UNIT = "VP"


def main() -> None:
    plan = plan_of((HERE / "ke-hoach.toml").read_text("utf-8"))
    layout = layout_of(UNIT, plan)
    answers = valid_answers(layout, plan, people=3) | {
        (SCORES, "1.1", "Giải trình"): "Đã báo cáo; «bản số 01», ngày 5/6",
        (SCORES, "1.2", "Số liệu 1"): Decimal("1249.5"),
        (SCORES, "1.2", "Số liệu 2"): Decimal("1249.5"),
        (SCORES, "1.10", "Số liệu 1"): Decimal(7),
        (SCORES, "1.10", "Số liệu 2"): Decimal(8),
        (SCORES, "1.10", "Điểm tự chấm"): Decimal(5),
        (SCORES, "4", "Điểm tự chấm"): Decimal("9.5"),
        (TASKS, "NV1", "Ngày hoàn thành"): date(2025, 12, 5),
        (INFORMATION, "ty-le", "Trả lời"): Decimal("97.5"),
    }
    cells = [
        {
            "sheet": sheet,
            "cell": address_of(layout, sheet, code, header),
            "code": code,
            "header": header,
            "kind": "date" if isinstance(value, date) else "number" if isinstance(value, Decimal) else "text",
            "value": str(value),
        }
        for (sheet, code, header), value in answers.items()
    ]
    (HERE / "phieu.xlsx").write_bytes(write_form(layout))
    (HERE / "tra-loi.json").write_text(json.dumps(cells, ensure_ascii=False, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main()
