"""Run one job's notebook by papermill, and keep what is the same every time."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import papermill  # before our engine: papermill loads it by its entry point
from nbformat import NotebookNode
from papermill.engines import papermill_engines
from traitlets.config import Config

from mss_analysis.press.engine import ForkEngine
from mss_analysis.press.job import Failure, Job

KERNEL = "press-python"
KERNEL_COMMAND = (sys.executable, "-m", "ipykernel_launcher", "--log-level=50")
# Charts leave the kernel as plain data, as they leave our own shell.
CHARTS = "--ext=mss_analysis.press.charting"
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
# Told of each cell that starts: its number as a person counts.
Watch = Callable[[int], None]


class _StoppedError(Exception):
    """A notebook stopped at `cell`, for the reason that the message gives."""

    def __init__(self, reason: str, cell: int | None, line: str = "") -> None:
        super().__init__(reason)
        self.cell = cell
        self.line = line


class _PressEngine(ForkEngine):
    """Our engine, which also says at which cell a notebook was lost, and how long each took."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, *args: Any, watch: Watch, seconds: list[tuple[int, float]], **kwargs: Any
    ) -> None:
        cells = nb_man.nb.cells
        _watch_cells(nb_man, watch, seconds)
        try:
            super().execute_managed_notebook(nb_man, *args, **kwargs)
        except Exception as error:
            started = [i for i, c in enumerate(cells) if c.metadata.papermill.start_time]
            cell = _own_number(cells, started[-1]) if started else None
            reasons = {
                "CellTimeoutError": too_long(kwargs["execution_timeout"]),
                "DeadKernelError": "the kernel died",
            }
            raise _StoppedError(reasons.get(type(error).__name__, _name(error)), cell) from error
        for index, cell in enumerate(cells):
            for output in cell.get("outputs", []):
                if output.output_type == "error":
                    reason = f"{output.ename}: {_first_line(output.evalue)}".removesuffix(": ")
                    line = _failing_line(output.traceback, cell.source)
                    raise _StoppedError(reason, _own_number(cells, index), line)


def too_long(timeout: float) -> str:
    """The reason for stopping a cell that ran over its time limit."""
    return f"the cell ran longer than {timeout:g} s"


def execute(
    job: Job, in_process: bool, watch: Watch, seconds: list[tuple[int, float]]
) -> NotebookNode | Failure:
    """Run the job's notebook in a shell or kernel that starts in the job's folder.

    Returns the executed notebook, cleaned of everything that differs between two equal runs,
    or a Failure; never raises for what a notebook does. `in_process` says that this process
    may be spent on it; `seconds` is filled with the time of each cell.
    """
    logging.getLogger("papermill").setLevel(logging.ERROR)
    papermill_engines.register("press", _PressEngine)
    try:
        notebook = nbformat.reads(job.source, as_version=4)
    except Exception as error:
        return Failure(job.slug, f"{job.name} is not a notebook: {_name(error)}")

    # The notebook's own kernel is whatever its author had; here it is this interpreter.
    notebook.metadata["kernelspec"] = {
        "name": KERNEL,
        "display_name": "Python 3",
        "language": "python",
    }
    in_process = in_process and not job.needs_kernel
    try:
        with _own_kernel(not in_process) as options:
            notebook = papermill.execute_notebook(
                notebook,
                None,
                parameters=job.parameters,
                engine_name="press",
                cwd=job.folder,
                progress_bar=False,
                request_save_on_cell_execute=False,
                execution_timeout=job.timeout,
                in_process=in_process,
                watch=watch,
                seconds=seconds,
                **options,
            )
    except _StoppedError as error:
        return Failure(job.slug, str(error), error.cell, error.line)
    except Exception as error:
        return Failure(job.slug, _name(error))
    return clean(notebook)


def _watch_cells(nb_man: Any, watch: Watch, seconds: list[tuple[int, float]]) -> None:
    """Hear of each cell that papermill's manager hears of."""
    start, complete, began = nb_man.cell_start, nb_man.cell_complete, time.monotonic()

    def cell_start(cell: NotebookNode, cell_index: int, **kwargs: Any) -> None:
        nonlocal began
        began = time.monotonic()
        watch(_own_number(nb_man.nb.cells, cell_index))
        start(cell, cell_index, **kwargs)

    def cell_complete(cell: NotebookNode, cell_index: int, **kwargs: Any) -> None:
        complete(cell, cell_index=cell_index, **kwargs)
        if cell.cell_type == "code":
            number = _own_number(nb_man.nb.cells, cell_index)
            seconds.append((number, round(time.monotonic() - began, 4)))

    nb_man.cell_start, nb_man.cell_complete = cell_start, cell_complete


