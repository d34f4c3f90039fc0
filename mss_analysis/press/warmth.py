"""First uses of libraries, made once in the warm parent instead of in each child.

Nothing here leaves a trace that a notebook could see: libraries fill their own tables, and pure
functions of the press remember what they were asked.
"""

from __future__ import annotations

import importlib
import json
from contextlib import suppress
from typing import Any

import nbformat
import papermill.execute
from papermill.inspection import _infer_parameters

from mss_analysis.press import charting, gate, page

NOTEBOOK = ".ipynb"


def warm(names: list[str]) -> None:
    """Import modules and read notebooks, by name; what fails is the notebook's own affair."""
    _skip_idle_writing()
    charting.prepare()
    for name in names:
        with suppress(Exception):
            if name.endswith(NOTEBOOK):
                _read(name)
            else:
                importlib.import_module(name)
    _rehearse()


def rehearse(shell: Any) -> None:
    """Let a shell run a cell that does nothing, and show a value."""
    shell.run_cell("None", store_history=False, silent=True)
    shell.display_formatter.format(None)


def _read(path: str) -> None:
    """Mark up the words and the code that every edition of a notebook shares."""
    with open(path, encoding="utf-8") as file:
        notebook = nbformat.read(file, as_version=4)
    for cell in notebook.cells:
        # Papermill asks each cell for its tags, and gives them to those without.
        cell.metadata.setdefault("tags", [])
        if cell.cell_type == "markdown":
            page.markdown(cell.source)
            gate.numerals_in_markdown(cell.source)
        elif cell.cell_type == "code":
            page.highlight(cell.source)
    _infer_parameters(notebook, name=None, language="python")


def _rehearse() -> None:
    page.highlight("n = 1  # a comment")
    page.markdown("# Title\n\n- *words*")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("n = 1")])
    notebook.cells[0].outputs = [nbformat.v4.new_output("stream", text="n")]
    nbformat.validate(nbformat.reads(json.dumps(notebook), as_version=4))
    with suppress(Exception):
        import pandas

        frame = pandas.DataFrame({"a": [1.5], "b": ["x"], "d": pandas.to_datetime(["2024-01-31"])})
        frame.groupby("b")["a"].sum().reset_index().merge(frame, on="b")
        frame.to_html()
        repr(frame)
        charting.rehearse(frame)


def _skip_idle_writing() -> None:
    """Papermill writes a notebook as indented JSON even where it has nowhere to write it to."""
    write = papermill.execute.write_ipynb

    def write_somewhere(notebook: Any, path: Any) -> None:
        if path is not None:
            write(notebook, path)

    papermill.execute.write_ipynb = write_somewhere
