"""The driver's side of the warm parent: start it, hand it jobs, follow each child to its end."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection, wait

from mss_analysis.press.job import Failure, Job, LostError, Outcome

# What a child may take beyond a cell's limit, and around its cells, before it is killed.
GRACE = 5.0
AROUND = 60.0
# The slow import is blocked before anything at all is imported.
START = """
import sys
sys.modules["rfc3987_syntax"] = None
from mss_analysis.press.zygote import main
main()
"""
SETTINGS = {"OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0", "TZ": "UTC"}
# What a child is to live as: the first word that it is sent.
AS_JOB, AS_KERNEL = b"job", b"kernel"
# prctl(2): the signal that a child gets when its parent dies.
PR_SET_PDEATHSIG = 1
Watch = Callable[[str, int], None]


class Child:
    """A process forked by a warm parent: a line to it, and word of its end."""

    def __init__(self, line: Connection, ended: int) -> None:
        """`ended` is a descriptor that the parent writes the exit code to."""
        self.line, self.ended = line, ended
        self.pid = 0

    def buried(self) -> bytes:
        """Wait for its end: the exit code, or nothing where the parent died first."""
        return os.read(self.ended, 16)

    def close(self) -> None:
        """Let go of both."""
        self.line.close()
        os.close(self.ended)


class Parent:
    """A process that is warm and forks a child for each job; jobs may come from many threads."""

    def __init__(self, warm: tuple[str, ...] = (), control: socket.socket | None = None) -> None:
        """Start the process; it is ready when it has imported the modules of `warm`.

        With `control`, the process is there already, and is not this one's to start or stop.
        """
        self._lock = threading.Lock()
        self._children: set[int] = set()
        self.environment = os.environ | SETTINGS
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = control is not None
        if control is not None:
            self._control = control
            return
        self._control, theirs = socket.socketpair()
        self._process = subprocess.Popen(
            [sys.executable, "-c", START, *warm],
            stdin=theirs,
            # What notebooks print is taken down elsewhere, and no report is a log.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self.environment,
            start_new_session=True,
        )
        theirs.close()

    @property
    def alive(self) -> bool:
        """Whether the process is there."""
        return self._process is None or self._process.poll() is None

    def run(self, job: Job, watch: Watch | None = None) -> Outcome:
        """Run a job in a child of its own. Raises LostError when the parent itself is killed."""
        try:
            child = self.fork()
            try:
                return _Follower(job, child, watch, self._children).follow()
            finally:
                child.close()
        except LostError:
            self._mourn()
            raise

    def _mourn(self) -> None:
        """Wait until the process counts as dead, of which its children hear a moment before.

        Otherwise the next job would still be given to it, and be lost too.
        """
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def fork(self) -> Child:
        """Fork a child, which says its number and then waits to be told what to live as.

        Raises LostError when the parent is dead, or dies while it warms up.
        """
        ours, theirs = socket.socketpair()
        ended, told = os.pipe()
        child = Child(Connection(ours.detach()), ended)
        try:
            with self._lock:
                if not self._ready:
                    self._ready = self._control.recv(1) == b"r"
                socket.send_fds(self._control, [b"f"], [theirs.fileno(), told])
        except OSError as error:
            child.close()
            raise LostError from error
        finally:
            theirs.close()
            os.close(told)
        return child

    def close(self) -> None:
        """Stop the process and every child, at once."""
        if self._process is None:
            self._control.close()
            return
        if not self._ready:
            self._process.kill()
        # A closed socket alone would not wake a thread that reads from it.
        with suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        for child in list(self._children):
            kill_group(child)
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._control.close()


class _Follower:
    """Follows one child: hears of its cells, stops it when a cell hangs, says how it ended."""

    def __init__(self, job: Job, child: Child, watch: Watch | None, children: set[int]) -> None:
        self.job, self.child, self.watch = job, child, watch
        self.children = children
        self.cell: int | None = None

    def follow(self) -> Outcome:
        """Send the job and read what comes back until there is an outcome."""
        child = self.child
        try:
            with suppress(OSError):
                child.line.send_bytes(AS_JOB + b" " + self.job.to_bytes())
            while True:
                patience = self.job.timeout + GRACE if self.cell else AROUND
                ready = wait([child.line, child.ended], patience)
                if not ready:
                    kill_group(child.pid)
                    limit = f"the cell ran longer than {self.job.timeout:g} s"
                    return self._failed(limit if self.cell else "it did not come to an end")
                if child.line in ready:
                    outcome = self._hear()
                    if outcome:
                        return outcome
                elif child.buried():
                    return self._failed("the kernel died")
                else:
                    raise LostError
        finally:
            self.children.discard(child.pid)

    def _hear(self) -> Outcome | None:
        """Take one message; at the end of the line, wait for word of the child's end."""
        try:
            word, _, rest = self.child.line.recv_bytes().partition(b" ")
        except (EOFError, OSError):
            if self.child.buried():
                return self._failed("the kernel died")
            raise LostError from None
        if word == b"outcome":
            # Only with its parent's word for its end: a notebook that kills what runs it is
            # not to pass for a good one because it was quick.
            if not self.child.buried():
                raise LostError
            return Outcome.from_bytes(rest)
        if word == b"cell":
            self.cell = int(rest)
            if self.watch:
                self.watch(self.job.slug, self.cell)
        else:
            self.child.pid = int(word)
            self.children.add(self.child.pid)
        return None

    def _failed(self, reason: str) -> Outcome:
        return Outcome(self.job.slug, failures=(Failure(self.job.slug, reason, self.cell),))


def die_with(parent: int) -> None:
    """Let this process end when its parent does, however that ends; Linux can be asked to."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        # It was dead before the system was asked to watch it.
        os._exit(1)


def kill_group(leader: int) -> None:
    """Kill a child with all that it started; nothing happens where there is none."""
    if leader:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)
