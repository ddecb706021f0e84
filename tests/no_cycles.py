"""Whether work leaves values behind that hold each other: processes that do it over and over never look for any."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence


def leaves_no_cycle(job: Callable[[bytes], bytes], told: Sequence[bytes]) -> None:
    """Does all of it twice, the second time with nothing left to be made once and kept."""
    made = list(map(job, told))
    gc.collect()
    gc.disable()
    try:
        assert list(map(job, told)) == made
        assert gc.collect() == 0
    finally:
        gc.enable()
