"""A papermill engine that runs cells in a forked copy of its process, with no kernel to start.

By hand: `papermill --engine mss_fork in.ipynb out.ipynb`.
"""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe
from typing import Any

from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode, from_dict
from papermill.engines import Engine, NBClientEngine

from mss_analysis.press.job import wants_full_kernel
from mss_analysis.press.parent import die_with

# What a child may take beyond a cell's time limit before it is killed.
GRACE = 5.0


class ForkEngine(Engine):
    """Cells in a forked child, or right here when `in_process` says the process is one."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        execution_timeout: float | None = None,
        in_process: bool = False,
        **kwargs: Any,
    ) -> None:
        """Execute the notebook that `nb_man` holds; see papermill's `Engine`."""
        if wants_full_kernel(nb_man.nb) or not hasattr(os, "fork"):
            NBClientEngine.execute_managed_notebook(
                nb_man, kernel_name, execution_timeout=execution_timeout, **kwargs
            )
        elif in_process:
            run_here(nb_man, execution_timeout)
        else:
            _run_forked(nb_man, execution_timeout)


def run_here(nb_man: Any, timeout: float | None) -> None:
    """Run the cells in this process, which is of no other use afterwards."""
    from mss_analysis.press.shell import Shell

    shell = READY or Shell()
    shell.enter(nb_man.nb, timeout)
    for index, cell in enumerate(nb_man.nb.cells):
        nb_man.cell_start(cell, index)
        try:
            shell.run(cell, index)
        except CellExecutionError as error:
            nb_man.cell_exception(cell, cell_index=index, exception=error)
            break
        finally:
            nb_man.cell_complete(cell, cell_index=index)
    language = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"}
    nb_man.nb.metadata.setdefault("language_info", language)


# A shell that was made before this process was forked, ready to be entered.
READY: Any = None


class _Teller:
    """Stands in for papermill's manager in a child, and tells the parent of each cell."""

    def __init__(self, notebook: NotebookNode, line: Connection) -> None:
        self.nb, self._line = notebook, line

    def cell_start(self, cell: NotebookNode, index: int) -> None:
        self._line.send(("start", index, None))

    def cell_exception(self, cell: NotebookNode, cell_index: int, exception: Exception) -> None:
        self._line.send(("exception", cell_index, None))

    def cell_complete(self, cell: NotebookNode, cell_index: int) -> None:
        code = cell.cell_type == "code"
        told = (cell.get("execution_count"), cell.outputs) if code else None
        self._line.send(("complete", cell_index, told))


def _run_forked(nb_man: Any, timeout: float | None) -> None:
    """Fork, follow the child cell by cell, and take over its outputs."""
    ours, theirs = Pipe(duplex=False)
    here = os.getpid()
    child = os.fork()
    if child == 0:
        die_with(here)
        _be_child(nb_man.nb, ours, theirs, timeout)
    theirs.close()
    cells, index = nb_man.nb.cells, 0
    try:
        while True:
            if not ours.poll(timeout + GRACE if timeout else None):
                raise CellTimeoutError.error_from_timeout_and_cell(
                    "Cell execution timed out", int(timeout or 0), cells[index]
                )
            try:
                kind, index, told = ours.recv()
            except EOFError:
                raise DeadKernelError("Kernel died") from None
            if kind == "end":
                break
            if kind == "raised":
                raise told
            if kind == "start":
                nb_man.cell_start(cells[index], index)
            elif kind == "exception":
                nb_man.cell_exception(cells[index], cell_index=index)
            else:
                if told:
                    cells[index].execution_count, cells[index].outputs = told
                nb_man.cell_complete(cells[index], cell_index=index)
        for cell, outputs in zip(cells, told, strict=True):
            if outputs is not None:
                # A later cell may have updated the display of an earlier one.
                cell.outputs = from_dict(outputs)
        language = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"}
        nb_man.nb.metadata.setdefault("language_info", language)
    finally:
        ours.close()
        _end(child)


def _be_child(
    notebook: NotebookNode, ours: Connection, theirs: Connection, timeout: float | None
) -> None:
    """Live as the child: run the cells, tell how it went, and end without cleaning up."""
    try:
        os.setpgid(0, 0)
        ours.close()
        run_here(_Teller(notebook, theirs), timeout)
        theirs.send(("end", 0, [cell.get("outputs") for cell in notebook.cells]))
    except BaseException as error:
        theirs.send(("raised", 0, error if isinstance(error, Exception) else None))
    finally:
        os._exit(0)


def _end(child: int) -> None:
    """Kill a child with all that it started, and bury it."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
