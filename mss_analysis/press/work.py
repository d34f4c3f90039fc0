"""What a child does with a job: run it, judge it, gather its page, and hand over bytes."""

from __future__ import annotations

import json
import time
from typing import Any

from nbformat import NotebookNode

from mss_analysis.press import gate
from mss_analysis.press.execute import Watch, execute
from mss_analysis.press.job import Failure, Job, Outcome
from mss_analysis.press.page import read_page


def perform(job: Job, watch: Watch, in_process: bool = True) -> Outcome:
    """Run a job to its end, in this process unless its notebook needs a kernel."""
    began = time.monotonic()
    cells: list[tuple[int, float]] = []
    executed = execute(job, in_process, watch, cells)
    if isinstance(executed, Failure):
        result, failures = b"", [executed]
    else:
        result, failures = _gather(job.slug, executed)
    took = round(time.monotonic() - began, 4)
    return Outcome(job.slug, result, tuple(failures), took, tuple(cells))


def _gather(slug: str, notebook: NotebookNode) -> tuple[bytes, list[Failure]]:
    """The result, or what stands against publishing it."""
    try:
        failures = [Failure(slug, p.sentence, p.cell) for p in gate.inspect(notebook)]
        page = read_page(notebook)
    except ValueError as error:
        return b"", [Failure(slug, str(error))]
    except Exception as error:
        # A bundle of the wrong shape must cost this edition, and not the night's build.
        text = f"an output cannot be read ({type(error).__name__}: {error})"
        return b"", [Failure(slug, text)]
    if failures:
        return b"", failures
    return _compact(notebook, sort_keys=True) + b"\n" + _compact(page, default=vars), []


def _compact(value: Any, **options: Any) -> bytes:
    """JSON without indents: Python writes it many times as fast."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), **options).encode()
