"""Turns the bytes of returned files into books or refusals, each read where it can do no harm.

A file that kills its reader, hangs it or eats the memory costs that file a verdict, and nothing else: files are
read by worker processes (``reading_desk``) under a limit of time and memory, and a worker that fails is replaced.
Not ``ProcessPoolExecutor``, where one abort takes the files of all others with it; not ``multiprocessing``, whose
workers begin by importing the user's own script again. One thread per worker waits at its pipe, which works the
same on every system, and one more watches the clock for all of them.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from math import inf
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Lock, Thread
from time import monotonic
from typing import IO, NamedTuple

from thidua_xlsx.model.cells import Book, Refusal
from thidua_xlsx.workbooks.reader.parcel import Unpacking
from thidua_xlsx.workbooks.reader.reading_desk import READY, receive, send
from thidua_xlsx.workbooks.reader.second_reading import read_twice

DESK = "thidua_xlsx.workbooks.reader.reading_desk"
MOST_WORKERS = 4
# For fewer files a further process costs more than it saves.
FILES_PER_WORKER = 20
# How many files go to somebody's executor at a time.
CHUNK = 50
START_SECONDS = 60.0
START_ATTEMPTS = 2
# How often the clock is looked at, and how long a process may take to end.
TICK, END_SECONDS = 0.05, 1.0
CRASH, TIMEOUT = "F-READ-CRASH", "F-READ-TIMEOUT"
NO_WINDOW = 0x08000000 if sys.platform == "win32" else 0

Reading = Book | Refusal
Reader = Callable[[bytes], Reading]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: seconds by the wall clock, and megabytes of the process that reads it."""

    seconds: float = 5.0
    megabytes: int = 300


USUAL = Limits()


def fitting_workers(files: int) -> int:
    """How many processes so many files are worth, on this machine."""
    if sys.platform == "linux":
        processors = len(os.sched_getaffinity(0))
    else:
        processors = os.cpu_count() or 1
    return min(processors, MOST_WORKERS, 1 + files // FILES_PER_WORKER)


def read_all(
    files: Sequence[bytes], workers: int | None = None, *, reader: Reader = read_twice, limits: Limits = USUAL
) -> Generator[Reading, None, None]:
    """The reading of every file, in the order of the files, whichever is done first; to be closed, if left early.

    ``reader`` reads one file; workers import it by its name, so that it must be a function of some module.
    """
    unpacking = Unpacking()
    with closing(parcels(files, workers, reader=reader, limits=limits)) as answers:
        for answer in answers:
            yield answer if isinstance(answer, Refusal) else unpacking.unpack(answer)


def parcels(
    files: Sequence[bytes],
    workers: int | None = None,
    *,
    executor: Executor | None = None,
    reader: Reader = read_twice,
    limits: Limits = USUAL,
) -> Generator[bytes | Refusal, None, None]:
    """The same, still packed. Whoever has a cluster passes its executor: each chunk is then read elsewhere.

    There too every file is read by a process of its own kind under its own limit; nothing but bytes travels.
    """
    if executor is None:
        yield from _read_here(files, workers, reader, limits)
        return
    chunks = [files[at : at + CHUNK] for at in range(0, len(files), CHUNK)]
    waiting = [executor.submit(read_chunk, chunk, reader, limits) for chunk in chunks]
    try:
        for future in waiting:
            yield from future.result()
    finally:
        for future in waiting:
            future.cancel()


def read_chunk(files: Sequence[bytes], reader: Reader = read_twice, limits: Limits = USUAL) -> list[bytes | Refusal]:
    """What an executor runs: some files, one after the other."""
    return list(_read_here(files, 1, reader, limits))


def _read_here(
    files: Sequence[bytes], workers: int | None, reader: Reader, limits: Limits
) -> Generator[bytes | Refusal, None, None]:
    if not files:
        return
    desks = [Desk(reader, limits) for _ in range(workers or fitting_workers(len(files)))]
    free: SimpleQueue[Desk] = SimpleQueue()
    for desk in desks:
        free.put(desk)

    def read(data: bytes) -> bytes | Refusal:
        desk = free.get()
        try:
            return desk.read(data)
        finally:
            free.put(desk)

    pool = ThreadPoolExecutor(len(desks), "thidua-desk")
    with _watched(desks):
        try:
            yield from pool.map(read, files)
        finally:
            # Whoever stops listening early must not wait for files that nobody wants any more.
            pool.shutdown(wait=False, cancel_futures=True)
            for desk in desks:
                desk.close()
            pool.shutdown()
            for desk in desks:
                desk.clear()


@contextmanager
def _watched(desks: Sequence[Desk]) -> Iterator[None]:
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


class _Worker(NamedTuple):
    """A process that reads, and the two pipes to it."""

    process: subprocess.Popen[bytes]
    files: IO[bytes]
    parcels: IO[bytes]


class Desk:
    """One place in the room: at most one process at a time, and a fresh one after each that failed."""

    def __init__(self, reader: Reader, limits: Limits) -> None:
        self._order = pickle.dumps((reader, limits.seconds, limits.megabytes))
        self._seconds = limits.seconds
        self._worker: _Worker | None = None
        self._lock = Lock()
        self._deadline = inf
        self._late = False
        self._closed = False

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

    def _ask(self, worker: _Worker, data: bytes) -> bytes | Refusal:
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

    def _start(self) -> _Worker:
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

    def _open(self) -> _Worker:
        with self._lock:
            if self._closed:
                raise RuntimeError("the room is closed")
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", DESK],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)},
                creationflags=NO_WINDOW,
            )
            assert process.stdin is not None
            assert process.stdout is not None
            self._worker = _Worker(process, process.stdin, process.stdout)
            self._late = False
            return self._worker

    def _end(self, worker: _Worker) -> int:
        """Its exit code, once it is gone."""
        with suppress(OSError):
            worker.files.close()
        worker.parcels.close()
        try:
            code = worker.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            worker.process.kill()
            code = worker.process.wait()
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
