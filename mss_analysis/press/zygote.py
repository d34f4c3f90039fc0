"""The warm parent: imports once what every notebook imports, and forks a child for each job.

The driver starts it with one end of a socket as its standard input, and passes two descriptors
for each child: a line to it, and a pipe by which its end is told. It serves until the driver
closes the socket or dies. A child lives as one job, or as a full kernel; the child of a job
that needs such a kernel becomes the warm parent of one more process, which runs the job.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import signal
import socket
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

from mss_analysis.press.job import Job
from mss_analysis.press.parent import AS_KERNEL, Parent, die_with, kill_group

BEAT = 0.25
HARMLESS = {"jemalloc_bg_thd"}


def serve(control: socket.socket, modules: list[str]) -> None:
    """Warm up, then fork for every pair of descriptors that comes over `control`."""
    # Ctrl-C reaches every process of the terminal; the driver answers it for all.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _leave_with(os.getppid())
    shell = _warm(modules)
    signal.setitimer(signal.ITIMER_REAL, 0)
    # What a notebook starts would read the driver's messages.
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    gc.collect()
    gc.freeze()
    control.send(b"r")
    _answer(control, shell)


def _answer(control: socket.socket, shell: Any) -> None:
    """Fork for whoever holds the other end of `control`, until it is closed."""
    here = os.getpid()
    woken, waker = os.pipe()
    for end in (woken, waker):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(waker)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    children: dict[int, int] = {}
    with selectors.DefaultSelector() as selector:
        selector.register(control, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fd == woken:
                    with suppress(BlockingIOError):
                        os.read(woken, 4096)
                    _bury(children)
                    continue
                message, descriptors, _, _ = socket.recv_fds(control, 1, 2)
                if not message:
                    for child in children:
                        kill_group(child)
                    return
                line, told = descriptors
                child = os.fork()
                if child == 0:
                    signal.set_wakeup_fd(-1)
                    selector.close()
                    for descriptor in (woken, waker, told, *children.values()):
                        os.close(descriptor)
                    control.close()
                    _live(line, shell, here)
                os.close(line)
                children[child] = told


def _warm(modules: list[str]) -> Any:
    """Import what jobs need, and make a shell."""
    from mss_analysis.press import warmth, work  # noqa: F401 (every job needs it)
    from mss_analysis.press.shell import Shell

    warmth.warm(modules)
    shell = Shell()
    warmth.rehearse(shell.shell)
    if _threads() > 1 and modules:
        # A fork copies one thread only and every lock as it stands: rather start cold.
        signal.setitimer(signal.ITIMER_REAL, 0)
        os.execv(sys.executable, [sys.executable, "-c", sys.orig_argv[2]])
    return shell


def _leave_with(driver: int) -> None:
    """While imports go on, nobody reads the socket: look now and then whether the driver lives."""

    def look(*_: Any) -> None:
        if os.getppid() != driver:
            os._exit(1)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, BEAT, BEAT)


def _threads() -> int:
    """Threads of this process but those that allocators keep, which outlive a fork unharmed."""
    names = []
    for task in Path("/proc/self/task").glob("*/comm"):
        with suppress(OSError):
            names.append(task.read_text().strip())
    return max(1, sum(name not in HARMLESS for name in names))


def _live(descriptor: int, shell: Any, parent: int) -> None:
    """Live as the child: as a job, which ends without cleaning up, or as a kernel."""
    os.setsid()
    die_with(parent)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, _interrupt)
    line = Connection(descriptor)
    try:
        line.send_bytes(b"%d" % os.getpid())
        kind, _, order = line.recv_bytes().partition(b" ")
    except (EOFError, OSError):
        os._exit(0)
    if "numpy" in sys.modules:
        # Every child would draw the same numbers; `random` sees to it by itself.
        sys.modules["numpy"].random.seed()
    if kind == AS_KERNEL:
        from mss_analysis.press import kernel

        line.close()
        kernel.live(json.loads(order), shell.shell)
    else:
        _perform(Job.from_bytes(order), line, shell)


def _perform(job: Job, line: Connection, shell: Any) -> NoReturn:
    if job.needs_kernel:
        _stand_by(line, shell)
    try:
        from mss_analysis.press import charting, engine
        from mss_analysis.press.work import perform

        os.environ.update(job.environment)
        charting.enable()
        engine.READY = shell
        outcome = perform(job, lambda number: line.send_bytes(b"cell %d" % number))
        line.send_bytes(b"outcome " + outcome.to_bytes())
    finally:
        os._exit(0)


def _stand_by(line: Connection, shell: Any) -> None:
    """Fork a process that goes on with the job, and be the warm parent of its kernels."""
    from mss_analysis.press import pool

    here = os.getpid()
    ours, theirs = socket.socketpair()
    if worker := os.fork():
        line.close()
        theirs.close()
        # This process stays as it is: warm, with one thread, and fit to be forked.
        _answer(ours, shell)
        os.waitpid(worker, 0)
        os._exit(0)
    ours.close()
    die_with(here)
    pool.adopt(Parent(control=theirs))


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


def _bury(children: dict[int, int]) -> None:
    """Reap every child that ended, with whatever it left running, and tell the driver how."""
    for child in list(children):
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            kill_group(child)
            told = children.pop(child)
            with suppress(OSError):
                os.write(told, b"%d" % os.waitstatus_to_exitcode(status))
            os.close(told)


def main() -> None:
    """Serve whoever holds the other end of standard input."""
    serve(socket.socket(fileno=os.dup(0)), sys.argv[1:])
