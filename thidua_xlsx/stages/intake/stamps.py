"""Turns the visible cells of a workbook into the stamps that say which form it is, and marks that prove nothing."""

from __future__ import annotations

from thidua_xlsx.model.cells import Book, Kind
from thidua_xlsx.model.form import STAMP_PATTERN, WITNESS, FormLayout, Stamp
from thidua_xlsx.stages.forms.lay_out import Forms, check_of

STAMP_ROWS = 15


def stamps_in(book: Book) -> tuple[str, ...]:
    """Every different stamp that stands in the top rows of a visible sheet, sorted."""
    found = {
        match.group(0)
        for sheet in book.sheets
        if not sheet.hidden
        for at, cell in sheet.cells.items()
        if at[0] <= STAMP_ROWS and "TDX/" in cell.text and cell.kind is Kind.TEXT
        for match in STAMP_PATTERN.finditer(cell.text)
    }
    return tuple(sorted(found))


def has_witness(book: Book) -> bool:
    """Marks of ours that prove nothing alone: the hidden sheet, document properties, what is left of a stamp."""
    return (
        any(sheet.name.startswith(WITNESS) for sheet in book.sheets)
        or any(STAMP_PATTERN.search(text) for text in book.properties.values())
        or any(
            row <= STAMP_ROWS and cell.kind is Kind.TEXT and cell.text.strip().startswith("TDX/")
            for sheet in book.sheets
            for (row, _), cell in sheet.cells.items()
        )
    )


def own_layout(book: Book, layouts: Forms) -> FormLayout | None:
    """The form that a book proves to be, as issued, by the one stamp in it; None where anything is left to settle."""
    texts = stamps_in(book)
    stamp = parse_stamp(texts[0]) if len(texts) == 1 else None
    layout = layouts.get(stamp.unit) if stamp else None
    return layout if layout and layout.stamp == stamp else None


def parse_stamp(text: str) -> Stamp | None:
    """A stamp whose checksum agrees; None for a damaged one."""
    match = STAMP_PATTERN.fullmatch(text)
    if not match:
        return None
    plan, year, round_, unit, version, check = match.groups()
    if check_of(plan, int(year), round_, unit, version) != check:
        return None
    return Stamp(plan, int(year), round_, unit, version, check)
