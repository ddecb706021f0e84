"""Turns one file after another into what a process of its own makes of it, or into what became of that process.

The process (``reading_desk``) works under a limit of time and memory; one that fails is replaced. One thread watches
the clock for all desks of a room.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import inf
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic
from typing import IO, NamedTuple

from thidua_xlsx.model.cells import Refusal
from thidua_xlsx.workbooks.reader.reading_desk import READY, receive, send

DESK = "thidua_xlsx.workbooks.reader.reading_desk"
START_SECONDS = 60.0
START_ATTEMPTS = 2
# How often the clock is looked at, and how long a process may take to end.
TICK, END_SECONDS = 0.05, 1.0
CRASH, TIMEOUT = "F-READ-CRASH", "F-READ-TIMEOUT"
NO_WINDOW = 0x08000000 if sys.platform == "win32" else 0


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: seconds by the wall clock, and megabytes of the process that reads it."""

    seconds: float = 5.0
    megabytes: int = 300


USUAL = Limits()


class Worker(NamedTuple):
    """A process that reads, and the two pipes to it."""

    process: subprocess.Popen[bytes]
    files: IO[bytes]
    parcels: IO[bytes]


def begun(*modules: str) -> Worker:
    """A process that waits for its job, and until then imports these modules."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", DESK, *modules],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)},
        creationflags=NO_WINDOW,
        # Ctrl-C is the parent's to handle; before a process can say that it does not listen, it must not be asked.
        process_group=0 if sys.platform != "win32" else None,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    return Worker(process, process.stdin, process.stdout)


def ended(worker: Worker) -> int:
    """Its exit code, once it is gone."""
    with suppress(OSError):
        worker.files.close()
    worker.parcels.close()
    try:
        return worker.process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        worker.process.kill()
        return worker.process.wait()


class Desk:
    """One place in the room: at most one process at a time, and a fresh one after each that failed."""

    def __init__(self, order: bytes, limits: Limits, closed: bool = False, begin: Callable[[], Worker] = begun) -> None:
        """``begin`` gives a process that was told nothing yet."""
        self._order = order
        self._begin = begin
        self._seconds = limits.seconds
        self._worker: Worker | None = None
        self._lock = Lock()
        self._deadline = inf
        self._late = False
        self._closed = closed

    def read(self, data: bytes) -> bytes | Refusal:
        """What the process answers, as a parcel; or that it died, or took too long.

        A file is blamed for a death only where the process was fresh: what came before, or the system short of
        memory, may have killed any other.
        """
        if self._worker and self._worker.process.poll() is None:
            answer = self._ask(self._worker, data)
            if not isinstance(answer, Refusal) or answer.code != CRASH:
                return answer
        elif self._worker:
            self._end(self._worker)
        return self._ask(self._start(), data)

    def _ask(self, worker: Worker, data: bytes) -> bytes | Refusal:
        answer = None
        with suppress(OSError), self._timed(self._seconds):
            send(worker.files, data)
            answer = receive(worker.parcels)
        if answer is not None and not self._late:
            return answer
        code = self._end(worker)
        if answer is not None:
            return answer
        return Refusal(TIMEOUT, f"{self._seconds:g} s") if self._late else Refusal(CRASH, f"exit {code}")

    def look_at_clock(self) -> None:
        """Kill a process whose time is up; whoever waits for its answer then sees the pipe end."""
        with self._lock:
            if monotonic() > self._deadline and self._worker:
                self._late = True
                self._worker.process.kill()

    def close(self) -> None:
        """Kill the process, for good; whoever waits for it may stop."""
        with self._lock:
            self._closed = True
            if self._worker:
                self._worker.process.kill()

    def clear(self) -> None:
        """Leave no process and no pipe behind."""
        if self._worker:
            self._end(self._worker)

    def _start(self) -> Worker:
        """A process that has said that it is ready; one that cannot start is no file's fault."""
        for _ in range(START_ATTEMPTS):
            worker = self._open()
            ready = b""
            with suppress(OSError), self._timed(START_SECONDS):
                worker.files.write(self._order)
                worker.files.flush()
                ready = worker.parcels.read(len(READY))
            if ready == READY:
                return worker
            self._end(worker)
        raise RuntimeError("the process that reads files does not start")

    def _open(self) -> Worker:
        with self._lock:
            if self._closed:
                raise RuntimeError("the room is closed")
            self._worker = self._begin()
            self._late = False
            return self._worker

    def _end(self, worker: Worker) -> int:
        """Its exit code, once it is gone."""
        code = ended(worker)
        with self._lock:
            self._worker = None
        return code

    @contextmanager
    def _timed(self, seconds: float) -> Iterator[None]:
        self._deadline = monotonic() + seconds
        try:
            yield
        finally:
            with self._lock:
                self._deadline = inf


@contextmanager
def watched(desks: Sequence[Desk]) -> Iterator[None]:
    """While this lasts, a process that overruns its time is killed."""
    done = Event()

    def watch() -> None:
        while not done.wait(TICK):
            for desk in desks:
                desk.look_at_clock()

    watcher = Thread(target=watch, name="thidua-clock", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
