"""Turns one good workbook into hostile and odd files, each with the verdict that the strict reader owes it.

No binary is kept: every case is a function of the good workbook and a zip writer that lies (``crafting``). A case
that is refused here must stay refused; one that is accepted says what must be found in it.
"""

from __future__ import annotations

from crafting import ACCEPT, Case
from hostile_cells import CELLS
from hostile_files import FILES
from hostile_parts import PARTS

CASES: tuple[Case, ...] = (*FILES, *PARTS, *CELLS)


def one_of_each_kind() -> list[Case]:
    """One for every way to be refused, and some of the many that are read."""
    refused = {case.expect: case for case in reversed(CASES) if case.expect != ACCEPT}
    read_well = [case for case in CASES if case.expect == ACCEPT][:: len(CASES) // 10]
    return [*refused.values(), *read_well]
