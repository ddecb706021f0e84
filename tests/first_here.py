"""Where many cases would each take seconds: some in every run of the suite, the others with the long tests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def first_here(cases: Iterable[Any], here: int = 2) -> list[Any]:
    """The cases for ``parametrize``: so many of the first as they are, those behind them marked as slow."""
    found = list(cases)
    rest = (case if isinstance(case, tuple) else (case,) for case in found[here:])
    return found[:here] + [pytest.param(*case, marks=pytest.mark.slow) for case in rest]
