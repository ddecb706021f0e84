"""Turns files that arrive on a pipe into what a job makes of them: the whole life of one worker process.

Started by a ``desk`` as ``python -m``, so that no script of the user's is imported again, whatever the
platform: it imports what its job needs (reading a form, or writing feedback) and nothing else, and is soon ready;
sooner where it is told by name what to import before anybody can tell the job. It may die or hang at any file; nothing
but that file depends on it.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import pickle
import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import IO

READY = b"R"
# Before each file or parcel stands its length.
LENGTH = 8


def main() -> None:
    """Read files until the pipe is closed."""
    # Ctrl-C reaches the whole group of processes; the parent alone decides what becomes of a run.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        # An alarm ends this process, whatever it was started from.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
    # Neither a reading nor a form leaves a cycle behind (a test holds that); nobody needs to look for one.
    gc.disable()
    source = sys.stdin.buffer
    for name in sys.argv[1:]:
        import_module(name)
    # The parent may have no job after all.
    with suppress(EOFError), os.fdopen(os.dup(1), "wb") as target:
        job, seconds, megabytes = pickle.load(source)
        limit_memory(megabytes << 20)
        target.write(READY)
        target.flush()
        # What is printed would garble the answers; what Rust has to say of a panic belongs to nobody.
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        while (data := receive(source)) is not None:
            # Should the parent be killed meanwhile, nobody else would end a reading that hangs.
            end_after(2 * seconds, nothing)
            parcel = job(data)
            end_after(0, nothing)
            send(target, parcel)


def end_after(seconds: float, words: int) -> None:
    """This process is ended so many seconds from now, whatever it does then; 0 takes that back.

    Last words go to the open file ``words``. Where the system has an alarm it needs no thread: one for every file made
    reading a tenth slower.
    """
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)
    elif seconds:
        faulthandler.dump_traceback_later(seconds, exit=True, file=words)
    else:
        faulthandler.cancel_dump_traceback_later()


def send(stream: IO[bytes], content: bytes) -> None:
    """One file or parcel into a pipe."""
    stream.write(len(content).to_bytes(LENGTH, "big"))
    stream.write(content)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """One file or parcel out of a pipe; None where it ends, be it in the middle."""
    length = int.from_bytes(head := stream.read(LENGTH), "big")
    content = stream.read(length)
    return content if len(head) == LENGTH and len(content) == length else None


def limit_memory(size: int) -> None:
    """What this process may claim: beyond it memory fails here, before the machine begins to swap.

    Other systems than Linux and Windows have no limit that works; there the time and the bounds of the strict
    reader must do.
    """
    if sys.platform == "linux":
        import resource

        # Not the address space: that counts files mapped by the C library, 200 MB on some systems.
        soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        limits = [limit for limit in (size, soft, hard) if limit != resource.RLIM_INFINITY]
        resource.setrlimit(resource.RLIMIT_DATA, (min(limits), hard))
    elif sys.platform == "win32":
        from thidua_xlsx.workbooks.reader.windows_job import join_limited_job

        join_limited_job(size)


if __name__ == "__main__":
    main()
