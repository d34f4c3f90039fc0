"""Run one edition's notebook by papermill, in a kernel of its own."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from papermill import execute_notebook, inspect_notebook
from papermill.engines import NBClientEngine, papermill_engines
from traitlets.config import Config

from mss_analysis.press.plan import Edition

KERNEL = "press-python"
KERNEL_COMMAND = (sys.executable, "-m", "ipykernel_launcher", "--log-level=50")
TIMEOUT = 120
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")


@dataclass(frozen=True)
class Failure:
    """Why an edition was not built; `cell` counts all cells of the notebook from one."""

    edition: str
    error: str
    cell: int | None = None
    line: str = ""

    def __str__(self) -> str:
        """The failure in one line."""
        where = f", cell {self.cell}" if self.cell else ""
        line = f" (at: {self.line})" if self.line else ""
        return f"{self.edition}{where}: {self.error}{line}"


class _StoppedError(Exception):
    """A notebook stopped at `cell`, for the reason that the message gives."""

    def __init__(self, reason: str, cell: int | None, line: str = "") -> None:
        super().__init__(reason)
        self.cell = cell
        self.line = line


class _PressEngine(NBClientEngine):
    """Papermill's engine, which also says at which cell a notebook was lost."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, *args: Any, **kwargs: Any) -> None:
        cells = nb_man.nb.cells
        try:
            super().execute_managed_notebook(nb_man, *args, **kwargs)
        except Exception as error:
            started = [i for i, c in enumerate(cells) if c.metadata.papermill.start_time]
            cell = _own_number(cells, started[-1]) if started else None
            reasons = {
                "CellTimeoutError": f"the cell ran longer than {kwargs['execution_timeout']} s",
                "DeadKernelError": "the kernel died",
            }
            raise _StoppedError(reasons.get(type(error).__name__, _name(error)), cell) from error
        for index, cell in enumerate(cells):
            for output in cell.get("outputs", []):
                if output.output_type == "error":
                    reason = f"{output.ename}: {_first_line(output.evalue)}".removesuffix(": ")
                    line = _failing_line(output.traceback, cell.source)
                    raise _StoppedError(reason, _own_number(cells, index), line)


def execute(edition: Edition, timeout: int = TIMEOUT) -> NotebookNode | Failure:
    """Run the edition in a fresh kernel that starts in the notebook's folder.

    Returns the executed notebook, cleaned of everything that differs between two equal
    runs, or a Failure; never raises for what a notebook does. `timeout` is for one cell,
    in seconds.
    """
    logging.getLogger("papermill").setLevel(logging.ERROR)
    papermill_engines.register("press", _PressEngine)
    try:
        notebook = nbformat.read(edition.notebook, as_version=4)
    except OSError as error:
        text = f"{edition.notebook.name} cannot be read: {error.strerror}"
        return Failure(edition.slug, text)
    except Exception as error:
        text = f"{edition.notebook.name} is not a notebook: {_name(error)}"
        return Failure(edition.slug, text)

    # The notebook's own kernel is whatever its author had; here it is this interpreter.
    notebook.metadata["kernelspec"] = {
        "name": KERNEL,
        "display_name": "Python 3",
        "language": "python",
    }
    try:
        known = inspect_notebook(notebook)
        unknown = [name for name in edition.parameters if name not in known]
        if unknown:
            text = f"{edition.notebook.name} has no parameter {', '.join(unknown)}"
            return Failure(edition.slug, text)
        with _own_kernel() as config:
            notebook = execute_notebook(
                notebook,
                None,
                parameters=edition.parameters,
                engine_name="press",
                cwd=str(edition.notebook.parent),
                progress_bar=False,
                request_save_on_cell_execute=False,
                execution_timeout=timeout,
                config=config,
            )
    except _StoppedError as error:
        return Failure(edition.slug, str(error), error.cell, error.line)
    except Exception as error:
        return Failure(edition.slug, _name(error))
    return clean(notebook)


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
def _own_kernel() -> Iterator[Config]:
    """Describe, for a while, a kernel that runs this very interpreter.

    A `python3` kernel in a reader's home folder may point at another environment; one
    found first on JUPYTER_PATH cannot be shadowed.
    """
    spec = {
        # What a kernel logs is no part of a report; a failing cell speaks for itself.
        "argv": [*KERNEL_COMMAND, "-f", "{connection_file}"],
        "display_name": "Python 3",
        "language": "python",
        # Sets print in hash order; a fixed seed makes two builds equal.
        "env": {"PYTHONHASHSEED": "0", "TZ": "UTC"},
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
            yield Config({"KernelManager": sockets} if sys.platform == "linux" else {})
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
