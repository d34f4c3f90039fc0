"""Every question can be asked on any day, with nothing known, one document, or all of them.

`MSS_VINTAGES=all` runs each notebook at every month's end on both corpora; without it, a sample.
"""

import ast
import os
import shutil
import warnings
from pathlib import Path

import nbformat
import pandas as pd
import papermill
import pytest

import mss_analysis as mss
from mss_analysis.gauges import read_gauges
from mss_analysis.overview import list_changes, list_conflicts
from mss_analysis.schema import locate_data
from mss_analysis.trace import collect_findings

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MONTH_ENDS = [f"{day:%Y-%m-%d}" for day in pd.date_range("2023-01-31", "2026-04-30", freq="ME")]
# Each notebook sees both corpora, early and late, and several grades.
SAMPLE = [
    ("2023-01-31", "full", "F"),
    ("2024-06-30", "full", "B"),
    ("2025-02-28", "full", "A"),
    ("2024-06-30", "seed", "F"),
    ("2024-11-30", "seed", "C"),
]
if os.environ.get("MSS_VINTAGES") == "all":
    SAMPLE = [(day, corpus, "F") for day in MONTH_ENDS for corpus in ("full", "seed")]
# The seed document that states most figures.
RICHEST = "004"


@pytest.mark.parametrize("corpus", ["seed", "full"])
@pytest.mark.parametrize(
    "as_of", ["2023-01-01", "2024-07-01", "2024-10-22", "2024-12-01", "latest"]
)
def test_findings_rest_on_what_was_known(as_of, corpus):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        evidence = mss.load(as_of, corpus)
        findings = collect_findings(evidence)
        list_conflicts(evidence)
    assert bool(findings) == (corpus == "full" or as_of != "2023-01-01")
    for finding in findings:
        for name in (*finding.estimate.observations, *finding.text.observations):
            assert evidence.states(name), finding.id


def test_the_overview_at_each_month_end_rests_on_what_was_known():
    """Both corpora, all grades in turn; a vintage that knows no more than the last is skipped."""
    for corpus, grades in (("seed", "F"), ("full", "BADB")):
        seen = set()
        for at, day in enumerate(MONTH_ENDS):
            evidence = mss.load(day, corpus, min_grade=grades[at % len(grades)])
            known = frozenset(evidence.observations["observation_id"])
            if known in seen:
                continue
            seen.add(known)
            for gauge in read_gauges(evidence):
                assert set(gauge.figure.observations) <= known
                assert gauge.row["known"] <= pd.Timestamp(day)
            list_changes(evidence, "2023-01-01")
            list_conflicts(evidence)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.parametrize(("as_of", "corpus", "grade"), SAMPLE, ids=lambda value: str(value))
def test_a_notebook_runs_at_any_vintage(path, as_of, corpus, grade, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    run(path, {"as_of": as_of, "corpus": corpus, "min_grade": grade})


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.parametrize("spoil", ["one document", "only floors", "only ceilings"])
def test_a_notebook_runs_on_poor_evidence(path, spoil, monkeypatch, tmp_path):
    """One document alone; then all of them with one bound of every figure open."""
    data = shutil.copytree(locate_data(), tmp_path / "data")
    observations = pd.read_csv(data / "observations.csv", dtype="str", keep_default_na=False)
    if spoil == "one document":
        observations = observations[observations["source_id"].str.startswith(RICHEST)]
    else:
        stated = observations["value"].where(observations["value"] != "", observations["low"])
        open_to = {"only floors": "at_least", "only ceilings": "up_to"}[spoil]
        # A fall has no ceiling above zero, so it stays as it was stated.
        falls = stated.str.startswith("-")
        spoiled = observations.assign(value=stated, low="", high="", qualifier=open_to)
        observations = observations.where(falls, spoiled)
    observations.to_csv(data / "observations.csv", index=False, lineterminator="\n")
    monkeypatch.setenv("MSS_DATA", str(data))
    monkeypatch.chdir(tmp_path)
    run(path, {"corpus": "full"})


def run(path, parameters):
    """Run a notebook's cells in this process; everything that they show can be shown."""
    space = {"__name__": "notebook"}
    for cell in nbformat.read(path, as_version=4).cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or "solution" in tags:
            continue
        tree = ast.parse(cell.source)
        shown = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, path.name, "exec"), space)
        if "parameters" in tags:
            space |= parameters
        if shown is not None:
            value = eval(compile(ast.Expression(shown.value), path.name, "eval"), space)
            if hasattr(value, "_repr_mimebundle_"):
                assert value._repr_mimebundle_()["text/plain"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_says_so_when_nothing_was_known(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    executed = papermill.execute_notebook(
        path, "out.ipynb", {"as_of": "2023-01-01"}, progress_bar=False
    )
    said = [str(output) for cell in executed.cells for output in cell.get("outputs", [])]
    assert any("known" in text for text in said)
    assert not any('"output_type": "error"' in text for text in said)
