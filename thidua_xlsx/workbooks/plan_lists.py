"""Turns the plan language and one plan into the lists behind the drop-downs of its workbook (sheet ``Danh mục``)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from thidua_xlsx.model.form import LISTS, NO, YES
from thidua_xlsx.model.language import BY_NAME, FACTS, TABLES, Holds, Key, Table
from thidua_xlsx.model.plan import Plan
from thidua_xlsx.workbooks.fit import column_points, line_points, lines_of
from thidua_xlsx.workbooks.form.styles import BORDER, GREY, HEADER_FILL
from thidua_xlsx.workbooks.sheets import OpenWorkbook, checked, print_on_a4, put, reference

TITLE_ROW, FIRST_ROW = 1, 3
WIDTHS = (42, 70)
FACT_KEYS = (("gate", "fact"), ("gate", "when"), ("quota", "order_by"), ("quota", "within_fact"))
AWARD_KEYS = (("quota", "award"), ("gate", "award"))


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """One list: which keys draw on it, its values with their meanings; ``closed`` refuses anything else."""

    keys: tuple[tuple[str, str], ...]
    values: tuple[tuple[str, str], ...]
    closed: bool

    @property
    def title(self) -> str:
        """The headings that use it, with their sheets."""
        named = [(BY_NAME[table], BY_NAME[table].key(name)) for table, name in self.keys]
        heads = dict.fromkeys(f"{table.sheet}: {key.heading}" for table, key in named if key)
        shown = list(heads)[:4]
        return "; ".join(shown) + ("; …" if len(heads) > len(shown) else "")


def choice_lists(plan: Plan) -> tuple[ChoiceList, ...]:
    """The closed lists of the language, then the lists that this plan fills."""
    closed: dict[tuple[tuple[str, str], ...], list[tuple[str, str]]] = {}
    for table, key in _keys():
        values = ((YES, "đúng"), (NO, "sai")) if key.holds is Holds.FLAG else key.options
        if values:
            closed.setdefault(values, []).append((table.name, key.name))
    lists = [ChoiceList(tuple(keys), values, True) for values, keys in closed.items()]
    scales = [(table.name, key.name) for table, key in _keys() if key.refers == "scale"]
    lists.append(ChoiceList(tuple(scales), tuple(_scales(plan)), False))
    lists.append(ChoiceList(FACT_KEYS, tuple(_facts(plan)), False))
    awards = dict.fromkeys([*(row.award for row in plan.awards), *(row.award for row in plan.quotas)])
    lists.append(ChoiceList(AWARD_KEYS, tuple((award, "") for award in awards), False))
    return tuple(item for item in lists if item.values)


def _keys() -> Iterable[tuple[Table, Key]]:
    return ((table, key) for table in TABLES for key in table.keys)


def _scales(plan: Plan) -> Iterable[tuple[str, str]]:
    for scale in dict.fromkeys(level.scale for level in plan.levels):
        yield scale, ", ".join(level.label for level in reversed(plan.scale(scale)))


def _facts(plan: Plan) -> Iterable[tuple[str, str]]:
    """What a condition may name: built-in facts, then the plan's own questions, indices and traits."""
    named = {name: meaning for name, (_, meaning) in FACTS.items()}
    named |= {item.code: f"câu hỏi: {item.label}" for item in plan.questions}
    named |= {item.code: f"chỉ số: {item.name}" for item in plan.indices}
    named |= {trait: "đặc điểm của đơn vị" for unit in plan.units for trait in unit.traits}
    return named.items()


@dataclass(frozen=True, slots=True)
class Placed:
    """A list and the row of its title; its values stand below, in column A."""

    item: ChoiceList
    row: int

    @property
    def range(self) -> str:
        return f"={reference(LISTS, f'$A${self.row + 1}:$A${self.row + len(self.item.values)}')}"


def placed(lists: tuple[ChoiceList, ...]) -> tuple[Placed, ...]:
    """One list below the other, a blank row between them."""
    row, found = FIRST_ROW, []
    for item in lists:
        found.append(Placed(item, row))
        row += len(item.values) + 2
    return tuple(found)


def ranges(lists: tuple[Placed, ...]) -> dict[tuple[str, str], str]:
    """(table, key) → where ``Danh mục`` holds its list."""
    return {key: one.range for one in lists for key in one.item.keys}


def write_lists(work: OpenWorkbook, sheet: Any, lists: tuple[Placed, ...]) -> None:
    """What may be chosen in which columns, and what it means."""
    head = work.format(bold=True, text_wrap=True, bg_color=HEADER_FILL, align="left", font_size=11, **BORDER)
    text = work.format(num_format="@", text_wrap=True, valign="top", align="left", font_size=11, **BORDER)
    put(
        sheet,
        TITLE_ROW,
        1,
        "Danh mục cho các ô chọn. Chương trình không đọc sheet này; không sửa, không xóa.",
        work.format(italic=True, font_color=GREY),
    )
    for column, width in enumerate(WIDTHS):
        checked(sheet.set_column(column, column, width))
    for one in lists:
        _write_row(sheet, one.row, (one.item.title, "Ý nghĩa"), head, True)
        for row, pair in enumerate(one.item.values, start=one.row + 1):
            _write_row(sheet, row, pair, text, False)
    print_on_a4(sheet, 0, landscape=False, left_mm=20, footer_left=LISTS)


def _write_row(sheet: Any, row: int, texts: tuple[str, str], fmt: Any, bold: bool) -> None:
    for column, text in enumerate(texts, start=1):
        put(sheet, row, column, text, fmt)
    tallest = max(lines_of(text, column_points(width), 11, bold) for text, width in zip(texts, WIDTHS, strict=True))
    checked(sheet.set_row(row - 1, tallest * line_points(11) + 4))
