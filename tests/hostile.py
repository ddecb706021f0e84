"""Turns one good workbook into hostile and odd files, each with the verdict that the strict reader owes it.

No binary is kept: every case is a function of the good workbook and a zip writer that lies (``crafting``). A case
that is refused here must stay refused; one that is accepted says what must be found in it.
"""

from __future__ import annotations

from crafting import Case
from hostile_cells import CELLS
from hostile_files import FILES
from hostile_parts import PARTS

CASES: tuple[Case, ...] = (*FILES, *PARTS, *CELLS)
