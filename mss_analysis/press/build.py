"""Build a site: plan, execute, render, publish."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from tqdm import tqdm

from mss_analysis.press import gate
from mss_analysis.press.draft import Draft
from mss_analysis.press.execute import TIMEOUT, Failure, execute
from mss_analysis.press.page import Page, read_page
from mss_analysis.press.plan import Edition, read_plan
from mss_analysis.press.site import lay_out, render

# Failures shown of one edition: a night's summary is read on one screen.
SHOWN = 5


class _Bar(tqdm):
    """A progress bar without tqdm's watching thread: processes are forked while it shows."""

    monitor_interval = 0


@dataclass
class BuildResult:
    """What a build did: `editions` were built, `failures` were not."""

    site: Path
    editions: list[Edition] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    published: bool = False
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """0 when every edition was built, else 1."""
        return 1 if self.failures else 0

    def summary(self) -> str:
        """What a person wants to know of the build, on one screen."""
        asked = len(self.editions) + len({failure.edition for failure in self.failures})
        lines = [f"{len(self.editions)} of {asked} reports built in {self.seconds:.1f} s."]
        if self.failures:
            lines.append("Failed:")
            for slug, group in groupby(self.failures, key=lambda failure: failure.edition):
                found = [str(failure) for failure in group]
                lines += [f"  {text}" for text in found[:SHOWN]]
                if len(found) > SHOWN:
                    lines.append(f"  {slug}: and {len(found) - SHOWN} more like these")
        if self.kept:
            lines.append(f"Kept from an earlier build: {', '.join(self.kept)}.")
        if self.published:
            lines.append(f"Site: {self.site / 'index.html'}")
        elif self.site.exists():
            lines.append(f"Nothing could be built; {self.site} stays as it was.")
        else:
            lines.append("Nothing could be built, so no site was written.")
        return "\n".join(lines)


def build(
    editions: Path,
    site: Path,
    only: Iterable[str] = (),
    workers: int | None = None,
    progress: bool | None = None,
    timeout: int = TIMEOUT,
) -> BuildResult:
    """Build the editions of a list into a site.

    `only` names slugs or notebooks; `workers` are processes (default: one a processor);
    `progress` shows a bar (default: on a terminal); `timeout` is for one cell, in seconds.
    Raises PressError when the list has problems, or when `site` is somebody else's folder.
    A failing edition raises nothing: it is in the result's failures.
    """
    started = time.monotonic()
    plan = read_plan(Path(editions))
    selected = plan.select(tuple(only))
    result = BuildResult(Path(site).resolve())
    draft = Draft(result.site)
    fingerprint = plan.fingerprint()

    pages: dict[str, tuple[Page, str]] = {}
    outcomes = dict(_run(selected, workers or os.cpu_count() or 1, _shows(progress), timeout))
    for edition in selected:
        outcome = outcomes[edition.slug]
        if isinstance(outcome, Failure):
            result.failures.append(outcome)
            continue
        page, found = _read(edition, outcome)
        result.failures += found
        if page and not found:
            pages[edition.slug] = (page, nbformat.writes(outcome) + "\n")
    reports, found = render(draft, plan, pages, fingerprint)
    result.failures += found
    result.editions = [edition for edition in selected if edition.slug in reports]

    if reports:
        failed = {failure.edition for failure in result.failures}
        with draft:
            lay_out(draft, plan, reports, failed, fingerprint)
            draft.publish()
        result.kept = sorted(failed & {s for s, r in draft.records.items() if r["state"] == "kept"})
        result.published = True
    result.seconds = time.monotonic() - started
    return result


def _run(
    editions: list[Edition], workers: int, progress: bool, timeout: int
) -> Iterator[tuple[str, NotebookNode | Failure]]:
    """Execute editions in a pool of processes; yields each slug once, in order of completion."""
    waiting = {edition.slug: edition for edition in editions}
    with _Bar(total=len(waiting), desc="Reports", unit="report", disable=not progress) as bar:
        # One process killed from outside (memory) breaks the whole pool. What it broke is
        # run once more, each edition in a pool of its own, so that only the culprit fails.
        for batch in ([*waiting.values()], None):
            batches = [batch] if batch else [[edition] for edition in waiting.values()]
            for group in batches:
                for slug, outcome in _run_pool(group, min(workers, len(group)), timeout):
                    del waiting[slug]
                    bar.update()
                    yield slug, outcome
    for slug in waiting:
        yield slug, Failure(slug, "the process that ran it was killed")


def _run_pool(
    editions: list[Edition], workers: int, timeout: int
) -> Iterator[tuple[str, NotebookNode | Failure]]:
    """Execute editions together; editions lost with their process are not yielded."""
    # Ctrl-C reaches every process of the terminal; this one answers it for all.
    deaf = (signal.SIGINT, signal.SIG_IGN)
    with ProcessPoolExecutor(workers, initializer=signal.signal, initargs=deaf) as pool:
        try:
            futures = {pool.submit(execute, edition, timeout): edition for edition in editions}
        except BrokenProcessPool:
            return
        try:
            for future in as_completed(futures):
                try:
                    yield futures[future].slug, future.result()
                except BrokenProcessPool:
                    continue
        except (KeyboardInterrupt, GeneratorExit):
            # Without this the pool would run every waiting edition before it lets go.
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.terminate()
            raise


def _read(edition: Edition, notebook: NotebookNode) -> tuple[Page | None, list[Failure]]:
    """The edition's page, and what stands against publishing it."""
    try:
        found = [Failure(edition.slug, p.sentence, p.cell) for p in gate.inspect(notebook)]
        return read_page(notebook), found
    except ValueError as error:
        return None, [Failure(edition.slug, str(error))]
    except Exception as error:
        # A bundle of the wrong shape must cost this edition, and not the night's build.
        text = f"an output cannot be read ({type(error).__name__}: {error})"
        return None, [Failure(edition.slug, text)]


def _shows(progress: bool | None) -> bool:
    return sys.stderr.isatty() if progress is None else progress
