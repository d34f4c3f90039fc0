"""Notebooks: a changed figure fails until it is stored on purpose; cells stay thin."""

import ast
import re
from pathlib import Path

import nbformat
import pytest
from jupyter_client.provisioning import KernelProvisionerFactory
from nbclient import NotebookClient

from mss_analysis.press import pool
from mss_analysis.press.gate import numerals_in_markdown

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TOPICS = {"casualties", "deployment", "funding", "risks"}
EVERY = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path):
    return nbformat.read(path, as_version=4)


def cells_tagged(notebook, tag):
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", [])]


def test_the_six_notebooks_are_there():
    assert {path.stem for path in NOTEBOOKS} == TOPICS | {"overview", "sources"}


@pytest.fixture(scope="module")
def warm_kernels():
    """Kernels forked from one process that has imported pandas and Altair: half the time."""
    factory = KernelProvisionerFactory.instance()
    usual = factory.default_provisioner_name
    factory.default_provisioner_name = "mss-warm"
    yield
    factory.default_provisioner_name = usual
    pool.close()


@EVERY
@pytest.mark.usefixtures("warm_kernels")
def test_results_are_the_stored_ones(path, nb_regression):
    stored = ROOT / "tests" / "stored" / path.name
    sources = [cell.source for cell in read(path).cells]
    assert [cell.source for cell in read(stored).cells] == sources, "run `make stored`"
    nb_regression.check(str(stored))


@EVERY
def test_is_kept_as_the_commit_hook_leaves_it(path):
    assert nbformat.writes(read(path)) + "\n" == path.read_text(encoding="utf-8")


@EVERY
def test_is_kept_without_outputs(path):
    for cell in read(path).cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@EVERY
def test_cells_are_short_and_define_nothing(path):
    for cell in read(path).cells:
        if cell.cell_type != "code":
            continue
        assert len(cell.source.splitlines()) <= 12
        nodes = list(ast.walk(ast.parse(cell.source)))
        assert not any(
            isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda) for node in nodes
        )
        if "parameters" not in cell.metadata.get("tags", []):
            numbers = [
                node.value
                for node in nodes
                if isinstance(node, ast.Constant) and type(node.value) in (int, float)
            ]
            assert not numbers, f"typed-in figures {numbers} in: {cell.source}"


@EVERY
def test_markdown_holds_no_figures(path):
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            assert numerals_in_markdown(cell.source) == []


@EVERY
def test_parameters_are_explained(path):
    (cell,) = cells_tagged(read(path), "parameters")
    lines = cell.source.splitlines()
    assert [line.split(" = ")[0] for line in lines[:3]] == ["as_of", "corpus", "language"]
    assert all("  # " in line for line in lines), "papermill --help-notebook shows the comments"


@EVERY
def test_opens_with_a_question_and_closes_with_limits(path):
    markdown = [cell.source for cell in read(path).cells if cell.cell_type == "markdown"]
    assert markdown[0].startswith("# ")
    assert "?" in markdown[0]
    assert any(text.startswith("## What this evidence cannot say") for text in markdown)


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_ends_with_three_exercises_that_check_themselves(topic):
    notebook = read(ROOT / "notebooks" / f"{topic}.ipynb")
    for tag in ("exercise", "check", "solution"):
        assert len(cells_tagged(notebook, tag)) == 3, tag
    stored = read(ROOT / "tests" / "stored" / f"{topic}.ipynb")
    for cell in cells_tagged(stored, "check"):
        assert "No answer yet" in str(cell.outputs)


@EVERY
def test_works_cited_stand_at_the_end_and_in_the_bibliography(path):
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    cited = set(re.findall(r"\(#ref-([a-z_]+)\)", text))
    listed = re.findall(r'<cite class="ref" id="ref-([a-z_]+)">', text)
    assert cited == set(listed)
    assert len(listed) == len(set(listed))
    bibliography = (ROOT / "docs" / "references.bib").read_text(encoding="utf-8")
    assert set(listed) <= set(re.findall(r"^@\w+\{([a-z_]+),$", bibliography, re.M))


def test_the_start_notebook_shows_what_the_library_offers(monkeypatch):
    # As a Jupyter server starts kernels.
    monkeypatch.setenv("JPY_SESSION_NAME", "notebooks/lab/start.ipynb")
    notebook = read(ROOT / "notebooks" / "lab" / "start.ipynb")
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    shown = [
        output["data"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "data" in output
    ]
    html = " ".join(data.get("text/html", "") for data in shown)
    # Documents with links, a figure that leads to its rows, a conflict with its kind.
    assert re.search(r'<td><a href="https?://', html)
    assert 'class="figure"' in html
    assert re.search(r"<strong>(contradiction|tension), \w+:</strong>", html)
    assert any("application/vnd.mss.exhibit+json" in data for data in shown)
    # Charts are pictures, which need no network.
    assert "<svg" in html
    assert any("image/svg+xml" in data for data in shown)
    assert not re.search(r"<script|#obs-", html)
