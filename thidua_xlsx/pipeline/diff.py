"""Turns two published runs into who moved between them, and because of which cells."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

from thidua_xlsx.campaign import folder as names
from thidua_xlsx.campaign.errors import wrong_use
from thidua_xlsx.model.kept import Kept
from thidua_xlsx.model.text import printable
from thidua_xlsx.stages.years.differ import Difference, differ
from thidua_xlsx.workbooks.kept_answers import KEPT, read_kept


def diff_runs(first: Path | str, second: Path | str) -> Difference:
    """The two runs: folders, or names like ``lan-002`` beside the other or below ``ket-qua/`` here."""
    before, after = run_folder(Path(first), Path(second)), run_folder(Path(second), Path(first))
    was, now = _said(before), _said(after)
    for field, label in (("plan", "kế hoạch"), ("year", "năm"), ("round", "đợt xét")):
        if was[field] != now[field]:
            raise wrong_use(
                f"Hai lần chạy khác {label} ({was[field]}, {now[field]}) nên không so được. "
                "Chọn hai lần chạy của cùng một đợt xét."
            )
    return differ(was, now, _kept(before), _kept(after))


def run_folder(named: Path, other: Path) -> Path:
    """The folder of a run by its path, or by its name beside the other run or in the campaign here."""
    candidates = (named, other.parent / named, Path(names.RESULTS) / named)
    for path in candidates:
        if (path / names.JSON).is_file():
            return path
    newest = names.newest_run(named)
    if newest and (newest / names.JSON).is_file():
        return newest
    shown = printable(str(named))
    raise wrong_use(
        f"{shown} không phải thư mục kết quả của một lần chạy (không có {names.JSON}). "
        "Ghi đường dẫn, ví dụ: thidua diff THƯ-MỤC/ket-qua/lan-001 THƯ-MỤC/ket-qua/lan-002"
    )


def _said(run: Path) -> dict[str, Any]:
    try:
        said = json.loads((run / names.JSON).read_text("utf-8"))
        for field in ("plan", "year", "round", "decisions", "standings"):
            said[field]
    except (OSError, ValueError, KeyError, TypeError):
        shown = printable(str(run / names.JSON))
        raise wrong_use(f"Không đọc được {shown}. Chạy lại thidua run rồi so với lần mới.") from None
    return dict(said)


def _kept(run: Path) -> Kept | None:
    """What the run had read; None for a run that kept nothing, or whose file was damaged."""
    try:
        return read_kept((run / KEPT).read_bytes(), names.OFFICE)
    except (OSError, EOFError, ValueError, KeyError, TypeError, IndexError, zlib.error):
        return None
