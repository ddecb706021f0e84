"""Turns the number of files that will be read into processes that begin before the first of them can be read.

A process needs its time to start and to import; so does whoever must load a plan before there is anything to read.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from types import TracebackType

from thidua_xlsx.workbooks.reader.desk import Worker, begun, ended

MOST_WORKERS = 4
# For fewer files a further process costs more than it saves.
FILES_PER_WORKER = 20


def processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def fitting_workers(files: int) -> int:
    """How many processes so many files are worth, on this machine."""
    return min(processors(), MOST_WORKERS, 1 + files // FILES_PER_WORKER)


class EarlyWorkers:
    """Processes that begin now, for the desks of a room that opens later; who is not needed ends with this."""

    def __init__(self, files: int, *modules: str) -> None:
        """For so many files, none for none; ``modules`` are what reading them will need."""
        self._waiting: list[Worker] = []
        with suppress(OSError):  # where no process can be started, that shows when one is needed
            for _ in range(fitting_workers(files) if files else 0):
                self._waiting.append(begun(*modules))

    def begin(self) -> Worker:
        """One that has begun already, or a new one."""
        try:
            return self._waiting.pop()
        except IndexError:
            return begun()

    def __enter__(self) -> EarlyWorkers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._waiting:
            worker.process.kill()
            ended(worker)