def clean(notebook: NotebookNode) -> NotebookNode:
    """Keep what was computed; drop clocks, random ids, machine details and warnings."""
    notebook.metadata = NotebookNode(
        kernelspec={"name": "python3", "display_name": "Python 3", "language": "python"},
        language_info={"name": "python"},
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for index, cell in enumerate(notebook.cells):
        cell.id = f"cell-{index:03d}"
        tags = cell.metadata.get("tags", [])
        cell.metadata = NotebookNode(tags=list(tags)) if tags else NotebookNode()
        if cell.cell_type == "code":
            cell.outputs = _clean_outputs(cell.outputs)
    return notebook


def _clean_outputs(outputs: list[NotebookNode]) -> list[NotebookNode]:
    kept: list[NotebookNode] = []
    for output in outputs:
        if output.output_type == "stream":
            # Warnings hold paths of this machine; text arrives in pieces cut by timing.
            if output.name == "stderr":
                continue
            if kept and kept[-1].output_type == "stream":
                kept[-1].text += output.text
                continue
        elif "data" in output:
            output.metadata = NotebookNode()
            if "text/plain" in output.data:
                output.data["text/plain"] = ADDRESS.sub("0x…", output.data["text/plain"])
        kept.append(output)
    return kept


@contextmanager
def _own_kernel(needed: bool) -> Iterator[dict[str, Config]]:
    """Describe, for a while, a kernel that runs this very interpreter.

    A `python3` kernel in a reader's home folder may point at another environment; one
    found first on JUPYTER_PATH cannot be shadowed. In a child of the warm parent it is forked.
    """
    if not needed:
        yield {}
        return
    spec = {
        # What a kernel logs is no part of a report; a failing cell speaks for itself.
        "argv": [*KERNEL_COMMAND, CHARTS, "-f", "{connection_file}"],
        "display_name": "Python 3",
        "language": "python",
        # Sets print in hash order; a fixed seed makes two builds equal.
        "env": {"PYTHONHASHSEED": "0", "TZ": "UTC"},
        "metadata": {"kernel_provisioner": {"provisioner_name": "mss-warm"}},
    }
    names = ("JUPYTER_PATH", "JUPYTER_RUNTIME_DIR")
    before = {name: os.environ.get(name) for name in names}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "kernels", KERNEL)
        place.mkdir(parents=True)
        place.joinpath("kernel.json").write_text(json.dumps(spec), encoding="utf-8")
        paths = filter(None, [folder, before["JUPYTER_PATH"]])
        os.environ["JUPYTER_PATH"] = os.pathsep.join(paths)
        os.environ["JUPYTER_RUNTIME_DIR"] = folder
        # Sockets in a folder of their own cannot be claimed by two kernels that start at
        # once, nor read by other users. Elsewhere their paths may be too long.
        sockets = {"transport": "ipc", "ip": str(Path(folder, "ipc"))}
        try:
            yield {"config": Config({"KernelManager": sockets} if sys.platform == "linux" else {})}
        finally:
            for name, value in before.items():
                os.environ.pop(name)
                if value is not None:
                    os.environ[name] = value


def _own_number(cells: list[NotebookNode], index: int) -> int:
    """The number a person counts in the notebook itself, where no cell was injected."""
    before = [c for c in cells[:index] if "injected-parameters" in c.metadata.get("tags", [])]
    return index + 1 - len(before)


def _failing_line(traceback: list[str], source: str) -> str:
    """The line of the cell at which the error left it, from IPython's arrow."""
    lines = source.splitlines()
    for frame in traceback:
        text = ANSI.sub("", frame)
        if text.startswith(("Cell In", "Input In")):
            arrow = re.search(r"^-+> (\d+)", text, re.MULTILINE)
            if arrow and int(arrow[1]) <= len(lines):
                return lines[int(arrow[1]) - 1].strip()
    return ""


def _first_line(text: str) -> str:
    return next((line.strip() for line in ANSI.sub("", text).splitlines() if line.strip()), "")


def _name(error: Exception) -> str:
    return f"{type(error).__name__}: {_first_line(str(error))}".removesuffix(": ")
