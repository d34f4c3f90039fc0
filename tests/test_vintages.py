"""Every question can be asked on any day, with nothing known, one document, or all of them."""

import warnings
from pathlib import Path

import papermill
import pytest

import mss_analysis as mss
from mss_analysis.overview import list_conflicts
from mss_analysis.trace import collect_findings

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


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
    assert bool(findings) == (as_of != "2023-01-01")
    for finding in findings:
        for name in (*finding.estimate.observations, *finding.text.observations):
            assert evidence.states(name), finding.id


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_says_so_when_nothing_was_known(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    executed = papermill.execute_notebook(
        path, "out.ipynb", {"as_of": "2023-01-01"}, progress_bar=False
    )
    said = [str(output) for cell in executed.cells for output in cell.get("outputs", [])]
    assert any("known" in text for text in said)
    assert not any('"output_type": "error"' in text for text in said)
