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
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from math import inf
from pathlib import Path
from queue import LifoQueue
from threading import Event, Lock, Thread
from time import monotonic
from typing import IO, NamedTuple, TypeVar

from thidua_xlsx.model.cells import Book, Refusal
from thidua_xlsx.workbooks.reader.parcel import Unpacking, pack
from thidua_xlsx.workbooks.reader.reading_desk import READY, receive, send
from thidua_xlsx.workbooks.reader.second_reading import read_twice

DESK = "thidua_xlsx.workbooks.reader.reading_desk"
MOST_WORKERS = 4
# For fewer files a further process costs more than it saves.
FILES_PER_WORKER = 20
# How many files go to somebody's executor at a time, and bytes of files that wait here and there for their parcels.
CHUNK = 50
AHEAD, FAR_AHEAD = 8 << 20, 64 << 20
START_SECONDS = 60.0
START_ATTEMPTS = 2
# How often the clock is looked at, and how long a process may take to end.
TICK, END_SECONDS = 0.05, 1.0
CRASH, TIMEOUT = "F-READ-CRASH", "F-READ-TIMEOUT"
HANDING_ON = 0.0005
NO_WINDOW = 0x08000000 if sys.platform == "win32" else 0

Reading = Book | Refusal
Reader = Callable[[bytes], Reading]
# What a worker does with a file: its parcel, of whatever kind. Workers import it by its name.
Job = Callable[[bytes], bytes]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: seconds by the wall clock, and megabytes of the process that reads it."""

    seconds: float = 5.0
    megabytes: int = 300


USUAL = Limits()


def processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def fitting_workers(files: int) -> int:
    """How many processes so many files are worth, on this machine."""
    return min(processors(), MOST_WORKERS, 1 + files // FILES_PER_WORKER)


def read_all(
    files: Iterable[bytes], workers: int | None = None, *, reader: Reader = read_twice, limits: Limits = USUAL
) -> Generator[Reading, None, None]:
    """The reading of every file, in the order of the files, whichever is done first; to be closed, if left early.

    ``reader`` reads one file; workers import it by its name, so that it must be a function of some module.
    """
    unpacking = Unpacking()
    job = partial(read_and_pack, reader)
    with closing(parcels(((None, data) for data in files), job, workers, limits=limits)) as answers:
        for _, answer in answers:
            assert answer is not None
            yield answer if isinstance(answer, Refusal) else unpacking.unpack(answer)


def read_and_pack(reader: Reader, data: bytes) -> bytes:
    return pack(reader(data))


def parcels(
    files: Iterable[tuple[T, bytes | None]],
    job: Job,
    workers: int | None = None,
    *,
    executor: Executor | None = None,
    limits: Limits = USUAL,
) -> Generator[tuple[T, bytes | Refusal | None], None, None]:
    """What the job makes of each file, in their order; whatever came with it comes back, and None for no file.

    Files are taken only as fast as they are read. Whoever has a cluster passes its executor: each chunk is then read
    elsewhere. There too every file is read by a process of its own kind under its own limit; only bytes travel.
    """
    if executor is None:
        with _room(job, workers, limits) as read:
            yield from _in_order(files, 1, read, AHEAD)
    else:
        order = order_of(job, limits)
        yield from _in_order(files, CHUNK, lambda chunk: executor.submit(read_chunk, chunk, order, limits), FAR_AHEAD)


Answers = list[bytes | Refusal]


def _in_order(
    files: Iterable[tuple[T, bytes | None]], size: int, submit: Callable[[list[bytes]], Future[Answers]], ahead: int
) -> Generator[tuple[T, bytes | Refusal | None], None, None]:
    """The same by chunks of so many files, of which so many bytes are on their way."""
    line: deque[tuple[list[tuple[T, bool]], Future[Answers] | None, int]] = deque()
    waiting = 0
    try:
        for chunk in _chunks(files, size):
            data = [content for _, content in chunk if content is not None]
            weight = sum(map(len, data))
            waiting += weight
            line.append(
                ([(tag, content is not None) for tag, content in chunk], submit(data) if data else None, weight)
            )
            del chunk, data
            while line and (waiting > ahead or line[0][1] is None):
                tags, future, weight = line.popleft()
                waiting -= weight
                yield from _answered(tags, future)
        while line:
            yield from _answered(*line.popleft()[:2])
    finally:
        for _, future, _ in line:
            if future:
                future.cancel()


def _chunks(files: Iterable[tuple[T, bytes | None]], size: int) -> Iterator[list[tuple[T, bytes | None]]]:
    chunk: list[tuple[T, bytes | None]] = []
    count = 0
    for item in files:
        chunk.append(item)
        count += item[1] is not None
        if count >= size or not count:
            yield chunk
            chunk, count = [], 0
    if chunk:
        yield chunk


def _answered(tags: list[tuple[T, bool]], future: Future[Answers] | None) -> Iterator[tuple[T, bytes | Refusal | None]]:
    answers = iter(future.result() if future else ())
    for tag, asked in tags:
        yield tag, next(answers) if asked else None


def read_chunk(files: Sequence[bytes], order: bytes, limits: Limits = USUAL) -> Answers:
    """What an executor runs: some files, one after the other."""
    desk = Desk(order, limits)
    with _watched([desk]):
        try:
            return [desk.read(data) for data in files]
        finally:
            desk.close()
            desk.clear()


def order_of(job: Job, limits: Limits) -> bytes:
    """What a process is told when it starts."""
    return pickle.dumps((job, limits.seconds, limits.megabytes))


@contextmanager
def _room(job: Job, workers: int | None, limits: Limits) -> Iterator[Callable[[list[bytes]], Future[Answers]]]:
    """Reads one file at each desk at a time. There are as many desks as the files that have come are worth."""
    order = cache(lambda: order_of(job, limits))  # a run that knows every file already starts no process
    desks: list[Desk] = []
    # Whoever is free last is asked first: a desk that has no process yet may do without one.
    free: LifoQueue[Desk] = LifoQueue()
    most = workers or MOST_WORKERS
    pool = ThreadPoolExecutor(most, "thidua-desk")
    come = 0

    def at_a_desk(data: bytes) -> Answers:
        desk = free.get()
        try:
            return [desk.read(data)]
        finally:
            free.put(desk)

    def read(data: list[bytes]) -> Future[Answers]:
        nonlocal come
        come += 1
        while len(desks) < (workers or fitting_workers(come)):
            desks.append(Desk(order(), limits))
            free.put(desks[-1])
        return pool.submit(at_a_desk, *data)

    with _watched(desks), _eager_threads():
        try:
            yield read
        finally:
            # Whoever stops listening early must not wait for files that nobody wants any more.
            pool.shutdown(wait=False, cancel_futures=True)
            for desk in desks:
                desk.close()
            # Nor may a thread wait for a desk that was not put there because of the interrupt.
            for _ in range(most):
                free.put(Desk(b"", limits, closed=True))
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


@contextmanager
def _eager_threads() -> Iterator[None]:
    """A thread that only hands on a file waits less for one that computes, so that its worker idles less."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(HANDING_ON)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


class _Worker(NamedTuple):
    """A process that reads, and the two pipes to it."""

    process: subprocess.Popen[bytes]
    files: IO[bytes]
    parcels: IO[bytes]


class Desk:
    """One place in the room: at most one process at a time, and a fresh one after each that failed."""

    def __init__(self, order: bytes, limits: Limits, closed: bool = False) -> None:
        self._order = order
        self._seconds = limits.seconds
        self._worker: _Worker | None = None
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
