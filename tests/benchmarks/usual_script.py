"""The usual script, as a competent colleague would write it: pandas reads each sheet, pandera checks it, pandas writes.

    python -m tests.benchmarks.usual_script FOLDER TARGET [FILES]

Every sheet of every file is asked of ``read_excel``, as people do it. It does less than the program (no proof of
identity, no second reading, no quotas, no feedback), and is what there is without.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import process_time

import pandas as pd
import pandera.pandas as pa

HEADER = 4  # the fifth row
SHEETS = ("Thông tin", "Chấm điểm", "Nhiệm vụ", "Chỉ số", "Cá nhân", "Hồ sơ")
POINTS, STAMP = "Điểm tự chấm", "_TDX"


def schema_of(sheet: str, frame: pd.DataFrame) -> pa.DataFrameSchema:
    """Codes are there; points are numbers, not below zero and not above what the row says."""
    columns = {frame.columns[0]: pa.Column(nullable=True)}
    checks = []
    if sheet == "Chấm điểm":
        columns[POINTS] = pa.Column(float, pa.Check.ge(0), nullable=True, coerce=True)
        most = next((name for name in frame.columns if str(name).startswith("Điểm tối đa")), None)
        if most is not None:
            columns[most] = pa.Column(float, nullable=True, coerce=True)
            checks.append(pa.Check(lambda table: ~(table[POINTS] > table[most]), error="quá điểm tối đa"))
    return pa.DataFrameSchema(columns, checks=checks)


def read(path: Path) -> tuple[str, float, list[dict[str, object]]]:
    """Whose form it says it is, the points claimed, and what is wrong."""
    unit, total, wrong = path.stem, 0.0, []
    with pd.ExcelFile(path, engine="openpyxl") as book:
        sheets = book.sheet_names
    for sheet in sheets:
        header = HEADER if sheet in SHEETS else None
        frame = pd.read_excel(path, sheet_name=sheet, header=header, engine="openpyxl", dtype=object)
        if sheet == STAMP and len(frame):
            unit = str(frame.iloc[0, 0])
        if header is None:
            continue
        try:
            frame = schema_of(sheet, frame).validate(frame, lazy=True)
        except pa.errors.SchemaErrors as errors:
            wrong += [{"file": path.name, "sheet": sheet, **case} for case in errors.failure_cases.to_dict("records")]
        if sheet == "Chấm điểm":
            total = float(pd.to_numeric(frame[POINTS], errors="coerce").sum())
    return unit, total, wrong


def main(folder: str, target: str, limit: str = "") -> None:
    files = sorted(Path(folder, "nop").rglob("*.xlsx"))[: int(limit) if limit else None]
    started = process_time()
    rows, wrong = [], []
    for path in files:
        unit, total, found = read(path)
        rows.append({"Đơn vị": unit, "Điểm": total})
        wrong += found
    ranked = pd.DataFrame(rows).sort_values("Điểm", ascending=False)
    ranked["Hạng"] = ranked["Điểm"].rank(ascending=False, method="min")
    with pd.ExcelWriter(target, engine="openpyxl") as out:
        ranked.to_excel(out, sheet_name="Xếp hạng", index=False)
        pd.DataFrame(wrong).astype(str).to_excel(out, sheet_name="Lỗi", index=False)
    print(json.dumps({"cpu": process_time() - started, "files": len(files), "wrong": len(wrong)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
