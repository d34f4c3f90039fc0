"""Where jobs run: one function and two executors, which a cluster's may take the place of."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import (
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    as_completed,
)
from concurrent.futures.process import BrokenProcessPool
from typing import Self

from mss_analysis.press.job import Failure, Job, LostError, Outcome
from mss_analysis.press.parent import Parent, Watch

LOST = "the process that ran it was killed"
# By what they imported: the digest of the library that they imported it from, and they.
_parents: dict[tuple[str, ...], tuple[str, Parent]] = {}
_adopted: list[Parent] = []
_lock = threading.Lock()


def run(job: Job, watch: Watch | None = None) -> Outcome:
    """Run a job on this machine; the warm parent is started with the first one.

    This is what every executor runs. Raises LostError when the process that ran it was killed
    from outside; the job may then be run again.
    """
    if not hasattr(os, "fork"):
        from mss_analysis.press.work import perform

        os.environ.update(job.environment)
        return perform(job, lambda number: None, in_process=False)
    return parent(job.warm, job.code).run(job, watch)


def parent(warm: tuple[str, ...], code: str = "") -> Parent:
    """The warm parent of this process that has imported `warm`; started when first asked for.

    A worker of a cluster outlives changes of the library: one that imported other `code` ends.
    """
    with _lock:
        if _adopted:
            return _adopted[-1]
        held, found = _parents.get(warm, ("", None))
        if found is not None and held != code:
            found.close()
        if found is None or held != code or not found.alive:
            found = Parent(warm)
            _parents[warm] = code, found
        return found


def adopt(parent: Parent) -> None:
    """Let this process, itself a warm parent's child, ask that one for kernels."""
    _adopted.append(parent)


def close() -> None:
    """Stop the warm parents with every job that still runs."""
    with _lock:
        for _, parent in _parents.values():
            parent.close()
        _parents.clear()


class Pool:
    """Runs jobs side by side on an executor: threads here, or a cluster's.

    Use it as a context manager: leaving it, in whatever way, stops all that still runs.
    """

    def __init__(self, executor: Executor | None = None, workers: int = 1) -> None:
        """`executor` is used as it is; by default, one of this machine."""
        self._executor = executor or _local(workers)
        # Only threads of this process can tell of cells; elsewhere a job is told of when it ends.
        self._tells = isinstance(self._executor, ThreadPoolExecutor)
        self._running: dict[Future[Outcome], Job] = {}

    def __enter__(self) -> Self:
        """Nothing is started before the first job."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop what still runs, without waiting for it."""
        for future in self._running:
            future.cancel()
        self._executor.shutdown(wait=False)
        close()

    def run_all(self, jobs: list[Job], watch: Watch | None = None) -> Iterator[Outcome]:
        """Start jobs, at once; the iterator yields each outcome, as they end.

        What was lost with its process is run once more, each job by itself, so that only the
        culprit fails.
        """
        self._submit(jobs, watch)
        return self._follow(watch)

    def _follow(self, watch: Watch | None) -> Iterator[Outcome]:
        lost: list[Job] = []
        yield from self._collect(lost)
        for job in lost:
            again: list[Job] = []
            self._submit([job], watch)
            yield from self._collect(again)
            for culprit in again:
                yield Outcome(culprit.slug, failures=(Failure(culprit.slug, LOST),))

    def _submit(self, jobs: list[Job], watch: Watch | None) -> None:
        extra = (watch,) if self._tells and watch else ()
        self._running |= {self._executor.submit(run, job, *extra): job for job in jobs}

    def _collect(self, lost: list[Job]) -> Iterator[Outcome]:
        for future in as_completed(self._running):
            # Forgotten once it is handed on: a thousand results need not be held.
            job = self._running.pop(future)
            try:
                yield future.result()
            except (LostError, BrokenProcessPool):
                lost.append(job)
            except Exception as error:
                # A cluster gives up a job in ways of its own: it costs that report alone.
                words = str(error).partition("\n")[0]
                reason = f"it could not be run ({type(error).__name__}: {words})"
                yield Outcome(job.slug, failures=(Failure(job.slug, reason),))


def _local(workers: int) -> Executor:
    """Threads that wait for forked children; processes where nothing can be forked."""
    forks = hasattr(os, "fork")
    return ThreadPoolExecutor(workers) if forks else ProcessPoolExecutor(workers)
