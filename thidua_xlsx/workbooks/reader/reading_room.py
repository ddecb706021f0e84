"""Turns the bytes of returned files into books or refusals, each read where it can do no harm.

A file that kills its reader, hangs it or eats the memory costs that file a verdict, and nothing else: files are
read by worker processes, each at a ``desk``. Not ``ProcessPoolExecutor``, where one abort takes the files of all
others with it; not ``multiprocessing``, whose workers begin by importing the user's own script again. One thread per
worker waits at its pipe, which works the same on every system.
"""

from __future__ import annotations

import pickle
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import cache, partial
from queue import LifoQueue
from typing import TypeVar

from thidua_xlsx.model.cells import Book, Refusal
from thidua_xlsx.workbooks.reader.desk import USUAL, Desk, Limits, Worker, begun, watched
from thidua_xlsx.workbooks.reader.early import MOST_WORKERS, EarlyWorkers, fitting_workers
from thidua_xlsx.workbooks.reader.parcel import Unpacking, pack
from thidua_xlsx.workbooks.reader.second_reading import read_twice

# How many files go to somebody's executor at a time, and bytes of files that wait here and there for their parcels.
CHUNK = 50
AHEAD, FAR_AHEAD = 8 << 20, 64 << 20
HANDING_ON = 0.0005

# Who reads, if not processes that begin when the first file comes.
Readers = Executor | EarlyWorkers
Reading = Book | Refusal
Reader = Callable[[bytes], Reading]
# What a worker does with a file: its parcel, of whatever kind. Workers import it by its name.
Job = Callable[[bytes], bytes]
T = TypeVar("T")


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
    executor: Readers | None = None,
    limits: Limits = USUAL,
) -> Generator[tuple[T, bytes | Refusal | None], None, None]:
    """What the job makes of each file, in their order; whatever came with it comes back, and None for no file.

    Files are taken only as fast as they are read. Whoever has a cluster passes its executor: each chunk is then read
    elsewhere. There too every file is read by a process of its own kind under its own limit; only bytes travel.
    """
    if executor is None or isinstance(executor, EarlyWorkers):
        with _room(job, workers, limits, executor.begin if executor else begun) as read:
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
    with watched([desk]):
        try:
            return [desk.read(data) for data in files]
        finally:
            desk.close()
            desk.clear()


def order_of(job: Job, limits: Limits) -> bytes:
    """What a process is told when it starts."""
    return pickle.dumps((job, limits.seconds, limits.megabytes))


@contextmanager
def _room(
    job: Job, workers: int | None, limits: Limits, begin: Callable[[], Worker]
) -> Iterator[Callable[[list[bytes]], Future[Answers]]]:
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
            desks.append(Desk(order(), limits, begin=begin))
            free.put(desks[-1])
        return pool.submit(at_a_desk, *data)

    with watched(desks), _eager_threads():
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
def _eager_threads() -> Iterator[None]:
    """A thread that only hands on a file waits less for one that computes, so that its worker idles less."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(HANDING_ON)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)
