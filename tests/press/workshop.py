"""Tiny notebooks and edition lists for the press; they are about nothing in particular."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import nbformat
import yaml

from mss_analysis.press.cache import Cache
from mss_analysis.press.vega import Vega

OBSERVATION = {
    "wording": "more than 40 lamps",
    "value": 40,
    "low": 40,
    "high": None,
    "indicator": "Lamps lit",
    "when": "June 2024",
    "place": "Harbour",
    "party": "",
    "who": "the harbour office",
    "source": "log-one",
    "locator": "p10",
    "note": "A floor, not a count.",
}
DISPUTE = {"id": "lamps-at-odds", "sentence": "Two logs differ by some lamps.", "severity": "high"}
PROVENANCE = {
    "observations": {
        "lamps-a": OBSERVATION,
        "lamps-b": OBSERVATION
        | {
            "wording": "52 lamps",
            "value": 52,
            "low": 52,
            "high": 52,
            "locator": "p3",
            "note": "",
            "disputes": [DISPUTE],
            "superseded": "lamps-a",
            "newer": "more than 40 lamps, June 2024",
        },
        "never-cited": OBSERVATION,
    },
    "sources": {
        "log-one": {
            "title": "Harbour log",
            "publisher": "Harbour office",
            "published": "2024-06",
            "type": "report",
            "url": "",
            "note": "",
        },
        "unused": {"title": "Unused"},
    },
    "edition": {"as_of": "2025-01-31", "corpus": "seed", "language": "en"},
}
LINK = '<a class="figure" href="#obs-lamps-a" data-observations="lamps-a">more than 40 lamps</a>'
DERIVED = (
    '<a class="figure" href="#obs-lamps-a" data-observations="lamps-a lamps-b"'
    ' data-formula="lamps-b − lamps-a">up to 12 lamps</a>'
)
SPEC = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "width": "container",
    "height": 120,
    "data": {
        "values": [
            {
                "n": 40,
                "k": "</script><b>a",
                "observation": "lamps-a",
                "says": "Harbour: more than 40 lamps.",
            }
        ]
    },
    "mark": "bar",
    "encoding": {
        "x": {"field": "n", "type": "quantitative"},
        "y": {"field": "k", "type": "nominal"},
        "tooltip": {"field": "says", "type": "nominal"},
    },
}
# A chart that a reader moves, without a kernel.
SLIDER = SPEC | {
    "params": [
        {
            "name": "oil",
            "value": 2,
            "bind": {"input": "range", "min": 1, "max": 9, "step": 1, "name": "Oil"},
        }
    ],
    "transform": [{"calculate": "datum.n * oil", "as": "n"}],
}
EXHIBIT = {
    "id": "lamps",
    "title": "How many lamps <b>burn</b>?",
    "headline": f"In the harbour {LINK} burn.",
    "subtitle": "Lamps that burn in the harbour, June 2024",
    "answer": f"<p>At least {LINK}.</p>",
    "alt": "Bar chart: more than 40 lamps",
    "spec": SPEC,
    "table": f"<table><tr><th>Harbour</th><td>{LINK}</td></tr></table>",
    "csv": "place,lamps\nHarbour,40\n",
    "note": "",
    "sources": f"Source: Harbour office. n = {LINK}.",
    "observations": ["lamps-a", "lamps-b"],
}
FINDINGS = {
    "findings": [
        {
            "id": "lamps-lit",
            "label": "Lamps lit",
            "value": 40,
            "low": 40,
            "high": None,
            "unit": "lamps",
            "observations": ["lamps-a"],
            "formula": "lamps-a",
            "text": "More than 40 lamps were lit.",
            "html": f"Of the lamps, {LINK} were lit.",
            "headline": True,
        }
    ]
}


def display(bundle: dict) -> str:
    """Source of a cell that displays a MIME bundle."""
    return (
        "import json\nfrom IPython.display import display\n"
        f"display(json.loads({json.dumps(json.dumps(bundle))}), raw=True)"
    )


def code(source: str, *tags: str) -> nbformat.NotebookNode:
    """A code cell."""
    return nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)} if tags else {})


def text(source: str, *tags: str) -> nbformat.NotebookNode:
    """A Markdown cell."""
    return nbformat.v4.new_markdown_cell(source, metadata={"tags": list(tags)} if tags else {})


def good_cells() -> list[nbformat.NotebookNode]:
    """A notebook with every kind of output that the press knows."""
    return [
        text("# Lamps & lights"),
        code('as_of = "latest"  # day\ncorpus = "seed"', "parameters"),
        text("Some words on `method 2`.\n\n## What burns\n\nText.\n\n## What burns\n\n### Closer"),
        text("**Question.** How many?\n\n**Method.** Counting. See [below](#Closer)."),
        code(
            display(
                {
                    "text/html": f"<p>There were {LINK}, or {DERIVED}.</p>",
                    "text/plain": "There were lamps",
                    "application/vnd.mss.provenance+json": PROVENANCE,
                }
            )
        ),
        code(
            display(
                {
                    "text/html": "<p>fallback 999</p>",
                    "text/plain": "fallback",
                    "application/vnd.mss.exhibit+json": EXHIBIT,
                }
            )
        ),
        code(
            display(
                {
                    "text/html": f"<ul><li>Of the lamps, {LINK} were lit.</li></ul>",
                    "application/vnd.mss.findings+json": FINDINGS,
                }
            )
        ),
        code(
            display(
                {
                    "text/html": "",
                    "application/vnd.mss.exhibit+json": EXHIBIT
                    | {"id": "dark", "title": "And before?", "spec": None, "csv": "", "table": ""},
                }
            )
        ),
        code("print('printed <plain>')"),
        code("print('never shown')", "remove"),
        text("## Exercise\n\nCount the lamps."),
        code("lamps = ...", "exercise"),
        code("print('not yet')", "check"),
        code("lamps = sum([1])\nlamps", "solution"),
    ]


def slider_cells() -> list[nbformat.NotebookNode]:
    """A notebook with a chart that a reader moves."""
    exhibit = EXHIBIT | {"id": "oil", "spec": SLIDER}
    bundle = {
        "text/html": "",
        "application/vnd.mss.provenance+json": PROVENANCE,
        "application/vnd.mss.exhibit+json": exhibit,
    }
    return [text("# Oil"), code(display(bundle))]


def write_notebook(path: Path, cells: list[nbformat.NotebookNode]) -> Path:
    """Save cells as a notebook."""
    path.parent.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "P", "language": "python"}
    nbformat.write(notebook, path)
    return path


@cache
def vega() -> Path:
    """The chart library, made once for all tests."""
    folder = Path(tempfile.mkdtemp(prefix="press-tests-"))
    Vega(Cache(folder)).text()
    atexit.register(shutil.rmtree, folder, True)
    (kept,) = folder.glob("assets/*")
    return kept


class Works:
    """A folder with notebooks, data and an edition list."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.site = root / "reports" / "site"
        self.list = root / "reports" / "editions.yml"
        (root / "data").mkdir()
        (root / "data" / "a.csv").write_text("a\n1\n")
        (root / "reports").mkdir()
        self.cache = root / "reports" / ".cache"
        bundle = vega()
        (self.cache / "assets").mkdir(parents=True)
        shutil.copy(bundle, self.cache / "assets")

    def notebook(self, name: str, cells: list[nbformat.NotebookNode] | None = None) -> Path:
        """Write a notebook; by default the good one."""
        return write_notebook(self.root / "notebooks" / f"{name}.ipynb", cells or good_cells())

    def plan(self, *entries: dict, **site: object) -> Path:
        """Write the edition list."""
        words = {"title": "Lamps <site>", "subtitle": "What burns", "citation": {"authors": "A"}}
        content = {"site": words | site, "inputs": ["../data"], "editions": list(entries)}
        self.list.write_text(yaml.safe_dump(content, sort_keys=False))
        return self.list


def edition(name: str, **more: object) -> dict:
    """An entry of an edition list."""
    return {"notebook": f"../notebooks/{name}.ipynb", "title": name.title(), **more}


def processes_with(marker: str) -> list[bytes]:
    """Command lines of processes whose environment holds a marker."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if marker.encode() in path.read_bytes():
                found.append(path.with_name("cmdline").read_bytes().replace(b"\0", b" ")[:200])
        except OSError:
            continue
    return [command for command in found if command]


def until(true: Callable[[], bool], patience: float = 30.0) -> bool:
    """Whether something comes true in time, however busy the machine is."""
    end = time.monotonic() + patience
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


def gone(marker: str) -> bool:
    """Whether every process with a marker ends soon."""
    return until(lambda: not processes_with(marker))
