"""In JupyterLab nothing needs the network, and figures lead to documents."""

import re

import altair as alt
import pytest

import mss_analysis as mss
from mss_analysis import live
from mss_analysis.casualties import tolls
from mss_analysis.charts import draw_intervals
from mss_analysis.contradictions import find_conflicts
from mss_analysis.exhibit import exhibit, flatten
from mss_analysis.prose import compose, say, tabulate


@pytest.fixture
def kernel(monkeypatch):
    """A kernel that somebody works in."""
    monkeypatch.setenv("JPY_SESSION_NAME", "notebooks/lab/start.ipynb")


@pytest.fixture
def outputs():
    evidence = mss.load()
    toll = tolls.whole_year(evidence, 2024)
    rows = [{"Year": "the year", "Killed": toll}]
    chart = draw_intervals(flatten(evidence, rows), "Year", "Killed", "People")
    said = compose("{toll} were killed.", toll=toll)
    return [
        exhibit(evidence, "toll", "How many?", said, rows, chart),
        say(evidence, said),
        tabulate(evidence, rows),
    ]


def test_an_output_needs_neither_page_nor_network(kernel, outputs):
    for output in outputs:
        html = output._repr_mimebundle_()["text/html"]
        assert "#obs-" not in html
        assert re.search(r'<a class="figure" href="https://[^"]+" data-observations="[^"]+" ', html)
        assert not re.search(r"<script|<link|src=", html)
    assert "<svg" in outputs[0]._repr_mimebundle_()["text/html"]


def test_a_document_without_an_address_is_named(kernel, evidence):
    toll = tolls.whole_year(evidence, 2024)
    html = say(evidence, compose("{toll} were killed.", toll=toll))._repr_mimebundle_()["text/html"]
    assert f'title="{evidence.cite(toll.observations[:1])}">' in html
    assert "href" not in html


def test_a_figure_without_its_evidence_names_the_rows(kernel, evidence):
    toll = tolls.whole_year(evidence, 2024)
    assert f'title="{" ".join(toll.observations)}"' in toll._repr_html_()
    for shown in (toll, find_conflicts(evidence)[0]):
        assert "#obs-" not in shown._repr_html_()


def test_a_build_shows_what_a_page_needs(kernel, outputs, monkeypatch):
    before = alt.renderers.active
    alt.renderers.register("mss", lambda spec, **_: {})
    try:
        alt.renderers.enable("mss")
        assert not live.is_live()
        html = outputs[0]._repr_mimebundle_()["text/html"]
    finally:
        alt.renderers.enable(before)
    assert 'href="#obs-' in html
    assert "<svg" not in html


def test_without_a_jupyter_server_nobody_looks_on(outputs, monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    assert not live.is_live()
    assert 'href="#obs-' in outputs[1]._repr_mimebundle_()["text/html"]
